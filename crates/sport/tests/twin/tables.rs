//! The second scorer's tables: kept results, decisions on totals, ties, lines.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sport::decision::{Effect, Named};
use sport::names::ChampionshipId;
use sport::rulebook::Rulebook;
use sport::rulebook::championship::{Championship, CompetitorKind, KeepUnit, Listed, TieBreak};
use sport::season::{Moment, Season};
use sport::world::World;

use crate::docket::{Force, counting, force};
use crate::fraction::{Fraction, ZERO, from};
use crate::orders::orders;
use crate::scores::{Desk, Got};

/// One line of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub place: Option<u16>,
    pub shared: bool,
    pub name: String,
    pub points: Fraction,
    pub gross: Fraction,
    pub labelled: bool,
}

/// What one competitor has.
#[derive(Clone, Debug)]
struct Total {
    who: String,
    got: Vec<Got>,
    points: Fraction,
    gross: Fraction,
    /// Deductions, with what each rests on.
    adjusted: Vec<(String, Fraction)>,
    /// Shown without a place: excluded, or the total from before a restart.
    label: Option<&'static str>,
    /// Scored in the championship, if without points.
    took_part: bool,
}

/// Everything a table is made from.
struct Room<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    /// The session the table stands after: the one asked for, or the last with a result of its finish.
    after: Option<usize>,
    force: &'a Force,
    desk: Desk<'a>,
}

/// Every score of every competitor in a championship, one text a score: what to look at first when two tables differ.
pub fn scores(
    rulebook: &Rulebook,
    season: &Season,
    moment: Moment,
    through: Option<usize>,
    world: &World,
    id: &ChampionshipId,
) -> Vec<String> {
    let through = through.unwrap_or(season.calendar.sessions.len() - 1);
    let facts = counting(season, moment);
    let force = force(&facts, world);
    let orders = orders(rulebook, season, &facts, &force, through);
    let desk = Desk { rulebook, season, facts: &facts, orders: &orders };
    let championship = rulebook.latest().championships.iter().find(|of| of.id == *id).expect("a championship");
    let text = |got: Got| format!("{} session {} car {} {} {:?} {:?}", got.who, got.session, got.car, got.award, got.points, got.scoring);
    desk.all(championship).into_iter().filter(|got| got.points != ZERO).map(text).collect()
}

/// Every order, one text each.
pub fn orders_told(rulebook: &Rulebook, season: &Season, moment: Moment, through: Option<usize>, world: &World) -> String {
    let facts = counting(season, moment);
    let through = through.unwrap_or(season.calendar.sessions.len() - 1);
    let mut told = String::new();
    for order in orders(rulebook, season, &facts, &force(&facts, world), through) {
        let rows: Vec<String> = order.rows.iter().map(|row| format!("{:?} {} {:?}", row.place, row.car, row.finish)).collect();
        told += &format!("twin session {} {:?} factor {:?} {rows:?}\n", order.session, order.mark, order.factor);
    }
    told
}

/// Every table of a season by championship.
pub fn tables(rulebook: &Rulebook, season: &Season, moment: Moment, through: Option<usize>, world: &World) -> Vec<(String, Vec<Line>)> {
    let until = through.unwrap_or(season.calendar.sessions.len() - 1);
    let facts = counting(season, moment);
    let force = force(&facts, world);
    let orders = orders(rulebook, season, &facts, &force, until);
    let desk = Desk { rulebook, season, facts: &facts, orders: &orders };
    let finished = orders.iter().filter(|order| order.mark.is_none()).map(|order| order.session).max();
    let room = Room { rulebook, season, after: through.or(finished), force: &force, desk };
    let championships = &rulebook.latest().championships;
    championships.iter().map(|championship| (championship.id.as_str().to_string(), room.table(championship))).collect()
}

