//! From scores to a table: totals, dropped results, adjustments, crews on one line, order, shared places.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::decision::{Effect, Named};
use crate::finding::{Finding, Weight};
use crate::place::Places;
use crate::points::Points;
use crate::roster::Roster;
use crate::rulebook::championship::{Championship, CompetitorKind, Listed, TieBreak, TwoCars};
use crate::rules::awards::Scored;
use crate::rules::keep::{self, keep, sum};
use crate::rules::ties;
use crate::season::Season;
use crate::standings::{Adjustment, Bounds, Line, Score, Standings};
use crate::world::{Ground, InForce};

/// Printed instead of the place of who is excluded from a championship (P60, P61).
const EXCLUDED: &str = "EXC";

/// What a table is made from.
pub(crate) struct Tally<'a> {
    pub(crate) season: &'a Season,
    pub(crate) roster: &'a Roster,
    pub(crate) championship: &'a Championship,
    pub(crate) force: &'a InForce<'a>,
    /// Sessions held that count here, ascending.
    pub(crate) held: &'a [usize],
    /// Those of them that surely do.
    pub(crate) surely_held: &'a [usize],
    /// The last round the table covers to its end.
    pub(crate) last_round: u16,
    /// Nobody asks what becomes of each score.
    pub(crate) thin: bool,
}

