//! `entrylist.json`: who may join a server, with which number, car and weight; and what a server writes after qualifying, for a grid.
//!
//! A file is kept with the keys this program does not know. What is not changed is written as it was read.

use std::collections::BTreeMap;

use sport::grade::Grade;

use super::SERVER;
use super::limits::{BALLAST, Beyond, ENTRIES, NUMBER, RESTRICTOR, for_server};
use super::tables::{self, CarModel, Platform};
use crate::account::{self, Account, Car};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::json::{Document, Json, Object, Style};
use crate::sim::{self, Kind};

/// An entry list.
#[derive(Clone, PartialEq, Debug)]
pub struct EntryList {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Nobody else may join: private servers only.
    pub force: bool,
    /// The file as it was read, with everything else that is in it.
    pub document: Document,
}

/// A car that may join.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its drivers: the first who joins drives, the others may take over.
    pub drivers: Vec<Driver>,
    /// 1 to 998; the driver's own where there is none.
    pub race_number: Option<i64>,
    /// The number of its car model; the driver's own choice where there is none.
    pub forced_car_model: Option<i64>,
    /// Names and categories are those of this list, not those of the drivers' games.
    pub override_driver_info: bool,
    /// Its place on the grid, from 1. The server heeds it only in a race without qualifying before it.
    pub default_grid_position: Option<i64>,
    /// Grams, added to those of `bop.json`.
    pub ballast_g: i64,
    /// Hundredths of a per cent, added to those of `bop.json`.
    pub restrictor: i64,
    /// As it was read, with everything else that is in it.
    pub as_read: Object,
}

/// A driver of an entry.
#[derive(Clone, PartialEq, Debug)]
pub struct Driver {
    /// `S` and the number of a Steam account, `M` and that of an Xbox account.
    pub player_id: String,
    /// First name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Three letters.
    pub short_name: String,
    /// The category.
    pub category: Option<Grade>,
    /// Number of the nationality.
    pub nationality: Option<i64>,
    /// As it was read, with everything else that is in it.
    pub as_read: Object,
}

impl Default for EntryList {
    fn default() -> Self {
        let root = Json::Object(Object::of([("entries", Json::List(Vec::new())), ("forceEntryList", 0.into())]));
        Self { entries: Vec::new(), force: false, document: Document { root, style: Style::default(), encoding: SERVER } }
    }
}

/// An entry of nobody, with the defaults of the handbook.
impl Default for Entry {
    fn default() -> Self {
        Self::read(Object::of([
            ("drivers", Json::List(Vec::new())),
            ("raceNumber", (-1).into()),
            ("forcedCarModel", (-1).into()),
            ("overrideDriverInfo", 0.into()),
            ("defaultGridPosition", (-1).into()),
            ("ballastKg", 0.into()),
            ("restrictor", 0.into()),
            ("customCar", "".into()),
            ("overrideCarModelForCustomCar", 0.into()),
            ("isServerAdmin", 0.into()),
        ]))
    }
}

impl Default for Driver {
    fn default() -> Self {
        Self::read(Object::of([("firstName", "".into()), ("lastName", "".into()), ("shortName", "".into()), ("playerID", "".into())]))
    }
}

impl EntryList {
    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        let empty = sim::has(&text, "forceEntryList");
        empty || (sim::has(&text, "entries") && (sim::has(&text, "playerID") || sim::has(&text, "forcedCarModel")))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is no JSON, or has no list of entries.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let Some(Json::List(rows)) = document.root.get("entries") else {
            return Err(document.root.flaw("no entry list: it has no entries"));
        };
        let told = |row: &Json| row.object().map_or_else(|| vec![row.flaw("an entry that is none")], Entry::unread);
        let flaws = rows.iter().flat_map(told).collect();
        let (entries, force) = read(&document.root);
        Ok((Self { entries, force, document }, flaws))
    }

    /// The file in the encoding and layout it was read in, whatever is in it.
    pub fn encode(&self) -> Vec<u8> {
        self.changed().encode()
    }

    /// The tree with what was changed.
    fn changed(&self) -> Document {
        let mut document = self.document.clone();
        let (entries, force) = read(&document.root);
        if let Json::Object(root) = &mut document.root {
            root.change("entries", &entries, &self.entries, || Some(list(&self.entries, Entry::write)));
            root.change("forceEntryList", &force, &self.force, || Some(i64::from(self.force).into()));
        }
        document
    }

    /// The file for a server, in an encoding; [`SERVER`] is the one its handbook demands.
    ///
    /// # Errors
    /// What the server would not take.
    pub fn for_server(&self, encoding: Encoding) -> Result<Vec<u8>, Vec<Beyond>> {
        for_server(self.changed(), encoding, self.beyond())
    }

    /// What the server would not take.
    pub fn beyond(&self) -> Vec<Beyond> {
        let mut told = Vec::new();
        if self.entries.len() > ENTRIES {
            let says = format!("{} entries are more than the {ENTRIES} that a server takes", self.entries.len());
            told.push(Beyond { row: None, says, remedy: "split the field" });
        }
        let mut numbers = BTreeMap::new();
        for (row, entry) in (1..).zip(&self.entries) {
            entry.check(row, &mut told);
            let Some(number) = entry.race_number else { continue };
            if let Some(first) = numbers.insert(number, row) {
                let says = format!("the race number {number} is that of row {first} already");
                told.push(Beyond { row: Some(row), says, remedy: "give one of them another: results are told apart by it" });
            }
        }
        told
    }

    /// What it tells of the cars.
    pub fn account(&self) -> Account {
        self.account_on(Platform::Pc)
    }

    /// What it tells of the cars, of a server for these.
    pub fn account_on(&self, platform: Platform) -> Account {
        Account { cars: self.entries.iter().map(|entry| entry.car(platform)).collect(), ..Account::default() }
    }

    /// The list of the cars of an account. Its drivers' names are made those of this list.
    pub fn of(account: &Account) -> Self {
        Self::of_on(account, Platform::Pc)
    }

    /// The list of the cars of an account, for these.
    pub fn of_on(account: &Account, platform: Platform) -> Self {
        Self { entries: account.cars.iter().map(|car| Entry::of(car, platform)).collect(), ..Self::default() }
    }
}

