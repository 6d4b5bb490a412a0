//! A fact in full, as a document that can be read.

use serde::Serialize;
use sport::date::{Instant, Micros};
use sport::decision::{Decision, Matter};
use sport::fact::{BopBulletin, BopRow, Fact, What};
use sport::meeting_fact::{Heard, MeetingFact};
use sport::names::DecisionId;
use sport::result::{GridRow, PublishedGrid, PublishedResult, Raced, ResultRow};
use sport::session::SessionName;
use sport::world::Docket;
use utoipa::ToSchema;

use crate::framing::place;
use crate::pages::live::encoded;
use crate::season::Known;
use crate::season::notices::{self, Notice};
use crate::season::results;
use crate::sentences::{counted, rounds_words, served_words, spelled};

/// So many rows of a table are told: a source can send thousands of passings in one go.
const ROWS: usize = 500;

/// A fact in full.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Document {
    /// The fact as a notice.
    pub(crate) notice: Notice,
    /// Who recorded it.
    pub(crate) by: String,
    /// Where it says so: a document, a page, ids of sources.
    pub(crate) citation: String,
    /// The sources among them that the rulebook or the season tells of.
    pub(crate) sources: Vec<Field>,
    /// What it says, point by point.
    pub(crate) fields: Vec<Field>,
    /// What it lists, where it lists something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) table: Option<Listing>,
}

/// A point of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    /// What it is.
    pub(crate) label: String,
    /// What it says.
    pub(crate) value: String,
    /// Where there is more of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) address: Option<String>,
}

/// A table of a document: without the columns in which nothing stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub(crate) struct Listing {
    /// The columns' headings.
    pub(crate) columns: Vec<String>,
    /// The rows, at most 500.
    pub(crate) rows: Vec<Vec<Field>>,
    /// How many rows there are in all.
    pub(crate) of: usize,
}

/// A fact in full; none where there is no such fact.
pub(crate) fn document(known: &Known<'_>, number: u64) -> Option<Document> {
    let fact = notices::find(known.season.facts(), number)?;
    let undone = known.season.undone(Instant::FOREVER);
    let writer = Writer { known };
    let (fields, table) = writer.of(&fact.what);
    let sources = results::named(known.rulebook, known.season, std::slice::from_ref(&fact.citation));
    Some(Document {
        notice: notices::notice(known, fact, &undone),
        by: fact.by.clone(),
        citation: fact.citation.clone(),
        sources: sources.into_iter().map(|source| field(&source.id, source.says)).collect(),
        fields,
        table: table.map(Listing::slim).filter(|table| !table.rows.is_empty()),
    })
}

fn field(label: &str, value: String) -> Field {
    Field { label: label.to_owned(), value, address: None }
}

fn at(label: &str, value: String, address: String) -> Field {
    Field { label: label.to_owned(), value, address: Some(address) }
}

fn cell(value: String) -> Field {
    field("", value)
}

impl Listing {
    fn of<T>(columns: &[&str], of: &[T], row: impl Fn(&T) -> Vec<Field>) -> Self {
        let rows = of.iter().take(ROWS).map(row).collect();
        Self { columns: columns.iter().map(|of| (*of).to_owned()).collect(), rows, of: of.len() }
    }

    /// Without the columns in which nothing stands.
    fn slim(mut self) -> Self {
        for column in (0..self.columns.len()).rev() {
            if self.rows.iter().all(|row| row[column].value.is_empty()) {
                self.columns.remove(column);
                self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
            }
        }
        for row in &mut self.rows {
            row.iter_mut().zip(&self.columns).for_each(|(cell, column)| cell.label.clone_from(column));
        }
        self
    }
}

struct Writer<'a> {
    known: &'a Known<'a>,
}

