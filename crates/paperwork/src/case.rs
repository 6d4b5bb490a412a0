//! Cases: given a field, facts and what must follow, readable by a steward, run against the rulebook they stand beside.
//!
//! A case is a small season in one file: `[cars]` and a number of rounds, then requests (the same as in a file of requests) and
//! `[[expect]]` blocks in the order they are to be looked at. Each block is evaluated on the facts written above it.

use std::path::{Path, PathBuf};

use sport::accept::accept;
use sport::fact::What;
use sport::names::{ChampionshipId, DriverId, EntryId, MatterId, SessionId};
use sport::rulebook::Rulebook;
use sport::rules::tariff::Offence;
use sport::season::Season;
use sport::session::{Calendar, SessionName};
use sport::world::World;

use crate::calendar::{self, ROUND};
use crate::expect::{Check, Expect, moment};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::read::{self, Sources};
use crate::request::{self, Desk};
use crate::shape::{Ids, Key, Kind, Shape};
use crate::tree::{Node, Value};
use crate::{cars, check, circuit, rulebook, suggest, timed};

/// A case.
pub static CASE: Shape = Shape {
    name: "case",
    doc: "Given a field and facts, what must follow.",
    keys: &[
        Key::must("title", Kind::Text, "What the case shows."),
        Key::may("about", Kind::Text, "The story, for a reader."),
        Key::may("rulebook", Kind::Path, "The rulebook's folder, relative to the case; the folder around cases/ where left out."),
        Key::may(
            "cars",
            Kind::Map(Ids::Any, &Kind::Text),
            "The field: `19 = \"GT3, Team: Driver A (Silver) + Driver B (Bronze); guest; maker Audi; model Audi R8 LMS\"`.",
        ),
        Key::may(
            "crews",
            Kind::Map(Ids::Whole(1, 99), &Kind::Map(Ids::Any, &Kind::Text)),
            "Other crews from a round on: `[crews.2]` with `19 = \"Driver C (Gold)\"`; `-`: not entered.",
        ),
        Key::may("rounds", Kind::Whole(1, 40), "How many rounds, a week apart; 1 where left out and no round is described."),
        Key::may("round", Kind::Map(Ids::Whole(1, 99), &Kind::Table(&ROUND)), "Rounds, where they differ."),
        Key::may(
            "circuit",
            Kind::Map(Ids::Any, &Kind::Table(&crate::circuit::CIRCUIT)),
            "Circuits with lines, by id, where passings are told; the rounds' are `circuit-1`, `circuit-2` where none is described.",
        ),
        Key::may("result", Kind::List(&Kind::Table(&crate::sheet::RESULT)), "Published classifications."),
        Key::may("grid", Kind::List(&Kind::Table(&crate::sheet::GRID)), "Published grids."),
        Key::may("decision", Kind::List(&Kind::Table(&request::DECISION)), "Decisions."),
        Key::may("matter", Kind::List(&Kind::Table(&request::MATTER)), "Protests, appeals, reviews, inquiries."),
        Key::may("status", Kind::List(&Kind::Table(&request::STATUS)), "How an entry takes part from now on."),
        Key::may("grade", Kind::List(&Kind::Table(&request::GRADE)), "New grades."),
        Key::may("bop", Kind::List(&Kind::Table(&crate::bop::BOP)), "BoP bulletins."),
        Key::may("served", Kind::List(&Kind::Table(&request::SERVED)), "Success seconds served."),
        Key::may("nomination", Kind::List(&Kind::Table(&request::NOMINATION)), "Nominations."),
        Key::may("incident", Kind::List(&Kind::Table(&crate::incident::INCIDENT)), "Incidents."),
        Key::may("penalty-served", Kind::List(&Kind::Table(&crate::incident::PENALTY_SERVED)), "Drive-throughs and stop-and-gos served."),
        Key::may("measured", Kind::List(&Kind::Table(&crate::scrutineering::MEASURED)), "What was measured of cars."),
        Key::may("tyre-set", Kind::List(&Kind::Table(&crate::scrutineering::TYRE_SET)), "Sets of tyres."),
        Key::may("timetable", Kind::List(&Kind::Table(&crate::meeting::TIMETABLE)), "When sessions are to begin."),
        Key::may("signal", Kind::List(&Kind::Table(&crate::meeting::SIGNAL)), "Signals of race control."),
        Key::may("transponder", Kind::List(&Kind::Table(&crate::meeting::TRANSPONDER)), "Transponders and the cars they are in."),
        Key::may("heard", Kind::List(&Kind::Table(&crate::meeting::HEARD)), "What sources heard."),
        Key::may("aboard", Kind::List(&Kind::Table(&crate::meeting::ABOARD)), "Who is in a car."),
        Key::may("judged", Kind::List(&Kind::Table(&crate::meeting::JUDGED)), "Passings that are no car's, or another car's."),
        Key::may("undo", Kind::List(&Kind::Table(&request::UNDO)), "Undone facts."),
        Key::may(
            "recorded",
            Kind::Map(Ids::Any, &Kind::Instant),
            "When a decision or matter became known, by its id; when it happened where left out.",
        ),
        Key::may("expect", Kind::List(&Kind::Table(&EXPECT)), "What must follow."),
    ],
};

