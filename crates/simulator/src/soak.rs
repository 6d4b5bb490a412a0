//! What the core made of a faulty meeting, held against the truth: the order is right, or a finding says so before anything is published.

use sport::doubts::Doubt;
use sport::finding::Weight;
use sport::live_session::LiveSession;
use sport::season::Season;

use crate::truth::Truth;

/// How a session came out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// The order of the cars no finding names is not the true one: in words.
    pub wrong: Vec<String>,
    /// Laps that rest on a guess no finding names.
    pub guesses: usize,
    /// Cars that a finding names.
    pub named: usize,
    /// Findings that put the whole session in doubt.
    pub whole: usize,
    /// Whether the order is the true one, findings or not.
    pub right: bool,
}

/// A time may differ from the true one by no more than this, in microseconds: no loop reads more exactly.
const EXACT: i64 = 1_000;

/// Findings that put every car in doubt, not only those they name.
const WHOLE: [&str; 5] = ["ended-otherwise", "end-doubtful", "clocks-differ", "clock-stepped", "nothing-heard"];

/// Holds a session against the truth.
pub fn judge(season: &Season, live: &LiveSession, truth: &Truth) -> Outcome {
    let doubt = |doubt: &&Doubt| doubt.weight > Weight::Note;
    let named: Vec<usize> = live.doubts.iter().filter(doubt).filter_map(|doubt| doubt.car).map(|car| live.cars[car]).collect();
    let whole = live.doubts.iter().filter(doubt).filter(|doubt| doubt.car.is_none() && WHOLE.contains(&doubt.code)).count();
    let guesses = live.cars.iter().enumerate().filter(|(_, entry)| !named.contains(entry)).map(|(car, _)| inferred(live, car)).sum();
    let told: Vec<usize> = live.running.order().map(|progress| live.cars[progress.car]).collect();
    let truly: Vec<usize> = truth.order().into_iter().map(|car| truth.cars[car].entry).filter(|entry| told.contains(entry)).collect();
    let in_truth = |entry: &&usize| truth.cars.iter().any(|car| car.entry == **entry && (!car.laps.is_empty() || car.best.is_some()));
    let sure = |entry: &&usize| !named.contains(entry) && in_truth(entry);
    let (sure_told, sure_truly): (Vec<usize>, Vec<usize>) =
        (told.iter().filter(sure).copied().collect(), truly.iter().filter(sure).copied().collect());
    let mut wrong = Vec::new();
    for (at, (told, truly)) in sure_told.iter().zip(&sure_truly).enumerate() {
        if told != truly && !level(truth, *told, *truly) {
            let label = |entry: usize| season.list.entries[entry].label();
            wrong.push(format!("place {} among those no finding names: car {} instead of car {}", at + 1, label(*told), label(*truly)));
        }
    }
    // Where one source timed the finish line alone, a finding says that its times were checked by nothing.
    let checked = !live.doubts.iter().any(|doubt| doubt.code == "one-source");
    wrong.extend(sure_told.iter().filter_map(|entry| differs(season, live, truth, *entry, checked)));
    let same = |(told, truly): (&usize, &usize)| told == truly || level(truth, *told, *truly);
    let right = wrong.is_empty() && told.iter().filter(in_truth).zip(truly.iter().filter(in_truth)).all(same);
    if whole > 0 || carries_another(live, truth, &sure_told) {
        wrong.clear();
    }
    Outcome { wrong, guesses, named: named.len(), whole, right }
}

/// Whether two cars were so close that no loop tells them apart.
fn level(truth: &Truth, one: usize, other: usize) -> bool {
    let of = |entry: usize| truth.cars.iter().find(|car| car.entry == entry);
    let (Some(one), Some(other)) = (of(one), of(other)) else { return false };
    if truth.by_laps {
        return one.laps.len() == other.laps.len()
            && one.laps.last().zip(other.laps.last()).is_some_and(|(one, other)| (one - other).abs() <= EXACT);
    }
    one.best.zip(other.best).is_some_and(|(one, other)| (one.0 - other.0).abs() <= 2 * EXACT)
}

/// Whether one car was heard in the place of another that a finding says was never heard: with the two exchanged everything is right.
fn carries_another(live: &LiveSession, truth: &Truth, told: &[usize]) -> bool {
    let silent = live.doubts.iter().filter(|doubt| doubt.code == "never-heard").filter_map(|doubt| doubt.car).map(|car| live.cars[car]);
    let laps = |entry: usize| truth.cars.iter().find(|car| car.entry == entry).map(|car| car.laps.len());
    let counted = |entry: usize| live.cars.iter().position(|of| *of == entry).map(|car| live.running.progress(car).laps as usize);
    let exchanged = |silent: usize| {
        let other: Vec<usize> = told.iter().copied().filter(|entry| counted(*entry) != laps(*entry)).collect();
        matches!(other[..], [only] if counted(only) == laps(silent))
    };
    silent.into_iter().any(exchanged)
}

fn inferred(live: &LiveSession, car: usize) -> usize {
    let track = &live.running.tracks()[car];
    let counted = live.running.progress(car).laps as usize;
    track.laps()[..counted].iter().filter(|lap| track.crossings()[lap.crossing as usize].inferred()).count()
}

/// How a car's laps and time differ from the true ones, where they do.
fn differs(season: &Season, live: &LiveSession, truth: &Truth, entry: usize, checked: bool) -> Option<String> {
    let car = live.cars.iter().position(|of| *of == entry)?;
    let of = truth.cars.iter().find(|car| car.entry == entry)?;
    let progress = live.running.progress(car);
    let label = season.list.entries[entry].label();
    if truth.by_laps {
        if progress.laps as usize != of.laps.len() {
            return Some(format!("car {label} has {} laps, truly {}", progress.laps, of.laps.len()));
        }
        if !checked {
            return None;
        }
        let by = progress.end.zip(of.laps.last()).map(|(told, truly)| told.0 - truly)?;
        return (by.abs() > EXACT).then(|| format!("car {label} ends {by} µs from the truth"));
    }
    match (progress.best, of.best) {
        (Some(_), Some(_)) if !checked => None,
        (Some(told), Some((truly, _))) => {
            ((told.0 - truly).abs() > 2 * EXACT).then(|| format!("car {label}: best lap {told}, truly {}", sport::date::Micros(truly)))
        }
        (None, None) => None,
        (told, truly) => Some(format!("car {label}: best lap {told:?}, truly {truly:?}")),
    }
}
