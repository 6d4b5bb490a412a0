//! Requests as people write them: results, grids, decisions and every other kind of fact, in the order of the file.

use std::path::Path;

use sport::accept::Request;
use sport::date::Instant;
use sport::decision::{Against, Decision, Matter, MatterKind, Outcome};
use sport::entry::{EntryList, EntryStatus};
use sport::fact::{Served, ServedHow, What};
use sport::names::{ChampionshipId, DecisionId, DriverId, EntryId, MatterId};
use sport::rulebook::Law;
use sport::session::{Calendar, SessionName};

use crate::fault::{Fault, Loaded};
use crate::fields::Fields;
use crate::place::Place;
use crate::pointed::{self, Word};
use crate::read::Sources;
use crate::refer::Known;
use crate::shape::{Key, Kind, Noun, Shape};
use crate::tree::{Node, Value};
use crate::{bop, calendar, check, effect, incident, meeting, refer, scrutineering, sheet, suggest, table, written};

macro_rules! request {
    ($(#[$doc:meta])* $shape:ident, $name:literal, $about:literal, [$($key:expr),* $(,)?]) => {
        $(#[$doc])*
        pub static $shape: Shape = Shape {
            name: $name,
            doc: $about,
            keys: &[
                Key::must("at", Kind::Instant, "When it happened: the sheet was issued, the decision was taken."),
                Key::must("cite", Kind::Text, "Where it says so: a document, a page, source ids."),
                $($key),*
            ],
        };
    };
}
pub(crate) use request;

/// A file of requests.
pub static REQUESTS: Shape = Shape {
    name: "requests",
    doc: "Facts to record, in the order of the file.",
    keys: &[
        Key::may("result", Kind::List(&Kind::Table(&sheet::RESULT)), "Published classifications."),
        Key::may("grid", Kind::List(&Kind::Table(&sheet::GRID)), "Published grids."),
        Key::may("decision", Kind::List(&Kind::Table(&DECISION)), "Decisions of stewards, courts and the organiser."),
        Key::may("matter", Kind::List(&Kind::Table(&MATTER)), "Protests, appeals, reviews and inquiries that were opened."),
        Key::may("status", Kind::List(&Kind::Table(&STATUS)), "How an entry takes part from now on."),
        Key::may("grade", Kind::List(&Kind::Table(&GRADE)), "A driver's new grade."),
        Key::may("bop", Kind::List(&Kind::Table(&bop::BOP)), "Balance of Performance bulletins."),
        Key::may("served", Kind::List(&Kind::Table(&SERVED)), "Success seconds served."),
        Key::may("nomination", Kind::List(&Kind::Table(&NOMINATION)), "The car in which a driver of two scores."),
        Key::may("signal", Kind::List(&Kind::Table(&meeting::SIGNAL)), "Signals of race control."),
        Key::may("timetable", Kind::List(&Kind::Table(&meeting::TIMETABLE)), "When sessions are to begin."),
        Key::may("transponder", Kind::List(&Kind::Table(&meeting::TRANSPONDER)), "Transponders and the cars they are in."),
        Key::may("heard", Kind::List(&Kind::Table(&meeting::HEARD)), "What sources heard."),
        Key::may("aboard", Kind::List(&Kind::Table(&meeting::ABOARD)), "Who is in a car."),
        Key::may("judged", Kind::List(&Kind::Table(&meeting::JUDGED)), "Passings that are no car's, or another car's."),
        Key::may("incident", Kind::List(&Kind::Table(&incident::INCIDENT)), "Incidents officials may judge."),
        Key::may("penalty-served", Kind::List(&Kind::Table(&incident::PENALTY_SERVED)), "Drive-throughs and stop-and-gos served."),
        Key::may("measured", Kind::List(&Kind::Table(&scrutineering::MEASURED)), "What was measured of cars."),
        Key::may("tyre-set", Kind::List(&Kind::Table(&scrutineering::TYRE_SET)), "Sets of tyres marked and used."),
        Key::may("undo", Kind::List(&Kind::Table(&UNDO)), "Earlier facts that were recorded in error."),
    ],
};

request!(
    /// `[[decision]]`.
    DECISION,
    "decision",
    "A decision and what follows from it.",
    [
        Key::must("id", Kind::Text, "Its number as published."),
        Key::must("authority", Kind::Text, "Who decided: Stewards, National Court of Appeal."),
        Key::must("article", Kind::Text, "The articles it rests on."),
        Key::must("reason", Kind::Text, "What happened."),
        Key::may("settles", Kind::Table(&SETTLES), "The matter it ends."),
        Key::may("effects", Kind::List(&Kind::Table(&effect::EFFECT)), "What follows; nothing for no further action."),
        Key::may("incident", Kind::Text, "The id of the incident it answers; then it acts on cars of that incident only."),
        Key::may("evidence", Kind::List(&Kind::Table(&incident::EVIDENCE)), "What it rests on; of each car it acts on, where it shows cars."),
        Key::may("other-car", Kind::Text, "Why it acts on a car or a driver the incident does not name, where it does."),
    ]
);

static SETTLES: Shape = Shape {
    name: "settles",
    doc: "The matter a decision ends, and how.",
    keys: &[
        Key::must("matter", Kind::Text, "The matter's id."),
        Key::must("outcome", Kind::Choice(&["upheld", "rejected", "withdrawn"]), "How it ended."),
    ],
};

request!(
    /// `[[matter]]`.
    MATTER,
    "matter",
    "A protest, appeal, review or inquiry.",
    [
        Key::must("id", Kind::Text, "Its number or short name."),
        Key::must("kind", Kind::Choice(&["protest", "appeal", "review", "inquiry", "intention"]), "What it is; `intention`: to appeal."),
        Key::must("by", Kind::Text, "Who lodged it."),
        Key::must("against", Kind::Table(&AGAINST), "What it is directed at."),
        Key::may("if-upheld", Kind::List(&Kind::Table(&effect::EFFECT)), "What is asked for, beside annulling the decision."),
        Key::may("suspends", Kind::Truth, "True where the decision has no effect until the matter is settled."),
        Key::must("reason", Kind::Text, "The grounds."),
    ]
);

static AGAINST: Shape = Shape {
    name: "against",
    doc: "A decision or a result: exactly one of the two.",
    keys: &[Key::may("decision", Kind::Text, "A decision's id."), Key::may("result", Kind::Session, "A session's result.")],
};

request!(
    /// `[[status]]`.
    STATUS,
    "status",
    "How an entry takes part.",
    [
        Key::must("car", Kind::Id(Noun::Entry), "The entry."),
        Key::must("status", Kind::Choice(&["regular", "guest", "invitational"]), "The status."),
        Key::may("rounds", Kind::List(&Kind::Whole(1, 999)), "The rounds it holds for; all from now on when absent."),
    ]
);

request!(
    /// `[[grade]]`.
    GRADE,
    "grade",
    "A driver's grade from a day on.",
    [
        Key::must("driver", Kind::Id(Noun::Driver), "The driver."),
        Key::must("grade", Kind::Choice(written::GRADES), "The grade."),
        Key::must("from", Kind::Day, "The first day it holds."),
    ]
);

request!(
    /// `[[served]]`.
    SERVED,
    "served",
    "Success seconds a car served.",
    [
        Key::must("session", Kind::Session, "The race."),
        Key::must("car", Kind::Id(Noun::Entry), "The car."),
        Key::must("time", Kind::Duration, "How much was served, announced or not served."),
        Key::may(
            "how",
            Kind::Choice(&["at-stop", "announced", "not-served"]),
            "How; at-stop when absent. Of not-served seconds none counts as served; what was served in part is at-stop.",
        ),
    ]
);

request!(
    /// `[[nomination]]`.
    NOMINATION,
    "nomination",
    "The car in which a driver entered in two cars scores (P12).",
    [
        Key::must("session", Kind::Session, "The session."),
        Key::must("driver", Kind::Id(Noun::Driver), "The driver."),
        Key::must("car", Kind::Id(Noun::Entry), "The car that scores."),
        Key::may("championships", Kind::List(&Kind::Id(Noun::Championship)), "In these; in all when absent."),
    ]
);

request!(
    /// `[[undo]]`.
    UNDO,
    "undo",
    "An earlier fact was recorded in error.",
    [Key::must("fact", Kind::Whole(1, i64::MAX), "Its number."), Key::must("reason", Kind::Text, "Why.")]
);

/// One request with its place in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The heading it stands under.
    pub place: Place,
    /// When it happened.
    pub happened: Instant,
    /// Where it says so.
    pub citation: String,
    /// What happened.
    pub what: What,
    /// The words it is written in, for a refusal to point at.
    words: Vec<Word>,
}

impl Written {
    /// Where the word stands that a refusal is about: its code says under which keys, its reason names it. The heading where none does.
    pub fn place_of(&self, code: &str, reason: &str) -> &Place {
        pointed::place(&self.words, code, reason).unwrap_or(&self.place)
    }

    /// As a request by somebody.
    pub fn by(&self, who: &str) -> Request {
        Request { happened: self.happened, by: who.to_owned(), citation: self.citation.clone(), what: self.what.clone() }
    }
}

/// What requests are checked against.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'s> {
    /// Rounds and sessions.
    pub calendar: &'s Calendar,
    /// Drivers, teams, entries.
    pub entries: &'s EntryList,
    /// The law.
    pub law: &'s Law,
}

