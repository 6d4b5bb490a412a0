//! What a feed sends so that every board that listens shows what this one shows: everything to who connects and every half minute, and between that what changed.

mod feed;
mod multiloop;
pub(super) mod rmonitor;

pub use feed::{Feed, Language};
pub(super) use multiloop::Speaker;

use super::{Car, Lap, Scoreboard};

impl Scoreboard {
    /// Whether something that was on the board is not any more: no record can say that but the one that empties it.
    fn lacks(&self, before: &Self) -> bool {
        before.cars.keys().any(|registration| !self.cars.contains_key(registration))
            || before.classes.keys().any(|class| !self.classes.contains_key(class))
            || before.settings.keys().any(|name| !self.settings.contains_key(name))
    }

    /// Whether it is of another run.
    fn another_run(&self, before: &Self) -> bool {
        let of = |board: &Self| (board.run.number, board.run.name.clone());
        of(self) != of(before)
    }

    /// The laps that were driven since, or set right, as they were completed.
    fn driven_since<'a>(&'a self, before: &Self) -> Vec<(&'a str, &'a Car, Lap)> {
        let mut driven = Vec::new();
        for (registration, car) in &self.cars {
            let known = before.cars.get(registration).map_or(&[][..], |car| &car.laps);
            let told = |(nth, lap): &(usize, &Lap)| known.get(*nth).is_some_and(|known| (known.time, known.total) == (lap.time, lap.total));
            let new = car.laps.iter().enumerate().filter(|lap| !told(lap));
            driven.extend(new.map(|(_, lap)| (registration.as_str(), car, *lap)));
        }
        driven.sort_by_key(|(_, _, lap)| lap.total);
        driven
    }
}
