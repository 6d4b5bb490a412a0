//! The laps of an account as passings, of the finish line and, where it tells sectors and stops, of the lines between: with the signals and drivers that belong to them. Then a session that others timed is classified, charted and
//! analysed as one that was timed here.

use std::collections::BTreeMap;

use sport::accept::Request;
use sport::date::{Instant, Micros};
use sport::fact::What;
use sport::finding::{Finding, Weight};
use sport::line::{Layout, Line, LineKind, SourceKind};
use sport::meeting_fact::{AboardHow, Heard, MeetingFact, Signal};
use sport::names::SourceId;
use sport::passing::{Passing, Transponder};
use sport::running::Ranking;
use sport::season::Season;

use crate::account::{Account, Flag, Lap, Stop};
use crate::matched::Matched;
use crate::requests::{Asked, Terms};

/// A source sends at most so many passings at once.
const AT_ONCE: usize = 65_535;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The laps of an account as a source of the finish line would have sent them. Nothing where the file does not say when laps ended, or the circuit has no lines.
pub fn of(account: &Account, season: &Season, terms: &Terms) -> Asked {
    let on = &season.calendar.sessions[terms.session];
    let nothing = |code, says: &str| Asked {
        requests: Vec::new(),
        findings: vec![Finding { weight: Weight::Doubt, code, about: on.name.to_string(), says: format!("{says}; no lap is recorded") }],
    };
    let Some(layout) = season.calendar.round(on.name.round).and_then(|round| round.layout.as_ref()) else {
        return nothing("no-lines", "the circuit has no lines");
    };
    let Some(finish) = source(layout, |line| line.kind == LineKind::Finish && !line.in_pit_lane) else {
        return nothing("no-source", "no source of the circuit watches its finish line");
    };
    let Some(start) = start(account, on.date.midnight()) else {
        return nothing("no-clock", "the file does not say when its laps ended");
    };
    let matched = Matched::of(account, &season.list, on.name.round);
    let taken = Taken { account, matched: &matched, start };
    let request = |happened, what| Request { happened, by: terms.by.clone(), citation: terms.citation.clone(), what: What::Meeting(what) };
    let mut requests = Vec::new();
    for (car, entry) in taken.cars() {
        let (round, car_id) = (on.name.round, season.list.entries[entry].id.clone());
        requests.push(request(
            start,
            MeetingFact::Transponder { round, transponder: transponder(car), car: car_id, from: Some(Instant(start.0 - DAY)) },
        ));
    }
    let end = taken.end();
    for (at, signal) in taken.signals(Ranking::of(on.kind)) {
        requests.push(request(at, MeetingFact::Signal { session: on.name.clone(), signal }));
    }
    for (at, car, driver) in taken.aboard() {
        let (Some(entry), Some(driver)) = (matched.cars[car], matched.drivers[car][driver]) else { continue };
        let (car, driver) = (season.list.entries[entry].id.clone(), season.list.drivers[driver].id.clone());
        let aboard = MeetingFact::Aboard { session: on.name.clone(), car, driver, how: AboardHow::Identified };
        requests.push(request(at, aboard));
    }
    let mut heard = vec![(finish, taken.passings())];
    heard.extend(taken.sectors(layout));
    heard.extend(taken.stops(layout));
    for (source, passings) in heard {
        for together in passings.chunks(AT_ONCE) {
            // They arrived, as far as anybody can say, as they happened.
            let arrived = together.last().map_or(end, |passing| passing.at);
            let heard = Heard { round: on.name.round, source: source.clone(), passings: together.into() };
            requests.push(request(arrived, MeetingFact::Heard(heard)));
        }
    }
    requests.push(request(end, MeetingFact::Signal { session: on.name.clone(), signal: Signal::Close }));
    Asked { requests, findings: Vec::new() }
}

/// The source of record of the first line that is wanted.
fn source(layout: &Layout, wanted: impl Fn(&Line) -> bool) -> Option<SourceId> {
    let sources = || layout.sources().iter().filter(|source| wanted(&layout.lines()[usize::from(source.line)]));
    sources().find(|source| source.kind == SourceKind::Main).or_else(|| sources().next()).map(|source| source.id.clone())
}

/// When the session started: as told; else by a lap that says both how long after the start and at what time it ended. A clock without a day is one of the session's.
fn start(account: &Account, midnight: Instant) -> Option<Instant> {
    let dated = |at: Instant| if (0..2 * DAY).contains(&at.0) { Instant(at.0 + midnight.0) } else { at };
    let by_lap = || account.laps.iter().find_map(|lap| Some(Instant(lap.ended?.0 - lap.elapsed?.0)));
    account.about.began.or_else(by_lap).map(dated).filter(|_| account.laps.iter().any(|lap| lap.elapsed.is_some() || lap.ended.is_some()))
}

/// Cars have no transponder that every source knows: each is given one of its own.
fn transponder(car: usize) -> Transponder {
    Transponder(u32::try_from(car + 1).unwrap_or(u32::MAX))
}

struct Taken<'a> {
    account: &'a Account,
    matched: &'a Matched,
    start: Instant,
}

