//! `classify FILE`: the classification that the laps or passings in somebody's file give, where it claims something else, and what is odd in it.

use std::path::Path;

use serde_json::{Value, json};
use sport::date::Micros;
use sport::result::Finish;
use sport::running::Ranking;
use timing::account::{Account, Claim};
use timing::format::Told;
use timing::reckoned::{Reckoned, Row, ranking};

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::stop::Stop;
use crate::told;
use crate::told::FileArguments;

/// So many of what could not be read are shown.
const SHOWN: usize = 10;

/// `classify FILE`.
pub(crate) fn run(file: &Path, how: &FileArguments, format: Format) -> Result<String, Stop> {
    let told = told::read(file, how)?;
    let sessions: Vec<(&Account, Reckoned)> = told.accounts.iter().map(|account| (account, reckoned(account, how))).collect();
    Ok(match format {
        Format::Text => text(file, &told, &sessions),
        Format::Csv => csv(&sessions),
        Format::Json => json(&told, &sessions),
    })
}

fn reckoned(account: &Account, how: &FileArguments) -> Reckoned {
    Reckoned::of(account, how.kind.map_or_else(|| ranking(account), Ranking::of))
}

/// A car as it is listed: as claimed, where anything is; by its laps beside it.
struct Listed<'a> {
    car: usize,
    claim: Option<&'a Claim>,
    row: Option<&'a Row>,
}

impl Listed<'_> {
    /// The place, or the word that stands for it.
    fn place(&self) -> String {
        let of_laps = || self.row.and_then(|row| row.place);
        match self.claim {
            None => of_laps().map_or_else(String::new, |place| place.to_string()),
            Some(claim) => claim.place.map_or_else(
                || claim.finish.without_place().map_or_else(|| claim.status.clone().unwrap_or_default(), str::to_owned),
                |place| place.to_string(),
            ),
        }
    }

    fn laps(&self) -> Option<u32> {
        self.claim.and_then(|claim| claim.laps).or(self.row.map(|row| row.laps))
    }

    fn time(&self) -> Option<Micros> {
        self.claim.and_then(|claim| claim.time).or(self.row.and_then(|row| row.time))
    }

    fn best(&self) -> Option<Micros> {
        self.claim.and_then(|claim| claim.best).or(self.row.and_then(|row| row.best))
    }
}

/// The cars in the order they are claimed to be in, those nobody claims behind them.
fn listed<'a>(account: &'a Account, reckoned: &'a Reckoned) -> Vec<Listed<'a>> {
    let row = |car: usize| reckoned.rows.iter().find(|row| row.car == car);
    let claimed = account.claims.iter().map(|claim| Listed { car: claim.car, claim: Some(claim), row: row(claim.car) });
    let unclaimed = |of: &&Row| !account.claims.iter().any(|claim| claim.car == of.car);
    let rest = reckoned.rows.iter().filter(unclaimed).map(|row| Listed { car: row.car, claim: None, row: Some(row) });
    claimed.chain(rest).collect()
}

fn text(file: &Path, told: &Told, sessions: &[(&Account, Reckoned)]) -> String {
    let mut text = format!("{}: {}\n", file.display(), told.format.title());
    for (account, reckoned) in sessions {
        text.push('\n');
        text.push_str(&head(account, reckoned));
        if account.cars.is_empty() {
            continue;
        }
        text.push('\n');
        text.push_str(&table(account, reckoned));
        text.push_str(&findings(account, reckoned));
    }
    if !told.flaws.is_empty() {
        text.push_str(&format!("\nnot understood: {}\n", told.flaws.len()));
        told.flaws.iter().take(SHOWN).for_each(|flaw| text.push_str(&format!("  {flaw}\n")));
        if told.flaws.len() > SHOWN {
            text.push_str(&format!("  … and {} more\n", told.flaws.len() - SHOWN));
        }
    }
    text
}

