//! In Multiloop. What this program does not know of a car is an empty field, and a record has all its fields: a reader that counts on them finds them.

use std::collections::BTreeMap;

use sport::date::{Instant, Micros};
use sport::session::SessionKind;

use crate::account::Flag;
use crate::multiloop::field::{Ms, Seconds, Separator};
use crate::multiloop::letter::{Kind, Lane, RunKind, Source, TrackStatus};
use crate::multiloop::record::{self, Header, Record, What};
use crate::scoreboard::{Car, Lap, Scoreboard, TRACK_LENGTH};

/// What a car's status is where nobody tells it. A server has said the same.
const UNKNOWN: &str = "Unknown";
const DAY: i64 = 86_400_000_000;

/// Who speaks Multiloop: what it counts from record to record.
#[derive(Clone, Debug)]
pub(in crate::scoreboard) struct Speaker {
    separator: Separator,
    sequence: u32,
    /// The ids of entries by registration.
    ids: BTreeMap<String, u32>,
    flown: Flown,
}

/// What is counted of a run's flags and leaders.
#[derive(Clone, Default, Debug)]
struct Flown {
    green: i64,
    yellow: i64,
    red: i64,
    yellows: u32,
    lead_changes: u32,
}

impl Speaker {
    pub(in crate::scoreboard) fn new(separator: Separator) -> Self {
        Self { separator, sequence: 0, ids: BTreeMap::new(), flown: Flown::default() }
    }

    /// Everything that is on the board.
    pub(in crate::scoreboard) fn refresh(&mut self, board: &Scoreboard, at: Instant) -> Vec<u8> {
        self.everything(board, at, Kind::Repeated)
    }

    /// What changed. A run that begins, or one that lacks something, empties the board and is told whole.
    pub(super) fn changes(&mut self, before: &Scoreboard, board: &Scoreboard, at: Instant) -> Vec<u8> {
        let another = board.another_run(before) || (board.run.start, board.run.kind) != (before.run.start, before.run.kind);
        if another {
            (self.flown, self.ids) = (Flown::default(), BTreeMap::new());
        }
        if another || board.lacks(before) {
            return self.everything(board, at, Kind::New);
        }
        self.flown.count(before, board);
        let mut out = Vec::new();
        if board.run != before.run {
            self.say(board, Kind::Updated, run(board), &mut out);
        }
        if board.settings != before.settings {
            self.say(board, Kind::Updated, track(board), &mut out);
        }
        let unknown = Car::default();
        let was = |registration: &str| before.cars.get(registration).unwrap_or(&unknown);
        let class = |board: &Scoreboard, car: &Car| car.entry.as_ref().and_then(|of| board.classes.get(&of.class).cloned());
        let ranked = board.ranked();
        for (registration, car) in &ranked {
            let before = (was(registration).entry.as_ref(), class(before, was(registration)));
            if before != (car.entry.as_ref(), class(board, car)) {
                let kind = if before.0.is_some() { Kind::Updated } else { Kind::New };
                self.entry(board, registration, car, kind, &mut out);
            }
        }
        for (registration, car, lap) in board.driven_since(before) {
            let line = if lap.into_pit { "SFPIT" } else { "SF" };
            self.line(board, (registration, car), line, lap.total, lap.into_pit, &mut out);
        }
        for (registration, car) in &board.cars {
            let changed = car.line.as_ref().filter(|line| was(registration).line.as_ref() != Some(line));
            if let Some((line, race)) = changed.and_then(|line| Some((line, line.race?))) {
                self.line(board, (registration, car), &line.line, race, line.kind.ends_with('P'), &mut out);
            }
        }
        for (nth, (registration, car)) in ranked.iter().enumerate() {
            let was = was(registration);
            let lap = |car: &Car| car.laps.last().map(|lap| (lap.number, lap.time, lap.total));
            if (was.position, was.best, was.stops, lap(was)) != (car.position, car.best, car.stops, lap(car)) {
                let kind = if lap(was).map(|lap| lap.0) == lap(car).map(|lap| lap.0) { Kind::Updated } else { Kind::New };
                self.lap(board, &ranked, nth, kind, &mut out);
            }
            let known = |lap: &Lap| was.laps.iter().any(|known| known.number == lap.number && known.invalidated);
            for lap in car.laps.iter().filter(|lap| lap.invalidated && !known(lap)) {
                self.invalidated(board, registration, car, lap, &mut out);
            }
        }
        self.leader(before, board, &mut out);
        if before.flag() != board.flag() {
            self.flags(board, Kind::New, &mut out);
        }
        if before.clock != board.clock {
            self.heartbeat(board, at, &mut out);
        }
        out
    }

