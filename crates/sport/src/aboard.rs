//! Doubts about who was aboard: whom nobody named, who may not take part, and crews of which only a part is said to have driven.

use alloc::string::String;
use alloc::vec::Vec;

use crate::date::Instant;
use crate::doubts::Look;
use crate::finding::Weight;
use crate::pit_visit::PitVisit;
use crate::rulebook::Law;
use crate::running::Ranking;

/// Who is aboard after a stop may be told so long before the car crosses the line of the pit entry: a clock on a wall is not a loop.
const BEFORE: i64 = 60_000_000;

impl Look<'_> {
    /// A car that drove though nobody was said to be in it, where somebody was in most of the others: perhaps another sends its number.
    pub(crate) fn nobody(&mut self, car: usize) {
        let live = self.live;
        let ran = |car: &usize| !live.running.tracks()[*car].laps().is_empty();
        let aboard = |car: &usize| live.stints.iter().any(|stint| stint.car == *car);
        if !ran(&car) || aboard(&car) {
            return;
        }
        let others: Vec<usize> = (0..live.cars.len()).filter(ran).collect();
        if others.iter().filter(|car| aboard(car)).count() * 2 > others.len() {
            let says =
                String::from("it was heard on the track, and nobody was ever said to be in it: perhaps its transponder is in another car");
            self.say(Weight::Doubt, "nobody-aboard", Some(car), says);
        }
    }

    /// Laps by a driver who may not take part.
    pub(crate) fn wrong_driver(&mut self, car: usize) {
        let of = self.live.struck.iter().filter(|struck| struck.car == car);
        let Some(first) = of.clone().next() else { return };
        let laps: Vec<String> = of.map(|struck| alloc::format!("{}", struck.lap + 1)).collect();
        let driver = &self.season.list.drivers[first.driver].name;
        let says = alloc::format!("laps {} by {driver} do not count: {}", laps.join(", "), first.why.words());
        self.say(Weight::Doubt, "driver-barred", Some(car), says);
    }

    /// A car whose sheet names only a part of the entered crew, because nobody said who drove after a stop: the others score nothing (D2).
    /// Where somebody said who was aboard after every stop, the others did not drive, and there is no doubt.
    pub(crate) fn crew_in_part(&mut self, car: usize, law: &Law) {
        let live = self.live;
        let Some((start, end)) = live.start().zip(live.ending.at()).filter(|_| live.running.ranking() == Ranking::Distance) else { return };
        let entry = &self.season.list.entries[live.cars[car]];
        let round = self.season.calendar.sessions[live.session].name.round;
        let Some(spell) = entry.spell(round) else { return };
        let named = |driver: usize| live.stints.iter().any(|stint| stint.car == car && stint.driver == driver);
        let entered: Vec<usize> = spell.crew.iter().filter_map(|id| self.season.list.driver(id)).collect();
        let (drove, others): (Vec<usize>, Vec<usize>) = entered.into_iter().partition(|driver| named(*driver));
        if drove.is_empty() || others.is_empty() {
            return;
        }
        let begun = |visit: &PitVisit| visit.entry.or(visit.exit).map(|crossing| crossing.at);
        let visits: Vec<&PitVisit> = self.stops[car].iter().filter(|visit| begun(visit).is_some_and(|at| at > start && at < end)).collect();
        let next = |nth: usize| visits.get(nth + 1).and_then(|visit| begun(visit)).unwrap_or(Instant::FOREVER);
        let told = |from: Instant, to: Instant| {
            live.stints.iter().any(|stint| stint.car == car && stint.from.0 >= from.0.saturating_sub(BEFORE) && stint.from < to)
        };
        let silent = visits.iter().enumerate().filter(|(_, visit)| visit.exit.is_some());
        let silent = silent.filter_map(|(nth, visit)| Some((begun(visit)?, next(nth)))).find(|(from, to)| !told(*from, *to));
        let asks = law.pit_stop.as_ref().filter(|rule| rule.driver_change);
        let names = |of: &[usize]| {
            let names: Vec<&str> = of.iter().map(|driver| self.season.list.drivers[*driver].name.as_str()).collect();
            names.join(" and ")
        };
        let why = match silent {
            Some((at, _)) => alloc::format!("nobody said who was aboard after its stop at {}", self.when(at)),
            // Without lines at the pit lane no stop is heard.
            None if visits.is_empty() && drove.len() == 1 && asks.is_some() && live.running.progress(car).chequered => {
                String::from("nobody said who took over")
            }
            None => return,
        };
        let asks = asks.map_or_else(String::new, |rule| alloc::format!(", where article {} asks for another driver", rule.cite.article));
        let says = alloc::format!(
            "{} alone {} said to have driven, and {why}{asks}: {} would score nothing of it; record who was aboard after the stop",
            names(&drove),
            if drove.len() == 1 { "is" } else { "are" },
            names(&others)
        );
        self.say(Weight::Doubt, "crew-in-part", Some(car), says);
    }
}