impl Writer<'_> {
    fn of(&self, what: &What) -> (Vec<Field>, Option<Listing>) {
        let teller = self.known.teller();
        match what {
            What::Result(sheet) => self.result(sheet),
            What::Grid(grid) => self.grid(grid),
            What::Decision(decision) => (self.decision(decision), None),
            What::Matter(matter) => (self.matter(matter), None),
            What::Status { car, status, rounds } => {
                (vec![self.car(car), field("Takes part as", status.word().to_owned()), field("In", rounds_words(rounds))], None)
            }
            What::Grade { driver, grade, from } => {
                (vec![self.driver(driver), field("Grade", grade.to_string()), field("From", from.to_string())], None)
            }
            What::Bop(bulletin) => self.bulletin(bulletin),
            What::Served(served) => {
                let says = format!("{} s {}", served.time, served_words(served.how));
                let why = format!("/why/success/{}/{}", served.session, encoded(served.car.as_str()));
                (vec![self.session(&served.session), self.car(&served.car), at("Success penalty", says, why)], None)
            }
            What::Nomination { session, driver, car, championships } => {
                let list: Vec<&str> = championships.iter().map(|id| id.as_str()).collect();
                let list = if list.is_empty() { String::from("every championship") } else { list.join(", ") };
                (vec![self.session(session), self.driver(driver), self.car(car), field("In", list)], None)
            }
            What::Meeting(MeetingFact::Heard(heard)) => heard_fields(heard),
            What::Meeting(fact) => (self.meeting(fact), None),
            What::Undo { fact, reason } => {
                let undone = notices::find(self.known.season.facts(), *fact);
                let what = undone.map_or_else(|| format!("fact {fact}"), |of| format!("fact {fact}: {}", teller.heading(&of.what)));
                (vec![at("Undoes", what, format!("/documents/{fact}")), field("Reason", reason.clone())], None)
            }
        }
    }

    fn session(&self, session: &SessionName) -> Field {
        let title = format!("{}, {}", self.known.teller().session(session), self.known.event(session.round));
        at("Session", title, format!("/sessions/{session}"))
    }

    fn car(&self, id: &sport::names::EntryId) -> Field {
        at("Car", self.known.teller().number(id), format!("/entries/{}", encoded(id.as_str())))
    }

    fn driver(&self, id: &sport::names::DriverId) -> Field {
        at("Driver", self.known.teller().driver(id), format!("/drivers/{}", encoded(id.as_str())))
    }

    /// A decision by its number, with the document it stands in.
    fn named(&self, label: &str, id: &DecisionId) -> Field {
        let of = |fact: &&&Fact| fact.what.decision().is_some_and(|decision| decision.id == *id);
        let fact = self.known.live.iter().find(of).map(|fact| format!("/documents/{}", fact.number));
        Field { label: label.to_owned(), value: id.to_string(), address: fact }
    }

    fn result(&self, sheet: &PublishedResult) -> (Vec<Field>, Option<Listing>) {
        let mut fields = vec![self.session(&sheet.session)];
        fields.extend(sheet.mark.as_ref().map(|mark| field("Order at", mark.to_string())));
        fields.push(field("State", sheet.state.word().to_owned()));
        fields.extend(sheet.document.as_ref().map(|number| field("Sheet", number.clone())));
        if !sheet.complete {
            fields.push(field("Complete", String::from("no: not every car that took part is listed")));
        }
        fields.extend(sheet.includes.iter().map(|id| self.named("Contains decision", id)));
        fields.extend(sheet.without.iter().map(|id| self.named("Without decision", id)));
        fields.extend(raced(&sheet.raced).map(|raced| field("Run", raced)));
        fields.extend(sheet.fastest.iter().map(|car| Field { label: String::from("Fastest lap"), ..self.car(car) }));
        let columns = ["Pos", "In class", "In cup", "Car", "Crew", "Laps", "Time", "Gap", "Best lap", "Note"];
        (fields, Some(Listing::of(&columns, &sheet.rows, |row| self.result_row(sheet, row))))
    }

    fn result_row(&self, sheet: &PublishedResult, row: &ResultRow) -> Vec<Field> {
        let time = |time: Option<Micros>| cell(time.map_or_else(String::new, |time| time.to_string()));
        let entered = || {
            let list = &self.known.season.list;
            let spell = list.entry(&row.car).and_then(|at| list.entries[at].spell(sheet.session.round));
            spell.map_or(&[][..], |spell| &spell.crew)
        };
        let crew = if row.crew.is_empty() { entered() } else { &row.crew };
        let why = format!("/why/place/{}/{}", sheet.session, encoded(row.car.as_str()));
        let linked = |place: String| at("", place, why.clone());
        let names: Vec<String> = crew.iter().map(|driver| self.known.teller().driver(driver)).collect();
        vec![
            linked(row.finish.without_place().map_or_else(|| place(row.place), str::to_owned)),
            linked(place(row.class_place)),
            linked(place(row.cup_place)),
            self.car(&row.car),
            cell(names.join(" / ")),
            cell(row.laps.map_or_else(String::new, |laps| laps.to_string())),
            time(row.time),
            time(row.gap),
            time(row.best_lap),
            cell(row.note.clone().unwrap_or_default()),
        ]
    }

    fn grid(&self, grid: &PublishedGrid) -> (Vec<Field>, Option<Listing>) {
        let mut fields = vec![self.session(&grid.session)];
        if !grid.complete {
            fields.push(field("Complete", String::from("no: only the places that are known")));
        }
        let row = |row: &GridRow| {
            vec![
                cell(place(row.place)),
                cell(place(row.class_place)),
                cell(place(row.cup_place)),
                self.car(&row.car),
                row.driver.as_ref().map_or_else(|| cell(String::new()), |driver| self.driver(driver)),
                cell(row.time.map_or_else(String::new, |time| time.to_string())),
                cell(row.note.clone().unwrap_or_default()),
            ]
        };
        (fields, Some(Listing::of(&["Pos", "In class", "In cup", "Car", "Driver", "Time", "Note"], &grid.rows, row)))
    }

    fn decision(&self, decision: &Decision) -> Vec<Field> {
        let teller = self.known.teller();
        let mut fields = vec![
            field("Decision", decision.id.to_string()),
            field("Authority", decision.authority.clone()),
            field("Article", decision.article.clone()),
            field("Fact", decision.reason.clone()),
        ];
        if decision.effects.is_empty() {
            fields.push(field("Decided", String::from("no further action, beside what it settles")));
        }
        fields.extend(decision.effects.iter().map(|effect| {
            let address = effect.session().map(|session| format!("/sessions/{session}"));
            Field { label: String::from("Decided"), value: teller.effect(effect), address }
        }));
        if let Some((id, outcome)) = &decision.settles {
            let of = |fact: &&&Fact| fact.what.matter().is_some_and(|matter| matter.id == *id);
            let address = self.known.live.iter().find(of).map(|fact| format!("/documents/{}", fact.number));
            fields.push(Field { label: String::from("Settles"), value: format!("{id}: {}", outcome.word()), address });
        }
        if let Some(answer) = &decision.answers {
            fields.push(field("Incident", answer.incident.to_string()));
            fields.extend(answer.evidence.iter().map(|of| field("Evidence", teller.evidence(of))));
            fields.extend(answer.other_car.as_ref().map(|why| field("Another car", why.clone())));
        }
        fields
    }

    fn matter(&self, matter: &Matter) -> Vec<Field> {
        let teller = self.known.teller();
        let against = match &matter.against {
            sport::decision::Against::Decision(id) => self.named("Against decision", id),
            sport::decision::Against::Result(session) => Field { label: String::from("Against the result of"), ..self.session(session) },
        };
        let mut fields = vec![field("Lodged by", matter.by.clone()), against, field("Grounds", matter.reason.clone())];
        fields.extend(matter.if_upheld.iter().map(|effect| field("If upheld", teller.effect(effect))));
        if matter.suspends {
            fields.push(field("Until then", String::from("the decision has no effect")));
        }
        let settles = |fact: &&&Fact| {
            let settled = fact.what.decision().and_then(|decision| decision.settles.as_ref());
            settled.is_some_and(|(id, _)| *id == matter.id)
        };
        let settled = self.known.live.iter().find(settles).and_then(|fact| fact.what.decision());
        let open = Docket::of(&self.known.live).open().iter().any(|open| open.id == matter.id);
        fields.push(match settled {
            Some(decision) => self.named("Settled by decision", &decision.id),
            None if open => field("State", String::from("open")),
            None => field("State", String::from("an appeal took its place")),
        });
        fields
    }

    fn bulletin(&self, bulletin: &BopBulletin) -> (Vec<Field>, Option<Listing>) {
        let from = bulletin.from_session.as_ref().map(|id| SessionName { round: bulletin.from_round, id: id.clone() });
        let from = from.map_or_else(|| field("From", format!("round {}", bulletin.from_round)), |session| self.session(&session));
        let from = Field { label: String::from("Applies from"), ..from };
        let fields = vec![field("Bulletin", bulletin.number.clone()), from, field("Article", bulletin.article.clone())];
        let columns = ["Model", "Ballast kg", "Restrictor mm", "Boost", "Ride height front mm", "Rear mm", "Engine map", "Fuel l"];
        (fields, Some(Listing::of(&columns, &bulletin.rows, bop_row)))
    }

    fn meeting(&self, fact: &MeetingFact) -> Vec<Field> {
        let teller = self.known.teller();
        let says = || field("Says", teller.sentence(&What::Meeting(fact.clone())));
        match fact {
            MeetingFact::Signal { session, .. } => vec![self.session(session), says()],
            MeetingFact::Timetable { session, at } => vec![self.session(session), field("Begins", spelled(*at))],
            MeetingFact::Aboard { session, car, driver, how } => {
                vec![self.session(session), self.car(car), self.driver(driver), field("How it is known", how.word().to_owned())]
            }
            MeetingFact::Incident(incident) => {
                let mut fields = vec![self.session(&incident.session)];
                fields.extend(incident.cars.iter().map(|car| self.car(car)));
                fields.push(field("What happened", incident.what.clone()));
                fields.extend(incident.evidence.iter().map(|of| field("Evidence", teller.evidence(of))));
                let answers = |fact: &&sport::decision::Decision| fact.answers.as_ref().is_some_and(|of| of.incident == incident.id);
                let mut decisions = self.known.live.iter().filter_map(|fact| fact.what.decision());
                fields.push(
                    decisions
                        .find(answers)
                        .map_or_else(|| field("State", String::from("not decided")), |decision| self.named("Decision", &decision.id)),
                );
                fields
            }
            MeetingFact::Measured(of) => vec![self.session(&of.session), self.car(&of.car), says()],
            MeetingFact::Transponder { car, .. } | MeetingFact::TyreSet { car, .. } => vec![self.car(car), says()],
            MeetingFact::PenaltyServed { decision, car } => vec![self.car(car), self.named("Decision", decision)],
            MeetingFact::Judged { passing, reason, .. } => {
                let of = format!("passing {} of fact {}", passing.nth, passing.fact);
                vec![at("Passing", of, format!("/documents/{}", passing.fact)), says(), field("Reason", reason.clone())]
            }
            MeetingFact::Heard(heard) => heard_fields(heard).0,
        }
    }
}

