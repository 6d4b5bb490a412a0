//! A meeting as the facts tell it: the signals, the timetable, which transponder is in which car, what sources sent, who is aboard.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::date::Instant;
use crate::fact::{Fact, What};
use crate::line::Layout;
use crate::meeting_fact::{AboardHow, MeetingFact, Signal, Verdict};
use crate::names::{DriverId, EntryId};
use crate::passing::{Passing, PassingId, Transponder};
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// A signal as it was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Given<'a> {
    /// When.
    pub at: Instant,
    /// In which session.
    pub session: &'a SessionName,
    /// The signal.
    pub signal: Signal,
    /// The fact.
    pub fact: u64,
}

/// A driver who took over a car.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TookOver<'a> {
    /// When.
    pub at: Instant,
    /// In which session.
    pub session: &'a SessionName,
    /// The car.
    pub car: &'a EntryId,
    /// The driver.
    pub driver: &'a DriverId,
    /// How it is known.
    pub how: AboardHow,
    /// The fact.
    pub fact: u64,
}

/// What one source sent in one go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch<'a> {
    /// The fact.
    pub(crate) fact: u32,
    /// When it arrived here, by our clock.
    pub(crate) arrived: Instant,
    /// Position of the source in the layout.
    pub(crate) source: u8,
    /// As sent.
    pub(crate) passings: &'a [Passing],
}

/// A transponder fitted to a car from a passing time on.
#[derive(Clone, Copy, Debug)]
struct Fitting {
    transponder: Transponder,
    from: Instant,
    /// Position in the entry list.
    car: usize,
}

/// The facts of one round's meeting.
#[derive(Clone, Debug)]
pub struct Meeting<'a> {
    /// The signals, in order.
    pub signals: Vec<Given<'a>>,
    /// When sessions are to begin, as last told.
    pub timetable: BTreeMap<&'a SessionName, Instant>,
    /// Who took over which car, in order.
    pub aboard: Vec<TookOver<'a>>,
    /// By transponder; of one transponder the latest told comes last.
    fittings: Vec<Fitting>,
    /// What persons made of passings, and why; of one passing the last verdict.
    judged: BTreeMap<PassingId, (&'a Verdict, &'a str)>,
    pub(crate) batches: Vec<Batch<'a>>,
}

/// The session that was opened last by a moment, by position on the calendar.
pub fn opened_last(season: &Season, moment: Moment) -> Option<usize> {
    let opened = |fact: &&&Fact| matches!(&fact.what, What::Meeting(MeetingFact::Signal { signal: Signal::Open, .. }));
    let live = season.live(moment);
    let last = live.iter().rev().find(opened)?;
    if let What::Meeting(MeetingFact::Signal { session, .. }) = &last.what { season.calendar.find(session) } else { None }
}

impl<'a> Meeting<'a> {
    /// Reads the facts that count (see [`Season::live`]).
    pub fn of(season: &Season, live: &[&'a Fact], round: u16) -> Self {
        let mut meeting = Self {
            signals: Vec::new(),
            timetable: BTreeMap::new(),
            aboard: Vec::new(),
            fittings: Vec::new(),
            judged: BTreeMap::new(),
            batches: Vec::new(),
        };
        let layout = season.calendar.round(round).and_then(|round| round.layout.as_ref());
        for fact in live {
            if let What::Meeting(what) = &fact.what {
                meeting.take(season, layout, round, fact, what);
            }
        }
        // Stable: of one transponder the order they were told in stays.
        meeting.fittings.sort_by_key(|fitting| fitting.transponder);
        meeting
    }

    fn take(&mut self, season: &Season, layout: Option<&Layout>, round: u16, fact: &'a Fact, what: &'a MeetingFact) {
        let at = fact.happened;
        match what {
            MeetingFact::Heard(heard) => {
                let source = layout.and_then(|layout| layout.sources().iter().position(|source| source.id == heard.source));
                let (Some(source), true) = (source, heard.round == round) else { return };
                let source = u8::try_from(source).expect("a layout has fewer than 256 sources");
                let fact = u32::try_from(fact.number).expect("a journal has fewer than four billion facts");
                self.batches.push(Batch { fact, arrived: at, source, passings: &heard.passings });
            }
            MeetingFact::Signal { session, signal } if session.round == round => {
                self.signals.push(Given { at, session, signal: *signal, fact: fact.number });
            }
            MeetingFact::Timetable { session, at } if session.round == round => {
                self.timetable.insert(session, *at);
            }
            MeetingFact::Transponder { round: of, transponder, car, from } if *of == round => {
                let from = from.unwrap_or(Instant(i64::MIN));
                self.fittings.extend(season.list.entry(car).map(|car| Fitting { transponder: *transponder, from, car }));
            }
            MeetingFact::Aboard { session, car, driver, how } if session.round == round => {
                self.aboard.push(TookOver { at, session, car, driver, how: *how, fact: fact.number });
            }
            MeetingFact::Judged { passing, verdict, reason } => {
                self.judged.insert(*passing, (verdict, reason));
            }
            MeetingFact::Signal { .. }
            | MeetingFact::Timetable { .. }
            | MeetingFact::Transponder { .. }
            | MeetingFact::Aboard { .. }
            | MeetingFact::Incident(_)
            | MeetingFact::PenaltyServed { .. }
            | MeetingFact::Measured(_)
            | MeetingFact::TyreSet { .. } => {}
        }
    }

    /// The signals of one session, in order.
    pub fn signals_of(&self, session: &SessionName) -> impl Iterator<Item = Given<'a>> {
        self.signals.iter().copied().filter(move |given| given.session == session)
    }

