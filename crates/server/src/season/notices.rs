//! The notice board: everything that was published or decided, by fact, what was undone among it.

use std::collections::BTreeMap;

use serde::Serialize;
use sport::date::Instant;
use sport::decision::{Against, Effect};
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::names::EntryId;
use sport::session::SessionName;
use utoipa::ToSchema;

use crate::clock::printed;
use crate::named::CarNamed;
use crate::season::{Known, SessionTitle};
use crate::sentences::{round_by_id, round_of};

/// What kind of notice a fact is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Timetable,
    Entries,
    Grid,
    Result,
    Incident,
    Decision,
    Matter,
    Success,
    Bulletin,
    Correction,
    /// What is recorded while a meeting runs, and no notice: passings, signals, who is aboard.
    Record,
}

impl Kind {
    /// Those on the board, with the word each is written as and its title.
    pub(crate) const BOARD: [(&'static str, Self, &'static str); 10] = [
        ("timetable", Self::Timetable, "Timetable"),
        ("entries", Self::Entries, "Entry list"),
        ("grid", Self::Grid, "Grids"),
        ("result", Self::Result, "Results"),
        ("incident", Self::Incident, "Incidents"),
        ("decision", Self::Decision, "Decisions"),
        ("matter", Self::Matter, "Protests and appeals"),
        ("success", Self::Success, "Success penalties"),
        ("bulletin", Self::Bulletin, "Bulletins"),
        ("correction", Self::Correction, "Corrections"),
    ];

    pub(crate) fn word(self) -> &'static str {
        Self::BOARD.iter().find(|(_, kind, _)| *kind == self).map_or("record", |(word, ..)| word)
    }

    pub(crate) fn of(what: &What) -> Self {
        match what {
            What::Result(_) => Self::Result,
            What::Grid(_) => Self::Grid,
            What::Decision(_) => Self::Decision,
            What::Matter(_) => Self::Matter,
            What::Status { .. } | What::Grade { .. } | What::Nomination { .. } => Self::Entries,
            What::Bop(_) => Self::Bulletin,
            What::Served(_) => Self::Success,
            What::Undo { .. } => Self::Correction,
            What::Meeting(fact) => match fact {
                MeetingFact::Timetable { .. } => Self::Timetable,
                MeetingFact::Incident(_) => Self::Incident,
                MeetingFact::Heard(_)
                | MeetingFact::Signal { .. }
                | MeetingFact::Transponder { .. }
                | MeetingFact::Aboard { .. }
                | MeetingFact::Judged { .. }
                | MeetingFact::Measured(_)
                | MeetingFact::TyreSet { .. }
                | MeetingFact::PenaltyServed { .. } => Self::Record,
            },
        }
    }
}

/// A notice.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Notice {
    /// The number of its fact: its number on the board.
    pub(crate) fact: u64,
    /// `timetable`, `entries`, `grid`, `result`, `incident`, `decision`, `matter`, `success`, `bulletin`, `correction`; `record` for what is
    /// recorded and no notice.
    pub(crate) kind: String,
    /// What it is: `Race 1: provisional result`.
    pub(crate) title: String,
    /// What it says, in a sentence.
    pub(crate) says: String,
    /// The rounds it is about; empty where it is about the season.
    pub(crate) rounds: Vec<u16>,
    /// The session it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<SessionTitle>,
    /// The cars it is about, where it is about some.
    pub(crate) cars: Vec<CarNamed>,
    /// When it happened, RFC 3339.
    pub(crate) happened: String,
    /// When it was recorded, RFC 3339.
    pub(crate) recorded: String,
    /// The fact that undid it: it has no effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) undone_by: Option<u64>,
    /// The fact it undoes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) undoes: Option<u64>,
}

/// Which notices are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) round: Option<u16>,
    pub(crate) kind: Option<Kind>,
    /// Only those with a lower number.
    pub(crate) before: Option<u64>,
    /// At most so many.
    pub(crate) most: usize,
}

/// The notices that are asked for, the newest first, and whether there are more.
pub(crate) fn board(known: &Known<'_>, wanted: Wanted) -> (Vec<Notice>, bool) {
    let undone = known.season.undone(Instant::FOREVER);
    let facts = known.season.facts();
    let on = |fact: &&&Fact| {
        wanted.before.is_none_or(|before| fact.number < before)
            && posted(facts, fact)
            && wanted.kind.is_none_or(|kind| kind == Kind::of(&fact.what))
            && wanted.round.is_none_or(|round| rounds(known, fact).contains(&round))
    };
    let mut newest = facts.iter().rev().filter(|fact| on(&fact));
    let notices: Vec<Notice> = newest.by_ref().take(wanted.most).map(|fact| notice(known, fact, &undone)).collect();
    let more = newest.next().is_some();
    (notices, more)
}

/// Whether a fact is on the board: an undo is where what it undoes is.
fn posted(facts: &[Fact], fact: &Fact) -> bool {
    root(facts, fact).is_some_and(|root| Kind::of(&root.what) != Kind::Record)
}

/// What a fact is about in the end: itself, or what it undoes, or what that undoes.
fn root<'a>(facts: &'a [Fact], fact: &'a Fact) -> Option<&'a Fact> {
    let mut at = fact;
    while let What::Undo { fact: earlier, .. } = &at.what {
        // A journal from elsewhere may say anything; a fact undoes an earlier one.
        at = find(facts, *earlier).filter(|earlier| earlier.number < at.number)?;
    }
    Some(at)
}

