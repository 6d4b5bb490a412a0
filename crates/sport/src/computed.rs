//! The sheet a session's passings give: a classification before any decision, in the form in which one is published.

use alloc::string::String;
use alloc::vec::Vec;

use crate::citation::Cite;
use crate::date::{Instant, Micros};
use crate::doubts::Doubt;
use crate::fact::Fact;
use crate::finding::Weight;
use crate::live_session::LiveSession;
use crate::names::{DriverId, EntryId};
use crate::place::Places;
use crate::points::Points;
use crate::race_clock::RaceClock;
use crate::reading::between;
use crate::result::{Finish, PublishedResult, Raced, ResultRow, ResultState};
use crate::rulebook::Rulebook;
use crate::rules::distance;
use crate::rules::end::Ending;
use crate::running::{Progress, Ranking};
use crate::season::Season;

impl LiveSession {
    /// The sheet as it would be published now. Decisions are not in it, and act on it when it is read; but for deleted laps, which it is made without.
    pub fn sheet(&self, rulebook: &Rulebook, season: &Season, state: ResultState) -> PublishedResult {
        let on = &season.calendar.sessions[self.session];
        let order: Vec<Progress> = self.running.order().collect();
        let finishes: Vec<Finish> = self.finishes(rulebook, season, &order);
        let mut rows: Vec<ResultRow> = Vec::with_capacity(order.len());
        let (mut place, mut classified) = (0_u16, 0_u16);
        for (at, progress) in order.iter().enumerate() {
            let entry = &season.list.entries[self.cars[progress.car]];
            let mut row = ResultRow { laps: Some(progress.laps), best_lap: progress.best, ..ResultRow::of(entry.id.clone(), finishes[at]) };
            if finishes[at] == Finish::Classified {
                // Level to the microsecond is a dead heat: both have the place, and the next is skipped.
                let level = at > 0 && finishes[at - 1] == Finish::Classified && self.level(&order[at - 1], progress);
                classified += 1;
                place = if level { place } else { classified };
                row.place = Some(Places::exactly(place));
            }
            if Ranking::of(on.kind) == Ranking::Distance {
                row.time = progress.time.filter(|_| progress.laps > 0);
                row.led = self.led(progress.car);
            }
            (row.crew, row.drove) = self.drove(season, progress);
            rows.push(row);
        }
        let behind = |row: &ResultRow| (row.finish != Finish::Classified, row.finish);
        rows.sort_by_key(behind);
        PublishedResult {
            session: on.name.clone(),
            mark: None,
            state,
            document: None,
            complete: true,
            includes: self.contains.clone(),
            without: self.decided.clone(),
            raced: self.raced(self.race_clock(rulebook, season), order.first()),
            fastest: self.fastest(&rows),
            rows,
        }
    }

