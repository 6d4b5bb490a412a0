//! A season as written: season.toml, entries.toml and the rulebook it names, all checked together. Nothing is half-loaded.

use std::path::{Path, PathBuf};

use sport::entry::EntryList;
use sport::rulebook::{Rulebook, Source};
use sport::session::Calendar;

use crate::fault::{self, Fault, Loaded};
use crate::read::Sources;
use crate::refer::Known;
use crate::shape::{Ids, Key, Kind, Shape};
use crate::tree::Node;
use crate::{calendar, check, circuit, crews, entries, kept, refer, rulebook};

/// season.toml.
pub static SEASON: Shape = Shape {
    name: "season",
    doc: "A season: its rulebook and its calendar.",
    keys: &[
        Key::must("title", Kind::Text, "The season as printed."),
        Key::must("rulebook", Kind::Path, "The folder of the rulebook, relative to this folder."),
        Key::must("round", Kind::Map(Ids::Whole(1, 999), &Kind::Table(&calendar::ROUND)), "The rounds by number."),
        Key::may("source", Kind::Map(Ids::Any, &Kind::Table(&SOURCE)), "Documents that entries, results and grids cite."),
    ],
};

/// `[source.S03]` of season.toml.
static SOURCE: Shape = Shape {
    name: "source of a season",
    doc: "A document that was published about the season.",
    keys: &[Key::must("site", Kind::Text, "Who published it."), Key::must("page", Kind::Text, "Title and date.")],
};

/// A season with its rulebook.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadedSeason {
    /// As printed.
    pub title: String,
    /// The law.
    pub rulebook: Rulebook,
    /// Rounds and sessions.
    pub calendar: Calendar,
    /// Drivers, teams and entries.
    pub entries: EntryList,
    /// The documents it cites, beside the rulebook's own.
    pub sources: Vec<Source>,
}

impl LoadedSeason {
    /// The season before its first fact.
    pub fn begin(&self) -> sport::season::Season {
        let mut season = sport::season::Season::new(&self.title, self.rulebook.year, self.calendar.clone(), self.entries.clone());
        season.sources.clone_from(&self.sources);
        season
    }
}

/// Loads the season in `folder` with the rulebook it names. Any error means no value.
pub fn season(folder: &Path, sources: &mut Sources) -> Loaded<LoadedSeason> {
    let mut faults = Vec::new();
    let season = checked(folder, "season.toml", &SEASON, sources, &mut faults);
    let list = checked(folder, "entries.toml", &entries::ENTRIES, sources, &mut faults);
    let rulebook = season.as_ref().and_then(|season| law(folder, season, sources, &mut faults));
    let (Some(season), Some(list)) = (season, list) else { return Loaded::of(None, faults) };
    let Some((rulebook, two_cars)) = rulebook else {
        lawless(folder, &season, &list, &mut faults);
        return Loaded::of(None, faults);
    };
    let mut value = assemble(folder, &season, &list, (rulebook, two_cars), &mut faults);
    let circuits = circuits(folder);
    for round in &mut value.calendar.rounds {
        round.layout = circuit::layout(&circuits, &round.circuit, sources, &mut faults);
    }
    Loaded::of(Some(value), faults)
}

