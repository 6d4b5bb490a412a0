//! A second scorer, slow and written from the rules alone, must agree with `sport` on every table of every random season.
//!
//! `SEED=123 cargo test -p sport --test twin` repeats one season; `SEASONS=100000` runs more of them.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test reads only the variants it is about")]
#![expect(unreachable_pub, reason = "the rooms of one test")]

#[path = "twin/docket.rs"]
mod docket;
#[path = "twin/fraction.rs"]
mod fraction;
#[path = "twin/orders.rs"]
mod orders;
#[path = "twin/random.rs"]
mod random;
#[path = "twin/rulebooks.rs"]
mod rulebooks;
#[path = "twin/scores.rs"]
mod scores;
#[path = "twin/seasons.rs"]
mod seasons;
#[path = "twin/tables.rs"]
mod tables;

use sport::season::Moment;
use sport::standings::Standings;

use seasons::{Made, Size};
use tables::Line;

fn printed(standings: &Standings) -> Vec<Line> {
    let exact =
        |bounds: sport::standings::Bounds| if bounds.is_exact() { fraction::from(bounds.at_least) } else { fraction::Fraction(-1, 99) };
    let line = |line: &sport::standings::Line| Line {
        place: line.place,
        shared: line.shared,
        name: line.name.clone(),
        points: exact(line.points),
        gross: exact(line.gross),
        labelled: line.label.is_some(),
    };
    standings.lines.iter().map(line).collect()
}

/// Every score that gave points, one text a score.
fn scores(made: &Made, standings: &Standings) -> Vec<String> {
    use sport::rulebook::championship::CompetitorKind;
    let list = &made.blank.list;
    let mut told = Vec::new();
    for line in &standings.lines {
        for competitor in &line.competitors {
            let who = match standings.competitor {
                CompetitorKind::Driver => list.drivers[*competitor].id.as_str().to_string(),
                CompetitorKind::Team => list.teams[*competitor].id.as_str().to_string(),
                CompetitorKind::Entry => list.entries[*competitor].id.as_str().to_string(),
                CompetitorKind::Maker | CompetitorKind::Constructor => line.name.clone(),
            };
            for score in line.scores.iter().filter(|score| score.points != sport::standings::Bounds::ZERO) {
                let place = score.scoring.and_then(sport::place::Places::exact).map(u32::from);
                let (points, car) = (fraction::from(score.points.at_least), &list.entries[score.entry].id);
                told.push(format!("{who} session {} car {car} {} {points:?} {place:?}", score.session, score.award));
            }
        }
    }
    told
}

/// Every decision and order as the two see it, for a person who looks for the cause.
fn documents(made: &Made) -> String {
    let season = made.season();
    let evaluation = sport::evaluate::evaluate(&made.rulebook, &season, Moment::NOW, made.through, &made.world);
    let mut told = String::new();
    for fact in season.facts() {
        match &fact.what {
            sport::fact::What::Result(sheet) => {
                told += &format!("{} sheet {} {:?} with {:?}\n", fact.number, sheet.session, sheet.mark, sheet.includes);
            }
            other => told += &format!("{} {other:?}\n", fact.number),
        }
    }
    for of in &evaluation.classifications {
        let car = |row: &sport::classification::Classified| season.list.entries[row.entry].id.to_string();
        let place = |row: &sport::classification::Classified| row.place.map_or("-".into(), |place| place.to_string());
        let rows: Vec<String> = of.rows.iter().map(|row| format!("{} {} {:?}", place(row), car(row), row.finish)).collect();
        told += &format!("sport session {} {:?} factor {} {rows:?}\n", of.session, of.mark, of.factor.exact());
    }
    told + &tables::orders_told(&made.rulebook, &season, Moment::NOW, made.through, &made.world)
}

/// The first table that differs, told so that a person can follow.
fn differs(made: &Made) -> Option<String> {
    let season = made.season();
    let evaluation = sport::evaluate::evaluate(&made.rulebook, &season, Moment::NOW, made.through, &made.world);
    let twin = tables::tables(&made.rulebook, &season, Moment::NOW, made.through, &made.world);
    for (standings, (id, lines)) in evaluation.standings.iter().zip(&twin) {
        let ours = printed(standings);
        if ours != *lines {
            let show = |lines: &[Line]| lines.iter().map(|line| format!("  {line:?}\n")).collect::<String>();
            let at = ours.iter().zip(lines).position(|(a, b)| a != b).unwrap_or(ours.len().min(lines.len()));
            let told = scores(made, standings);
            let written = tables::scores(&made.rulebook, &season, Moment::NOW, made.through, &made.world, &standings.championship);
            let only = |here: &[String], there: &[String]| {
                here.iter().filter(|one| !there.contains(one)).map(|one| format!("  {one}\n")).collect::<String>()
            };
            let (more, less) = (only(&told, &written), only(&written, &told));
            let rule = made.rulebook.latest().championship(&standings.championship);
            let kind = if told.iter().all(|one| written.contains(one)) && written.iter().all(|one| told.contains(one)) {
                "TABLE"
            } else {
                "SCORES"
            };
            return Some(format!(
                "{kind} {id} line {at} {rule:?} through {:?}\nsport\n{}{more}twin\n{}{less}",
                made.through,
                show(&ours),
                show(lines)
            ));
        }
    }
    assert_eq!(evaluation.standings.len(), twin.len());
    None
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn size(seed: u64) -> Size {
    match seed % 8 {
        0 => Size { rounds: 10, cars: (10, 30), decisions: 40 },
        1..=3 => Size { rounds: 5, cars: (3, 12), decisions: 50 },
        4 => Size { rounds: 3, cars: (3, 6), decisions: 0 },
        _ => Size { rounds: 3, cars: (3, 6), decisions: 40 },
    }
}

#[test]
fn two_scorers_agree_on_every_table() {
    let seeds = number("SEED").map_or(0..number("SEASONS").unwrap_or(1000), |seed| seed..seed + 1);
    let asked = number("SEED").is_some();
    let mut wrong = Vec::new();
    for seed in seeds {
        let made = seasons::made(seed, size(seed));
        if let Some(mut how) = differs(&made) {
            if asked {
                how += &documents(&made);
            }
            wrong.push((seed, how));
        }
    }
    wrong.sort_by_key(|(_, how)| how.len());
    let seeds: Vec<u64> = wrong.iter().map(|(seed, _)| *seed).take(40).collect();
    let told: String = wrong
        .iter()
        .take(usize::try_from(number("SHOW").unwrap_or(1)).expect("few"))
        .map(|(seed, how)| format!("SEED={seed} {how}"))
        .collect();
    assert!(wrong.is_empty(), "{} seasons differ; SEED={} repeats the shortest of {seeds:?}\n{told}", wrong.len(), wrong[0].0);
}
