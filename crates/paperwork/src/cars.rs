//! The field of a case, one line a car: `GT3, Team A: Driver A (Bronze) + Driver B (Gold); guest; maker Audi; model Audi R8 LMS; for gt3-teams; rounds 1-3`.

use std::collections::BTreeMap;

use sport::date::Date;
use sport::entry::{Driver, Entry, EntryList, EntryStatus, Spell, Team};
use sport::grade::DatedGrade;
use sport::names::{ChampionshipId, ClassId, DriverId, EntryId, MakerId, TeamId};
use sport::rulebook::Law;
use sport::session::Calendar;

use crate::fault::Fault;
use crate::fields::Fields;
use crate::place::Place;
use crate::{suggest, written};

const FORM: &str = "write \"GT3, Team: Driver A (Silver) + Driver B (Bronze)\", then `; guest`, `; invitational`, `; maker NAME`, `; model NAME`, `; for CHAMPIONSHIP` or `; rounds 1-3` where needed";

/// The entry list of a case.
pub(crate) fn field(fields: &Fields<'_>, calendar: &Calendar, law: &Law, faults: &mut Vec<Fault>) -> EntryList {
    let mut field = Field {
        list: EntryList::default(),
        law,
        faults,
        rounds: calendar.rounds.iter().map(|round| round.number).collect(),
        year: calendar.sessions.first().map_or(2000, |session| session.date.year),
    };
    let mut later: BTreeMap<String, BTreeMap<u16, (String, Place)>> = BTreeMap::new();
    for (round, cars) in fields.keyed("crews") {
        for entry in cars.entries() {
            if let (Ok(round), Some(text)) = (round.parse(), entry.node.text()) {
                later.entry(entry.key.clone()).or_default().insert(round, (text.to_owned(), entry.node.place.clone()));
            }
        }
    }
    for entry in fields.get("cars").into_iter().flat_map(|node| node.fields().entries()) {
        if let Some(text) = entry.node.text() {
            let changes = later.remove(&entry.key).unwrap_or_default();
            field.car(&entry.key, text, &entry.node.place, &changes);
        }
    }
    for (car, changes) in later {
        for (_, place) in changes.values() {
            field.faults.push(Fault::error("unknown-entry", place, format!("there is no car {car} in [cars]")));
        }
    }
    field.list
}

struct Field<'f> {
    list: EntryList,
    law: &'f Law,
    faults: &'f mut Vec<Fault>,
    rounds: Vec<u16>,
    year: i16,
}

impl Field<'_> {
    fn car(&mut self, id: &str, text: &str, place: &Place, changes: &BTreeMap<u16, (String, Place)>) {
        let mut parts = text.split(';').map(str::trim);
        let head = parts.next().unwrap_or_default();
        let Some((class, rest)) = head.split_once(',') else { return self.wrong(place, "a car has a class, a team and a crew") };
        let Some((team, crew)) = rest.split_once(':') else {
            return self.wrong(place, "a car has a team and a crew with a colon between them");
        };
        let class = class.trim();
        if self.law.class(&ClassId::new(class)).is_none() {
            let help = suggest::help(class, self.law.classes.iter().map(|class| class.id.as_str()));
            self.faults
                .push(Fault::error("unknown-class", place, format!("there is no class \"{class}\"")).label("unknown class").help_if(help));
        }
        let mut entry = Entry {
            id: EntryId::new(id),
            number: Some(id.to_owned()),
            team: Some(self.team(team.trim())),
            class: ClassId::new(class),
            model: None,
            maker: None,
            constructor: None,
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: Vec::new(),
        };
        let mut rounds = self.rounds.clone();
        for option in parts {
            match option.split_once(' ').unwrap_or((option, "")) {
                ("guest", "") => entry.status = EntryStatus::Guest,
                ("invitational", "") => entry.status = EntryStatus::Invitational,
                ("model", model) => entry.model = Some(model.to_owned()),
                ("maker", maker) => entry.maker = Some(MakerId::new(maker)),
                ("constructor", maker) => entry.constructor = Some(MakerId::new(maker)),
                ("for", championships) => entry.registered = championships.split(',').map(|id| ChampionshipId::new(id.trim())).collect(),
                ("rounds", range) => {
                    let (first, last) = range.split_once('-').unwrap_or((range, range));
                    let (Ok(first), Ok(last)) = (first.trim().parse::<u16>(), last.trim().parse::<u16>()) else {
                        return self.wrong(place, "rounds are written 1-3");
                    };
                    rounds.retain(|round| (first..=last).contains(round));
                }
                _ => return self.wrong(place, &format!("`{option}` is no option of a car")),
            }
        }
        let Some(drivers) = self.crew(crew, place) else { return };
        let mut crews: Vec<(u16, Vec<DriverId>)> = vec![(1, drivers)];
        for (round, (text, place)) in changes {
            let drivers = if text == "-" { Some(Vec::new()) } else { self.crew(text, place) };
            crews.extend(drivers.map(|drivers| (*round, drivers)));
        }
        for (at, (from, crew)) in crews.iter().enumerate() {
            let until = crews.get(at + 1).map_or(u16::MAX, |(next, _)| *next);
            let rounds: Vec<u16> = rounds.iter().copied().filter(|round| from <= round && *round < until).collect();
            if !rounds.is_empty() && !crew.is_empty() {
                entry.spells.push(Spell { rounds, crew: crew.clone(), perhaps: Vec::new(), crew_open: false, cup: None });
            }
        }
        self.list.entries.push(entry);
    }

    fn wrong(&mut self, place: &Place, what: &str) {
        self.faults.push(Fault::error("wrong-car", place, what).help(FORM));
    }

    fn team(&mut self, name: &str) -> TeamId {
        let id = TeamId::new(&slug(name));
        if self.list.team(&id).is_none() {
            self.list.teams.push(Team { id: id.clone(), name: name.to_owned() });
        }
        id
    }

    fn crew(&mut self, text: &str, place: &Place) -> Option<Vec<DriverId>> {
        let mut crew = Vec::new();
        for driver in text.split('+').map(str::trim) {
            let (name, grade) = match driver.split_once('(') {
                Some((name, grade)) => (name.trim(), Some(grade.trim_end_matches(')').trim())),
                None => (driver, None),
            };
            let grade = match grade {
                Some(word) => match written::grade(word) {
                    Some(grade) => Some(grade),
                    None => {
                        self.wrong(place, &format!("`{word}` is no grade"));
                        return None;
                    }
                },
                None => None,
            };
            if name.is_empty() {
                self.wrong(place, "a driver has a name");
                return None;
            }
            let id = DriverId::new(&slug(name));
            if self.list.driver(&id).is_none() {
                let from = Date { year: self.year, month: 1, day: 1 };
                let grades = grade.map(|grade| DatedGrade { grade, from }).into_iter().collect();
                self.list.drivers.push(Driver {
                    id: id.clone(),
                    name: name.to_owned(),
                    nationality: None,
                    players: Vec::new(),
                    born: None,
                    grades,
                });
            }
            crew.push(id);
        }
        Some(crew)
    }
}

/// An id out of a name: small letters, hyphens for everything else.
fn slug(name: &str) -> String {
    let parts: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    parts.join("-")
}