impl Room<'_> {
    /// Whether a table stands after this round, so that what holds from it on is shown.
    fn after(&self, round: u16) -> bool {
        self.season.calendar.last_of(round).is_some_and(|last| self.after.is_some_and(|after| last <= after))
    }

    fn is(championship: &Championship, named: &Named, who: &str) -> bool {
        match (championship.competitor, named) {
            (CompetitorKind::Driver, Named::Driver(id)) => id.as_str() == who,
            (CompetitorKind::Team, Named::Team(id)) => id.as_str() == who,
            (CompetitorKind::Maker | CompetitorKind::Constructor, Named::Maker(id)) => id.as_str() == who,
            (CompetitorKind::Entry, Named::Entry(id)) => id.as_str() == who,
            _ => false,
        }
    }

    /// Units held in a championship so far: rounds, or sessions as numbers above all rounds.
    fn held(all: &[Got], unit: KeepUnit) -> Vec<(u16, usize)> {
        let mut held = Vec::new();
        for got in all.iter().filter(|got| !got.withheld) {
            held.push((got.round, if unit == KeepUnit::Round { 0 } else { got.session }));
        }
        held.sort_unstable();
        held.dedup();
        held
    }

    /// The points that count of somebody's scores.
    fn kept(championship: &Championship, all: &[Got], got: &[Got]) -> Fraction {
        let Some(keep) = &championship.keep else { return sum(got) };
        let mut units: BTreeMap<(u16, usize), Vec<Got>> = BTreeMap::new();
        for one in got {
            units.entry((one.round, if keep.unit == KeepUnit::Round { 0 } else { one.session })).or_default().push(one.clone());
        }
        let held = Self::held(all, keep.unit);
        let mut points = ZERO;
        let in_range = |round: u16| keep.ranges.iter().any(|range| range.first <= round && round <= range.last);
        for (unit, scores) in &units {
            if !in_range(unit.0) {
                points = points.plus(sum(scores));
            }
        }
        for range in &keep.ranges {
            let inside = |round: u16| range.first <= round && round <= range.last;
            let so_far = held.iter().filter(|unit| inside(unit.0)).count();
            let best = range.best.iter().rfind(|best| usize::from(best.held) <= so_far).map_or(usize::MAX, |best| usize::from(best.best));
            let mine: Vec<&Vec<Got>> = units.iter().filter(|(unit, _)| inside(unit.0)).map(|(_, scores)| scores).collect();
            let stuck = |scores: &&Vec<Got>| keep.disqualification_counts && scores.iter().any(|got| got.disqualified);
            let forced: Vec<&Vec<Got>> = mine.iter().copied().filter(stuck).collect();
            let mut free: Vec<Fraction> = mine.iter().copied().filter(|scores| !stuck(scores)).map(|scores| sum(scores)).collect();
            free.sort_by(|a, b| b.against(*a));
            free.truncate(best.saturating_sub(forced.len()));
            points = forced.iter().fold(points, |points, scores| points.plus(sum(scores)));
            points = free.iter().fold(points, |points, more| points.plus(*more));
        }
        points
    }

    fn totals(&self, championship: &Championship) -> Vec<Total> {
        let mut totals: Vec<Total> =
            if championship.sum_of.is_empty() { self.own_totals(championship) } else { self.summed_totals(championship) };
        // Of what was done to somebody in a part a sum tells, whether he scored or not.
        let told: Vec<String> = totals.iter().filter(|total| !total.adjusted.is_empty()).map(|total| total.who.clone()).collect();
        self.add_named(championship, &mut totals);
        for (ground, effect) in &self.force.effects {
            if let Effect::DeductPoints { championship: of, competitor, points, from_round } = effect
                && *of == championship.id
                && self.after(*from_round)
            {
                for total in totals.iter_mut().filter(|total| Self::is(championship, competitor, &total.who)) {
                    let before = self.restarted(of, championship, &total.who).is_some_and(|restart| *from_round < restart);
                    if old(total) == before {
                        total.points = total.points.plus(from(*points).negative());
                        total.adjusted.push((ground.clone(), from(*points).negative()));
                    }
                }
            }
        }
        for (ground, effect) in &self.force.effects {
            if let Effect::Exclude { championship: of, competitor, keeps_points, from_round } = effect
                && *of == championship.id
                && self.after(*from_round)
            {
                for total in totals.iter_mut().filter(|total| !old(total) && Self::is(championship, competitor, &total.who)) {
                    total.label = Some("EXC");
                    total.adjusted.push((ground.clone(), if *keeps_points { ZERO } else { total.points.negative() }));
                    if !keeps_points {
                        total.points = ZERO;
                    }
                }
            }
        }
        // Who has no score has no line, unless points are taken from him; an exclusion is shown of those who took part.
        totals.retain(|total| {
            let excluded = total.label.is_some() && total.took_part;
            !total.got.is_empty() || excluded || told.contains(&total.who) || self.deducted(championship, &total.who)
        });
        totals
    }

    /// Whether points are taken from (or given to) a total.
    fn deducted(&self, championship: &Championship, who: &str) -> bool {
        self.force.effects.iter().any(|(_, effect)| {
            matches!(effect, Effect::DeductPoints { championship: of, competitor, from_round, .. }
                if *of == championship.id && self.after(*from_round) && Self::is(championship, competitor, who)
                    && self.restarted(of, championship, who).is_none_or(|restart| *from_round >= restart))
        })
    }

    /// A total for everybody named by a decision on totals who has none.
    fn add_named(&self, championship: &Championship, totals: &mut Vec<Total>) {
        for who in self.named(championship) {
            if !totals.iter().any(|total| total.who == who && !old(total)) {
                let mut total = Self::total(championship, &[], who.clone(), Vec::new());
                total.took_part = totals.iter().any(|total| total.who == who);
                totals.push(total);
            }
        }
    }

    /// Everybody a decision on totals names.
    fn named(&self, championship: &Championship) -> Vec<String> {
        let list = &self.season.list;
        let mut all: Vec<String> = match championship.competitor {
            CompetitorKind::Driver => list.drivers.iter().map(|driver| driver.id.as_str().to_string()).collect(),
            CompetitorKind::Team => list.teams.iter().map(|team| team.id.as_str().to_string()).collect(),
            CompetitorKind::Entry => list.entries.iter().map(|entry| entry.id.as_str().to_string()).collect(),
            CompetitorKind::Maker | CompetitorKind::Constructor => list
                .entries
                .iter()
                .flat_map(|entry| entry.maker.iter().chain(&entry.constructor))
                .map(|id| id.as_str().to_string())
                .collect(),
        };
        all.sort();
        all.dedup();
        let on = |effect: &Effect, who: &str| {
            effect.total().is_some_and(|(of, named)| *of == championship.id && Self::is(championship, named, who))
        };
        all.retain(|who| self.force.effects.iter().any(|(_, effect)| on(effect, who)));
        all
    }

    fn restarted(&self, id: &ChampionshipId, championship: &Championship, who: &str) -> Option<u16> {
        let mut from = None;
        for (_, effect) in &self.force.effects {
            if let Effect::Restart { championship: of, competitor, from_round } = effect
                && of == id
                && self.after(*from_round)
                && Self::is(championship, competitor, who)
            {
                from = from.max(Some(*from_round));
            }
        }
        from
    }

    fn own_totals(&self, championship: &Championship) -> Vec<Total> {
        let mut by: BTreeMap<String, Vec<Got>> = BTreeMap::new();
        let all = self.desk.all(championship);
        for got in all.clone() {
            by.entry(got.who.clone()).or_default().push(got);
        }
        let mut totals = Vec::new();
        for (who, got) in by {
            let from = self.restarted(&championship.id, championship, &who).unwrap_or(0);
            let (new, old): (Vec<Got>, Vec<Got>) = got.into_iter().partition(|got| got.round >= from);
            if !new.is_empty() {
                totals.push(Self::total(championship, &all, who.clone(), new));
            }
            if !old.is_empty() {
                let gross = sum(&old);
                totals.push(Total { who, points: gross, gross, got: old, adjusted: Vec::new(), label: Some("old"), took_part: true });
            }
        }
        totals
    }

    fn total(championship: &Championship, all: &[Got], who: String, got: Vec<Got>) -> Total {
        let (points, gross, took_part) = (Self::kept(championship, all, &got), sum(&got), !got.is_empty());
        Total { who, got, points, gross, adjusted: Vec::new(), label: None, took_part }
    }

    fn summed_totals(&self, championship: &Championship) -> Vec<Total> {
        let mut by: BTreeMap<String, Total> = BTreeMap::new();
        for id in &championship.sum_of {
            let part = self.rulebook.latest().championships.iter().find(|of| of.id == *id).expect("a part");
            for total in self.totals(part).into_iter().filter(|total| !old(total)) {
                let whole = by.entry(total.who.clone()).or_insert_with(|| Total {
                    who: total.who.clone(),
                    got: Vec::new(),
                    points: ZERO,
                    gross: ZERO,
                    adjusted: Vec::new(),
                    label: None,
                    took_part: true,
                });
                if total.label.is_some() {
                    // Nothing of a part somebody is excluded from, but who excluded him.
                    whole.adjusted.push((String::from("left out of a part"), ZERO));
                    continue;
                }
                whole.points = whole.points.plus(total.points);
                whole.gross = whole.gross.plus(total.gross);
                whole.got.extend(total.got);
                whole.adjusted.extend(total.adjusted);
            }
        }
        by.into_values().collect()
    }

    fn table(&self, championship: &Championship) -> Vec<Line> {
        let mut totals: Vec<Total> = self.totals(championship).into_iter().filter(|total| listed(championship.listed, total)).collect();
        totals.sort_by_key(|total| self.name(championship, &total.who));
        let mut lines: Vec<Vec<Total>> = Vec::new();
        for total in totals {
            let mate = lines.iter_mut().find(|line| championship.crews_on_one_line && together(championship, &line[0], &total));
            match mate {
                Some(line) => line.push(total),
                None => lines.push(vec![total]),
            }
        }
        let (mut ranked, mut labelled): (Vec<Vec<Total>>, Vec<Vec<Total>>) = lines.into_iter().partition(|line| line[0].label.is_none());
        ranked.sort_by(|a, b| compare(championship, &a[0], &b[0]));
        labelled.sort_by(|a, b| more(championship, &a[0], &b[0]));
        let mut printed: Vec<Line> = Vec::new();
        for (ix, line) in ranked.iter().enumerate() {
            let same = |other: &Vec<Total>| compare(championship, &other[0], &line[0]).is_eq();
            let first = ranked.iter().position(same).unwrap_or(ix);
            let shared = ranked.iter().filter(|other| same(other)).count() > 1;
            printed.push(self.line(championship, line, Some(u16::try_from(first + 1).expect("few lines")), shared));
        }
        printed.extend(labelled.iter().map(|line| self.line(championship, line, None, false)));
        printed
    }

    fn name(&self, championship: &Championship, who: &str) -> String {
        let list = &self.season.list;
        let name = match championship.competitor {
            CompetitorKind::Driver => list.drivers.iter().find(|driver| driver.id.as_str() == who).map(|driver| driver.name.clone()),
            CompetitorKind::Team => list.teams.iter().find(|team| team.id.as_str() == who).map(|team| team.name.clone()),
            CompetitorKind::Maker | CompetitorKind::Constructor | CompetitorKind::Entry => None,
        };
        name.unwrap_or_else(|| who.to_string())
    }

    fn line(&self, championship: &Championship, line: &[Total], place: Option<u16>, shared: bool) -> Line {
        let names: Vec<String> = line.iter().map(|total| self.name(championship, &total.who)).collect();
        Line { place, shared, name: names.join(" / "), points: line[0].points, gross: line[0].gross, labelled: place.is_none() }
    }
}