/// Loads a file of requests. Tables it names are relative to the file. Any error means no value.
pub fn requests(path: &Path, desk: Desk<'_>, sources: &mut Sources) -> Loaded<Vec<Written>> {
    let mut faults = Vec::new();
    let Some(node) = sources.toml(path, &mut faults) else { return Loaded::of(None, faults) };
    whole(&node, path.parent().unwrap_or(Path::new("")), desk, sources, faults)
}

/// Requests from a text that stands in no file; `name` is what faults call it, tables it names are relative to `folder`.
pub fn parse(name: &str, text: &str, folder: &Path, desk: Desk<'_>, sources: &mut Sources) -> Loaded<Vec<Written>> {
    let mut faults = Vec::new();
    sources.hold(name, text);
    let Some(node) = crate::read::parse(name, text, &mut faults) else { return Loaded::of(None, faults) };
    whole(&node, folder, desk, sources, faults)
}

fn whole(node: &Node, folder: &Path, desk: Desk<'_>, sources: &mut Sources, mut faults: Vec<Fault>) -> Loaded<Vec<Written>> {
    check::check(node, &REQUESTS, &mut faults);
    let requests = lower(&node.fields(), folder, desk, sources, &mut faults);
    if requests.is_empty() && faults.is_empty() {
        let help = "write [[result]], [[decision]] or another fact";
        faults.push(Fault::error("no-requests", &node.place, "there is nothing to record").help(help));
    }
    Loaded::of(Some(requests), faults)
}

