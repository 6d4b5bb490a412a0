//! The entry list of a session: `ENTRY_LIST_V_n.XML`.
//!
//! Every entry has four drivers, and those who are not there are there without anything. What a driver is called by is the seat, 1 to 4, and so nothing that tells who it is.

use std::collections::HashSet;

use super::{document, element, kind, moment, note_local_time, printed};
use crate::account::{About, Account, Car, Driver, Note};
use crate::flaw::Flaw;
use crate::xml::{self, Document, Element};

/// An entry list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryList {
    /// The file as it stands.
    pub document: Document,
}

/// Drivers of an entry, there or not.
const SEATS: usize = 4;

impl EntryList {
    /// Whether this is one, by its first elements.
    pub fn is(bytes: &[u8]) -> bool {
        let names = xml::beginning(bytes);
        names.first().is_some_and(|name| name == super::ROOT) && names.iter().any(|name| name == "ENTR")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no XML, or no entry list.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let root = &document.root;
        if root.name() != super::ROOT || (root.get("ENTR").is_none() && root.get("SESS").is_none()) {
            return Err(root.flaw("no entry list: it is no FILE with SESS or ENTR in it"));
        }
        let mut flaws = read(root).1;
        flaws.extend(document.beyond());
        Ok((Self { document }, flaws))
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        self.document.encode()
    }

    /// What it tells.
    pub fn account(&self) -> Account {
        read(&self.document.root).0
    }

    /// The file that tells the field of an account. It has no place for anything that happened, nor for grades, weights and the grid.
    pub fn of(account: &Account) -> Self {
        let about = &account.about;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut session = Element::new("SESS");
        let began = about.began.map_or_else(String::new, printed);
        for (name, value) in [
            ("Competition", text(&about.competition)),
            ("Meeting", text(&about.event)),
            ("Session", text(&about.session)),
            ("Track", text(&about.track)),
            ("StartTime", began),
        ] {
            session.push(element(name, &value));
        }
        let mut elements = vec![session];
        elements.extend(account.cars.iter().map(entry));
        Self { document: document(elements) }
    }
}

fn entry(car: &Car) -> Element {
    let mut entry = Element::new("ENTR");
    entry.push(element("Bib", &car.number));
    entry.push(element("Car", car.model.as_deref().unwrap_or_default()));
    entry.push(element("Class", car.cup.as_ref().or(car.class.as_ref()).map_or("", String::as_str)));
    for seat in 0..car.drivers.len().max(SEATS) {
        let driver = car.drivers.get(seat).cloned().unwrap_or_default();
        // A name that is not told apart stands where the family name does.
        let last = if driver.first.is_none() && driver.last.is_none() { Some(driver.name.clone()) } else { driver.last };
        let id = if seat < car.drivers.len() { (seat + 1).to_string() } else { String::new() };
        let mut of = Element::new(&format!("Driver{}", seat + 1));
        for (name, value) in
            [("Country", driver.nationality), ("First", driver.first), ("Last", last), ("Short", driver.short), ("Id", Some(id))]
        {
            of.push(element(name, value.as_deref().unwrap_or_default()));
        }
        entry.push(of);
    }
    entry.push(element("Team", car.team.as_deref().unwrap_or_default()));
    entry
}

/// What the tree of a file tells, and the entries that tell nothing.
fn read(root: &Element) -> (Account, Vec<Flaw>) {
    let (mut account, mut flaws) = (Account::default(), Vec::new());
    if let Some(session) = root.get("SESS") {
        account.about = about(session, &mut flaws);
    }
    let mut numbers = HashSet::new();
    for entry in root.all("ENTR") {
        let Some(number) = entry.said("Bib") else {
            flaws.push(entry.flaw("an entry without a Bib"));
            continue;
        };
        let car = account.cars.len();
        if !numbers.insert(number.clone()) {
            let says = format!("another car has number {number} too");
            account.notes.push(Note { code: "number-twice", car: Some(car), line: Some(entry.place.line), says });
        }
        let crew = entry.elements().filter(|of| is_seat(of.name())).filter_map(driver).collect();
        let (model, cup, team) = (entry.said("Car"), entry.said("Class"), entry.said("Team"));
        account.cars.push(Car { number, model, cup, team, drivers: crew, ..Car::default() });
    }
    note_local_time(&mut account);
    (account, flaws)
}

fn about(session: &Element, flaws: &mut Vec<Flaw>) -> About {
    let name = session.said("Session");
    let (kind, number) = name.as_deref().map_or((None, None), kind);
    let written = session.said("StartTime");
    let began = written.as_deref().and_then(moment);
    if written.is_some() && began.is_none() {
        flaws.push(session.flaw(format!("the StartTime is `{}`, and that is none", written.unwrap_or_default())));
    }
    About {
        competition: session.said("Competition"),
        event: session.said("Meeting"),
        session: name,
        track: session.said("Track"),
        kind,
        number,
        began,
        ..About::default()
    }
}

fn is_seat(name: &str) -> bool {
    name.strip_prefix("Driver").is_some_and(|seat| !seat.is_empty() && seat.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Who has a seat; nobody where nothing is said of it.
fn driver(of: &Element) -> Option<Driver> {
    let (first, last) = (of.said("First"), of.said("Last"));
    let (name, first, last) = match (first, last) {
        (Some(first), Some(last)) => (format!("{first} {last}"), Some(first), Some(last)),
        // Where there is only one name it is not told which.
        (first, last) => (first.or(last).unwrap_or_default(), None, None),
    };
    let driver = Driver { name, first, last, short: of.said("Short"), nationality: of.said("Country"), ..Driver::default() };
    (driver != Driver::default()).then_some(driver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_laid_out_as_theirs() {
        let car = Car { number: "7".into(), drivers: vec![Driver { name: "Ash".into(), ..Driver::default() }], ..Car::default() };
        let text = String::from_utf8(EntryList::of(&Account { cars: vec![car], ..Account::default() }).encode()).unwrap();
        let lines: Vec<&str> = text.lines().skip(9).take(9).map(str::trim_end).collect();
        let expected = [
            "  <ENTR>",
            "    <Bib>7</Bib>",
            "    <Car />",
            "    <Class />",
            "    <Driver1>",
            "      <Country />",
            "      <First />",
            "      <Last>Ash</Last>",
            "      <Short />",
        ];
        assert_eq!(lines, expected);
        assert!(
            text.starts_with("<?xml version=\"1.0\"?>\r\n<FILE xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=")
                && text.ends_with("\r\n</FILE>")
        );
    }
}
