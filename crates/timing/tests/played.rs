//! Decoders that are none, and the host's end of them: whatever goes wrong on the line, every passing is told exactly once.

use proptest::prelude::*;
use sport::date::{Instant, Micros};
use timing::decoder::played::{Crossed, Fault, Played};
use timing::decoder::{Counts, Decoder, Heard, Kind, Moment, Passing};

/// A Tuesday, 22:50 UTC: midnight comes while they run.
const BEGAN: Instant = Instant(1_700_002_200_000_000);
/// How far the clock of the decoder is ahead.
const AHEAD: Micros = Micros(41_000_000);

fn passing_of(nth: usize, ms: i64) -> Crossed {
    let transponder = 100_000 + u32::try_from(nth % 40).expect("small");
    Crossed { at: Instant(BEGAN.0 + ms * 1_000), transponder, on: 1, in_pit: nth % 11 == 3 }
}

/// A host and a decoder, and the line between them.
struct Line {
    played: Played,
    decoder: Decoder,
    now: Instant,
    /// What came is given on in pieces of so many bytes.
    piece: usize,
    heard: Vec<Heard>,
    garbled: usize,
}

impl Line {
    fn new(played: Played) -> Self {
        let decoder = Decoder::since(played.kind(), 0);
        let mut line = Self { played: played.ahead(AHEAD), decoder, now: BEGAN, piece: usize::MAX, heard: Vec::new(), garbled: 0 };
        line.played.connected();
        // Before the first passing they have greeted each other.
        line.run(1);
        line
    }

    /// So many milliseconds go by.
    fn run(&mut self, ms: i64) {
        self.now = Instant(self.now.0 + ms * 1_000);
        // What is asked is answered in the same moment, and that again.
        for _ in 0..6 {
            let bytes = self.played.due(self.now);
            let heard = &mut self.heard;
            bytes.chunks(self.piece).for_each(|piece| self.decoder.take(piece, |of| heard.push(of)));
            if !self.played.is_connected() {
                return;
            }
            let said = self.decoder.to_send();
            said.chunks(self.piece).for_each(|piece| self.played.take(piece, self.now));
        }
    }

    fn reconnect(&mut self) {
        self.played.connected();
        self.decoder.reconnected();
    }

    /// Nothing goes wrong any more, for as long as it takes.
    fn calm(&mut self) {
        self.played.cut(usize::MAX);
        self.reconnect();
        let mut rounds = 0;
        while !self.played.is_over() || rounds < 30 {
            self.run(5_000);
            self.decoder.idle();
            rounds += 1;
            assert!(rounds < 3_000, "it has no end");
            if !self.played.is_connected() {
                self.reconnect();
            }
        }
        // A bridge sends again only after a break, and a Timy is asked only then; what was to go wrong goes wrong with what they send again.
        for _ in 0..20 {
            self.reconnect();
            for _ in 0..9 {
                self.run(5_000);
                self.decoder.idle();
            }
        }
    }

    fn passings(&self) -> Vec<&Passing> {
        self.heard.iter().filter_map(|heard| if let Heard::Passing(passing) = heard { Some(passing) } else { None }).collect()
    }

    fn told(&self) -> Vec<(i64, u32)> {
        let mut told: Vec<_> = self.passings().iter().map(|of| (of.time.micros(), of.transponder.expect("it is a number"))).collect();
        told.sort_unstable();
        told
    }

    fn counts(&self) -> Counts {
        self.decoder.counts()
    }
}

/// A passing as a decoder of a kind tells it that was switched on at a moment.
fn expected(kind: Kind, began: Instant, nth: usize, of: &Crossed) -> (i64, u32) {
    const DAY: i64 = 86_400_000_000;
    let clock = of.at.0 + AHEAD.0;
    let time = match kind {
        Kind::P3 | Kind::RaceResult | Kind::X2 => clock,
        Kind::TranX | Kind::AmbRc => of.at.0 - began.0,
        // Since the midnight before the first that was heard.
        Kind::Chronelec | Kind::Timy => clock - BEGAN.0.div_euclid(DAY) * DAY,
    };
    // A Timy knows no transponder.
    let who = if kind == Kind::Timy { u32::try_from(nth % 10_000).expect("small") + 1 } else { of.transponder };
    (time, who)
}

