//! What a result file tells.

use std::collections::{HashMap, VecDeque};

use sport::date::{Instant, Micros};
use sport::result::Finish;
use sport::session::SessionKind;

use super::stream::{self, OfPenalty, Said, Who};
use super::{NO_LAPS, RESULTS};
use crate::account::{About, Account, Car, Claim, Driver, Flag, Flown, Lap, Message, Note, Penalty, PenaltyKind};
use crate::flaw::Flaw;
use crate::written;
use crate::xml::Element;

/// What the tree of a file tells, and what in it tells nothing.
pub(super) fn read(root: &Element) -> (Account, Vec<Flaw>) {
    let mut reading = Reading::default();
    let Some(results) = root.get(RESULTS) else { return (reading.account, reading.flaws) };
    let mut sessions = results.elements().filter(|element| kind(element.name()).is_some());
    let session = sessions.next();
    reading.about(results, session);
    for other in sessions {
        reading.note("other-session", None, other, format!("{} is in the file too, and not read", other.name()));
    }
    let Some(session) = session else {
        reading.note("no-session", None, results, String::from("it tells of an event and of no session in it"));
        return (reading.account, reading.flaws);
    };
    for driver in session.all("Driver") {
        reading.driver(driver);
    }
    let lines: Vec<&Element> = session.get("Stream").map_or_else(Vec::new, |stream| stream.elements().collect());
    let said: Vec<Option<Said>> = lines.iter().map(|line| stream::said(line)).collect();
    reading.slots(&said);
    reading.laps(session);
    reading.claims(session);
    reading.stream(&lines, &said);
    (reading.account, reading.flaws)
}

/// What an element is a session of, and which of its kind. None of an element that is none.
pub(super) fn kind(name: &str) -> Option<(SessionKind, Option<u16>)> {
    let word = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let kind = match word {
        "TestDay" | "Practice" => SessionKind::Practice,
        "Qualify" => SessionKind::Qualifying,
        "Warmup" => SessionKind::WarmUp,
        "Race" => SessionKind::Race,
        _ => return None,
    };
    Some((kind, name[word.len()..].parse().ok()))
}

#[derive(Default)]
struct Reading<'e> {
    account: Account,
    flaws: Vec<Flaw>,
    /// The element of each car.
    drivers: Vec<&'e Element>,
    /// The car and the driver of it by the name that stands in the stream; none of one that two cars have.
    names: HashMap<String, Option<(usize, usize)>>,
    /// The car by its slot; none of one that two had after each other.
    slots: HashMap<String, Option<usize>>,
    /// When a car had completed so many laps, from the beginning of the session.
    scores: HashMap<(usize, u32), Micros>,
    /// From the beginning of the session to the start of the race.
    start: i64,
}

impl<'e> Reading<'e> {
    fn note(&mut self, code: &'static str, car: Option<usize>, place: &Element, says: String) {
        self.account.notes.push(Note { code, car, line: Some(place.place.line), says });
    }

    /// A number in an element of a name; told where it is none. A number below zero says that there is none.
    fn number<N: TryFrom<i64>>(&mut self, of: &Element, name: &str) -> Option<N> {
        let element = of.get(name)?;
        let text = of.said(name)?;
        match text.parse::<i64>() {
            Ok(number) if number < 0 => None,
            Ok(number) => N::try_from(number).ok().or_else(|| self.unread(element, name, &text)),
            Err(_) => self.unread(element, name, &text),
        }
    }

    /// A time in seconds; told where it is none. Dashes, and a time below zero, say that there is none.
    fn seconds(&mut self, place: &Element, name: &str, text: Option<&str>) -> Option<Micros> {
        let text = text.map(str::trim).filter(|text| !text.is_empty() && !text.starts_with('-'))?;
        written::time(text).or_else(|| self.unread(place, name, text))
    }

    fn unread<T>(&mut self, place: &Element, name: &str, text: &str) -> Option<T> {
        let shown: String = text.chars().take(40).collect();
        self.flaws.push(place.flaw(format!("the {name} is `{shown}`, and that is none")));
        None
    }

    fn about(&mut self, results: &Element, session: Option<&Element>) {
        let mut about = About { event: results.said("TrackEvent"), publisher: results.said("ServerName"), ..About::default() };
        let (venue, course) = (results.said("TrackVenue"), results.said("TrackCourse"));
        about.track = match (venue, course) {
            (Some(venue), Some(course)) if venue != course => Some(format!("{venue}/{course}")),
            (venue, course) => venue.or(course),
        };
        if let Some(session) = session {
            about.session = Some(session.name().to_owned());
            (about.kind, about.number) = kind(session.name()).map_or((None, None), |(kind, number)| (Some(kind), number));
            // The clock of the session: its zero is that of every `et`.
            about.began = self.number::<i64>(session, "DateTime").and_then(|seconds| Some(Instant(seconds.checked_mul(1_000_000)?)));
            let minutes: Option<u32> = self.number(session, "Minutes").filter(|minutes| *minutes > 0);
            about.planned = minutes.map(|minutes| Micros::seconds(i64::from(minutes) * 60));
            about.planned_laps = self.number(session, "Laps").filter(|laps| (1..NO_LAPS).contains(laps));
        }
        self.account.about = about;
    }

