//! The result file of an account.

use std::collections::{BTreeSet, HashMap};

use sport::date::Micros;
use sport::result::Finish;
use sport::running::Ranking;
use sport::session::SessionKind;

use super::stream::{of_words, word_of};
use super::{NO_LAPS, RESULTS, ROOT, read};
use crate::account::{Account, Claim, Flag, Lap, Penalty, PenaltyKind};
use crate::reckoned;
use crate::xml::Element;

/// The tree of a file, its elements in the order of the game.
pub(super) fn write(account: &Account) -> Element {
    let writing = Writing::of(account);
    let about = &account.about;
    let mut results = Element::new(RESULTS);
    put(&mut results, "ServerName", about.publisher.as_deref());
    let (venue, course) = about.track.as_deref().map_or(("", ""), |track| track.split_once('/').unwrap_or((track, track)));
    put(&mut results, "TrackVenue", Some(venue).filter(|venue| !venue.is_empty()));
    put(&mut results, "TrackCourse", Some(course).filter(|course| !course.is_empty()));
    put(&mut results, "TrackEvent", about.event.as_deref());
    if about.kind.is_some() || !account.cars.is_empty() {
        results.push(writing.session());
    }
    let mut root = Element::new(ROOT).with("version", "1.0");
    root.push(results);
    root
}

fn put(element: &mut Element, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        element.push(Element::of(name, text));
    }
}

/// Seconds with four digits behind the point, as the game writes them, or with more where there are more.
fn seconds(time: Micros) -> String {
    let (sign, micros) = (if time.0 < 0 { "-" } else { "" }, time.0.unsigned_abs());
    let (whole, behind) = (micros / 1_000_000, micros % 1_000_000);
    if behind.is_multiple_of(100) { format!("{sign}{whole}.{:04}", behind / 100) } else { format!("{sign}{whole}.{behind:06}") }
}

struct Writing<'a> {
    account: &'a Account,
    /// From the beginning of the session to the start of the race: as long as there is something told before that.
    start: i64,
    /// The laps of each car.
    laps: Vec<Vec<&'a Lap>>,
    claims: Vec<Option<&'a Claim>>,
    slots: Vec<String>,
}

impl<'a> Writing<'a> {
    fn of(account: &'a Account) -> Self {
        let mut laps = vec![Vec::new(); account.cars.len()];
        account.laps.iter().for_each(|lap| laps[lap.car].push(lap));
        let mut claims = vec![None; account.cars.len()];
        account.claims.iter().for_each(|claim| claims[claim.car] = Some(claim));
        let told = account.messages.iter().filter_map(|message| message.elapsed);
        let first = told.map(|elapsed| elapsed.0).min().unwrap_or(0).min(0);
        // A race is known to start where a first lap begins. Whole seconds are enough for what comes before it.
        let starts = is_race(account) && account.laps.iter().any(|lap| lap.number == 1 && lap.elapsed.is_some());
        let start = if starts { (-first + 999_999) / 1_000_000 * 1_000_000 } else { 0 };
        Self { account, start, laps, claims, slots: slots(account) }
    }

    /// What the game calls the session: as the account does, if the game would.
    fn name(&self) -> String {
        let about = &self.account.about;
        if let Some(name) = &about.session
            && read::kind(name).is_some_and(|(kind, number)| Some(kind) == about.kind && number == about.number)
        {
            return name.clone();
        }
        let word = match about.kind {
            Some(SessionKind::Practice) => "Practice",
            Some(SessionKind::Qualifying) => "Qualify",
            Some(SessionKind::WarmUp) => "Warmup",
            Some(SessionKind::Race | SessionKind::QualifyingRace) => "Race",
            None if is_race(self.account) => "Race",
            None => "Practice",
        };
        about.number.map_or_else(|| word.to_owned(), |number| format!("{word}{number}"))
    }

    fn session(&self) -> Element {
        let about = &self.account.about;
        let mut session = Element::new(&self.name());
        put(&mut session, "DateTime", about.began.map(|at| (at.0.div_euclid(1_000_000)).to_string()).as_deref());
        if about.planned.is_some() || about.planned_laps.is_some() {
            put(&mut session, "Laps", Some(&about.planned_laps.unwrap_or(NO_LAPS).to_string()));
            put(&mut session, "Minutes", Some(&about.planned.map_or(0, |planned| planned.0 / 60_000_000).to_string()));
        }
        session.push(self.stream());
        (0..self.account.cars.len()).for_each(|car| session.push(self.driver(car)));
        session
    }

