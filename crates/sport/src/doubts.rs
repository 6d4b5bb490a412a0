//! What a person should look at before the result of a session is published: guesses, gaps, sources that contradict each other.
//!
//! The rule of this file: where the order rests on anything but two true readings of a line, something here says so and names the car.

use alloc::string::String;
use alloc::vec::Vec;

use crate::alignment::{Alignment, median};
use crate::date::{Instant, Micros};
use crate::finding::{Finding, Weight};
use crate::line::LineKind;
use crate::live_session::LiveSession;
use crate::meeting::Meeting;
use crate::meeting_fact::Signal;
use crate::pit_visit::{PitVisit, visits};
use crate::reading::{Lap, between};
use crate::rulebook::{Law, Rulebook};
use crate::rules::end::{Ending, by_hand, chequered, neutralised};
use crate::running::Ranking;
use crate::season::Season;
use crate::stretch::{self, Quiet};

/// Something a person should look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Doubt {
    /// How much it matters.
    pub weight: Weight,
    /// A stable short code.
    pub code: &'static str,
    /// The car, by position in [`LiveSession::cars`]; none where it is about the session.
    pub car: Option<usize>,
    /// One sentence for a person.
    pub says: String,
}

/// Nobody heard for so long: who then took long may lack a lap that all lack.
const LULL: i64 = 45_000_000;
/// Nobody heard for so long while cars race: nothing was listening.
const NOTHING: i64 = 60_000_000;
/// The same in a full-course yellow.
const SLOWED: i64 = 90_000_000;
/// The same behind a safety car.
const QUEUED: i64 = 120_000_000;
/// So late may a slow hand give the chequered signal, and seem to give it to the next car.
const SLOW_HAND: i64 = 8_000_000;
/// So far behind the leader a car that falls silent may still come to lead.
const MADE_UP: i64 = 10_000_000;
/// So near the end of its time the signal of a practice or qualifying session is given.
const ABOUT: i64 = 10_000_000;

impl LiveSession {
    /// Everything doubtful, the weightiest first.
    pub(crate) fn doubtful(&self, rulebook: &Rulebook, season: &Season, meeting: &Meeting<'_>, clocks: &Alignment) -> Vec<Doubt> {
        let law = rulebook.law_at(&season.calendar, self.session);
        let closed = self.signals.last().map_or(self.now, |(at, _)| *at);
        let neutral = neutralised(&self.signals).into_iter().map(|(signal, from, to)| (signal, from, to.unwrap_or(closed))).collect();
        let stops = self.running.tracks().iter().map(|track| visits(self.running.layout(), track)).collect();
        let mut look = Look { live: self, season, meeting, neutral, stops, lulls: Vec::new(), doubts: Vec::new() };
        look.clocks(clocks);
        look.held();
        look.refitted();
        look.nothing();
        look.sources();
        look.ending();
        look.laps_under_red();
        for car in 0..self.cars.len() {
            look.readings(car);
            look.late_start(car);
            look.unsure(car, clocks);
            look.unmeasured(car, clocks);
            look.contradicted(car);
            look.twice(car);
            look.unheard_between(car);
            look.wrong_driver(car);
            look.undriven(car);
            look.nobody(car);
            look.long_laps(car);
            look.silence(car);
            look.pits(car);
            look.shown(car, law);
        }
        look.together();
        look.exchanged();
        look.leader();
        // Who drove is no doubt about where the car was: it makes no end doubtful.
        (0..self.cars.len()).for_each(|car| look.crew_in_part(car, law));
        let mut doubts = look.doubts;
        doubts.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.cmp(b)));
        doubts
    }

    /// A doubt as it is printed beside other findings.
    pub fn finding(&self, season: &Season, doubt: &Doubt) -> Finding {
        let session = &season.calendar.sessions[self.session].name;
        let about = match doubt.car {
            Some(car) => alloc::format!("{session}, car {}", self.label(season, car)),
            None => alloc::format!("{session}"),
        };
        Finding { weight: doubt.weight, code: doubt.code, about, says: doubt.says.clone() }
    }
}

/// What the doubts of a session are looked for in.
pub(crate) struct Look<'a> {
    pub(crate) live: &'a LiveSession,
    pub(crate) season: &'a Season,
    pub(crate) meeting: &'a Meeting<'a>,
    /// When nobody raced.
    neutral: Vec<(Signal, Instant, Instant)>,
    /// The visits of each car to the pit lane.
    pub(crate) stops: Vec<Vec<PitVisit>>,
    /// When nothing was heard of anybody for a while.
    lulls: Vec<(Instant, Instant)>,
    doubts: Vec<Doubt>,
}

