//! How a source is: whether its line is up, when it was last heard, how its clock is, what is missing.

use std::sync::{Arc, Mutex};

use sport::date::Instant;
use timing::decoder::Counts;
use timing::drift::Measured;

use super::Spoken;
use crate::columns::{Columns, Lean};

/// The health of every source, in the order they were given.
pub(crate) type Shared = Arc<Vec<Health>>;

/// Of one source.
pub(crate) struct Health {
    source: String,
    what: &'static str,
    address: String,
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    line: Line,
    heard: Option<Instant>,
    counts: Counts,
    clock: Option<Measured>,
    noise: Option<u16>,
    recorded: u64,
    waiting: usize,
    trouble: Option<String>,
    connections: u64,
    /// What was said of it last, where nobody watches a table.
    said: String,
}

#[derive(Clone, PartialEq, Eq, Default)]
enum Line {
    #[default]
    Connecting,
    Up,
    Lost(String),
}

impl Health {
    pub(crate) fn new(spoken: &Spoken) -> Self {
        Self { source: spoken.source.to_string(), what: spoken.what.word(), address: spoken.address.clone(), state: Mutex::default() }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("nobody panics while holding the health of a source"));
    }

    pub(crate) fn up(&self) {
        self.change(|state| {
            state.line = Line::Up;
            state.connections += 1;
        });
    }

    pub(crate) fn lost(&self, why: String) {
        self.change(|state| state.line = Line::Lost(why));
    }

    pub(crate) fn heard(&self, at: Instant, counts: Counts, clock: Option<Measured>) {
        self.change(|state| {
            state.heard = Some(at);
            state.counts = counts;
            state.clock = clock.or(state.clock);
        });
    }

    /// A feed was heard, which counts nothing itself.
    pub(crate) fn fed(&self, at: Instant, more: Counts) {
        self.change(|state| {
            state.heard = Some(at);
            state.counts.passings += more.passings;
            state.counts.flaws += more.flaws;
        });
    }

    pub(crate) fn noise(&self, noise: u16) {
        self.change(|state| state.noise = Some(noise));
    }

    pub(crate) fn recorded(&self, passings: usize, waiting: usize) {
        self.change(|state| {
            state.recorded += passings as u64;
            state.waiting = waiting;
        });
    }

    pub(crate) fn trouble(&self, why: Option<String>) {
        self.change(|state| state.trouble = why);
    }

    /// A line about it, where it is not as it was.
    pub(crate) fn changed(&self) -> Option<String> {
        let mut state = self.state.lock().expect("nobody panics while holding the health of a source");
        let line = match &state.line {
            Line::Connecting => String::from("connecting"),
            Line::Up => format!("connected ({}.)", state.connections),
            Line::Lost(why) => format!("lost: {why}"),
        };
        let trouble = state.trouble.as_ref().map_or_else(String::new, |why| format!("; not recorded: {why}"));
        let said = format!("{} {}://{}: {line}{trouble}", self.source, self.what, self.address);
        let new = said != state.said;
        state.said.clone_from(&said);
        new.then_some(said)
    }
}

/// All of them as a table.
pub(crate) fn table(health: &Shared, now: Instant) -> String {
    let mut columns = Columns::new(&[
        ("Source", Lean::Left),
        ("From", Lean::Left),
        ("Line", Lean::Left),
        ("Heard", Lean::Right),
        ("Passings", Lean::Right),
        ("Recorded", Lean::Right),
        ("Missing", Lean::Left),
        ("Clock", Lean::Right),
        ("Drift", Lean::Right),
        ("Noise", Lean::Right),
        ("Trouble", Lean::Left),
    ]);
    for of in health.iter() {
        let state = of.state.lock().expect("nobody panics while holding the health of a source").clone();
        let line = match &state.line {
            Line::Connecting => String::from("connecting"),
            Line::Up => String::from("up"),
            Line::Lost(why) => format!("lost: {why}"),
        };
        let gaps = state.counts.gaps;
        let missing = if gaps.asked > 0 { format!("{} open of {} asked", gaps.open, gaps.asked) } else { String::new() };
        let waiting =
            if state.waiting > 0 { format!("{} + {} waiting", state.recorded, state.waiting) } else { state.recorded.to_string() };
        let clock = state.clock.map_or_else(String::new, |clock| format!("{} s", signed(clock.offset.0, 1_000, 3)));
        let drift = state.clock.filter(|clock| clock.over.0 >= 60_000_000);
        let drift = drift.map_or_else(String::new, |clock| format!("{} ppm", signed(clock.drift_ppb, 100, 1)));
        columns.row(vec![
            of.source.clone(),
            format!("{}://{}", of.what, of.address),
            line,
            state.heard.map_or_else(|| String::from("never"), |at| format!("{} s ago", (now.0 - at.0).max(0) / 1_000_000)),
            state.counts.passings.to_string(),
            waiting,
            missing,
            clock,
            drift,
            state.noise.map_or_else(String::new, |noise| noise.to_string()),
            state.trouble.unwrap_or_default(),
        ]);
    }
    columns.text()
}

/// A number of `unit`s with so many decimals and its sign: `+0.042`.
fn signed(number: i64, unit: i64, decimals: u32) -> String {
    let scaled = number / unit;
    let one = 10_i64.pow(decimals);
    let sign = if scaled < 0 { "-" } else { "+" };
    let width = decimals as usize;
    format!("{sign}{}.{:0width$}", scaled.abs() / one, scaled.abs() % one)
}
