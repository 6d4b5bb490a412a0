//! The field: who drives what, and how fast each of them is.

use sport::grade::Grade;
use sport::rulebook::Rulebook;
use sport::season::Season;

use crate::dice::Dice;

/// A driver in a car.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wheel {
    /// Position in the list of drivers.
    pub(crate) driver: usize,
    pub(crate) grade: Option<Grade>,
    /// Microseconds of a lap at his best, on new tyres.
    pub(crate) lap: i64,
    /// Standard deviation of his laps.
    pub(crate) spread: i64,
}

/// A car with its crew.
#[derive(Clone, Debug)]
pub(crate) struct Car {
    /// Position in the entry list.
    pub(crate) entry: usize,
    pub(crate) transponder: u32,
    pub(crate) crew: Vec<Wheel>,
}

/// The transponder an entry carries in a simulated meeting.
pub(crate) fn transponder(entry: usize) -> u32 {
    4_100_000 + u32::try_from(entry).expect("an entry list is short") * 37
}

/// Per million of a lap that a grade is slower than the fastest professional.
fn behind(grade: Option<Grade>) -> i64 {
    match grade {
        Some(Grade::Platinum) => 0,
        Some(Grade::Gold) => 3_000,
        Some(Grade::Silver) | None => 7_000,
        Some(Grade::Bronze) => 18_000,
    }
}

/// The cars of a round in a given order. Pace depends on the seed alone, not on the session.
pub(crate) fn field(rulebook: &Rulebook, season: &Season, round: u16, seed: u64, entries: &[usize], minimum_lap: i64) -> Vec<Car> {
    let law = rulebook.latest();
    let day = season.calendar.sessions.iter().find(|session| session.name.round == round).map(|session| session.date);
    let car = |entry: &usize| {
        let of = &season.list.entries[*entry];
        let class = law.classes.iter().position(|class| class.id == of.class).unwrap_or(0);
        // The fastest class laps seven per cent above what no car can do; each further class of the rulebook nine per cent slower.
        let base = minimum_lap * (107 + 9 * i64::try_from(class).unwrap_or(0)) / 100;
        let mut own = Dice::new(seed, 1_000 + *entry as u64);
        let base = base + base * own.between(0, 6_000) / 1_000_000;
        let drivers = of.spell(round).map_or(&[][..], |spell| &spell.crew);
        let wheel = |id| {
            let driver = season.list.driver(id)?;
            let grade = day.and_then(|day| season.list.drivers[driver].grade_on(day));
            let mut own = Dice::new(seed, 100_000 + driver as u64);
            let lap = base + base * (behind(grade) + own.between(0, 4_000)) / 1_000_000;
            let spread = lap * (1_500 + behind(grade) / 12 + own.between(0, 800)) / 1_000_000;
            Some(Wheel { driver, grade, lap, spread })
        };
        let crew: Vec<Wheel> = drivers.iter().filter_map(wheel).collect();
        Car { entry: *entry, transponder: transponder(*entry), crew }
    };
    entries.iter().map(car).filter(|car| !car.crew.is_empty()).collect()
}