/// The rulebook the season names, and whether one of its driver championships says `two-cars`. A folder that is none is told where it
/// is named.
fn law(folder: &Path, season: &Node, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<(Rulebook, bool)> {
    let fields = season.fields();
    let path = folder.join(fields.text("rulebook")?);
    let loaded = rulebook::for_season(&path, sources);
    let name = sources.name(&path);
    for fault in loaded.faults {
        if fault.file == name && matches!(fault.code, "cannot-read" | "no-rulebook") {
            let place = fields.place_of("rulebook");
            let named = Fault::error(fault.code, place, fault.message).label("named here");
            faults.push(named.help("write the rulebook's folder from this file's folder on, such as \"../rulebook\""));
        } else {
            faults.push(fault);
        }
    }
    loaded.value
}

/// The folder of circuits of a season: beside it, or else beside the folder of seasons it stands in.
pub fn circuits(folder: &Path) -> PathBuf {
    let beside = crate::read::plain(&folder.join("../circuits"));
    if beside.is_dir() { beside } else { crate::read::plain(&folder.join("../../circuits")) }
}

/// A file of the season, checked against its shape.
fn checked(folder: &Path, file: &str, shape: &Shape, sources: &mut Sources, faults: &mut Vec<Fault>) -> Option<Node> {
    let node = sources.toml(&folder.join(file), faults)?;
    check::check(&node, shape, faults);
    Some(node)
}

/// What does not fit together in two checked trees whatever the rulebook says, where the rulebook itself has faults: told with them.
pub(crate) fn lawless(folder: &Path, season: &Node, list: &Node, faults: &mut Vec<Fault>) {
    entries::check_references(list, Known::default(), faults);
    let fields = season.fields();
    for (_, round) in fields.keyed("round") {
        calendar::circuit(&round, &circuits(folder), faults);
    }
    // Of which year the rulebook is nobody can say: no date is outside it.
    let list = list.fields();
    let (_, placed) = entries::read(&list, u16::MAX, faults);
    let mut rounds: Vec<u16> = fields.keyed("round").filter_map(|(id, _)| id.parse().ok()).collect();
    rounds.sort_unstable();
    crews::lawless(&placed, &rounds, calendar::numbered(&fields), faults);
}

/// The season of two checked trees and its rulebook, with whether a driver championship says `two-cars`; what does not fit together is
/// added to `faults`.
pub(crate) fn assemble(
    folder: &Path,
    season: &Node,
    list: &Node,
    (rulebook, two_cars): (Rulebook, bool),
    faults: &mut Vec<Fault>,
) -> LoadedSeason {
    let law = rulebook.latest();
    refer::check(season, &SEASON, &calendar::known(law), faults);
    entries::check_references(list, calendar::known(law), faults);
    let fields = season.fields();
    let calendar = calendar::calendar(&fields, &rulebook, &circuits(folder), faults);
    if calendar::dated(&fields) {
        kept::check(&calendar, law, fields.place_of("rulebook"), faults);
    }
    let list_fields = list.fields();
    let (entries, placed) = entries::read(&list_fields, rulebook.year, faults);
    let ground = crews::Ground { calendar: &calendar, numbered: calendar::numbered(&fields), law, two_cars };
    crews::check(&entries, &placed, &ground, faults);
    // Beside an error they would only follow from it.
    if !fault::stops(faults) {
        entries::warnings(&list_fields, &entries, faults);
    }
    let text = |fields: &crate::fields::Fields<'_>, key: &str| fields.text(key).unwrap_or_default().to_owned();
    let source = |(id, fields): (&str, crate::fields::Fields<'_>)| Source {
        id: id.to_owned(),
        site: text(&fields, "site"),
        page: text(&fields, "page"),
    };
    let sources = fields.keyed("source").map(source).collect();
    LoadedSeason { title: text(&fields, "title"), calendar, entries, sources, rulebook }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Weight;
    use crate::sample;

    #[test]
    fn the_sample_is_sound() {
        let loaded = sample::with(&[]);
        assert_eq!(sample::told(&loaded.faults), [""; 0]);
        let season = loaded.value.expect("sound");
        let names: Vec<String> = season.calendar.sessions.iter().map(|session| format!("{} {}", session.name, session.date)).collect();
        assert_eq!(names[..4], ["1.q1 2018-04-14", "1.race-1 2018-04-14", "1.race-2 2018-04-15", "2.q1 2018-05-12"]);
        assert_eq!(season.calendar.race(2, 2), season.calendar.find(&crate::written::session("2.race-2").expect("a session")));
    }

    #[test]
    fn every_fault_of_a_calendar_has_its_place_and_remedy() {
        let round_2 = |own: &str| format!("{own}\n[round.2]");
        for (from, to, told) in [
            ("circuit = \"sepang\"\n", String::new(), "3:1 missing-key (add circuit = \"…\")"),
            ("\"sepang\"", "\"sepan\"".to_owned(), "5:11 unknown-circuit (did you mean \"sepang\"?)"),
            ("2018-04-13", "2017-04-13".to_owned(), "7:13 other-year (the rulebook is for 2018)"),
            ("2018-05-11", "2018-04-14".to_owned(), "12:13 rounds-overlap (number the rounds in the order they are held)"),
            ("2018-05-11", "2018-03-11".to_owned(), "12:13 rounds-out-of-order (number the rounds in the order they are held)"),
            ("[round.2]", round_2("[round.1.session.rase-1]\nminutes = 30"), "8:18 unknown-session (did you mean \"race-1\"?)"),
            ("[round.2]", round_2("[round.1.session.race-1]\ndate = 2018-04-10"), "9:8 before-round (-)"),
            ("[round.2]", round_2("[round.1.session.race-1]\npoints-factor = 11"), "9:17 out-of-range (-)"),
            ("[round.2]", round_2("[round.1.session.race-1]\nwithout-awards = [\"pole\"]"), "9:19 unknown-award (-)"),
            (
                "[round.2]",
                round_2("[round.2.session.q1]\nminutes = 5") + "\nwithout-sessions = [\"q1\"]",
                "8:18 contradiction (keep one of the two)",
            ),
        ] {
            let loaded = sample::with(&[(from, &to)]);
            assert_eq!(sample::told(&loaded.faults), [told], "{to}");
            assert_eq!(loaded.value, None, "an error means no value");
        }
    }

    #[test]
    fn a_slip_is_one_fault_however_much_refers_to_it() {
        for (from, to, told) in [
            ("2018-04-13", "\"2018-04-13\"", "7:13 wrong-type (write it without quotes: 2018-04-13)"),
            ("2018-04-13", "\"13.4.2018\"", "7:13 wrong-type (write the date as 2018-04-13)"),
            ("2018-04-13", "2018-04-13T12:00:00Z", "7:13 wrong-type (write the day alone: 2018-04-14)"),
            ("2018-04-13", "13.04.2018", "7:13 bad-date (write the date as 2018-04-13)"),
            ("[round.2]", "[round.two]", "8:8 bad-id (-)"),
            ("[round.1]", "[[round]]", "3:1 wrong-type (write [round.ID] with one bracket, each with an id of its own)"),
            ("[driver.lind]", "[driver.\"dennis lind\"]", "6:9 bad-id (an id has 1 to 64 characters without spaces, dots and slashes)"),
            ("class = \"GT3\"", "class = \"GT33\"", "20:9 unknown-class (did you mean \"GT3\"?)"),
            ("[entry.28.crew.1]", "[entry.28.crew]", "30:1 bad-id (write the heading [….crew.1])"),
            ("first-day = 2018-04-13\n", "", "3:1 missing-key (add first-day = 2018-04-14)"),
            ("[round.2]", "[round.1]", "8:8 written-twice (the first is on line 3; give this one an id of its own, or take it out)"),
            (
                "[driver.lind]",
                "[driver.kodric]",
                "6:9 written-twice (the first is on line 3; give this one an id of its own, or take it out)",
            ),
            ("[entry.28]", "[entry.19]", "27:8 written-twice (the first is on line 17; give this one an id of its own, or take it out)"),
            (
                "drivers = [\"kodric\", \"lind\"]",
                "drivers = [\"kodric / lind\"]",
                "25:12 bad-id (write each in quotes of its own: \"kodric\", \"lind\")",
            ),
            ("drivers = [\"chen\", \"slade\"]", "drivers = \"chen\"", "32:11 wrong-type (write it in brackets: drivers = […])"),
        ] {
            assert_eq!(sample::told(&sample::with(&[(from, to)]).faults), [told], "{to}");
        }
    }

    #[test]
    fn a_session_can_move_be_left_out_and_be_shorter() {
        let own =
            "[round.1.session.race-2]\ndate = 2018-04-14\nminutes = 30\npoints-factor = \"1/2\"\n[round.2]\nwithout-sessions = [\"q1\"]";
        let season = sample::with(&[("[round.2]", own)]).value.expect("sound");
        let names: Vec<String> = season.calendar.sessions.iter().map(|session| session.name.to_string()).collect();
        assert_eq!(names, ["1.q1", "1.race-1", "1.race-2", "2.race-1", "2.race-2"]);
        let short = &season.calendar.sessions[2];
        assert_eq!((short.minutes, short.points_factor.exact(), short.number), (Some(30), "1/2".to_owned(), 2));
    }

    #[test]
    fn a_rule_that_keeps_more_than_the_calendar_holds_is_a_warning() {
        use sport::rulebook::championship::{Keep, KeepBest, KeepRange, KeepUnit};
        let told = |unit, best: &[(u16, u16)]| {
            let mut rulebook = sample::rulebook();
            let law = &mut rulebook.versions[0].law;
            law.awards = vec![sample::award("race")];
            let best = best.iter().map(|(held, best)| KeepBest { held: *held, best: *best }).collect();
            let mut of = sample::championship("drivers");
            of.awards = vec!["race".into()];
            of.keep = Some(Keep {
                unit,
                ranges: vec![KeepRange { first: 1, last: 9, best }],
                disqualification_counts: true,
                cite: of.cite.clone(),
            });
            law.championships = vec![of];
            sample::told(&sample::under(sample::SEASON, sample::ENTRIES, rulebook).faults)
        };
        let warned = ["2:12 keeps-everything (correct the rulebook, or the calendar)"];
        // Two rounds of two races.
        assert_eq!(told(KeepUnit::Round, &[(0, 3)]), warned);
        assert_eq!(told(KeepUnit::Session, &[(0, 5)]), warned);
        assert_eq!(told(KeepUnit::Session, &[(0, 3)]), [""; 0]);
        assert_eq!(told(KeepUnit::Round, &[(0, 9), (2, 1)]), [""; 0]);
    }

    #[test]
    fn a_bulletin_in_force_from_nowhere_is_a_fault() {
        let mut rulebook = sample::rulebook();
        let later = sport::rulebook::Version {
            from: crate::written::session("3.race-1"),
            bulletin: Some("4".to_owned()),
            ..rulebook.versions[0].clone()
        };
        rulebook.versions.push(later);
        let loaded = sample::under(sample::SEASON, sample::ENTRIES, rulebook);
        assert_eq!(sample::told(&loaded.faults), ["2:12 unknown-session (there is no round 3; rounds: 1, 2)"]);
    }

    #[test]
    fn the_season_of_2018_loads_with_its_facts() {
        let folder = sample::tree().join("seasons/blancpain-gt-series-asia-2018");
        let mut sources = Sources::new(&sample::tree());
        let loaded = season(&folder, &mut sources);
        assert_eq!(sample::told(&loaded.faults), [""; 0]);
        let season = loaded.value.expect("sound");
        let races = season.calendar.sessions.iter().filter(|session| session.kind == sport::session::SessionKind::Race);
        assert_eq!((season.calendar.rounds.len(), races.count(), season.entries.entries.len()), (6, 12, 29));
        let desk = crate::request::Desk { calendar: &season.calendar, entries: &season.entries, law: season.rulebook.latest() };
        let facts = crate::request::requests(&folder.join("facts.toml"), desk, &mut sources);
        assert_eq!(sample::told(&facts.faults), [""; 0]);
        let mut state = season.begin();
        for written in facts.value.expect("sound") {
            let at = sport::date::Instant(written.happened.0 + 1);
            for fact in sport::accept::accept(&season.rulebook, &state, written.by("test"), at).expect("accepted") {
                state.apply(&fact);
            }
        }
        let served = state.facts().iter().filter_map(|fact| fact.what.served());
        let mut told: Vec<String> = served.map(|served| format!("{} {} {}", served.session, served.car, served.time)).collect();
        told.sort();
        // Every success penalty that was published as served or due.
        let published = [
            "1.race-2 888 5.000",
            "2.race-1 888 15.000",
            "3.race-1 19 10.000",
            "3.race-1 888 15.000",
            "3.race-2 19 5.000",
            "3.race-2 666 10.000",
            "4.race-1 19 15.000",
            "4.race-1 23 10.000",
            "4.race-1 999 5.000",
            "4.race-2 18 15.000",
            "4.race-2 23 5.000",
            "4.race-2 27 10.000",
            "4.race-2 81 15.000",
            "5.race-1 81 15.000",
            "6.race-1 19 15.000",
            "6.race-2 27 15.000",
            "6.race-2 97 5.000",
        ];
        assert_eq!(told, published);
        assert_eq!(state.facts().len(), 12 + 12 + published.len(), "and twelve grids and results");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_loader(season in "[a-z0-9.=\\[\\]\"\n -]{0,80}", entries in "[a-z0-9.=\\[\\]\"\n -]{0,80}") {
            let loaded = sample::under(&season, &entries, sample::rulebook());
            let errors = loaded.faults.iter().any(|fault| fault.weight == Weight::Error);
            proptest::prop_assert_eq!(loaded.value.is_none(), errors);
        }

        #[test]
        fn no_damage_breaks_the_loader(at in 0_usize..1000, length in 0_usize..40, with in "[a-z0-9.=\\[\\]\"\n,-]{0,12}") {
            let damage = |text: &str| {
                let (from, to) = (at.min(text.len()), (at + length).min(text.len()));
                format!("{}{with}{}", &text[..from], &text[to..])
            };
            for loaded in [
                sample::under(&damage(sample::SEASON), sample::ENTRIES, sample::rulebook()),
                sample::under(sample::SEASON, &damage(sample::ENTRIES), sample::rulebook()),
            ] {
                let errors = loaded.faults.iter().any(|fault| fault.weight == Weight::Error);
                proptest::prop_assert_eq!(loaded.value.is_none(), errors);
            }
        }
    }
}
