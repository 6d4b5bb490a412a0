//! The numbers the game has for cars, tracks, nationalities and penalties.

use std::sync::LazyLock;

/// Where a server runs: its players' machines number five cars differently.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Platform {
    /// Computers.
    #[default]
    Pc,
    /// PlayStation and Xbox, and servers for all of them together. Said by others, not seen; no file says which it is.
    Console,
}

/// A car of the game.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CarModel {
    /// Its number.
    pub id: u16,
    /// Its number on consoles, where it is known.
    pub console_id: Option<u16>,
    /// As the handbook prints it.
    pub name: &'static str,
    /// The manufacturer.
    pub maker: &'static str,
    /// The group: `GT3`.
    pub group: &'static str,
}

/// A track of the game.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Track {
    /// As files name it: `brands_hatch`.
    pub key: &'static str,
    /// Pit boxes, each for one car, where it is known.
    pub boxes: Option<u16>,
    /// Cars that a private server takes, where it is known.
    pub slots: Option<u16>,
}

static CARS: LazyLock<Vec<CarModel>> = LazyLock::new(|| {
    let car = |row: [&'static str; 5]| {
        let [id, console_id, name, maker, group] = row;
        Some(CarModel { id: id.parse().ok()?, console_id: console_id.parse().ok(), name, maker, group })
    };
    rows(include_str!("tables/car_models.csv")).filter_map(car).collect()
});

static TRACKS: LazyLock<Vec<Track>> = LazyLock::new(|| {
    let track = |[key, boxes, slots]: [&'static str; 3]| Track { key, boxes: boxes.parse().ok(), slots: slots.parse().ok() };
    rows(include_str!("tables/tracks.csv")).map(track).collect()
});

static NATIONALITIES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| rows(include_str!("tables/nationalities.csv")).map(|[_, name]| name).collect());

static PENALTIES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| rows(include_str!("tables/penalty_shortcuts.csv")).map(|[_, name]| name).collect());

/// The cups, by their numbers.
pub const CUPS: [&str; 5] = ["Overall", "ProAm", "Am", "Silver", "National"];

/// The first columns of a table without its head.
fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        let row = std::array::from_fn(|_| cells.next());
        row.iter().all(Option::is_some).then(|| row.map(Option::unwrap_or_default))
    })
}

impl CarModel {
    /// All of them, by their numbers.
    pub fn all() -> &'static [Self] {
        &CARS
    }

    /// The car of a number.
    pub fn numbered(id: u16, platform: Platform) -> Option<&'static Self> {
        CARS.iter().find(|car| car.number(platform) == Some(id))
    }

    /// The car of a name, in letters of any size.
    pub fn named(name: &str) -> Option<&'static Self> {
        CARS.iter().find(|car| car.name.to_lowercase() == name.to_lowercase())
    }

    /// Its number.
    pub fn number(&self, platform: Platform) -> Option<u16> {
        match platform {
            Platform::Pc => Some(self.id),
            Platform::Console => self.console_id,
        }
    }
}

impl Track {
    /// All of them.
    pub fn all() -> &'static [Self] {
        &TRACKS
    }

    /// The track of a key, whatever stands between its words: `Brands Hatch`, `brands-hatch`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let wanted = plain(without_season(name));
        TRACKS.iter().find(|track| plain(track.key) == wanted)
    }

    /// The track of a key, with the suffix of a season or without.
    pub fn of(key: &str) -> Option<&'static Self> {
        TRACKS.iter().find(|track| track.key == without_season(key))
    }
}

/// The key of a track without the `_2019`, `_2020` or `_2021` that servers wrote until version 1.8.
pub fn without_season(key: &str) -> &str {
    let season = key.rsplit_once('_').filter(|(_, season)| ["2018", "2019", "2020", "2021", "2022"].contains(season));
    season.map_or(key, |(track, _)| track)
}

/// The name of a nationality: `Any`, `Italy`, `GreatBritain`.
pub fn nationality(id: u16) -> Option<&'static str> {
    NATIONALITIES.get(usize::from(id)).copied()
}

/// The number of a nationality.
pub fn nationality_id(name: &str) -> Option<u16> {
    NATIONALITIES.iter().position(|known| *known == name).and_then(|id| u16::try_from(id).ok())
}

/// The name of a penalty by the number the monitor protocol has for it, not that of the game's shared memory: `DriveThrough_Cutting`.
pub fn penalty(wire: u8) -> Option<&'static str> {
    PENALTIES.get(usize::from(wire)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<const N: usize>(table: &'static str) -> usize {
        rows::<N>(table).count()
    }

    #[test]
    fn every_row_of_every_table_is_read() {
        for table in [
            include_str!("tables/car_models.csv"),
            include_str!("tables/tracks.csv"),
            include_str!("tables/nationalities.csv"),
            include_str!("tables/penalty_shortcuts.csv"),
        ] {
            assert_eq!(table.lines().count() - 1, read::<2>(table));
        }
        assert_eq!((CARS.len(), TRACKS.len(), NATIONALITIES.len(), PENALTIES.len()), (54, 25, 85, 36));
        let numbered = |table: &'static str| rows(table).enumerate().all(|(nth, [id, _])| id == nth.to_string());
        assert!(numbered(include_str!("tables/nationalities.csv")) && numbered(include_str!("tables/penalty_shortcuts.csv")));
    }

    #[test]
    fn consoles_number_the_same_cars_differently() {
        let name = |id, platform| CarModel::numbered(id, platform).map(|car| car.name);
        assert_eq!(name(26, Platform::Pc), Some("Ferrari 488 Challenge Evo"));
        assert_eq!(name(26, Platform::Console), Some("BMW M4 GT3"));
        assert_eq!(name(32, Platform::Console), name(32, Platform::Pc));
        assert_eq!(name(37, Platform::Pc), None);
        // Every number is one car's on both, and no car is lost that both have.
        for platform in [Platform::Pc, Platform::Console] {
            for car in CarModel::all() {
                if let Some(id) = car.number(platform) {
                    assert_eq!(CarModel::numbered(id, platform), Some(car));
                }
            }
        }
        assert_eq!(CarModel::named("bmw m4 gt3").map(|car| (car.id, car.maker, car.group)), Some((30, "BMW", "GT3")));
    }

    #[test]
    fn a_track_is_the_same_in_every_season() {
        assert_eq!(without_season("brands_hatch_2019"), "brands_hatch");
        assert_eq!(without_season("nurburgring_24h"), "nurburgring_24h");
        assert_eq!(Track::of("spa_2020").map(|track| (track.boxes, track.slots)), Some((Some(82), Some(82))));
        assert_eq!(Track::of("nordschleife"), None);
        assert_eq!((nationality(5), nationality(85), nationality_id("Wales")), (Some("GreatBritain"), None, Some(77)));
        assert_eq!(penalty(14), Some("PostRaceTime"));
    }
}
