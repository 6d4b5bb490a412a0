//! What passings prove, in words: where a car's result and a decision's evidence come from, down to the readings.

use alloc::string::String;
use alloc::vec::Vec;

use crate::computed::counted;
use crate::date::{Instant, Micros};
use crate::decision::Decision;
use crate::fact::{Fact, What};
use crate::incident::{Evidence, incident};
use crate::live_session::LiveSession;
use crate::meeting::Meeting;
use crate::meeting_fact::MeetingFact;
use crate::passing::PassingId;
use crate::reading::between;
use crate::rulebook::Rulebook;
use crate::running::Ranking;
use crate::season::{Moment, Season};
use crate::why::Reason;

/// The incident a decision answers, with what shows it.
pub(crate) fn answered(live: &[&Fact], decision: &Decision) -> Option<Reason> {
    let answer = decision.answers.as_ref()?;
    let incident = incident(live, &answer.incident)?;
    let mut reason = Reason::of(alloc::format!("incident {}: {}", incident.id, incident.what));
    let mut shown: Vec<&Evidence> = answer.evidence.iter().chain(&incident.evidence).collect();
    shown.sort();
    shown.dedup();
    reason.because.extend(shown.into_iter().map(|evidence| Reason::of(told(live, evidence))));
    Some(reason)
}

fn told(live: &[&Fact], evidence: &Evidence) -> String {
    match evidence {
        Evidence::Passing(id) => passing(live, *id),
        Evidence::Lap { car, lap } => alloc::format!("lap {lap} of car {car}"),
        Evidence::Report(words) => alloc::format!("report: {words}"),
        Evidence::Video(where_to) => alloc::format!("video: {where_to}"),
    }
}

/// A passing as its source sent it.
fn passing(live: &[&Fact], id: PassingId) -> String {
    let fact = live.iter().find(|fact| fact.number == u64::from(id.fact));
    let heard = fact.and_then(|fact| if let What::Meeting(MeetingFact::Heard(heard)) = &fact.what { Some(heard) } else { None });
    let found = heard.and_then(|heard| Some((heard, heard.passings.get(usize::from(id.nth))?)));
    let Some((heard, passing)) = found else { return alloc::format!("passing {} of fact {}, which is not there", id.nth, id.fact) };
    let what = passing.transponder.map_or_else(|| String::from("a car"), |number| alloc::format!("transponder {}", number.0));
    alloc::format!("{} heard {what} at {} UTC (fact {}, passing {})", heard.source, time_of_day(passing.at), id.fact, id.nth)
}

/// To the microsecond, UTC.
fn time_of_day(at: Instant) -> String {
    let of_day = at.0.rem_euclid(86_400_000_000);
    let (hours, minutes) = (of_day / 3_600_000_000, of_day / 60_000_000 % 60);
    alloc::format!("{hours:02}:{minutes:02}:{:02}.{:06}", of_day / 1_000_000 % 60, of_day % 1_000_000)
}

/// What a car's laps and time in a session rest on, where there are passings of it.
pub(crate) fn laps(rulebook: &Rulebook, season: &Season, live: &[&Fact], session: usize, entry: usize) -> Option<Reason> {
    let round = season.calendar.sessions[session].name.round;
    let meeting = Meeting::of(season, live, round);
    let of = LiveSession::folded(rulebook, season, live, &meeting, session, Moment::NOW)?;
    let car = of.cars.iter().position(|of| *of == entry)?;
    let mut reason = match of.running.ranking() {
        Ranking::Distance => distance(live, &of, car),
        Ranking::BestLap => best_lap(live, &of, car),
    }
    .unwrap_or_else(|| Reason::of(without(&of, car)));
    let unclassified = of.finish_words(rulebook, season, car);
    reason.because.extend(unclassified.map(|(says, cite)| {
        let cites = cite.iter().map(|cite| alloc::format!("{cite}")).collect();
        Reason { cites, ..Reason::of(says) }
    }));
    let deleted = of.deleted.iter().filter(|(of, ..)| *of == car);
    let times = of.laps_of(car);
    reason.because.extend(deleted.map(|(_, lap, ground)| {
        let took = times.get(*lap).map_or_else(String::new, |lap| alloc::format!(", {},", lap.time));
        Reason::of(alloc::format!("lap {}{took} does not count: deleted by {ground}", lap + 1))
    }));
    let doubts = of.doubts.iter().filter(|doubt| doubt.car == Some(car));
    reason.because.extend(doubts.map(|doubt| Reason::of(alloc::format!("{}: {}", doubt.weight.word(), doubt.says))));
    Some(reason)
}