    fn driver(&self, car: usize) -> Element {
        let of = &self.account.cars[car];
        let mut driver = Element::new("Driver");
        put(&mut driver, "Name", of.drivers.first().map(|driver| driver.name.as_str()));
        put(&mut driver, "CarType", of.model.as_deref());
        put(&mut driver, "CarClass", of.class.as_deref());
        put(&mut driver, "CarNumber", Some(&of.number));
        put(&mut driver, "TeamName", of.team.as_deref());
        // Whoever is none is driven by the game.
        put(&mut driver, "isPlayer", Some("1"));
        put(&mut driver, "GridPos", of.grid.map(|place| place.to_string()).as_deref());
        let claim = self.claims[car];
        let place = |place: Option<u16>| place.map_or_else(|| String::from("-1"), |place| place.to_string());
        if let Some(claim) = claim {
            put(&mut driver, "Position", Some(&place(claim.place)));
            put(&mut driver, "ClassPosition", Some(&place(claim.class_place)));
        }
        let mut last = (0_u32, Some(Micros(0)));
        for lap in &self.laps[car] {
            let (number, ended) = last;
            driver.push(self.lap(lap, ended.filter(|_| number.checked_add(1) == Some(lap.number))));
            last = (lap.number, lap.elapsed);
        }
        if let Some(claim) = claim {
            claimed(claim, &mut driver);
        }
        self.swaps(car, &mut driver);
        driver
    }

    /// A lap, and when the one before it ended, if that is known.
    fn lap(&self, lap: &Lap, before: Option<Micros>) -> Element {
        let time = lap.time.filter(|_| lap.valid);
        let began = before.or_else(|| Some(Micros(lap.elapsed?.0 - lap.time?.0)));
        let since = |at: Micros| seconds(Micros(at.0 + self.start));
        let mut of = Element::of("Lap", &time.map_or_else(|| String::from("--.----"), seconds)).with("num", &lap.number.to_string());
        // Without an end there is no clock for the beginning either.
        let clocked = lap.elapsed.and(began).map_or_else(|| String::from("--.---"), since);
        of = of.with("et", &clocked);
        for (name, sector) in ["s1", "s2", "s3"].into_iter().zip(&lap.sectors) {
            of = sector.iter().fold(of, |of, sector| of.with(name, &seconds(*sector)));
        }
        if let Some(speed) = lap.top_speed {
            of = of.with("topspeed", &format!("{}.{:02}", speed / 100, speed % 100));
        }
        if lap.into_pit { of.with("pit", "1") } else { of }
    }

    /// Who drove from which lap to which, where more than one did.
    fn swaps(&self, car: usize, driver: &mut Element) {
        let laps = &self.laps[car];
        if laps.iter().all(|lap| lap.driver.is_none_or(|driver| driver == 0)) && self.account.cars[car].drivers.len() < 2 {
            return;
        }
        for stint in laps.chunk_by(|one, next| one.driver == next.driver) {
            let name = stint[0].driver.and_then(|nth| self.account.cars[car].drivers.get(nth)).map(|driver| driver.name.as_str());
            let Some(name) = name else { continue };
            let (first, last) = (stint[0].number.to_string(), stint[stint.len() - 1].number.to_string());
            driver.push(Element::of("Swap", name).with("startLap", &first).with("endLap", &last));
        }
    }

    /// Everything that was said and seen, in the order of time.
    fn stream(&self) -> Element {
        let mut lines: Vec<(Option<Micros>, Element)> = Vec::new();
        for lap in &self.account.laps {
            lines.extend(lap.elapsed.map(|at| (Some(at), self.score(lap, at))));
        }
        self.said(&mut lines);
        let chequered = self.account.flags.iter().find(|flown| flown.flag == Flag::Chequered);
        if let Some(at) = chequered.and_then(|flown| flown.elapsed) {
            let first = self.account.claims.first().map_or("", |claim| self.name_of(claim.car, None));
            let laps = self.account.claims.first().and_then(|claim| claim.laps).unwrap_or(0);
            let end = seconds(Micros(at.0 + self.start));
            let text = format!("Checkered for {first}, laps={laps}/{NO_LAPS}, endET={end}/{end}, crossedAfterTime=0");
            lines.push((Some(at), Element::of("Score", &text)));
        }
        // Of what nobody says when it was, it is the end.
        lines.sort_by_key(|(at, _)| (at.is_none(), *at));
        let mut stream = Element::new("Stream");
        for (at, line) in lines {
            let at = at.map(|at| seconds(Micros(at.0 + self.start)));
            stream.push(at.into_iter().fold(line, |line, at| line.with("et", &at)));
        }
        stream
    }

    fn score(&self, lap: &Lap, at: Micros) -> Element {
        let (name, slot) = (self.name_of(lap.car, lap.driver), &self.slots[lap.car]);
        let time = lap.time.filter(|_| lap.valid).map_or_else(|| String::from("-1.000"), seconds);
        Element::of("Score", &format!("{name}({slot}) lap={} point=0 t={time} et={}", lap.number, seconds(Micros(at.0 + self.start))))
    }

