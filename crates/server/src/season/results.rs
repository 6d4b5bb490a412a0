//! What a car did session by session, as the classifications stand now, with the points it brought.

use serde::Serialize;
use sport::classification::{Classification, Classified, Order};
use sport::place::Places;
use sport::result::Finish;
use sport::rulebook::Rulebook;
use sport::running::Ranking;
use sport::season::Season;
use sport::session::Session;
use utoipa::ToSchema;

use crate::framing::place;
use crate::named::{CarNamed, PersonNamed};
use crate::season::{Known, SessionTitle};

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

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
    /// The fact of the sheet.
    pub(crate) fact: u64,
    /// The sources the notes name by their ids.
    pub(crate) sources: Vec<SourceNamed>,
}

/// A source as a note names it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct SourceNamed {
    /// `S05`.
    pub(crate) id: String,
    /// Who published it, and what.
    pub(crate) says: String,
}

/// A race that was run and of which nothing is known about whoever is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct NoData {
    /// The race.
    pub(crate) session: SessionTitle,
    /// Why there is nothing, in words.
    pub(crate) says: String,
}

/// The races of some rounds whose day is over and of which there is no line.
pub(crate) fn no_data(known: &Known<'_>, rounds: &[u16], lines: &[ResultLine]) -> Vec<NoData> {
    let over = |session: &Session| session.date.midnight().0.saturating_add(DAY) <= known.now.0;
    let wanted = |session: &Session| rounds.contains(&session.name.round) && Ranking::of(session.kind) == Ranking::Distance;
    let told = |session: &Session| lines.iter().any(|line| line.session.id == session.name.to_string());
    let sessions = known.season.calendar.sessions.iter().enumerate();
    let without = sessions.filter(|(_, session)| wanted(session) && over(session) && !told(session));
    let none = |(at, session): (usize, &Session)| NoData {
        session: known.session(&session.name),
        says: String::from(match known.evaluation.classification(at) {
            Some(_) => "not named by the result",
            None => "no result recorded",
        }),
    };
    without.map(none).collect()
}

/// The sources that a text names.
pub(crate) fn named(rulebook: &Rulebook, season: &Season, texts: &[String]) -> Vec<SourceNamed> {
    let named = |id: &str| texts.iter().any(|text| text.split(|c: char| !c.is_alphanumeric()).any(|word| word == id));
    let sources = season.sources.iter().chain(rulebook.sources.iter().filter(|one| season.sources.iter().all(|other| other.id != one.id)));
    let sources = sources.filter(|source| named(&source.id));
    sources.map(|source| SourceNamed { id: source.id.clone(), says: format!("{}: {}", source.site, source.page) }).collect()
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
    let notes: Vec<String> = annulled.into_iter().chain(effects).chain(row.note.clone()).collect();
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
        fact: of.fact,
        sources: named(known.rulebook, known.season, &notes),
        notes,
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
