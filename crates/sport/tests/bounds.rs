//! What is only partly known stays true: hide places of a complete sheet, and every way to fill them lies inside the bounds.
//!
//! `SEED=123 cargo test -p sport --test bounds` repeats one season.
#![expect(unreachable_pub, dead_code, reason = "the rooms are shared with the twin")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test reads only the variants it is about")]

#[path = "twin/random.rs"]
mod random;
#[path = "twin/rulebooks.rs"]
mod rulebooks;
#[path = "twin/seasons.rs"]
mod seasons;

use sport::evaluate::evaluate;
use sport::evaluation::Evaluation;
use sport::fact::{Fact, What};
use sport::place::Places;
use sport::result::ResultRow;
use sport::season::Moment;

use random::Random;
use seasons::{Made, Size};

fn now(made: &Made, facts: &[Fact]) -> Evaluation {
    let mut season = made.blank.clone();
    facts.iter().for_each(|fact| season.apply(fact));
    evaluate(&made.rulebook, &season, Moment::NOW, made.through, &made.world)
}

fn rows(fact: &mut Fact) -> Option<&mut Vec<ResultRow>> {
    match &mut fact.what {
        What::Result(result) => Some(&mut result.rows),
        _ => None,
    }
}

/// Every order of some things.
fn orders(of: &[Option<Places>]) -> Vec<Vec<Option<Places>>> {
    if of.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for ix in 0..of.len() {
        let mut rest = of.to_vec();
        let first = rest.remove(ix);
        all.extend(orders(&rest).into_iter().map(|mut order| {
            order.push(first);
            order
        }));
    }
    all
}

/// The points and places of a completion lie inside what was said before it was known.
fn inside(partly: &Evaluation, complete: &Evaluation) -> Result<(), String> {
    for table in &complete.standings {
        let before = partly.table(&table.championship).expect("the same rulebook");
        for line in &table.lines {
            for competitor in &line.competitors {
                let found =
                    |of: &&sport::standings::Line| of.competitors.contains(competitor) && of.label.is_some() == line.label.is_some();
                let Some(was) = before.lines.iter().find(found) else {
                    if line.points.at_most.is_zero() {
                        continue;
                    }
                    return Err(format!("{} {} was not listed", table.championship, line.name));
                };
                let points = was.points.at_least <= line.points.at_least && line.points.at_most <= was.points.at_most;
                let place = line.place.is_none_or(|place| was.possible.best <= place && place <= was.possible.worst);
                if !points || (!place && table.lines.len() == before.lines.len()) {
                    return Err(format!(
                        "{} {}: {:?} {:?} was {:?} {:?}",
                        table.championship, line.name, line.points, line.place, was.points, was.possible
                    ));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn every_completion_lies_inside_the_bounds() {
    let asked: Option<u64> = std::env::var("SEED").ok().and_then(|text| text.parse().ok());
    let mut wrong = Vec::new();
    for seed in asked.map_or(0..400_u64, |seed| seed..seed + 1) {
        let mut made = seasons::made(seed, Size { rounds: 2, cars: (3, 6), decisions: 0 });
        let random = &mut Random::seeded(seed);
        for row in made.facts.iter_mut().filter_map(rows).flatten() {
            (row.laps, row.time) = (None, None);
        }
        let sheets: Vec<usize> = (0..made.facts.len()).filter(|ix| rows(&mut made.facts[*ix].clone()).is_some()).collect();
        if sheets.is_empty() {
            continue;
        }
        let at = *random.pick(&sheets);
        let mut partly = made.facts.clone();
        let sheet = rows(&mut partly[at]).expect("a sheet");
        // A published dead heat names both, so neither half of one is hidden.
        let alone = |ix: usize| sheet.iter().filter(|row| row.place == sheet[ix].place).count() == 1;
        let mut hidden: Vec<usize> = (0..sheet.len()).filter(|ix| sheet[*ix].place.is_some() && alone(*ix) && random.chance(60)).collect();
        hidden.truncate(4);
        let places: Vec<Option<Places>> = hidden.iter().map(|ix| sheet[*ix].place).collect();
        hidden.iter().for_each(|ix| sheet[*ix].place = None);
        let before = now(&made, &partly);
        for order in orders(&places) {
            let mut complete = partly.clone();
            let sheet = rows(&mut complete[at]).expect("a sheet");
            hidden.iter().zip(order).for_each(|(ix, place)| sheet[*ix].place = place);
            if let Err(how) = inside(&before, &now(&made, &complete)) {
                wrong.push((seed, how));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} seasons, SEED={} repeats the first: {:?}", wrong.len(), wrong[0].0, &wrong[..wrong.len().min(6)]);
}