/// The requests of a table that was checked against [`REQUESTS`], or against a shape with the same keys. Other keys are not looked at.
pub fn lower(fields: &Fields<'_>, folder: &Path, desk: Desk<'_>, sources: &mut Sources, faults: &mut Vec<Fault>) -> Vec<Written> {
    let mut items: Vec<(&str, &Node)> = Vec::new();
    for key in REQUESTS.keys {
        items.extend(fields.list(key.name).iter().map(|node| (key.name, node)));
    }
    items.sort_by_key(|(_, node)| node.place.span.start);
    let mut reader = Reader { desk, folder, sources, faults };
    let known = desk.known();
    let mut requests = Vec::new();
    for (kind, node) in items {
        if let Some(Key { kind: Kind::List(Kind::Table(shape)), .. }) = REQUESTS.keys.iter().find(|key| key.name == kind) {
            refer::check(node, shape, &known, reader.faults);
        }
        let fields = node.fields();
        let (Some(happened), Some(citation)) = (fields.instant("at"), fields.text("cite")) else { continue };
        let words = pointed::words(node);
        let written = |what| Written { place: node.place.clone(), happened, citation: citation.to_owned(), what, words: words.clone() };
        requests.extend(reader.request(kind, &fields).into_iter().map(written));
    }
    requests
}

impl Desk<'_> {
    fn known(&self) -> Known {
        let mut known = calendar::known(self.law);
        known.add(Noun::Driver, self.entries.drivers.iter().map(|driver| driver.id.as_str()));
        known.add(Noun::Team, self.entries.teams.iter().map(|team| team.id.as_str()));
        let makers = self.entries.entries.iter().flat_map(|entry| [&entry.maker, &entry.constructor]).flatten();
        known.add(Noun::Maker, makers.map(|maker| maker.as_str()));
        known.add(Noun::Mark, self.law.awards.iter().filter_map(|award| award.mark.as_ref()).map(|mark| mark.as_str()));
        known
    }
}

