//! The pit board: for every car of a race the window, what it owes, from when it may leave, and what its stops break (C1–C6).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::date::{Instant, Micros};
use crate::evaluate::as_known;
use crate::fact::{Fact, What};
use crate::ledger::Due;
use crate::line::{Line, LineKind};
use crate::live_session::{LiveSession, Stint};
use crate::meeting_fact::{MeetingFact, Signal};
use crate::pit_visit::{PitVisit, visits};
use crate::rulebook::Rulebook;
use crate::rulebook::success::SuccessUnit;
use crate::rulebook::weekend::PitStop;
use crate::rules::end::neutralised;
use crate::rules::stops::{Board, Breach, Stops};
use crate::rules::tariff::{Offence, Proposal, proposal};
use crate::running::Ranking;
use crate::season::{Moment, Season};

/// A car on the board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitCar {
    /// Position in [`LiveSession::cars`].
    pub car: usize,
    /// Success seconds due in this race.
    pub due: Micros,
    /// Its visits to the pit lane since the start.
    pub visits: Vec<PitVisit>,
    /// Window, minimum, earliest exit, breaches.
    pub board: Board,
    /// From when to when the window is open, as far as is known; as planned, while it waits for a signal to end.
    pub opening: (Instant, Instant),
    /// The signal whose end it waits for, or will have to if that is still in force when it is to open (C4).
    pub awaits: Option<Signal>,
}

/// The lines between which a stop is measured (C2, case 6).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PitZone {
    /// Where it begins.
    pub entry: Line,
    /// Where it ends.
    pub exit: Line,
}

impl fmt::Display for PitZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} m to {} at {} m", self.entry.id, self.entry.at, self.exit.id, self.exit.at)
    }
}

/// A driver is asked for so long after the car left: the system that tells who is aboard is not a loop at the exit line.
pub(crate) const SETTLED: i64 = 30_000_000;

impl LiveSession {
    /// What the tariff proposes for a breach. Nothing is a penalty until a person confirms it (C3).
    pub fn proposal(&self, rulebook: &Rulebook, season: &Season, car: usize, breach: &Breach) -> Option<Proposal> {
        self.proposed(rulebook, season, car, breach.offence()?, breach.shortfall())
    }

    /// What the tariff proposes for an offence of a car here, by its id.
    pub(crate) fn proposed(&self, rulebook: &Rulebook, season: &Season, car: usize, id: &str, shortfall: Micros) -> Option<Proposal> {
        let session = &season.calendar.sessions[self.session];
        let next = season.calendar.next_race(self.session).map(|at| season.calendar.sessions[at].name.clone());
        let of = Offence {
            id: String::from(id),
            session: session.name.clone(),
            car: season.list.entries[self.cars[car]].id.clone(),
            shortfall,
            next_race: next,
        };
        proposal(rulebook.law_at(&season.calendar, self.session), &of)
    }

    /// The board; `None` where the session is no race, the rulebook asks for no stop, the circuit's lines do not say where the pit lane begins and
    /// ends, or the race has not started. What was due is what was known to be when it started: a decision taken later makes no stop too short (D3).
    pub fn pit_board(&self, rulebook: &Rulebook, season: &Season) -> Option<Vec<PitCar>> {
        let (rule, start) = self.stop_rule(rulebook, season).zip(self.start())?;
        self.pit_zone().filter(|_| self.running.ranking() == Ranking::Distance)?;
        let circuit = &season.calendar.round(season.calendar.sessions[self.session].name.round)?.circuit;
        let (clock, neutral) = (self.race_clock(rulebook, season)?, neutralised(&self.signals));
        let layout = self.running.layout();
        let live = season.live(Moment { known: self.known, in_force: self.now });
        let ledger = as_known(rulebook, season, &live, start, self.session);
        let served: Vec<&Fact> =
            live.into_iter().filter(|fact| matches!(fact.what, What::Meeting(MeetingFact::PenaltyServed { .. }))).collect();
        let car = |car: usize| {
            let due = due(&ledger, self.session, self.cars[car]);
            let ended = self.ending.at().unwrap_or(Instant::FOREVER);
            let since = |visit: &PitVisit| visit.entry.or(visit.exit).is_some_and(|crossing| crossing.at >= start && crossing.at < ended);
            let visits: Vec<PitVisit> = visits(layout, &self.running.tracks()[car]).into_iter().filter(since).collect();
            let served = self.served(season, &served, car);
            let heard = self.running.tracks()[car].crossings().iter().rfind(|crossing| !crossing.impossible).map(|crossing| crossing.at);
            let (now, ended) = (self.now, self.ending.at());
            let stops = Stops { rule, circuit, due, clock: &clock, now, neutral: &neutral, served: &served, ended, heard };
            // Of a crew of one nobody can take over; that it may race so is another rule's matter.
            let entry = &season.list.entries[self.cars[car]];
            let alone = entry.spell(season.calendar.sessions[self.session].name.round).is_some_and(|spell| spell.crew.len() < 2);
            let mut board = stops.board(layout, &visits, |visit| if alone { None } else { self.changed(car, &visits, visit) });
            // Somebody else drives, so it stood somewhere: the loops of the pit lane were not listening.
            if visits.is_empty() && self.others(car, start) {
                let unread = |breach: &mut Breach| {
                    if matches!(breach, Breach::Missing { .. }) {
                        *breach = Breach::Unread { visit: None };
                    }
                };
                board.breaches.iter_mut().for_each(unread);
            }
            let planned = (clock.when(rule.opens), clock.when(rule.closes));
            let (opening, awaits) = stops.opening().map_or_else(|signal| (planned, Some(signal)), |opening| (opening, None));
            PitCar { car, due, visits, board, opening, awaits }
        };
        Some((0..self.cars.len()).map(car).collect())
    }

