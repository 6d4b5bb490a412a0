//! A race that a red flag ended: where its result is taken.

use sport::date::{Instant, Micros};

use crate::world::World;

impl World {
    /// Takes the result of a race that a red flag ended so many laps before the one in which it was shown (B5): at the leader's crossing there
    /// every car's race ends with its next one, as under the chequered signal. The laps after it do not count.
    pub(crate) fn takes_back(&mut self, laps_back: u16) {
        let Some(shown) = self.flags.ended().filter(|_| self.chequered.is_none()) else { return };
        self.red = Some(shown);
        let most = self.cars.iter().map(|car| car.truth.laps.len()).max().unwrap_or(0);
        let first = |nth: usize| self.cars.iter().filter_map(|car| car.truth.laps.get(nth)).min().copied();
        let lead: Vec<Instant> = (0..most).filter_map(first).collect();
        let completed = lead.partition_point(|end| end.0 < shown);
        let last = (completed + 1).saturating_sub(usize::from(laps_back)).checked_sub(1).and_then(|last| lead.get(last)).copied();
        let start = Instant(self.length.start);
        for car in &mut self.cars {
            let laps = &mut car.truth.laps;
            let counted = last.map_or(0, |at| laps.partition_point(|end| *end < at) + 1);
            car.truth.beyond = laps.split_off(counted.min(laps.len()));
            let begun = std::iter::once(start).chain(laps.iter().copied());
            car.truth.best = laps.iter().zip(begun).map(|(end, begun)| Micros(end.0 - begun.0)).min();
        }
    }
}