    /// What the sheet that was published last says otherwise than the passings do now.
    pub(crate) fn against_published(&self, rulebook: &Rulebook, season: &Season, live: &[&Fact]) -> Vec<Doubt> {
        let name = &season.calendar.sessions[self.session].name;
        let of = |sheet: &&PublishedResult| sheet.session == *name && sheet.mark.is_none();
        let Some((fact, published)) = live.iter().rev().find_map(|fact| Some((fact.number, fact.what.result().filter(of)?))) else {
            return Vec::new();
        };
        let now = self.sheet(rulebook, season, published.state);
        let printed = |row: &ResultRow| {
            let how = row.place.map_or_else(|| String::from(row.finish.word()), |place| alloc::format!("place {place}"));
            let laps = row.laps.map_or_else(String::new, |laps| alloc::format!(", {}", counted(laps)));
            let time = row.time.map_or_else(String::new, |time| alloc::format!(" in {time}"));
            let best = row.best_lap.map_or_else(String::new, |time| alloc::format!(", best lap {time}"));
            alloc::format!("{how}{laps}{time}{best}")
        };
        // A sheet that contains decisions has other places and times than the road.
        let of_the_road = published.includes.iter().all(|id| self.contains.contains(id));
        let printed_apart = |told: Option<Micros>, now: Option<Micros>| {
            told.is_some() && told.map(|time| time.0.div_euclid(1_000)) != now.map(|time| time.0.div_euclid(1_000))
        };
        let differs = |row: &&ResultRow| {
            let told = published.rows.iter().find(|told| told.car == row.car);
            told.is_some_and(|told| {
                let place = told.place.and_then(Places::exact).is_some() && told.place != row.place;
                told.finish != row.finish
                    || (told.laps.is_some() && told.laps != row.laps)
                    || (of_the_road && (place || printed_apart(told.time, row.time)))
                    || printed_apart(told.best_lap, row.best_lap)
            })
        };
        let doubt = |row: &ResultRow| {
            let told = published.rows.iter().find(|told| told.car == row.car)?;
            let car = self.cars.iter().position(|entry| season.list.entries[*entry].id == row.car)?;
            let says = alloc::format!("published in fact {fact} as {}; by its passings it is {}", printed(told), printed(row));
            Some(Doubt { weight: Weight::Doubt, code: "published-differs", car: Some(car), says })
        };
        now.rows.iter().filter(differs).filter_map(doubt).collect()
    }

    fn level(&self, one: &Progress, other: &Progress) -> bool {
        let of = |progress: &Progress| (progress.laps, progress.end);
        self.running.ranking() == Ranking::Distance && of(one) == of(other)
    }

    /// Who is classified: in a race by the rulebook's share of the distance and the chequered signal (E6, P19), elsewhere who set a time.
    fn finishes(&self, rulebook: &Rulebook, season: &Season, order: &[Progress]) -> Vec<Finish> {
        let on = &season.calendar.sessions[self.session];
        let law = rulebook.law_at(&season.calendar, self.session);
        let class = |progress: &Progress| &season.list.entries[self.cars[progress.car]].class;
        let winner = order.first().map_or(0, |progress| progress.laps);
        let finish = |progress: &Progress| {
            if !self.started(progress.car) {
                return Finish::NotStarted;
            }
            if self.running.ranking() == Ranking::BestLap {
                return if progress.best.is_some() { Finish::Classified } else { Finish::NotClassified };
            }
            let Some(rule) = distance::rule(law, on, class(progress)) else {
                return if progress.laps > 0 { Finish::Classified } else { Finish::NotClassified };
            };
            let of = if rule.of_class_winner {
                order.iter().find(|other| class(other) == class(progress)).map_or(winner, |first| first.laps)
            } else {
                winner
            };
            let chequered = !rule.take_chequered || self.ending.at().is_none() || progress.chequered;
            // Without a lap no share is enough, but for the share of nothing: then whoever started is classified.
            let enough = if progress.laps > 0 { rule.enough(progress.laps, of) } else { rule.share == Points::ZERO };
            if enough && chequered { Finish::Classified } else { Finish::NotClassified }
        };
        order.iter().map(finish).collect()
    }

    /// Why a car is not classified in a race that ended, where its laps or the chequered signal say so; and by which rule.
    pub(crate) fn finish_words(&self, rulebook: &Rulebook, season: &Season, car: usize) -> Option<(String, Option<Cite>)> {
        self.ending.at()?;
        let order: Vec<Progress> = self.running.order().collect();
        let at = order.iter().position(|progress| progress.car == car)?;
        if self.finishes(rulebook, season, &order)[at] != Finish::NotClassified || self.running.ranking() != Ranking::Distance {
            return None;
        }
        let on = &season.calendar.sessions[self.session];
        let class = |progress: &Progress| &season.list.entries[self.cars[progress.car]].class;
        let progress = &order[at];
        let Some(rule) = distance::rule(rulebook.law_at(&season.calendar, self.session), on, class(progress)) else {
            return Some((String::from("not classified: no lap that counts"), None));
        };
        let first = if rule.of_class_winner { order.iter().find(|other| class(other) == class(progress)) } else { order.first() };
        let of = first.map_or(0, |first| first.laps);
        let whose = if rule.of_class_winner { "first of its class" } else { "winner" };
        let says = if progress.laps == 0 || !rule.enough(progress.laps, of) {
            let (own, share) = (counted(progress.laps), rule.share.exact());
            alloc::format!("not classified: it has {own}, and {share} of the {} of the {whose} is asked for", counted(of))
        } else {
            String::from("not classified: it did not take the chequered signal")
        };
        Some((says, Some(rule.cite.clone())))
    }

