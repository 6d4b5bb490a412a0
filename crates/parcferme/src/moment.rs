//! Moments and cut-offs as written on the command line.

/// An instant as printed: the pages' own way, so that both say the same.
pub(crate) use server::printed;
use sport::date::Instant;
use sport::decision::Outcome;
use sport::names::{MatterId, SessionId};
use sport::season::{Moment, Season};
use sport::session::SessionName;
use sport::world::World;

use crate::arguments::MomentArguments;
use crate::stop::Stop;

/// An instant as written: RFC 3339, or a day (its end, in UTC).
pub(crate) fn instant(written: &str) -> Result<Instant, Stop> {
    let wrong =
        || Stop::usage(format!("`{written}` is no moment; write 2018-07-01T12:00:00Z, or 2018-07-01 for the end of that day (UTC)"));
    if let Ok(time) = written.parse::<jiff::Timestamp>() {
        return Ok(Instant(time.as_microsecond()));
    }
    if let Some(clock) = without_offset(written) {
        return Err(Stop::usage(format!("`{written}` is no moment; add its offset: {clock}Z for UTC, or such as {clock}+02:00")));
    }
    // A day and nothing more: a time without its offset is no moment, not the end of its day.
    let day = written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let day: jiff::civil::Date = if day { written.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
    let next = day.tomorrow().and_then(|next| next.to_zoned(jiff::tz::TimeZone::UTC));
    // The last day of all ends after everything that can be recorded.
    Ok(next.map_or(Instant::FOREVER, |next| Instant(next.timestamp().as_microsecond() - 1)))
}

/// A day and a time that lack nothing but the offset.
fn without_offset(written: &str) -> Option<String> {
    let clock = written.replacen(' ', "T", 1);
    let whole = clock.contains('T') && format!("{clock}Z").parse::<jiff::Timestamp>().is_ok();
    whole.then_some(clock)
}

/// The moment of something that happened at a time: the end of a day is none.
pub(crate) fn timed(written: &str) -> Result<Instant, Stop> {
    let at = instant(written)?;
    if written.contains(':') {
        return Ok(at);
    }
    Err(Stop::usage(format!("`{written}` is a day, and this happens at a time; write it with its offset, such as {written}T12:00:00Z")))
}

/// The time of day. The only place that asks for it.
pub(crate) fn now() -> Instant {
    Instant(jiff::Timestamp::now().as_microsecond())
}

/// The moment a question is asked from.
pub(crate) fn moment(arguments: &MomentArguments) -> Result<Moment, Stop> {
    let at = |written: &Option<String>| written.as_deref().map_or(Ok(Instant::FOREVER), instant);
    Ok(Moment { known: at(&arguments.as_known_at)?, in_force: at(&arguments.in_force_at)? })
}

/// The last session counted: `2`, `2.1` or `2.race-1`.
pub(crate) fn through(season: &Season, arguments: &MomentArguments) -> Result<Option<usize>, Stop> {
    let Some(written) = &arguments.after else { return Ok(None) };
    let wrong = |why: &str| Stop::usage(format!("--after {written}: {why}; rounds are {}", rounds(season)));
    let (round, rest) = written.split_once('.').map_or((written.as_str(), None), |(round, rest)| (round, Some(rest)));
    let round: u16 = round.parse().map_err(|_| wrong("not a round, such as 2 or 2.1"))?;
    if season.calendar.round(round).is_none() {
        return Err(wrong("there is no such round"));
    }
    let found = match rest {
        None => season.calendar.last_of(round),
        Some(rest) => match rest.parse::<u16>() {
            Ok(number) => season.calendar.race(round, number),
            Err(_) => season.calendar.find(&SessionName { round, id: SessionId::new(rest) }),
        },
    };
    found.map(Some).ok_or_else(|| wrong("the round has no such race or session"))
}

pub(crate) fn rounds(season: &Season) -> String {
    let numbers: Vec<String> = season.calendar.rounds.iter().map(|round| round.number.to_string()).collect();
    numbers.join(", ")
}

/// A session as written: `2.race-1`, or `2.1` for race 1 of round 2.
pub(crate) fn session(season: &Season, written: &str) -> Result<usize, Stop> {
    let found = written.split_once('.').and_then(|(round, rest)| {
        let round: u16 = round.parse().ok()?;
        match rest.parse::<u16>() {
            Ok(number) => season.calendar.race(round, number),
            Err(_) => season.calendar.find(&SessionName { round, id: SessionId::new(rest) }),
        }
    });
    found.ok_or_else(|| {
        let known: Vec<String> = season.calendar.sessions.iter().map(|session| session.name.to_string()).collect();
        let near = paperwork::suggest::nearest(written, known.iter().map(String::as_str));
        let help = near.map_or_else(
            || format!("the first is {}", known.first().map_or("none", String::as_str)),
            |near| format!("did you mean {near}?"),
        );
        Stop::usage(format!("there is no session {written}; {help}"))
    })
}

/// The round, and the session where one is meant: `2`, `2` and `race-1`, `2.race-1`, or `2.1` for race 1 of round 2.
pub(crate) fn round(season: &Season, written: &str, id: Option<&str>) -> Result<(u16, Option<usize>), Stop> {
    let (number, own) = written.split_once('.').map_or((written, None), |(number, own)| (number, Some(own)));
    let number: u16 = number.parse().map_err(|_| {
        Stop::usage(format!("`{written}` is no round; write its number, then the session where one is meant: 2, or 2 race-1, or 2.race-1"))
    })?;
    if season.calendar.round(number).is_none() {
        return Err(Stop::usage(format!("there is no round {number}; rounds are {}", rounds(season))));
    }
    let full = |id: &str| if id.starts_with(&format!("{number}.")) { id.to_owned() } else { format!("{number}.{id}") };
    let named = match (own, id) {
        (Some(_), Some(id)) if full(id) != written => {
            return Err(Stop::usage(format!("`{written}` names a session already, and `{id}` another; keep one of the two")));
        }
        (Some(_), _) => Some(written.to_owned()),
        (None, id) => id.map(full),
    };
    let session = named.map(|named| self::session(season, &named)).transpose()?;
    Ok((number, session))
}

/// A supposed world: `A1=upheld`.
pub(crate) fn world(season: &Season, moment: Moment, suppose: &[String]) -> Result<World, Stop> {
    let mut world = World::default();
    let live = season.live(moment);
    let open: Vec<String> = sport::world::Docket::of(&live).open().iter().map(|matter| matter.id.to_string()).collect();
    for written in suppose {
        let (matter, outcome) =
            written.split_once('=').ok_or_else(|| Stop::usage(format!("--suppose {written}: write MATTER=upheld or MATTER=rejected")))?;
        if !open.iter().any(|id| id == matter) {
            return Err(Stop::usage(format!(
                "--suppose {written}: {matter} is not open; open matters: {}",
                if open.is_empty() { "none".to_owned() } else { open.join(", ") }
            )));
        }
        let outcome = Outcome::WORDS.iter().find(|(word, _)| *word == outcome).map(|(_, outcome)| *outcome);
        let outcome = outcome.ok_or_else(|| Stop::usage(format!("--suppose {written}: an outcome is upheld, rejected or withdrawn")))?;
        if world.outcomes.insert(MatterId::new(matter), outcome).is_some() {
            return Err(Stop::usage(format!("--suppose {written}: {matter} is supposed to end twice; give it one outcome")));
        }
    }
    Ok(world)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_its_offset_is_no_moment() {
        for written in ["2026-04-05 16:00", "2026-04-05T16:00:00", "2026-04-05T16:00", "16:00", ""] {
            assert!(instant(written).is_err(), "{written}");
        }
        assert_eq!(instant("1970-01-01").ok(), Some(Instant(86_400_000_000 - 1)));
        assert_eq!(instant("1970-01-01T00:00:01Z").ok(), Some(Instant(1_000_000)));
    }
}
