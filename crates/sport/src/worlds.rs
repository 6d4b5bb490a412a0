//! Every outcome of the open matters: which tables follow, which places depend on which matter, and which do not.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::decision::{MatterKind, Outcome};
use crate::evaluate::{Evaluator, journal, ordered};
use crate::finding::Finding;
use crate::names::{ChampionshipId, MatterId};
use crate::place::Places;
use crate::points::Points;
use crate::rulebook::Rulebook;
use crate::season::{Moment, Season};
use crate::standings::{Bounds, Line, Standings};
use crate::tally::{Held, held_by, name_of};
use crate::world::{Docket, World};

/// More open matters than this are not worked through: 4,096 worlds.
pub const MATTERS_MAX: usize = 12;

/// An open matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenMatter {
    /// Its id.
    pub id: MatterId,
    /// What it is.
    pub kind: MatterKind,
    /// Who lodged it.
    pub by: String,
    /// The grounds.
    pub reason: String,
}

/// The season in every world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worlds {
    /// The matters; bit `n` of a world's number says that matter `n` is upheld.
    pub matters: Vec<OpenMatter>,
    /// How many worlds: two to the number of matters.
    pub count: usize,
    /// One a championship.
    pub tables: Vec<Across>,
    /// What a person should look at, in any of the worlds.
    pub findings: Vec<Finding>,
}

/// One championship across all worlds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Across {
    /// Which.
    pub championship: ChampionshipId,
    /// As printed.
    pub title: String,
    /// The different tables, each with the worlds it is the table of, in the order of their first world.
    pub outcomes: Vec<(Arc<Standings>, Vec<usize>)>,
    /// Competitors, those who lead more worlds first.
    pub competitors: Vec<Depends>,
}

/// A competitor across all worlds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Depends {
    /// Position in the competitors' list.
    pub competitor: usize,
    /// As printed.
    pub name: String,
    /// What stands instead of a place in every world, such as `EXC`; `None` for who has a place in some world.
    pub label: Option<String>,
    /// Best place in any world, of those the points known give; `None` where unplaced in all.
    pub best: Option<u16>,
    /// The worst; `None` where unplaced in some world.
    pub worst: Option<u16>,
    /// The places possible in any world, where places or points are only partly known.
    pub possible: Places,
    /// Fewest points in any world.
    pub points_min: Points,
    /// Most points known in any world.
    pub points_max: Points,
    /// Most points possible in any world.
    pub at_most: Points,
    /// The matters its place depends on, by position: some outcome of the others exists in which this one changes the place.
    pub place_depends_on: Vec<usize>,
    /// The matters its points depend on.
    pub points_depend_on: Vec<usize>,
}

impl Worlds {
    /// The worlds of one outcome in words: the matters that end the same way in all of them.
    pub fn when(&self, numbers: &[usize]) -> String {
        let ends = |bit: usize| -> Option<bool> {
            let first = numbers.first()? >> bit & 1;
            numbers.iter().all(|number| number >> bit & 1 == first).then_some(first == 1)
        };
        let word = |upheld: bool| if upheld { "upheld" } else { "rejected" };
        let fixed = |(bit, matter): (usize, &OpenMatter)| ends(bit).map(|upheld| alloc::format!("{} {}", matter.id, word(upheld)));
        let fixed: Vec<String> = self.matters.iter().enumerate().filter_map(fixed).collect();
        let free = self.matters.len() - fixed.len();
        let complete = numbers.len() == 1 << free;
        match (fixed.is_empty(), complete) {
            (true, true) => String::from("whatever happens"),
            (true, false) => alloc::format!("in {} of {} worlds", numbers.len(), self.count),
            (false, true) => fixed.join(", "),
            (false, false) => alloc::format!("{} (and {} of {} of the rest)", fixed.join(", "), numbers.len(), 1 << free),
        }
    }
}