/// Whether it is the total from before a restart.
fn old(total: &Total) -> bool {
    total.label == Some("old")
}

fn sum(got: &[Got]) -> Fraction {
    got.iter().fold(ZERO, |sum, got| sum.plus(got.points))
}

fn listed(rule: Listed, total: &Total) -> bool {
    let scored = total.gross != ZERO || total.points != ZERO || total.label.is_some() || !total.adjusted.is_empty();
    match rule {
        Listed::Scorers => scored,
        Listed::Finishers => scored || total.got.iter().any(|got| got.classified.is_some()),
        Listed::Everybody => scored || !total.got.is_empty(),
    }
}

/// Whether two drivers scored together throughout: the same scores with points, and where results without points can break a
/// tie those too.
fn together(championship: &Championship, a: &Total, b: &Total) -> bool {
    let ties = [TieBreak::CountbackClassified, TieBreak::LatestBetter];
    let pointless = ties.iter().any(|tie| championship.ties.steps.contains(tie));
    let scored = |got: &Got| (got.session, got.mark.clone(), got.car.clone(), got.award.clone(), got.points, got.scoring);
    let with_points = |total: &Total| total.got.iter().filter(|got| got.points != ZERO).map(scored).collect::<Vec<_>>();
    let all = |total: &Total| total.got.iter().map(|got| (scored(got), got.classified)).collect::<Vec<_>>();
    let beside = (a.label, &a.adjusted, a.points) == (b.label, &b.adjusted, b.points);
    beside && !with_points(a).is_empty() && with_points(a) == with_points(b) && (!pointless || all(a) == all(b))
}

