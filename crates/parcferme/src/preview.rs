//! `preview`: every table that requests would move, before they are recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use paperwork::written::counted;
use serde_json::{Value, json};
use sport::classification::Classified;
use sport::decision::Effect;
use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::{Fact, What};
use sport::finding::Finding;
use sport::ledger::Due;
use sport::meeting_fact::MeetingFact;
use sport::passing::PassingId;
use sport::result::Finish;
use sport::rulebook::Rulebook;
use sport::rules::licence::licences;
use sport::running::Ranking;
use sport::season::{Moment, Season};
use sport::standings::Line;
use sport::why::state_words;
use sport::world::{Docket, World};

use crate::arguments::Format;
use crate::classify;
use crate::columns::{Columns, Lean, csv_line};
use crate::record::{Read, said};
use crate::stop::Stop;

/// Which row of which table: the table's place in the answer, its kind, its name as printed, who.
type Key = (usize, &'static str, String, String);

/// Rows in the order of their tables, each once.
#[derive(Default)]
struct Rows {
    order: Vec<Key>,
    says: BTreeMap<Key, String>,
}

impl Rows {
    fn put(&mut self, key: Key, says: &str) {
        match self.says.get_mut(&key) {
            // Two of one name: both are said.
            Some(there) => there.push_str(&format!("; {says}")),
            None => {
                self.order.push(key.clone());
                self.says.insert(key, says.to_owned());
            }
        }
    }
}

/// A row that changes.
struct Move {
    kind: &'static str,
    table: String,
    who: String,
    before: String,
    after: String,
}

/// Evaluates the season with and without the requests, and records nothing.
pub(crate) fn run(folder: &Path, requests: &Path, by: &str, format: Format) -> Result<String, Stop> {
    let read = Read::of(folder, requests)?;
    let (known, facts) = read.supposed(folder, by)?;
    let mut after = known.clone();
    facts.iter().for_each(|fact| after.apply(fact));
    let rounds = rounds(&after, &facts);
    let moves = moves(&rows(&read.rulebook, &known, &rounds), &rows(&read.rulebook, &after, &rounds));
    Ok(match format {
        Format::Text => {
            let facts = format!("{}{}; nothing was recorded\n", said(&facts, after.facts()), counted(facts.len(), "fact", "facts"));
            format!("{facts}{}", text(&moves))
        }
        Format::Csv => csv(&moves),
        Format::Json => {
            let facts: Vec<Value> = facts.iter().map(|fact| json!(said(std::slice::from_ref(fact), after.facts()).trim_end())).collect();
            format!("{:#}\n", json!({ "facts": facts, "moves": moves.iter().map(json_of).collect::<Vec<_>>() }))
        }
    })
}

/// A line about the tables that facts moved, where they undo others: nothing else says what an undo does.
pub(crate) fn undone(rulebook: &Rulebook, before: &Season, after: &Season, facts: &[Fact]) -> String {
    if !facts.iter().any(|fact| matches!(fact.what, What::Undo { .. })) {
        return String::new();
    }
    let rounds = rounds(after, facts);
    let mut moves = moves(&rows(rulebook, before, &rounds), &rows(rulebook, after, &rounds));
    moves.retain(|of| of.kind != "finding");
    if moves.is_empty() {
        return String::from("no table moves\n");
    }
    let tables = moves.chunk_by(|a, b| a.table == b.table);
    let tables: Vec<String> = tables.map(|of| format!("{} ({})", of[0].table, counted(of.len(), "row", "rows"))).collect();
    format!("this moves {}\n", tables.join(", "))
}

/// What differs, in the order of the tables as they would be; rows that would be gone last.
fn moves(before: &Rows, after: &Rows) -> Vec<Move> {
    let gone = before.order.iter().filter(|key| !after.says.contains_key(key));
    let mut keys: Vec<&Key> = after.order.iter().chain(gone).collect();
    keys.sort_by(|(a, _, table, _), (b, _, other, _)| (a, table).cmp(&(b, other)));
    let mut moves = Vec::new();
    for key in keys {
        let cell = |rows: &Rows| rows.says.get(key).cloned().unwrap_or_default();
        let (_, kind, table, who) = key.clone();
        let one = Move { kind, table, who, before: cell(before), after: cell(after) };
        moves.extend((one.before != one.after).then_some(one));
    }
    moves
}

/// The rounds whose sessions the facts name, or those they undo: what their passings give is looked at too.
fn rounds(season: &Season, facts: &[Fact]) -> BTreeSet<u16> {
    let mut facts: Vec<&Fact> = facts.iter().collect();
    let mut at = 0;
    while let Some(fact) = facts.get(at) {
        // An undo undoes an earlier fact, so this ends.
        if let What::Undo { fact: number, .. } = &fact.what {
            let undone = season.facts().iter().find(|of| of.number == *number && of.number < fact.number);
            facts.extend(undone);
        }
        at += 1;
    }
    let decided = facts.iter().filter_map(|fact| fact.what.decision()).flat_map(|decision| &decision.effects);
    let named = decided.filter_map(Effect::session).map(|session| session.round);
    let grid = |what: &What| if let What::Grid(of) = what { Some(of.session.round) } else { None };
    let sheet = |what: &What| what.result().map(|of| of.session.round).or_else(|| grid(what));
    let round = |fact: &Fact| if let What::Meeting(of) = &fact.what { of.round() } else { sheet(&fact.what) };
    let heard = |passing: &PassingId| season.facts().iter().find(|fact| fact.number == u64::from(passing.fact)).and_then(round);
    let judged = |fact: &Fact| if let What::Meeting(MeetingFact::Judged { passing, .. }) = &fact.what { heard(passing) } else { None };
    let meeting = facts.iter().filter_map(|fact| round(fact).or_else(|| judged(fact)));
    named.chain(meeting).collect()
}

/// What passings give in those rounds, decisions applied, and the grids that follow. Returns what is doubtful about them.
fn timed(rulebook: &Rulebook, season: &Season, rounds: &BTreeSet<u16>, rows: &mut Rows) -> Vec<Finding> {
    let mut doubts = Vec::new();
    let sessions = season.calendar.sessions.iter().enumerate().filter(|(_, session)| rounds.contains(&session.name.round));
    let first = season.calendar.sessions.len();
    for (at, session) in sessions {
        let mut put = |kind: &'static str, table: String, entry: usize, says: &str| {
            rows.put((first + at, kind, table, format!("car {}", season.list.entries[entry].label())), says);
        };
        if let Ok(live) = classify::live(rulebook, season, Moment::NOW, at) {
            doubts.extend(classify::findings(season, &live.session));
            for row in live.classification.iter().flat_map(|of| &of.rows) {
                let race = Ranking::of(session.kind) == Ranking::Distance;
                let time = if race { row.time } else { row.best_lap };
                let laps =
                    row.laps.filter(|_| race).map_or_else(String::new, |laps| format!(", {}", counted(laps as usize, "lap", "laps")));
                let time = time.map_or_else(String::new, |time| format!(", {time}"));
                put("timed", format!("{} by its passings", session.name), row.entry, &format!("{}{laps}{time}", place(row)));
            }
        }
        let grid = sport::grid::grid(rulebook, season, Moment::NOW, &World::default(), at);
        for (nth, place) in grid.iter().flat_map(|grid| &grid.places).enumerate() {
            put("grid", format!("{} starting grid", session.name), place.entry, &format!("place {}", nth + 1));
        }
    }
    doubts
}

