//! What is said before the first session: the timetable, and which transponder is in which car.

use sport::date::Instant;
use sport::fact::What;
use sport::meeting_fact::MeetingFact;
use sport::passing::Transponder;
use sport::session::SessionName;

use crate::dice::{Dice, For, MILLION};
use crate::plan::Plan;
use crate::said::Said;

const MINUTE: i64 = 60 * MILLION;

/// The timetable of the round, and a transponder for each of its entries, each with its own number; in the order of arrival, all two hours
/// before the first session. `begins`: when a session is to begin, by position on the calendar.
pub fn fittings(plan: &Plan, begins: impl Fn(usize) -> Instant) -> Vec<Said> {
    let sessions = plan.season.calendar.sessions.iter().enumerate().filter(|(_, session)| session.name.round == plan.round);
    let times: Vec<(SessionName, Instant)> = sessions.map(|(at, session)| (session.name.clone(), begins(at))).collect();
    let Some(first) = times.iter().map(|(_, at)| at.0).min() else { return Vec::new() };
    let early = first - 120 * MINUTE;
    let sessions = times.into_iter().map(|(session, at)| (MeetingFact::Timetable { session, at }, "organiser", "timetable"));
    let entered = plan.season.list.entries.iter().enumerate().filter(|(_, entry)| entry.spell(plan.round).is_some());
    let transponders = entered.map(|(ix, entry)| {
        let transponder = transponder(plan, ix);
        let fact = MeetingFact::Transponder { round: plan.round, transponder, car: entry.id.clone(), from: None };
        (fact, "timekeeper", "transponder list")
    });
    let all = sessions.chain(transponders).zip(0_i64..);
    let said = |((fact, by, citation), nth): ((MeetingFact, &'static str, &str), i64)| {
        let at = Instant(early + nth * MILLION);
        Said { at, happened: at, by, citation: citation.to_owned(), what: What::Meeting(fact) }
    };
    all.map(said).collect()
}

/// The transponder of an entry: seven digits, no two alike.
pub(crate) fn transponder(plan: &Plan, entry: usize) -> Transponder {
    let mut dice = Dice::of(plan.seed, For::Round, 2 << 32 | u64::from(plan.round));
    let row = dice.below(1_000);
    let mut own = Dice::of(plan.seed, For::Round, 3 << 32 | u64::try_from(entry).expect("an entry list fits"));
    let entry = i64::try_from(entry).expect("an entry list fits");
    let number = 2_000_000 + row * 1_000 + entry * 1_000 + own.below(1_000);
    Transponder(u32::try_from(number).expect("seven digits"))
}
