//! The messages of race control: what the facts of a round tell the public, in sentences.

use std::collections::BTreeMap;

use sport::as_it_stands::AsItStands;
use sport::date::Instant;
use sport::decision::{Decision, Effect};
use sport::fact::{Fact, What};
use sport::meeting_fact::{MeetingFact, Signal};
use sport::names::{DecisionId, EntryId};
use sport::pit_board::PitCar;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};
use sport::session::SessionName;

use crate::clock::printed;
use crate::frame::Message;
use crate::framing::title;

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
    let round = season.calendar.sessions[of.session.session].name.round;
    let teller = Teller { rulebook, season, on: &season.calendar.sessions[of.session.session].name };
    let mut told: Vec<(Instant, u64, Message)> = Vec::new();
    for fact in season.live(moment) {
        if let Some((kind, says, cars)) = teller.tell(fact, round) {
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

struct Teller<'a> {
    rulebook: &'a Rulebook,
    season: &'a Season,
    /// The session that is watched: of others of the round what officials decided is told, not their signals.
    on: &'a SessionName,
}

impl Teller<'_> {
    /// What a fact of a round tells the public.
    fn tell<'f>(&self, fact: &'f Fact, round: u16) -> Option<(&'static str, String, Vec<&'f EntryId>)> {
        let named = |session| self.season.calendar.find(session).map_or_else(String::new, |at| title(self.rulebook, self.season, at));
        match &fact.what {
            What::Meeting(MeetingFact::Signal { session, signal }) if session == self.on => {
                Some(("signal", capital(signal_words(*signal)), Vec::new()))
            }
            What::Meeting(MeetingFact::Incident(incident)) if incident.session.round == round => {
                let says = format!("{} under investigation: {}", self.cars(&incident.cars), incident.what);
                Some(("incident", says, incident.cars.iter().collect()))
            }
            What::Meeting(MeetingFact::PenaltyServed { decision, car }) if round_by_id(self.season, decision) == Some(round) => {
                Some(("served", format!("{} served its penalty of decision {decision}", self.cars(std::slice::from_ref(car))), vec![car]))
            }
            What::Decision(decision) if round_of(self.season, decision) == Some(round) => {
                Some(("decision", self.decision(decision), decision.effects.iter().filter_map(Effect::car).collect()))
            }
            What::Result(sheet) if sheet.session == *self.on => {
                Some(("result", format!("{}: {} result published", named(&sheet.session), sheet.state.word()), Vec::new()))
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

    fn cars(&self, cars: &[EntryId]) -> String {
        let label = |id: &EntryId| self.season.list.entry(id).map_or_else(|| id.to_string(), |at| self.season.list.entries[at].label());
        let labels: Vec<String> = cars.iter().map(label).collect();
        match labels.len() {
            0 => String::from("An incident is"),
            1 => format!("Car {}", labels[0]),
            _ => format!("Cars {}", labels.join(", ")),
        }
    }

    fn decision(&self, decision: &Decision) -> String {
        let car = decision.effects.iter().find_map(Effect::car).cloned();
        let about = car.map_or_else(String::new, |car| format!("{}: ", self.cars(&[car])));
        let penalties: Vec<String> = decision.effects.iter().filter_map(effect_words).collect();
        let penalties = if penalties.is_empty() { String::from("no further action") } else { penalties.join(", ") };
        format!("{about}{penalties} ({}, decision {})", decision.reason, decision.id)
    }
}

/// A message begins with a capital letter.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A signal as race control would say it.
pub(crate) fn signal_words(signal: Signal) -> &'static str {
    match signal {
        Signal::Open => "pit exit open",
        Signal::Green => "green",
        Signal::FullCourseYellow => "full-course yellow",
        Signal::SafetyCar => "safety car",
        Signal::Red => "red flag, suspended",
        Signal::Chequered => "chequered",
        Signal::Close => "closed",
    }
}

/// An effect of a decision in a few words; none where it penalises nobody.
pub(crate) fn effect_words(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::AddTime { time, .. } => format!("{time} s added"),
        Effect::AddUnservedSuccess { .. } => String::from("unserved success seconds added to race times"),
        Effect::DropPlaces { places, .. } => format!("{places} places dropped"),
        Effect::DeductLaps { laps, .. } => format!("{laps} laps deducted"),
        Effect::Disqualify { .. } => String::from("disqualified"),
        Effect::AnnulSession { session } => format!("{session} annulled"),
        Effect::WithholdPoints { session } => format!("points of {session} withheld"),
        Effect::FactorPoints { session, factor } => format!("points of {session} times {}", factor.exact()),
        Effect::Ineligible { .. } => String::from("not eligible for points"),
        Effect::Shares { .. } => String::from("points shared"),
        Effect::DeductPoints { points, .. } => format!("{} points deducted", points.published()),
        Effect::Exclude { championship, .. } => format!("excluded from {championship}"),
        Effect::Restart { championship, .. } => format!("starts again in {championship}"),
        Effect::Annul { decision } => format!("decision {decision} annulled"),
        Effect::DropGrid { places, session, .. } => format!("{places} grid places in {session}"),
        Effect::DeleteLap { lap, .. } => format!("lap {lap} deleted"),
        Effect::DriveThrough { .. } => String::from("drive-through"),
        Effect::StopAndGo { time, .. } => format!("stop and go, {time} s"),
        Effect::Reprimand { .. } => String::from("reprimand"),
        Effect::Fine { hundredths, currency, .. } => format!("fine of {}.{:02} {currency}", hundredths / 100, hundredths % 100),
        Effect::LicencePoints { points, .. } => format!("{points} licence points"),
    })
}

/// The round a decision is about: where it acts, or where the incident was that it answers.
pub(crate) fn round_of(season: &Season, decision: &Decision) -> Option<u16> {
    let acts = decision.effects.iter().find_map(|effect| effect.session().map(|session| session.round));
    acts.or_else(|| {
        let id = &decision.answers.as_ref()?.incident;
        season.facts().iter().find_map(|fact| {
            let What::Meeting(MeetingFact::Incident(incident)) = &fact.what else { return None };
            (incident.id == *id).then_some(incident.session.round)
        })
    })
}

fn round_by_id(season: &Season, id: &DecisionId) -> Option<u16> {
    season.facts().iter().find_map(|fact| fact.what.decision().filter(|decision| decision.id == *id)).and_then(|of| round_of(season, of))
}