    /// From when to when passings belong to a session: from its opening until it is closed, or another is opened. `None` where it was never opened.
    pub fn span(&self, session: &SessionName) -> Option<(Instant, Instant)> {
        let open = self.signals_of(session).find(|given| given.signal == Signal::Open)?.at;
        let closes = |given: &&Given<'_>| {
            given.at > open && if given.session == session { given.signal == Signal::Close } else { given.signal == Signal::Open }
        };
        Some((open, self.signals.iter().find(closes).map_or(Instant::FOREVER, |given| given.at)))
    }

    /// The session that is open at the end of what is known.
    pub fn running(&self) -> Option<&'a SessionName> {
        let last = self.signals.iter().rev().find(|given| matches!(given.signal, Signal::Open | Signal::Close))?;
        (last.signal == Signal::Open).then_some(last.session)
    }

    /// The car a transponder is in at a passing time.
    pub(crate) fn fitted(&self, transponder: Transponder, at: Instant) -> Option<usize> {
        let begin = self.fittings.partition_point(|fitting| fitting.transponder < transponder);
        let of = self.fittings[begin..].iter().take_while(|fitting| fitting.transponder == transponder);
        of.filter(|fitting| fitting.from <= at).last().map(|fitting| fitting.car)
    }

    /// Transponders that more than one car was fitted with, with those cars.
    pub(crate) fn refitted(&self) -> Vec<(Transponder, Vec<usize>)> {
        let mut cars: BTreeMap<Transponder, Vec<usize>> = BTreeMap::new();
        for fitting in &self.fittings {
            let of = cars.entry(fitting.transponder).or_default();
            if !of.contains(&fitting.car) {
                of.push(fitting.car);
            }
        }
        cars.into_iter().filter(|(_, cars)| cars.len() > 1).collect()
    }

    /// What a person made of a passing.
    pub(crate) fn verdict(&self, passing: PassingId) -> Option<&'a Verdict> {
        self.judgement(passing).map(|(verdict, _)| verdict)
    }

    /// The same, with the reason.
    pub(crate) fn judgement(&self, passing: PassingId) -> Option<(&'a Verdict, &'a str)> {
        // Most meetings have none, and a race has thousands of passings.
        if self.judged.is_empty() { None } else { self.judged.get(&passing).copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionName;

    fn empty<'a>() -> Meeting<'a> {
        Meeting {
            signals: Vec::new(),
            timetable: BTreeMap::new(),
            aboard: Vec::new(),
            fittings: Vec::new(),
            judged: BTreeMap::new(),
            batches: Vec::new(),
        }
    }

    /// A journal from elsewhere may lack the closing of a session: what follows belongs to the one that was opened next.
    #[test]
    fn a_session_ends_where_another_is_opened() {
        let [q1, q2] = ["q1", "q2"].map(|id| SessionName { round: 1, id: id.into() });
        let given = |at, session, signal| Given { at: Instant(at), session, signal, fact: 1 };
        let signals = alloc::vec![
            given(10, &q1, Signal::Open),
            given(20, &q1, Signal::Green),
            given(90, &q2, Signal::Open),
            given(95, &q2, Signal::Green),
            given(99, &q1, Signal::Close),
        ];
        let meeting = Meeting { signals, ..empty() };
        assert_eq!(meeting.span(&q1), Some((Instant(10), Instant(90))));
        assert_eq!(meeting.span(&q2), Some((Instant(90), Instant::FOREVER)), "another session's close is not its own");
    }

    #[test]
    fn a_transponder_is_in_the_car_it_was_fitted_to_last() {
        let fitting = |car, from| Fitting { transponder: Transponder(7), from: Instant(from), car };
        let meeting = Meeting { fittings: alloc::vec![fitting(0, i64::MIN), fitting(1, 100), fitting(2, 200)], ..empty() };
        let of = |at| meeting.fitted(Transponder(7), Instant(at));
        assert_eq!([of(99), of(100), of(199), of(200)], [Some(0), Some(1), Some(1), Some(2)]);
        assert_eq!(meeting.fitted(Transponder(8), Instant(99)), None);
    }
}