/// The laps that count, from the start signal to the end of the last.
fn distance(live: &[&Fact], of: &LiveSession, car: usize) -> Option<Reason> {
    let progress = of.running.progress(car);
    let last = (progress.laps as usize).checked_sub(1)?;
    let start = of.start()?;
    let time = Micros(between(start, of.running.tracks()[car].laps()[last].end).0);
    let mut reason = Reason::of(alloc::format!("by its passings {} in {time}", counted(progress.laps)));
    reason.because.push(Reason::of(alloc::format!("the start signal was given at {} UTC", time_of_day(start))));
    reason.because.push(ended(live, of, car, last));
    Some(reason)
}

/// The best lap, from the passing that began it to the one that ended it.
fn best_lap(live: &[&Fact], of: &LiveSession, car: usize) -> Option<Reason> {
    let (time, end) = of.running.best_lap(car)?;
    let nth = of.running.tracks()[car].laps().iter().position(|lap| lap.end == end)?;
    let mut reason = Reason::of(alloc::format!("by its passings best lap {time}, its lap {}", nth + 1));
    reason.because.extend(nth.checked_sub(1).map(|before| ended(live, of, car, before)));
    reason.because.push(ended(live, of, car, nth));
    Some(reason)
}

/// What there is of a car without a lap that counts for its place.
fn without(of: &LiveSession, car: usize) -> String {
    if !of.started(car) {
        return String::from("by its passings it was not heard after the start signal");
    }
    match (of.running.progress(car).laps, of.running.ranking()) {
        (0, _) => String::from("by its passings no lap"),
        (1, Ranking::BestLap) => String::from("by its passings 1 lap, which is no best lap"),
        (laps, _) => alloc::format!("by its passings {laps} laps, none of which is a best lap"),
    }
}

/// What ended a lap, from 0.
fn ended(live: &[&Fact], of: &LiveSession, car: usize, nth: usize) -> Reason {
    let track = &of.running.tracks()[car];
    let crossing = &track.crossings()[track.laps()[nth].crossing as usize];
    let end = match track.evidence(crossing) {
        Some(reading) => passing(live, reading.passing),
        None => String::from("no reading of the finish line; the lines around it leave no other way"),
    };
    Reason::of(alloc::format!("lap {} ended: {end}", nth + 1))
}

/// The same of a session of which nothing is published yet.
pub(crate) fn unpublished(rulebook: &Rulebook, season: &Season, live: &[&Fact], session: usize, entry: usize) -> Option<Reason> {
    let (name, car) = (&season.calendar.sessions[session].name, season.list.entries[entry].label());
    let laps = laps(rulebook, season, live, session, entry)?;
    let mut reason = Reason::of(alloc::format!("{name}: car {car}; no result is published yet"));
    reason.because.push(laps);
    Some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_day_is_told_to_the_microsecond() {
        let day = 17_600 * 86_400_000_000;
        assert_eq!(time_of_day(Instant(day)), "00:00:00.000000");
        assert_eq!(time_of_day(Instant(day + 86_399_999_999)), "23:59:59.999999");
        assert_eq!(time_of_day(Instant(day + 5 * 3_600_000_000 + 26 * 60_000_000 + 7_000_045)), "05:26:07.000045");
    }
}
