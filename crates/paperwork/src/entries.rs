//! The entry list: drivers with their grades, teams, and entries with a crew for each set of rounds (section A).

use std::collections::BTreeMap;

use sport::date::Date;
use sport::entry::{Driver, Entry, EntryList, EntryStatus, Spell, Team};
use sport::grade::DatedGrade;
use sport::names::{ChampionshipId, ClassId, CupId, DriverId, EntryId, MakerId, TeamId};

use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::refer::Known;
use crate::shape::{Ids, Key, Kind, Noun, Shape};
use crate::tree::Node;
use crate::written;

/// entries.toml.
pub static ENTRIES: Shape = Shape {
    name: "entry list",
    doc: "Drivers, teams and entries of a season.",
    keys: &[
        Key::may("team", Kind::Map(Ids::Any, &Kind::Table(&TEAM)), "Teams by id."),
        Key::must("driver", Kind::Map(Ids::Any, &Kind::Table(&DRIVER)), "Drivers by id, a slug of the name."),
        Key::must("entry", Kind::Map(Ids::Any, &Kind::Table(&ENTRY)), "Entries by id, usually the number."),
    ],
};

/// `[team.fff]`.
pub static TEAM: Shape = Shape {
    name: "team",
    doc: "One competitor's licence.",
    keys: &[Key::must("name", Kind::Text, "The name as printed."), Key::may("source", Kind::Text, "Where it was published.")],
};