/// One block of expectations.
static EXPECT: Shape = Shape {
    name: "expect",
    doc: "What must follow from the facts above it.",
    keys: &[
        Key::must("say", Kind::Text, "What a reader is told."),
        Key::may("after", Kind::Session, "Only what was held through this session."),
        Key::may("as-known-at", Kind::Instant, "As known at a moment."),
        Key::may("in-force-at", Kind::Instant, "As in force at a moment."),
        Key::may(
            "world",
            Kind::Map(Ids::Any, &Kind::Choice(&["upheld", "rejected", "withdrawn"])),
            "How open matters are supposed to end.",
        ),
        Key::may("championship", Kind::Text, "The championship `table` and `depends` are about."),
        Key::may("table", Kind::List(&Kind::Text), "The whole table: `1 Driver A / Driver B 25`."),
        Key::may("top", Kind::List(&Kind::Text), "The first lines of the table."),
        Key::may("depends", Kind::Map(Ids::Printed, &Kind::List(&Kind::Text)), "The open matters a competitor's place depends on."),
        Key::may(
            "tie",
            Kind::Map(Ids::Printed, &Kind::Text),
            "What broke the tie of a competitor with the line above: `2 first places against 1`.",
        ),
        Key::may("session", Kind::Session, "The session the next keys are about."),
        Key::may("order", Kind::List(&Kind::Text), "The classification, first first."),
        Key::may("road", Kind::List(&Kind::Text), "The order of the sheet before decisions."),
        Key::may("grid", Kind::List(&Kind::Text), "The grid published last for the session, pole position first."),
        Key::may(
            "starts",
            Kind::List(&Kind::Text),
            "The grid the rulebook makes for the session from the results and drops, pole position first.",
        ),
        Key::may(
            "starts-why",
            Kind::Map(Ids::Printed, &Kind::List(&Kind::Text)),
            "Why a car starts where it does, by its id: each step in a phrase.",
        ),
        Key::may("out", Kind::List(&Kind::Text), "Cars without a place: `5 dsq`."),
        Key::may("open", Kind::List(&Kind::Text), "Open matters that touch the session."),
        Key::may("state", Kind::Text, "`provisional`, `amended`, `final`, `annulled`, `withheld`."),
        Key::may("document", Kind::Text, "The number of the sheet the classification starts from."),
        Key::may("effects", Kind::Map(Ids::Any, &Kind::List(&Kind::Text)), "What was done to a car, each with its ground."),
        Key::may("hindered", Kind::List(&Kind::Text), "What stands in the way of a final result at `in-force-at`: `matter A1 is open`."),
        Key::may("factor", Kind::Exact, "The factor on the session's points."),
        Key::may("podium", Kind::Map(Ids::Any, &Kind::List(&Kind::Text)), "The cars on a podium by the session's classification."),
        Key::may(
            "bop",
            Kind::Map(Ids::Printed, &Kind::List(&Kind::Text)),
            "What a model must run to in the session: `ballast_kg 10 by 2`.",
        ),
        Key::may(
            "measured",
            Kind::Map(Ids::Any, &Kind::List(&Kind::Text)),
            "What a car measured in the session: `weight 1290.5 kg, at least 1295 kg, out by 4.5 kg`.",
        ),
        Key::may("tyres", Kind::Map(Ids::Any, &Kind::Text), "The sets of a car in the round: `marked A, B; used A; 2 allowed`."),
        Key::may("timed", Kind::Table(&timed::TIMED), "What the session's passings give, before any decision."),
        Key::may(
            "board",
            Kind::Map(Ids::Any, &Kind::Table(&timed::BOARD)),
            "Cars on the pit board; times are counted from the start signal.",
        ),
        Key::may("doubts", Kind::List(&Kind::Text), "The doubts about the session's passings: `ended-otherwise`, `63 reading-impossible`."),
        Key::may("dues", Kind::List(&Kind::Text), "The success ledger: `19 15s 1.race-2 upcoming`."),
        Key::may("dues-into", Kind::Session, "Only what is due in this race."),
        Key::may("round", Kind::Whole(1, 99), "The round of `cups` and `admitted`; 1 where left out."),
        Key::may("cups", Kind::Map(Ids::Any, &Kind::Text), "The cup of a car's crew: `pro-am`, `none`, `no-cups`."),
        Key::may("admitted", Kind::Map(Ids::Any, &Kind::Truth), "Whether the class admits a car's crew."),
        Key::may("stop", Kind::Table(&STOP), "A minimum stop."),
        Key::may("window", Kind::Table(&WINDOW), "Whether a stop lies inside the window."),
        Key::may("classified", Kind::Table(&CLASSIFIED), "Whether a car with so many laps is classified."),
        Key::may("licence", Kind::Map(Ids::Any, &Kind::Whole(0, 9999)), "Points on a driver's licence, by his id."),
        Key::may("proposal", Kind::Table(&PROPOSAL), "What the tariff proposes."),
        Key::may("findings", Kind::List(&Kind::Text), "The codes of all findings, in alphabetical order."),
        Key::may("refused", Kind::Text, "The code with which the request just above was refused."),
        Key::may("value", Kind::Map(Ids::Printed, &Kind::Text), "Values as the rulebook writes them, by dotted name in quotes."),
    ],
};

