//! Which session of a calendar an account is of: by what it is for, its circuit, its day.

use sport::date::Date;
use sport::session::{Calendar, Session, SessionKind};

use crate::account::Account;

/// Why a session was not found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unclear {
    /// No session of the calendar can be it.
    None,
    /// More than one can: their positions on the calendar.
    Several(Vec<usize>),
}

/// What the names of a file and of its folders say of a session.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Hints {
    /// What it is for.
    pub kind: Option<SessionKind>,
    /// First, second, … of its kind.
    pub number: Option<u16>,
    /// The day.
    pub day: Option<Date>,
    /// Names that may be its circuit's, the nearest first.
    pub places: Vec<String>,
}

impl Hints {
    /// Of a path's parts, the file's name last.
    pub fn of(path: &[&str]) -> Self {
        let Some((name, folders)) = path.split_last() else { return Self::default() };
        let day = path.iter().rev().find_map(|part| day_of_name(part));
        let stem = name.rsplit_once('.').map_or(*name, |(stem, _)| stem);
        let mut hints = Self { day, places: folders.iter().rev().take(3).map(|part| (*part).to_owned()).collect(), ..Self::default() };
        let words = stem.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
        for word in words {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = word[letters.len()..].parse().ok().filter(|number| (1..100).contains(number));
            let kind = kind_of(letters);
            // A number belongs to the word it follows.
            if kind.is_some() || (letters.is_empty() && hints.kind.is_some()) {
                hints.number = digits.or(hints.number);
            }
            // A practice for the race is no race, and a qualifying race is one of its own.
            hints.kind = match (hints.kind, kind) {
                (Some(SessionKind::Race), Some(kind @ (SessionKind::Practice | SessionKind::Qualifying))) => Some(kind),
                (Some(SessionKind::Qualifying), Some(SessionKind::Race)) => Some(SessionKind::QualifyingRace),
                (before, kind) => before.or(kind),
            };
        }
        hints
    }
}

/// What a word in the name of a file says a session is for.
fn kind_of(word: &str) -> Option<SessionKind> {
    match word {
        "r" | "race" | "rennen" | "course" | "gara" | "carrera" => Some(SessionKind::Race),
        "q" | "quali" | "qualify" | "qualifying" | "qualification" => Some(SessionKind::Qualifying),
        "p" | "fp" | "practice" | "training" => Some(SessionKind::Practice),
        "warmup" => Some(SessionKind::WarmUp),
        _ => None,
    }
}

/// The session of a calendar that an account is of. What it says itself comes before what its name and folders say.
///
/// # Errors
/// No session or more than one fits.
pub fn session(account: &Account, calendar: &Calendar, hints: &Hints) -> Result<usize, Unclear> {
    let mut fits: Vec<usize> = (0..calendar.sessions.len()).collect();
    let sessions = &calendar.sessions;
    if let Some(kind) = account.about.kind.or(hints.kind) {
        fits.retain(|nth| alike(kind, sessions[*nth].kind));
    }
    // A circuit by another name is no reason to find nothing: its day may say it.
    let places: Vec<&String> = account.about.track.iter().chain(&hints.places).collect();
    if let Some(place) = places.iter().find(|place| fits.iter().any(|nth| at_track(calendar, &sessions[*nth], place))) {
        fits.retain(|nth| at_track(calendar, &sessions[*nth], place));
    }
    if let Some(day) = began(account).or(hints.day) {
        let days = |nth: usize| (sessions[nth].date.days_since_1970() - day.days_since_1970()).abs();
        // A server's clock may be on the other side of midnight.
        let nearest = fits.iter().map(|nth| days(*nth)).min().filter(|days| *days <= 1);
        fits.retain(|nth| Some(days(*nth)) == nearest);
    }
    if let Some(number) = account.about.number.or(hints.number) {
        narrow(&mut fits, |nth| sessions[nth].number == number);
    }
    if let (Some(name), true) = (&account.about.session, fits.len() > 1) {
        narrow(&mut fits, |nth| plain(sessions[nth].name.id.as_str()) == plain(name));
    }
    match fits.as_slice() {
        [] => Err(Unclear::None),
        [one] => Ok(*one),
        _ => Err(Unclear::Several(fits)),
    }
}

/// Keeps what holds, where anything does.
fn narrow(fits: &mut Vec<usize>, holds: impl Fn(usize) -> bool) {
    if fits.iter().any(|nth| holds(*nth)) {
        fits.retain(|nth| holds(*nth));
    }
}

/// Servers know practice, qualifying and race, and no more.
fn alike(told: SessionKind, kind: SessionKind) -> bool {
    told == kind
        || (told == SessionKind::Practice && kind == SessionKind::WarmUp)
        || (told == SessionKind::Race && kind == SessionKind::QualifyingRace)
}

fn at_track(calendar: &Calendar, session: &Session, track: &str) -> bool {
    let track = plain(track);
    let Some(round) = calendar.round(session.name.round) else { return false };
    [&round.circuit, &round.name].into_iter().map(|name| plain(name)).any(|name| {
        let (short, long) = if name.len() < track.len() { (&name, &track) } else { (&track, &name) };
        short.len() > 3 && long.contains(short.as_str())
    })
}