impl Tally<'_> {
    /// A line of everybody who was given a score, listed or not.
    pub(crate) fn lines(&self, scored: Vec<Scored>) -> Vec<Line> {
        let mut by_competitor: BTreeMap<usize, Vec<Score>> = BTreeMap::new();
        for (competitor, score) in scored {
            by_competitor.entry(competitor).or_default().push(score);
        }
        for competitor in self.named() {
            by_competitor.entry(competitor).or_default();
        }
        let mut lines = Vec::new();
        for (competitor, mut scores) in by_competitor {
            scores.sort_by_key(|score| score.session);
            lines.extend(self.lines_of(competitor, scores));
        }
        lines
    }

    /// How many cars of a competitor count in a session, where that is limited (E4, P12, P13).
    fn cars(&self) -> Option<u16> {
        match self.championship.competitor {
            CompetitorKind::Driver => (self.championship.two_cars != TwoCars::Both).then_some(1),
            CompetitorKind::Team | CompetitorKind::Maker | CompetitorKind::Constructor | CompetitorKind::Entry => {
                self.championship.best_cars.as_ref().map(|best| best.count)
            }
        }
    }

    /// Competitors a decision on totals names: somebody without a score can still have points taken from him.
    fn named(&self) -> Vec<usize> {
        let totals = self.force.effects.iter().filter_map(|holds| holds.effect.total());
        totals.filter(|(championship, _)| **championship == self.championship.id).filter_map(|(_, named)| self.position(named)).collect()
    }

    /// The sum of other championships (P9): of everybody in them, listed there or not.
    pub(crate) fn sum(&self, parts: &[Arc<Vec<Line>>]) -> Vec<Line> {
        let mut merged: BTreeMap<usize, Line> = BTreeMap::new();
        for (id, part) in self.championship.sum_of.iter().zip(parts) {
            for line in part.iter().filter(|line| line.label.is_none() || line.label.as_deref() == Some(EXCLUDED)) {
                for competitor in &line.competitors {
                    let fresh = || self.empty(*competitor);
                    let mine = merged.entry(*competitor).or_insert_with(fresh);
                    let in_part = |adjustment: &Adjustment| {
                        let part = adjustment.part.clone().or_else(|| Some(id.clone()));
                        Adjustment { part, ..adjustment.clone() }
                    };
                    if line.label.is_some() {
                        // Who is excluded from a part has nothing of it in the sum.
                        let excludes = line.adjustments.iter().rfind(|adjustment| adjustment.excludes);
                        mine.adjustments.extend(excludes.map(|of| Adjustment { points: Points::ZERO, ..in_part(of) }));
                        continue;
                    }
                    mine.points = mine.points.plus(line.points);
                    mine.gross = mine.gross.plus(line.gross);
                    mine.scores.extend(line.scores.iter().cloned());
                    mine.adjustments.extend(line.adjustments.iter().map(in_part));
                }
            }
        }
        for competitor in self.named() {
            merged.entry(competitor).or_insert_with(|| self.empty(competitor));
        }
        let lines = merged.into_values().filter_map(|mut line| {
            line.scores.sort_by_key(|score| score.session);
            let took_part = !line.scores.is_empty() || !line.adjustments.is_empty();
            let deducted = self.deduct(&mut line, |_| true);
            self.exclude(&mut line);
            (took_part || deducted).then_some(line)
        });
        lines.collect()
    }

    /// The table: who is listed, crews on one line, the order.
    pub(crate) fn table(&self, lines: Vec<Line>, findings: &mut Vec<Finding>) -> Standings {
        let of = self.championship;
        let lines: Vec<Line> = lines.into_iter().filter(|line| listed(of.listed, line)).collect();
        let lines =
            if of.crews_on_one_line && of.competitor == CompetitorKind::Driver { one_line_a_crew(self.season, of, lines) } else { lines };
        let lines = order(of, lines);
        let unknown = unknown_places(&lines);
        if unknown > 0 {
            findings.push(Finding {
                weight: Weight::Doubt,
                code: "places-unknown",
                about: alloc::format!("{}", of.id),
                says: alloc::format!(
                    "{unknown} places of cars in {}, or what they give, were never published; totals that could contain them are given as at least \
                     and at most",
                    of.title
                ),
            });
        }
        Standings { championship: of.id.clone(), title: of.title.clone(), competitor: of.competitor, lines, unknown }
    }

    fn empty(&self, competitor: usize) -> Line {
        Line {
            place: None,
            shared: false,
            possible: Places::ANY,
            label: None,
            competitors: alloc::vec![competitor],
            name: name_of(self.season, self.roster, self.championship.competitor, competitor),
            points: Bounds::ZERO,
            gross: Bounds::ZERO,
            scores: Vec::new(),
            adjustments: Vec::new(),
            restart: None,
            tie: None,
        }
    }

    /// A competitor's line; two where a restart leaves an old total under a label (P63).
    fn lines_of(&self, competitor: usize, scores: Vec<Score>) -> Vec<Line> {
        let round_of = |session: usize| self.season.calendar.sessions[session].name.round;
        let restarts = self.effects_on(competitor).filter_map(|(ground, effect)| {
            let round = if let Effect::Restart { from_round, .. } = effect { *from_round } else { return None };
            (round <= self.last_round).then(|| (ground.clone(), round))
        });
        let by = restarts.max_by_key(|(_, round)| *round);
        let restart = by.as_ref().map(|(_, round)| *round);
        let took_part = !scores.is_empty();
        let (old, mut scores): (Vec<Score>, Vec<Score>) = match restart {
            Some(round) => scores.into_iter().partition(|score| round_of(score.session) < round),
            None => (Vec::new(), scores),
        };
        let mut lines = Vec::new();
        if let Some(round) = restart
            && !old.is_empty()
        {
            let mut line = self.empty(competitor);
            line.label = Some(alloc::format!("until round {}", round - 1));
            line.gross = sum(old.iter(), self.cars());
            line.points = line.gross;
            line.scores = old;
            line.restart = by.clone();
            // What was taken before belongs to what is void.
            self.deduct(&mut line, |from| from < round);
            lines.push(line);
        }
        let raced = !scores.is_empty();
        let mut line = self.empty(competitor);
        line.gross = sum(scores.iter(), self.cars());
        line.points = match &self.championship.keep {
            Some(rule) => keep(
                rule,
                &keep::Held { round_of: &round_of, sessions: self.held, surely: self.surely_held, cars: self.cars(), fates: !self.thin },
                &mut scores,
            ),
            None => line.gross,
        };
        line.scores = scores;
        // Without a score there is a line where points were taken, and for an exclusion of somebody who took part before a restart.
        line.restart = by;
        let deducted = self.deduct(&mut line, |from| restart.is_none_or(|round| from >= round));
        self.exclude(&mut line);
        if raced || deducted || (took_part && line.label.is_some()) {
            lines.push(line);
        }
        lines
    }

    /// Deductions (P62) of the rounds that count here, from the round they show on (P73). True where there was one.
    fn deduct(&self, line: &mut Line, counts: impl Fn(u16) -> bool) -> bool {
        let mut deducted = false;
        for (ground, effect) in self.effects_on(line.competitors[0]) {
            if let Effect::DeductPoints { points, from_round, .. } = effect
                && *from_round <= self.last_round
                && counts(*from_round)
            {
                line.points = Bounds { at_least: line.points.at_least - *points, at_most: line.points.at_most - *points };
                line.adjustments.push(Adjustment { ground: ground.clone(), part: None, points: -*points, excludes: false });
                deducted = true;
            }
        }
        deducted
    }

    /// Exclusions (P60, P61), after every deduction in whatever order they were decided: who has nothing has nothing taken.
    fn exclude(&self, line: &mut Line) {
        for (ground, effect) in self.effects_on(line.competitors[0]) {
            if let Effect::Exclude { keeps_points, from_round, .. } = effect
                && *from_round <= self.last_round
            {
                line.label = Some(String::from(EXCLUDED));
                let taken = if *keeps_points { Points::ZERO } else { line.points.at_least };
                line.adjustments.push(Adjustment { ground: ground.clone(), part: None, points: -taken, excludes: true });
                if !keeps_points {
                    line.points = Bounds::ZERO;
                }
            }
        }
    }

    fn effects_on(&self, competitor: usize) -> impl Iterator<Item = (&Ground, &Effect)> {
        self.force.effects.iter().filter_map(move |holds| {
            let (championship, named) = holds.effect.total()?;
            let mine = *championship == self.championship.id && self.position(named) == Some(competitor);
            mine.then_some((&holds.ground, holds.effect))
        })
    }

    fn position(&self, named: &Named) -> Option<usize> {
        match (named, self.championship.competitor) {
            (Named::Driver(id), CompetitorKind::Driver) => self.roster.driver(id),
            (Named::Team(id), CompetitorKind::Team) => self.season.list.team(id),
            (Named::Maker(id), CompetitorKind::Maker | CompetitorKind::Constructor) => self.roster.makers.binary_search(id).ok(),
            (Named::Entry(id), CompetitorKind::Entry) => self.roster.entry(id),
            _ => None,
        }
    }
}