    /// A flag that is waved.
    pub(in crate::scoreboard) fn flag(&mut self, board: &Scoreboard, at: Instant, out: &mut Vec<u8>) {
        self.flags(board, Kind::New, out);
        self.heartbeat(board, at, out);
    }

    /// A lap that was completed, of one car among those that are told nothing of.
    pub(in crate::scoreboard) fn lap_of(&mut self, board: &Scoreboard, registration: &str, car: &Car, out: &mut Vec<u8>) {
        self.lap(board, &[(registration, car)], 0, Kind::New, out);
        if let Some(lap) = car.laps.last().filter(|lap| lap.invalidated) {
            self.invalidated(board, registration, car, lap, out);
        }
    }

    fn everything(&mut self, board: &Scoreboard, at: Instant, run_is: Kind) -> Vec<u8> {
        let mut out = Vec::new();
        let version = record::Version { major: Some(1), minor: Some(5), about: Some("Multiloop feed") };
        self.say(board, Kind::Repeated, What::Version(version), &mut out);
        self.say(board, run_is, run(board), &mut out);
        self.say(board, Kind::Repeated, track(board), &mut out);
        let ranked = board.ranked();
        for (registration, car) in &ranked {
            self.entry(board, registration, car, Kind::Repeated, &mut out);
        }
        for nth in 0..ranked.len() {
            self.lap(board, &ranked, nth, Kind::Repeated, &mut out);
        }
        self.flags(board, Kind::Repeated, &mut out);
        self.heartbeat(board, at, &mut out);
        out
    }

    fn say(&mut self, board: &Scoreboard, kind: Kind, what: What<'_>, out: &mut Vec<u8>) {
        self.sequence = self.sequence.wrapping_add(1);
        let preamble = preamble(board);
        let header = Header { kind: Some(kind), sequence: Some(self.sequence), preamble: Some(&preamble) };
        // Behind a last field that is empty a separator stands, or the record would be short of it.
        let open = matches!(&what, What::Lap(record::Lap { led: None, .. }) | What::Run(record::Run { start: None, .. }));
        let more = if open { vec![""] } else { Vec::new() };
        Record { header, what, more }.encode(self.separator, out);
    }

    /// The id of an entry: its registration, where that is written as ids are.
    fn id(&mut self, registration: &str) -> u32 {
        if let Some(id) = self.ids.get(registration) {
            return *id;
        }
        let written =
            u32::from_str_radix(registration, 16).ok().filter(|id| crate::scoreboard::from_multiloop::registration(*id) == registration);
        let free = |id: &u32| !self.ids.values().any(|known| known == id);
        let id = written.filter(free).or_else(|| (1..u32::MAX).find(free)).unwrap_or(u32::MAX);
        self.ids.insert(registration.to_owned(), id);
        id
    }

    fn entry(&mut self, board: &Scoreboard, registration: &str, car: &Car, kind: Kind, out: &mut Vec<u8>) {
        let Some(of) = &car.entry else { return };
        let id = self.id(registration);
        let driver = [of.first.as_str(), of.last.as_str()].join(" ");
        let class = board.classes.get(&of.class).map_or("", String::as_str);
        let fields = vec![class, of.more.as_deref().unwrap_or_default()];
        let (number, driver) = (Some(of.number.as_str()), Some(driver.trim()));
        let entry = record::Entry { number, id: Some(id), driver, start: None, count: None, fields, competitor: Some(id) };
        self.say(board, kind, What::Entry(entry), out);
    }

