//! `bop.json`: ballast and restrictor of car models at tracks.

use std::collections::BTreeMap;

use super::SERVER;
use super::limits::{BALANCE, Beyond, RESTRICTOR, for_server};
use super::tables::{CarModel, Platform, Track};
use crate::account::{About, Account, Car};
use crate::encoding::Encoding;
use crate::flaw::Flaw;
use crate::json::{Document, Json, Object, Style};
use crate::sim::{self, Kind};

/// A balance of performance.
#[derive(Clone, PartialEq, Debug)]
pub struct Bop {
    /// Its rows.
    pub rows: Vec<Row>,
    /// The file as it was read, with everything else that is in it.
    pub document: Document,
}

/// A car model at a track.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The key of the track.
    pub track: String,
    /// The number of the car model.
    pub car_model: i64,
    /// Grams; less than none is beyond the handbook, and in use.
    pub ballast_g: Option<i64>,
    /// Hundredths of a per cent.
    pub restrictor: Option<i64>,
    /// As it was read, with everything else that is in it.
    pub as_read: Object,
}

impl Default for Bop {
    fn default() -> Self {
        let root = Json::Object(Object::of([("entries", Json::List(Vec::new()))]));
        Self { rows: Vec::new(), document: Document { root, style: Style::default(), encoding: SERVER } }
    }
}

impl Bop {
    /// Whether this is one.
    pub fn is(bytes: &[u8]) -> bool {
        let Some(text) = sim::beginning(bytes) else { return false };
        let has = |key| sim::has(&text, key);
        has("entries") && has("track") && has("carModel") && !has("drivers") && !has("sessionResult")
    }

    /// Reads a file. A row without a track or a car model is told and passed over.
    ///
    /// # Errors
    /// What is no JSON, or has no list of rows.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Vec<Flaw>), Flaw> {
        let document = Document::decode(bytes)?;
        let Some(Json::List(list)) = document.root.get("entries") else {
            return Err(document.root.flaw("no balance of performance: it has no entries"));
        };
        let mut flaws = Vec::new();
        for row in list {
            match row.object().filter(|row| Row::read(row).is_some()) {
                Some(row) => flaws.extend(sim::unread(row, &[("ballastKg", Kind::Number), ("restrictor", Kind::Number)])),
                None => flaws.push(row.flaw("a row without a track and a car model")),
            }
        }
        Ok((Self { rows: read(&document.root), document }, flaws))
    }

    /// The file in the encoding and layout it was read in, whatever is in it.
    pub fn encode(&self) -> Vec<u8> {
        self.changed().encode()
    }

    /// The tree with what was changed.
    fn changed(&self) -> Document {
        let mut document = self.document.clone();
        let was = read(&document.root);
        if let Json::Object(root) = &mut document.root {
            let rows = || self.rows.iter().map(|row| row.write().into()).collect::<Vec<Json>>();
            root.change("entries", &was, &self.rows, || Some(rows().into()));
        }
        document
    }

    /// The file for a server, in an encoding; [`SERVER`] is the one its handbook demands.
    ///
    /// # Errors
    /// What the server would not take.
    pub fn for_server(&self, encoding: Encoding, platform: Platform) -> Result<Vec<u8>, Vec<Beyond>> {
        for_server(self.changed(), encoding, self.beyond(platform))
    }

    /// What it tells, track by track: car models with their ballast and restrictor, cars without a number.
    pub fn accounts(&self, platform: Platform) -> Vec<Account> {
        let mut tracks: Vec<&str> = self.rows.iter().map(|row| row.track.as_str()).collect();
        tracks.dedup();
        tracks.sort_unstable();
        tracks.dedup();
        let car = |row: &Row| {
            let model = u16::try_from(row.car_model).ok().and_then(|id| CarModel::numbered(id, platform));
            Car {
                model: Some(model.map_or_else(|| row.car_model.to_string(), |model| model.name.to_owned())),
                maker: model.map(|model| model.maker.to_owned()),
                class: model.map(|model| model.group.to_owned()),
                balance_g: row.ballast_g,
                restrictor: row.restrictor.and_then(|of| u32::try_from(of).ok()),
                ..Car::default()
            }
        };
        let at = |track: &str| Account {
            about: About { track: Some(track.to_owned()), ..About::default() },
            cars: self.rows.iter().filter(|row| row.track == track).map(car).collect(),
            ..Account::default()
        };
        tracks.into_iter().map(at).collect()
    }

    /// The balance of an account's car models at its track, each model once.
    ///
    /// # Errors
    /// It has no track that the game knows, or a model that it does not know.
    pub fn of(account: &Account, platform: Platform) -> Result<Self, String> {
        let track = account.about.track.as_deref().unwrap_or("no track");
        let key =
            Track::named(track).ok_or_else(|| format!("the game has no track {track}; give the circuit the key of one as its id"))?.key;
        let mut of = Self::default();
        for car in &account.cars {
            let Some(name) = car.model.as_deref() else {
                return Err(format!("car {} has no model", car.number));
            };
            let id = CarModel::named(name).and_then(|model| model.number(platform));
            let id = id.ok_or_else(|| {
                format!("the game has no car model {name} (car {}); write it as the table of its models does", car.number)
            })?;
            if of.rows.iter().any(|row| row.car_model == i64::from(id)) {
                continue;
            }
            let row = Row::new(key, i64::from(id));
            of.rows.push(Row { ballast_g: Some(car.balance_g.unwrap_or(0)), restrictor: car.restrictor.map(i64::from), ..row });
        }
        Ok(of)
    }

    /// What the server would not take, or not know.
    pub fn beyond(&self, platform: Platform) -> Vec<Beyond> {
        let mut told = Vec::new();
        let mut seen = BTreeMap::new();
        for (nth, row) in (1..).zip(&self.rows) {
            BALANCE.check(Some(nth), row.ballast_g.unwrap_or(0), &mut told);
            RESTRICTOR.check(Some(nth), row.restrictor.unwrap_or(0), &mut told);
            let mut tell = |says: String, remedy| told.push(Beyond { row: Some(nth), says, remedy });
            if Track::of(&row.track).is_none() {
                tell(format!("no track is called {}", row.track), "write its key, such as brands_hatch");
            }
            if u16::try_from(row.car_model).ok().and_then(|id| CarModel::numbered(id, platform)).is_none() {
                tell(format!("no car has the number {}", row.car_model), "write that of a car model");
            }
            if let Some(first) = seen.insert((row.track.as_str(), row.car_model), nth) {
                let says = format!("the car model {} at {} is in row {first} already", row.car_model, row.track);
                tell(says, "leave one of them");
            }
        }
        told
    }
}

