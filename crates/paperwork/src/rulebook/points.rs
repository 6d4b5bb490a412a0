//! Lowering points tables, awards and championships to `sport`'s types.

use sport::citation::Cite;
use sport::grade::GradeSet;
use sport::names::{AwardId, ChampionshipId, CupId, MarkId, SessionId, TableId};
use sport::points::Points;
use sport::rulebook::award::{Award, Basis, ClassifiedRule, CrewFactor, PointsTable, Scale, Sessions, ShortenedStep};
use sport::rulebook::championship::{
    BestCars, Championship, CompetitorKind, Keep, KeepBest, KeepRange, KeepUnit, Listed, SharedDrive, TieBreak, Ties, TwoCars,
};
use sport::session::SessionKind;

use super::Lowering;
use super::law::{classes, is, length};
use crate::fields::Fields;
use crate::tree::Node;
use crate::written;

fn exacts(fields: Fields<'_>, key: &str) -> Option<Vec<Points>> {
    fields.list(key).iter().map(Node::exact).collect()
}

fn sessions(fields: Fields<'_>) -> Sessions {
    Sessions {
        kind: fields.choice("kind", &SessionKind::WORDS).unwrap_or(SessionKind::Race),
        ids: fields.texts("sessions").into_iter().map(SessionId::new).collect(),
        rounds: fields.wholes("rounds"),
        length: length(fields),
    }
}

pub(super) fn classified(_: &str, fields: Fields<'_>, cite: Cite) -> Option<ClassifiedRule> {
    Some(ClassifiedRule {
        sessions: sessions(fields),
        classes: classes(fields),
        share: fields.exact("share")?,
        of_class_winner: is(fields, "of", "class-winner", false),
        round_down: is(fields, "rounding", "down", true),
        take_chequered: fields.truth("take-chequered").unwrap_or(false),
        cite,
    })
}

pub(super) fn shortened(_: &str, fields: Fields<'_>, cite: Cite) -> Option<ShortenedStep> {
    let (laps_below, share_below) = (fields.whole("laps-below"), fields.exact("share-below"));
    Some(ShortenedStep { laps_below, share_below, factor: fields.exact("factor")?, cite })
}

pub(super) fn table(id: &str, fields: Fields<'_>, cite: Cite) -> Option<PointsTable> {
    let scale = if let Some(base) = fields.exact("by-starters") {
        Scale::ByStarters { base, decimals: fields.whole("decimals").unwrap_or(2) }
    } else if fields.truth("place-itself") == Some(true) {
        Scale::PlaceItself
    } else {
        Scale::Places { points: exacts(fields, "points")?, rest: fields.exact("rest").unwrap_or(Points::ZERO) }
    };
    Some(PointsTable { id: TableId::new(id), scale, cite })
}

pub(super) fn award(id: &str, fields: Fields<'_>, cite: Cite) -> Option<Award> {
    let sessions = sessions(fields);
    let mark = fields.text("mark").map(MarkId::new);
    let basis = if let Some(table) = fields.text("table") {
        Basis::Place { table: TableId::new(table) }
    } else if let Some(points) = fields.exact("fastest-lap") {
        Basis::FastestLap { points, place_max: fields.whole("place-max") }
    } else if let Some(points) = fields.exact("led") {
        Basis::Led { points }
    } else {
        Basis::LapsBehind { points: exacts(fields, "laps-behind")? }
    };
    let factor = |(_, inner): (&str, Fields<'_>)| {
        Some(CrewFactor { crew: inner.crew("crew")?, factor: inner.exact("factor")?, place_max: inner.whole("place-max") })
    };
    let finish = matches!(basis, Basis::Place { .. }) && mark.is_none() && sessions.kind == SessionKind::Race;
    Some(Award {
        id: AwardId::new(id),
        sessions,
        mark,
        basis,
        factor: fields.exact("factor").unwrap_or(Points::ONE),
        crew_factors: fields.keyed("crew-factor").map(factor).collect::<Option<_>>()?,
        countback: fields.truth("countback").unwrap_or(finish),
        cite,
    })
}

const COMPETITORS: [(&str, CompetitorKind); 5] = [
    ("driver", CompetitorKind::Driver),
    ("team", CompetitorKind::Team),
    ("maker", CompetitorKind::Maker),
    ("constructor", CompetitorKind::Constructor),
    ("entry", CompetitorKind::Entry),
];
const SHARED: [(&str, SharedDrive); 3] = [("full", SharedDrive::Full), ("split", SharedDrive::Split), ("nothing", SharedDrive::Nothing)];
const TWO_CARS: [(&str, TwoCars); 3] = [("both", TwoCars::Both), ("better", TwoCars::Better), ("nominated", TwoCars::Nominated)];
const LISTED: [(&str, Listed); 3] = [("scorers", Listed::Scorers), ("finishers", Listed::Finishers), ("everybody", Listed::Everybody)];

