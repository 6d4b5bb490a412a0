//! What the lines of a session's stream say. All but a few are sentences, and nobody wrote down which there are.

use sport::date::Micros;

use crate::account::PenaltyKind;
use crate::written;
use crate::xml::Element;

/// A line that is understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Said {
    /// A car was over a line of its lap: `Ash(7) lap=2 point=0 t=48.405 et=97.812`.
    Score {
        /// Who.
        of: Who,
        /// Laps completed.
        laps: u32,
        /// The line: 0 is that of start and finish.
        point: u32,
        /// When, from the beginning of the session.
        elapsed: Micros,
    },
    /// The first took the chequered flag.
    Chequered {
        /// When, from the beginning of the session.
        elapsed: Micros,
    },
    /// A car met another one.
    Contact {
        /// Who reported it.
        of: Who,
    },
    /// Said of penalties.
    Penalty(OfPenalty),
}

/// Who a line is about: the name of who drives, and the slot of the car.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) slot: Option<String>,
}

/// What is said of penalties.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum OfPenalty {
    /// It was given.
    Given(Who, PenaltyKind),
    /// The one that waited longest was served.
    Served(Who),
    /// It was not served before the end, and so much was added to the total.
    Added(Who, Micros),
}

/// What a line says. None where it is not understood, or is of what is in no account.
pub(super) fn said(line: &Element) -> Option<Said> {
    let text = line.text();
    let text = text.trim();
    match line.name() {
        "Score" => score(text),
        "Incident" => {
            let (before, _) = text.rsplit_once(") with another vehicle ")?;
            let (who, _) = before.rsplit_once(" reported contact (")?;
            Some(Said::Contact { of: slotted(who)? })
        }
        "Penalty" => penalty(line, text).map(Said::Penalty),
        _ => None,
    }
}

fn score(text: &str) -> Option<Said> {
    if text.starts_with("Checkered for ") {
        let (_, times) = text.rsplit_once(" endET=")?;
        return Some(Said::Chequered { elapsed: written::time(times.split('/').next()?)? });
    }
    let (rest, elapsed) = text.rsplit_once(" et=")?;
    let (rest, _) = rest.rsplit_once(" t=")?;
    let (rest, point) = rest.rsplit_once(" point=")?;
    let (who, laps) = rest.rsplit_once(" lap=")?;
    Some(Said::Score { of: slotted(who)?, laps: laps.parse().ok()?, point: point.parse().ok()?, elapsed: written::time(elapsed)? })
}

/// `Ash(7)`: a name may have brackets of its own.
fn slotted(who: &str) -> Option<Who> {
    let (name, slot) = who.strip_suffix(')')?.rsplit_once('(')?;
    let digits = !slot.is_empty() && slot.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Who { name: name.trim().to_owned(), slot: Some(slot.to_owned()) })
}

/// A penalty by its attributes, as Le Mans Ultimate is said to write them, or by its words.
fn penalty(line: &Element, text: &str) -> Option<OfPenalty> {
    if let (Some(name), Some(kind)) = (line.attribute("Driver"), line.attribute("Penalty")) {
        let slot = line.attribute("ID").map(|slot| slot.trim().to_owned());
        let time = line.attribute("Time").and_then(|time| written::time(time.trim()));
        return Some(OfPenalty::Given(Who { name: name.trim().to_owned(), slot }, kind_of(kind.trim(), time)));
    }
    of_words(text)
}

/// What a sentence says of penalties.
pub(super) fn of_words(text: &str) -> Option<OfPenalty> {
    let who = |name: &str| Who { name: name.trim().to_owned(), slot: None };
    if let Some((name, rest)) = text.rsplit_once(" finished before serving penalty, added ") {
        return Some(OfPenalty::Added(who(name), written::time(rest.strip_suffix(" seconds to totalET")?)?));
    }
    if let Some((name, rest)) = text.rsplit_once(" served ")
        && rest.contains(" penalty")
    {
        return Some(OfPenalty::Served(who(name)));
    }
    let (name, rest) = text.rsplit_once(" received ")?;
    let (kind, rest) = rest.split_once(" penalty")?;
    let time = rest.strip_prefix(", ").and_then(|rest| written::time(rest.split_once("s,")?.0));
    Some(OfPenalty::Given(who(name), kind_of(kind, time)))
}

/// The kind of a penalty by the game's word for it. A drive-through has a time that means nothing.
fn kind_of(word: &str, time: Option<Micros>) -> PenaltyKind {
    match (word, time.filter(|time| time.0 >= 0)) {
        ("Drive Thru", _) => PenaltyKind::DriveThrough,
        ("Stop/Go" | "Stop and Go", Some(time)) => PenaltyKind::StopAndGo(time),
        ("Time", Some(time)) => PenaltyKind::Time(time),
        ("Disqualify", _) => PenaltyKind::Disqualified,
        _ => PenaltyKind::Other,
    }
}

