//! The clock of a decoder, measured from when its messages arrive: late as networks are, and never early.

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use timing::drift::{DriftMeter, Step};

/// Numbers that look like chance and are the same for a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }
}

/// A decoder whose clock was right at 0, and what its messages take.
struct Line {
    ppm: i64,
    ahead: i64,
    jitter: i64,
    chance: Chance,
    meter: DriftMeter,
}

const START: i64 = 1_700_000_000_000_000;

impl Line {
    fn new(ppm: i64, jitter: i64, seed: u64) -> Self {
        Self { ppm, ahead: 37_000_000, jitter, chance: Chance(seed), meter: DriftMeter::new() }
    }

    /// The decoder's time at ours, seconds after the start.
    fn clock(&self, ours: i64) -> i64 {
        START + ours + self.ahead + ours * self.ppm / 1_000_000
    }

    /// Five passings a second, as of forty cars over some loops, from a second to another.
    fn run(&mut self, from: i64, until: i64) -> Vec<Step> {
        let mut steps = Vec::new();
        for fifth in from * 5..until * 5 {
            let ours = fifth * 200_000;
            let arrived = Instant(START + ours + self.chance.below(self.jitter + 1));
            steps.extend(self.meter.add(Micros(self.clock(ours)), arrived));
        }
        steps
    }

    /// How far the measured offset at a time is from the true one, and the measured drift in thousandths of a millionth.
    fn off(&self, second: i64) -> (i64, i64) {
        let ours = second * 1_000_000;
        let measured = self.meter.measured().expect("enough came");
        let told = self.meter.ours(Micros(self.clock(ours))).expect("enough came");
        (told.0 - (START + ours), measured.drift_ppb)
    }
}

#[test]
fn a_clock_that_is_right_is_measured_to_the_microsecond() {
    let mut line = Line::new(0, 0, 1);
    assert_eq!(line.run(0, 100), []);
    assert_eq!(line.off(100), (0, 0));
    let measured = line.meter.measured().expect("enough came");
    assert_eq!((measured.offset, measured.over), (Micros(-37_000_000), Micros::seconds(99)));
}

#[test]
fn seven_messages_say_nothing() {
    let mut line = Line::new(0, 0, 1);
    line.run(0, 1);
    line.meter.add(Micros(START + 38_000_000), Instant(START + 1_000_000));
    line.meter.add(Micros(START + 39_000_000), Instant(START + 2_000_000));
    assert_eq!((line.meter.measured(), line.meter.ours(Micros(START))), (None, None));
}

#[test]
fn one_message_that_cannot_be_is_no_step() {
    let mut line = Line::new(50, 200_000, 3);
    line.run(0, 300);
    let lies = [3_600_000_000, -3_600_000_000, 7_200_000_000, 1_000_000, i64::MAX / 2, i64::MIN / 2];
    for (nth, lie) in (0..).zip(lies) {
        let second = 300 + nth * 20;
        assert_eq!(line.meter.add(Micros(line.clock(second * 1_000_000) + lie), Instant(START + second * 1_000_000)), None);
        assert_eq!(line.run(second, second + 20), []);
    }
    assert_eq!(line.meter.add(Micros(START), Instant(i64::MAX)), None);
    assert_eq!(line.run(420, 600), []);
    let (off, drift) = line.off(600);
    assert!((-1_000..2_000).contains(&off) && (45_000..55_000).contains(&drift), "{off} {drift}");
}

#[test]
fn the_first_messages_are_never_a_step_however_late_they_are() {
    for seed in 0..1_500 {
        let (mut chance, mut meter) = (Chance(seed), DriftMeter::new());
        let steps = (0..40).filter_map(|second| {
            let ours = second * 1_000_000;
            meter.add(Micros(ours), Instant(ours + chance.below(200_001)))
        });
        assert_eq!(steps.collect::<Vec<_>>(), [], "{seed}");
    }
}

#[test]
fn a_step_forward_of_less_than_messages_are_late_in_the_mean_is_told() {
    let mut line = Line::new(10, 200_000, 5);
    line.run(0, 400);
    line.ahead += 80_000;
    assert_eq!(line.run(400, 600).len(), 1);
}

#[test]
fn a_network_that_is_busy_for_half_a_minute_is_no_step() {
    let mut line = Line::new(20, 5_000, 4);
    line.run(0, 300);
    line.jitter = 2_000_000;
    let mut steps = line.run(300, 330);
    line.jitter = 5_000;
    steps.extend(line.run(330, 600));
    assert_eq!(steps, []);
    let (off, drift) = line.off(600);
    assert!((0..1_000).contains(&off) && (19_000..21_000).contains(&drift), "{off} {drift}");
}

#[test]
fn what_it_is_unsure_of_is_what_it_says() {
    let outside = (0..60)
        .filter(|seed| {
            let mut line = Line::new(50, 200_000, *seed);
            line.run(0, 120);
            line.run(300, 600);
            let (off, drift) = line.off(600);
            let measured = line.meter.measured().expect("enough came");
            off.abs() > measured.unsure.0 || (drift - 50_000).abs() > measured.drift_unsure_ppb
        })
        .count();
    assert!(outside <= 6, "{outside} of 60");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    /// The promise: 50 in a million fast, messages up to 200 ms late, ten of twenty minutes without any.
    #[test]
    fn a_clock_that_goes_fast_is_measured_over_a_pause(seed: u64, ppm in -100_i64..100) {
        let mut line = Line::new(ppm, 200_000, seed);
        prop_assert_eq!(line.run(0, 300), []);
        prop_assert_eq!(line.run(900, 1_200), []);
        let (off, drift) = line.off(1_200);
        let measured = line.meter.measured().expect("enough came");
        prop_assert!(off.abs() < 2_000 && (drift - ppm * 1_000).abs() < 2_500, "{} {} {:?}", off, drift, measured);
        prop_assert!(measured.unsure.0 < 2_000 && measured.drift_unsure_ppb < 5_000, "{:?}", measured);
    }

    #[test]
    fn a_clock_that_is_set_is_told_and_measured_anew(seed: u64, by in prop_oneof![80_000_i64..10_000_000, -10_000_000_i64..-200_000]) {
        let mut line = Line::new(10, 200_000, seed);
        prop_assert_eq!(line.run(0, 400), []);
        line.ahead += by;
        let steps = line.run(400, 800);
        prop_assert_eq!(steps.len(), 1, "{:?}", steps);
        let (at, told) = (steps[0].at.0 - START - 400_000_000, steps[0].by.0);
        prop_assert!((-12_000_000..30_000_000).contains(&at) && (told - by).abs() < 200_000, "{:?} {}", steps, by);
        prop_assert!(line.off(800).0.abs() < 5_000, "{:?}", line.off(800));
    }

    #[test]
    fn whatever_comes_is_no_panic(points in prop::collection::vec((any::<i64>(), any::<i64>(), any::<bool>()), 0..400)) {
        let mut meter = DriftMeter::new();
        for (decoder, arrived, near) in points {
            let shift = if near { 1 << 20 } else { 1 };
            meter.add(Micros(decoder / shift), Instant(arrived / shift));
            if let Some(measured) = meter.measured() {
                prop_assert!(measured.drift_ppb.abs() <= 1_000_000 && measured.over.0 <= 3_604_000_000);
            }
            meter.ours(Micros(decoder));
        }
    }
}