/// How a competitor is printed.
pub(crate) fn name_of(season: &Season, roster: &Roster, kind: CompetitorKind, competitor: usize) -> String {
    match kind {
        CompetitorKind::Driver => season.list.drivers[competitor].name.clone(),
        CompetitorKind::Team => season.list.teams[competitor].name.clone(),
        CompetitorKind::Maker | CompetitorKind::Constructor => String::from(roster.makers[competitor].as_str()),
        CompetitorKind::Entry => season.list.entries[competitor].label(),
    }
}

/// Scores whose place nobody published, each car in each session once.
fn unknown_places(lines: &[Line]) -> usize {
    let open = |score: &&Score| score.scoring.is_some_and(|places| places.exact().is_none() || !score.points.is_exact());
    let mut seen: Vec<(usize, usize)> =
        lines.iter().flat_map(|line| line.scores.iter().filter(open).map(|score| (score.session, score.entry))).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

fn listed(rule: Listed, line: &Line) -> bool {
    let scores = || line.scores.iter().any(|score| !score.points.at_most.is_zero());
    let finishes = || line.scores.iter().any(|score| score.scoring.is_some() || score.classified.is_some());
    let marked = line.label.is_some() || !line.adjustments.is_empty();
    marked
        || match rule {
            Listed::Scorers => scores(),
            Listed::Finishers => scores() || finishes(),
            Listed::Everybody => true,
        }
}

/// Drivers who scored together throughout stand on one line (E3): the same points from the same cars in the same sessions. Where
/// a tie can be broken by results without points, those must be the same too.
fn one_line_a_crew(season: &Season, of: &Championship, lines: Vec<Line>) -> Vec<Line> {
    let beyond_points = of.ties.steps.iter().any(|step| matches!(step, TieBreak::CountbackClassified | TieBreak::LatestBetter));
    let scoring = |score: &&Score| !score.points.at_most.is_zero() || !score.points.at_least.is_zero();
    let same_score = |a: &Score, b: &Score| {
        (a.session, a.entry, a.points, a.scoring) == (b.session, b.entry, b.points, b.scoring)
            && a.award == b.award
            && (!beyond_points || a.classified == b.classified)
    };
    let counts = |score: &&Score| beyond_points || scoring(score);
    let together = |a: &Line, b: &Line| {
        a.points == b.points
            && a.label == b.label
            && a.adjustments == b.adjustments
            && a.scores.iter().any(|score| scoring(&score))
            && a.scores.iter().filter(counts).count() == b.scores.iter().filter(counts).count()
            && a.scores.iter().filter(counts).zip(b.scores.iter().filter(counts)).all(|(a, b)| same_score(a, b))
    };
    let mut crews: Vec<Line> = Vec::new();
    for line in lines {
        match crews.iter_mut().find(|crew| together(crew, &line)) {
            Some(crew) => crew.competitors.extend(line.competitors),
            None => crews.push(line),
        }
    }
    let named = crews.into_iter().map(|mut crew| {
        if crew.competitors.len() > 1 {
            let names: Vec<&str> = crew.competitors.iter().map(|driver| season.list.drivers[*driver].name.as_str()).collect();
            crew.name = names.join(" / ");
        }
        crew
    });
    named.collect()
}

/// The points known, then what is possible; with the lowest total winning, more results first (P5).
fn by_points(of: &Championship, a: &Line, b: &Line) -> Ordering {
    let held = |line: &Line| line.scores.iter().filter(|score| score.scoring.is_some()).count();
    let better = (b.points.at_least, b.points.at_most).cmp(&(a.points.at_least, a.points.at_most));
    if of.lowest_wins { held(b).cmp(&held(a)).then(better.reverse()) } else { better }
}

/// Best first: the points known, then what is possible, then the tie-breaks; labelled lines last.
fn order(of: &Championship, lines: Vec<Line>) -> Vec<Line> {
    let (mut lines, mut labelled): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.label.is_none());
    lines.sort_by(|a, b| by_points(of, a, b).then_with(|| a.name.cmp(&b.name)));
    let mut ordered: Vec<Line> = Vec::with_capacity(lines.len());
    let mut rest = lines.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut level = alloc::vec![first];
        while let Some(line) = rest.next_if(|line| by_points(of, &level[0], line) == Ordering::Equal) {
            level.push(line);
        }
        place_level(of, level, &mut ordered);
    }
    possible(of, &mut ordered);
    labelled.sort_by(|a, b| by_points(of, a, b).then_with(|| a.name.cmp(&b.name)));
    ordered.extend(labelled);
    ordered
}

