//! What the system says of a process: memory, processor time, limits. Linux only; elsewhere nothing is told and nothing measured.

use std::fs;
use std::time::Duration;

/// Ticks of `/proc/PID/stat` in a second: the same on every Linux since it tells programs about it.
const TICKS: f64 = 100.0;

/// The proportional set size of some processes together, in bytes: what they share is counted once.
pub fn memory(processes: &[u32]) -> u64 {
    let of = |process: &u32| {
        let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    processes.iter().filter_map(of).sum::<u64>() * 1_024
}

/// The same, once it does not change any more: what a server does when it starts is not what streams cost.
pub fn memory_at_rest(processes: &[u32]) -> u64 {
    let mut before = memory(processes);
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(300));
        let now = memory(processes);
        if now == before {
            break;
        }
        before = now;
    }
    before
}

/// Processor time of some processes together, in seconds, what the kernel did for them included.
pub fn processor(processes: &[u32]) -> f64 {
    let of = |process: &u32| {
        let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // The name is in parentheses and may hold anything: fields count from the last of them.
        let (_, fields) = text.rsplit_once(')')?;
        let mut times = fields.split_whitespace().skip(11).map_while(|field| field.parse::<f64>().ok());
        Some(times.next()? + times.next()?)
    };
    processes.iter().filter_map(of).sum::<f64>() / TICKS
}

/// A process and its children.
pub fn family(process: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    std::iter::once(process).chain(children.split_whitespace().filter_map(|child| child.parse().ok())).collect()
}

/// How many files a process may have open. A server of one process has no more streams than this.
pub fn open_files() -> usize {
    let text = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(1_024)
}

/// How many streams a process may have: its own files need few.
pub fn streams() -> usize {
    open_files() - 100
}

/// The load of the last minute and what the machine is, for the head of the table.
pub fn machine() -> String {
    let field = |path: &str, name: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory = field("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1_000_000;
    let (kernel, load) = (kernel.trim().to_owned(), load.split(' ').next().unwrap_or("?").to_owned());
    format!("{cores} cores of {}, {memory} GB, Linux {kernel}, load before the run {load}", field("/proc/cpuinfo", "model name"))
}