/// Lowers requests one by one.
pub(crate) struct Reader<'r> {
    pub(crate) desk: Desk<'r>,
    pub(crate) folder: &'r Path,
    pub(crate) sources: &'r mut Sources,
    pub(crate) faults: &'r mut Vec<Fault>,
}

impl Reader<'_> {
    /// What a request says: one fact; for a result table with success columns the seconds served as well; a fact for each value measured.
    fn request(&mut self, kind: &str, fields: &Fields<'_>) -> Vec<What> {
        let what = match kind {
            "result" => return self.result(fields),
            "measured" => return self.measured(fields),
            "grid" => self.grid(fields),
            "decision" => self.decision(fields),
            "matter" => self.matter(fields),
            "status" => self.status(fields),
            "grade" => self.grade(fields),
            "bop" => self.bop(fields),
            "served" => self.served(fields),
            "nomination" => self.nomination(fields),
            "signal" => self.signal(fields),
            "timetable" => self.timetable(fields),
            "transponder" => self.transponder(fields),
            "heard" => self.heard(fields),
            "aboard" => self.aboard(fields),
            "judged" => self.judged(fields),
            "incident" => self.incident(fields),
            "penalty-served" => self.penalty_served(fields),
            "tyre-set" => self.tyre_set(fields),
            _ => fields.whole("fact").zip(fields.text("reason")).map(|(fact, reason)| What::Undo { fact, reason: reason.to_owned() }),
        };
        what.into_iter().collect()
    }

    fn decision(&mut self, fields: &Fields<'_>) -> Option<What> {
        let effects = self.effects(fields.list("effects"));
        let settles = fields.inside("settles");
        let settled = settles.text("matter").zip(settles.choice("outcome", &Outcome::WORDS));
        Some(What::Decision(Decision {
            id: DecisionId::new(fields.text("id")?),
            authority: fields.text("authority")?.to_owned(),
            article: fields.text("article")?.to_owned(),
            reason: fields.text("reason")?.to_owned(),
            effects,
            settles: settled.map(|(matter, outcome)| (MatterId::new(matter), outcome)),
            answers: self.answer(fields),
        }))
    }

    fn matter(&mut self, fields: &Fields<'_>) -> Option<What> {
        let if_upheld = self.effects(fields.list("if-upheld"));
        let at = fields.inside("against");
        let against = match (at.text("decision"), at.get("result")) {
            (Some(decision), None) => Against::Decision(DecisionId::new(decision)),
            (None, Some(result)) => Against::Result(self.session_at(result)?),
            (Some(_), Some(_)) | (None, None) => {
                let fault = Fault::error("one-of", at.place(), "against names exactly one of decision and result").label("one of the two");
                // Where there is none at all, that is said already.
                self.faults.extend(fields.get("against").map(|_| fault));
                return None;
            }
        };
        Some(What::Matter(Matter {
            id: MatterId::new(fields.text("id")?),
            kind: fields.choice("kind", &MatterKind::WORDS)?,
            by: fields.text("by")?.to_owned(),
            against,
            if_upheld,
            suspends: fields.truth("suspends").unwrap_or(false),
            reason: fields.text("reason")?.to_owned(),
        }))
    }

    fn status(&mut self, fields: &Fields<'_>) -> Option<What> {
        let car = self.any_car(fields, "car")?;
        let rounds = fields.list("rounds").iter().filter_map(|node| self.round_at(node)).collect();
        Some(What::Status { car, status: fields.choice("status", &EntryStatus::WORDS)?, rounds })
    }

    fn grade(&mut self, fields: &Fields<'_>) -> Option<What> {
        let grade = written::grade(fields.text("grade")?)?;
        Some(What::Grade { driver: DriverId::new(fields.text("driver")?), grade, from: fields.day("from")? })
    }

    fn served(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        let car = self.car(fields, "car", session.round)?;
        let how = fields.choice("how", &ServedHow::WORDS).unwrap_or(ServedHow::AtStop);
        Some(What::Served(Served { session, car, time: fields.duration("time")?, how }))
    }

    fn nomination(&mut self, fields: &Fields<'_>) -> Option<What> {
        let session = self.session(fields)?;
        let car = self.car(fields, "car", session.round)?;
        let championships = fields.texts("championships").into_iter().map(ChampionshipId::new).collect();
        Some(What::Nomination { session, driver: DriverId::new(fields.text("driver")?), car, championships })
    }

    /// The session under `session`, when it is on the calendar.
    pub(crate) fn session(&mut self, fields: &Fields<'_>) -> Option<SessionName> {
        self.session_at(fields.get("session")?)
    }

    pub(crate) fn session_at(&mut self, node: &Node) -> Option<SessionName> {
        let name = node.session()?;
        if self.desk.calendar.find(&name).is_some() {
            return Some(name);
        }
        let help = calendar::session_help(self.desk.calendar, &name);
        let message = format!("there is no session {name} on the calendar");
        self.faults.push(Fault::error("unknown-session", &node.place, message).label("unknown session").help_if(help));
        None
    }

    /// Reports a round that is not on the calendar.
    pub(crate) fn round_at(&mut self, node: &Node) -> Option<u16> {
        let number = node.whole()?;
        if self.desk.calendar.round(number).is_none() {
            let known: Vec<String> = self.desk.calendar.rounds.iter().map(|round| round.number.to_string()).collect();
            let fault = Fault::error("unknown-round", &node.place, format!("there is no round {number}")).label("unknown round");
            self.faults.push(fault.help(format!("rounds: {}", known.join(", "))));
        }
        Some(number)
    }

    /// A car of an event, by id or number.
    pub(crate) fn car(&mut self, fields: &Fields<'_>, key: &str, round: u16) -> Option<EntryId> {
        self.car_at(fields.get(key)?, round)
    }

    pub(crate) fn car_at(&mut self, node: &Node, round: u16) -> Option<EntryId> {
        let written = node.text()?;
        let entry = table::entered(self.desk.entries, written, round);
        if entry.is_none() && written::is_id(written) {
            self.faults.push(table::unknown_car(self.desk.entries, written, round, &node.place));
        }
        entry.map(|entry| entry.id.clone())
    }

    /// A car of the season, by id.
    pub(crate) fn any_car(&mut self, fields: &Fields<'_>, key: &str) -> Option<EntryId> {
        let node = fields.get(key)?;
        let id = EntryId::new(node.text()?);
        if self.desk.entries.entry(&id).is_none() {
            let help = suggest::help(id.as_str(), self.desk.entries.entries.iter().map(|entry| entry.id.as_str()));
            self.faults.push(
                Fault::error("unknown-car", &node.place, format!("there is no car \"{id}\"")).label("not an entered car").help_if(help),
            );
            return None;
        }
        Some(id)
    }

    /// A driver, by id or full name.
    pub(crate) fn driver_named(&mut self, written: &str, place: &Place) -> Option<DriverId> {
        let found = table::driver(self.desk.entries, written).cloned();
        if found.is_none() {
            let fault = Fault::error("unknown-driver", place, format!("there is no driver \"{written}\"")).label("not an entered driver");
            self.faults.push(fault.help_if(table::driver_help(self.desk.entries, written)));
        }
        found
    }
}