/// Which session it is, how much is told of it, and by what its order was made.
fn head(account: &Account, reckoned: &Reckoned) -> String {
    let about = &account.about;
    let named = [about.event.clone(), about.track.clone(), about.session.clone(), about.kind.map(|kind| kind.word().to_owned())];
    let mut parts: Vec<String> = Vec::new();
    for part in named.into_iter().flatten().filter(|part| !part.trim().is_empty()) {
        if !parts.iter().any(|before| before.eq_ignore_ascii_case(&part)) {
            parts.push(part);
        }
    }
    parts.extend(about.began.map(crate::moment::printed));
    let counted = |count: usize, one: &str, many: &str| paperwork::written::counted(count, one, many);
    let mut told = vec![counted(account.cars.len(), "car", "cars"), counted(account.laps.len(), "lap", "laps")];
    if !account.crossings.is_empty() {
        told.push(counted(account.crossings.len(), "passing", "passings"));
    }
    let by = match (account.laps.is_empty(), reckoned.ranking) {
        (true, _) if account.claims.is_empty() => "nothing to classify by",
        (true, _) => "as the file claims; it has no laps to hold against it",
        (false, Ranking::Distance) => "by laps, then when they were completed",
        (false, Ranking::BestLap) => "by best lap",
    };
    let session = if parts.is_empty() { String::new() } else { format!("{}\n", parts.join(" · ")) };
    format!("{session}{}; {by}\n", told.join(", "))
}

fn table(account: &Account, reckoned: &Reckoned) -> String {
    let mut columns = Columns::new(&[
        ("Pos", Lean::Right),
        ("No", Lean::Right),
        ("Class", Lean::Left),
        ("Cup", Lean::Left),
        ("Drivers", Lean::Left),
        ("Team", Lean::Left),
        ("Laps", Lean::Right),
        ("Time", Lean::Right),
        ("Best", Lean::Right),
        ("By its laps", Lean::Left),
    ]);
    let printed = |time: Option<Micros>| time.map_or_else(String::new, |time| time.to_string());
    for of in listed(account, reckoned) {
        let car = &account.cars[of.car];
        let drivers: Vec<&str> = car.drivers.iter().map(|driver| driver.name.as_str()).collect();
        columns.row(vec![
            of.place(),
            car.number.clone(),
            car.class.clone().unwrap_or_default(),
            car.cup.clone().unwrap_or_default(),
            drivers.join(" / "),
            car.team.clone().unwrap_or_default(),
            of.laps().map_or_else(String::new, |laps| laps.to_string()),
            printed(of.time().filter(|_| reckoned.ranking == Ranking::Distance)),
            printed(of.best()),
            by_laps(&of, reckoned),
        ]);
    }
    columns.text()
}

/// What its laps give, where that is not what is claimed.
fn by_laps(of: &Listed<'_>, reckoned: &Reckoned) -> String {
    let (Some(claim), Some(row)) = (of.claim, of.row) else { return String::new() };
    let mut otherwise = Vec::new();
    if let Some(place) = row.place.filter(|place| claim.place.is_some_and(|claimed| claimed != *place)) {
        otherwise.push(format!("{place}."));
    }
    if claim.laps.is_some_and(|laps| laps != row.laps) {
        otherwise.push(paperwork::written::counted(row.laps as usize, "lap", "laps"));
    }
    if let (Ranking::Distance, Some(claimed), Some(time)) = (reckoned.ranking, claim.time, row.time)
        && claimed.whole_ms() != time.whole_ms()
    {
        otherwise.push(time.to_string());
    }
    otherwise.join(" ")
}

fn findings(account: &Account, reckoned: &Reckoned) -> String {
    let number = |car: usize| format!("car {}: ", account.cars[car].number);
    let differences = reckoned.differences.iter().map(|of| format!("  {}: {}{}\n", of.weight.word(), number(of.car), of.says));
    let notes = account.notes.iter().map(|note| format!("  note: {}{}\n", note.car.map_or_else(String::new, number), note.says));
    let penalty = |of: &timing::account::Penalty| {
        let lap = of.lap.map_or_else(String::new, |lap| format!(" in lap {lap}"));
        let after = if of.after { ", after the race" } else { "" };
        format!("  {}{}{lap}{after}\n", number(of.car), of.words)
    };
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}:\n{}", lines.concat()));
        }
    };
    section("claimed otherwise than its laps say", differences.collect());
    section("penalties it tells of", account.penalties.iter().map(penalty).collect());
    section("odd in it", notes.collect());
    text
}