/// Lines level on points, by the tie-breaks. Where one pair cannot be told apart from what is known, the whole level shares its place.
fn place_level(of: &Championship, mut level: Vec<Line>, ordered: &mut Vec<Line>) {
    let steps = &of.ties.steps;
    let first = ordered.len();
    let exact = level.iter().all(|line| line.points.is_exact());
    let told = exact
        && (1..level.len()).all(|at| level[..at].iter().all(|other| ties::compare(steps, &other.scores, &level[at].scores).0.is_some()));
    let by_tie =
        |a: &Line, b: &Line| if told { ties::compare(steps, &a.scores, &b.scores).0.unwrap_or(Ordering::Equal) } else { Ordering::Equal };
    level.sort_by(|a, b| by_tie(a, b).then_with(|| a.name.cmp(&b.name)));
    let mut place = 0;
    for (at, mut line) in level.into_iter().enumerate() {
        let tied = at > 0 && by_tie(&ordered[first + at - 1], &line) == Ordering::Equal;
        if !tied {
            place = u16::try_from(first + at + 1).expect("a table fits in a number");
        }
        if at > 0 && !tied {
            line.tie = ties::compare(steps, &ordered[first + at - 1].scores, &line.scores).1;
        }
        if tied {
            ordered[first + at - 1].shared = true;
            line.shared = true;
        }
        line.place = Some(place);
        ordered.push(line);
    }
}

