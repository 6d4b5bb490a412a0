//! Values as people write them: durations, weights, crew patterns, references. Each reads exactly or not at all.

use sport::date::{Date, Micros};
use sport::grade::{Grade, GradeSet};
use sport::names::SessionId;
use sport::rulebook::crew::CrewPattern;
use sport::rulebook::weekend::TariffPenalty;
use sport::session::SessionName;

/// A duration: `25:00` (m:ss), `1:02:24.881` (h:mm:ss), `15s`, `0.1s`. At most six decimals and 999 hours.
pub fn duration(written: &str) -> Option<Micros> {
    if let Some(seconds) = written.strip_suffix('s') {
        return seconds_and_decimals(seconds, 7).map(Micros);
    }
    let parts: Vec<&str> = written.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => ("0", *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let two_digits = |part: &str| part.split('.').next().is_some_and(|whole| whole.len() == 2);
    let (hours_number, minutes_number) = (whole(hours, 3)?, whole(minutes, 3)?);
    let too_many_minutes = parts.len() == 3 && (minutes.len() != 2 || minutes_number > 59);
    let seconds = seconds_and_decimals(seconds, 2).filter(|micros| *micros < 60_000_000 && two_digits(seconds))?;
    if too_many_minutes {
        return None;
    }
    Some(Micros((hours_number * 3600 + minutes_number * 60) * 1_000_000 + seconds))
}

/// What was meant by a number without a unit: seconds.
pub(crate) fn with_unit(written: &str) -> Option<String> {
    let seconds = format!("{}s", written.trim());
    duration(&seconds).map(|_| format!("did you mean \"{seconds}\"?"))
}

fn whole(written: &str, digits_max: usize) -> Option<i64> {
    let plain = !written.is_empty() && written.len() <= digits_max && written.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| written.parse().ok()).flatten()
}

/// Plain seconds with up to six decimals, as microseconds.
fn seconds_and_decimals(written: &str, digits_max: usize) -> Option<i64> {
    let (seconds, decimals) = written.split_once('.').map_or((written, None), |(seconds, decimals)| (seconds, Some(decimals)));
    let micros = match decimals {
        None => 0,
        Some(decimals) => whole(decimals, 6)? * 10_i64.pow(u32::try_from(6 - decimals.len()).ok()?),
    };
    Some(whole(seconds, digits_max)? * 1_000_000 + micros)
}

/// `1 entry`, `2 entries`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A weight in whole kilograms, as grams: `20kg`.
pub fn grams(written: &str) -> Option<i64> {
    whole(written.strip_suffix("kg")?.trim_end(), 4).map(|kilograms| kilograms * 1000)
}

/// A grade by its word: `Bronze`.
pub fn grade(written: &str) -> Option<Grade> {
    Grade::ALL.into_iter().find(|grade| grade.word() == written)
}

/// The words of all grades.
pub const GRADES: &[&str] = &["Bronze", "Silver", "Gold", "Platinum"];

/// A crew by grades: `Bronze + Silver/Gold/Platinum`; at most eight drivers.
///
/// # Errors
/// The part that is not a grade.
pub fn crew(written: &str) -> Result<CrewPattern, &str> {
    let slots = written.split('+').map(|slot| {
        let grades = slot.split('/').map(|word| grade(word.trim()).ok_or(word.trim()));
        grades.collect::<Result<Vec<_>, _>>().map(|grades| GradeSet::of(&grades))
    });
    let slots = slots.collect::<Result<Vec<_>, _>>()?;
    if slots.len() > 8 { Err(written) } else { Ok(CrewPattern { slots }) }
}