    fn name_of(&self, car: usize, driver: Option<usize>) -> &str {
        self.account.cars[car].drivers.get(driver.unwrap_or(0)).map_or("", |driver| &driver.name)
    }

    /// Messages, with those that say a penalty as penalties, and the penalties of which no message speaks.
    fn said(&self, lines: &mut Vec<(Option<Micros>, Element)>) {
        let mut silent: Vec<Option<&Penalty>> = self.account.penalties.iter().map(Some).collect();
        let mut spoken: HashMap<&str, Vec<usize>> = HashMap::new();
        for (nth, penalty) in self.account.penalties.iter().enumerate().rev() {
            spoken.entry(&penalty.words).or_default().push(nth);
        }
        for message in &self.account.messages {
            let penalty = spoken.get_mut(message.text.as_str()).and_then(Vec::pop).and_then(|nth| silent[nth].take());
            let line = match penalty {
                Some(penalty) => self.penalty(penalty, &message.text),
                None if of_words(&message.text).is_some() => Element::of("Penalty", &message.text),
                None => Element::of("Sent", &message.text),
            };
            lines.push((message.elapsed, line));
        }
        for penalty in silent.into_iter().flatten() {
            let at = |lap: Option<u32>| self.laps[penalty.car].iter().find(|of| Some(of.number.saturating_add(1)) == lap)?.elapsed;
            let began = |lap: Option<u32>| if lap == Some(1) { Some(Micros(0)) } else { at(lap) };
            lines.push((began(penalty.lap), self.penalty(penalty, &self.words(penalty))));
            if penalty.served.is_some() {
                let name = self.name_of(penalty.car, penalty.driver);
                let text = format!("{name} served 1st {} penalty, result: penalties=0", word_of(penalty.kind).0);
                lines.push((began(penalty.served), Element::of("Penalty", &text)));
            }
        }
    }

    /// The words of a penalty: those of the game for what was added in the end.
    fn words(&self, penalty: &Penalty) -> String {
        match penalty.kind {
            PenaltyKind::Time(time) if penalty.after => {
                let name = self.name_of(penalty.car, penalty.driver);
                let time = seconds(time);
                let time = time.trim_end_matches('0').trim_end_matches('.');
                format!("{name} finished before serving penalty, added {time} seconds to totalET")
            }
            PenaltyKind::DriveThrough
            | PenaltyKind::StopAndGo(_)
            | PenaltyKind::Time(_)
            | PenaltyKind::LapDeleted
            | PenaltyKind::Disqualified
            | PenaltyKind::Warning
            | PenaltyKind::Other => penalty.words.clone(),
        }
    }

    fn penalty(&self, penalty: &Penalty, words: &str) -> Element {
        let line = Element::of("Penalty", words);
        if penalty.after {
            return line;
        }
        let (word, time) = word_of(penalty.kind);
        line.with("Driver", self.name_of(penalty.car, penalty.driver))
            .with("ID", &self.slots[penalty.car])
            .with("Penalty", word)
            .with("Time", &seconds(time))
    }
}

fn is_race(account: &Account) -> bool {
    reckoned::ranking(account) == Ranking::Distance
}

/// What is claimed, behind the laps.
fn claimed(claim: &Claim, driver: &mut Element) {
    put(driver, "BestLapTime", claim.best.map(seconds).as_deref());
    put(driver, "FinishTime", claim.time.map(seconds).as_deref());
    put(driver, "Laps", claim.laps.map(|laps| laps.to_string()).as_deref());
    put(driver, "Pitstops", claim.stops.map(|stops| stops.to_string()).as_deref());
    let (status, reason) = match (claim.finish, claim.status.as_deref()) {
        (Finish::Classified, _) => ("Finished Normally", None),
        (Finish::NotClassified, reason) => ("DNF", reason),
        (Finish::Disqualified, reason) => ("DQ", reason),
        (Finish::Unknown, Some(status)) => (status, None),
        (Finish::Unknown | Finish::NotStarted, _) => ("None", None),
    };
    put(driver, "FinishStatus", Some(status));
    put(driver, "DNFReason", reason);
}

/// The slots the account has, of a car without one the next that is free.
fn slots(account: &Account) -> Vec<String> {
    let digits = |key: &String| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let told: Vec<Option<&String>> = account.cars.iter().map(|car| car.key.as_ref().filter(|key| digits(key))).collect();
    let taken: BTreeSet<&String> = told.iter().flatten().copied().collect();
    let mut free = (0_usize..).map(|slot| slot.to_string()).filter(|slot| !taken.contains(slot));
    told.iter().map(|slot| slot.cloned().or_else(|| free.next()).unwrap_or_default()).collect()
}