static STOP: Shape = Shape {
    name: "stop",
    doc: "A minimum stop.",
    keys: &[
        Key::must("circuit", Kind::Text, "The circuit's id."),
        Key::may("due", Kind::Duration, "Success time due; none where left out."),
        Key::must("minimum", Kind::Duration, "The minimum."),
    ],
};

static PROPOSAL: Shape = Shape {
    name: "proposal",
    doc: "What the tariff proposes for an offence.",
    keys: &[
        Key::must("offence", Kind::Text, "Its id in the tariff."),
        Key::must("session", Kind::Session, "The session."),
        Key::must("car", Kind::Text, "The car."),
        Key::may("shortfall", Kind::Duration, "What was missing of a minimum; nothing where left out."),
        Key::must("says", Kind::Text, "The answer: `drive-through by article C3`."),
    ],
};

static WINDOW: Shape = Shape {
    name: "window",
    doc: "A stop and the pit window.",
    keys: &[
        Key::must("entry", Kind::Duration, "Race time at the pit entry."),
        Key::must("exit", Kind::Duration, "Race time at the pit exit."),
        Key::must("inside", Kind::Truth, "The answer."),
    ],
};

static CLASSIFIED: Shape = Shape {
    name: "classified",
    doc: "A share of the distance.",
    keys: &[
        Key::must("laps", Kind::Whole(0, 100_000), "The car's laps."),
        Key::must("winner", Kind::Whole(0, 100_000), "The winner's laps."),
        Key::must("is", Kind::Truth, "The answer."),
    ],
};

