//! The doubt about laps that cars ended under the red flag that ended their race.
//!
//! A result that a red flag ends is taken at the end of a lap of the leader (B5): as at a chequered signal each car ends the lap it is in as it
//! next comes over the line. Where the rulebook goes back one lap only, that may be after the red flag, on the way in: who was stopped on the
//! track did not come round, and has a lap less than one that did though both were in the same lap. No text known to us says which should hold, so
//! the laps count and a person is told.

use alloc::string::String;
use alloc::vec::Vec;

use crate::doubts::Look;
use crate::finding::Weight;
use crate::reading::between;
use crate::rules::end::Ending;

impl Look<'_> {
    /// Cars whose last lap that counts ended after the red flag was shown, and by how much.
    pub(crate) fn laps_under_red(&mut self) {
        let live = self.live;
        let Ending::Red { shown, at: Some(_), laps } = live.ending else { return };
        let late = |car: usize| {
            let counted = live.running.progress(car).laps as usize;
            let end = live.running.tracks()[car].laps().get(counted.checked_sub(1)?)?.end;
            (end > shown).then(|| alloc::format!("{} ({} later)", live.label(self.season, car), between(shown, end)))
        };
        let cars: Vec<String> = (0..live.cars.len()).filter_map(late).collect();
        if cars.is_empty() {
            return;
        }
        let (word, verb) = if cars.len() == 1 { ("car", "its") } else { ("cars", "their") };
        let says = alloc::format!(
            "the result is taken at the end of the leader's lap {laps}, and {word} {} ended {verb} last lap after the red flag of {}: a car that was \
             stopped on the track did not, and has a lap less",
            cars.join(", "),
            self.when(shown)
        );
        self.say(Weight::Doubt, "lap-under-red", None, says);
    }
}
