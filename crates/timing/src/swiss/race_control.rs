//! What race control says in sentences, as far as it is a penalty: `CAR 14 STOP AND GO PENALTY 10min TRACK LIMITS`.
//!
//! What is noted, investigated or closed is no penalty, and what is not understood is none either: it stays a message.

use sport::date::Micros;

use crate::account::PenaltyKind;

/// The penalties of a message: the number of each car, and what. Drive-throughs, times and disqualifications were not seen, and are looked for as other series word them.
pub fn penalties(text: &str) -> Vec<(String, PenaltyKind)> {
    let upper = text.to_uppercase();
    let Some((cars, what)) = cars(&upper) else { return Vec::new() };
    if ["INVESTIGAT", "NOTED", "NO FURTHER", "CANCELLED", "RESCINDED"].iter().any(|word| what.contains(word)) {
        return Vec::new();
    }
    let Some(kind) = kind(what) else { return Vec::new() };
    cars.into_iter().map(|car| (car.to_owned(), kind)).collect()
}

/// The cars a message begins with, and the rest of it: `CAR #0 - …`, `CARS 30-40-50 …`, `CARS 30 AND 7 …`.
fn cars(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut rest = text.trim().strip_prefix("CAR")?;
    rest = rest.strip_prefix('S').unwrap_or(rest);
    let mut cars = Vec::new();
    loop {
        rest = rest.trim_start().trim_start_matches('#');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        cars.push(&rest[..digits]);
        rest = &rest[digits..];
        let next = ["-", ",", " AND ", " & "].iter().find_map(|between| rest.strip_prefix(between));
        // A dash behind the last number is followed by words.
        match next.filter(|next| next.trim_start().trim_start_matches('#').starts_with(|letter: char| letter.is_ascii_digit())) {
            Some(next) => rest = next,
            None => break,
        }
    }
    let what = rest.trim_start_matches([' ', '-', ':']);
    (!cars.is_empty() && what.len() < rest.len()).then_some((cars, what))
}

fn kind(what: &str) -> Option<PenaltyKind> {
    if let Some(rest) = ["STOP AND GO PENALTY", "STOP & GO PENALTY", "STOP/GO PENALTY"].iter().find_map(|word| what.strip_prefix(word)) {
        // Without a time it lasts until the session ends.
        return Some(duration(rest.trim_start()).map_or(PenaltyKind::Other, PenaltyKind::StopAndGo));
    }
    if what.starts_with("DRIVE THROUGH PENALTY") || what.starts_with("DRIVE-THROUGH PENALTY") {
        return Some(PenaltyKind::DriveThrough);
    }
    if what.starts_with("CANCELLATION OF") && what.contains("LAP TIME") {
        return Some(PenaltyKind::LapDeleted);
    }
    if ["BLACK / WHITE FLAG", "BLACK/WHITE FLAG", "BLACK AND WHITE FLAG", "FINAL WARNING", "WARNING"]
        .iter()
        .any(|word| what.starts_with(word))
    {
        return Some(PenaltyKind::Warning);
    }
    if what.starts_with("DISQUALIFIED") {
        return Some(PenaltyKind::Disqualified);
    }
    let (before, after) = what.split_once("TIME PENALTY")?;
    let time = if before.is_empty() { duration(after.trim_start()) } else { duration(before) };
    Some(time.map_or(PenaltyKind::Other, PenaltyKind::Time))
}

/// `10MIN`, `30 SECONDS`, `5S` at the beginning of a text.
fn duration(text: &str) -> Option<Micros> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: i64 = text[..digits].parse().ok().filter(|number| *number <= 86_400)?;
    let unit = text[digits..].trim_start();
    let word = &unit[..unit.bytes().take_while(u8::is_ascii_alphabetic).count()];
    match word {
        "S" | "SEC" | "SECS" | "SECOND" | "SECONDS" => Some(Micros::seconds(number)),
        "M" | "MIN" | "MINS" | "MINUTE" | "MINUTES" => Some(Micros::seconds(number * 60)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Option<(String, PenaltyKind)> {
        let mut told = penalties(text);
        assert!(told.len() < 2, "{told:?}");
        told.pop()
    }

    #[test]
    fn what_is_a_penalty_is_told_with_its_car() {
        let is = |text, car: &str, kind| assert_eq!(one(text), Some((car.to_owned(), kind)), "{text}");
        is("CAR 14 STOP AND GO PENALTY 10min TRACK LIMITS", "14", PenaltyKind::StopAndGo(Micros::seconds(600)));
        is("CAR 14 STOP AND GO PENALTY UNTIL THE END TRACK LIMITS", "14", PenaltyKind::Other);
        is("CAR 6 CANCELLATION OF CURRENT LAP TIME TRACK LIMIT T2 AT 10:20:30", "6", PenaltyKind::LapDeleted);
        is("CAR 2 BLACK / WHITE FLAG TRACK LIMITS", "2", PenaltyKind::Warning);
        is("CAR 8 FINAL WARNING", "8", PenaltyKind::Warning);
        is("Car #007 - Drive through penalty, speeding", "007", PenaltyKind::DriveThrough);
        is("CAR 5 10 SECONDS TIME PENALTY UNSAFE RELEASE", "5", PenaltyKind::Time(Micros::seconds(10)));
        is("CAR 5 TIME PENALTY 5S", "5", PenaltyKind::Time(Micros::seconds(5)));
        is("CAR 5 TIME PENALTY", "5", PenaltyKind::Other);
        let both = penalties("CARS 20 AND 6 DRIVE THROUGH PENALTY");
        assert_eq!(both, [("20".to_owned(), PenaltyKind::DriveThrough), ("6".to_owned(), PenaltyKind::DriveThrough)]);
    }

    #[test]
    fn what_is_only_said_stays_a_message() {
        for text in [
            "CAR 4 PITLANE SPEED 61.0 KPH",
            "CAR 77 PITLANE SPEED UNDER INVESTIGATION",
            "CAR 9 DRIVE THROUGH PENALTY NOT SERVED UNDER INVESTIGATION",
            "INCIDENT BETWEEN CARS 30 AND 7 T1 NOTED",
            "INCIDENT CARS 30-7 T1 NO FURTHER INVESTIGATION NECESSARY",
            "CARS 30-40-50 ENTERING FAST LANE UNDER INVESTIGATION",
            "CAR #0 - TRANSPONDER STOPPED WORKING",
            "CAR 9 STOPPED T9 EXIT LHS",
            "FIRST CAR TO TAKE THE FLAG CAR 9",
            "FULL COURSE YELLOW IN 10s",
            "CAR WARNING",
            "CAR 9WARNING",
            "CARS",
            "CAR 1-",
            "",
        ] {
            assert_eq!(penalties(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_is_understood_or_not(text in "(CAR|S| |#|-|12|AND|,|STOP AND GO PENALTY|TIME PENALTY|10|MIN|S|ß|é|WARNING){0,8}") {
            let _ = penalties(&text);
        }
    }
}
