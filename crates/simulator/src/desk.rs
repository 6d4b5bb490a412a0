//! What people and boxes say beside the loops: signals, and who is aboard.

use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::{AboardHow, MeetingFact, Signal};
use sport::season::Season;
use sport::session::SessionName;

use crate::dice::{Dice, MILLION};
use crate::said::Said;
use crate::world::World;

/// A signal, said when it is given.
pub(crate) fn signal(session: &SessionName, at: Instant, signal: Signal) -> Said {
    let what = What::Meeting(MeetingFact::Signal { session: session.clone(), signal });
    Said { at, happened: at, by: "race control", citation: "race control log".to_owned(), what }
}

/// Who got into which car: most cars say so themselves, of some the team declares it afterwards.
pub(crate) fn boardings(season: &Season, session: &SessionName, world: &World, dice: &mut Dice) -> Vec<Said> {
    let said = world.aboard.iter().map(|boarding| {
        let car = &world.cars[usize::from(boarding.car)];
        let (at, how, by, citation) = if car.identified {
            (boarding.at + dice.between(30_000, 600_000), AboardHow::Identified, "driver identification", "driver identification")
        } else {
            (boarding.leaves + dice.between(10 * MILLION, 120 * MILLION), AboardHow::Declared, "team", "declaration of the team")
        };
        let fact = MeetingFact::Aboard {
            session: session.clone(),
            car: season.list.entries[car.truth.entry].id.clone(),
            driver: boarding.driver.clone(),
            how,
        };
        Said { at: Instant(at), happened: Instant(boarding.at), by, citation: citation.to_owned(), what: What::Meeting(fact) }
    });
    said.collect()
}