    /// The lines between which stops are measured; `None` where the circuit has no such lines.
    pub fn pit_zone(&self) -> Option<PitZone> {
        let line = |kind| self.running.layout().lines().iter().find(|line| line.kind == kind).cloned();
        Some(PitZone { entry: line(LineKind::PitEntry)?, exit: line(LineKind::PitExit)? })
    }

    /// The rule of the mandatory stop, with where it is written.
    pub fn stop_rule<'a>(&self, rulebook: &'a Rulebook, season: &Season) -> Option<&'a PitStop> {
        rulebook.law_at(&season.calendar, self.session).pit_stop.as_ref()
    }

    /// When a car served penalties at the pit lane.
    fn served(&self, season: &Season, facts: &[&Fact], car: usize) -> Vec<Instant> {
        let id = &season.list.entries[self.cars[car]].id;
        let of = |fact: &&&Fact| matches!(&fact.what, What::Meeting(MeetingFact::PenaltyServed { car, .. }) if car == id);
        facts.iter().filter(of).map(|fact| fact.happened).collect()
    }

    /// Whether another driver took over at a visit; `None` where nobody said who was aboard before it, or since. Who is named after it, be it late, is
    /// who took over there, until the next visit. That nothing was said of anybody else does not say that the same driver stayed aboard.
    pub fn changed(&self, car: usize, visits: &[PitVisit], at: usize) -> Option<bool> {
        let (entry, exit) = (visits[at].entry?.at, visits[at].exit?.at);
        let before = self.driver(car, entry)?;
        let next = visits.get(at + 1).and_then(|next| next.entry.or(next.exit)).map_or(Instant::FOREVER, |crossing| crossing.at);
        let settled = Instant(exit.0.saturating_add(SETTLED));
        let said: Vec<&Stint> = self.stints.iter().filter(|stint| stint.car == car && stint.from > entry && stint.from <= next).collect();
        let (soon, late) = said.split_at(said.partition_point(|stint| stint.from <= settled));
        let other = |stint: &&&Stint| stint.driver != before;
        (!said.is_empty()).then(|| soon.last().filter(other).or_else(|| late.iter().find(other)).is_some())
    }

    /// Whether more than one driver was aboard a car since the start.
    fn others(&self, car: usize, start: Instant) -> bool {
        let first = self.driver(car, start);
        let mut since = self.stints.iter().filter(|stint| stint.car == car && stint.from > start).map(|stint| stint.driver);
        let first = first.or_else(|| since.next());
        since.any(|driver| Some(driver) != first)
    }
}

/// Success seconds a car owes in a race.
fn due(ledger: &[Due], session: usize, entry: usize) -> Micros {
    let of = |due: &&Due| due.due_in == Some(session) && due.entry == entry && due.unit == SuccessUnit::Time;
    Micros(ledger.iter().filter(of).map(|due| due.amount.0).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::DueState;

    /// Ballast is carried, not waited for; seconds of another race or another car are no concern of this stop (D1, D2).
    #[test]
    fn only_success_seconds_of_this_car_and_race_lengthen_its_stop() {
        let due = |entry, due_in, unit, seconds| Due {
            class: "GT3".into(),
            entry,
            earned_in: Some(0),
            place: 1,
            amount: Micros::seconds(seconds),
            unit,
            due_in,
            served: None,
            state: DueState::Upcoming,
        };
        let ledger = [
            due(0, Some(1), SuccessUnit::Time, 15),
            due(0, Some(1), SuccessUnit::Ballast, 20),
            due(0, Some(2), SuccessUnit::Time, 10),
            due(0, None, SuccessUnit::Time, 5),
            due(1, Some(1), SuccessUnit::Time, 7),
            due(0, Some(1), SuccessUnit::Time, 1),
        ];
        assert_eq!(super::due(&ledger, 1, 0), Micros::seconds(16));
        assert_eq!(super::due(&ledger, 1, 2), Micros(0));
    }
}
