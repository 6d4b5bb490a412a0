//! Doubts about whose passings they are: transponders that are no car's, that moved, that fell silent, that are heard where others are.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Instant;
use crate::doubts::Look;
use crate::exchanged::{How, exchanged};
use crate::finding::Weight;
use crate::line::LineKind;
use crate::passing::Transponder;
use crate::reading::Lap;
use crate::running::Ranking;

/// Two cars over a line within this time are level, in microseconds.
const AS_ONE: i64 = 1_000;
/// So many cars heard at the lines between say that those were listening.
const OTHERS: usize = 4;
/// So many times level in one session is no race but one car.
const TOGETHER: usize = 4;

impl Look<'_> {
    /// Passings that are no car's.
    pub(crate) fn held(&mut self) {
        let mut unknown: BTreeMap<Transponder, (usize, Instant, Instant)> = BTreeMap::new();
        let layout = self.live.running.layout();
        let mut without: Vec<(Instant, u8)> = Vec::new();
        for held in &self.live.held {
            match held.transponder {
                Some(transponder) => {
                    let of = unknown.entry(transponder).or_insert((0, held.at, held.at));
                    *of = (of.0 + 1, of.1.min(held.at), of.2.max(held.at));
                }
                None => without.push((held.at, layout.sources()[usize::from(held.source)].line)),
            }
        }
        for (transponder, (count, first, last)) in unknown {
            let says = alloc::format!(
                "transponder {} was heard {count} times from {} to {}, and no car of the session is fitted with it",
                transponder.0,
                self.when(first),
                self.when(last)
            );
            self.say(Weight::Doubt, "transponder-unknown", None, says);
        }
        self.without_car(&without);
    }

    /// Light barriers that saw a car no transponder was heard of.
    fn without_car(&mut self, seen: &[(Instant, u8)]) {
        if seen.is_empty() {
            return;
        }
        let within = self.live.running.layout().measures.coincidence.0;
        let tracks = self.live.running.tracks();
        let mut heard: Vec<(u8, Instant)> =
            tracks.iter().flat_map(|track| track.crossings()).map(|crossing| (crossing.line, crossing.at)).collect();
        heard.sort_unstable();
        let lonely = |&&(at, line): &&(Instant, u8)| {
            let next = heard.partition_point(|crossing| *crossing < (line, Instant(at.0 - within)));
            heard.get(next).is_none_or(|(of, crossing)| *of != line || crossing.0 > at.0 + within)
        };
        let alone: Vec<(Instant, u8)> = seen.iter().filter(lonely).copied().collect();
        let Some((first, line)) = alone.first().copied() else { return };
        let says = alloc::format!(
            "a light barrier saw a car {} times that no transponder was heard of; first at {} over {}",
            alone.len(),
            self.when(first),
            self.line(line)
        );
        self.say(Weight::Doubt, "crossing-without-car", None, says);
    }

    /// Transponders that were in more than one car of this session.
    pub(crate) fn refitted(&mut self) {
        for (transponder, entries) in self.meeting.refitted() {
            let cars: Vec<usize> =
                self.live.cars.iter().enumerate().filter(|(_, entry)| entries.contains(entry)).map(|(car, _)| car).collect();
            let labels: Vec<String> = cars.iter().map(|car| self.live.label(self.season, *car)).collect();
            for car in cars {
                let says = alloc::format!("transponder {} was said to be in cars {}", transponder.0, labels.join(" and "));
                self.say(Weight::Doubt, "transponder-refitted", Some(car), says);
            }
        }
    }

    /// Two cars that were heard as one, at line after line: both transponders are in one car, or one car is sent for two.
    pub(crate) fn together(&mut self) {
        let tracks = self.live.running.tracks();
        let mut heard: Vec<(u8, Instant, usize)> = Vec::new();
        for (car, track) in tracks.iter().enumerate() {
            heard
                .extend(track.crossings().iter().filter(|crossing| !crossing.inferred()).map(|crossing| (crossing.line, crossing.at, car)));
        }
        heard.sort_unstable();
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for two in heard.windows(2) {
            let ((line, at, one), (other_line, other_at, other)) = (two[0], two[1]);
            if line == other_line && one != other && other_at.0 - at.0 <= AS_ONE {
                *pairs.entry((one.min(other), one.max(other))).or_default() += 1;
            }
        }
        for ((one, other), times) in pairs {
            let (last, at) = (self.last_level(one, other), times >= TOGETHER);
            if !at && last.is_none() {
                continue;
            }
            for (car, with) in [(one, other), (other, one)] {
                let with = self.live.label(self.season, with);
                let says = match last.filter(|_| !at) {
                    Some(end) => alloc::format!(
                        "its last lap ended in the same instant as one of car {with}, at {}: a dead heat, or one car carries both transponders",
                        self.when(end)
                    ),
                    None => alloc::format!(
                        "it was heard {times} times in the same instant as car {with}: perhaps one car carries both transponders"
                    ),
                };
                self.say(Weight::Doubt, "heard-as-one", Some(car), says);
            }
        }
    }

    /// When the last counted lap of one of two cars ended, where the other ended one in the same instant.
    fn last_level(&self, one: usize, other: usize) -> Option<Instant> {
        let live = self.live;
        if live.running.ranking() == Ranking::BestLap {
            return None;
        }
        let level = |(of, with): (usize, usize)| {
            let end = live.running.progress(of).end?;
            let laps = live.running.tracks()[with].laps();
            laps.iter().any(|lap| (lap.end.0 - end.0).abs() <= AS_ONE).then_some(end)
        };
        [(one, other), (other, one)].into_iter().find_map(level)
    }

    /// Laps from the finish line to the finish line with nothing heard between, while others were heard there: perhaps the car stands beside the loop.
    pub(crate) fn unheard_between(&mut self, car: usize) {
        let live = self.live;
        let layout = live.running.layout();
        let between = |line: u8| layout.line(line).kind == LineKind::Sector;
        let track = &live.running.tracks()[car];
        let others = || live.running.tracks().iter().enumerate().filter(|(at, _)| *at != car).flat_map(|(_, track)| track.crossings());
        let heard = |from: Instant, to: Instant| others().filter(|of| between(of.line) && of.at > from && of.at < to).count() >= OTHERS;
        let counted = live.running.progress(car).laps as usize;
        let ends = track.laps()[..counted].windows(2).enumerate();
        let alone = |two: &[Lap]| two[1].crossing == two[0].crossing + 1 && !track.crossings()[two[1].crossing as usize].inferred();
        let alone: Vec<String> =
            ends.filter(|(_, two)| alone(two) && heard(two[0].end, two[1].end)).map(|(nth, _)| alloc::format!("{}", nth + 2)).collect();
        if alone.is_empty() {
            return;
        }
        let word = if alone.len() == 1 { "lap" } else { "laps" };
        let says = alloc::format!(
            "on {word} {} it was heard at the finish line alone, and others at the lines between: perhaps it stands beside the loop",
            alone.join(", ")
        );
        self.say(Weight::Doubt, "lap-unheard", Some(car), says);
    }

    /// A car that was heard where another was due that is heard no more.
    pub(crate) fn exchanged(&mut self) {
        let live = self.live;
        if live.running.ranking() == Ranking::BestLap {
            return;
        }
        for pair in exchanged(live, &self.stops) {
            let silent = live.label(self.season, pair.silent);
            let (line, when) = (self.line(pair.at.line), self.when(pair.at.at));
            let odd = match pair.how {
                How::Late => "lost time",
                How::Soon => "came sooner than it should have",
                How::Pace => "went on at another pace",
                How::Skipped => "was not heard over the line before",
                How::Abreast => "was beside it when the race was neutralised",
                How::Alone => "had not been round before, nor had others that tell what that takes",
            };
            let says = alloc::format!(
                "it {odd}, and was heard over {line} at {when}, where car {silent} was due, which was heard no more: perhaps car {silent} sends \
                 its number since then"
            );
            self.say(Weight::Doubt, "heard-in-place", Some(pair.heard), says);
        }
    }
}