fn more(championship: &Championship, a: &Total, b: &Total) -> Ordering {
    let more = b.points.against(a.points);
    // Who was absent from a race stands behind all who were not (P5).
    let present = |total: &Total| total.got.iter().filter(|got| got.scoring.is_some()).count();
    if championship.lowest_wins { present(b).cmp(&present(a)).then(more.reverse()) } else { more }
}

/// Who stands before whom.
fn compare(championship: &Championship, a: &Total, b: &Total) -> Ordering {
    let mut order = more(championship, a, b);
    for step in &championship.ties.steps {
        order = order.then(broken(*step, a, b));
    }
    order
}

fn broken(step: TieBreak, a: &Total, b: &Total) -> Ordering {
    let scoring = |total: &Total| -> Vec<(u32, usize)> {
        let counted = total.got.iter().filter(|got| got.countback && got.points != ZERO);
        counted.filter_map(|got| got.scoring.map(|place| (place, got.session))).collect()
    };
    let classified =
        |total: &Total| -> Vec<u32> { total.got.iter().filter(|got| got.countback).filter_map(|got| got.classified).collect() };
    let of = |places: &[(u32, usize)], place: u32| places.iter().filter(|(of, _)| *of == place).count();
    match step {
        TieBreak::Wins => of(&scoring(b), 1).cmp(&of(&scoring(a), 1)),
        TieBreak::CountbackScoring => {
            (1..100).map(|place| of(&scoring(b), place).cmp(&of(&scoring(a), place))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        }
        TieBreak::CountbackClassified => {
            let of = |places: &[u32], place: u32| places.iter().filter(|of| **of == place).count();
            (1..100)
                .map(|place| of(&classified(b), place).cmp(&of(&classified(a), place)))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        }
        TieBreak::EarliestBest => {
            let best = |total: &Total| scoring(total).into_iter().min().unwrap_or((u32::MAX, usize::MAX));
            best(a).cmp(&best(b))
        }
        TieBreak::LatestBetter => {
            let in_session = |total: &Total, session: usize| {
                let here = total.got.iter().filter(|got| got.countback && got.session == session);
                here.filter_map(|got| got.scoring).min().unwrap_or(u32::MAX)
            };
            (0..100)
                .rev()
                .map(|session| in_session(a, session).cmp(&in_session(b, session)))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        }
    }
}