/// Every row of every table of a season as it is known.
fn rows(rulebook: &Rulebook, season: &Season, rounds: &BTreeSet<u16>) -> Rows {
    let evaluation = evaluate(rulebook, season, Moment::NOW, None, &World::default());
    let mut rows = Rows::default();
    orders(season, &evaluation, &mut rows);
    let doubts = timed(rulebook, season, rounds, &mut rows);
    let mut put = |at: usize, kind: &'static str, table: &str, who: String, says: String| {
        rows.put((at, kind, table.to_owned(), who), &says);
    };
    let first = season.calendar.sessions.len() * 2;
    for due in &evaluation.ledger {
        let (who, says) = of_due(season, due);
        put(first, "dues", "Success penalties", who, says);
    }
    for (at, table) in evaluation.standings.iter().enumerate() {
        table.lines.iter().for_each(|line| put(first + 1 + at, "standings", &table.title, line.name.clone(), of_line(line)));
    }
    let live = season.live(Moment::NOW);
    let force = Docket::of(&live).in_force(&World::default());
    let last = first + 1 + evaluation.standings.len();
    for race in &season.calendar.sessions {
        for (car, places, ground) in force.grid_drops(&race.name) {
            put(last, "grid", &format!("{} grid", race.name), format!("car {car}"), format!("{places} places back ({ground})"));
        }
    }
    for licence in licences(rulebook, season, &live, &force) {
        let who = format!("{} after round {}", licence.driver, licence.round);
        put(last + 1, "licence", "Licence points", who, licence.left.to_string());
    }
    for finding in evaluation.findings.iter().chain(&doubts) {
        put(last + 2, "finding", "Findings", format!("{}: {}", finding.about, finding.says), finding.weight.word().to_owned());
    }
    rows
}