/// The entries of a list, and whether nobody else may join.
fn read(root: &Json) -> (Vec<Entry>, bool) {
    let rows = root.rows("entries").iter().filter_map(Json::object);
    (rows.cloned().map(Entry::read).collect(), root.get("forceEntryList").and_then(Json::truth).unwrap_or(false))
}

impl Entry {
    /// What of an entry and its drivers cannot be read.
    fn unread(of: &Object) -> Vec<Flaw> {
        let whole = ["raceNumber", "forcedCarModel", "defaultGridPosition"].map(|key| (key, Kind::Whole));
        let others =
            [("ballastKg", Kind::Number), ("restrictor", Kind::Number), ("overrideDriverInfo", Kind::Truth), ("drivers", Kind::List)];
        let mut flaws = [sim::unread(of, &whole), sim::unread(of, &others)].concat();
        for driver in of.rows("drivers") {
            let texts = ["playerID", "firstName", "lastName", "shortName"].map(|key| (key, Kind::Text));
            flaws.extend(driver.object().map_or_else(|| vec![driver.flaw("a driver that is none")], |driver| sim::unread(driver, &texts)));
        }
        flaws
    }

    fn read(as_read: Object) -> Self {
        let number = |key| as_read.get(key).and_then(Json::whole::<i64>);
        let given = |key| number(key).filter(|number| *number != -1);
        Self {
            drivers: as_read.rows("drivers").iter().filter_map(|of| Some(Driver::read(of.object()?.clone()))).collect(),
            race_number: given("raceNumber"),
            forced_car_model: given("forcedCarModel"),
            override_driver_info: as_read.get("overrideDriverInfo").and_then(Json::truth).unwrap_or(false),
            default_grid_position: given("defaultGridPosition"),
            ballast_g: as_read.get("ballastKg").and_then(|of| of.scaled(3)).unwrap_or(0),
            restrictor: as_read.get("restrictor").and_then(|of| of.scaled(2)).unwrap_or(0),
            as_read,
        }
    }

    /// What was read, with what was changed.
    fn write(&self) -> Object {
        let was = Self::read(self.as_read.clone());
        let mut object = self.as_read.clone();
        let given = |number: Option<i64>| move || Some(number.unwrap_or(-1).into());
        object.change("drivers", &was.drivers, &self.drivers, || Some(list(&self.drivers, Driver::write)));
        object.change("raceNumber", &was.race_number, &self.race_number, given(self.race_number));
        object.change("forcedCarModel", &was.forced_car_model, &self.forced_car_model, given(self.forced_car_model));
        let ours = self.override_driver_info;
        object.change("overrideDriverInfo", &was.override_driver_info, &ours, || Some(i64::from(ours).into()));
        let place = self.default_grid_position;
        object.change("defaultGridPosition", &was.default_grid_position, &place, given(place));
        object.change("ballastKg", &was.ballast_g, &self.ballast_g, || Some(Json::unscaled(self.ballast_g, 3)));
        object.change("restrictor", &was.restrictor, &self.restrictor, || Some(Json::unscaled(self.restrictor, 2)));
        object
    }

