//! Cells as people write them.

use sport::date::Micros;

use super::mapping::Times;
use crate::written;

/// A decimal number with more digits behind its point than this is no time in seconds, but a part of a day.
const FINEST: usize = 5;

/// A time as it is written somewhere: `1:33.374`, `1:33,374`, `1'33"374`, `1h40'36.022`, `1m33.374s`, in wide digits too.
pub(super) fn time(cell: &str, times: Times) -> Option<Micros> {
    let text = narrow(cell);
    match times {
        Times::Written if is_part_of_day(&text) => days(&text),
        Times::Written => written::time(&text),
        Times::Days => days(&text).or_else(|| written::time(&text).filter(|_| text.contains(':'))),
        Times::Milliseconds => text.parse::<i64>().ok().filter(|ms| ms.abs() < 3_600_000_000).map(|ms| Micros(ms * 1_000)),
    }
}

fn narrow(cell: &str) -> String {
    let letter = |letter: char| match letter {
        '\'' | '’' | '′' | 'h' | 'H' | 'm' | 'M' | '：' => Some(':'),
        '"' | '”' | '″' | ',' | '．' => Some('.'),
        '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0),
        's' | 'S' | ' ' | '\u{a0}' => None,
        '−' | '–' => Some('-'),
        _ => Some(letter),
    };
    cell.trim().chars().filter_map(letter).take(40).collect()
}

/// A spreadsheet keeps a time of a minute and a half as 0.00108: nobody writes seconds so finely.
fn is_part_of_day(text: &str) -> bool {
    let (before, behind) = text.split_once('.').unwrap_or((text, ""));
    behind.len() > FINEST && matches!(before, "" | "0" | "1")
}

/// A part of a day as a spreadsheet keeps it, which is a float of the file and no exact time: to the nearest millisecond.
fn days(text: &str) -> Option<Micros> {
    of_days(text.parse().ok()?)
}

/// A part of a day, to the nearest millisecond, where it is below a thousand hours.
pub(super) fn of_days(days: f64) -> Option<Micros> {
    let ms = (days * 86_400_000.0).round();
    // By its digits: there is no other way from a float to a whole number that cannot lose any.
    (ms.abs() < 3_600_000_000.0).then(|| format!("{ms:.0}").parse::<i64>().ok()).flatten().map(|ms| Micros(ms * 1_000))
}

/// A gap to the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gap {
    /// On its lap.
    Time(Micros),
    /// So many laps.
    Laps(u32),
}

/// `+1.234`, `1 Lap`, `+2 Rdn.`, `3周`, `2L`: a number with a word behind it counts laps.
pub(super) fn gap(cell: &str, times: Times) -> Option<Gap> {
    let text = cell.trim().trim_start_matches(['+', '-']).trim_start();
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let word = digits.trim().trim_end_matches('.').to_lowercase();
    let laps = [
        "l",
        "lap",
        "laps",
        "rd",
        "rde",
        "rdn",
        "runde",
        "runden",
        "tour",
        "tours",
        "giro",
        "giri",
        "vuelta",
        "vueltas",
        "周",
        "ラップ",
        "圈",
    ];
    if laps.contains(&word.as_str()) {
        return text[..text.len() - digits.len()].parse().ok().map(Gap::Laps);
    }
    time(cell, times).map(|gap| Gap::Time(Micros(gap.0.abs())))
}

/// `1`, `1.`, `P1`, `1º`, `1位`.
pub(super) fn place(cell: &str) -> Option<u16> {
    let digits = cell.trim().trim_start_matches(['P', 'p']).trim_end_matches(['.', '°', 'º', '位', ' ']);
    digits.parse().ok().filter(|place| *place > 0)
}

/// A whole number; spreadsheets and people write some as `35.0`.
pub(super) fn whole(cell: &str) -> Option<u32> {
    let cell = cell.trim();
    cell.strip_suffix(".0").unwrap_or(cell).parse().ok()
}

/// The names of a cell. A comma parts them only where the column is of several drivers and nothing else does: `Family, First` is one.
pub(super) fn drivers(cell: &str, several: bool) -> Vec<&str> {
    let separator = ['\n', '/', ';', '&', '、', '／'].into_iter().find(|separator| cell.contains(*separator)).or(several.then_some(','));
    let names: Vec<&str> = match separator {
        Some(separator) => cell.split(separator).collect(),
        None => vec![cell],
    };
    names.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_as_people_write_them() {
        let lap = Some(Micros(93_374_000));
        for written in [
            "1:33.374",
            "1:33,374",
            "1'33.374",
            "1'33\"374",
            "1’33”374",
            "1m33.374s",
            "93.374",
            " 1:33.374 ",
            "１：３３．３７４",
            "0:01:33.374",
        ] {
            assert_eq!(time(written, Times::Written), lap, "{written}");
        }
        assert_eq!(time("1h40'36.022", Times::Written), Some(Micros(6_036_022_000)));
        assert_eq!(time("0.00108071759259259", Times::Written), lap);
        assert_eq!(time("1.0698613425925926", Times::Days), Some(Micros(92_436_020_000)));
        assert_eq!([time("1:33.374", Times::Days), time("93374", Times::Milliseconds)], [lap; 2]);
        assert_eq!(time("0.587", Times::Written), Some(Micros(587_000)));
        for none in ["", "DNF", "-", "2026-01-31", "1:33:374:1", "NaN", "inf"] {
            assert_eq!([time(none, Times::Written), time(none, Times::Days), time(none, Times::Milliseconds)], [None; 3], "{none}");
        }
    }

    #[test]
    fn gaps_places_and_crews_as_people_write_them() {
        let of = |cell| gap(cell, Times::Written);
        assert_eq!([of("+1.234"), of("1.234"), of("-1.234")], [Some(Gap::Time(Micros(1_234_000))); 3]);
        assert_eq!(
            [of("+1 Lap"), of("1 Rd."), of("1L"), of("1周"), of("1 tour"), of("1 Lap(s)")].map(|gap| gap == Some(Gap::Laps(1))),
            [true, true, true, true, true, false]
        );
        assert_eq!([place("1"), place("1."), place("P1"), place("1º"), place("1位")], [Some(1); 5]);
        assert_eq!([place("0"), place("NC"), place("")], [None; 3]);
        assert_eq!(drivers("Müller, Ann / Rossi, Bea", true), ["Müller, Ann", "Rossi, Bea"]);
        assert_eq!((drivers("One A, Two B", true), drivers("Family, First", false)), (vec!["One A", "Two B"], vec!["Family, First"]));
    }

    proptest! {
        #[test]
        fn a_part_of_a_day_is_the_millisecond_it_was(ms in -3_599_999_999_i64..3_599_999_999) {
            let days = format!("{}", f64::from(i32::try_from(ms / 1_000).unwrap()) / 86_400.0 + f64::from(i32::try_from(ms % 1_000).unwrap()) / 86_400_000.0);
            prop_assert_eq!(time(&days, Times::Days), Some(Micros(ms * 1_000)));
        }

        #[test]
        fn whatever_is_written_is_something_or_nothing(cell in ".{0,20}") {
            let _ = (time(&cell, Times::Written), gap(&cell, Times::Days), place(&cell), whole(&cell), drivers(&cell, true));
        }
    }
}