fn orders(season: &Season, evaluation: &Evaluation, rows: &mut Rows) {
    for (at, of) in evaluation.classifications.iter().enumerate() {
        let mark = of.mark.as_ref().map_or_else(String::new, |mark| format!(" at {mark}"));
        let table = format!("{}{mark} classification", season.calendar.sessions[of.session].name);
        let stands = |row: &Classified| match (&of.annulled, &of.withheld) {
            (Some(ground), _) => format!("annulled ({ground})"),
            (None, Some(ground)) => format!("{}, points withheld ({ground})", place(row)),
            (None, None) => place(row),
        };
        for row in of.rows.iter().filter(|row| row.on_sheet || !row.effects.is_empty()) {
            let done: Vec<String> = row.effects.iter().map(|(ground, says)| format!("{says} ({ground})")).collect();
            let done = if done.is_empty() { String::new() } else { format!(", {}", done.join(", ")) };
            let who = format!("car {}", season.list.entries[row.entry].label());
            rows.put((at, "classification", table.clone(), who), &format!("{}{done}", stands(row)));
        }
    }
}

fn place(row: &Classified) -> String {
    match (row.place, row.finish) {
        (Some(place), _) => place.to_string(),
        (None, Finish::Classified | Finish::Unknown) => String::from("?"),
        (None, Finish::NotClassified) => String::from("NC"),
        (None, Finish::NotStarted) => String::from("DNS"),
        (None, Finish::Disqualified) => String::from("DSQ"),
    }
}

fn of_due(season: &Season, due: &Due) -> (String, String) {
    let name = |at: Option<usize>| at.map_or_else(|| String::from("-"), |at| season.calendar.sessions[at].name.to_string());
    let amount = due.printed(due.amount.0);
    let who = format!("car {} from {}", season.list.entries[due.entry].label(), name(due.earned_in));
    (who, format!("{amount} in {}, {}", name(due.due_in), state_words(&due.state)))
}

fn of_line(line: &Line) -> String {
    let place = line.label.clone().or_else(|| line.place.map(|place| place.to_string())).unwrap_or_default();
    let points = if line.points.is_exact() {
        line.points.at_least.published()
    } else {
        format!("{}–{}", line.points.at_least.published(), line.points.at_most.published())
    };
    format!("{place} with {points}")
}

fn text(moves: &[Move]) -> String {
    if moves.is_empty() {
        return String::from("no table moves\n");
    }
    let mut text = String::new();
    for of in moves.chunk_by(|a, b| a.table == b.table) {
        if of[0].kind == "finding" {
            text.push_str(&findings(of));
            continue;
        }
        let mut columns = Columns::new(&[("Who", Lean::Left), ("Before", Lean::Left), ("After", Lean::Left)]);
        for one in of {
            let gone = |cell: &str| if cell.is_empty() { String::from("-") } else { cell.to_owned() };
            columns.row(vec![one.who.clone(), gone(&one.before), gone(&one.after)]);
        }
        text.push_str(&format!("\n{}\n{}", of[0].table, columns.text()));
    }
    text
}

/// Findings are sentences: no columns.
fn findings(moves: &[Move]) -> String {
    let line = |one: &Move| match (one.before.as_str(), one.after.as_str()) {
        ("", weight) => format!("  new {weight}: {}\n", one.who),
        (weight, "") => format!("  no more {weight}: {}\n", one.who),
        (_, weight) => format!("  now {weight}: {}\n", one.who),
    };
    format!("\n{}\n{}", moves[0].table, moves.iter().map(line).collect::<String>())
}

fn csv(moves: &[Move]) -> String {
    let mut text = csv_line(["kind", "table", "who", "before", "after"]);
    for of in moves {
        text.push_str(&csv_line([of.kind, &of.table, &of.who, &of.before, &of.after]));
    }
    text
}

fn json_of(of: &Move) -> Value {
    json!({ "kind": of.kind, "table": of.table, "who": of.who, "before": of.before, "after": of.after })
}