impl Look<'_> {
    pub(crate) fn say(&mut self, weight: Weight, code: &'static str, car: Option<usize>, says: String) {
        self.doubts.push(Doubt { weight, code, car, says });
    }

    pub(crate) fn source(&self, source: u8) -> &str {
        self.live.running.layout().sources()[usize::from(source)].id.as_str()
    }

    pub(crate) fn line(&self, line: u8) -> &str {
        self.live.running.layout().lines()[usize::from(line)].id.as_str()
    }

    /// Race time, as officials speak of moments.
    pub(crate) fn when(&self, at: Instant) -> String {
        match self.live.start() {
            Some(start) if at >= start => alloc::format!("{}", between(start, at)),
            Some(start) => alloc::format!("{} before the start", between(at, start)),
            None => String::from("before the start"),
        }
    }

    /// Times at which nothing was heard at all while cars were on the track.
    fn nothing(&mut self) {
        let live = self.live;
        let Some(start) = live.start().filter(|_| live.running.ranking() == Ranking::Distance) else { return };
        let closed = live.signals.last().filter(|_| live.closed()).map_or(live.now, |(at, _)| *at);
        // After the end cars come in one by one.
        let end = live.ending.at().map_or(closed, |at| Instant(at.0 + live.running.layout().measures.minimum_lap.0 * 3 / 2));
        let layout = live.running.layout();
        let on_track = |source: u8| matches!(layout.line(layout.source(source).line).kind, LineKind::Finish | LineKind::Sector);
        let readings = live.running.tracks().iter().flat_map(|track| track.readings());
        let mut all: Vec<Instant> = readings.filter(|reading| on_track(reading.source)).map(|reading| reading.at).collect();
        all.sort_unstable();
        let Some(last) = all.last().copied() else { return };
        // On a long lap with few lines a few cars are a while between two of them.
        let lines = layout.lines().iter().filter(|line| matches!(line.kind, LineKind::Finish | LineKind::Sector)).count();
        let laps = (0..live.cars.len()).flat_map(|car| self.laps(car)).map(|(_, time)| time.0);
        let between_lines = median(laps).map_or(0, |lap| lap / i64::try_from(lines).unwrap_or(1).max(1));
        // Where nothing ended it, cars may have driven until it was closed.
        let until = if live.ending.at().is_none() && live.closed() { closed } else { last.min(end) };
        for (at, until) in gaps(&all, start, until, LULL.max(between_lines * 5 / 4)) {
            let unheard = self.unheard(at, until, between_lines);
            // Under a red flag nobody need be heard.
            let red = |(signal, begun, over): &(Signal, Instant, Instant)| *signal == Signal::Red && at < *over && until > *begun;
            if unheard || !self.neutral.iter().any(red) {
                self.lulls.push((at, until));
            }
            if unheard {
                let says = alloc::format!("no source heard anything from {} to {}", self.when(at), self.when(until));
                self.say(Weight::Doubt, "nothing-heard", None, says);
            }
        }
    }

    /// Whether somebody should have been heard: behind a safety car everybody is in one place, in a full-course yellow they go slower, and once a red
    /// flag is out they come in, and then nobody need be.
    fn unheard(&self, at: Instant, until: Instant, between_lines: i64) -> bool {
        let during = |signal: Signal| self.neutral.iter().find(|(of, begun, over)| *of == signal && at < *over && until > *begun);
        let longest = if during(Signal::SafetyCar).is_some() {
            QUEUED.max(between_lines * 5 / 2)
        } else if during(Signal::FullCourseYellow).is_some() {
            SLOWED.max(between_lines * 15 / 8)
        } else {
            NOTHING.max(between_lines * 5 / 4)
        };
        match during(Signal::Red) {
            Some((_, shown, _)) if at < *shown => until.0 - at.0 > longest.max(QUEUED) || shown.0 - at.0 > longest,
            Some((_, _, over)) => until.0 - over.0 > longest,
            None => until.0 - at.0 > longest,
        }
    }

    /// A session that did not end as planned.
    fn ending(&mut self) {
        let given = chequered(&self.live.signals);
        let says = match self.live.ending {
            Ending::Due(at) if given.is_none() && self.live.closed() => {
                let says = alloc::format!("the session was closed and no chequered signal given; the result is taken at {}", self.when(at));
                self.say(Weight::Doubt, "no-signal", None, says);
                return;
            }
            Ending::Open if self.live.closed() => {
                let says =
                    String::from("the session was closed, and neither a leader's crossing nor a signal ended it: it stands as it was then");
                self.say(Weight::Doubt, "no-signal", None, says);
                return;
            }
            Ending::Open | Ending::Due(_) => return,
            Ending::Signalled(at) if self.live.running.ranking() == Ranking::BestLap => {
                let schedule = self.live.running.schedule();
                let Some((start, time)) = schedule.start.zip(schedule.time) else { return };
                let (given, up) = (given.unwrap_or(at), Instant(start.0.saturating_add(time.0)));
                let by = between(given.min(up), given.max(up));
                if by.0 <= ABOUT {
                    return;
                }
                let word = if given < up { "before" } else { "after" };
                alloc::format!("the chequered signal was given at {}, {by} s {word} the time was up", self.when(given))
            }
            Ending::Signalled(at) => alloc::format!(
                "the chequered signal was given at {}, and no leader completed the distance then; the result is taken at {}",
                self.when(given.unwrap_or(at)),
                self.when(at)
            ),
            Ending::Early { given, at } => {
                alloc::format!("the chequered signal came early, at {}; the result is taken at {}", self.when(given), self.when(at))
            }
            Ending::Late { given, at } => {
                alloc::format!("the chequered signal came late, at {}; the result is taken at {}", self.when(given), self.when(at))
            }
            Ending::Red { shown, laps, .. } => {
                alloc::format!("a red flag ended the race at {}; the result is taken after {laps} laps of the leader", self.when(shown))
            }
        };
        self.say(Weight::Doubt, "ended-otherwise", None, says);
    }

    /// A signal that only a hand timed, or that was out before the leader came: of a car that crossed the line about then nobody knows whether it
    /// was shown it.
    fn shown(&mut self, car: usize, law: &Law) {
        let live = self.live;
        let Some((from, to)) = by_hand(live.ending, &live.signals, law.end.as_ref()) else { return };
        let given = chequered(&live.signals).unwrap_or(from);
        let laps = live.running.tracks()[car].laps();
        // Who ended no lap after it lost nothing by it.
        let gone_on = laps.len().saturating_sub(1);
        let about = |lap: &Lap| lap.end >= from && lap.end <= to && live.ending != Ending::Due(lap.end);
        let Some((nth, lap)) = laps[..gone_on].iter().enumerate().find(|(_, lap)| about(lap)) else { return };
        // Where the best lap counts, one more lap matters only if none was faster.
        let best = live.running.progress(car).best;
        if live.running.ranking() == Ranking::BestLap && best.is_some_and(|best| between(lap.end, laps[nth + 1].end) > best) {
            return;
        }
        let apart = between(given.min(lap.end), given.max(lap.end));
        let word = if lap.end >= given { "after" } else { "before" };
        let says = alloc::format!(
            "it ended lap {} {apart} s {word} the chequered signal was given by hand: whether it was shown it, a person must say",
            nth + 1
        );
        self.say(Weight::Doubt, "signal-close", Some(car), says);
    }

    /// The car whose crossing ended the session is itself in doubt, or another may have come before it: with them, the end.
    fn leader(&mut self) {
        let live = self.live;
        let Some(end) = live.ending.at().filter(|_| live.running.ranking() == Ranking::Distance) else { return };
        let ends = |car: &usize| live.running.tracks()[*car].laps().iter().any(|lap| lap.end == end);
        let Some(leader) = (0..live.cars.len()).find(ends) else { return };
        let won = live.running.progress(leader).laps as usize;
        for car in 0..live.cars.len() {
            let named = |code: &str| self.doubts.iter().filter(|doubt| doubt.car == Some(car) && doubt.code == code).count();
            let label = live.label(self.season, car);
            let laps = live.running.progress(car).laps as usize;
            let longer = named("lap-long");
            let led = laps > 0 && live.running.tracks()[car].laps().get(laps - 1).map(|lap| lap.end) == live.lead.get(laps - 1).copied();
            let doubted = self.doubts.iter().any(|doubt| doubt.car == Some(car) && doubt.weight > Weight::Note);
            let led_before = won.checked_sub(2).is_some_and(|lap| {
                let end = live.running.tracks()[car].laps().get(lap).map(|lap| lap.end);
                end.is_some() && end == live.lead.get(lap).copied()
            });
            let says = if car == leader && doubted {
                alloc::format!("car {label}, whose crossing at {} ended the session, is itself in doubt", self.when(end))
            } else if car != leader && longer > 0 && laps + longer >= won {
                alloc::format!("car {label} may lack a lap, and with it may have led at the end, and ended the session")
            } else if named("no-chequered") > 0 && led {
                alloc::format!("car {label} led when it was last heard; if it ran on, it ended the session")
            } else if car != leader && doubted && led_before {
                alloc::format!("car {label}, which led a lap before the end, is itself in doubt; perhaps it ended the session")
            } else {
                continue;
            };
            self.say(Weight::Doubt, "end-doubtful", None, says);
        }
        self.ahead_of(end);
    }

    /// Cars that ended a lap just before the crossing that ended the session, where one that was about in the lead when it was heard last may have
    /// come before them and have been shown the chequered signal.
    fn ahead_of(&mut self, end: Instant) {
        let live = self.live;
        let tracks = live.running.tracks();
        let unheard = |doubt: &&Doubt| doubt.code == "no-chequered";
        let inside = |car: usize| self.stops[car].last().is_some_and(|visit| visit.inside);
        // No further behind the leader, when it ended its last lap, than a car may make up by the stops of others.
        let leading = |car: usize| {
            let laps = tracks[car].laps();
            let led = laps.len().checked_sub(1).and_then(|last| live.lead.get(last)).copied();
            laps.last().zip(led).is_none_or(|(lap, led)| lap.end.0 - led.0 <= MADE_UP)
        };
        let silent = self.doubts.iter().filter(unheard).filter_map(|doubt| doubt.car).find(|car| !inside(*car) && leading(*car));
        let Some(silent) = silent else { return };
        for (car, track) in tracks.iter().enumerate() {
            let laps = track.laps();
            let before = |lap: &Lap| lap.end < end && end.0 - lap.end.0 <= SLOW_HAND;
            let Some(nth) = laps.iter().position(before).filter(|nth| nth + 1 < laps.len()) else { continue };
            let says = alloc::format!(
                "it ended lap {} {} s before the crossing that ended the session; car {}, not heard at the end, may have come before it",
                nth + 1,
                between(laps[nth].end, end),
                live.label(self.season, silent)
            );
            self.say(Weight::Doubt, "signal-close", Some(car), says);
        }
    }

    /// Laps that rest on a guess, and readings that cannot be true.
    fn readings(&mut self, car: usize) {
        let track = &self.live.running.tracks()[car];
        let counted = self.live.running.progress(car).laps as usize;
        let inferred: Vec<String> = track.laps()[..counted]
            .iter()
            .enumerate()
            .filter(|(_, lap)| track.crossings()[lap.crossing as usize].inferred())
            .map(|(nth, _)| alloc::format!("{}", nth + 1))
            .collect();
        if !inferred.is_empty() {
            let (word, verb) = if inferred.len() == 1 { ("lap", "rests") } else { ("laps", "rest") };
            let says = alloc::format!(
                "the end of {word} {} {verb} on no reading of the finish line: the lines around it leave no other way",
                inferred.join(", ")
            );
            self.say(Weight::Doubt, "lap-inferred", Some(car), says);
        }
        let impossible = track.crossings().iter().filter(|crossing| crossing.impossible);
        let first = impossible.clone().next();
        if let Some(first) = first {
            let (line, at, count) = (self.line(first.line), self.when(first.at), impossible.count());
            let which = if count == 1 {
                alloc::format!("1 crossing came sooner than a car can drive, over {line} at {at}")
            } else {
                alloc::format!("{count} crossings came sooner than a car can drive, the first over {line} at {at}")
            };
            let says = alloc::format!("{which}: a false impulse, or its transponder in a second car");
            self.say(Weight::Doubt, "reading-impossible", Some(car), says);
        }
    }

    /// A start that was taken to be after a red flag, or out of the pit lane.
    fn late_start(&mut self, car: usize) {
        let live = self.live;
        let Some(crossing) = live.running.tracks()[car].late_start(live.running.layout()) else { return };
        let until = match live.running.schedule().stopped {
            Some(stopped) if stopped < crossing.at => "between the start and the red flag",
            Some(_) | None => "since the start before it came out of the pit lane",
        };
        let says = alloc::format!(
            "it was heard nowhere {until}: its crossing at {} is taken for its start and ends no lap",
            self.when(crossing.at)
        );
        self.say(Weight::Doubt, "late-start", Some(car), says);
    }

    /// Laps a decision deletes that the car did not drive.
    fn undriven(&mut self, car: usize) {
        let driven = self.live.running.progress(car).laps;
        let laps: Vec<String> =
            self.live.undriven.iter().filter(|(of, _)| *of == car).map(|(_, lap)| alloc::format!("{}", lap + 1)).collect();
        if !laps.is_empty() {
            let says = alloc::format!("a decision deletes lap {}, and it drove {driven} that count", laps.join(", "));
            self.say(Weight::Doubt, "lap-not-driven", Some(car), says);
        }
    }

    /// A car's laps: when each ended and how long it took.
    fn laps(&self, car: usize) -> Vec<(Instant, Micros)> {
        let counted = self.live.running.progress(car).laps as usize;
        let laps = &self.live.running.tracks()[car].laps()[..counted];
        let begun = self.live.start().into_iter().chain(laps.iter().map(|lap| lap.end));
        laps.iter().zip(begun).map(|(lap, begun)| (lap.end, between(begun, lap.end))).collect()
    }

    /// Stretches so long that a lap may be missing.
    fn long_laps(&mut self, car: usize) {
        if self.live.running.ranking() == Ranking::BestLap {
            return;
        }
        let late = self.live.running.tracks()[car].late_start(self.live.running.layout()).map(|crossing| crossing.at);
        let long = stretch::long(self.live, car, &Quiet { neutral: &self.neutral, deaf: &self.lulls, stops: &self.stops });
        // Before it started nothing was missed of it.
        for long in long.into_iter().filter(|long| late.is_none_or(|late| late < long.to.0)) {
            let says = alloc::format!(
                "on lap {} it took {} s from {} to {}, and a lap usually takes it {}: perhaps a lap more, with its crossing missed",
                long.lap.max(1),
                between(long.from.0, long.to.0),
                self.line(long.from.1),
                self.line(long.to.1),
                long.usual
            );
            self.say(Weight::Doubt, "lap-long", Some(car), says);
        }
    }

    /// A car that was not heard when it should have been.
    fn silence(&mut self, car: usize) {
        let live = self.live;
        let Some(start) = live.start() else { return };
        let track = &live.running.tracks()[car];
        let last = track.crossings().iter().rev().find(|crossing| !crossing.impossible);
        let aboard = live.stints.iter().any(|stint| stint.car == car);
        let Some(last) = last.filter(|last| last.at >= start) else {
            if aboard && live.now > start {
                let says = String::from("somebody is aboard, and it was never heard since the start");
                self.say(Weight::Doubt, "never-heard", Some(car), says);
            }
            return;
        };
        if live.running.ranking() == Ranking::BestLap {
            return;
        }
        // Under a red flag that came before a lap counted nobody is shown anything.
        let over = live.ending.at().filter(|_| !matches!(live.ending, Ending::Red { at: None, .. }));
        let in_pits = self.stops[car].last().is_some_and(|visit| visit.inside);
        let place = if in_pits { String::from("in the pit lane") } else { alloc::format!("over {}", self.line(last.line)) };
        let progress = live.running.progress(car);
        let laps = self.laps(car);
        let usual = median(laps.iter().map(|(_, time)| time.0)).unwrap_or(live.running.layout().measures.minimum_lap.0 * 2);
        if over.is_some() && !progress.chequered {
            let says = alloc::format!("it did not take the chequered signal; last heard {place} at {}", self.when(last.at));
            self.say(Weight::Doubt, "no-chequered", Some(car), says);
        } else if live.ending.at().is_none() && !in_pits && (live.closed() || live.now.0 - last.at.0 > usual * 2) {
            let says = alloc::format!("it was not heard since {} ({place})", self.when(last.at));
            self.say(Weight::Doubt, "car-silent", Some(car), says);
        }
    }

    /// Visits to the pit lane of which an end was not heard.
    fn pits(&mut self, car: usize) {
        let live = self.live;
        let Some(start) = live.start() else { return };
        if live.running.ranking() == Ranking::BestLap {
            return;
        }
        let late = live.running.tracks()[car].late_start(live.running.layout()).is_some();
        for (nth, visit) in self.stops[car].clone().iter().enumerate().filter(|(_, visit)| !visit.inside) {
            let (what, at) = match (visit.entry, visit.exit) {
                // Who started out of the pit lane did not come into it.
                (None, Some(_)) if late && nth == 0 => continue,
                (None, Some(exit)) if exit.at > start => ("entry", exit.at),
                (Some(entry), None) if entry.at > start => ("exit", entry.at),
                _ => continue,
            };
            let says = alloc::format!("the pit {what} of its visit around {} was not heard", self.when(at));
            self.say(Weight::Doubt, "pit-visit-open", Some(car), says);
        }
    }
}

/// Stretches without a moment, longer than `longest`, between two moments.
fn gaps(moments: &[Instant], from: Instant, to: Instant, longest: i64) -> Vec<(Instant, Instant)> {
    let inside = moments.iter().copied().filter(|at| *at > from && *at < to);
    let mut before = from;
    let mut gaps = Vec::new();
    for at in inside.chain([to]) {
        if at.0 - before.0 > longest {
            gaps.push((before, at));
        }
        before = at;
    }
    gaps
}
