//! The signals of a round in the order they were given, and which of them cannot have been: one session runs at a time, what is not open or has
//! not started is not flagged, and after the chequered signal there is nothing left to neutralise.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::accept::{Refusal, refuse};
use crate::date::Instant;
use crate::fact::{Fact, What};
use crate::meeting_fact::{MeetingFact, Signal};
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// A signal with its moment, its session and the number of its fact.
type Given<'a> = (Instant, &'a SessionName, Signal, u64);

/// What a session was given so far.
#[derive(Default)]
struct So {
    opened: bool,
    /// The flag that is out; none before the start.
    flag: Option<Signal>,
    chequered: bool,
}

/// Whether one more signal fits among those of its round, also among the later ones where it is told belatedly.
pub(crate) fn fits(season: &Season, session: &SessionName, signal: Signal, happened: Instant) -> Result<(), Refusal> {
    let before = of_round(&season.live(Moment::NOW), session.round);
    let at = before.partition_point(|(given, ..)| *given <= happened);
    let mut with = before.clone();
    let number = season.next_number();
    with.insert(at, (happened, session, signal, number));
    // A journal from elsewhere may hold wrong ones already; they do not stand in the way of what mends them.
    let known: BTreeSet<u64> = wrong(&before).into_iter().map(|(fact, ..)| fact).collect();
    let found = wrong(&with);
    if let Some((.., refusal)) = found.iter().find(|(fact, ..)| *fact == number) {
        return Err(refusal.clone());
    }
    match found.into_iter().find(|(fact, ..)| !known.contains(fact)) {
        None => Ok(()),
        Some((_, of, later, refusal)) => {
            let reason = alloc::format!("given then, it cannot go with the later {} of {of}: {}", later.word(), refusal.reason);
            Err(refuse("contradicts-later", reason, "give the time it happened, or undo the later signal first"))
        }
    }
}

/// Whether the signals that an undo brings back fit among the others. What it takes away may leave others wrong, each a finding: the way to
/// mend one is to undo it and to give it anew.
pub(crate) fn brought_back(season: &Season, undo: &Fact) -> Result<(), Refusal> {
    let (live, number) = (season.live(Moment::NOW), undo.number);
    let mut after = season.clone();
    after.apply(undo);
    let after = after.live(Moment::NOW);
    let there: BTreeSet<u64> = live.iter().map(|fact| fact.number).collect();
    let back = after.iter().find(|fact| fact.number != number && !there.contains(&fact.number));
    let Some((back, session)) = back.and_then(|fact| Some((fact.number, signal_of(fact)?.1))) else { return Ok(()) };
    let known: BTreeSet<u64> = wrong(&of_round(&live, session.round)).into_iter().map(|(fact, ..)| fact).collect();
    match wrong(&of_round(&after, session.round)).into_iter().find(|(fact, ..)| !known.contains(fact)) {
        None => Ok(()),
        Some((_, of, signal, refusal)) => {
            let reason =
                alloc::format!("it would bring back fact {back}, with which the {} of {of} cannot go: {}", signal.word(), refusal.reason);
            Err(refuse(refusal.code, reason, "undo the signal that took its place first"))
        }
    }
}

/// The signals of a season that cannot have been given, each with the number of its fact: journals from elsewhere hold such, and so does a season
/// in which one was undone.
pub(crate) fn contradicting(live: &[&Fact]) -> Vec<(u64, Refusal)> {
    let rounds: BTreeSet<u16> = live.iter().filter_map(|fact| Some(signal_of(fact)?.1.round)).collect();
    let wrong = rounds.into_iter().flat_map(|round| wrong(&of_round(live, round)));
    wrong.map(|(fact, _, signal, refusal)| (fact, told(signal, refusal))).collect()
}

/// The same of one session.
pub(crate) fn contradicting_in(live: &[&Fact], session: &SessionName) -> Vec<(u64, Refusal)> {
    let wrong = wrong(&of_round(live, session.round)).into_iter().filter(|(_, of, ..)| *of == session);
    wrong.map(|(fact, _, signal, refusal)| (fact, told(signal, refusal))).collect()
}

/// Whether a session was opened: passings belong to it.
pub(crate) fn opened(live: &[&Fact], session: &SessionName) -> bool {
    live.iter().filter_map(signal_of).any(|(_, of, signal, _)| of == session && signal == Signal::Open)
}

fn told(signal: Signal, refusal: Refusal) -> Refusal {
    Refusal { reason: alloc::format!("the signal {} cannot have been given then: {}", signal.word(), refusal.reason), ..refusal }
}

fn signal_of<'a>(fact: &&'a Fact) -> Option<Given<'a>> {
    if let What::Meeting(MeetingFact::Signal { session, signal }) = &fact.what {
        Some((fact.happened, session, *signal, fact.number))
    } else {
        None
    }
}

fn of_round<'a>(live: &[&'a Fact], round: u16) -> Vec<Given<'a>> {
    live.iter().filter_map(signal_of).filter(|(_, session, ..)| session.round == round).collect()
}

