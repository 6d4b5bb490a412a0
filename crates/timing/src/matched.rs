//! Who the cars and drivers of an account are in a season: by a player's account first, which nobody can take by mistake; then by number and name.

use std::collections::BTreeMap;

use sport::entry::{Entry, EntryList};
use sport::finding::{Finding, Weight};

use crate::account::{Account, Car, Driver};

/// Who is who.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matched {
    /// Of each car of the account, its position in the entry list.
    pub cars: Vec<Option<usize>>,
    /// Of each driver of each car, the position in the list of drivers.
    pub drivers: Vec<Vec<Option<usize>>>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
}

impl Matched {
    /// Finds the cars and drivers of an account among those entered for a round.
    pub fn of(account: &Account, list: &EntryList, round: u16) -> Self {
        let mut desk = Desk { list, round, players: BTreeMap::new(), findings: Vec::new() };
        for (nth, driver) in list.drivers.iter().enumerate() {
            desk.players.extend(driver.players.iter().map(|player| (player.as_str(), nth)));
        }
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let mut matched = Self { cars: Vec::new(), drivers: Vec::new(), findings: Vec::new() };
        for (nth, car) in account.cars.iter().enumerate() {
            let known: Vec<Option<usize>> = car.drivers.iter().map(|driver| desk.player(driver)).collect();
            let entry = desk.entry(car, &known).filter(|entry| {
                let first = taken.get(entry).copied();
                if let Some(first) = first {
                    let says = format!("it is in the file twice: {} and {}; the first counts", told(&account.cars[first]), told(car));
                    desk.tell(Weight::Contradiction, "car-twice", &list.entries[*entry].label(), says);
                }
                first.is_none()
            });
            if let Some(entry) = entry {
                taken.insert(entry, nth);
            }
            let drivers = car.drivers.iter().zip(known).map(|(driver, known)| known.or_else(|| desk.named(driver, car, entry))).collect();
            matched.cars.push(entry);
            matched.drivers.push(drivers);
        }
        matched.findings = desk.findings;
        matched
    }
}

struct Desk<'a> {
    list: &'a EntryList,
    round: u16,
    /// Drivers by their accounts as players.
    players: BTreeMap<&'a str, usize>,
    findings: Vec<Finding>,
}

impl<'a> Desk<'a> {
    fn tell(&mut self, weight: Weight, code: &'static str, car: &str, says: String) {
        self.findings.push(Finding { weight, code, about: format!("car {car}"), says });
    }

    fn player(&self, driver: &Driver) -> Option<usize> {
        self.players.get(driver.id.as_deref()?).copied()
    }