impl Taken<'_> {
    /// Cars that are entered, with their entries.
    fn cars(&self) -> impl Iterator<Item = (usize, usize)> {
        self.matched.cars.iter().enumerate().filter_map(|(car, entry)| Some((car, (*entry)?)))
    }

    fn after(&self, elapsed: Micros) -> Instant {
        Instant(self.start.0.saturating_add(elapsed.0))
    }

    /// When a lap ended: from the start, which is exact; else by the clock.
    fn ended(&self, lap: &Lap) -> Option<Instant> {
        lap.elapsed.map(|elapsed| self.after(elapsed)).or(lap.ended)
    }

    fn laps(&self) -> impl Iterator<Item = (&Lap, Instant)> {
        self.account.laps.iter().filter(|lap| self.matched.cars[lap.car].is_some()).filter_map(|lap| Some((lap, self.ended(lap)?)))
    }

    /// Every lap's end as a passing, in order.
    fn passings(&self) -> Vec<Passing> {
        let mut passings: Vec<Passing> = self.laps().map(|(lap, at)| Passing { at, transponder: Some(transponder(lap.car)) }).collect();
        passings.sort_unstable();
        passings
    }

    /// The ends of sectors but the last, where the circuit has as many lines for them as the laps have.
    fn sectors(&self, layout: &Layout) -> Vec<(SourceId, Vec<Passing>)> {
        let mut lines: Vec<&Line> = layout.lines().iter().filter(|line| line.kind == LineKind::Sector && !line.in_pit_lane).collect();
        lines.sort_by_key(|line| line.at);
        let sources: Vec<Option<SourceId>> = lines.iter().map(|line| source(layout, |of| of == *line)).collect();
        let mut ends: Vec<Vec<Passing>> = vec![Vec::new(); lines.len()];
        for (lap, ended) in self.laps().filter(|(lap, _)| lap.sectors.len() == lines.len() + 1) {
            let Some(time) = lap.time else { continue };
            let mut at = ended.0 - time.0;
            for (nth, sector) in lap.sectors.iter().take(lines.len()).enumerate() {
                // From the first that is not told on nobody knows where the others ended.
                let Some(sector) = sector else { break };
                at += sector.0;
                ends[nth].push(Passing { at: Instant(at), transponder: Some(transponder(lap.car)) });
            }
        }
        ends.iter_mut().for_each(|passings| passings.sort_unstable());
        sources.into_iter().zip(ends).filter_map(|(source, passings)| Some((source?, passings))).collect()
    }

    /// Into the pit lane and out of it.
    fn stops(&self, layout: &Layout) -> Vec<(SourceId, Vec<Passing>)> {
        let when = |elapsed: Option<Micros>, at: Option<Instant>| elapsed.map(|elapsed| self.after(elapsed)).or(at);
        let of = |kind: LineKind, at: &dyn Fn(&Stop) -> Option<Instant>| {
            let source = source(layout, |line| line.kind == kind)?;
            let entered = self.account.stops.iter().filter(|stop| self.matched.cars[stop.car].is_some());
            let passing = |stop: &Stop| Some(Passing { at: at(stop)?, transponder: Some(transponder(stop.car)) });
            let mut passings: Vec<Passing> = entered.filter_map(passing).collect();
            passings.sort_unstable();
            Some((source, passings))
        };
        let into = of(LineKind::PitEntry, &|stop| when(stop.entry, stop.entry_at));
        let out = of(LineKind::PitExit, &|stop| when(stop.exit, stop.exit_at));
        into.into_iter().chain(out).collect()
    }

    /// A second after everything.
    fn end(&self) -> Instant {
        let last = self.laps().map(|(_, at)| at.0).max().unwrap_or(self.start.0);
        Instant(last.max(self.start.0) + SECOND)
    }

    /// Opening, start, what was flown in between, and the chequered signal when the first car completed the last lap.
    fn signals(&self, ranking: Ranking) -> Vec<(Instant, Signal)> {
        let mut signals = vec![(Instant(self.start.0 - SECOND), Signal::Open), (self.start, Signal::Green)];
        let mut last = Signal::Green;
        for flown in &self.account.flags {
            let Some(at) = flown.elapsed.map(|elapsed| self.after(elapsed)).or(flown.at) else { continue };
            let signal = match flown.flag {
                Flag::Green => Signal::Green,
                Flag::Yellow | Flag::FullCourseYellow => Signal::FullCourseYellow,
                Flag::SafetyCar => Signal::SafetyCar,
                Flag::Red => Signal::Red,
                Flag::White => continue,
                Flag::Chequered => Signal::Chequered,
            };
            if signal != last && at > self.start && last != Signal::Chequered {
                signals.push((at, signal));
                last = signal;
            }
        }
        if last != Signal::Chequered && ranking == Ranking::Distance {
            let most = self.laps().map(|(lap, _)| lap.number).max();
            let won = self.laps().filter(|(lap, _)| Some(lap.number) == most).map(|(_, at)| at).min();
            signals.extend(won.map(|at| (at, Signal::Chequered)));
        }
        signals
    }

    /// Who took over which car when: at the start, and at the end of the lap before the first of another driver.
    fn aboard(&self) -> Vec<(Instant, usize, usize)> {
        let mut last: BTreeMap<usize, (Option<usize>, Instant)> = BTreeMap::new();
        let mut aboard = Vec::new();
        for (lap, ended) in self.laps() {
            let (before, since) = last.get(&lap.car).copied().unwrap_or((None, self.start));
            if let Some(driver) = lap.driver.filter(|driver| Some(*driver) != before) {
                aboard.push((since, lap.car, driver));
            }
            last.insert(lap.car, (lap.driver.or(before), ended));
        }
        aboard.sort_unstable();
        aboard
    }
}