fn csv(sessions: &[(&Account, Reckoned)]) -> String {
    let mut text = csv_line([
        "session",
        "place",
        "number",
        "class",
        "cup",
        "drivers",
        "team",
        "model",
        "finish",
        "laps",
        "time",
        "gap",
        "best",
        "place-by-laps",
        "laps-by-laps",
        "time-by-laps",
        "best-by-laps",
    ]);
    let printed = |time: Option<Micros>| time.map_or_else(String::new, |time| time.to_string());
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    for (nth, (account, reckoned)) in sessions.iter().enumerate() {
        for of in listed(account, reckoned) {
            let car = &account.cars[of.car];
            let drivers: Vec<&str> = car.drivers.iter().map(|driver| driver.name.as_str()).collect();
            let finish = of.claim.map_or(Finish::Unknown, |claim| claim.finish);
            let cells = [
                (nth + 1).to_string(),
                number(of.claim.and_then(|claim| claim.place).map(u32::from)),
                car.number.clone(),
                car.class.clone().unwrap_or_default(),
                car.cup.clone().unwrap_or_default(),
                drivers.join(" / "),
                car.team.clone().unwrap_or_default(),
                car.model.clone().unwrap_or_default(),
                finish.word().to_owned(),
                number(of.claim.and_then(|claim| claim.laps)),
                printed(of.claim.and_then(|claim| claim.time)),
                printed(of.claim.and_then(|claim| claim.gap)),
                printed(of.claim.and_then(|claim| claim.best)),
                number(of.row.and_then(|row| row.place).map(u32::from)),
                number(of.row.map(|row| row.laps)),
                printed(of.row.and_then(|row| row.time)),
                printed(of.row.and_then(|row| row.best)),
            ];
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
    }
    text
}

fn json(told: &Told, sessions: &[(&Account, Reckoned)]) -> String {
    let micros = |time: Option<Micros>| time.map(|time| time.0);
    let session = |(account, reckoned): &(&Account, Reckoned)| {
        let number = |car: usize| account.cars[car].number.clone();
        let car = |of: Listed<'_>| {
            let car = &account.cars[of.car];
            json!({
                "number": car.number,
                "class": car.class,
                "cup": car.cup,
                "team": car.team,
                "model": car.model,
                "drivers": car.drivers.iter().map(|driver| json!({ "name": driver.name, "player": driver.id })).collect::<Vec<_>>(),
                "claimed": of.claim.map(|claim| json!({
                    "place": claim.place,
                    "finish": claim.finish.word(),
                    "status": claim.status,
                    "laps": claim.laps,
                    "time_us": micros(claim.time),
                    "gap_us": micros(claim.gap),
                    "best_us": micros(claim.best),
                })),
                "by_laps": of.row.map(|row| json!({
                    "place": row.place,
                    "laps": row.laps,
                    "time_us": micros(row.time),
                    "best_us": micros(row.best),
                    "best_lap": row.best_lap,
                    "missing": row.missing,
                })),
            })
        };
        let about = &account.about;
        json!({
            "event": about.event,
            "track": about.track,
            "session": about.session,
            "kind": about.kind.map(sport::session::SessionKind::word),
            "began": about.began.map(crate::moment::printed),
            "ordered_by": match reckoned.ranking { Ranking::Distance => "distance", Ranking::BestLap => "best-lap" },
            "laps": account.laps.len(),
            "passings": account.crossings.len(),
            "cars": listed(account, reckoned).into_iter().map(car).collect::<Vec<_>>(),
            "differences": reckoned.differences.iter().map(|of| json!({
                "weight": of.weight.word(), "code": of.code, "car": number(of.car), "says": of.says,
            })).collect::<Vec<_>>(),
            "penalties": account.penalties.iter().map(|of| json!({
                "car": number(of.car), "says": of.words, "lap": of.lap, "served_in_lap": of.served, "after_race": of.after,
            })).collect::<Vec<_>>(),
            "notes": account.notes.iter().map(|note| json!({
                "code": note.code, "car": note.car.map(number), "line": note.line, "says": note.says,
            })).collect::<Vec<_>>(),
        })
    };
    let flaw = |flaw: &timing::flaw::Flaw| json!({ "offset": flaw.offset, "line": flaw.line, "why": flaw.why, "text": flaw.text });
    let value: Value = json!({
        "format": told.format.word(),
        "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
        "not_understood": told.flaws.len(),
        "flaws": told.flaws.iter().take(1_000).map(flaw).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}
