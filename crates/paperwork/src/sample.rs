//! A small season for the tests of this crate: two rounds, the law of the 2018 outline (S00) in values.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sport::citation::{Cite, RuleCitation};
use sport::names::{ClassId, CupId};
use sport::points::Points;
use sport::rulebook::award::{Award, Basis, Length, Sessions};
use sport::rulebook::championship::{Championship, CompetitorKind, Listed, SharedDrive, Ties, TwoCars};
use sport::rulebook::crew::{Class, Cup, Dispensation, EntryRules, Granted, StatusRule};
use sport::rulebook::weekend::SessionPlan;
use sport::rulebook::{Law, Rulebook, Version};
use sport::session::SessionKind;

use crate::fault::{Fault, Loaded};
use crate::request::{self, Desk, Written};
use crate::season::{self, LoadedSeason};
use crate::{check, entries, read, written};

pub(crate) const SEASON: &str = r#"title = "A season"
rulebook = "../rules"
[round.1]
name = "Sepang"
circuit = "sepang"
country = "Malaysia"
first-day = 2018-04-13
[round.2]
name = "Buriram"
circuit = "buriram"
country = "Thailand"
first-day = 2018-05-11
"#;

pub(crate) const ENTRIES: &str = r#"[team.fff]
name = "FFF"
[driver.kodric]
name = "Martin Kodric"
grade = "Silver"
[driver.lind]
name = "Dennis Lind"
grade = "Silver"
[driver.chen]
name = "Morris Chen"
grade = "Bronze"
[driver.slade]
name = "Tim Slade"
[driver.renger]
name = "Reinhold Renger"
grade = "Bronze"
[entry.19]
number = "19"
team = "fff"
class = "GT3"
model = "Lamborghini Huracan GT3"
maker = "Lamborghini"
[entry.19.crew.1]
rounds = [1, 2]
drivers = ["kodric", "lind"]
cup = "silver"
[entry.28]
number = "28"
class = "GT3"
[entry.28.crew.1]
rounds = [1]
drivers = ["chen", "slade"]
cup = "pro-am"
[entry.666]
number = "666"
class = "GT4"
[entry.666.crew.1]
rounds = [1, 2]
drivers = ["renger"]
"#;

fn cite(rule: &str) -> Cite {
    Arc::new(RuleCitation {
        rule: rule.to_owned(),
        article: "A4".to_owned(),
        source: None,
        assumed: None,
        file: "rules.toml".to_owned(),
        line: 1,
        bulletin: None,
    })
}

fn law() -> Law {
    let crew = |written: &str| vec![written::crew(written).expect("a pattern")];
    let class = |id: &str, admits| Class { id: ClassId::new(id), title: id.to_owned(), admits, cite: cite("class") };
    let cup = |id: &str, written| Cup {
        id: CupId::new(id),
        title: id.to_owned(),
        class: ClassId::new("GT3"),
        crews: crew(written),
        cite: cite("cup"),
    };
    let status = StatusRule { scores: false, others_move_up: true, takes_success: false, cite: cite("status") };
    let plan = |id: &str, kind, day| SessionPlan {
        id: id.into(),
        kind,
        title: id.to_owned(),
        day,
        minutes: Some(60),
        kilometres: None,
        laps: None,
        grid_from: None,
        cite: cite("session"),
    };
    let alone = Granted::Crew { class: ClassId::new("GT4"), cup: None, crew: written::crew("Bronze").expect("a pattern") };
    Law {
        classes: vec![class("GT3", Vec::new()), class("GT4", crew("Bronze + Bronze"))],
        cups: vec![cup("pro-am", "Bronze + Silver/Gold/Platinum"), cup("silver", "Silver + Silver"), cup("am", "Bronze + Bronze")],
        dispensations: vec![Dispensation { id: "alone".to_owned(), grants: alone, reason: "seen".to_owned(), cite: cite("dispensation") }],
        entries: EntryRules { crew: (2, 2), cars_per_licence: Some(3), class_minimum: None, cite: cite("entries") },
        guests: status.clone(),
        invitational: status,
        weekend: vec![plan("q1", SessionKind::Qualifying, 1), plan("race-1", SessionKind::Race, 1), plan("race-2", SessionKind::Race, 2)],
        qualifying: None,
        grid: None,
        start: None,
        end: None,
        pit_stop: None,
        drive_times: Vec::new(),
        success: None,
        classified: Vec::new(),
        shortened: Vec::new(),
        tables: Vec::new(),
        awards: Vec::new(),
        championships: Vec::new(),
        podiums: Vec::new(),
        tariff: Vec::new(),
        conversion: None,
        protest: None,
        appeal: None,
        licence: None,
        bop: None,
        scrutineering: None,
        tyres: None,
    }
}