/// Every world of the matters open at a moment.
///
/// # Errors
/// The number of open matters, where they are more than [`MATTERS_MAX`].
pub fn worlds(rulebook: &Rulebook, season: &Season, moment: Moment, through: Option<usize>) -> Result<Worlds, usize> {
    let live = season.live(moment);
    let docket = Docket::of(&live);
    let open = docket.open();
    if open.len() > MATTERS_MAX {
        return Err(open.len());
    }
    let mut evaluator = Evaluator::new(rulebook, season, &live, &docket, through);
    evaluator.thin = true;
    let count = 1_usize << open.len();
    let mut by_world: Vec<Vec<Arc<Standings>>> = Vec::with_capacity(count);
    let mut findings: BTreeSet<Finding> = BTreeSet::new();
    for number in 0..count {
        let outcome = |bit: usize| if number >> bit & 1 == 1 { Outcome::Upheld } else { Outcome::Rejected };
        let outcomes = open.iter().enumerate().map(|(bit, matter)| (matter.id.clone(), outcome(bit))).collect();
        let evaluation = evaluator.world(&World { outcomes });
        findings.extend(evaluation.findings);
        by_world.push(evaluation.standings);
    }
    let mut findings: Vec<Finding> = findings.into_iter().chain(journal(rulebook, season, moment)).collect();
    ordered(&mut findings);
    let matters = open.iter().map(|matter| OpenMatter {
        id: matter.id.clone(),
        kind: matter.kind,
        by: matter.by.clone(),
        reason: matter.reason.clone(),
    });
    let tables = (0..by_world[0].len()).map(|at| across(&evaluator, &by_world, at, open.len())).collect();
    Ok(Worlds { matters: matters.collect(), count, tables, findings })
}

fn across(evaluator: &Evaluator<'_>, by_world: &[Vec<Arc<Standings>>], at: usize, matters: usize) -> Across {
    let first = &by_world[0][at];
    let mut outcomes: Vec<(Arc<Standings>, Vec<usize>)> = Vec::new();
    // Tables shared between worlds are one allocation; different allocations can still say the same.
    let mut seen: BTreeMap<*const Standings, usize> = BTreeMap::new();
    let mut said: BTreeMap<Shown, usize> = BTreeMap::new();
    for (number, tables) in by_world.iter().enumerate() {
        let table = &tables[at];
        let next = outcomes.len();
        let which = *seen.entry(Arc::as_ptr(table)).or_insert_with(|| *said.entry(shown(table)).or_insert(next));
        match outcomes.get_mut(which) {
            Some((_, worlds)) => worlds.push(number),
            None => outcomes.push((Arc::clone(table), alloc::vec![number])),
        }
    }
    let size = evaluator.roster.size(evaluator.season, first.competitor);
    let held: Vec<Vec<Option<Held>>> = outcomes.iter().map(|(table, _)| held_by(table, size)).collect();
    let mut which = alloc::vec![0; by_world.len()];
    for (outcome, (_, worlds)) in outcomes.iter().enumerate() {
        worlds.iter().for_each(|world| which[*world] = outcome);
    }
    // Pairs of tables between which exactly one matter decides.
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for bit in 0..matters {
        pairs.extend((0..by_world.len()).filter(|world| world >> bit & 1 == 0).map(|world| (bit, which[world], which[world | 1 << bit])));
    }
    pairs.retain(|(_, a, b)| a != b);
    pairs.sort_unstable();
    pairs.dedup();
    let name = |competitor| name_of(evaluator.season, &evaluator.roster, first.competitor, competitor);
    let labels: Vec<Vec<Option<Labelled<'_>>>> = outcomes.iter().map(|(table, _)| labelled_in(table, size)).collect();
    let told = |competitor| depends(competitor, &held, &pairs, &name).or_else(|| labelled(competitor, &labels, &pairs, &name));
    let mut competitors: Vec<Depends> = (0..size).filter_map(told).collect();
    competitors.sort_by_key(|one| {
        (
            one.label.is_some(),
            one.best.unwrap_or(u16::MAX),
            one.worst.unwrap_or(u16::MAX),
            core::cmp::Reverse(one.points_max),
            one.competitor,
        )
    });
    Across { championship: first.championship.clone(), title: first.title.clone(), outcomes, competitors }
}

/// What a table says, for telling tables apart.
type Shown = Vec<(Option<u16>, Option<String>, Vec<usize>, Places, Points, Points)>;

fn shown(table: &Standings) -> Shown {
    let line = |line: &Line| {
        let (least, most) = (line.points.at_least, line.points.at_most);
        (line.place, line.label.clone(), line.competitors.clone(), line.possible, least, most)
    };
    table.lines.iter().map(line).collect()
}

