//! The rulebook in the tree loads and says what its sources say; overlays, hashes and schemas do what they promise.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::fs;
use std::path::{Path, PathBuf};

use paperwork::fault::{Loaded, Weight};
use paperwork::read::Sources;
use paperwork::rulebook::{assumptions, rulebook, values};
use paperwork::schema;
use sport::date::Micros;
use sport::names::ChampionshipId;
use sport::points::Points;
use sport::rulebook::Rulebook;
use sport::rulebook::award::Scale;
use sport::rulebook::championship::{CompetitorKind, Listed, TieBreak};

fn tree() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn asia() -> PathBuf {
    tree().join("rulebooks/blancpain-gt-series-asia/2018")
}

fn load(folder: &Path, root: &Path) -> Loaded<Rulebook> {
    rulebook(folder, &mut Sources::new(root))
}

/// A folder of its own, removed at the end of its test.
struct Copy {
    root: PathBuf,
    folder: PathBuf,
}

impl std::ops::Deref for Copy {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A fresh folder with a copy of the rulebook in the tree.
fn copy(name: &str) -> Copy {
    let root = std::env::temp_dir().join(format!("rulebook-{}-{name}", std::process::id()));
    let folder = root.join("blancpain-gt-series-asia/2018");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(asia()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    Copy { root, folder }
}

fn sound(folder: &Path) -> Rulebook {
    let loaded = load(folder, folder);
    let faults: Vec<String> = loaded.faults.iter().map(ToString::to_string).collect();
    loaded.value.unwrap_or_else(|| panic!("{faults:#?}"))
}

#[test]
fn asia_2018_loads_without_a_fault_and_says_what_its_outline_says() {
    let loaded = load(&asia(), &tree());
    assert_eq!(loaded.faults.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let book = loaded.value.unwrap();
    assert_eq!((book.id.as_str(), book.year, book.versions.len()), ("blancpain-gt-series-asia/2018", 2018, 1));
    let law = book.latest();
    assert_eq!(
        law.weekend.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(),
        ["practice-1", "practice-2", "practice-3", "q1", "q2", "race-1", "race-2"]
    );
    let ids: Vec<_> = law.championships.iter().map(|championship| championship.id.as_str()).collect();
    assert_eq!(ids, ["gt3-drivers", "gt3-pro-am", "gt3-silver", "gt3-am", "gt4-drivers", "gt3-teams", "gt4-teams"]);
    let Scale::Places { points, .. } = &law.tables[0].scale else { panic!("a list of points") };
    assert_eq!(points.iter().copied().sum::<Points>(), Points::whole(101));
    let stop = law.pit_stop.as_ref().unwrap();
    let (minimum, cite) = stop.minimum_for("buriram", Micros::seconds(15));
    assert_eq!((minimum, cite.rule.as_str(), cite.assumed.is_none()), (Micros::seconds(105), "pit-stop.at.buriram", true));
    let success = law.success.as_ref().unwrap();
    assert_eq!(success.amount(Some(60), None, 2).map(|(amount, _)| amount), Some(Micros::seconds(10)));
    let teams = law.championship(&ChampionshipId::new("gt3-teams")).unwrap();
    assert_eq!(
        (teams.competitor, teams.listed, teams.ties.steps.as_slice()),
        (CompetitorKind::Team, Listed::Finishers, &[TieBreak::CountbackScoring][..])
    );
    assert_eq!(teams.best_cars.as_ref().map(|best| (best.count, best.surplus_invisible)), Some((2, true)));
    let award = &law.awards[0].cite;
    assert_eq!(award.file, "rulebooks/blancpain-gt-series-asia/2018/points.toml");
    let line = fs::read_to_string(tree().join(&award.file)).unwrap().lines().nth(award.line as usize - 1).unwrap().to_owned();
    assert_eq!((line.as_str(), award.article.as_str()), ("[award.race]", "E1"));
    assert!(values(&book).len() > 40 && assumptions(&book).iter().any(|cite| cite.rule == "classified.race"));
    assert!(assumptions(&book).iter().all(|cite| cite.rule != "table.top-ten"));
}

#[test]
fn a_bulletin_changes_exactly_its_rule_from_its_session_on() {
    let folder = copy("bulletin");
    fs::create_dir(folder.join("bulletins")).unwrap();
    let bulletin = "number = \"3\"\nfrom = \"4.race-1\"\narticle = \"D4\"\n[success]\nwhen-absent = \"kept\"\n[podium.silver]\ntitle = \"Silver Cup\"\nclass = \"GT3\"\ncup = \"silver\"\n";
    fs::write(folder.join("bulletins/03-success.toml"), bulletin).unwrap();
    let book = sound(&folder);
    let [first, second] = book.versions.as_slice() else { panic!("two versions") };
    assert_eq!(second.from.as_ref().map(ToString::to_string).as_deref(), Some("4.race-1"));
    let (before, after) = (first.law.success.as_ref().unwrap(), second.law.success.as_ref().unwrap());
    assert!(!before.kept_when_absent && after.kept_when_absent);
    assert_eq!(
        (after.cite.bulletin.as_deref(), after.cite.article.as_str(), after.cite.file.as_str()),
        (Some("3"), "D4", "bulletins/03-success.toml")
    );
    assert_eq!((after.cite.line, after.steps == before.steps, before.cite.bulletin.is_none()), (4, true, true));
    let mut undone = second.law.clone();
    undone.success = first.law.success.clone();
    assert_eq!(undone.podiums.pop().map(|podium| podium.id).as_deref(), Some("silver"));
    assert_eq!(undone, first.law);
}

#[test]
fn a_child_extends_removes_and_overlays() {
    let parent = copy("parent");
    let child = parent.join("../../child/2018");
    fs::create_dir_all(&child).unwrap();
    fs::write(
        child.join("rulebook.toml"),
        "series = \"Child\"\nyear = 2018\nedition = \"1\"\nextends = \"../../blancpain-gt-series-asia/2018\"\nremove = [\"podium.am\", \"penalty.jump-start\"]\n[table.top-ten]\npoints = [1]\narticle = \"X1\"\n",
    )
    .unwrap();
    let (book, base) = (sound(&child), sound(&parent));
    assert_eq!((book.id.as_str(), book.series.as_str()), ("child/2018", "Child"));
    assert_eq!(book.latest().podiums.len() + 1, base.latest().podiums.len());
    assert_eq!(book.latest().tables[0].scale.points(1, 20), Points::ONE);
    assert_eq!((book.latest().tables[0].cite.article.as_str(), &book.latest().tables[0].cite.source), ("X1", &None));
    let before = book.hash;
    let text = fs::read_to_string(parent.join("points.toml")).unwrap();
    fs::write(parent.join("points.toml"), format!("{text}# one more\n")).unwrap();
    assert_ne!(sound(&child).hash, before);
    fs::write(parent.join("rulebook.toml"), "series = \"P\"\nyear = 2018\nedition = \"1\"\nextends = \"../../child/2018\"\n").unwrap();
    let codes: Vec<_> = load(&child, &child).faults.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["extends-itself"]);
}

#[test]
fn the_hash_knows_every_byte_and_no_order() {
    let folder = copy("hash");
    let before = sound(&folder);
    assert_eq!((before.hash.len(), sound(&folder).hash == before.hash), (64, true));
    for name in ["points.toml", "classes.toml"] {
        let bytes = fs::read(folder.join(name)).unwrap();
        fs::remove_file(folder.join(name)).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
    assert_eq!(sound(&folder).hash, before.hash);
    assert_eq!(sound(&copy("elsewhere")).hash, before.hash);
    let text = fs::read_to_string(folder.join("pit.toml")).unwrap();
    fs::write(folder.join("pit.toml"), text.replace("# The", "# the")).unwrap();
    assert_ne!(sound(&folder).hash, before.hash);
}

#[test]
fn broken_files_are_faults() {
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("empty.toml", b" \n".to_vec(), "empty.toml:1:1: error[empty-file]: empty.toml is empty (write it, or delete the file)"),
        (
            "bad.toml",
            b"# ok\n# \xc3\xa9\xff".to_vec(),
            "bad.toml:2:4: error[not-utf8]: bad.toml is not UTF-8 text: byte 9 begins no character (save it as UTF-8)",
        ),
        (
            "huge.toml",
            vec![b'#'; 8 * 1024 * 1024 + 1],
            "huge.toml:1:1: error[too-large]: huge.toml is larger than 8 MiB (what people write is smaller: this is probably another file; requests can be split into several files)",
        ),
        ("cut.toml", b"[table.top-ten\npoints = [25, ".to_vec(), "cut.toml:1:15: error[not-toml]"),
    ];
    for (name, bytes, says) in cases {
        let folder = copy(name);
        fs::write(folder.join(name), bytes).unwrap();
        let loaded = load(&folder, &folder);
        assert!(loaded.value.is_none(), "{name}");
        assert!(loaded.faults[0].to_string().starts_with(says), "{}", loaded.faults[0]);
        assert!(loaded.faults.iter().all(|fault| fault.weight == Weight::Error));
    }
    let nowhere = load(Path::new("/nowhere/at/all"), Path::new("/nowhere"));
    assert_eq!(
        nowhere.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["at/all:1:1: error[cannot-read]: cannot read at/all: there is no such folder"]
    );
}

#[test]
fn schemas_in_the_tree_are_the_ones_the_program_writes() {
    for (name, text) in schema::all() {
        let path = tree().join("schemas").join(&name);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &text).unwrap();
        }
        assert!(
            fs::read_to_string(&path).is_ok_and(|there| there == text),
            "schemas/{name} differs: UPDATE=1 cargo test -p paperwork writes it"
        );
    }
}