    fn check(&self, row: usize, told: &mut Vec<Beyond>) {
        if let Some(number) = self.race_number {
            NUMBER.check(Some(row), number, told);
        }
        BALLAST.check(Some(row), self.ballast_g, told);
        RESTRICTOR.check(Some(row), self.restrictor, told);
        let beyond = |says: String, remedy| Beyond { row: Some(row), says, remedy };
        if self.drivers.iter().all(|driver| driver.player_id.is_empty()) {
            told.push(beyond(String::from("no driver has a player id"), "ask for it: the server knows a driver by nothing else"));
        }
        if self.default_grid_position.is_some_and(|place| place < 1) {
            told.push(beyond(String::from("places on the grid are counted from 1"), "leave it out where there is none"));
        }
    }

    fn car(&self, platform: Platform) -> Car {
        let model = self.forced_car_model.and_then(|id| CarModel::numbered(u16::try_from(id).ok()?, platform));
        Car {
            number: self.race_number.map_or_else(String::new, |number| number.to_string()),
            class: model.map(|model| model.group.to_owned()),
            model: model.map(|model| model.name.to_owned()).or_else(|| self.forced_car_model.map(|id| id.to_string())),
            maker: model.map(|model| model.maker.to_owned()),
            team: sim::said(self.as_read.get("teamName")),
            drivers: self.drivers.iter().map(Driver::account).collect(),
            ballast_g: Some(self.ballast_g).filter(|grams| *grams != 0),
            restrictor: u32::try_from(self.restrictor).ok().filter(|restrictor| *restrictor != 0),
            grid: self.default_grid_position.and_then(|place| u16::try_from(place).ok()),
            ..Car::default()
        }
    }

    fn of(car: &Car, platform: Platform) -> Self {
        let model = car.model.as_deref().and_then(CarModel::named).and_then(|model| model.number(platform)).map(i64::from);
        Self {
            drivers: car.drivers.iter().map(Driver::of).collect(),
            race_number: car.number.parse().ok(),
            forced_car_model: model.or_else(|| car.model.as_ref()?.parse().ok()),
            override_driver_info: true,
            default_grid_position: car.grid.map(i64::from),
            ballast_g: car.ballast_g.unwrap_or(0),
            restrictor: car.restrictor.map_or(0, i64::from),
            ..Self::default()
        }
    }
}

impl Driver {
    fn read(as_read: Object) -> Self {
        let text = |key| as_read.get(key).and_then(Json::text).unwrap_or_default().to_owned();
        let category = as_read.get("driverCategory").and_then(Json::whole::<usize>).and_then(|nth| Grade::ALL.get(nth).copied());
        Self {
            player_id: text("playerID"),
            first_name: text("firstName"),
            last_name: text("lastName"),
            short_name: text("shortName"),
            category,
            nationality: as_read.get("nationality").and_then(Json::whole),
            as_read,
        }
    }

    fn write(&self) -> Object {
        let was = Self::read(self.as_read.clone());
        let mut object = self.as_read.clone();
        let mut text = |key: &str, was: &String, now: &String| object.change(key, was, now, || Some(now.as_str().into()));
        text("firstName", &was.first_name, &self.first_name);
        text("lastName", &was.last_name, &self.last_name);
        text("shortName", &was.short_name, &self.short_name);
        text("playerID", &was.player_id, &self.player_id);
        let nth = |grade: Grade| Grade::ALL.iter().position(|known| *known == grade).and_then(|nth| i64::try_from(nth).ok());
        object.change("driverCategory", &was.category, &self.category, || Some(nth(self.category?)?.into()));
        object.change("nationality", &was.nationality, &self.nationality, || Some(self.nationality?.into()));
        object
    }

    fn account(&self) -> account::Driver {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let name = [self.first_name.as_str(), self.last_name.as_str()];
        // 0 is any.
        let nationality = self.nationality.filter(|id| *id > 0).and_then(|id| tables::nationality(u16::try_from(id).ok()?));
        account::Driver {
            name: name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ").replace(char::is_control, " "),
            first: some(&self.first_name),
            last: some(&self.last_name),
            short: some(&self.short_name),
            id: some(&self.player_id),
            nationality: nationality.map(str::to_owned),
            grade: self.category,
        }
    }

    fn of(driver: &account::Driver) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let whole = driver.first.is_none() && driver.last.is_none();
        Self {
            player_id: text(&driver.id),
            first_name: text(&driver.first),
            last_name: if whole { driver.name.clone() } else { text(&driver.last) },
            short_name: text(&driver.short),
            category: driver.grade,
            nationality: driver.nationality.as_deref().and_then(tables::nationality_id).map(i64::from),
            ..Self::default()
        }
    }
}

/// Objects as a list.
fn list<T>(of: &[T], write: impl Fn(&T) -> Object) -> Json {
    of.iter().map(|one| write(one).into()).collect::<Vec<Json>>().into()
}