fn depends(
    competitor: usize,
    held: &[Vec<Option<Held>>],
    pairs: &[(usize, usize, usize)],
    name: &dyn Fn(usize) -> String,
) -> Option<Depends> {
    let mine: Vec<Option<Held>> = held.iter().map(|table| table[competitor]).collect();
    let present = || mine.iter().flatten();
    let fewest = present().map(|held| held.points.at_least).min()?;
    let placed = present().count() == mine.len();
    // Where he is not in the table he has nothing.
    let points_min = if placed { fewest } else { fewest.min(Points::ZERO) };
    let matters = |differ: &dyn Fn(Option<Held>, Option<Held>) -> bool| deciding(pairs, &|a, b| differ(mine[a], mine[b]));
    Some(Depends {
        competitor,
        name: name(competitor),
        label: None,
        best: present().filter_map(|held| held.place).min(),
        worst: present().filter_map(|held| held.place).max().filter(|_| placed),
        possible: Places {
            best: present().map(|held| held.possible.best).min()?,
            worst: if placed { present().map(|held| held.possible.worst).max()? } else { Places::OPEN },
        },
        points_min,
        points_max: present().map(|held| held.points.at_least).max()?,
        at_most: present().map(|held| held.points.at_most).max()?,
        place_depends_on: matters(&|a, b| a.map(|held| (held.place, held.possible)) != b.map(|held| (held.place, held.possible))),
        points_depend_on: matters(&|a, b| a.map(|held| held.points) != b.map(|held| held.points)),
    })
}

/// The matters that decide between two tables that differ, by their positions.
fn deciding(pairs: &[(usize, usize, usize)], differ: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut matters: Vec<usize> = pairs.iter().filter(|(_, a, b)| differ(*a, *b)).map(|(bit, _, _)| *bit).collect();
    matters.dedup();
    matters
}

/// A label instead of a place, and the points beside it.
type Labelled<'a> = (&'a str, Bounds);

/// The labels of a table by competitor; of a competitor with two, that of the later line: excluded after a restart.
fn labelled_in(table: &Standings, size: usize) -> Vec<Option<Labelled<'_>>> {
    let mut labels: Vec<Option<Labelled<'_>>> = alloc::vec![None; size];
    for line in &table.lines {
        let Some(label) = line.label.as_deref() else { continue };
        for competitor in &line.competitors {
            if line.adjustments.iter().any(|adjustment| adjustment.excludes) || labels[*competitor].is_none() {
                labels[*competitor] = Some((label, line.points));
            }
        }
    }
    labels
}

/// A competitor who has no place in any world: who is excluded stays in the table under his label.
fn labelled(
    competitor: usize,
    labels: &[Vec<Option<Labelled<'_>>>],
    pairs: &[(usize, usize, usize)],
    name: &dyn Fn(usize) -> String,
) -> Option<Depends> {
    let mine: Vec<Option<Labelled<'_>>> = labels.iter().map(|table| table[competitor]).collect();
    let points = || mine.iter().map(|label| label.map_or(Bounds::ZERO, |(_, points)| points));
    let (label, _) = mine.iter().flatten().next()?;
    Some(Depends {
        competitor,
        name: name(competitor),
        label: Some(String::from(*label)),
        best: None,
        worst: None,
        possible: Places::ANY,
        points_min: points().map(|points| points.at_least).min()?,
        points_max: points().map(|points| points.at_least).max()?,
        at_most: points().map(|points| points.at_most).max()?,
        place_depends_on: deciding(pairs, &|a, b| mine[a].map(|(label, _)| label) != mine[b].map(|(label, _)| label)),
        points_depend_on: deciding(pairs, &|a, b| mine[a].map(|(_, points)| points) != mine[b].map(|(_, points)| points)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worlds_of_an_outcome_are_told_by_what_they_share() {
        let matter = |id: &str| OpenMatter { id: id.into(), kind: MatterKind::Appeal, by: String::new(), reason: String::new() };
        let matters = ["A", "B", "C"].map(matter).into();
        let worlds = Worlds { matters, count: 8, tables: Vec::new(), findings: Vec::new() };
        assert_eq!(worlds.when(&[0, 1, 2, 3, 4, 5, 6, 7]), "whatever happens");
        assert_eq!(worlds.when(&[0, 7]), "in 2 of 8 worlds");
        assert_eq!(worlds.when(&[1, 5]), "A upheld, B rejected");
        assert_eq!(worlds.when(&[1, 3, 5]), "A upheld (and 3 of 4 of the rest)");
    }
}