fn all_expected(kind: Kind, crossed: &[Crossed], missed: &[Crossed]) -> Vec<(i64, u32)> {
    let came = crossed.iter().enumerate().filter(|(_, of)| !missed.contains(of));
    let mut all: Vec<_> = came.map(|(nth, of)| expected(kind, BEGAN, nth, of)).collect();
    all.sort_unstable();
    all
}

fn crossed(gaps: &[u16]) -> Vec<Crossed> {
    let mut ms = 1_000;
    let mut crossed = Vec::new();
    for (nth, gap) in gaps.iter().enumerate() {
        ms += i64::from(*gap) + 1;
        crossed.push(passing_of(nth, ms));
    }
    crossed
}

#[test]
fn on_a_quiet_line_every_kind_tells_every_passing_and_nothing_else() {
    let crossed = crossed(&[700; 60]);
    for (kind, word, _) in Kind::ALL {
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        for _ in 0..300 {
            line.run(200);
        }
        let counts = line.counts();
        assert_eq!(line.told(), all_expected(kind, &crossed, &[]), "{word}");
        assert_eq!((counts.passings, counts.repeats, counts.restarts, counts.flaws), (60, 0, 0, 0), "{word}");
        assert_eq!((counts.gaps.open, counts.gaps.asked), (0, 0), "{word}");
        assert!(line.passings().iter().all(|of| !of.resent), "{word}");
        let order: Vec<i64> = line.passings().iter().map(|of| of.time.micros()).collect();
        assert!(order.is_sorted(), "{word}");
    }
}

#[test]
fn what_a_decoder_says_of_a_passing_is_told() {
    let of = |kind| {
        let mut line = Line::new(Played::new(kind, BEGAN, vec![passing_of(3, 1_500)]));
        line.run(1_000);
        line.run(1_000);
        let passing = line.passings().first().map(|of| (*of).clone()).expect("one came");
        (passing.number, passing.who, passing.strength, passing.hits, passing.in_pit, passing.on)
    };
    let text = |of: &str| Some(String::from(of));
    let who = || String::from("100003");
    assert_eq!(of(Kind::P3), (Some(1), who(), Some(110), Some(24), None, text("268307")));
    assert_eq!(of(Kind::TranX), (None, who(), Some(135), Some(53), None, text("9")));
    // The state of the decoder was line 0.
    assert_eq!(of(Kind::AmbRc), (Some(1), who(), Some(98), Some(211), None, text("20")));
    assert_eq!(of(Kind::Chronelec), (None, who(), Some(24), None, Some(true), text("BOX")));
    assert_eq!(of(Kind::Timy), (None, String::from("0001"), None, None, None, text("C1")));
    assert_eq!(of(Kind::RaceResult), (Some(1), who(), Some(30), Some(9), None, text("1")));
    assert_eq!(of(Kind::X2), (Some(1), who(), None, Some(31), Some(true), text("1")));
}

#[test]
fn what_a_decoder_says_of_itself_is_told() {
    let status = |kind| {
        let line = Line::new(Played::new(kind, BEGAN, Vec::new()));
        let statuses = line.heard.iter().filter_map(|heard| if let Heard::Status(of) = heard { Some(of.clone()) } else { None });
        statuses.map(|of| (of.noise, of.voltage, of.clock.map(Moment::micros))).collect::<Vec<_>>()
    };
    let clock = BEGAN.0 + 1_000 + AHEAD.0;
    let of_day = clock.rem_euclid(86_400_000_000);
    assert_eq!(status(Kind::P3), [(Some(40), Some(118), None), (None, None, Some(clock))]);
    assert_eq!(status(Kind::TranX), [(Some(0x70), None, None)]);
    assert_eq!(status(Kind::AmbRc), [(Some(64), None, None)]);
    // These say whole seconds, and tenths.
    assert_eq!(status(Kind::Chronelec), [(Some(12), None, Some(of_day - 1_000))]);
    assert_eq!(status(Kind::Timy), [(None, None, Some(of_day - 1_000))]);
    assert_eq!(status(Kind::RaceResult), [(None, None, Some(clock))]);
    assert_eq!(status(Kind::X2), []);
}

#[test]
fn a_passing_that_was_left_out_is_asked_for_and_told_late() {
    for kind in [Kind::P3, Kind::RaceResult] {
        let mut line = Line::new(Played::new(kind, BEGAN, crossed(&[900; 20])));
        for step in 0..25 {
            if step == 6 {
                line.played.misbehave(Fault::Skip);
            }
            line.run(1_000);
        }
        let counts = line.counts();
        let gaps = (counts.gaps.asked, counts.gaps.filled, counts.gaps.open, counts.gaps.lost);
        assert_eq!((gaps, counts.passings, counts.repeats), ((1, 1, 0, 0), 20, 0), "{kind:?}");
        let late: Vec<Option<u64>> = line.passings().iter().filter(|of| of.resent).map(|of| of.number).collect();
        assert_eq!(late, [Some(6)], "{kind:?}");
    }
}

