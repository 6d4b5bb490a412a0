//! The messages of race control: what the facts of a round tell the public, in sentences.

use std::collections::BTreeMap;

use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::decision::Effect;
use sport::fact::{Fact, What};
use sport::meeting_fact::MeetingFact;
use sport::names::EntryId;
use sport::pit_board::PitCar;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::session::SessionName;

use crate::clock::printed;
use crate::frame::Message;
use crate::sentences::{Teller, capital, round_by_id, round_of, signal_words};

/// So many messages are kept on the live page.
const MOST: usize = 60;

/// The messages of the round a session is in, up to its moment.
pub(crate) fn of_round(
    rulebook: &Rulebook,
    season: &Season,
    moment: Moment,
    of: &AsItStands,
    board: &[PitCar],
) -> BTreeMap<String, Message> {
    let on = &season.calendar.sessions[of.session.session].name;
    let teller = Teller { rulebook, season };
    let mut told: Vec<(Instant, u64, Message)> = Vec::new();
    for fact in season.live(moment) {
        if let Some((kind, says, cars)) = tell(&teller, fact, on) {
            let cars = cars.iter().map(ToString::to_string).collect();
            told.push((fact.happened, fact.number, Message { at: printed(fact.happened), kind: kind.to_owned(), says, cars }));
        }
    }
    // The window opens and closes by itself: nobody records it, and everybody waits for it.
    if let Some(car) = board.first().filter(|car| car.awaits.is_none()) {
        for (at, says) in [(car.opening.0, "Pit window open"), (car.opening.1, "Pit window closed")] {
            if at <= of.session.now && of.session.ending.at().is_none_or(|end| at < end) {
                told.push((at, 0, Message { at: printed(at), kind: "window".to_owned(), says: says.to_owned(), cars: Vec::new() }));
            }
        }
    }
    told.sort_by_key(|(at, fact, _)| (*at, *fact));
    let first = told.len().saturating_sub(MOST);
    // Numbered in order, so that the latest has the highest; padded, so that text sorts as numbers do.
    told.into_iter().enumerate().skip(first).map(|(nth, (.., message))| (format!("{nth:05}"), message)).collect()
}

/// The name of another session than the one that is watched, before what is said of it.
fn elsewhere(teller: &Teller<'_>, session: &SessionName, on: &SessionName) -> String {
    if session == on { String::new() } else { format!("{}: ", teller.session(session)) }
}

/// What a fact tells the public. Of other sessions of the round than the one that is watched it is what officials decided and published, not their signals.
fn tell<'f>(teller: &Teller<'_>, fact: &'f Fact, on: &SessionName) -> Option<(&'static str, String, Vec<&'f EntryId>)> {
    let round = on.round;
    match &fact.what {
        What::Meeting(MeetingFact::Signal { session, signal }) if session == on => {
            Some(("signal", capital(signal_words(*signal)), Vec::new()))
        }
        What::Meeting(MeetingFact::Incident(incident)) if incident.session.round == round => {
            let who = if incident.cars.is_empty() { String::from("An incident is") } else { teller.cars(&incident.cars) };
            let says = format!("{}{who} under investigation: {}", elsewhere(teller, &incident.session, on), incident.what);
            Some(("incident", says, incident.cars.iter().collect()))
        }
        What::Meeting(MeetingFact::PenaltyServed { decision, car }) if round_by_id(teller.season, decision) == Some(round) => {
            Some(("served", teller.penalty_served(decision, car), vec![car]))
        }
        What::Decision(decision) if round_of(teller.season, decision) == Some(round) => {
            let at = decision.effects.iter().find_map(Effect::session);
            let says = format!("{}{}", at.map_or_else(String::new, |at| elsewhere(teller, at, on)), teller.decision(decision));
            Some(("decision", says, decision.effects.iter().filter_map(Effect::car).collect()))
        }
        What::Result(sheet) if sheet.session.round == round => {
            let says = format!("{}: {} result published", teller.session(&sheet.session), sheet.state.word());
            Some(("result", says, Vec::new()))
        }
        What::Result(_)
        | What::Grid(_)
        | What::Decision(_)
        | What::Matter(_)
        | What::Status { .. }
        | What::Grade { .. }
        | What::Bop(_)
        | What::Served(_)
        | What::Nomination { .. }
        | What::Meeting(_)
        | What::Undo { .. } => None,
    }
}
