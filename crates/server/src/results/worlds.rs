//! What the outcomes of the open matters would change in a table.

use serde::Serialize;
use sport::fact::Fact;
use sport::names::ChampionshipId;
use sport::season::Season;
use sport::worlds::{Across, Depends, MATTERS_MAX, Worlds};
use utoipa::ToSchema;

use crate::results::asked::Asking;
use crate::results::docket::{self, MatterOf};
use crate::results::points;
use crate::results::table::ChampionshipTable;
use crate::site::Site;

/// So many different tables are told.
const OUTCOMES: usize = 16;

/// A championship across every outcome of the open matters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct OpenMatters {
    /// The matters.
    pub(crate) matters: Vec<MatterOf>,
    /// In how many ways they may end; none where they are too many to work through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) worlds: Option<usize>,
    /// True where every outcome gives the same table.
    pub(crate) same: bool,
    /// Competitors whose place or points depend on a matter.
    pub(crate) competitors: Vec<DependsOn>,
    /// The different tables, at most sixteen of them.
    pub(crate) outcomes: Vec<OutcomeOf>,
    /// How many different tables there are.
    pub(crate) different: usize,
}

/// A competitor across every outcome.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct DependsOn {
    /// As printed.
    pub(crate) name: String,
    /// The places it takes: `2–4`; `1 or none` where it takes none in some outcome.
    pub(crate) places: String,
    /// The points it has: `40–65`.
    pub(crate) points: String,
    /// The places possible where places or points are only partly known besides; empty where that adds nothing.
    pub(crate) possible: String,
    /// The matters its place depends on.
    pub(crate) place_depends_on: Vec<String>,
    /// The matters its points depend on.
    pub(crate) points_depend_on: Vec<String>,
}

/// One of the different tables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct OutcomeOf {
    /// When it comes so: `A1 upheld, A2 rejected`.
    pub(crate) when: String,
    /// The first three of it.
    pub(crate) leaders: Vec<Leader>,
}

/// One of the first of a table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(crate) struct Leader {
    /// The place as printed.
    pub(crate) position: String,
    /// As printed.
    pub(crate) name: String,
    /// The points.
    pub(crate) points: String,
}

/// `None` where no matter is open.
pub(crate) fn open(season: &Season, live: &[&Fact], worlds: Option<&Worlds>, championship: &str) -> Option<OpenMatters> {
    let matters = docket::open(season, live);
    if matters.is_empty() {
        return None;
    }
    let across = worlds.and_then(|of| Some((of, of.tables.iter().find(|table| table.championship.as_str() == championship)?)));
    let Some((worlds, across)) = across else {
        return Some(OpenMatters { matters, worlds: None, same: false, competitors: Vec::new(), outcomes: Vec::new(), different: 0 });
    };
    let depends = |one: &&Depends| !one.place_depends_on.is_empty() || !one.points_depend_on.is_empty();
    Some(OpenMatters {
        matters,
        worlds: Some(worlds.count),
        same: across.outcomes.len() == 1,
        competitors: across.competitors.iter().filter(depends).map(|one| depends_on(worlds, one)).collect(),
        outcomes: if across.outcomes.len() == 1 { Vec::new() } else { outcomes(worlds, across) },
        different: across.outcomes.len(),
    })
}

/// Whether open matters may change a table; where they are too many to work through, they may.
pub(crate) fn moves(worlds: Option<&Worlds>, table: &ChampionshipTable) -> bool {
    let across = worlds.and_then(|of| of.tables.iter().find(|across| across.championship.as_str() == table.championship));
    !table.open.is_empty() && across.is_none_or(|across| across.outcomes.len() > 1)
}

/// Why the worlds are not told, where they are not.
pub(crate) fn too_many(matters: usize) -> String {
    format!("{matters} matters are open; at most {MATTERS_MAX} are worked through at once")
}

fn outcomes(worlds: &Worlds, across: &Across) -> Vec<OutcomeOf> {
    let told = across.outcomes.iter().take(OUTCOMES).map(|(table, numbers)| OutcomeOf {
        when: worlds.when(numbers),
        leaders: table
            .lines
            .iter()
            .take(3)
            .map(|line| Leader { position: line.position(), name: line.name.clone(), points: points(line.points) })
            .collect(),
    });
    told.collect()
}

fn depends_on(worlds: &Worlds, one: &Depends) -> DependsOn {
    let ids = |matters: &[usize]| matters.iter().map(|at| worlds.matters[*at].id.to_string()).collect();
    let places = match &one.label {
        Some(label) => label.clone(),
        None => match (one.best, one.worst) {
            (Some(best), Some(worst)) if best == worst => best.to_string(),
            (Some(best), Some(worst)) => format!("{best}–{worst}"),
            (Some(place), None) | (None, Some(place)) => format!("{place} or none"),
            (None, None) => String::from("none"),
        },
    };
    let told = one.label.is_some() || (one.best == Some(one.possible.best) && one.worst == Some(one.possible.worst));
    let (least, most) = (one.points_min.published(), one.points_max.published());
    DependsOn {
        name: one.name.clone(),
        places,
        points: if least == most { least } else { format!("{least}–{most}") },
        possible: if told { String::new() } else { one.possible.to_string() },
        place_depends_on: ids(&one.place_depends_on),
        points_depend_on: ids(&one.points_depend_on),
    }
}

/// The same of what is asked: told for the season as it is known now.
pub(crate) fn asked(site: &Site, season: &Season, championship: &ChampionshipId, asking: &Asking) -> Option<OpenMatters> {
    if !asking.plain() {
        return None;
    }
    let worlds = site.worlds(season);
    open(season, &season.live(asking.moment()), worlds.as_deref().ok(), championship.as_str())
}