    /// Where a car is, with its last lap. Its elapsed time is that at the end of this lap, as driven: what stewards added shows in its place.
    fn lap(&mut self, board: &Scoreboard, ranked: &[(&str, &Car)], nth: usize, kind: Kind, out: &mut Vec<u8>) {
        let (registration, car) = ranked[nth];
        let Some(position) = car.position else { return };
        let (id, last) = (self.id(registration), car.laps.last());
        let (ahead, class) = (&ranked[..nth], class_of(car));
        let (behind_leader, laps_behind_leader) = ahead.first().map_or((None, None), |(_, leader)| behind(leader, car));
        let (behind_next, laps_behind_next) = ahead.last().map_or((None, None), |(_, next)| behind(next, car));
        let best = ranked.iter().filter_map(|(_, car)| car.best?.time).min();
        let lap = record::Lap {
            rank: u32::try_from(ahead.iter().filter(|(_, car)| class_of(car) == class).count() + 1).ok(),
            number: Some(number(registration, car)),
            id: Some(id),
            laps: position.laps.and_then(|laps| u32::try_from(laps).ok()),
            elapsed: elapsed(car).map(ms),
            last: last.map(|lap| ms(lap.time)),
            lane: last.map(|lap| lane(lap.into_pit)),
            best: car.best.and_then(|best| best.time).map(ms),
            best_lap: car.best.and_then(|best| best.lap),
            behind_leader: behind_leader.map(ms),
            laps_behind_leader,
            behind_next: behind_next.map(ms),
            laps_behind_next,
            overall_rank: Some(position.place),
            overall_best: best.map(ms),
            status: Some(UNKNOWN),
            track: Some(track_status(board.flag())),
            stops: car.stops,
            last_stop: car.laps.iter().rev().find(|lap| lap.into_pit).map(|lap| lap.number),
            start: None,
            led: None,
        };
        self.say(board, kind, What::Lap(lap), out);
    }

    fn line(&mut self, board: &Scoreboard, car: (&str, &Car), line: &str, at: Micros, in_pit: bool, out: &mut Vec<u8>) {
        let (registration, car) = car;
        let crossing = record::Crossing {
            number: Some(number(registration, car)),
            id: Some(self.id(registration)),
            line: Some(line),
            source: Some(Source::Antenna),
            elapsed: Some(ms(at)),
            track: Some(track_status(board.flag())),
            lane: Some(lane(in_pit)),
        };
        self.say(board, Kind::New, What::Crossing(crossing), out);
    }

    fn invalidated(&mut self, board: &Scoreboard, registration: &str, car: &Car, lap: &Lap, out: &mut Vec<u8>) {
        let (number, id, elapsed) = (Some(number(registration, car)), Some(self.id(registration)), Some(ms(lap.total)));
        self.say(board, Kind::New, What::Invalidated(record::Invalidated { number, id, elapsed }), out);
    }

    fn leader(&mut self, before: &Scoreboard, board: &Scoreboard, out: &mut Vec<u8>) {
        let Some((registration, car)) = leader(board).filter(|(leads, _)| leader(before).map(|(led, _)| led) != Some(leads)) else {
            return;
        };
        let leader = record::Leader {
            number: Some(number(registration, car)),
            id: Some(self.id(registration)),
            lap: Some(laps(car)),
            elapsed: elapsed(car).map(ms),
            nth: Some(self.flown.lead_changes),
        };
        self.say(board, Kind::New, What::Leader(leader), out);
    }

    fn flags(&mut self, board: &Scoreboard, kind: Kind, out: &mut Vec<u8>) {
        let leads = leader(board);
        let Flown { green, yellow, red, yellows, lead_changes } = self.flown;
        let flags = record::Flags {
            track: Some(track_status(board.flag())),
            lap: Some(leads.map_or(0, |(_, car)| laps(car))),
            green: Some(ms(Micros(green))),
            green_laps: None,
            yellow: Some(ms(Micros(yellow))),
            yellow_laps: None,
            red: Some(ms(Micros(red))),
            yellows: Some(yellows),
            leader: Some(leads.map_or("", |(registration, car)| number(registration, car))),
            lead_changes: Some(lead_changes),
            average: Some(""),
        };
        self.say(board, kind, What::Flags(flags), out);
    }

    fn heartbeat(&mut self, board: &Scoreboard, at: Instant, out: &mut Vec<u8>) {
        let Some(clock) = board.clock else { return };
        let day = at.0.div_euclid(DAY) * DAY;
        let heartbeat = record::Heartbeat {
            track: Some(track_status(clock.flag)),
            now: Some(seconds(Instant(day.saturating_add(clock.of_day.0)))),
            elapsed: Some(ms(clock.race)),
            laps_to_go: clock.laps_to_go.and_then(|laps| i32::try_from(laps).ok()),
            to_go: Some(ms(clock.to_go)),
        };
        self.say(board, Kind::New, What::Heartbeat(heartbeat), out);
    }
}

