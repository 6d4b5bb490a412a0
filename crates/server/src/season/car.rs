//! A car's season: its crews, its results, its success penalties, the decisions against it.

use serde::Serialize;
use sport::decision::Effect;
use sport::ledger::Due;
use sport::names::EntryId;
use sport::why::state_words;
use utoipa::ToSchema;

use crate::named::CarNamed;
use crate::pages::live::encoded;
use crate::season::competitor::{Brought, brought};
use crate::season::entries::{Crew, lists};
use crate::season::penalties::{self, PenaltyLine};
use crate::season::results::{self, NoData, ResultLine};
use crate::season::{Known, SessionTitle};

/// A car's season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CarSeason {
    /// The car.
    pub(crate) car: CarNamed,
    /// The manufacturer; empty where not published.
    pub(crate) maker: String,
    /// The rounds it is entered for, with its crews.
    pub(crate) rounds: Vec<CarRound>,
    /// Its results, in calendar order.
    pub(crate) results: Vec<ResultLine>,
    /// The races of its rounds of which nothing is known about it.
    pub(crate) no_data: Vec<NoData>,
    /// What they were worth, championship by championship.
    pub(crate) points: Vec<Brought>,
    /// Its success penalties, in the order they were earned.
    pub(crate) success: Vec<SuccessLine>,
    /// Decisions against it, latest first.
    pub(crate) penalties: Vec<PenaltyLine>,
}

/// A round a car is entered for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct CarRound {
    /// The round.
    pub(crate) round: u16,
    /// The circuit, as printed.
    pub(crate) event: String,
    /// The crew there.
    pub(crate) crew: Crew,
}

/// A success penalty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SuccessLine {
    /// The race that earned it; none where no result, as it stands now, did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earned_in: Option<SessionTitle>,
    /// The place that earned it; 0 where none did.
    pub(crate) place: u16,
    /// How much, with its unit: `15 s`.
    pub(crate) amount: String,
    /// The race it is due in; none where it lapses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due_in: Option<SessionTitle>,
    /// What became of it, in words.
    pub(crate) state: String,
    /// Where its reasons are told, where it is due in a race.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

/// A car's season; none where the car is not entered.
pub(crate) fn season(known: &Known<'_>, id: &str) -> Option<CarSeason> {
    let at = known.season.list.entry(&EntryId::new(id))?;
    let entry = &known.season.list.entries[at];
    let rounds = lists(known).into_iter().filter_map(|list| {
        let line = list.entries.into_iter().find(|line| line.car.id == id)?;
        Some(CarRound { round: list.round, event: list.event, crew: line.crew })
    });
    let rounds: Vec<CarRound> = rounds.collect();
    let results = results::lines(known, |row| row.entry == at);
    Some(CarSeason {
        car: known.car(at),
        maker: entry.maker.as_ref().map_or_else(String::new, ToString::to_string),
        no_data: results::no_data(known, &rounds.iter().map(|round| round.round).collect::<Vec<_>>(), &results),
        rounds,
        results,
        points: brought(known, at),
        success: known.evaluation.ledger.iter().filter(|due| due.entry == at).map(|due| success(known, due)).collect(),
        penalties: penalties::lines(known, |effect: &Effect| effect.car() == Some(&entry.id)),
    })
}

fn success(known: &Known<'_>, due: &Due) -> SuccessLine {
    let sessions = &known.season.calendar.sessions;
    let session = |at: Option<usize>| at.map(|at| known.session(&sessions[at].name));
    let car = &known.season.list.entries[due.entry].id;
    SuccessLine {
        earned_in: session(due.earned_in),
        place: due.place,
        amount: due.printed(due.amount.0),
        due_in: session(due.due_in),
        state: state_words(&due.state),
        why: due.due_in.map(|at| format!("/why/success/{}/{}", sessions[at].name, encoded(car.as_str()))),
    }
}
