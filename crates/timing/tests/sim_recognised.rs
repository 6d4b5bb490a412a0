//! Each file of all captures is known for what it is, by its beginning, and by one format alone.

use timing::sim::acc::bop::Bop;
use timing::sim::acc::entry_list::EntryList;
use timing::sim::acc::event::{Event, EventRules};
use timing::sim::acc::results::Results;
use timing::sim::iracing::results_page::ResultsPage;
use timing::sim::{assetto_corsa, iracing};

mod sim_captures;

/// What a format is called, and whether a file is one.
type Format = (&'static str, fn(&[u8]) -> bool);

const FORMATS: [Format; 8] = [
    ("acc-result", Results::is),
    ("acc-entry-list", EntryList::is),
    ("acc-bop", Bop::is),
    ("acc-event", Event::is),
    ("acc-rules", EventRules::is),
    ("assetto-corsa", assetto_corsa::Results::is),
    ("iracing", iracing::Results::is),
    ("iracing-page", ResultsPage::is),
];

/// What a capture is of these, by its path.
fn expected(path: &str) -> Option<&'static str> {
    let json = path.ends_with(".json");
    let within = |folders: &[&str]| json && folders.iter().any(|folder| path.contains(folder));
    if within(&["acc/", "assettocorsa-competizione/", "bangbot/", "egt-canada"]) {
        Some("acc-result")
    } else if within(&["assetto-corsa/", "assetto-server-manager/"]) {
        Some("assetto-corsa")
    } else if within(&["iracing/"]) {
        Some("iracing")
    } else if path.ends_with("lfm-bop-data/bop.json") {
        Some("acc-bop")
    } else if path.ends_with("cfg/event.json") {
        Some("acc-event")
    } else if path.ends_with("cfg/eventRules.json") {
        Some("acc-rules")
    } else {
        None
    }
}

#[test]
fn every_capture_is_known_for_what_it_is_and_no_other_for_one_of_these() {
    let (mut known, mut others) = (0, 0);
    for (path, bytes) in sim_captures::here("", "").into_iter().chain(sim_captures::elsewhere("", "")) {
        let found: Vec<&str> = FORMATS.iter().filter(|(_, is)| is(&bytes)).map(|(name, _)| *name).collect();
        assert_eq!(found, expected(&path).into_iter().collect::<Vec<_>>(), "{path}");
        if found.is_empty() { others += 1 } else { known += 1 }
    }
    assert!(known >= 22);
    eprintln!("{known} files known, {others} of other formats");
}

#[test]
fn what_is_short_or_cut_or_none_is_no_file_of_these() {
    for bytes in [b"".as_slice(), b"{", b"{}", b"[]", b"\xff\xfe", b"\xff\xfe{", b"null", b"\"sessionResult\":", &[0; 64]] {
        assert!(FORMATS.iter().all(|(_, is)| !is(bytes)), "{bytes:?}");
    }
}