    fn entered(&self) -> impl Iterator<Item = (usize, &'a Entry)> + use<'a> {
        let round = self.round;
        self.list.entries.iter().enumerate().filter(move |(_, entry)| entry.spell(round).is_some())
    }

    /// The entry of a car: whose crew a known player is in; else that with its number.
    fn entry(&mut self, car: &Car, known: &[Option<usize>]) -> Option<usize> {
        let by_number = self.numbered(&car.number);
        let in_crew = |(_, entry): &(usize, &Entry)| {
            let crew = entry.spell(self.round).into_iter().flat_map(|spell| spell.crew.iter().chain(&spell.perhaps));
            crew.clone().any(|id| known.iter().flatten().any(|driver| self.list.drivers[*driver].id == *id))
        };
        let of_players: Vec<usize> = self.entered().filter(in_crew).map(|(nth, _)| nth).collect();
        let label = |entry: usize| self.list.entries[entry].label();
        match (of_players.as_slice(), by_number) {
            ([], Some(entry)) => Some(entry),
            ([], None) => {
                let says = format!("{} is entered nowhere in round {}; it is left out", told(car), self.round);
                self.tell(Weight::Contradiction, "unknown-car", &car.number, says);
                None
            }
            (crews, Some(entry)) if crews.contains(&entry) => Some(entry),
            ([entry], _) => {
                let says = format!("it ran as {}: whose player is in its crew", told(car));
                self.tell(Weight::Doubt, "other-number", &label(*entry), says);
                Some(*entry)
            }
            (crews, None) => {
                let cars: Vec<String> = crews.iter().map(|entry| label(*entry)).collect();
                let says = format!("the players of {} are in the crews of cars {}; it is left out", told(car), cars.join(" and "));
                self.tell(Weight::Contradiction, "several-cars", &car.number, says);
                None
            }
            (_, Some(entry)) => Some(entry),
        }
    }

    /// The entry of a number as printed; else the only one that is the same but for zeros before it.
    fn numbered(&self, number: &str) -> Option<usize> {
        let of = |entry: &Entry| entry.number.clone().unwrap_or_else(|| entry.id.to_string());
        let exact = self.entered().find(|(_, entry)| of(entry) == number.trim());
        let bare = |number: &str| number.trim().trim_start_matches('0').to_owned();
        let mut alike = self.entered().filter(|(_, entry)| bare(&of(entry)) == bare(number));
        exact.or_else(|| alike.next().filter(|_| alike.next().is_none())).map(|(nth, _)| nth)
    }

    /// The driver of a name: of the crew first, then of the season.
    fn named(&mut self, driver: &Driver, car: &Car, entry: Option<usize>) -> Option<usize> {
        let list = self.list;
        let crew: Vec<usize> = entry
            .and_then(|entry| list.entries[entry].spell(self.round))
            .into_iter()
            .flat_map(|spell| spell.crew.iter().chain(&spell.perhaps))
            .filter_map(|id| list.driver(id))
            .collect();
        let alike = |nth: &usize| same(&driver.name, &list.drivers[*nth].name);
        let everybody = 0..list.drivers.len();
        let found = crew.iter().copied().find(alike).or_else(|| everybody.clone().find(alike));
        let label = entry.map_or_else(|| car.number.clone(), |entry| list.entries[entry].label());
        match (found, &driver.id) {
            (Some(nth), Some(player)) if !list.drivers[nth].players.is_empty() => {
                let says = format!(
                    "{} drove as player {player}, who is not the one of driver {}: taken for him by the name; if it is him, add \"{player}\" to his players",
                    driver.name, list.drivers[nth].id
                );
                self.tell(Weight::Doubt, "other-player", &label, says);
            }
            // A crew of one, and one who drove: a name as a player is often none at all.
            (None, _) if entry.is_some() => {
                let id = driver.id.as_ref().map_or_else(String::new, |player| format!(", player {player}"));
                let says =
                    format!("{}{id} is no driver of the season; add him to entries.toml, or the player to the driver he is", driver.name);
                self.tell(Weight::Doubt, "unknown-driver", &label, says);
            }
            _ => {}
        }
        found
    }
}

/// A car of an account for a person: `7 (Team, Driver)`.
fn told(car: &Car) -> String {
    let names = car.team.iter().filter(|team| !team.is_empty()).cloned().chain(car.drivers.iter().map(|driver| driver.name.clone()));
    let names: Vec<String> = names.collect();
    if names.is_empty() { format!("car {}", car.number) } else { format!("car {} ({})", car.number, names.join(", ")) }
}

/// Whether two names are one: capitals, accents, hyphens and the order of first and last apart.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    !one.is_empty() && one == other
}

/// The words of a name, which are the same of two that are one.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(plain).collect();
    words.sort();
    words
}

