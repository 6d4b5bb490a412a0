//! Several files on one session, as one account: a classification, the laps, the weather, each of which knows a part.
//!
//! Cars are the same by their numbers, drivers of a car by an id or the name. What the first file says of a car counts, and what it does not say is taken from the next; of laps and of
//! claims those count of the file that tells most of them. What one file says and another says otherwise is noted.

use std::collections::{BTreeMap, HashMap};

use crate::account::{About, Account, Car, Claim, Driver, Lap, Note};
use crate::matched::words;
use crate::written::printed;
use sport::result::Finish;

/// What several files tell of one session.
pub fn together(accounts: Vec<Account>) -> Account {
    accounts.into_iter().reduce(joined).unwrap_or_default()
}

fn joined(mut here: Account, mut there: Account) -> Account {
    about(&mut here, std::mem::take(&mut there.about));
    let places = cars(&mut here, std::mem::take(&mut there.cars));
    renumber(&mut there, &places);
    claims(&mut here, std::mem::take(&mut there.claims));
    laps(&mut here, std::mem::take(&mut there.laps), there.laps_as_completed);
    union(&mut here.crossings, there.crossings, |of| (of.at, of.line.clone(), of.transponder.clone()));
    union(&mut here.penalties, there.penalties, |of| (of.car, of.lap, of.kind, of.words.clone()));
    union(&mut here.flags, there.flags, |of| (of.elapsed, of.at, of.flag));
    union(&mut here.messages, there.messages, |of| (of.elapsed, of.at, of.text.clone()));
    union(&mut here.stops, there.stops, |of| (of.car, of.lap, of.entry, of.entry_at, of.exit, of.exit_at));
    union(&mut here.weather, there.weather, |of| (of.at, of.air, of.track, of.humidity, of.pressure));
    here.notes.extend(there.notes);
    here
}

/// Of two lists both, by time where both tell anything, and what is told in both once.
fn union<T: PartialEq, K: Ord>(here: &mut Vec<T>, there: Vec<T>, key: impl FnMut(&T) -> K) {
    if here.is_empty() {
        *here = there;
    } else if !there.is_empty() {
        here.extend(there);
        here.sort_by_cached_key(key);
        here.dedup();
    }
}

fn note(code: &'static str, car: Option<usize>, says: String) -> Note {
    Note { code, car, line: None, says }
}

/// Takes what is not said yet; what is said otherwise is added to the differences.
fn settle<T: PartialEq>(here: &mut Option<T>, there: Option<T>, what: &str, show: impl Fn(&T) -> String, differences: &mut Vec<String>) {
    match (here.as_ref(), there) {
        (None, there) => *here = there,
        (Some(here), Some(there)) if *here != there => differences.push(format!("{what} {} and {}", show(here), show(&there))),
        (Some(_), _) => {}
    }
}

/// The same of words, where capitals make no difference.
fn settle_words(here: &mut Option<String>, there: Option<String>, what: &str, differences: &mut Vec<String>) {
    let alike = here.as_ref().zip(there.as_ref()).is_some_and(|(here, there)| here.eq_ignore_ascii_case(there));
    settle(here, there.filter(|_| !alike), what, String::clone, differences);
}

fn about(here: &mut Account, there: About) {
    let (about, mut differences) = (&mut here.about, Vec::new());
    settle_words(&mut about.event, there.event, "event", &mut differences);
    settle_words(&mut about.session, there.session, "session", &mut differences);
    settle_words(&mut about.track, there.track, "circuit", &mut differences);
    settle(&mut about.kind, there.kind, "kind", |kind| kind.word().to_owned(), &mut differences);
    settle(&mut about.number, there.number, "number", u16::to_string, &mut differences);
    settle(&mut about.began, there.began, "start", |at| at.0.to_string(), &mut differences);
    settle(&mut about.planned, there.planned, "planned length", |time| printed(*time), &mut differences);
    settle(&mut about.planned_laps, there.planned_laps, "planned laps", u32::to_string, &mut differences);
    settle(&mut about.wet, there.wet, "wet", bool::to_string, &mut differences);
    about.publisher = about.publisher.take().or(there.publisher);
    if !differences.is_empty() {
        let says = format!("the files do not agree on the session: {}; the first counts", differences.join(", "));
        here.notes.push(note("sessions-differ", None, says));
    }
}

/// Where each car and each of its drivers is now.
struct Places {
    cars: Vec<usize>,
    drivers: Vec<Vec<usize>>,
}

