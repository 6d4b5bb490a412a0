//! `classify --laps` and `--chart`: one car's laps with what each rests on, and the order at the end of every lap.

use serde_json::{Value, json};
use sport::date::Micros;
use sport::lap_analysis::LapOf;
use sport::live_session::LiveSession;
use sport::passing::PassingId;
use sport::season::Season;

use crate::arguments::Format;
use crate::columns::{Columns, Lean, csv_line};
use crate::moment;
use crate::stop::Stop;
use crate::why::car_of;

/// The laps of one car.
pub(crate) fn laps(season: &Season, of: &LiveSession, written: &str, head: &str, format: Format) -> Result<String, Stop> {
    let entry = car_of(season, written)?;
    let name = &season.calendar.sessions[of.session].name;
    let label = season.list.entries[entry].label();
    let Some(car) = of.cars.iter().position(|car| *car == entry) else {
        return Err(Stop::no(format!("car {label} is not entered in {name}")));
    };
    let laps = of.laps_of(car);
    let number = season.list.entries[entry].number.clone().unwrap_or_default();
    Ok(match format {
        Format::Text => text(season, of, &laps, &format!("{name}  car {label}\n{head}\n")),
        Format::Csv => {
            let mut text = csv_line([
                "session",
                "car",
                "lap",
                "ended",
                "time_us",
                "sectors_us",
                "driver",
                "timed",
                "inferred",
                "fact",
                "passing",
                "number",
                "note",
            ]);
            for (nth, lap) in laps.iter().enumerate() {
                let sectors: Vec<String> = lap.sectors.iter().map(|time| micros(*time)).collect();
                let cells = [
                    name.to_string(),
                    season.list.entries[entry].id.to_string(),
                    (nth + 1).to_string(),
                    moment::printed(lap.end),
                    lap.time.0.to_string(),
                    sectors.join(";"),
                    driver(season, lap),
                    lap.timed.to_string(),
                    lap.evidence.is_none().to_string(),
                    lap.evidence.map_or_else(String::new, |id| id.fact.to_string()),
                    lap.evidence.map_or_else(String::new, |id| id.nth.to_string()),
                    number.clone(),
                    lap.untimed.clone().unwrap_or_default(),
                ];
                text.push_str(&csv_line(cells.iter().map(String::as_str)));
            }
            text
        }
        Format::Json => {
            let laps_of: Vec<Value> = laps.iter().enumerate().map(|(nth, lap)| json(season, nth, lap)).collect();
            let best: Vec<Option<i64>> = of.best_sectors(&laps).into_iter().map(|time| time.map(|time| time.0)).collect();
            format!(
                "{:#}\n",
                json!({
                    "session": name.to_string(), "car": season.list.entries[entry].id.as_str(), "number": season.list.entries[entry].number, "laps": laps_of, "best_sectors_us": best,
                    "ideal_us": of.ideal_lap(&laps).map(|time| time.0)
                })
            )
        }
    })
}

fn driver(season: &Season, lap: &LapOf) -> String {
    lap.driver.map_or_else(String::new, |driver| season.list.drivers[driver].name.clone())
}

fn micros(time: Option<Micros>) -> String {
    time.map_or_else(String::new, |time| time.0.to_string())
}

fn printed(time: Option<Micros>) -> String {
    time.map_or_else(String::new, |time| time.to_string())
}

fn evidence(id: Option<PassingId>) -> String {
    id.map_or_else(|| String::from("inferred"), |id| format!("fact {}, passing {}", id.fact, id.nth))
}

fn json(season: &Season, nth: usize, lap: &LapOf) -> Value {
    let sectors: Vec<Option<i64>> = lap.sectors.iter().map(|time| time.map(|time| time.0)).collect();
    json!({
        "lap": nth + 1, "ended": moment::printed(lap.end), "time_us": lap.time.0, "sectors_us": sectors,
        "driver": lap.driver.map(|_| driver(season, lap)), "timed": lap.timed, "inferred": lap.evidence.is_none(),
        "fact": lap.evidence.map(|id| id.fact), "passing": lap.evidence.map(|id| id.nth),
        "note": lap.untimed,
    })
}

fn text(season: &Season, of: &LiveSession, laps: &[LapOf], head: &str) -> String {
    if laps.is_empty() {
        return format!("{head}\n  no lap\n");
    }
    let best = of.best_sectors(laps);
    let titles: Vec<String> = (1..=best.len()).map(|sector| format!("Sector {sector}")).collect();
    let mut columns = vec![("Lap", Lean::Right), ("Time", Lean::Right)];
    // Where no line divides the lap, its one sector is the lap.
    let sectors = if best.len() > 1 { titles.as_slice() } else { &[] };
    columns.extend(sectors.iter().map(|title| (title.as_str(), Lean::Right)));
    columns.extend([("Driver", Lean::Left), ("Ended by", Lean::Left), ("Note", Lean::Left)]);
    let mut table = Columns::new(&columns);
    let fastest = laps.iter().filter(|lap| lap.timed).map(|lap| lap.time).min();
    for (nth, lap) in laps.iter().enumerate() {
        let mark = if lap.timed && Some(lap.time) == fastest { "*" } else { "" };
        let mut row = vec![(nth + 1).to_string(), format!("{}{mark}", lap.time)];
        row.extend(lap.sectors.iter().take(sectors.len()).map(|time| printed(*time)));
        row.extend([driver(season, lap), evidence(lap.evidence), lap.untimed.clone().unwrap_or_default()]);
        table.row(row);
    }
    let sum = if let Some(ideal) = of.ideal_lap(laps) {
        let sectors: Vec<String> = best.iter().map(|time| printed(*time)).collect();
        format!("\n  * best lap; ideal lap {ideal}: {}\n", sectors.join(" + "))
    } else if fastest.is_some() {
        String::from("\n  * best lap\n")
    } else {
        String::from("\n  no lap that counts as a best lap\n")
    };
    format!("{head}\n{}{sum}", table.text())
}

/// The order at the end of every lap.
pub(crate) fn chart(season: &Season, of: &LiveSession, head: &str, format: Format) -> String {
    let name = &season.calendar.sessions[of.session].name;
    let entry = |car: &usize| &season.list.entries[of.cars[*car]];
    let id = |car: &usize| entry(car).id.to_string();
    let number = |car: &usize| entry(car).number.clone().unwrap_or_default();
    let chart = of.lap_chart();
    match format {
        Format::Text => {
            let mut text = format!("{name}  order at the end of every lap\n{head}\n\n");
            let width = chart.iter().flatten().map(|car| entry(car).label().chars().count()).max().unwrap_or(0).max(3);
            for (nth, cars) in chart.iter().enumerate() {
                let cars: Vec<String> = cars.iter().map(|car| format!("{:>width$}", entry(car).label())).collect();
                text.push_str(&format!("{:>4}  {}\n", nth + 1, cars.join(" ")));
            }
            text
        }
        Format::Csv => {
            let mut text = csv_line(["session", "lap", "position", "car", "number"]);
            for (nth, cars) in chart.iter().enumerate() {
                for (at, car) in cars.iter().enumerate() {
                    let cells = [name.to_string(), (nth + 1).to_string(), (at + 1).to_string(), id(car), number(car)];
                    text.push_str(&csv_line(cells.iter().map(String::as_str)));
                }
            }
            text
        }
        Format::Json => {
            let laps: Vec<Vec<String>> = chart.iter().map(|cars| cars.iter().map(id).collect()).collect();
            format!("{:#}\n", json!({ "session": name.to_string(), "chart": laps }))
        }
    }
}
