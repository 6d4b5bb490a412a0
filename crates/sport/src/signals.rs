//! The signals of a round in the order they were given, and which of them cannot have been: one session runs at a time, and what is not open or
//! has not started is not flagged.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::accept::{Refusal, refuse};
use crate::date::Instant;
use crate::fact::What;
use crate::meeting_fact::{MeetingFact, Signal};
use crate::season::{Moment, Season};
use crate::session::SessionName;

/// A signal with its moment and its session.
type Given<'a> = (Instant, &'a SessionName, Signal);

/// What a session was given so far.
#[derive(Default)]
struct So {
    opened: bool,
    started: bool,
    chequered: bool,
}

/// Whether one more signal fits among those of its round, also among the later ones where it is told belatedly.
pub(crate) fn fits(season: &Season, session: &SessionName, signal: Signal, happened: Instant) -> Result<(), Refusal> {
    let before = of_round(season, session.round);
    let at = before.partition_point(|(given, _, _)| *given <= happened);
    let mut with = before.clone();
    with.insert(at, (happened, session, signal));
    // A journal from elsewhere may hold wrong ones already; they do not stand in the way of what mends them.
    let known = wrong(&before).len();
    let found = wrong(&with);
    if let Some((_, refusal)) = found.iter().find(|(place, _)| *place == at) {
        return Err(refusal.clone());
    }
    match found.into_iter().find(|(place, _)| *place > at).filter(|_| known == 0) {
        None => Ok(()),
        Some((place, refusal)) => {
            let (_, of, later) = with[place];
            let reason = alloc::format!("given then, it cannot go with the later {} of {of}: {}", later.word(), refusal.reason);
            Err(refuse("contradicts-later", reason, "give the time it happened, or undo the later signal first"))
        }
    }
}

fn of_round(season: &Season, round: u16) -> Vec<Given<'_>> {
    let given = season.live(Moment::NOW).into_iter().filter_map(|fact| {
        if let What::Meeting(MeetingFact::Signal { session, signal }) = &fact.what { Some((fact.happened, session, *signal)) } else { None }
    });
    given.filter(|(_, session, _)| session.round == round).collect()
}

/// The signals that cannot have been given after those before them, by position.
fn wrong(signals: &[Given<'_>]) -> Vec<(usize, Refusal)> {
    let mut running: Option<&SessionName> = None;
    let mut sessions: BTreeMap<&SessionName, So> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, &(_, session, signal)) in signals.iter().enumerate() {
        let so = sessions.entry(session).or_default();
        if let Err(refusal) = one(session, signal, running, so) {
            found.push((at, refusal));
            continue;
        }
        match signal {
            Signal::Open => (running, so.opened) = (Some(session), true),
            Signal::Green => so.started = true,
            Signal::Chequered => so.chequered = true,
            Signal::Close => running = None,
            Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red => {}
        }
    }
    found
}

fn one(session: &SessionName, signal: Signal, running: Option<&SessionName>, so: &So) -> Result<(), Refusal> {
    match (signal, running) {
        (Signal::Open, Some(other)) if other != session => {
            Err(refuse("session-running", alloc::format!("{other} is still open"), "close it first, or undo its opening"))
        }
        (Signal::Open, _) if so.opened => {
            Err(refuse("opened-before", alloc::format!("{session} was opened before"), "undo what closed it to go on with it"))
        }
        (Signal::Open, _) => Ok(()),
        (_, running) if running != Some(session) => Err(refuse(
            "not-open",
            alloc::format!("{session} is not open at that time"),
            "open the session first; see `meeting` for its state",
        )),
        (Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red | Signal::Chequered, _) if !so.started => {
            Err(refuse("not-started", alloc::format!("{session} has not started"), "give the start signal (green) first"))
        }
        (Signal::Chequered, _) if so.chequered => Err(refuse(
            "chequered-before",
            alloc::format!("the chequered signal of {session} was given before"),
            "undo the first if it is wrong",
        )),
        (Signal::Green | Signal::FullCourseYellow | Signal::SafetyCar | Signal::Red | Signal::Chequered | Signal::Close, _) => Ok(()),
    }
}