impl Places {
    fn driver(&self, car: usize, driver: Option<usize>) -> Option<usize> {
        driver.and_then(|driver| self.drivers[car].get(driver).copied())
    }
}

fn cars(here: &mut Account, there: Vec<Car>) -> Places {
    // A number that a file has twice is the first and the second of the other.
    let mut known: HashMap<String, Vec<usize>> = HashMap::new();
    for (nth, car) in here.cars.iter().enumerate().rev() {
        known.entry(car.number.trim().to_owned()).or_default().push(nth);
    }
    let mut places = Places { cars: Vec::new(), drivers: Vec::new() };
    for mut car in there {
        let place = known.get_mut(car.number.trim()).and_then(Vec::pop);
        let drivers = std::mem::take(&mut car.drivers);
        let place = match place {
            Some(place) => {
                let differences = same_car(&mut here.cars[place], car);
                if !differences.is_empty() {
                    let says = format!("the files do not agree on it: {}; the first counts", differences.join(", "));
                    here.notes.push(note("cars-differ", Some(place), says));
                }
                place
            }
            None => {
                here.cars.push(car);
                here.cars.len() - 1
            }
        };
        places.cars.push(place);
        places.drivers.push(crew(&mut here.cars[place].drivers, drivers));
    }
    places
}

fn same_car(here: &mut Car, there: Car) -> Vec<String> {
    let mut differences = Vec::new();
    settle_words(&mut here.transponder, there.transponder, "transponder", &mut differences);
    settle_words(&mut here.class, there.class, "class", &mut differences);
    settle_words(&mut here.cup, there.cup, "cup", &mut differences);
    settle_words(&mut here.team, there.team, "team", &mut differences);
    settle_words(&mut here.model, there.model, "model", &mut differences);
    settle_words(&mut here.maker, there.maker, "manufacturer", &mut differences);
    settle(&mut here.ballast_g, there.ballast_g, "ballast in g", i64::to_string, &mut differences);
    settle(&mut here.balance_g, there.balance_g, "balance in g", i64::to_string, &mut differences);
    settle(&mut here.restrictor, there.restrictor, "restrictor", u32::to_string, &mut differences);
    settle(&mut here.grid, there.grid, "place on the grid", u16::to_string, &mut differences);
    here.key = here.key.take().or(there.key);
    differences
}

/// Where each driver of another file is in the crew, to which those who are not in it yet are added.
fn crew(here: &mut Vec<Driver>, there: Vec<Driver>) -> Vec<usize> {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
    for (nth, driver) in here.iter().enumerate().rev() {
        by_id.extend(driver.id.clone().map(|id| (id, nth)));
        by_name.entry(words(&driver.name)).or_default().push(nth);
    }
    let mut taken = vec![false; here.len()];
    let mut places = Vec::new();
    for driver in there {
        let by_id = driver.id.as_ref().and_then(|id| by_id.get(id)).copied().filter(|place| !taken[*place]);
        let words = words(&driver.name);
        let by_name = || by_name.get_mut(&words).filter(|_| !words.is_empty()).and_then(|places| pop_free(places, &taken));
        let Some(place) = by_id.or_else(by_name) else {
            places.push(here.len());
            here.push(driver);
            continue;
        };
        places.push(place);
        taken[place] = true;
        let of = &mut here[place];
        of.first = of.first.take().or(driver.first);
        of.last = of.last.take().or(driver.last);
        of.short = of.short.take().or(driver.short);
        of.id = of.id.take().or(driver.id);
        of.nationality = of.nationality.take().or(driver.nationality);
        of.grade = of.grade.or(driver.grade);
    }
    places
}

/// The last of some places that is not taken.
fn pop_free(places: &mut Vec<usize>, taken: &[bool]) -> Option<usize> {
    while let Some(place) = places.pop() {
        if !taken[place] {
            return Some(place);
        }
    }
    None
}

/// Everything about cars and drivers by where they are now.
fn renumber(account: &mut Account, places: &Places) {
    for claim in &mut account.claims {
        claim.drove.iter_mut().for_each(|(driver, _)| *driver = places.drivers[claim.car].get(*driver).copied().unwrap_or(*driver));
        claim.car = places.cars[claim.car];
    }
    for lap in &mut account.laps {
        lap.driver = places.driver(lap.car, lap.driver);
        lap.car = places.cars[lap.car];
    }
    for penalty in &mut account.penalties {
        penalty.driver = places.driver(penalty.car, penalty.driver);
        penalty.car = places.cars[penalty.car];
    }
    for stop in &mut account.stops {
        stop.driver_in = places.driver(stop.car, stop.driver_in);
        stop.driver_out = places.driver(stop.car, stop.driver_out);
        stop.car = places.cars[stop.car];
    }
    for note in &mut account.notes {
        note.car = note.car.map(|car| places.cars[car]);
    }
}