#[test]
fn a_passing_that_came_broken_is_asked_for_before_the_next_comes() {
    for kind in [Kind::P3, Kind::Chronelec, Kind::Timy, Kind::RaceResult] {
        let mut line = Line::new(Played::new(kind, BEGAN, crossed(&[900; 5])));
        line.run(4_000);
        line.played.misbehave(Fault::Garble);
        line.run(700);
        let counts = line.counts();
        assert_eq!((counts.passings, counts.flaws), (4, 1), "{kind:?}");
    }
}

#[test]
fn an_impulse_that_was_left_out_is_found_in_the_memory() {
    let mut line = Line::new(Played::new(Kind::Timy, BEGAN, crossed(&[900; 8])));
    line.run(3_000);
    line.played.misbehave(Fault::Skip);
    line.run(1_000);
    assert_eq!(line.counts().passings, 2);
    line.run(1_000);
    let late: Vec<&str> = line.passings().iter().filter(|of| of.resent).map(|of| of.who.as_str()).collect();
    assert_eq!((line.counts().passings, late), (4, vec!["0003"]));
}

#[test]
fn what_is_not_answered_is_asked_again_when_nothing_comes() {
    let mut decoder = Decoder::new(Kind::RaceResult);
    assert_eq!(decoder.to_send(), decoder.greeting());
    decoder.take(b"#P;1;911;;10:00:00.000;0;9;30\r\n#P;4;911;;10:02:00.000;0;9;30\r\n", |_| {});
    assert_eq!(decoder.to_send(), b"2:2\r\n");
    decoder.take(b"#P;5;911;;10:03:00.000;0;9;30\r\n", |_| {});
    assert_eq!(decoder.to_send(), b"");
    decoder.idle();
    assert_eq!(decoder.to_send(), b"PASSINGS\r\nGETSTATUS\r\n2:2\r\n");
    // The answer has one of them, and then the end: the other is asked for once more.
    decoder.take(b"3;911;;10:01:00.000;0;9;30\r\n\r\n", |_| {});
    assert_eq!(decoder.to_send(), b"2:1\r\n");
    assert_eq!((decoder.counts().gaps.filled, decoder.counts().gaps.open), (1, 1));
}

#[test]
fn what_came_while_the_line_was_broken_is_asked_for() {
    for kind in [Kind::P3, Kind::Chronelec, Kind::Timy, Kind::RaceResult, Kind::X2] {
        let crossed = crossed(&[900; 40]);
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        for step in 0..60 {
            match step {
                10 => line.played.misbehave(Fault::Drop),
                30 => line.reconnect(),
                _ => {}
            }
            line.run(1_000);
        }
        assert_eq!(line.told(), all_expected(kind, &crossed, &[]), "{kind:?}");
        assert_eq!(line.counts().restarts, 0, "{kind:?}");
    }
}

#[test]
fn a_decoder_that_cannot_be_asked_says_how_many_lines_are_missing() {
    let mut line = Line::new(Played::new(Kind::AmbRc, BEGAN, crossed(&[900; 20])));
    for step in 0..25 {
        if step == 6 || step == 9 {
            line.played.misbehave(Fault::Skip);
        }
        line.run(1_000);
    }
    let counts = line.counts();
    assert_eq!((counts.passings, counts.gaps.open, counts.gaps.asked, line.played.missed().len()), (18, 2, 0, 2));
}

#[test]
fn a_host_that_begins_again_asks_from_the_number_it_knows() {
    for kind in [Kind::P3, Kind::RaceResult] {
        let crossed = crossed(&[900; 30]);
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        for _ in 0..10 {
            line.run(1_000);
        }
        line.played.disconnected();
        for _ in 0..10 {
            line.run(1_000);
        }
        let last = line.passings().last().and_then(|of| of.number).expect("some came");
        line.decoder = Decoder::since(kind, last);
        line.played.connected();
        for _ in 0..20 {
            line.run(1_000);
        }
        assert_eq!(line.told(), all_expected(kind, &crossed, &[]), "{kind:?}");
        assert!(line.counts().repeats > 0, "the one that is known is not told again: {kind:?}");
    }
}

