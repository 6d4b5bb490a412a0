//! The judge itself: what it excuses, and what it does not.

#![expect(clippy::unwrap_used, reason = "a test")]

mod meeting;

use meeting::{apply, loaded, told};
use simulator::soak::{Outcome, Standing, judge};
use simulator::{Faults, Truth};
use sport::doubts::Doubt;
use sport::finding::Weight;
use sport::live_session::LiveSession;
use sport::rulebook::Rulebook;
use sport::season::{Moment, Season};

/// A race that was read rightly, to be tampered with.
struct Told {
    season: Season,
    live: LiveSession,
    truth: Truth,
}

fn right(rulebook: &Rulebook, begun: &Season) -> Told {
    let (mut season, at, run) = told(rulebook, begun, "race-1", 3, Faults::NONE);
    apply(&mut season, &run.said);
    let mut live = LiveSession::of(rulebook, &season, Moment::NOW, at).unwrap();
    live.doubts.clear();
    Told { season, live, truth: run.truth }
}

impl Told {
    fn judged(&self) -> Outcome {
        judge(&self.season, &self.live, &self.truth)
    }

    fn doubts(&mut self, code: &'static str, car: Option<usize>, says: &str) {
        self.live.doubts.push(Doubt { weight: Weight::Doubt, code, car, says: says.to_owned() });
    }

    /// The cars of a place told, by position in the truth and in the session.
    fn at(&self, place: usize) -> (usize, usize) {
        let car = self.live.running.order().nth(place).unwrap().car;
        let entry = self.live.cars[car];
        (self.truth.cars.iter().position(|of| of.entry == entry).unwrap(), car)
    }
}

#[test]
fn a_lap_that_lacks_is_excused_by_a_finding_that_names_the_car_and_by_no_other() {
    let (rulebook, begun) = loaded();
    let mut told = right(&rulebook, &begun);
    assert_eq!(told.judged().standing, Standing::Right);
    let (third, car) = told.at(2);
    let more = *told.truth.cars[third].laps.last().unwrap();
    told.truth.cars[third].laps.push(sport::date::Instant(more.0 + 1));
    assert_eq!(told.judged().standing, Standing::Wrong);
    told.doubts("no-chequered", Some(car + 1), "another car");
    told.doubts("clock-stepped", None, "the clock of s1-main stepped back by about 1.000 s at 5.000; its readings were set right");
    told.doubts("source-silent", None, "s1-main heard nothing from 1.000 to 50:00.000, while 9 cars went by that others heard");
    assert_eq!(told.judged().standing, Standing::Wrong);
    told.doubts("lap-long", Some(car), "perhaps a lap more");
    assert_eq!(told.judged().standing, Standing::DoubtedByCar);
}

#[test]
fn one_finding_is_enough_for_two_cars_in_the_wrong_order() {
    let (rulebook, begun) = loaded();
    let mut told = right(&rulebook, &begun);
    let ((first, car), (second, _)) = (told.at(0), told.at(1));
    let later = told.truth.cars[second].laps.last().unwrap().0 + 5_000;
    told.truth.cars[first].laps.last_mut().unwrap().0 = later;
    let outcome = told.judged();
    assert_eq!((outcome.standing, outcome.wrong.len()), (Standing::Wrong, 2), "{:?}", outcome.wrong);
    told.doubts("clock-unsure", Some(car), "the end of its last lap");
    assert_eq!(told.judged().standing, Standing::DoubtedByCar);
}

#[test]
fn a_finding_about_the_session_excuses_what_it_says_and_no_more() {
    let (rulebook, begun) = loaded();
    for (code, says, by, excused) in [
        ("one-source", "finish-main heard nothing from 50:00.000 to 1:10:00.000; 9 cars were timed", 40_000, true),
        ("one-source", "finish-main heard nothing from 10:00.000 to 20:00.000; 9 cars were timed", 40_000, false),
        ("clocks-differ", "finish-main and finish-backup differ by 0.050 s from 50:00.000 on, and nothing", 40_000, true),
        ("clocks-differ", "finish-main and finish-backup differ by 0.050 s from 50:00.000 on, and nothing", 400_000, false),
        ("nothing-heard", "no source heard anything from 50:00.000 to 1:10:00.000", 40_000, false),
        ("transponder-unknown", "transponder 7 was heard 9 times from 1.000 to 2.000", 40_000, false),
    ] {
        let mut told = right(&rulebook, &begun);
        let (last, _) = told.at(5);
        told.truth.cars[last].laps.last_mut().unwrap().0 -= by;
        told.doubts(code, None, says);
        let expected = if excused { Standing::DoubtedWhole } else { Standing::Wrong };
        assert_eq!(told.judged().standing, expected, "{code}, {by} µs: {:?}", told.judged().wrong);
    }
}