/// The game's word for a kind of penalty, and its time in seconds.
pub(super) fn word_of(kind: PenaltyKind) -> (&'static str, Micros) {
    match kind {
        PenaltyKind::DriveThrough => ("Drive Thru", Micros(0)),
        PenaltyKind::StopAndGo(time) => ("Stop/Go", time),
        PenaltyKind::Time(time) => ("Time", time),
        PenaltyKind::Disqualified => ("Disqualify", Micros(0)),
        PenaltyKind::LapDeleted | PenaltyKind::Warning | PenaltyKind::Other => ("Other", Micros(0)),
    }
}

/// What of a line is told as a message: what the server says, penalties, track limits, and contacts of two cars.
pub(super) fn message(line: &Element) -> Option<String> {
    let text = line.text();
    let text = text.trim();
    let told = match line.name() {
        "Sent" | "Penalty" => text.to_owned(),
        "Incident" if text.contains(" with another vehicle ") => text.to_owned(),
        "TrackLimits" => limits(line, text),
        _ => return None,
    };
    (!told.is_empty()).then_some(told)
}

/// `Ash: Invalid Lap Cut Track (0.5 points, 1.5 in all)`: who it is about is only in an attribute.
fn limits(line: &Element, text: &str) -> String {
    let of = |name| line.attribute(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let (driver, points, all) = (of("Driver"), of("WarningPoints"), of("CurrentPoints"));
    let points = if points.is_empty() || points == "0" { String::new() } else { format!(" ({points} points, {all} in all)") };
    format!("{driver}: {text}{points}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn who(name: &str) -> Who {
        Who { name: name.to_owned(), slot: None }
    }

    #[test]
    fn sentences_about_penalties_are_understood_whatever_a_driver_calls_himself() {
        let ten = PenaltyKind::StopAndGo(Micros::seconds(10));
        let given = |name, kind| Some(OfPenalty::Given(who(name), kind));
        assert_eq!(of_words("Ash received Stop/Go penalty, 10s, 0laps. Result: penalties=1, 1st=Stop/Go,10s"), given("Ash", ten));
        assert_eq!(of_words("Ash received Drive Thru penalty, 10s, 0laps. Result: penalties=1"), given("Ash", PenaltyKind::DriveThrough));
        assert_eq!(of_words("Ash received Stop/Go penalty, 10s, 0laps for Speeding. Result: penalties=1"), given("Ash", ten));
        assert_eq!(of_words("Ash received Longer Lap penalty, 5s, 1laps."), given("Ash", PenaltyKind::Other));
        assert_eq!(of_words("I received x received Stop/Go penalty, 10s, 0laps."), given("I received x", ten));
        assert_eq!(of_words("Ash served 1st Stop/Go penalty, result: penalties=0"), Some(OfPenalty::Served(who("Ash"))));
        let added = "Ash finished before serving penalty, added 35 seconds to totalET";
        assert_eq!(of_words(added), Some(OfPenalty::Added(who("Ash"), Micros::seconds(35))));
        for no_penalty in [
            "",
            "Ash left the race",
            "Ash received a mail",
            "Ash served tea",
            "Ash finished before serving penalty, added x seconds to totalET",
        ] {
            assert_eq!(of_words(no_penalty), None, "{no_penalty}");
        }
    }

    #[test]
    fn attributes_say_what_words_need_not() {
        let line = Element::of("Penalty", "(words in the language of the server)")
            .with("Driver", "\tAsh")
            .with("ID", "7")
            .with("Penalty", "Time")
            .with("Time", "5");
        let ash = Who { name: "Ash".to_owned(), slot: Some("7".to_owned()) };
        assert_eq!(said(&line), Some(Said::Penalty(OfPenalty::Given(ash, PenaltyKind::Time(Micros::seconds(5))))));
        let line = Element::of("TrackLimits", "Invalid Lap Cut Track")
            .with("Driver", "Ash")
            .with("WarningPoints", "0.5")
            .with("CurrentPoints", "1.5");
        assert_eq!(message(&line).as_deref(), Some("Ash: Invalid Lap Cut Track (0.5 points, 1.5 in all)"));
    }

    #[test]
    fn a_score_tells_who_was_over_which_line_when() {
        let of = |text| said(&Element::of("Score", text));
        let ash = Who { name: "Ash (GB)".to_owned(), slot: Some("78".to_owned()) };
        let expected = Said::Score { of: ash, laps: 2, point: 0, elapsed: Micros(297_312_000) };
        assert_eq!(of("Ash (GB)(78) lap=2 point=0 t=-1.000 et=297.312"), Some(expected));
        let flag = "Checkered for Ash, laps=13/2147483647, endET=1276.948975/1241.224121, crossedAfterTime=0";
        assert_eq!(of(flag), Some(Said::Chequered { elapsed: Micros(1_276_948_975) }));
        assert_eq!((of("Ash lap=2 point=0 t=1 et=2"), of("Ash(7) lap=x point=0 t=1 et=2"), of("")), (None, None, None));
    }

    proptest! {
        #[test]
        fn whatever_is_said_is_understood_or_not(text in "(Ash|\\(7\\)| received | served | penalty|, |10s,| lap=| et=|1|Checkered for | endET=|/| finished before serving penalty, added | seconds to totalET){0,8}") {
            for name in ["Score", "Incident", "Penalty"] {
                let _ = said(&Element::of(name, &text));
            }
        }
    }
}