#[test]
fn a_decoder_that_counts_from_the_beginning_again_is_noticed_however_far_it_has_come() {
    // Passings before it was switched off, and after: fewer than before, as many, more.
    for (kind, before, after) in [Kind::P3, Kind::RaceResult, Kind::X2]
        .into_iter()
        .flat_map(|kind| [3, 20, 20, 20].into_iter().zip([20, 3, 20, 50]).map(move |(a, b)| (kind, a, b)))
    {
        let crossed = crossed(&vec![999; before + after]);
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        for _ in 0..=before {
            line.run(1_000);
        }
        assert_eq!(line.passings().len(), before);
        line.played.restart(line.now);
        // Two thirds of them happen before the host is there again.
        for step in 0..after + 10 {
            if step == after * 2 / 3 {
                line.reconnect();
            }
            line.run(1_000);
        }
        line.run(5_000);
        line.run(5_000);
        assert_eq!(line.told(), all_expected(kind, &crossed, &[]), "{kind:?} {before} {after}");
        assert!(line.counts().restarts <= 1, "{kind:?} {before} {after}");
        assert_eq!(line.counts().gaps.open, 0, "{kind:?} {before} {after}");
    }
}

#[test]
fn a_clock_that_begins_at_nought_again_is_told() {
    for kind in [Kind::TranX, Kind::AmbRc] {
        let crossed = crossed(&[999; 40]);
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        for _ in 0..=20 {
            line.run(1_000);
        }
        line.played.restart(line.now);
        line.reconnect();
        let began = line.now;
        for _ in 0..30 {
            line.run(1_000);
        }
        let at = line.heard.iter().position(|heard| *heard == Heard::Restarted).expect("it is told");
        let after = line.heard[at..].iter().filter(|heard| matches!(heard, Heard::Passing(_))).count();
        assert_eq!((line.counts().passings, after, line.counts().restarts), (40, 20, 1), "{kind:?}");
        let last = line.passings().last().map(|of| of.time.micros());
        assert_eq!(last, Some(expected(kind, began, 39, &crossed[39]).0), "{kind:?}");
    }
}

#[test]
fn an_i_lap_begins_when_it_is_told_to_and_is_not_told_twice() {
    let mut line = Line::new(Played::ilap(BEGAN, crossed(&[900; 20])));
    for step in 0..25 {
        if step == 10 {
            line.played.disconnected();
            line.reconnect();
        }
        line.run(1_000);
    }
    let counts = line.counts();
    assert_eq!((counts.passings, counts.restarts, counts.flaws, line.played.missed().len()), (20, 0, 0, 0));
    // Its clock began with the first word of the host, a millisecond after it was switched on.
    assert_eq!(line.passings()[0].time, Moment::SinceStart(Micros(1_900_000)));
    assert_eq!(line.passings()[0].number, None);
    assert_eq!(line.passings()[19].time, Moment::SinceStart(Micros(1_900_000 + 19 * 901_000)));
    // Whoever tells it to begin sets its clock to nought.
    line.played.take(b"\x01%\r\n", line.now);
    line.run(1);
    assert_eq!(line.heard.last(), Some(&Heard::Restarted));
}

#[test]
fn an_ambrc_that_has_counted_beyond_what_was_heard_is_betrayed_by_its_clock() {
    use timing::ambrc::{More, Passing, Record};
    let line = |number, ms: i64| {
        let more = Some(More { number, hits: 211, strength: 98, rest: String::from("2") });
        Record::Passing(Passing { decoder: 20, transponder: 4_711_001, time: Micros(ms * 1_000), more }).encode()
    };
    let mut decoder = Decoder::new(Kind::AmbRc);
    decoder.take(&[line(3, 700_000), line(4, 702_000)].concat(), |_| {});
    decoder.reconnected();
    let mut told = Vec::new();
    decoder.take(&[line(90, 61_000), line(91, 62_000)].concat(), |heard| told.push(heard == Heard::Restarted));
    // How many are missing of this count, nobody knows.
    assert_eq!((told, decoder.counts().gaps.open), (vec![true, false, false], 0));
}

#[test]
fn an_amb20_is_told_to_begin_once() {
    let mut decoder = Decoder::new(Kind::AmbRc);
    assert_eq!(decoder.to_send(), b"\x01%\r\n");
    decoder.take(b"@210000278899\r\n@210000278999\r\n", |_| {});
    assert_eq!((decoder.to_send(), decoder.counts().flaws), (b"\x01%\r\n".to_vec(), 2));
}