/// Runs a case. No fault: everything holds.
pub fn run(file: &Path, sources: &mut Sources) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(node) = read(file, sources, &mut faults) else { return faults };
    let folder = file.parent().unwrap_or(Path::new(""));
    let book: PathBuf = match node.fields().text("rulebook") {
        Some(path) => folder.join(path),
        None => folder.join(".."),
    };
    let loaded = rulebook::rulebook(&book, sources);
    faults.extend(loaded.faults);
    let Some(rulebook) = loaded.value.filter(|_| !crate::fault::stops(&faults)) else { return faults };
    let written = rulebook::as_written(&book, sources);
    faults.extend(run_under(&node, folder, &rulebook, written.as_ref(), sources));
    faults
}

/// Reads a case and checks its shape.
pub fn read(file: &Path, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<Node> {
    let node = sources.toml(file, faults)?;
    check::check(&node, &CASE, faults);
    Some(node)
}

/// Runs a case that was read under a rulebook, whatever rulebook it names. Tables it names are relative to `folder`; `written` is
/// the rulebook as its author wrote it.
pub fn run_under(case: &Node, folder: &Path, rulebook: &Rulebook, written: Option<&Node>, sources: &mut Sources) -> Vec<Fault> {
    let mut faults = Vec::new();
    let fields = case.fields();
    let Some(season) = given(&fields, rulebook, &mut faults) else { return faults };
    play(&fields, folder, rulebook, season, written, sources, &mut faults);
    faults
}

/// The season before its first fact.
fn given(fields: &Fields<'_>, rulebook: &Rulebook, faults: &mut Vec<Fault>) -> Option<Season> {
    let described = fields.keyed("round").next().is_some();
    let mut calendar =
        if described { calendar::calendar(fields, rulebook, Path::new(""), faults) } else { rounds(fields, rulebook, faults)? };
    circuits(fields, &mut calendar, faults);
    let list = cars::field(fields, &calendar, rulebook.latest(), faults);
    let sound = !crate::fault::stops(faults);
    let title = fields.text("title").unwrap_or_default();
    sound.then(|| Season::new(title, rulebook.year, calendar, list))
}

/// The lines of the circuits the case describes.
fn circuits(fields: &Fields<'_>, calendar: &mut Calendar, faults: &mut Vec<Fault>) {
    for entry in fields.inside("circuit").entries() {
        let layout = circuit::read(&entry.node, faults);
        let mut here = calendar.rounds.iter_mut().filter(|round| round.circuit == entry.key).peekable();
        if here.peek().is_none() {
            let message = format!("no round is held at circuit {}", entry.key);
            faults.push(Fault::error("unknown-circuit", &entry.place, message).help("name it as the round's `circuit`"));
        }
        here.for_each(|round| round.layout.clone_from(&layout));
    }
}

/// So many rounds of the rulebook's weekend, a week apart.
fn rounds(fields: &Fields<'_>, rulebook: &Rulebook, faults: &mut Vec<Fault>) -> Option<Calendar> {
    let count: u16 = fields.whole("rounds").unwrap_or(1);
    let first = sport::date::Date { year: i16::try_from(rulebook.year).ok()?, month: 1, day: 5 };
    let round = |number: u16| {
        let day = crate::written::later(first, (number - 1) * 7);
        format!("[round.{number}]\nname = \"Circuit {number}\"\ncircuit = \"circuit-{number}\"\ncountry = \"-\"\nfirst-day = {day}\n")
    };
    let text: String = (1..=count).map(round).collect();
    let node = read::parse("rounds", &text, faults)?;
    Some(calendar::calendar(&node.fields(), rulebook, Path::new(""), faults))
}

/// Records and looks, in the order of the file.
fn play(
    fields: &Fields<'_>,
    folder: &Path,
    rulebook: &Rulebook,
    mut season: Season,
    written: Option<&Node>,
    sources: &mut Sources,
    faults: &mut Vec<Fault>,
) {
    let desk = Desk { calendar: &season.calendar.clone(), entries: &season.list.clone(), law: rulebook.latest() };
    let requests = request::lower(fields, folder, desk, sources, faults);
    if crate::fault::stops(faults) {
        return;
    }
    let values = |rule: &str| written.and_then(|node| value_of(node, rule));
    let mut requests = requests.into_iter().peekable();
    let mut refused: Option<Fault> = None;
    for node in fields.list("expect") {
        while let Some(one) = requests.next_if(|one| one.place.span.start < node.place.span.start) {
            faults.extend(refused.take());
            let recorded = name_of(&one.what).and_then(|id| fields.inside("recorded").instant(&id)).unwrap_or(one.happened);
            match accept(rulebook, &season, one.by("case"), recorded) {
                Ok(facts) => facts.iter().for_each(|fact| season.apply(fact)),
                Err(refusal) => refused = Some(Fault::error(refusal.code, &one.place, refusal.reason).help(refusal.remedy)),
            }
        }
        let block = node.fields();
        if let Some(code) = block.text("refused") {
            let is = refused.take().map(|fault| fault.code);
            if is != Some(code) {
                let message = format!(
                    "the request above was {}, not refused as {code}",
                    is.map_or_else(|| "accepted".to_owned(), |code| format!("refused as {code}"))
                );
                faults.push(Fault::error("case-unmet", block.place_of("refused"), message));
            }
        }
        faults.extend(refused.take());
        if let Some(expect) = expect(&block, &season, faults) {
            faults.extend(expect.unmet(rulebook, &season, &values));
        }
    }
    for one in requests {
        let message = "nothing is expected after this request";
        faults.push(Fault::warning("case-unmet", &one.place, message).help("add an [[expect]] below it"));
    }
}

/// The id a decision or matter goes by.
fn name_of(what: &What) -> Option<String> {
    what.decision().map(|decision| decision.id.to_string()).or_else(|| what.matter().map(|matter| matter.id.to_string()))
}

/// A value of the rulebook as written, by its dotted name.
fn value_of(node: &Node, rule: &str) -> Option<String> {
    let mut at = node;
    for key in rule.split('.') {
        let Value::Table(table) = &at.value else { return None };
        at = table.get(key)?;
    }
    Some(printed(at))
}

fn printed(node: &Node) -> String {
    match &node.value {
        Value::Text(text) | Value::Decimal(text) | Value::Clock(text) => text.clone(),
        Value::Whole(number) => number.to_string(),
        Value::Truth(truth) => truth.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Instant(at) => at.0.to_string(),
        Value::List(items) => items.iter().map(printed).collect::<Vec<_>>().join(", "),
        Value::Table(table) => table.entries.iter().map(|entry| entry.key.clone()).collect::<Vec<_>>().join(", "),
    }
}

/// Reads a block of expectations.
fn expect(block: &Fields<'_>, season: &Season, faults: &mut Vec<Fault>) -> Option<Expect> {
    let mut checks = Vec::new();
    let mut add = |key: &str, check: Check| checks.push((block.place_of(key).clone(), check));
    let has = |key: &str| block.get(key).is_some();
    let championship = block.text("championship").map(ChampionshipId::new);
    for (key, whole) in [("table", true), ("top", false)] {
        if let (true, Some(championship)) = (has(key), &championship) {
            add(key, Check::Table { championship: championship.clone(), lines: texts(block, key), whole });
        }
    }
    if let (Some(node), Some(championship)) = (block.get("depends"), &championship) {
        for entry in node.fields().entries() {
            let (competitor, matters) = (entry.key.clone(), texts(&node.fields(), &entry.key));
            add("depends", Check::Depends { championship: championship.clone(), competitor, matters });
        }
    }
    for entry in block.get("tie").into_iter().flat_map(|node| node.fields().entries()) {
        if let (Some(championship), Some(says)) = (&championship, entry.node.text()) {
            let competitor = entry.key.clone();
            add("tie", Check::Tie { championship: championship.clone(), competitor, says: says.to_owned() });
        }
    }
    if let Some(session) = block.session("session") {
        of_session(block, &session, &mut add);
    } else if let Some(key) = OF_SESSION.iter().copied().find(|key| has(key)) {
        faults.push(
            Fault::error("missing-key", block.place_of(key), format!("`{key}` says nothing without `session`"))
                .help("add session = \"1.race-1\""),
        );
    }
    if has("dues") {
        add("dues", Check::Dues(block.session("dues-into"), texts(block, "dues")));
    }
    if has("findings") {
        add("findings", Check::Findings(texts(block, "findings")));
    }
    let round = block.whole("round").unwrap_or(1);
    of_crews(block, round, &mut add);
    of_values(block, &mut add);
    let through = match block.session("after") {
        Some(name) => Some(after(season, &name, block, faults)?),
        None => None,
    };
    let mut world = World::default();
    for entry in block.get("world").into_iter().flat_map(|node| node.fields().entries()) {
        let outcome = entry.node.text().and_then(|word| sport::decision::Outcome::WORDS.iter().find(|(of, _)| *of == word));
        if let Some((_, outcome)) = outcome {
            world.outcomes.insert(MatterId::new(&entry.key), *outcome);
        }
    }
    let say = block.text("say").unwrap_or_default().to_owned();
    Some(Expect { say, moment: moment(block.instant("as-known-at"), block.instant("in-force-at")), through, world, checks })
}

fn after(season: &Season, name: &SessionName, block: &Fields<'_>, faults: &mut Vec<Fault>) -> Option<usize> {
    let found = season.calendar.find(name);
    if found.is_none() {
        let known: Vec<String> = season.calendar.sessions.iter().map(|session| session.name.to_string()).collect();
        let help = suggest::help(&name.to_string(), known.iter().map(String::as_str));
        faults.push(Fault::error("unknown-session", block.place_of("after"), format!("there is no session {name}")).help_if(help));
    }
    found
}

/// The texts of a list, as a check keeps them.
fn texts(fields: &Fields<'_>, key: &str) -> Vec<String> {
    fields.texts(key).into_iter().map(str::to_owned).collect()
}

/// The expectations that are about one session, and say nothing without it.
const OF_SESSION: &[&str] = &[
    "order",
    "road",
    "grid",
    "starts",
    "starts-why",
    "out",
    "open",
    "hindered",
    "state",
    "document",
    "effects",
    "factor",
    "podium",
    "bop",
    "measured",
    "timed",
    "board",
    "doubts",
];

fn of_session(block: &Fields<'_>, session: &SessionName, add: &mut dyn FnMut(&str, Check)) {
    for key in OF_SESSION.iter().copied().filter(|key| block.get(key).is_some()) {
        let (session, inside) = (|| session.clone(), block.inside(key));
        let cars = || block.texts(key).into_iter().map(EntryId::new).collect();
        let text = || block.text(key).unwrap_or_default().to_owned();
        match key {
            "order" => add(key, Check::Order(session(), cars())),
            "road" => add(key, Check::Road(session(), cars())),
            "grid" => add(key, Check::Grid(session(), cars())),
            "starts" => add(key, Check::Starts(session(), cars())),
            "starts-why" => inside.entries().iter().for_each(|entry| {
                add(key, Check::StartsWhy(session(), EntryId::new(&entry.key), texts(&inside, &entry.key)));
            }),
            "out" => add(key, Check::Out(session(), texts(block, key))),
            "open" => add(key, Check::Open(session(), texts(block, key))),
            "hindered" => add(key, Check::Hindered(session(), texts(block, key))),
            "state" => add(key, Check::State(session(), text())),
            "document" => add(key, Check::Document(session(), text())),
            "factor" => block.exact(key).into_iter().for_each(|factor| add(key, Check::Factor(session(), factor))),
            "effects" => inside.entries().iter().for_each(|entry| {
                add(key, Check::Effects(session(), EntryId::new(&entry.key), texts(&inside, &entry.key)));
            }),
            "timed" => timed::timed(&inside).into_iter().for_each(|check| add(key, Check::Passings(session(), check))),
            "board" => block.keyed(key).for_each(|(car, fields)| {
                timed::board(car, &fields).into_iter().for_each(|check| add(key, Check::Passings(session(), check)));
            }),
            "doubts" => add(key, Check::Passings(session(), timed::PassingsCheck::Doubts(texts(block, key)))),
            "measured" => inside.entries().iter().for_each(|entry| {
                add(key, Check::Measured(session(), EntryId::new(&entry.key), texts(&inside, &entry.key)));
            }),
            "bop" => inside.entries().iter().for_each(|entry| {
                add(key, Check::Bop(session(), entry.key.clone(), texts(&inside, &entry.key)));
            }),
            _ => inside.entries().iter().for_each(|entry| {
                add(key, Check::Podium(session(), entry.key.clone(), texts(&inside, &entry.key)));
            }),
        }
    }
}

fn of_crews(block: &Fields<'_>, round: u16, add: &mut dyn FnMut(&str, Check)) {
    for entry in block.get("cups").into_iter().flat_map(|node| node.fields().entries()) {
        if let Some(cup) = entry.node.text() {
            add("cups", Check::Cup(round, EntryId::new(&entry.key), cup.to_owned()));
        }
    }
    for entry in block.get("tyres").into_iter().flat_map(|node| node.fields().entries()) {
        if let Some(says) = entry.node.text() {
            add("tyres", Check::Tyres(round, EntryId::new(&entry.key), says.to_owned()));
        }
    }
    for entry in block.get("admitted").into_iter().flat_map(|node| node.fields().entries()) {
        if let Value::Truth(admitted) = entry.node.value {
            add("admitted", Check::Admitted(round, EntryId::new(&entry.key), admitted));
        }
    }
}

fn of_values(block: &Fields<'_>, add: &mut dyn FnMut(&str, Check)) {
    let zero = sport::date::Micros(0);
    if let Some(stop) = block.get("stop").map(Node::fields)
        && let (Some(circuit), Some(minimum)) = (stop.text("circuit"), stop.duration("minimum"))
    {
        add("stop", Check::Stop { circuit: circuit.to_owned(), due: stop.duration("due").unwrap_or(zero), minimum });
    }
    if let Some(window) = block.get("window").map(Node::fields)
        && let (Some(entry), Some(exit), Some(inside)) = (window.duration("entry"), window.duration("exit"), window.truth("inside"))
    {
        add("window", Check::Window { entry, exit, inside });
    }
    for entry in block.get("licence").into_iter().flat_map(|node| node.fields().entries()) {
        if let Some(points) = entry.node.whole() {
            add("licence", Check::Licence(DriverId::new(&entry.key), points));
        }
    }
    if let Some(of) = block.get("proposal").map(Node::fields)
        && let (Some(id), Some(session), Some(car), Some(says)) =
            (of.text("offence"), of.session("session"), of.text("car"), of.text("says"))
    {
        let shortfall = of.duration("shortfall").unwrap_or(zero);
        let offence = Offence { id: id.to_owned(), session, car: EntryId::new(car), shortfall, next_race: None };
        add("proposal", Check::Proposal { offence, says: says.to_owned() });
    }
    if let Some(of) = block.get("classified").map(Node::fields)
        && let (Some(laps), Some(winner), Some(classified)) = (of.whole("laps"), of.whole("winner"), of.truth("is"))
    {
        let session = SessionName { round: 1, id: SessionId::new("race-1") };
        add("classified", Check::Classified { session, laps, winner, classified });
    }
    for entry in block.get("value").into_iter().flat_map(|node| node.fields().entries()) {
        if let Some(value) = entry.node.text() {
            add("value", Check::Value(entry.key.clone(), value.to_owned()));
        }
    }
}