fn claims(here: &mut Account, mut there: Vec<Claim>) {
    if there.len() > here.claims.len() {
        std::mem::swap(&mut here.claims, &mut there);
    }
    let known: BTreeMap<usize, usize> = here.claims.iter().enumerate().rev().map(|(nth, claim)| (claim.car, nth)).collect();
    for claim in there {
        let Some(nth) = known.get(&claim.car) else {
            here.claims.push(claim);
            continue;
        };
        let car = claim.car;
        let differences = same_claim(&mut here.claims[*nth], claim);
        if !differences.is_empty() {
            let says = format!("the files claim differently: {}; the longer classification counts", differences.join(", "));
            here.notes.push(note("claims-differ", Some(car), says));
        }
    }
}

fn same_claim(here: &mut Claim, there: Claim) -> Vec<String> {
    let mut differences = Vec::new();
    match (here.finish, there.finish) {
        (Finish::Unknown, finish) => here.finish = finish,
        (one, other) if other != Finish::Unknown && one != other => differences.push(format!("{} and {}", one.word(), other.word())),
        _ => {}
    }
    here.status = here.status.take().or(there.status);
    let time = |time: &_| printed(*time);
    settle(&mut here.place, there.place, "place", u16::to_string, &mut differences);
    settle(&mut here.class_place, there.class_place, "place in class", u16::to_string, &mut differences);
    settle(&mut here.laps, there.laps, "laps", u32::to_string, &mut differences);
    settle(&mut here.time, there.time, "time", time, &mut differences);
    settle(&mut here.gap, there.gap, "gap", time, &mut differences);
    settle(&mut here.laps_down, there.laps_down, "laps behind", u32::to_string, &mut differences);
    settle(&mut here.best, there.best, "best lap", time, &mut differences);
    settle(&mut here.best_lap, there.best_lap, "number of the best lap", u32::to_string, &mut differences);
    settle(&mut here.stops, there.stops, "stops", u32::to_string, &mut differences);
    if here.drove.is_empty() {
        here.drove = there.drove;
    }
    differences
}

fn laps(here: &mut Account, mut there: Vec<Lap>, as_completed: bool) {
    if here.laps.is_empty() {
        (here.laps, here.laps_as_completed) = (there, as_completed);
        return;
    }
    if there.len() > here.laps.len() {
        std::mem::swap(&mut here.laps, &mut there);
        here.laps_as_completed = as_completed;
    }
    let known: HashMap<(usize, u32), usize> = here.laps.iter().enumerate().map(|(nth, lap)| ((lap.car, lap.number), nth)).collect();
    // Laps that took another time, by car.
    let mut differ: BTreeMap<usize, (usize, u32)> = BTreeMap::new();
    for lap in there {
        let Some(nth) = known.get(&(lap.car, lap.number)) else {
            here.laps.push(lap);
            here.laps_as_completed = false;
            continue;
        };
        let of = &mut here.laps[*nth];
        if of.time.zip(lap.time).is_some_and(|(one, other)| one != other) {
            differ.entry(lap.car).or_insert((0, lap.number)).0 += 1;
        }
        of.driver = of.driver.or(lap.driver);
        of.time = of.time.or(lap.time);
        of.elapsed = of.elapsed.or(lap.elapsed);
        of.ended = of.ended.or(lap.ended);
        of.in_pit = of.in_pit.or(lap.in_pit);
        of.flag = of.flag.or(lap.flag);
        of.top_speed = of.top_speed.or(lap.top_speed);
        of.into_pit |= lap.into_pit;
        of.valid &= lap.valid;
        if of.sectors.is_empty() {
            of.sectors = lap.sectors;
        }
    }
    for (car, (laps, first)) in differ {
        let says = format!(
            "the files do not agree on the time of {laps} of its laps, the first of them lap {first}; the file with more laps counts"
        );
        here.notes.push(note("laps-differ", Some(car), says));
    }
    here.number_laps();
}
