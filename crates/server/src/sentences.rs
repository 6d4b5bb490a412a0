//! What facts tell people, in sentences: for the messages of race control, the notice board and the documents alike.

use sport::date::Instant;
use sport::decision::{Against, Decision, Effect, Matter};
use sport::fact::{ServedHow, What};
use sport::incident::Evidence;
use sport::meeting_fact::{MeetingFact, Signal, Verdict};
use sport::names::{DecisionId, DriverId, EntryId, TeamId};
use sport::rulebook::Rulebook;
use sport::season::Season;
use sport::session::SessionName;

use crate::clock::printed;
use crate::framing::title;

/// What sentences are made from.
#[derive(Clone, Copy)]
pub(crate) struct Teller<'a> {
    pub(crate) rulebook: &'a Rulebook,
    pub(crate) season: &'a Season,
}

impl Teller<'_> {
    /// A session as the rulebook prints it: `Race 1`; its name where the calendar has it no more.
    pub(crate) fn session(&self, session: &SessionName) -> String {
        self.season.calendar.find(session).map_or_else(|| session.to_string(), |at| title(self.rulebook, self.season, at))
    }

    /// A session with its round: `Race 1 of round 6`.
    pub(crate) fn session_of_round(&self, session: &SessionName) -> String {
        format!("{} of round {}", self.session(session), session.round)
    }

    /// The number on a car.
    pub(crate) fn number(&self, id: &EntryId) -> String {
        self.season.list.entry(id).map_or_else(|| id.to_string(), |at| self.season.list.entries[at].label())
    }

    /// A driver's name.
    pub(crate) fn driver(&self, id: &DriverId) -> String {
        self.season.list.driver(id).map_or_else(|| id.to_string(), |at| self.season.list.drivers[at].name.clone())
    }

    /// A team's name.
    pub(crate) fn team(&self, id: &TeamId) -> String {
        crate::named::team(self.season, id).name
    }

    /// `Car 19`, `Cars 19, 27`.
    pub(crate) fn cars(&self, cars: &[EntryId]) -> String {
        let numbers: Vec<String> = cars.iter().map(|car| self.number(car)).collect();
        match numbers.len() {
            0 => String::from("No car"),
            1 => format!("Car {}", numbers[0]),
            _ => format!("Cars {}", numbers.join(", ")),
        }
    }

    /// A decision: on which car, what follows, why.
    pub(crate) fn decision(&self, decision: &Decision) -> String {
        let car = decision.effects.iter().find_map(Effect::car).cloned();
        let about = car.map_or_else(String::new, |car| format!("{}: ", self.cars(&[car])));
        let penalties: Vec<String> = decision.effects.iter().filter_map(effect_words).collect();
        let penalties = if penalties.is_empty() { String::from("no further action") } else { penalties.join(", ") };
        format!("{about}{penalties} ({}, decision {})", decision.reason, decision.id)
    }

    /// A penalty that was served.
    pub(crate) fn penalty_served(&self, decision: &DecisionId, car: &EntryId) -> String {
        format!("{} served its penalty of decision {decision}", self.cars(std::slice::from_ref(car)))
    }

    /// What a matter is directed at.
    pub(crate) fn against(&self, against: &Against) -> String {
        match against {
            Against::Decision(id) => format!("decision {id}"),
            Against::Result(session) => format!("the result of {}", self.session_of_round(session)),
        }
    }

    /// A matter: by whom, against what, on what grounds.
    pub(crate) fn matter(&self, matter: &Matter) -> String {
        let suspends = if matter.suspends { "; until it is settled the decision has no effect" } else { "" };
        format!("{} against {}: {}{suspends}", matter.by, self.against(&matter.against), matter.reason)
    }

    /// An effect with what it acts on: `Car 19 in Race 1: drive-through`.
    pub(crate) fn effect(&self, effect: &Effect) -> String {
        let words = effect_words(effect);
        let car = effect.car().map(|car| self.cars(std::slice::from_ref(car)));
        let who = car.or_else(|| effect.driver().map(|driver| self.driver(driver)));
        let session = effect.session().map(|session| self.session_of_round(session));
        match (who, session) {
            (Some(who), Some(session)) => format!("{who} in {session}: {words}", words = words.unwrap_or_default()),
            (Some(of), None) | (None, Some(of)) => format!("{of}: {}", words.unwrap_or_default()),
            (None, None) => words.unwrap_or_default(),
        }
    }

    /// A piece of evidence.
    pub(crate) fn evidence(&self, evidence: &Evidence) -> String {
        match evidence {
            Evidence::Passing(passing) => format!("passing {} of fact {}", passing.nth, passing.fact),
            Evidence::Lap { car, lap } => format!("lap {lap} of car {}", self.number(car)),
            Evidence::Report(said) => format!("report: {said}"),
            Evidence::Video(at) => format!("video: {at}"),
        }
    }

    /// What a fact is, as the heading of a notice.
    pub(crate) fn heading(&self, what: &What) -> String {
        match what {
            What::Result(sheet) => {
                let mark = sheet.mark.as_ref().map_or_else(String::new, |mark| format!(" at {mark}"));
                format!("{}: {} result{mark}", self.session(&sheet.session), sheet.state.word())
            }
            What::Grid(grid) => format!("{}: grid", self.session(&grid.session)),
            What::Decision(decision) => format!("Decision {}", decision.id),
            What::Matter(matter) => format!("{} {}", capital(matter.kind.word()), matter.id),
            What::Status { car, .. } => format!("Entry list: {}", self.cars(std::slice::from_ref(car)).to_lowercase()),
            What::Grade { driver, .. } | What::Nomination { driver, .. } => format!("Entry list: {}", self.driver(driver)),
            What::Bop(bulletin) => format!("Balance of Performance: bulletin {}", bulletin.number),
            What::Served(served) => format!("{}: success penalty of car {}", self.session(&served.session), self.number(&served.car)),
            What::Meeting(fact) => self.meeting_heading(fact),
            What::Undo { fact, .. } => format!("Correction of fact {fact}"),
        }
    }

    fn meeting_heading(&self, fact: &MeetingFact) -> String {
        match fact {
            MeetingFact::Heard(heard) => format!("Passings heard by {}", heard.source),
            MeetingFact::Signal { session, signal } => format!("{}: {}", self.session(session), signal_words(*signal)),
            MeetingFact::Timetable { session, .. } => format!("{}: timetable", self.session(session)),
            MeetingFact::Transponder { transponder, .. } => format!("Transponder {}", transponder.0),
            MeetingFact::Aboard { session, car, .. } => format!("{}: driver of car {}", self.session(session), self.number(car)),
            MeetingFact::Judged { passing, .. } => format!("Passing {} of fact {}", passing.nth, passing.fact),
            MeetingFact::Incident(incident) => format!("{}: incident {}", self.session(&incident.session), incident.id),
            MeetingFact::Measured(of) => format!("{}: scrutineering of car {}", self.session(&of.session), self.number(&of.car)),
            MeetingFact::TyreSet { car, set, .. } => format!("Tyres of car {}: set {set}", self.number(car)),
            MeetingFact::PenaltyServed { decision, .. } => format!("Penalty of decision {decision} served"),
        }
    }

    /// What a fact says, in a sentence.
    pub(crate) fn sentence(&self, what: &What) -> String {
        match what {
            What::Result(sheet) => {
                let incomplete = if sheet.complete { "" } else { ", incomplete as published" };
                format!("{}{incomplete}", counted(sheet.rows.len(), "car", "cars"))
            }
            What::Grid(grid) => {
                let incomplete = if grid.complete { "" } else { ", incomplete as published" };
                format!("{}{incomplete}", counted(grid.rows.len(), "place", "places"))
            }
            What::Decision(decision) => format!("{} · {}", decision.authority, self.decision(decision)),
            What::Matter(matter) => self.matter(matter),
            What::Status { status, rounds, .. } => format!("{} in {}", status.word(), rounds_words(rounds)),
            What::Grade { grade, from, .. } => format!("{grade} from {from}"),
            What::Bop(bulletin) => {
                let models: Vec<&str> = bulletin.rows.iter().map(|row| row.model.as_str()).collect();
                format!("from round {} on: {}", bulletin.from_round, models.join(", "))
            }
            What::Served(served) => format!("{} s {}", served.time, served_words(served.how)),
            What::Nomination { session, car, .. } => format!("scores with car {} in {}", self.number(car), self.session_of_round(session)),
            What::Meeting(fact) => self.meeting_sentence(fact),
            What::Undo { reason, .. } => reason.clone(),
        }
    }

    fn meeting_sentence(&self, fact: &MeetingFact) -> String {
        match fact {
            MeetingFact::Heard(heard) => format!("{} in round {}", counted(heard.passings.len(), "passing", "passings"), heard.round),
            MeetingFact::Signal { session, signal } => format!("{}: {}", self.session_of_round(session), signal_words(*signal)),
            MeetingFact::Timetable { at, .. } => format!("begins {}", spelled(*at)),
            MeetingFact::Transponder { round, car, from, .. } => {
                let from = from.map_or_else(String::new, |from| format!(" from {}", spelled(from)));
                format!("in car {} in round {round}{from}", self.number(car))
            }
            MeetingFact::Aboard { driver, how, .. } => format!("{}, {}", self.driver(driver), how.word()),
            MeetingFact::Judged { verdict, reason, .. } => match verdict {
                Verdict::Void => format!("void: {reason}"),
                Verdict::Of(car) => format!("car {}'s: {reason}", self.number(car)),
            },
            MeetingFact::Incident(incident) => format!("{}: {}", self.cars(&incident.cars), incident.what),
            MeetingFact::Measured(of) => {
                format!("{} {}, {}", of.quantity.word(), of.quantity.printed(i64::from(of.value)), of.instrument)
            }
            MeetingFact::TyreSet { round, used_in, .. } => {
                let used = used_in.as_ref().map(|session| format!("used in {}", self.session_of_round(session)));
                used.unwrap_or_else(|| format!("marked in round {round}"))
            }
            MeetingFact::PenaltyServed { decision, car } => self.penalty_served(decision, car),
        }
    }
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

