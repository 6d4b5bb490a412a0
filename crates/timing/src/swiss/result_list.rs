//! The result list of a session: `RESULT_LIST_V_n.XML`. It knows cars by their numbers alone, and neither which session it is of nor what that was for.
//!
//! In the lists that are known, all of practice, `Time` is the best lap, `Gap` is to the first and `Diff` to the one before. Of a race none was seen.

use std::collections::HashSet;

use sport::date::Micros;

use super::{document, element};
use crate::account::{Account, Car, Claim, Note};
use crate::flaw::Flaw;
use crate::xml::{self, Document, Element};

/// A result list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultList {
    /// The file as it stands.
    pub document: Document,
}

impl ResultList {
    /// Whether this is one, by its first elements.
    pub fn is(bytes: &[u8]) -> bool {
        let names = xml::beginning(bytes);
        names.first().is_some_and(|name| name == super::ROOT) && names.iter().any(|name| name == "RES")
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no XML, or no result list.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let root = &document.root;
        if root.name() != super::ROOT || root.get("RES").is_none() {
            return Err(root.flaw("no result list: it is no FILE with RES in it"));
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

    /// The file that tells the classification of an account, with gaps as its times give them where it tells none. It has no place for who drove, how it ended, and more laps than
    /// the best and the last.
    pub fn of(account: &Account) -> Self {
        let mut last = vec![None; account.cars.len()];
        account.laps.iter().for_each(|lap| last[lap.car] = Some((lap.number, lap.time)));
        let claims = &account.claims;
        let leader = claims.first();
        let mut rows = Vec::new();
        for (nth, claim) in claims.iter().enumerate() {
            let car = &account.cars[claim.car];
            let before = nth.checked_sub(1).and_then(|before| claims.get(before));
            let behind = |other: Option<&Claim>| other.and_then(|other| behind(claim, other)).unwrap_or(Micros(0));
            let gap = claim.gap.unwrap_or_else(|| behind(leader));
            let (last_lap, last_time) = last[claim.car].unwrap_or((0, None));
            let mut row = Element::new("RES");
            row.push(element("Bib", &car.number));
            row.push(match claim.place {
                Some(place) => element("Rank", &place.to_string()),
                None => Element::empty("Rank").with("xsi:nil", "true"),
            });
            for (name, number) in [
                ("Pos", i64::try_from(nth + 1).unwrap_or(i64::MAX)),
                ("StartPos", car.grid.unwrap_or(0).into()),
                ("Laps", claim.laps.unwrap_or(0).into()),
                ("Time", thousandths(claim.time.or(claim.best))),
                ("BestTime", thousandths(claim.best)),
                ("BestLap", claim.best_lap.unwrap_or(0).into()),
                ("LastTime", thousandths(last_time)),
                ("LastLap", last_lap.into()),
                ("Gap", thousandths(Some(gap))),
                ("Diff", thousandths(Some(behind(before)))),
            ] {
                row.push(Element::of(name, &number.to_string()));
            }
            rows.push(row);
        }
        Self { document: document(rows) }
    }
}

fn thousandths(time: Option<Micros>) -> i64 {
    time.map_or(0, |time| time.0 / 1_000)
}

/// How far a car is behind another with as many laps, by their times; in practice by their best.
fn behind(claim: &Claim, other: &Claim) -> Option<Micros> {
    match (claim.time, other.time) {
        (Some(time), Some(of)) => (claim.laps == other.laps).then_some(Micros(time.0 - of.0)),
        (None, None) => Some(Micros(claim.best?.0 - other.best?.0)),
        (Some(_), None) | (None, Some(_)) => None,
    }
}

/// What the tree of a file tells, and the rows that tell nothing.
fn read(root: &Element) -> (Account, Vec<Flaw>) {
    let (mut account, mut flaws) = (Account::default(), Vec::new());
    let (mut numbers, mut rows) = (HashSet::new(), Vec::new());
    for row in root.all("RES") {
        let Some(number) = row.said("Bib") else {
            flaws.push(row.flaw("a result without a Bib"));
            continue;
        };
        let car = account.cars.len();
        if !numbers.insert(number.clone()) {
            let says = format!("another car has number {number} too");
            account.notes.push(Note { code: "number-twice", car: Some(car), line: Some(row.place.line), says });
        }
        let grid = above_nothing(row, "StartPos", &mut flaws);
        account.cars.push(Car { number, grid, ..Car::default() });
        let position: Option<u32> = above_nothing(row, "Pos", &mut flaws);
        rows.push((position.is_none(), position, claim(car, row, &mut flaws)));
    }
    // Of practice the time is the best lap of everybody, and no time of a race.
    let practice = rows.iter().all(|(.., claim)| claim.time == claim.best);
    rows.sort_by_key(|(without, position, _)| (*without, *position));
    account.claims = rows.into_iter().map(|(.., claim)| Claim { time: claim.time.filter(|_| !practice), ..claim }).collect();
    (account, flaws)
}

fn claim(car: usize, row: &Element, flaws: &mut Vec<Flaw>) -> Claim {
    let mut time = |name| above_nothing(row, name, flaws).map(|ms: i64| Micros(ms * 1_000));
    let (time, best, gap) = (time("Time"), time("BestTime"), time("Gap"));
    Claim {
        place: above_nothing(row, "Rank", flaws),
        laps: number_in(row, "Laps", flaws),
        time,
        best,
        best_lap: above_nothing(row, "BestLap", flaws),
        gap,
        ..Claim::of(car)
    }
}

/// A number; none where it is zero, which stands for what there is not.
fn above_nothing<N: TryFrom<i64> + Into<i64> + Copy>(row: &Element, name: &str, flaws: &mut Vec<Flaw>) -> Option<N> {
    number_in(row, name, flaws).filter(|number: &N| (*number).into() > 0)
}

/// A number not below zero; told where it is none.
fn number_in<N: TryFrom<i64>>(row: &Element, name: &str, flaws: &mut Vec<Flaw>) -> Option<N> {
    let of = row.get(name)?;
    let text = row.said(name)?;
    let number =
        text.parse().ok().filter(|number: &i64| (0..=i64::from(u32::MAX)).contains(number)).and_then(|number| N::try_from(number).ok());
    if number.is_none() {
        let shown: String = text.chars().take(40).collect();
        flaws.push(of.flaw(format!("the {name} is `{shown}`, and that is none")));
    }
    number
}
