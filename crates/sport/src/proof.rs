//! What passings prove, in words: where a car's result and a decision's evidence come from, down to the readings.

use alloc::string::String;
use alloc::vec::Vec;

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
use crate::season::Season;
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
    let of = LiveSession::folded(rulebook, season, live, &meeting, session, Instant::FOREVER)?;
    let car = of.cars.iter().position(|of| *of == entry)?;
    let progress = of.running.progress(car);
    let track = &of.running.tracks()[car];
    let last = track.laps().get((progress.laps as usize).checked_sub(1)?)?;
    let start = of.start()?;
    let time = Micros(between(start, last.end).0);
    let mut reason = Reason::of(alloc::format!("by its passings {} laps in {time}", progress.laps));
    reason.because.push(Reason::of(alloc::format!("the start signal was given at {} UTC", time_of_day(start))));
    let crossing = &track.crossings()[last.crossing as usize];
    let end = match track.evidence(crossing) {
        Some(reading) => passing(live, reading.passing),
        None => String::from("no reading of the finish line; the lines around it leave no other way"),
    };
    reason.because.push(Reason::of(alloc::format!("lap {} ended: {end}", progress.laps)));
    let doubts = of.doubts.iter().filter(|doubt| doubt.car == Some(car));
    reason.because.extend(doubts.map(|doubt| Reason::of(alloc::format!("{}: {}", doubt.weight.word(), doubt.says))));
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