/// A signal of a frame as a person says it.
pub(crate) fn signal_shown(word: &str) -> &str {
    Signal::WORDS.iter().find(|(of, _)| *of == word).map_or(word, |(_, signal)| signal_words(*signal))
}

/// What the state of a session says besides its signal, which stands before it.
pub(crate) fn beside_signal<'s>(state: &'s str, signal: &str) -> &'s str {
    state.strip_prefix(signal).or_else(|| state.strip_prefix("open")).map_or(state, |rest| rest.trim_start_matches(", "))
}

/// An effect of a decision in a few words; none where it penalises nobody.
pub(crate) fn effect_words(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::AddTime { time, .. } => format!("{time} s added"),
        Effect::AddUnservedSuccess { .. } => String::from("unserved success seconds added to race times"),
        Effect::DropPlaces { places, .. } => counted(usize::from(*places), "place dropped", "places dropped"),
        Effect::DeductLaps { laps, .. } => counted(usize::try_from(*laps).unwrap_or(usize::MAX), "lap deducted", "laps deducted"),
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
        Effect::DropGrid { places, session, .. } => format!("{} in {session}", counted(usize::from(*places), "grid place", "grid places")),
        Effect::DeleteLap { lap, .. } => format!("lap {lap} deleted"),
        Effect::DriveThrough { .. } => String::from("drive-through"),
        Effect::StopAndGo { time, .. } => format!("stop and go, {time} s"),
        Effect::Reprimand { .. } => String::from("reprimand"),
        Effect::Fine { hundredths, currency, .. } => format!("fine of {}.{:02} {currency}", hundredths / 100, hundredths % 100),
        Effect::LicencePoints { points, .. } => counted(usize::from(*points), "licence point", "licence points"),
    })
}

