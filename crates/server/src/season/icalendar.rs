//! The calendar for other programs (RFC 5545): every session an event, with its time where a timetable told it, its day otherwise.

use std::fmt::Write as _;

use sport::date::{Date, Instant};
use sport::session::Session;

use crate::season::Known;
use crate::season::programme::{Told, told};

/// Octets of a line, its end aside.
const LINE: usize = 75;

/// The calendar as a stream of lines, each ended as the format asks.
pub(crate) fn calendar(known: &Known<'_>) -> String {
    let mut text = String::new();
    let title = escaped(&known.season.title);
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Parc Ferme//Calendar//EN", "CALSCALE:GREGORIAN"] {
        fold(&mut text, line);
    }
    fold(&mut text, &format!("NAME:{title}"));
    fold(&mut text, &format!("X-WR-CALNAME:{title}"));
    fold(&mut text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    let (told, none) = (told(known), Told::default());
    for session in &known.season.calendar.sessions {
        event(&mut text, known, session, told.get(&session.name).unwrap_or(&none));
    }
    fold(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, known: &Known<'_>, session: &Session, told: &Told) {
    let name = &session.name;
    let round = known.season.calendar.round(name.round);
    let place = round.map_or_else(String::new, |round| [round.name.as_str(), round.country.as_str()].join(", "));
    let (stamp, changed) = told.timetable.unwrap_or((first(known), 1));
    fold(text, "BEGIN:VEVENT");
    // The same for as long as the season has the session, whatever becomes of its time and its title.
    fold(text, &format!("UID:{}", escaped(&format!("{name}.{}@parcferme", known.rulebook.id.replace('/', "-")))));
    fold(text, &format!("DTSTAMP:{}", utc(stamp)));
    fold(text, &format!("SEQUENCE:{}", changed.saturating_sub(1)));
    match told.begins {
        Some(begins) => {
            fold(text, &format!("DTSTART:{}", utc(begins)));
            if let Some(minutes) = session.minutes {
                fold(text, &format!("DURATION:PT{minutes}M"));
            }
        }
        // A day without an end lasts that day.
        None => fold(text, &format!("DTSTART;VALUE=DATE:{}", day(session.date))),
    }
    let title = known.teller().session(name);
    fold(text, &format!("SUMMARY:{}", escaped(&format!("{title} · {}", known.event(name.round)))));
    fold(text, &format!("LOCATION:{}", escaped(&place)));
    fold(text, &format!("DESCRIPTION:{}", escaped(&format!("{}, round {}", known.season.title, name.round))));
    fold(text, &format!("CATEGORIES:{}", escaped(session.kind.word())));
    fold(text, "TRANSP:TRANSPARENT");
    fold(text, "END:VEVENT");
}

/// When the calendar was first heard of: its first fact, or the beginning of its year.
fn first(known: &Known<'_>) -> Instant {
    let year = || Date { year: i16::try_from(known.season.year).unwrap_or(i16::MAX), month: 1, day: 1 }.midnight();
    known.season.facts().first().map_or_else(year, |fact| fact.recorded)
}

/// `20181013T062500Z`.
fn utc(at: Instant) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .map_or_else(|_| String::from("19700101T000000Z"), |time| time.strftime("%Y%m%dT%H%M%SZ").to_string())
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year, date.month, date.day)
}

/// Text as a value: what has a meaning in the format is escaped, and control characters, which it does not know, are left out.
fn escaped(text: &str) -> String {
    let mut value = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => value.extend(['\\', letter]),
            '\n' => value.push_str("\\n"),
            control if control.is_control() => {}
            other => value.push(other),
        }
    }
    value
}

/// A line, broken where it is longer than the format allows, and never inside a letter.
fn fold(text: &mut String, line: &str) {
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        octets += letter.len_utf8();
        let _ = write!(text, "{letter}");
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_between_letters() {
        let mut text = String::new();
        let line = format!("SUMMARY:{}", "é".repeat(100));
        fold(&mut text, &line);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text:?}");
        assert_eq!(text.replace("\r\n ", "").trim_end(), line, "unfolded it is what it was");
        assert!(text.ends_with("\r\n"));
    }

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\u{7}\rf"), "a\\,b\\;c\\\\d\\nef");
    }
}