impl Lowering {
    pub(super) fn championship(&self, top: Fields<'_>, id: &str, fields: Fields<'_>, cite: Cite) -> Option<Championship> {
        let competitor = fields.choice("competitor", &COMPETITORS)?;
        let grades: Vec<_> = fields.texts("driver-grades").into_iter().filter_map(written::grade).collect();
        Some(Championship {
            id: ChampionshipId::new(id),
            title: fields.text("title")?.to_owned(),
            competitor,
            crews_on_one_line: is(fields, "lines", "crew", competitor == CompetitorKind::Driver),
            classes: classes(fields),
            cups: fields.texts("cups").into_iter().map(CupId::new).collect(),
            driver_grades: (!grades.is_empty()).then(|| GradeSet::of(&grades)),
            driver_ages: fields.pair("driver-ages", Node::whole),
            by_registration: fields.truth("by-registration").unwrap_or(false),
            awards: fields.texts("awards").into_iter().map(AwardId::new).collect(),
            sum_of: fields.texts("sum-of").into_iter().map(ChampionshipId::new).collect(),
            best_cars: self.rule_inside(id, fields, "best-cars", &cite, best_cars)?,
            newcomers_until: fields.whole("newcomers-until"),
            rounds_min: fields.whole("rounds-min"),
            shared_drive: fields.choice("shared-drive", &SHARED).unwrap_or(SharedDrive::Full),
            two_cars: fields.choice("two-cars", &TWO_CARS).unwrap_or(TwoCars::Both),
            drive_min: fields.duration("drive-min"),
            keep: self.rule_inside(id, fields, "keep", &cite, keep)?,
            skip_rounds: fields.wholes("skip-rounds"),
            ties: self.ties(top, id, fields, &cite)?,
            lowest_wins: fields.truth("lowest-wins").unwrap_or(false),
            listed: fields.choice("listed", &LISTED).unwrap_or(Listed::Scorers),
            cite,
        })
    }

    #[expect(clippy::option_option, reason = "absent and unreadable are two answers")]
    fn rule_inside<R>(
        &self,
        id: &str,
        fields: Fields<'_>,
        key: &str,
        around: &Cite,
        lower: impl Fn(Fields<'_>, Cite) -> Option<R>,
    ) -> Option<Option<R>> {
        let Some(inner) = fields.get(key).map(Node::fields) else { return Some(None) };
        lower(inner, self.cite(&format!("championship.{id}.{key}"), inner, Some(around))).map(Some)
    }

    /// Its own steps, or the rulebook's, or none: then ties are shared.
    fn ties(&self, top: Fields<'_>, id: &str, fields: Fields<'_>, cite: &Cite) -> Option<Ties> {
        let (inner, cite) = match (fields.get("ties").map(Node::fields), top.get("ties").map(Node::fields)) {
            (Some(own), _) => (own, self.cite(&format!("championship.{id}.ties"), own, Some(cite))),
            (None, Some(default)) => (default, self.cite("ties", default, None)),
            (None, None) => return Some(Ties { steps: Vec::new(), cite: cite.clone() }),
        };
        let step = |word: &str| TieBreak::WORDS.iter().find(|(known, _)| *known == word).map(|(_, step)| *step);
        Some(Ties { steps: inner.texts("steps").into_iter().map(step).collect::<Option<_>>()?, cite })
    }
}

fn best_cars(fields: Fields<'_>, cite: Cite) -> Option<BestCars> {
    Some(BestCars { count: fields.whole("count")?, surplus_invisible: is(fields, "surplus", "invisible", true), cite })
}

fn keep(fields: Fields<'_>, cite: Cite) -> Option<Keep> {
    let best = |node: &Node| match node.items() {
        [held, best] => Some(KeepBest { held: held.whole()?, best: best.whole()? }),
        _ => None,
    };
    let range = |(_, inner): (&str, Fields<'_>)| {
        let (first, last) = inner.pair("rounds", Node::whole)?;
        let best = match inner.whole("best") {
            Some(number) => vec![KeepBest { held: 0, best: number }],
            None => inner.list("best").iter().map(best).collect::<Option<_>>()?,
        };
        Some(KeepRange { first, last, best })
    };
    Some(Keep {
        unit: if is(fields, "unit", "round", false) { KeepUnit::Round } else { KeepUnit::Session },
        ranges: fields.keyed("range").map(range).collect::<Option<_>>()?,
        disqualification_counts: is(fields, "disqualification", "counts", true),
        cite,
    })
}