/// The signals that cannot have been given after those before them: fact, session, signal, why.
fn wrong<'a>(signals: &[Given<'a>]) -> Vec<(u64, &'a SessionName, Signal, Refusal)> {
    let mut running: Option<&SessionName> = None;
    let mut sessions: BTreeMap<&SessionName, So> = BTreeMap::new();
    let mut found = Vec::new();
    for &(_, session, signal, fact) in signals {
        let so = sessions.entry(session).or_default();
        if let Err(refusal) = one(session, signal, running, so) {
            found.push((fact, session, signal, refusal));
            continue;
        }
        match signal {
            Signal::Open => (running, so.opened) = (Some(session), true),
            Signal::Chequered => so.chequered = true,
            Signal::Close => running = None,
            Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red => so.flag = Some(signal),
        }
    }
    found
}

fn one(session: &SessionName, signal: Signal, running: Option<&SessionName>, so: &So) -> Result<(), Refusal> {
    match (signal, running) {
        (Signal::Open, Some(other)) if other != session => {
            Err(refuse("session-running", alloc::format!("{other} is still open"), "close it first, or undo its opening"))
        }
        (Signal::Open, Some(_)) => Err(refuse(
            "opened-before",
            alloc::format!("{session} is open already"),
            "nothing to do; undo its opening if its time is wrong",
        )),
        (Signal::Open, None) if so.opened => {
            Err(refuse("opened-before", alloc::format!("{session} was opened before, and closed"), "undo what closed it to go on with it"))
        }
        (Signal::Open, None) => Ok(()),
        (_, running) if running != Some(session) => Err(refuse(
            "not-open",
            alloc::format!("{session} is {} at that time", if so.opened { "closed" } else { "not open" }),
            if so.opened {
                "give the time before it was closed, or undo its closing"
            } else {
                "open the session first; see `meeting` for its state"
            },
        )),
        (Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red | Signal::Chequered, _) if so.flag.is_none() => {
            Err(refuse("not-started", alloc::format!("{session} has not started"), "give the start signal (green) first"))
        }
        (Signal::Chequered, _) if so.chequered => Err(refuse(
            "chequered-before",
            alloc::format!("the chequered signal of {session} was given before"),
            "undo the first if it is wrong",
        )),
        // A red flag may still be shown to those on their way in; nobody races any more.
        (Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar, _) if so.chequered => Err(refuse(
            "after-chequered",
            alloc::format!("the chequered signal of {session} was given before"),
            "give the time it happened, or undo the chequered signal if that is wrong",
        )),
        (Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red, _) if so.flag == Some(signal) => Err(refuse(
            "shown-already",
            alloc::format!("{session} is {} already", state_of(signal)),
            "nothing to do; undo the first if its time is wrong",
        )),
        (Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red | Signal::Chequered | Signal::Close, _) => Ok(()),
    }
}

/// What a session is while a signal is out.
fn state_of(signal: Signal) -> &'static str {
    match signal {
        Signal::Green => "green",
        Signal::FullCourseYellow => "under a full-course yellow",
        Signal::SafetyCar => "behind the safety car",
        Signal::Red => "under a red flag",
        Signal::Open | Signal::Chequered | Signal::Close => signal.word(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signals of one race, each with its moment, and the facts among them that are told.
    fn told(signals: &[(i64, Signal)]) -> Vec<(u64, &'static str)> {
        let session = SessionName { round: 1, id: "race".into() };
        let fact = |(number, (at, signal)): (u64, &(i64, Signal))| Fact {
            number,
            happened: Instant(*at),
            recorded: Instant(*at),
            by: "a".into(),
            citation: "b".into(),
            what: What::Meeting(MeetingFact::Signal { session: session.clone(), signal: *signal }),
        };
        let facts: Vec<Fact> = (1..).zip(signals).map(fact).collect();
        contradicting(&facts.iter().collect::<Vec<_>>()).into_iter().map(|(fact, refusal)| (fact, refusal.code)).collect()
    }

    #[test]
    fn a_journal_from_elsewhere_is_told_what_cannot_have_been() {
        let begun = [(1, Signal::Open), (2, Signal::Green)];
        let so = |rest: &[(i64, Signal)]| told(&[&begun[..], rest].concat());
        assert_eq!(so(&[(3, Signal::SafetyCar), (4, Signal::FullCourseYellow), (5, Signal::Green), (6, Signal::Chequered)]), []);
        assert_eq!(so(&[(3, Signal::Red), (4, Signal::Green), (5, Signal::Chequered), (6, Signal::Red), (7, Signal::Close)]), []);
        assert_eq!(so(&[(3, Signal::Close), (4, Signal::Chequered)]), [(4, "not-open")], "closed before its signal");
        assert_eq!(so(&[(3, Signal::Green), (4, Signal::SafetyCar), (5, Signal::SafetyCar)]), [(3, "shown-already"), (5, "shown-already")]);
        assert_eq!(
            so(&[(3, Signal::Chequered), (4, Signal::SafetyCar), (5, Signal::Green)]),
            [(4, "after-chequered"), (5, "after-chequered")]
        );
        assert_eq!(so(&[(3, Signal::Open)]), [(3, "opened-before")]);
    }
}