/// The rows of a balance.
fn read(root: &Json) -> Vec<Row> {
    root.rows("entries").iter().filter_map(|row| Row::read(row.object()?)).collect()
}

impl Row {
    /// Of a car model at a track, without ballast and restrictor.
    pub fn new(track: &str, car_model: i64) -> Self {
        let as_read = Object::of([("track", track.into()), ("carModel", car_model.into())]);
        Self { track: track.to_owned(), car_model, ballast_g: None, restrictor: None, as_read }
    }

    fn read(as_read: &Object) -> Option<Self> {
        Some(Self {
            track: as_read.get("track")?.text()?.to_owned(),
            car_model: as_read.get("carModel")?.whole()?,
            ballast_g: as_read.get("ballastKg").and_then(|of| of.scaled(3)),
            restrictor: as_read.get("restrictor").and_then(|of| of.scaled(2)),
            as_read: as_read.clone(),
        })
    }

    /// What was read, with what was changed.
    fn write(&self) -> Object {
        let mut object = self.as_read.clone();
        let nothing = || Self { track: String::new(), car_model: -1, ballast_g: None, restrictor: None, as_read: Object::default() };
        let was = Self::read(&self.as_read).unwrap_or_else(nothing);
        object.change("track", &was.track, &self.track, || Some(self.track.as_str().into()));
        object.change("carModel", &was.car_model, &self.car_model, || Some(self.car_model.into()));
        object.change("ballastKg", &was.ballast_g, &self.ballast_g, || Some(Json::unscaled(self.ballast_g?, 3)));
        object.change("restrictor", &was.restrictor, &self.restrictor, || Some(Json::unscaled(self.restrictor?, 2)));
        object
    }
}