/// How success seconds were served, after the seconds.
pub(crate) fn served_words(how: ServedHow) -> &'static str {
    match how {
        ServedHow::AtStop => "served at the stop",
        ServedHow::Announced => "announced as due",
        ServedHow::NotServed => "not served",
    }
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

/// The round a decision of this number is about.
pub(crate) fn round_by_id(season: &Season, id: &DecisionId) -> Option<u16> {
    season.facts().iter().find_map(|fact| fact.what.decision().filter(|decision| decision.id == *id)).and_then(|of| round_of(season, of))
}

/// `1 car`, `2 cars`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `every round from now on`, `round 2`, `rounds 2, 3`.
pub(crate) fn rounds_words(rounds: &[u16]) -> String {
    let numbers: Vec<String> = rounds.iter().map(ToString::to_string).collect();
    match numbers.len() {
        0 => String::from("every round from now on"),
        1 => format!("round {}", numbers[0]),
        _ => format!("rounds {}", numbers.join(", ")),
    }
}

/// A moment in a sentence: `2018-10-13 06:25 UTC`, with seconds where it has any.
pub(crate) fn spelled(at: Instant) -> String {
    let form = if at.0 % 60_000_000 == 0 { "%Y-%m-%d %H:%M UTC" } else { "%Y-%m-%d %H:%M:%S UTC" };
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| printed(at), |time| time.strftime(form).to_string())
}

/// With a capital at its beginning.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