#[test]
fn a_line_that_is_broken_in_the_decoder_does_not_stop_the_next() {
    let mut decoder = Decoder::new(Kind::Chronelec);
    decoder.to_send();
    let said: Vec<Vec<u8>> = (0..5)
        .map(|_| {
            decoder.take(b"<STA 000255 00:00'31\"957 01 01 1 9999>\r\n", |_| {});
            decoder.to_send()
        })
        .collect();
    assert_eq!(said, [[0x1b, 0x12], [0x1b, 0x12], [0x1b, 0x12], [0x1b, 0x11], [0x1b, 0x12]]);
}

#[test]
fn a_passing_whose_acknowledgement_was_lost_is_acknowledged_again_and_not_told() {
    let mut decoder = Decoder::new(Kind::Chronelec);
    decoder.to_send();
    let mut told = 0;
    (0..2).for_each(|_| decoder.take(b"<STA 000255 00:00'31\"957 01 01 1 1555>\r\n", |_| told += 1));
    assert_eq!((told, decoder.counts().repeats, decoder.to_send()), (1, 1, vec![0x1b, 0x11, 0x1b, 0x11]));
}

#[test]
fn another_file_is_another_count() {
    let mut decoder = Decoder::new(Kind::RaceResult);
    let line = |number: u64, second: u64, file: &str| format!("#P;{number};911;;10:00:{second:02}.000;0;9;30;;;;;;;;;;;{file};;\r\n");
    let mut told = Vec::new();
    for line in [line(7, 1, "4"), line(8, 2, "4"), line(1, 3, "5"), line(2, 4, "5"), line(9, 5, "6")] {
        decoder.take(line.as_bytes(), |heard| told.push(if let Heard::Passing(of) = heard { of.number } else { None }));
    }
    // Of the third file eight were missed.
    assert_eq!(told, [Some(7), Some(8), None, Some(1), Some(2), None, Some(9)]);
    assert_eq!((decoder.counts().restarts, decoder.counts().gaps.open), (2, 8));
}

#[test]
fn an_impulse_that_is_cleared_is_told_to_be_none() {
    let mut decoder = Decoder::new(Kind::Timy);
    let mut told = Vec::new();
    let lines = b" 0007 C1  14:02:31.4249 00\rc0007 C1  14:02:31.4249 00\rc0007 C1  14:02:31.4249 00\r";
    decoder.take(lines, |heard| told.push(matches!(heard, Heard::Cancelled(of) if of.who == "0007")));
    assert_eq!((told, decoder.counts().repeats), (vec![false, true], 1));
}

#[test]
fn start_numbers_in_any_order_do_not_bring_the_memory_again_and_again() {
    let mut decoder = Decoder::new(Kind::Timy);
    decoder.to_send();
    let mut asked = 0;
    for (nth, number) in (0..500).map(|nth| (nth, nth * 7_919 % 9_000)) {
        let line = format!(" {number:04} C1  14:{:02}:{:02}.0000 00\r", nth / 60, nth % 60);
        decoder.take(line.as_bytes(), |_| {});
        asked += decoder.to_send().len() / 4;
    }
    assert_eq!((asked, decoder.counts().passings), (3, 500));
}

#[test]
fn what_nobody_sends_does_not_grow() {
    for (kind, ..) in Kind::ALL {
        let mut decoder = Decoder::new(kind);
        for nth in 0..20_000 {
            decoder.take(format!("<STA {nth}>\r\n~\r").as_bytes(), |_| {});
            decoder.take(b"\x8e\x8f\x8e\x02\x8f", |_| {});
        }
        assert!(decoder.to_send().len() <= 4_096, "{kind:?}");
    }
}

/// What goes wrong while some time goes by.
#[derive(Clone, Debug)]
enum Step {
    Run(u16),
    Fault(Fault),
    Reconnect,
    Cut(usize),
    Piece(usize),
    Idle,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (1_u16..4_000).prop_map(Step::Run),
        2 => prop_oneof![Just(Fault::Skip), Just(Fault::Garble), Just(Fault::Drop)].prop_map(Step::Fault),
        1 => Just(Step::Reconnect),
        1 => prop_oneof![1_usize..60, Just(usize::MAX)].prop_map(Step::Cut),
        1 => prop_oneof![1_usize..60, Just(usize::MAX)].prop_map(Step::Piece),
        1 => Just(Step::Idle),
    ];
    prop::collection::vec(step, 0..80)
}