fn raced(raced: &Raced) -> Option<String> {
    match raced {
        Raced::Full => None,
        Raced::Laps { completed, scheduled: Some(scheduled) } => Some(format!("{completed} of {scheduled} laps")),
        Raced::Laps { completed, scheduled: None } => Some(counted(usize::try_from(*completed).unwrap_or(usize::MAX), "lap", "laps")),
        Raced::Time { run, laps } => {
            let laps = laps.map_or_else(String::new, |laps| format!(", {laps} laps"));
            Some(format!("{run} of race time{laps}"))
        }
    }
}

fn bop_row(row: &BopRow) -> Vec<Field> {
    let parts = |value: u32, parts: u32, digits: usize| format!("{}.{:0digits$}", value / parts, value % parts);
    let (front, rear) = row.ride_height_tenths_mm.unzip();
    let tenths = |value: Option<u32>| cell(value.map_or_else(String::new, |value| parts(value, 10, 1)));
    vec![
        cell(row.model.clone()),
        cell(row.ballast_kg.map_or_else(String::new, |kg| kg.to_string())),
        cell(row.restrictor_hundredths_mm.map_or_else(String::new, |value| parts(value, 100, 2))),
        cell(row.boost.clone().unwrap_or_default()),
        tenths(front),
        tenths(rear),
        cell(row.engine_map.clone().unwrap_or_default()),
        tenths(row.fuel_tenths_l),
    ]
}

fn heard_fields(heard: &Heard) -> (Vec<Field>, Option<Listing>) {
    let fields = vec![
        field("Source", heard.source.to_string()),
        field("Round", heard.round.to_string()),
        field("Passings", heard.passings.len().to_string()),
    ];
    let numbered: Vec<_> = heard.passings.iter().enumerate().collect();
    let table = Listing::of(&["Passing", "By the source's clock", "Transponder"], &numbered, |(nth, passing)| {
        let transponder = passing.transponder.map_or_else(|| String::from("none"), |transponder| transponder.0.to_string());
        vec![cell(nth.to_string()), cell(crate::clock::printed(passing.at)), cell(transponder)]
    });
    (fields, Some(table))
}