    /// A car, with who drove it last and who else did.
    fn driver(&mut self, of: &'e Element) {
        let (name, number) = (of.said("Name"), of.said("CarNumber"));
        if name.is_none() && number.is_none() {
            self.flaws.push(of.flaw("a driver without a name and without a number"));
            return;
        }
        let car = self.account.cars.len();
        let mut crew: HashMap<String, usize> = HashMap::new();
        let mut names: Vec<String> = name.into_iter().collect();
        names.extend(of.all("Swap").map(|swap| swap.text().trim().to_owned()));
        let mut drivers = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let nth = *crew.entry(name.clone()).or_insert_with(|| {
                drivers.push(Driver { name: name.clone(), ..Driver::default() });
                drivers.len() - 1
            });
            let known = self.names.entry(name).or_insert(Some((car, nth)));
            if known.is_some_and(|(other, _)| other != car) {
                *known = None;
            }
        }
        let grid = self.number(of, "GridPos").filter(|place| *place > 0);
        self.account.cars.push(Car {
            number: number.unwrap_or_default(),
            class: of.said("CarClass"),
            team: of.said("TeamName"),
            model: of.said("CarType"),
            drivers,
            grid,
            ..Car::default()
        });
        self.drivers.push(of);
    }

    /// Learns from the stream which car is in which slot, and when cars completed their laps.
    fn slots(&mut self, said: &[Option<Said>]) {
        for said in said.iter().flatten() {
            let (Said::Score { of, .. } | Said::Contact { of }) = said else { continue };
            let (Some(Some((car, _))), Some(slot)) = (self.names.get(&of.name), &of.slot) else { continue };
            let known = self.slots.entry(slot.clone()).or_insert(Some(*car));
            if *known != Some(*car) {
                *known = None;
            }
        }
        for said in said.iter().flatten() {
            if let Said::Score { of, laps, point: 0, elapsed } = said
                && let Some((car, _)) = self.who(of)
            {
                self.scores.entry((car, *laps)).or_insert(*elapsed);
            }
        }
        let mut keys: Vec<Vec<&String>> = vec![Vec::new(); self.account.cars.len()];
        self.slots.iter().filter_map(|(slot, car)| Some((slot, (*car)?))).for_each(|(slot, car)| keys[car].push(slot));
        for (car, slots) in self.account.cars.iter_mut().zip(&keys) {
            car.key = if let [slot] = slots.as_slice() { Some((*slot).clone()) } else { None };
        }
    }

    /// The car a line of the stream is about, and who drives it.
    fn who(&self, who: &Who) -> Option<(usize, Option<usize>)> {
        if let Some((car, driver)) = self.names.get(&who.name).copied().flatten() {
            return Some((car, Some(driver)));
        }
        let car = self.slots.get(who.slot.as_ref()?).copied().flatten()?;
        Some((car, self.account.cars[car].drivers.iter().position(|driver| driver.name == who.name)))
    }

    fn laps(&mut self, session: &Element) {
        let drivers = std::mem::take(&mut self.drivers);
        let mut rows: Vec<Vec<Row>> = Vec::with_capacity(drivers.len());
        for (car, of) in drivers.iter().enumerate() {
            let swaps = self.swaps(car, of);
            let mut of_car: Vec<Row> = of.all("Lap").filter_map(|lap| self.lap(lap, car, &swaps)).collect();
            of_car.sort_by_key(|row| row.lap.number);
            rows.push(of_car);
        }
        self.drivers = drivers;
        // A race's clock runs from its green flag, where all first laps begin; before that the cars go round behind nobody, or stand.
        if matches!(kind(session.name()), Some((SessionKind::Race, _))) {
            let first = rows.iter().flatten().filter(|row| row.lap.number == 1).filter_map(|row| row.began);
            self.start = first.map(|began| began.0).min().unwrap_or(0);
        }
        for row in rows {
            for nth in 0..row.len() {
                let elapsed = self.elapsed(&row, nth).map(|at| Micros(at.0 - self.start));
                self.account.laps.push(Lap { elapsed, ..row[nth].lap.clone() });
            }
        }
        self.account.number_laps();
    }

    /// When a lap ended, from the beginning of the session: when the next began; else by its own time; else as the stream says, to the millisecond.
    fn elapsed(&self, rows: &[Row], nth: usize) -> Option<Micros> {
        let Row { lap, began } = &rows[nth];
        let next = rows.get(nth + 1).filter(|next| next.lap.number == lap.number.saturating_add(1));
        let own = || Some(Micros(began.as_ref()?.0 + lap.time?.0));
        next.and_then(|next| next.began).or_else(own).or_else(|| self.scores.get(&(lap.car, lap.number)).copied())
    }

    fn lap(&mut self, of: &Element, car: usize, swaps: &Swaps) -> Option<Row> {
        let Some(number) = of.attribute("num").and_then(|number| number.trim().parse().ok()).filter(|number| *number > 0) else {
            self.flaws.push(of.flaw("a lap without a number"));
            return None;
        };
        let time = self.seconds(of, "time", Some(&of.text()));
        let mut of_attribute = |name| self.seconds(of, name, of.attribute(name).as_deref());
        let began = of_attribute("et");
        let mut sectors = ["s1", "s2", "s3"].map(&mut of_attribute).to_vec();
        if sectors.iter().all(Option::is_none) {
            sectors.clear();
        }
        let speed = of.attribute("topspeed").and_then(|speed| written::decimal(speed.trim(), 2));
        let driver = swaps.driver(number).unwrap_or_else(|| if self.account.cars[car].drivers.is_empty() { None } else { Some(0) });
        let lap = Lap {
            driver,
            time,
            sectors,
            // What was driven off the track, from the pit lane or into it has no time.
            valid: time.is_some(),
            into_pit: of.attribute("pit").as_deref() == Some("1"),
            // Said by others: a lap from before a player joined has one of nothing.
            top_speed: speed.and_then(|speed| u32::try_from(speed).ok()).filter(|speed| *speed > 0),
            ..Lap::of(car, number)
        };
        Some(Row { lap, began })
    }

    fn swaps(&mut self, car: usize, of: &Element) -> Swaps {
        let mut swaps = Swaps::default();
        let crew: HashMap<String, usize> =
            self.account.cars[car].drivers.iter().enumerate().map(|(nth, driver)| (driver.name.clone(), nth)).collect();
        for swap in of.all("Swap") {
            let lap = |name| swap.attribute(name).and_then(|lap| lap.trim().parse::<u32>().ok());
            let (Some(first), Some(last)) = (lap("startLap"), lap("endLap")) else {
                self.flaws.push(swap.flaw("a change of drivers without its first and last lap"));
                continue;
            };
            match crew.get(swap.text().trim()) {
                Some(driver) => swaps.stints.push((first, last, *driver)),
                None => self.note("swap-without-name", Some(car), swap, format!("laps {first} to {last} are somebody's without a name")),
            }
        }
        swaps.stints.sort_unstable();
        swaps
    }

    fn claims(&mut self, session: &Element) {
        let drivers = std::mem::take(&mut self.drivers);
        let race = matches!(kind(session.name()), Some((SessionKind::Race, _)));
        let mut claims: Vec<Claim> = drivers.iter().enumerate().map(|(car, of)| self.claim(car, of, race)).collect();
        // They are told in the order of their laps, and not of the classification.
        claims.sort_by_key(|claim| (claim.place.is_none(), claim.place));
        for pair in claims.windows(2) {
            if pair[0].place.is_some() && pair[0].place == pair[1].place {
                let says = format!("has place {} too", pair[1].place.unwrap_or_default());
                self.note("place-twice", Some(pair[1].car), drivers[pair[1].car], says);
            }
        }
        self.account.claims = claims;
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        let mut notes = Vec::new();
        for (car, of) in self.account.cars.iter().enumerate().filter(|(_, car)| !car.number.is_empty()) {
            if numbers.insert(&of.number, car).is_some() {
                let says = format!("another car has number {} too", of.number);
                notes.push(Note { code: "number-twice", car: Some(car), line: Some(drivers[car].place.line), says });
            }
        }
        self.account.notes.extend(notes);
    }

    fn claim(&mut self, car: usize, of: &Element, race: bool) -> Claim {
        let (status, reason) = (of.said("FinishStatus"), of.said("DNFReason"));
        let (finish, status) = match status.as_deref() {
            Some("Finished Normally") => (Finish::Classified, None),
            Some("DNF") => (Finish::NotClassified, reason),
            Some("DQ") => (Finish::Disqualified, reason),
            None | Some("None") => (Finish::Unknown, None),
            Some(other) => (Finish::Unknown, Some(other.to_owned())),
        };
        let time = self.seconds(of, "FinishTime", of.said("FinishTime").as_deref()).filter(|_| race);
        Claim {
            finish,
            status,
            place: self.number(of, "Position").filter(|place| *place > 0),
            class_place: self.number(of, "ClassPosition").filter(|place| *place > 0),
            laps: self.number(of, "Laps"),
            time,
            best: self.seconds(of, "BestLapTime", of.said("BestLapTime").as_deref()),
            stops: self.number(of, "Pitstops"),
            ..Claim::of(car)
        }
    }

    fn stream(&mut self, lines: &[&Element], said: &[Option<Said>]) {
        let completed = self.completed();
        // Penalties of each car that wait to be served, the oldest first.
        let mut waiting: HashMap<usize, VecDeque<usize>> = HashMap::new();
        let mut before: Option<&Element> = None;
        for (line, said) in lines.iter().zip(said) {
            // Said by others: every line of track limits is written twice.
            let twice = line.name() == "TrackLimits" && before.is_some_and(|before| before == *line);
            before = Some(line);
            let at = line.attribute("et").and_then(|at| written::time(at.trim())).map(|at| Micros(at.0 - self.start));
            if let Some(text) = stream::message(line).filter(|_| !twice) {
                self.account.messages.push(Message { elapsed: at, at: None, text });
            }
            match said {
                Some(Said::Chequered { elapsed }) if self.account.flags.is_empty() => {
                    let elapsed = Some(Micros(elapsed.0 - self.start));
                    self.account.flags.push(Flown { elapsed, at: None, flag: Flag::Chequered });
                }
                Some(Said::Penalty(of)) => {
                    let words = line.text().trim().to_owned();
                    self.penalty(of, words, |car| lap_at(&completed[car], at?), &mut waiting);
                }
                Some(Said::Chequered { .. } | Said::Score { .. } | Said::Contact { .. }) | None => {}
            }
        }
    }

    /// When each car completed its laps, in order; nothing of a car of which that is not known of all.
    fn completed(&self) -> Vec<Option<Vec<i64>>> {
        let mut completed: Vec<Option<Vec<i64>>> = vec![Some(Vec::new()); self.account.cars.len()];
        for lap in &self.account.laps {
            match (&mut completed[lap.car], lap.elapsed) {
                (Some(of), Some(elapsed)) => of.push(elapsed.0),
                (of, None) => *of = None,
                (None, Some(_)) => {}
            }
        }
        completed.iter_mut().flatten().for_each(|of| of.sort_unstable());
        completed
    }

    fn penalty(
        &mut self,
        of: &OfPenalty,
        words: String,
        lap: impl Fn(usize) -> Option<u32>,
        waiting: &mut HashMap<usize, VecDeque<usize>>,
    ) {
        let (OfPenalty::Given(who, _) | OfPenalty::Served(who) | OfPenalty::Added(who, _)) = of;
        // Whom nobody knows has left, and is in no result.
        let Some((car, driver)) = self.who(who) else { return };
        let nth = self.account.penalties.len();
        let given = |kind, after| Penalty {
            car,
            driver,
            kind,
            words,
            lap: if after { None } else { lap(car) },
            served: None,
            after,
            contained: after,
        };
        match of {
            OfPenalty::Given(_, kind) => {
                self.account.penalties.push(given(*kind, false));
                waiting.entry(car).or_default().push_back(nth);
            }
            // A total of 1304.146 s of one who drove for 1269.146 s: what was added is in it.
            OfPenalty::Added(_, time) => self.account.penalties.push(given(PenaltyKind::Time(*time), true)),
            OfPenalty::Served(_) => {
                if let Some(oldest) = waiting.get_mut(&car).and_then(VecDeque::pop_front) {
                    self.account.penalties[oldest].served = lap(car);
                }
            }
        }
    }
}

/// In which lap a car was. The stream is told a moment late, and by tenths of a second.
fn lap_at(completed: &Option<Vec<i64>>, at: Micros) -> Option<u32> {
    u32::try_from(completed.as_ref()?.partition_point(|end| *end <= at.0)).ok()?.checked_add(1)
}

/// A lap, and when it began from the beginning of the session.
struct Row {
    lap: Lap,
    began: Option<Micros>,
}

/// Who drove from which lap to which, in order. Empty where one drove all of them.
#[derive(Default)]
struct Swaps {
    stints: Vec<(u32, u32, usize)>,
}

impl Swaps {
    /// Who drove a lap: nobody that is known, where two have it or none. None where no stint is told at all.
    fn driver(&self, lap: u32) -> Option<Option<usize>> {
        if self.stints.is_empty() {
            return None;
        }
        let behind = self.stints.partition_point(|(first, ..)| *first <= lap);
        let of = |nth: usize| self.stints.get(nth).filter(|(_, last, _)| *last >= lap).map(|(.., driver)| *driver);
        let driver = behind.checked_sub(1).and_then(of);
        let before = behind.checked_sub(2).and_then(of);
        Some(driver.filter(|driver| before.is_none_or(|before| before == *driver)))
    }
}