/// Letters and digits only, without the year that servers once put behind a circuit.
fn plain(name: &str) -> String {
    let name = name.rsplit_once('_').filter(|(_, year)| year.len() == 4 && year.starts_with("20")).map_or(name, |(name, _)| name);
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn began(account: &Account) -> Option<Date> {
    let days = account.about.began?.0.div_euclid(86_400_000_000);
    Date::of_days(days)
}

/// The day in the name of a file, as servers write it: `250918_170112_FP.json`, `2019_3_2_21_36_RACE.json`, `202504121405-race.csv`.
pub fn day_of_name(name: &str) -> Option<Date> {
    let parts: Vec<&str> = name.split(['_', '-', '.', ' ']).collect();
    let number = |text: &str| text.parse::<u16>().ok();
    let digits = |text: &str, length: usize| text.len() >= length && text.bytes().take(length).all(|byte| byte.is_ascii_digit());
    let first = *parts.first()?;
    let (year, month, day) = match first.len() {
        4 if parts.len() > 3 && digits(first, 4) => (number(first)?, number(parts[1])?, number(parts[2])?),
        6 if digits(first, 6) && parts.get(1).is_some_and(|time| digits(time, 4)) => {
            (2000 + number(&first[..2])?, number(&first[2..4])?, number(&first[4..])?)
        }
        8 | 12 | 14 if digits(first, 8) => (number(&first[..4])?, number(&first[4..6])?, number(&first[6..8])?),
        _ => return None,
    };
    let date = Date { year: i16::try_from(year).ok()?, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? };
    // A day that is none becomes another when it is counted.
    (year >= 1990 && Date::of_days(date.days_since_1970()) == Some(date)).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sport::names::SessionId;
    use sport::points::Points;
    use sport::session::{Round, SessionName};

    fn day(month: u8, day: u8) -> Date {
        Date { year: 2026, month, day }
    }

    /// Two rounds, at Monza and at Brands Hatch, each a qualifying and two races in two days.
    fn calendar() -> Calendar {
        let mut calendar = Calendar::default();
        for (number, circuit, first) in [(1, "monza", day(1, 31)), (2, "brands-hatch", day(2, 28))] {
            calendar.rounds.push(Round { number, circuit: circuit.into(), name: circuit.into(), country: String::new(), layout: None });
            let sessions = [("q", SessionKind::Qualifying, 1, 0), ("race-1", SessionKind::Race, 1, 0), ("race-2", SessionKind::Race, 2, 1)];
            for (id, kind, nth, later) in sessions {
                let name = SessionName { round: number, id: SessionId::new(id) };
                let date = Date::of_days(first.days_since_1970() + later).unwrap();
                let (points_factor, without_awards) = (Points::whole(1), Vec::new());
                let (minutes, kilometres, laps) = (None, None, None);
                calendar.sessions.push(Session { name, kind, number: nth, date, minutes, kilometres, laps, points_factor, without_awards });
            }
        }
        calendar
    }

    fn account(kind: SessionKind, track: Option<&str>) -> Account {
        let mut account = Account::default();
        (account.about.kind, account.about.track) = (Some(kind), track.map(str::to_owned));
        account
    }

    #[test]
    fn kind_circuit_and_day_say_which_session_it_is() {
        let calendar = calendar();
        let found = |account: &Account, day| session(account, &calendar, &Hints { day, ..Hints::default() });
        assert_eq!(found(&account(SessionKind::Qualifying, Some("brands_hatch_2019")), None), Ok(3));
        assert_eq!(found(&account(SessionKind::Race, Some("Autodromo Nazionale Monza")), Some(day(2, 1))), Ok(2));
        assert_eq!(found(&account(SessionKind::Race, Some("elsewhere")), Some(day(2, 28))), Ok(4));
        assert_eq!(found(&account(SessionKind::Race, Some("monza")), None), Err(Unclear::Several(vec![1, 2])));
        assert_eq!(found(&account(SessionKind::Practice, Some("monza")), None), Err(Unclear::None));
        assert_eq!(found(&account(SessionKind::Race, Some("monza")), Some(day(7, 1))), Err(Unclear::None));
        let mut second = account(SessionKind::Race, Some("monza"));
        second.about.number = Some(2);
        assert_eq!(found(&second, None), Ok(2));
        second.about = account(SessionKind::Race, Some("monza")).about;
        second.about.session = Some("Race 1".into());
        assert_eq!(found(&second, None), Ok(1));
    }

    #[test]
    fn names_of_folders_and_files_say_what_the_file_does_not() {
        let calendar = calendar();
        let found = |path: &[&str]| session(&Account::default(), &calendar, &Hints::of(path));
        assert_eq!(found(&["2026", "Brands_Hatch", "Races", "Race_2.csv"]), Ok(5));
        assert_eq!(found(&["monza", "Q.json"]), Ok(0));
        assert_eq!(found(&["260131_210000_R1.json"]), Ok(1));
        assert_eq!(found(&["monza", "Main_Race.csv"]), Err(Unclear::Several(vec![1, 2])));
        let kind = |name: &str| Hints::of(&[name]).kind;
        assert_eq!(kind("Race Practice 1"), Some(SessionKind::Practice));
        assert_eq!(kind("Qualifying Race"), Some(SessionKind::QualifyingRace));
        assert_eq!(Hints::of(&["FP3_2026.json"]), Hints { kind: Some(SessionKind::Practice), number: Some(3), ..Hints::default() });
    }

    #[test]
    fn names_of_files_say_the_day() {
        let of = |name| day_of_name(name).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(of("250918_170112_FP.json"), "2025-09-18");
        assert_eq!(of("2019_3_2_21_36_RACE.json"), "2019-03-02");
        assert_eq!(of("202504121405-race-laps.csv"), "2025-04-12");
        for none in ["results.json", "250931_170112_R.json", "123456.json", "99999999.csv", "2019_13_1_1_1_RACE.json", ""] {
            assert_eq!(of(none), "", "{none}");
        }
    }
}