/// An award at the finish of every race.
pub(crate) fn award(id: &str) -> Award {
    Award {
        id: id.into(),
        mark: None,
        basis: Basis::Place { table: "none".into() },
        sessions: Sessions { kind: SessionKind::Race, ids: Vec::new(), rounds: Vec::new(), length: Length::default() },
        factor: Points::ONE,
        crew_factors: Vec::new(),
        countback: true,
        cite: cite("award"),
    }
}

/// A championship of drivers that counts nothing.
pub(crate) fn championship(id: &str) -> Championship {
    Championship {
        id: id.into(),
        title: id.to_owned(),
        competitor: CompetitorKind::Driver,
        crews_on_one_line: true,
        classes: Vec::new(),
        cups: Vec::new(),
        driver_grades: None,
        driver_ages: None,
        by_registration: false,
        awards: Vec::new(),
        sum_of: Vec::new(),
        best_cars: None,
        newcomers_until: None,
        rounds_min: None,
        shared_drive: SharedDrive::Full,
        two_cars: TwoCars::Both,
        drive_min: None,
        keep: None,
        skip_rounds: Vec::new(),
        ties: Ties { steps: Vec::new(), cite: cite("ties") },
        lowest_wins: false,
        listed: Listed::Scorers,
        cite: cite("championship"),
    }
}

pub(crate) fn rulebook() -> Rulebook {
    Rulebook {
        id: "sample/2018".to_owned(),
        series: "Sample".to_owned(),
        year: 2018,
        edition: "1".to_owned(),
        hash: String::new(),
        sources: Vec::new(),
        versions: vec![Version { from: None, bulletin: None, law: law() }],
    }
}

/// The season of two texts under a rulebook.
pub(crate) fn under(season: &str, list: &str, rulebook: Rulebook) -> Loaded<LoadedSeason> {
    under_said(season, list, (rulebook, false))
}

/// The same, with whether a driver championship of the rulebook says `two-cars`.
pub(crate) fn under_said(season: &str, list: &str, rulebook: (Rulebook, bool)) -> Loaded<LoadedSeason> {
    let mut faults = Vec::new();
    let season = read::parse("season.toml", season, &mut faults);
    let list = read::parse("entries.toml", list, &mut faults);
    let (Some(season), Some(list)) = (season, list) else { return Loaded::of(None, faults) };
    check::check(&season, &season::SEASON, &mut faults);
    check::check(&list, &entries::ENTRIES, &mut faults);
    let value = season::assemble(&tree().join("seasons/any"), &season, &list, rulebook, &mut faults);
    Loaded::of(Some(value), faults)
}

/// The sample season with some text replaced: each `(from, to)` in the season or in the entry list.
pub(crate) fn with(changes: &[(&str, &str)]) -> Loaded<LoadedSeason> {
    let (mut season, mut list) = (SEASON.to_owned(), ENTRIES.to_owned());
    for (from, to) in changes {
        assert!(season.contains(from) || list.contains(from), "the sample does not say {from}");
        season = season.replace(from, to);
        list = list.replace(from, to);
    }
    under(&season, &list, rulebook())
}

/// The requests of a text against the sample season.
pub(crate) fn requests(text: &str) -> Loaded<Vec<Written>> {
    requests_under(text, rulebook())
}

/// The requests of a text against the sample season under another rulebook.
pub(crate) fn requests_under(text: &str, rulebook: Rulebook) -> Loaded<Vec<Written>> {
    let season = under(SEASON, ENTRIES, rulebook).value.expect("the sample is sound");
    let desk = Desk { calendar: &season.calendar, entries: &season.entries, law: season.rulebook.latest() };
    let mut faults = Vec::new();
    let Some(node) = read::parse("facts.toml", text, &mut faults) else { return Loaded::of(None, faults) };
    check::check(&node, &request::REQUESTS, &mut faults);
    let mut sources = read::Sources::new(&tree());
    let requests = request::lower(&node.fields(), &tree(), desk, &mut sources, &mut faults);
    Loaded::of(Some(requests), faults)
}

/// The tree this crate stands in.
pub(crate) fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `line:column code` and the remedy of every fault.
pub(crate) fn told(faults: &[Fault]) -> Vec<String> {
    let tell = |fault: &Fault| format!("{}:{} {} ({})", fault.line, fault.column, fault.code, fault.help.as_deref().unwrap_or("-"));
    faults.iter().map(tell).collect()
}