/// A word in small letters without the accents of Western names.
pub(crate) fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        plain.push_str(match letter {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => "a",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'í' | 'ì' | 'î' | 'ï' => "i",
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => "o",
            'ú' | 'ù' | 'û' | 'ü' => "u",
            'ç' | 'č' | 'ć' => "c",
            'ñ' => "n",
            'š' => "s",
            'ž' => "z",
            'ß' => "ss",
            'ý' => "y",
            other => {
                plain.push(other);
                continue;
            }
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use sport::entry::{EntryStatus, Spell};
    use sport::names::{ClassId, DriverId, EntryId};

    fn list(entries: &[(&str, &[&str])], drivers: &[(&str, &[&str])]) -> EntryList {
        let driver = |(name, players): &(&str, &[&str])| sport::entry::Driver {
            id: DriverId::new(name),
            name: (*name).to_owned(),
            nationality: None,
            players: players.iter().map(|player| (*player).to_owned()).collect(),
            born: None,
            grades: Vec::new(),
        };
        let entry = |(number, crew): &(&str, &[&str])| Entry {
            id: EntryId::new(number),
            number: Some((*number).to_owned()),
            team: None,
            class: ClassId::new("GT3"),
            model: None,
            maker: None,
            constructor: None,
            status: EntryStatus::Regular,
            registered: Vec::new(),
            spells: vec![Spell {
                rounds: vec![1],
                crew: crew.iter().map(|id| DriverId::new(id)).collect(),
                perhaps: Vec::new(),
                crew_open: false,
                cup: None,
            }],
        };
        EntryList { drivers: drivers.iter().map(driver).collect(), teams: Vec::new(), entries: entries.iter().map(entry).collect() }
    }

    fn account(cars: &[(&str, &str, Option<&str>)]) -> Account {
        let car = |(number, name, player): &(&str, &str, Option<&str>)| Car {
            number: (*number).to_owned(),
            drivers: vec![Driver { name: (*name).to_owned(), id: player.map(str::to_owned), ..Driver::default() }],
            ..Car::default()
        };
        Account { cars: cars.iter().map(car).collect(), ..Account::default() }
    }

    fn codes(matched: &Matched) -> Vec<&str> {
        matched.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_player_is_known_whatever_number_and_name_are_on_the_car() {
        let list = list(&[("7", &["One Driver"]), ("8", &["Other Driver"])], &[("One Driver", &["S1"]), ("Other Driver", &["S2"])]);
        let matched = Matched::of(&account(&[("999", "xX_fast_Xx", Some("S2"))]), &list, 1);
        assert_eq!((matched.cars.as_slice(), matched.drivers[0].as_slice()), ([Some(1)].as_slice(), [Some(1)].as_slice()));
        assert_eq!(matched.findings[0].says, "it ran as car 999 (xX_fast_Xx): whose player is in its crew");
    }

    #[test]
    fn without_players_the_number_says_which_car_and_the_name_who_drove() {
        let list = list(&[("7", &["Zoë Müller-Ørsted"]), ("007", &["Other"])], &[("Zoë Müller-Ørsted", &[]), ("Other", &[])]);
        let matched = Matched::of(&account(&[("7", "MULLER ORSTED Zoe", None), ("007", "Other", None)]), &list, 1);
        assert_eq!((matched.cars.as_slice(), codes(&matched).is_empty()), ([Some(0), Some(1)].as_slice(), true));
        assert_eq!(matched.drivers, [[Some(0)], [Some(1)]]);
    }

    #[test]
    fn zeros_before_a_number_do_not_matter_where_one_car_has_it() {
        let list = list(&[("23", &[])], &[]);
        assert_eq!(Matched::of(&account(&[("023", "", None)]), &list, 1).cars, [Some(0)]);
    }

    #[test]
    fn whoever_is_not_entered_is_told_and_left_out() {
        let list = list(&[("7", &["One"])], &[("One", &["S1"])]);
        let matched =
            Matched::of(&account(&[("8", "Nobody", Some("S9")), ("7", "Guest", Some("S8")), ("07", "One", Some("S1"))]), &list, 1);
        assert_eq!(matched.cars, [None, Some(0), None]);
        assert_eq!(codes(&matched), ["unknown-car", "unknown-driver", "car-twice"]);
    }

    #[test]
    fn a_name_with_another_player_is_a_doubt() {
        let list = list(&[("7", &["One"])], &[("One", &["S1"])]);
        let matched = Matched::of(&account(&[("7", "one", Some("S9"))]), &list, 1);
        assert_eq!((matched.drivers[0].as_slice(), codes(&matched)), ([Some(0)].as_slice(), vec!["other-player"]));
    }
}