/// The places each line can still hold, given what is not known.
fn possible(of: &Championship, lines: &mut [Line]) {
    if !of.lowest_wins && lines.iter().all(|line| line.points.is_exact() && !line.shared) {
        for line in lines {
            line.possible = Places::exactly(line.place.expect("lines without a label have a place"));
        }
        return;
    }
    for ix in 0..lines.len() {
        let mut sure: Vec<&Line> = Vec::new();
        let mut may = 0_u16;
        for (_, theirs) in lines.iter().enumerate().filter(|(other, _)| *other != ix) {
            let (surely, perhaps) = ahead(of, theirs, &lines[ix]);
            // Drivers who may turn out to be one crew may come to stand on one line.
            if surely && !sure.iter().any(|line| may_be_one_crew(of, line, theirs)) {
                sure.push(theirs);
            }
            may += u16::from(perhaps);
        }
        let best = u16::try_from(sure.len() + 1).expect("a table fits in a number");
        lines[ix].possible = Places { best, worst: may + 1 };
    }
}

/// Whether what is not known may show two lines to be a crew that scored together throughout.
fn may_be_one_crew(of: &Championship, a: &Line, b: &Line) -> bool {
    let scored = |mine: &Line, theirs: &Line| {
        let beside = |score: &Score| theirs.scores.iter().any(|other| (other.session, other.entry) == (score.session, score.entry));
        mine.scores.iter().all(|score| score.points.at_least <= Points::ZERO || beside(score))
    };
    let overlap = a.points.at_least <= b.points.at_most && b.points.at_least <= a.points.at_most;
    let open = !a.points.is_exact() || !b.points.is_exact();
    of.crews_on_one_line && of.competitor == CompetitorKind::Driver && open && overlap && scored(a, b) && scored(b, a)
}

/// Whether a line is surely, and whether it is perhaps, ahead of another.
fn ahead(of: &Championship, theirs: &Line, mine: &Line) -> (bool, bool) {
    // Where the lowest total wins, the number of results counts first: a car whose place nobody said may have none.
    let told = |score: &Score| score.disqualified.is_some() && score.scoring.is_none_or(|places| places.exact().is_some());
    let counted = |line: &Line| !of.lowest_wins || line.scores.iter().all(told);
    let known = |line: &Line| line.points.is_exact() && counted(line);
    if known(theirs) && known(mine) {
        return match by_points(of, theirs, mine) {
            Ordering::Less => (true, true),
            Ordering::Greater => (false, false),
            Ordering::Equal => {
                let told = ties::compare(&of.ties.steps, &theirs.scores, &mine.scores).0;
                (told == Some(Ordering::Less), told.is_none_or(|told| told == Ordering::Less))
            }
        };
    }
    if of.lowest_wins {
        return (false, true);
    }
    (theirs.points.at_least > mine.points.at_most, theirs.points.at_most >= mine.points.at_least)
}

/// What a competitor holds in a table, for comparing worlds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Held {
    pub(crate) place: Option<u16>,
    pub(crate) possible: Places,
    pub(crate) points: Bounds,
}

/// What everybody holds in a table, by competitor.
pub(crate) fn held_by(table: &Standings, size: usize) -> Vec<Option<Held>> {
    let mut held = alloc::vec![None; size];
    for line in table.lines.iter().filter(|line| line.label.is_none()) {
        for competitor in &line.competitors {
            held[*competitor] = Some(Held { place: line.place, possible: line.possible, points: line.points });
        }
    }
    held
}