/// The one key of a table that must have exactly one.
pub(crate) fn only<'t>(node: &'t Node, what: &str, faults: &mut Vec<Fault>) -> Option<&'t crate::tree::Entry> {
    let Value::Table(table) = &node.value else { return None };
    let [only] = table.entries.as_slice() else {
        let message = format!("{what} has exactly one key, this one has {}", table.entries.len());
        faults.push(Fault::error("one-of", &node.place, message).label("exactly one key").help("write each in a table of its own"));
        return None;
    };
    Some(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    const HEAD: &str = "at = 2018-04-14T12:00:00Z\ncite = \"S03\"\n";

    fn told(text: &str) -> Vec<String> {
        sample::told(&sample::requests(&text.replace("HEAD\n", HEAD)).faults)
    }

    fn sound(text: &str) -> Vec<What> {
        let loaded = sample::requests(&text.replace("HEAD\n", HEAD));
        assert_eq!(sample::told(&loaded.faults), [""; 0], "{text}");
        loaded.value.expect("sound").into_iter().map(|written| written.what).collect()
    }

    #[test]
    fn requests_keep_the_order_of_the_file() {
        let text = "[[served]]\nHEAD\nsession = \"1.race-2\"\ncar = \"19\"\ntime = \"15s\"\n[[result]]\nHEAD\nsession = \"1.race-1\"\norder = [\"28\", \"19\"]\nnot-started = [\"666\"]\n[[served]]\nHEAD\nsession = \"2.race-1\"\ncar = \"19\"\ntime = \"5s\"\nhow = \"not-served\"\n";
        let requests = sound(text);
        let [What::Served(first), What::Result(result), What::Served(last)] = requests.as_slice() else { panic!("{requests:?}") };
        assert_eq!((first.how, last.how), (ServedHow::AtStop, ServedHow::NotServed));
        let rows: Vec<String> = result.rows.iter().map(|row| format!("{} {}", row.car, row.finish.word())).collect();
        assert_eq!(rows, ["28 classified", "19 classified", "666 not-started"]);
        assert!(result.complete && result.state == sport::result::ResultState::Final);
    }

    #[test]
    fn every_kind_of_fact_reads() {
        let decision = "[[decision]]\nHEAD\nid = \"27\"\nauthority = \"Stewards\"\narticle = \"C3\"\nreason = \"short stop\"\nsettles = { matter = \"A1\", outcome = \"upheld\" }\neffects = [\n{ add-time = { session = \"1.race-1\", car = \"19\", time = \"30s\" } },\n{ add-unserved-success = { session = \"1.race-1\" } },\n{ drop-places = { session = \"1.race-1\", car = \"19\", places = 3 } },\n{ deduct-laps = { session = \"1.race-1\", car = \"19\", laps = 1 } },\n{ disqualify = { session = \"1.race-1\", car = \"19\" } },\n{ annul-session = { session = \"1.race-1\" } },\n{ withhold-points = { session = \"1.race-1\" } },\n{ factor-points = { session = \"1.race-1\", factor = 0.5 } },\n{ ineligible = { session = \"1.race-1\", car = \"19\", others = \"move-up\" } },\n{ shares = { session = \"1.race-1\", car = \"19\", shares = { kodric = \"1/2\", lind = \"1/2\" } } },\n{ annul = { decision = \"26\" } },\n]\n";
        let requests = sound(decision);
        let [What::Decision(decision)] = requests.as_slice() else { panic!("{requests:?}") };
        assert_eq!((decision.effects.len(), &decision.settles), (11, &Some((MatterId::new("A1"), Outcome::Upheld))));
        for text in [
            "[[matter]]\nHEAD\nid = \"A1\"\nkind = \"appeal\"\nby = \"FFF\"\nagainst = { decision = \"27\" }\nsuspends = true\nreason = \"x\"\n",
            "[[matter]]\nHEAD\nid = \"A1\"\nkind = \"protest\"\nby = \"FFF\"\nagainst = { result = \"1.race-1\" }\nif-upheld = [{ disqualify = { session = \"1.race-1\", car = \"19\" } }]\nreason = \"x\"\n",
            "[[status]]\nHEAD\ncar = \"19\"\nstatus = \"guest\"\nrounds = [2]\n",
            "[[grade]]\nHEAD\ndriver = \"lind\"\ngrade = \"Gold\"\nfrom = 2018-05-01\n",
            "[[bop]]\nHEAD\nnumber = \"3\"\nfrom-round = 2\nfrom-session = \"race-1\"\narticle = \"F1\"\nrows = [{ model = \"Lamborghini Huracan GT3\", ballast-kg = -5, restrictor-mm = \"38.00\", ride-height-mm = [\"52.0\", 60], fuel-l = 104.5 }]\n",
            "[[nomination]]\nHEAD\nsession = \"1.race-1\"\ndriver = \"lind\"\ncar = \"19\"\n",
            "[[signal]]\nHEAD\nsession = \"1.race-1\"\nsignal = \"safety-car\"\n",
            "[[timetable]]\nHEAD\nsession = \"1.race-1\"\nbegins = 2018-04-14T13:00:00+08:00\n",
            "[[transponder]]\nHEAD\nround = 1\ntransponder = 1019\ncar = \"19\"\nfrom = 2018-04-14T13:00:00+08:00\n",
            "[[aboard]]\nHEAD\nsession = \"1.race-1\"\ncar = \"19\"\ndriver = \"lind\"\nhow = \"seen\"\n",
            "[[judged]]\nHEAD\nfact = 3\nnth = 0\nvoid = true\nreason = \"phantom impulse\"\n",
            "[[judged]]\nHEAD\nfact = 3\nnth = 0\ncar = \"19\"\nreason = \"swapped transponder\"\n",
            "[[undo]]\nHEAD\nfact = 3\nreason = \"recorded twice\"\n",
            "[[grid]]\nHEAD\nsession = \"1.race-1\"\nrows = [{ car = \"19\", place = 1, driver = \"lind\", time = \"2:03.367\" }, { car = \"28\", place = \"2|3\" }]\n",
            "[[result]]\nHEAD\nsession = \"1.race-1\"\nraced-time = \"40:00\"\nraced-laps = 12\nrows = [{ car = \"19\", place = 1, crew = [\"Martin Kodric\"], drove = { kodric = \"25:00\" } }]\n",
        ] {
            assert_eq!(sound(text).len(), 1, "{text}");
        }
        let bop = sound(
            "[[bop]]\nHEAD\nnumber = \"3\"\nfrom-round = 1\narticle = \"F1\"\nrows = [{ model = \"X\", restrictor-mm = \"38.25\", ride-height-mm = [\"52.5\", 60] }]\n",
        );
        let [What::Bop(bop)] = bop.as_slice() else { panic!("{bop:?}") };
        assert_eq!((bop.rows[0].restrictor_hundredths_mm, bop.rows[0].ride_height_tenths_mm), (Some(3825), Some((525, 600))));
    }

    #[test]
    fn every_fault_of_a_request_has_its_place_and_remedy() {
        let effect = |effect: &str| {
            format!("[[decision]]\nHEAD\nid = \"1\"\nauthority = \"S\"\narticle = \"A\"\nreason = \"r\"\neffects = [{effect}]\n")
        };
        let result = |rest: &str| format!("[[result]]\nHEAD\nsession = \"1.race-1\"\n{rest}\n");
        for (text, expected) in [
            (
                "[[result]]\ncite = \"x\"\nsession = \"1.race-1\"\norder = [\"19\"]".to_owned(),
                "1:1 missing-key (add at = 2018-04-14T12:00:00Z)",
            ),
            ("[[result]]\nHEAD\nsession = \"1.rase-1\"\norder = [\"19\"]".to_owned(), "4:11 unknown-session (did you mean \"1.race-1\"?)"),
            (
                "[[result]]\nHEAD\nsession = \"7.race-1\"\norder = [\"19\"]".to_owned(),
                "4:11 unknown-session (there is no round 7; rounds: 1, 2)",
            ),
            (
                "[result]\nHEAD\nsession = \"1.race-1\"\norder = [\"19\"]".to_owned(),
                "1:1 wrong-type (write [[result]] with two brackets: there may be several)",
            ),
            (result("order = [19]"), "5:10 wrong-type (write it in quotes: \"19\")"),
            (result("order = \"19\""), "5:9 wrong-type (write it in brackets: order = […])"),
            (result("rows = [{ car = \"19\", place = 1, laps = \"3\" }]"), "5:41 wrong-type (write it without quotes: 3)"),
            (result("order = [\"29\"]"), "5:10 unknown-car (did you mean \"19\"?)"),
            (result("order = [\"19\", \"19\"]"), "5:16 car-twice (keep one row a car)"),
            (result(""), "1:1 one-of (keep exactly one of table, order and rows)"),
            (result("order = [\"19 + 28\"]"), "5:10 bad-id (write each in quotes of its own: \"19\", \"28\")"),
            (result("order = [\"19\"]\ntable = \"x.csv\""), "1:1 one-of (keep exactly one of table, order and rows)"),
            (result("order = [\"19\"]\nscheduled-laps = 3"), "6:18 missing-value (add raced-laps, or take scheduled-laps out)"),
            (
                result("raced-laps = 12\nscheduled-laps = 10\norder = [\"19\"]"),
                "5:14 out-of-range (give the laps the leader completed, at most as many as were scheduled)",
            ),
            (
                result("rows = [{ car = \"19\", place = 1 }, { car = \"28\", place = 1 }]"),
                "5:58 place-twice (correct one; for a dead heat give both the same time, or say dead heat in both notes)",
            ),
            (result("rows = [{ car = \"19\", place = \"7|6\" }]"), "5:31 bad-place (write 3, or \"6|7\" for sixth or seventh)"),
            (result("rows = [{ car = \"19\", crew = [\"lindt\"] }]"), "5:31 unknown-driver (did you mean \"lind\"?)"),
            (result("mark = \"6h\"\norder = [\"19\"]"), "5:8 unknown-mark (-)"),
            (effect("{ add-tyme = {} }"), "8:14 unknown-key (did you mean \"add-time\"?)"),
            (effect("{}"), "8:12 one-of (write each in a table of its own)"),
            (effect("{ factor-points = { session = \"1.race-1\", factor = 11 } }"), "8:63 out-of-range (-)"),
            (effect("{ restart = { championship = \"gt3\", driver = \"lind\", from-round = 1 } }"), "8:41 unknown-championship (-)"),
            (
                effect("{ shares = { session = \"1.race-1\", car = \"19\", shares = { lindt = 1 } } }"),
                "8:70 unknown-driver (did you mean \"lind\"?)",
            ),
            ("[[status]]\nHEAD\ncar = \"20\"\nstatus = \"guest\"\nrounds = [1]".to_owned(), "4:7 unknown-car (did you mean \"28\"?)"),
            ("[[status]]\nHEAD\ncar = \"19\"\nstatus = \"gest\"\nrounds = [1]".to_owned(), "5:10 unknown-word (did you mean \"guest\"?)"),
            ("[[status]]\nHEAD\ncar = \"19\"\nstatus = \"guest\"\nrounds = [9]".to_owned(), "6:11 unknown-round (rounds: 1, 2)"),
            ("[[matter]]\nHEAD\nid = \"A\"\nkind = \"appeal\"\nby = \"F\"\nagainst = {}\nreason = \"x\"".to_owned(), "7:11 one-of (-)"),
            (
                "[[bop]]\nHEAD\nnumber = \"1\"\nfrom-round = 1\narticle = \"F1\"\nrows = [{ model = \"X\", restrictor-mm = 38.001 }]"
                    .to_owned(),
                "7:40 bad-value (-)",
            ),
        ] {
            assert_eq!(told(&text), [expected], "{text}");
        }
    }

    #[test]
    fn a_decision_on_a_total_names_whom_the_championship_ranks_and_no_sum_is_restarted() {
        let mut rulebook = sample::rulebook();
        let sum = sport::rulebook::championship::Championship { sum_of: vec!["drivers".into()], ..sample::championship("sum") };
        rulebook.versions[0].law.championships = vec![sample::championship("drivers"), sum];
        let told = |effect: &str| {
            let head = "id = \"1\"\nauthority = \"S\"\narticle = \"A\"\nreason = \"r\"\n";
            let text = format!("[[decision]]\n{HEAD}{head}effects = [{effect}]\n");
            sample::told(&sample::requests_under(&text, rulebook.clone()).faults)
        };
        assert_eq!(
            told("{ deduct-points = { championship = \"drivers\", team = \"fff\", points = 3, from-round = 1 } }"),
            ["8:65 competitor-of-another-kind (name the driver, or another championship)"]
        );
        let restart = |of: &str| format!("{{ restart = {{ championship = \"{of}\", driver = \"lind\", from-round = 2 }} }}");
        assert_eq!(told(&restart("sum")), ["8:41 without-effect (restart drivers)"]);
        assert_eq!(told(&restart("drivers")), [""; 0]);
    }

    #[test]
    fn a_table_that_is_not_there_is_told_at_the_request_and_at_the_file() {
        let told = told("[[result]]\nHEAD\nsession = \"1.race-1\"\ntable = \"nowhere.csv\"\n");
        assert_eq!(told, ["5:9 no-table (write its path from this file's folder on)", "1:1 cannot-read (-)"]);
    }

    proptest::proptest! {
        #[test]
        fn no_request_breaks_it(kind in "result|grid|decision|matter|status|grade|bop|served|nomination|signal|timetable|transponder|heard|aboard|judged|incident|penalty-served|measured|tyre-set|undo", lines in "((session|car|order|rows|effects|driver|rounds|from-round|round|table|time|source|passings|laps|from) = (\"19\"|\"1.race-1\"|\\[\"19\"\\]|\\[\\{\\}\\]|7|\\{\\}|\"..\")\n){0,5}") {
            let _ = sample::requests(&format!("[[{kind}]]\n{HEAD}{lines}"));
        }
    }
}