/// A fact by its number; facts are in order of their numbers.
pub(crate) fn find(facts: &[Fact], number: u64) -> Option<&Fact> {
    facts.binary_search_by_key(&number, |fact| fact.number).ok().map(|at| &facts[at])
}

/// A fact as a notice.
pub(crate) fn notice(known: &Known<'_>, fact: &Fact, undone: &BTreeMap<u64, u64>) -> Notice {
    let teller = known.teller();
    Notice {
        fact: fact.number,
        kind: Kind::of(&fact.what).word().to_owned(),
        title: teller.heading(&fact.what),
        says: teller.sentence(&fact.what),
        rounds: rounds(known, fact),
        session: session(&fact.what).map(|session| known.session(session)),
        cars: cars(&fact.what).into_iter().map(|car| known.car_of(car)).collect(),
        happened: printed(fact.happened),
        recorded: printed(fact.recorded),
        undone_by: undone.get(&fact.number).copied(),
        undoes: if let What::Undo { fact, .. } = &fact.what { Some(*fact) } else { None },
    }
}

/// The rounds a fact is about.
pub(crate) fn rounds(known: &Known<'_>, fact: &Fact) -> Vec<u16> {
    let season = known.season;
    let Some(root) = root(season.facts(), fact) else { return Vec::new() };
    match &root.what {
        What::Result(sheet) => vec![sheet.session.round],
        What::Grid(grid) => vec![grid.session.round],
        What::Served(served) => vec![served.session.round],
        What::Nomination { session, .. } => vec![session.round],
        What::Decision(decision) => {
            let settled = decision.settles.as_ref().and_then(|(id, _)| {
                let of = |fact: &&&Fact| fact.what.matter().is_some_and(|matter| matter.id == *id);
                known.live.iter().find(of).map(|fact| rounds(known, fact))
            });
            round_of(season, decision).map(|round| vec![round]).or(settled).unwrap_or_default()
        }
        What::Matter(matter) => match &matter.against {
            Against::Result(session) => vec![session.round],
            Against::Decision(id) => round_by_id(season, id).into_iter().collect(),
        },
        What::Status { rounds, .. } => rounds.clone(),
        What::Bop(bulletin) => vec![bulletin.from_round],
        What::Grade { .. } => Vec::new(),
        What::Meeting(MeetingFact::PenaltyServed { decision, .. }) => round_by_id(season, decision).into_iter().collect(),
        What::Meeting(fact) => fact.round().into_iter().collect(),
        // Nothing else is left at the root.
        What::Undo { .. } => Vec::new(),
    }
}

/// The session a fact is about.
pub(crate) fn session(what: &What) -> Option<&SessionName> {
    match what {
        What::Result(sheet) => Some(&sheet.session),
        What::Grid(grid) => Some(&grid.session),
        What::Served(served) => Some(&served.session),
        What::Nomination { session, .. } => Some(session),
        What::Decision(decision) => decision.effects.iter().find_map(Effect::session),
        What::Matter(matter) => match &matter.against {
            Against::Result(session) => Some(session),
            Against::Decision(_) => matter.if_upheld.iter().find_map(Effect::session),
        },
        What::Meeting(fact) => match fact {
            MeetingFact::Signal { session, .. } | MeetingFact::Timetable { session, .. } | MeetingFact::Aboard { session, .. } => {
                Some(session)
            }
            MeetingFact::Incident(incident) => Some(&incident.session),
            MeetingFact::Measured(measured) => Some(&measured.session),
            MeetingFact::Heard(_)
            | MeetingFact::Transponder { .. }
            | MeetingFact::Judged { .. }
            | MeetingFact::TyreSet { .. }
            | MeetingFact::PenaltyServed { .. } => None,
        },
        What::Status { .. } | What::Grade { .. } | What::Bop(_) | What::Undo { .. } => None,
    }
}

/// The cars a fact is about: none where it is about all of a session.
fn cars(what: &What) -> Vec<&EntryId> {
    let mut cars: Vec<&EntryId> = match what {
        What::Decision(decision) => decision.effects.iter().filter_map(Effect::car).collect(),
        What::Matter(matter) => matter.if_upheld.iter().filter_map(Effect::car).collect(),
        What::Status { car, .. } | What::Nomination { car, .. } => vec![car],
        What::Served(served) => vec![&served.car],
        What::Meeting(fact) => match fact {
            MeetingFact::Incident(incident) => incident.cars.iter().collect(),
            MeetingFact::Transponder { car, .. }
            | MeetingFact::Aboard { car, .. }
            | MeetingFact::TyreSet { car, .. }
            | MeetingFact::PenaltyServed { car, .. } => vec![car],
            MeetingFact::Measured(measured) => vec![&measured.car],
            MeetingFact::Heard(_) | MeetingFact::Signal { .. } | MeetingFact::Timetable { .. } | MeetingFact::Judged { .. } => Vec::new(),
        },
        What::Result(_) | What::Grid(_) | What::Grade { .. } | What::Bop(_) | What::Undo { .. } => Vec::new(),
    };
    let mut seen = std::collections::BTreeSet::new();
    cars.retain(|car| seen.insert(*car));
    cars
}