/// `[driver.kodric]`.
pub static DRIVER: Shape = Shape {
    name: "driver",
    doc: "A driver.",
    keys: &[
        Key::must("name", Kind::Text, "The name as printed."),
        Key::may("nationality", Kind::Text, "Three letters."),
        Key::may("players", Kind::List(&Kind::Text), "Accounts as a player, as servers of simulators print them: `S7656…`."),
        Key::may("born", Kind::Day, "The day of birth; needed for age classes only."),
        Key::may("grade", Kind::Choice(written::GRADES), "The grade from 1 January of the season's year; absent where never published."),
        Key::may("grades", Kind::Map(Ids::Day, &Kind::Choice(written::GRADES)), "Grades by the day they hold from."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// `[entry.19]`.
pub static ENTRY: Shape = Shape {
    name: "entry",
    doc: "A car, its competitor and its crews.",
    keys: &[
        Key::may("number", Kind::Text, "The number on the car, where it was printed."),
        Key::may("team", Kind::Id(Noun::Team), "The team."),
        Key::must("class", Kind::Id(Noun::Class), "The class."),
        Key::may("model", Kind::Text, "The model as printed."),
        Key::may("maker", Kind::Text, "The manufacturer."),
        Key::may("constructor", Kind::Text, "The constructor, where the rulebook pairs chassis and engine."),
        Key::may("status", Kind::Choice(&["regular", "guest", "invitational"]), "How it takes part; regular when absent."),
        Key::may("championships", Kind::List(&Kind::Id(Noun::Championship)), "Championships it is registered for."),
        Key::must("crew", Kind::Map(Ids::Whole(1, 99), &Kind::Table(&CREW)), "Crews by number, each for some rounds."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// `[entry.19.crew.1]`.
pub static CREW: Shape = Shape {
    name: "crew",
    doc: "The crew of an entry for some rounds.",
    keys: &[
        Key::must("rounds", Kind::List(&Kind::Whole(1, 999)), "The rounds it is entered for."),
        Key::must("drivers", Kind::List(&Kind::Id(Noun::Driver)), "The drivers known to be in the crew."),
        Key::may("perhaps", Kind::List(&Kind::Id(Noun::Driver)), "Drivers who may have been in the crew."),
        Key::may("crew-open", Kind::Truth, "True where the crew as published lacks a name."),
        Key::may("cup", Kind::Id(Noun::Cup), "The cup as published; derived from the crew when absent."),
        Key::may("source", Kind::Text, "Where it was published."),
    ],
};

/// An entry with the places its faults point at.
pub(crate) struct Placed<'t> {
    pub(crate) entry: Entry,
    pub(crate) fields: Fields<'t>,
    /// One for each spell, in the same order.
    pub(crate) spells: Vec<Fields<'t>>,
}

/// The entry list of a checked entries.toml, each entry with its places.
pub(crate) fn read<'t>(list: &Fields<'t>, year: u16, faults: &mut Vec<Fault>) -> (EntryList, Vec<Placed<'t>>) {
    let drivers = list.keyed("driver").map(|(id, fields)| driver(id, &fields, year, faults)).collect();
    let team = |(id, fields): (&str, Fields<'_>)| Team { id: TeamId::new(id), name: fields.text("name").unwrap_or_default().to_owned() };
    let teams = list.keyed("team").map(team).collect();
    let placed: Vec<Placed<'t>> = list.keyed("entry").map(|(id, fields)| entry(id, fields)).collect();
    let entries = placed.iter().map(|placed| placed.entry.clone()).collect();
    (EntryList { drivers, teams, entries }, placed)
}

/// What is probably a slip in a list that can be used: a driver of no crew, two drivers of one name.
pub(crate) fn warnings(fields: &Fields<'_>, list: &EntryList, faults: &mut Vec<Fault>) {
    let crews = || list.entries.iter().flat_map(|entry| &entry.spells).flat_map(|spell| spell.crew.iter().chain(&spell.perhaps));
    let places = fields.inside("driver").entries();
    let mut players: BTreeMap<&str, &DriverId> = BTreeMap::new();
    for (ix, (driver, entry)) in list.drivers.iter().zip(places).enumerate() {
        if !crews().any(|id| *id == driver.id) {
            let message = format!("driver {} is in no crew", driver.id);
            let fault = Fault::warning("driver-in-no-crew", &entry.place, message).label("in no crew");
            faults.push(fault.help("enter the driver in a crew, or take him out"));
        }
        for player in &driver.players {
            if let Some(first) = players.insert(player, &driver.id) {
                let message = format!("the player {player} is driver {first} and driver {}", driver.id);
                let place = entry.node.fields().place_of("players");
                faults.push(Fault::error("player-twice", place, message).label("again").help("keep it with one of them"));
            }
        }
        let namesake = list.drivers[..ix].iter().find(|first| !driver.name.is_empty() && first.name == driver.name);
        if let Some(first) = namesake {
            let message = format!("{} is the name of drivers {} and {}", driver.name, first.id, driver.id);
            let place = entry.node.fields().place_of("name");
            let help = "keep one id if they are one person: points of two ids are not added up";
            faults.push(Fault::warning("name-twice", place, message).label("again").help(help));
        }
    }
}

/// The references inside an entry list.
pub(crate) fn check_references(node: &Node, mut known: Known, faults: &mut Vec<Fault>) {
    let list = node.fields();
    known.add_keys(Noun::Team, &list, "team");
    known.add_keys(Noun::Driver, &list, "driver");
    crate::refer::check(node, &ENTRIES, &known, faults);
}

fn driver(id: &str, fields: &Fields<'_>, year: u16, faults: &mut Vec<Fault>) -> Driver {
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let mut grades = Vec::new();
    let word = |node: &Node| node.text().and_then(written::grade);
    if let Some(grade) = fields.get("grade").and_then(word) {
        grades.push(DatedGrade { grade, from: Date { year, month: 1, day: 1 } });
    }
    for dated in fields.inside("grades").entries() {
        let (Some(from), Some(grade)) = (written::date(&dated.key), word(&dated.node)) else { continue };
        if from.year > year {
            let message = format!("{id} has a grade from {from}, after the season of {year}");
            faults.push(
                Fault::error("other-year", &dated.place, message).label("after the season").help("write the day the grade holds from"),
            );
        }
        grades.push(DatedGrade { grade, from });
    }
    if fields.get("grade").is_some() && fields.get("grades").is_some() {
        let message = format!("{id} has a grade and grades");
        faults.push(
            Fault::error("contradiction", fields.place_of("grade"), message)
                .label("once here")
                .help("keep grade for the whole year, or grades by day"),
        );
    }
    grades.sort_by_key(|dated| dated.from);
    let born = fields.day("born");
    if born.is_some_and(|born| born.year >= year) {
        faults.push(Fault::error("other-year", fields.place_of("born"), format!("{id} is born after the season began")).label("too late"));
    }
    Driver {
        id: DriverId::new(id),
        name: fields.text("name").unwrap_or_default().to_owned(),
        nationality: fields.text("nationality").map(str::to_owned),
        players: fields.texts("players").into_iter().map(str::to_owned).collect(),
        born,
        grades,
    }
}

fn entry<'t>(id: &str, fields: Fields<'t>) -> Placed<'t> {
    let mut spells: Vec<(Spell, Fields<'t>)> = fields.keyed("crew").map(|(_, crew)| (spell(&crew), crew)).collect();
    spells.sort_by_key(|(spell, _)| spell.rounds.first().copied());
    let (read, places): (Vec<Spell>, Vec<Fields<'t>>) = spells.into_iter().unzip();
    let maker = fields.text("maker").map(MakerId::new);
    let entry = Entry {
        id: EntryId::new(id),
        number: fields.text("number").map(str::to_owned),
        team: fields.text("team").map(TeamId::new),
        class: ClassId::new(fields.text("class").unwrap_or_default()),
        model: fields.text("model").map(str::to_owned),
        constructor: fields.text("constructor").map(MakerId::new).or_else(|| maker.clone()),
        maker,
        status: fields.choice("status", &EntryStatus::WORDS).unwrap_or(EntryStatus::Regular),
        registered: fields.texts("championships").into_iter().map(ChampionshipId::new).collect(),
        spells: read,
    };
    Placed { entry, fields, spells: places }
}

fn spell(crew: &Fields<'_>) -> Spell {
    let drivers = |key: &str| crew.texts(key).into_iter().map(DriverId::new).collect();
    let mut rounds: Vec<u16> = crew.wholes("rounds");
    rounds.sort_unstable();
    Spell {
        rounds,
        crew: drivers("drivers"),
        perhaps: drivers("perhaps"),
        crew_open: crew.truth("crew-open").unwrap_or(false),
        cup: crew.text("cup").map(CupId::new),
    }
}

/// Where the n-th value of a list stands.
pub(crate) fn item<'t>(fields: &Fields<'t>, key: &str, ix: usize) -> &'t Place {
    fields.list(key).get(ix).map_or(fields.place_of(key), |node| &node.place)
}