/// What an offence costs: `drive-through`, `stop-and-go 30s`, `time 30s`, `time 30s plus shortfall`, `grid 5`,
/// `disqualification`, `discretion`.
pub fn penalty(written: &str) -> Option<TariffPenalty> {
    let (word, rest) = written.split_once(' ').unwrap_or((written, ""));
    match (word, rest) {
        ("drive-through", "") => Some(TariffPenalty::DriveThrough),
        ("disqualification", "") => Some(TariffPenalty::Disqualification),
        ("discretion", "") => Some(TariffPenalty::Discretion),
        ("stop-and-go", time) => duration(time).map(TariffPenalty::StopAndGo),
        ("grid", places) => whole(places, 2).and_then(|places| u16::try_from(places).ok()).map(TariffPenalty::GridPlaces),
        ("time", time) => match time.strip_suffix(" plus shortfall") {
            Some(fixed) => duration(fixed).map(TariffPenalty::TimePlusShortfall),
            None => duration(time).map(TariffPenalty::Time),
        },
        _ => None,
    }
}

/// A session of the season: `2.race-1`.
pub fn session(written: &str) -> Option<SessionName> {
    let (round, id) = written.split_once('.')?;
    let round = whole(round, 3).filter(|round| *round > 0)?;
    let plain = is_id(id);
    plain.then(|| SessionName { round: u16::try_from(round).unwrap_or(u16::MAX), id: SessionId::new(id) })
}

/// An id: 1 to 64 characters without space, control character, dot or slash (those separate ids in paths and references).
pub fn is_id(written: &str) -> bool {
    let good = |c: char| !c.is_whitespace() && !c.is_control() && c != '.' && c != '/';
    !written.is_empty() && written.chars().count() <= 64 && written.chars().all(good)
}

/// A day: `2018-04-14`, only if it exists.
pub fn date(written: &str) -> Option<Date> {
    let parts: Vec<&str> = written.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    day_of(whole(year, 4)?, whole(month, 2)?, whole(day, 2)?)
}

/// The day, if the calendar has it.
pub(crate) fn day_of(year: i64, month: i64, day: i64) -> Option<Date> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let exists = (1..=9999).contains(&year) && (1..=last).contains(&day);
    exists.then_some(Date { year: i16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
}

/// The day so many days later.
pub fn later(day: Date, days: u16) -> Date {
    Date::of_days(day.days_since_1970() + i64::from(days)).filter(|later| later.year <= 9999).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_exactly_or_not_at_all() {
        for (written, micros) in [
            ("25:00", 1_500_000_000),
            ("1:30", 90_000_000),
            ("90:00", 5_400_000_000),
            ("1:02:24.881", 3_744_881_000),
            ("15s", 15_000_000),
            ("0.1s", 100_000),
            ("0:00.000001", 1),
        ] {
            assert_eq!(duration(written), Some(Micros(micros)), "{written}");
        }
        for written in [
            "",
            "s",
            "15",
            "1:5",
            "1:60",
            "1:2:03",
            "1:60:00",
            "1.s",
            "-1:00",
            "+15s",
            "1:00.",
            "1:00.0000001",
            "a:00",
            "1:00:00:00",
            "１:00",
        ] {
            assert_eq!(duration(written), None, "{written}");
        }
    }

    #[test]
    fn crews_read_by_grade() {
        let pattern = crew("Bronze + Silver/Gold/Platinum").expect("a pattern");
        assert!(pattern.fits(&[Grade::Gold, Grade::Bronze]) && !pattern.fits(&[Grade::Bronze, Grade::Bronze]));
        assert_eq!(crew("Bronze + Golden"), Err("Golden"));
        assert_eq!(crew(""), Err(""));
    }

    #[test]
    fn sessions_ids_and_weights() {
        assert_eq!(session("2.race-1").map(|name| name.to_string()).as_deref(), Some("2.race-1"));
        for written in ["0.race-1", "race-1", "2.", "2.race 1", "-1.q1", "1.a.b"] {
            assert_eq!(session(written), None, "{written}");
        }
        assert_eq!(grams("20kg"), Some(20_000));
        assert_eq!(grams("20"), None);
        assert!(!is_id("a b") && !is_id("") && is_id("GT3"));
    }

    #[test]
    fn days_exist_and_follow_one_another() {
        assert_eq!(date("2018-02-29"), None);
        let day = date("2018-12-30").expect("a day");
        assert_eq!(later(day, 2).to_string(), "2019-01-01");
        assert_eq!(date("2018-04-14").expect("a day").days_since_1970(), 17_635);
    }
}