    /// Whether a car was heard anywhere after the start signal.
    pub fn started(&self, car: usize) -> bool {
        let Some(start) = self.start() else { return false };
        self.running.tracks()[car].crossings().iter().any(|crossing| crossing.at.0 >= start.0 - 5_000_000)
    }

    /// Whether a car completed a lap as the first.
    fn led(&self, car: usize) -> bool {
        let counted = self.running.progress(car).laps as usize;
        self.running.tracks()[car].laps()[..counted].iter().enumerate().any(|(nth, lap)| self.lead.get(nth) == Some(&lap.end))
    }

    fn fastest(&self, rows: &[ResultRow]) -> Vec<EntryId> {
        let classified = || rows.iter().filter(|row| row.finish == Finish::Classified && row.best_lap.is_some());
        let best = classified().map(|row| row.best_lap).min();
        classified().filter(|row| Some(row.best_lap) == best).map(|row| row.car.clone()).collect()
    }

    /// The crew as it was aboard, and how long each drove.
    fn drove(&self, season: &Season, progress: &Progress) -> (Vec<DriverId>, Vec<(DriverId, Micros)>) {
        let Some((start, end)) = self.start().zip(progress.end) else { return (Vec::new(), Vec::new()) };
        let mut drove: Vec<(DriverId, Micros)> = Vec::new();
        let mut of = self.stints.iter().filter(|stint| stint.car == progress.car).peekable();
        while let Some(stint) = of.next() {
            let until = of.peek().map_or(end, |next| next.from.min(end));
            let time = between(stint.from.max(start), until);
            let id = &season.list.drivers[stint.driver].id;
            match drove.iter_mut().find(|(driver, _)| driver == id) {
                Some((_, total)) => total.0 += time.0,
                None => drove.push((id.clone(), time)),
            }
        }
        let crew = drove.iter().map(|(driver, _)| driver.clone()).collect();
        (crew, drove)
    }

    /// How much of its length the race ran, in race time.
    fn raced(&self, clock: Option<RaceClock>, leader: Option<&Progress>) -> Raced {
        let schedule = self.running.schedule();
        let run = |end: Instant| clock.as_ref().map_or(Micros(0), |clock| clock.time(end));
        let planned = |time: Micros| schedule.start.map(|start| Instant(start.0.saturating_add(time.0)));
        let short = match self.ending {
            Ending::Red { at, .. } => at.or(schedule.start),
            Ending::Early { at, .. } => Some(at),
            Ending::Signalled(at) if schedule.time.and_then(planned).is_some_and(|end| at < end) => Some(at),
            Ending::Open | Ending::Due(_) | Ending::Late { .. } | Ending::Signalled(_) => None,
        };
        let (Some(end), Ranking::Distance) = (short, self.running.ranking()) else { return Raced::Full };
        let completed = leader.map_or(0, |leader| leader.laps);
        match schedule.laps {
            Some(scheduled) if schedule.time.is_none() => Raced::Laps { completed, scheduled: Some(scheduled) },
            _ => Raced::Time { run: run(end), laps: Some(completed) },
        }
    }

    /// A car as a person names it.
    pub(crate) fn label(&self, season: &Season, car: usize) -> String {
        season.list.entries[self.cars[car]].label()
    }
}

/// Laps in words: `1 lap`, `29 laps`.
pub(crate) fn counted(laps: u32) -> String {
    alloc::format!("{laps} lap{}", if laps == 1 { "" } else { "s" })
}
