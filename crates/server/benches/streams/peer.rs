//! The peer: nginx with the nchan module, one channel, server-sent events. Its configuration is written to a temporary folder; it is started and
//! stopped here.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::process;

/// Where Debian, and nginx built from source, put the module.
const MODULES: [&str; 4] = [
    "/usr/lib/nginx/modules/ngx_nchan_module.so",
    "/usr/lib64/nginx/modules/ngx_nchan_module.so",
    "/usr/local/nginx/modules/ngx_nchan_module.so",
    "/usr/local/lib/nginx/modules/ngx_nchan_module.so",
];
/// The path its subscribers ask for.
pub const SUBSCRIBE: &str = "/live";

/// nginx, running.
pub struct Peer {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The module's file, or what is missing.
pub fn installed() -> Result<&'static str, &'static str> {
    if Command::new("nginx").arg("-v").stderr(Stdio::null()).stdout(Stdio::null()).status().is_err() {
        return Err("nginx is not installed");
    }
    MODULES.into_iter().find(|path| Path::new(path).exists()).ok_or("nginx is there, its nchan module is not")
}

impl Peer {
    /// Starts nginx with so many workers.
    pub fn start(module: &str, workers: usize) -> Self {
        let folder = std::env::temp_dir().join(format!("parcferme-streams-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        // A port that was free a moment ago.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).expect("a port is free");
        std::fs::write(folder.join("nginx.conf"), configuration(module, workers, address)).expect("a file can be written");
        let child = Command::new("nginx")
            .args([Path::new("-e"), Path::new("stderr"), Path::new("-p"), &folder, Path::new("-c"), Path::new("nginx.conf")])
            .stderr(std::fs::File::create(folder.join("error.log")).expect("a file can be written"))
            .spawn()
            .expect("nginx can be started");
        let peer = Self { child, folder, address };
        let since = Instant::now();
        // The master listens before its workers are there.
        while peer.processes().len() <= workers || TcpStream::connect(address).is_err() {
            assert!(since.elapsed() < Duration::from_secs(5), "nginx does not listen: {}", peer.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        peer
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("error.log")).unwrap_or_default()
    }

    /// The processes of it.
    pub fn processes(&self) -> Vec<u32> {
        process::family(self.child.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Workers follow their master's signal; killed, it would leave them behind.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let since = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            assert!(since.elapsed() < Duration::from_secs(30), "nginx does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Everything as the packages have it, but for limits that would be in the way: connections, files, memory, the size of a message in memory.
fn configuration(module: &str, workers: usize, address: SocketAddr) -> String {
    let files = process::open_files();
    // With less than a sixteenth of them free nginx closes connections it could do without: the limit of files is to be met first.
    let connections = files + files / 8;
    // Many workers that share one queue do not share alike, and the first of them is full before the last has anything.
    let reuse = if workers > 2 { " reuseport" } else { "" };
    format!(
        "load_module {module};
daemon off;
worker_processes {workers};
worker_rlimit_nofile {files};
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    tcp_nodelay on;
    nchan_shared_memory_size 256M;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    keepalive_requests 1000000;
    server {{
        listen {address} backlog=4096{reuse};
        location = {SUBSCRIBE} {{ nchan_subscriber eventsource; nchan_channel_id live; }}
        location = /publish {{
            nchan_publisher; nchan_channel_id live; nchan_message_buffer_length 8;
            client_max_body_size 4m; client_body_buffer_size 1m;
        }}
    }}
}}
"
    )
}

/// A connection that publishes. Answers are read beside it, so that a slow one does not put off the next frame.
pub struct Publisher {
    stream: TcpStream,
    address: SocketAddr,
}

impl Publisher {
    /// Connects, and makes the channel.
    pub fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("nginx listens");
        stream.set_nodelay(true).expect("a socket takes it");
        let answers = stream.try_clone().expect("a socket can be shared");
        std::thread::spawn(move || answered(answers));
        Self { stream, address }
    }

    /// Publishes a frame as an event of the name.
    pub fn publish(&mut self, event: &str, data: &str) {
        let (address, length) = (self.address, data.len());
        let head = format!("POST /publish HTTP/1.1\r\nHost: {address}\r\nX-EventSource-Event: {event}\r\nContent-Length: {length}\r\n\r\n");
        let all = [head.as_bytes(), data.as_bytes()].concat();
        self.stream.write_all(&all).expect("nginx takes a message");
    }
}

/// Reads answers until the connection ends; one that is not `Created` or `Accepted` ends the benchmark.
fn answered(stream: TcpStream) {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        for nth in 0.. {
            let mut line = String::new();
            if !matches!(stream.read_line(&mut line), Ok(1..)) {
                return;
            }
            assert!(nth > 0 || line.starts_with("HTTP/1.1 20"), "nginx refuses a message: {line}");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse::<usize>().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let _ = stream.read_exact(&mut vec![0; length]);
    }
}