impl Line {
    fn go(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Run(ms) => self.run(i64::from(ms)),
                // What comes broken four times in a row a Chronelec is told to forget.
                Step::Fault(Fault::Garble) if self.played.kind() == Kind::Chronelec && self.garbled == 3 => {}
                Step::Fault(fault) => {
                    self.garbled += usize::from(fault == Fault::Garble);
                    self.played.misbehave(fault);
                }
                Step::Reconnect if !self.played.is_connected() => self.reconnect(),
                Step::Cut(most) => self.played.cut(most),
                Step::Piece(piece) => self.piece = piece,
                Step::Idle => self.decoder.idle(),
                Step::Reconnect => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_wrong_every_passing_is_told_exactly_once(
        kind in 0..Kind::ALL.len(),
        gaps in prop::collection::vec(0_u16..3_000, 1..120),
        steps in steps(),
    ) {
        let kind = Kind::ALL[kind].0;
        let crossed = crossed(&gaps);
        let mut line = Line::new(Played::new(kind, BEGAN, crossed.clone()));
        line.go(steps);
        line.calm();
        let counts = line.counts();
        prop_assert_eq!(line.told(), all_expected(kind, &crossed, line.played.missed()), "{:?}", counts);
        prop_assert_eq!(counts.restarts, 0);
        if !matches!(kind, Kind::AmbRc) {
            prop_assert_eq!(counts.gaps.open + counts.gaps.lost, 0, "{:?}", counts);
        }
    }

    /// A decoder forgets when it is switched off; what it had told by then, and what happens from then on, is told.
    #[test]
    fn whatever_goes_wrong_after_a_decoder_was_switched_off_and_on_nothing_is_lost(
        kind in prop_oneof![Just(Kind::P3), Just(Kind::Chronelec), Just(Kind::Timy), Just(Kind::RaceResult), Just(Kind::X2)],
        before in prop::collection::vec(0_u16..3_000, 1..60),
        after in prop::collection::vec(0_u16..3_000, 1..90),
        away in 0_i64..120_000,
        steps in (steps(), steps()),
    ) {
        let first = crossed(&before);
        let mut line = Line::new(Played::new(kind, BEGAN, first.clone()));
        line.go(steps.0);
        line.calm();
        line.played.restart(line.now);
        let mut at = line.now.0;
        let later: Vec<Crossed> = after.iter().enumerate().map(|(nth, gap)| {
            at += i64::from(*gap) * 1_000 + 1_000;
            Crossed { at: Instant(at), ..passing_of(nth + 7, 0) }
        }).collect();
        line.played.will_pass(later.clone());
        line.now = Instant(line.now.0 + away * 1_000);
        line.played.due(line.now);
        line.reconnect();
        line.go(steps.1);
        line.calm();
        let mut all = all_expected(kind, &first, &[]);
        all.extend(all_expected(kind, &later, &[]));
        all.sort_unstable();
        prop_assert_eq!(line.told(), all, "{:?}", line.counts());
        prop_assert_eq!(line.counts().gaps.open, 0);
    }

    #[test]
    fn whatever_comes_is_heard_alike_however_it_is_cut(
        kind in 0..Kind::ALL.len(),
        changed in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        size in 1_usize..80,
    ) {
        let kind = Kind::ALL[kind].0;
        let mut played = Played::new(kind, BEGAN, crossed(&[700; 40]));
        played.connected();
        played.take(b"SETPUSHPASSINGS;1;0\r\nCHK1\r\x1b\x05", BEGAN);
        let mut bytes = Vec::new();
        for step in 0..60 {
            let now = Instant(BEGAN.0 + step * 1_000_000);
            bytes.extend(played.due(now));
            if kind == Kind::Chronelec {
                played.take(&[0x1b, 0x11], now);
            }
        }
        for (at, byte) in changed {
            *at.get_mut(&mut bytes) = byte;
        }
        let heard = |size| {
            let (mut decoder, mut heard) = (Decoder::new(kind), Vec::new());
            bytes.chunks(size).for_each(|piece| decoder.take(piece, |of| heard.push(of)));
            (heard, decoder.counts().passings, decoder.counts().flaws)
        };
        let whole = heard(usize::MAX);
        prop_assert!(whole.1 > 25, "{:?}", whole);
        prop_assert_eq!(heard(size), whole);
    }
}
