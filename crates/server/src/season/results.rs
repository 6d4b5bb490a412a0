//! What a car did session by session, as the classifications stand now, with the points it brought.

use serde::Serialize;
use sport::classification::{Classification, Classified, Order};
use sport::place::Places;
use sport::result::Finish;
use utoipa::ToSchema;

use crate::framing::place;
use crate::named::{CarNamed, PersonNamed};
use crate::season::{Known, SessionTitle};

/// A car in a session's classification.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct ResultLine {
    /// The session.
    pub(crate) session: SessionTitle,
    /// What the result was published as: `provisional`, `amended`, `final`.
    pub(crate) state: String,
    /// The car.
    pub(crate) car: CarNamed,
    /// Who drove, as far as is known.
    pub(crate) crew: Vec<PersonNamed>,
    /// True where a name of the crew is missing.
    pub(crate) crew_open: bool,
    /// The place among all cars, or why there is none: `3`, `6–7`, `NC`; empty where nobody published it.
    pub(crate) place: String,
    /// The place in the class.
    pub(crate) class_place: String,
    /// The cup of the crew.
    pub(crate) cup: String,
    /// The place in the cup.
    pub(crate) cup_place: String,
    /// Laps, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) laps: Option<u32>,
    /// Where the reasons of the place are told.
    pub(crate) why: String,
    /// Decisions on it, and what the publisher remarked.
    pub(crate) notes: Vec<String>,
}

/// The lines of the sessions' finishes, in calendar order, that a test lets through.
pub(crate) fn lines(known: &Known<'_>, wanted: impl Fn(&Classified) -> bool) -> Vec<ResultLine> {
    let finishes = known.evaluation.classifications.iter().filter(|of| of.mark.is_none());
    finishes.flat_map(|of| of.rows.iter().filter(|row| shown(row) && wanted(row)).map(|row| line(known, of, row))).collect()
}

/// Whether a car is shown: it is on the sheet, or a decision acts on it.
pub(crate) fn shown(row: &Classified) -> bool {
    row.on_sheet || !row.effects.is_empty()
}

/// A car in a classification.
pub(crate) fn line(known: &Known<'_>, of: &Classification, row: &Classified) -> ResultLine {
    let name = &known.season.calendar.sessions[of.session].name;
    let car = known.car(row.entry);
    let annulled = of.annulled.as_ref().map(|ground| format!("annulled by {ground}"));
    let effects = row.effects.iter().map(|(ground, says)| format!("{says} ({ground})"));
    ResultLine {
        session: known.session(name),
        state: of.state.word().to_owned(),
        crew: row.crew.iter().map(|driver| known.driver(*driver)).collect(),
        crew_open: row.crew_open,
        place: overall(of, row),
        class_place: place(row.class_place),
        cup: row.cup.title(known.rulebook),
        cup_place: place(row.cup_place),
        laps: row.laps,
        why: format!("/why/place/{name}/{}", crate::pages::live::encoded(&car.id)),
        notes: annulled.into_iter().chain(effects).chain(row.note.clone()).collect(),
        car,
    }
}

/// The place among all cars as printed, or what stands there instead.
fn overall(of: &Classification, row: &Classified) -> String {
    if of.annulled.is_some() {
        return String::from("ANN");
    }
    match row.finish {
        Finish::Classified if of.order == Order::Overall => place(row.place),
        Finish::Classified => String::new(),
        Finish::Unknown => String::from("?"),
        Finish::NotClassified | Finish::NotStarted | Finish::Disqualified => row.finish.without_place().unwrap_or_default().to_owned(),
    }
}

/// The first so many of each class, as far as their places are known.
pub(crate) fn leaders(known: &Known<'_>, of: &Classification, places: u16) -> Vec<ResultLine> {
    let exact = |place: Option<Places>| place.and_then(Places::exact);
    let mut first: Vec<&Classified> =
        of.rows.iter().filter(|row| shown(row) && exact(row.class_place).is_some_and(|place| place <= places)).collect();
    let class = |row: &Classified| {
        let class = &known.season.list.entries[row.entry].class;
        known.rulebook.latest().classes.iter().position(|of| of.id == *class)
    };
    first.sort_by_key(|row| (class(row), exact(row.class_place)));
    first.into_iter().map(|row| line(known, of, row)).collect()
}