impl Flown {
    /// What the race clock went on by was under the flag it went on under.
    fn count(&mut self, before: &Scoreboard, board: &Scoreboard) {
        if let (Some(was), Some(is)) = (before.clock, board.clock) {
            let by = is.race.0.saturating_sub(was.race.0).max(0);
            match was.flag {
                Some(Flag::Green | Flag::White) => self.green = self.green.saturating_add(by),
                Some(Flag::Yellow | Flag::FullCourseYellow | Flag::SafetyCar) => self.yellow = self.yellow.saturating_add(by),
                Some(Flag::Red) => self.red = self.red.saturating_add(by),
                Some(Flag::Chequered) | None => {}
            }
            let yellow = |flag: Option<Flag>| track_status(flag) == TrackStatus::Yellow;
            self.yellows += u32::from(yellow(is.flag) && !yellow(was.flag));
        }
        let led = leader(before).map(|(registration, _)| registration);
        let leads = leader(board).map(|(registration, _)| registration);
        self.lead_changes += u32::from(led != leads && led.is_some());
    }
}

fn run(board: &Scoreboard) -> What<'_> {
    What::Run(record::Run {
        event: Some(&board.run.event),
        short: Some(""),
        name: Some(&board.run.name),
        kind: board.run.kind.map(|kind| match kind {
            SessionKind::Practice | SessionKind::WarmUp => RunKind::Practice,
            SessionKind::Qualifying => RunKind::Qualifying,
            SessionKind::QualifyingRace | SessionKind::Race => RunKind::Race,
        }),
        start: board.run.start.map(seconds),
    })
}

fn track(board: &Scoreboard) -> What<'_> {
    let miles = board.settings.get(TRACK_LENGTH).map_or("", String::as_str);
    What::Track(record::Track {
        name: Some(board.track().unwrap_or_default()),
        venue: Some(""),
        miles: Some(miles),
        count: Some(0),
        sections: Vec::new(),
    })
}

/// `Q1` of the first qualifying.
fn preamble(board: &Scoreboard) -> String {
    let letter = match board.run.kind {
        Some(SessionKind::Practice | SessionKind::WarmUp) => 'P',
        Some(SessionKind::Qualifying) => 'Q',
        Some(SessionKind::QualifyingRace | SessionKind::Race) | None => 'R',
    };
    board.run.number.map_or_else(|| letter.to_string(), |number| format!("{letter}{number}"))
}

fn leader(board: &Scoreboard) -> Option<(&str, &Car)> {
    let first = board.cars.iter().find(|(_, car)| car.position.is_some_and(|position| position.place == 1))?;
    Some((first.0, first.1))
}

fn number<'a>(registration: &'a str, car: &'a Car) -> &'a str {
    car.entry.as_ref().map_or(registration, |entry| &entry.number)
}

fn class_of(car: &Car) -> Option<i32> {
    car.entry.as_ref().map(|entry| entry.class)
}

fn laps(car: &Car) -> u32 {
    car.position.and_then(|position| u32::try_from(position.laps?).ok()).unwrap_or(0)
}

/// At the end of its last lap, as driven; as it is ranked where its laps are not known.
fn elapsed(car: &Car) -> Option<Micros> {
    car.laps.last().map(|lap| lap.total).or(car.position?.total)
}

/// How far a car is behind another: in time where both have as many laps, else in laps.
fn behind(ahead: &Car, car: &Car) -> (Option<Micros>, Option<u32>) {
    let by = laps(ahead).checked_sub(laps(car));
    let time = elapsed(car).zip(elapsed(ahead)).map(|(car, ahead)| Micros(car.0.saturating_sub(ahead.0)));
    (time.filter(|_| by == Some(0)), by)
}

fn lane(in_pit: bool) -> Lane<'static> {
    if in_pit { Lane::Pit } else { Lane::Track }
}

/// As it is sent: a feed has no word for a time before the start, or for one of more than seven weeks.
fn ms(time: Micros) -> Ms {
    Ms(u32::try_from(time.0.max(0) / 1_000).unwrap_or(u32::MAX))
}

fn seconds(at: Instant) -> Seconds {
    Seconds(u32::try_from(at.0.max(0) / 1_000_000).unwrap_or(u32::MAX))
}

fn track_status(flag: Option<Flag>) -> TrackStatus<'static> {
    match flag {
        None => TrackStatus::Unflagged,
        Some(Flag::Green) => TrackStatus::Green,
        Some(Flag::Yellow | Flag::FullCourseYellow | Flag::SafetyCar) => TrackStatus::Yellow,
        Some(Flag::Red) => TrackStatus::Red,
        Some(Flag::White) => TrackStatus::White,
        Some(Flag::Chequered) => TrackStatus::Chequered,
    }
}
