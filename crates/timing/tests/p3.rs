//! P3 on real frames: every one is read and written again byte for byte, however the stream is cut, and whatever is broken is told where it is.

use std::path::Path;

use proptest::prelude::*;
use timing::flaw::Flaw;
use timing::p3::frame::{Bad, Field, Frame};
use timing::p3::record::{Passing, Record, Settings, Status, Time, Version, What};
use timing::p3::stream::Stream;

/// The real frames, as they were sent.
fn frames() -> Vec<Vec<u8>> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/p3/frames.hex")).expect("the capture is here");
    let byte = |line: &str, at: usize| u8::from_str_radix(&line[at..at + 2], 16).expect("hexadecimal");
    text.lines().map(|line| (0..line.len()).step_by(2).map(|at| byte(line, at)).collect()).collect()
}

fn read(pieces: &[&[u8]]) -> (Vec<Record>, Vec<Flaw>) {
    let (mut records, mut flaws) = (Vec::new(), Vec::new());
    let mut stream = Stream::new();
    let mut tell = |told: Result<Record, Flaw>| match told {
        Ok(record) => records.push(record),
        Err(flaw) => flaws.push(flaw),
    };
    pieces.iter().for_each(|piece| stream.take(piece, &mut tell));
    stream.end(&mut tell);
    (records, flaws)
}

#[test]
fn the_published_example_reads_as_it_is_explained() {
    let record = Record::of(Frame::decode(&frames()[2]).expect("it is whole"));
    let passing = Passing {
        number: 157_777,
        transponder: Some(5_691_251),
        time: 1_551_542_808_933_000,
        strength: Some(178),
        hits: Some(52),
        flags: Some(0),
        code: None,
    };
    assert_eq!(record, Record { decoder: Some(0x41813), what: What::Passing(passing), rest: Vec::new() });
}

#[test]
fn every_real_frame_is_read_and_written_again_byte_for_byte() {
    let (mut passings, mut statuses) = (0, 0);
    for sent in frames() {
        let record = Record::of(Frame::decode(&sent).expect("it is whole"));
        if matches!(record.what, What::Passing(_)) {
            passings += 1;
        } else {
            assert!(matches!(record.what, What::Status(_)), "{record:?}");
            statuses += 1;
        }
        assert_eq!(record.rest, []);
        // A decoder sends the fields of a state in an order of its own.
        let again = record.frame().encode();
        assert_eq!((again.len(), Record::of(Frame::decode(&again).expect("it is whole"))), (sent.len(), record.clone()));
        assert_eq!(Frame::decode(&sent).expect("it is whole").encode(), sent);
        if matches!(record.what, What::Passing(_)) {
            assert_eq!(again, sent);
        }
    }
    assert_eq!((passings, statuses), (78, 288));
}

#[test]
fn however_a_stream_is_cut_the_same_records_come() {
    let all: Vec<u8> = frames().concat();
    let whole = read(&[&all]);
    assert_eq!((whole.0.len(), whole.1.len()), (366, 0));
    for size in [1, 2, 3, 7, 50, 51, 52, 1_000] {
        assert_eq!(read(&all.chunks(size).collect::<Vec<_>>()), whole, "{size}");
    }
}

#[test]
fn what_is_broken_is_told_and_the_next_is_read() {
    let frames = frames();
    let mut broken = frames[2].clone();
    broken[20] ^= 1;
    let cut = &frames[3][..12];
    let (records, flaws) = read(&[b"\r\n", &frames[0], &broken, cut, &frames[1], b"noise"]);
    assert_eq!(records.len(), 2);
    let told: Vec<String> = flaws.iter().map(|flaw| flaw.to_string().chars().take(64).collect()).collect();
    assert_eq!(
        told,
        [
            "byte 0: 2 bytes between frames: 0d0a",
            "byte 33: its checksum is 38b5, and it says c853: 8e02330053c8000",
            "byte 84: a frame begins with 8e and ends with 8f: 8e021f006e9700",
            "byte 127: 5 bytes between frames: 6e6f697365",
        ]
    );
}

#[test]
fn a_field_that_goes_on_beyond_the_end_is_told_by_its_tag() {
    let mut bytes = Frame::new(1, vec![Field { tag: 5, value: vec![1, 2] }]).encode();
    bytes[11] = 9;
    let sum = match Frame::decode(&bytes) {
        Err(Bad::Checksum { is, .. }) => is.to_le_bytes(),
        other => panic!("{other:?}"),
    };
    bytes[4..6].copy_from_slice(&sum);
    assert_eq!(Frame::decode(&bytes), Err(Bad::Field { tag: 5 }));
}

#[test]
fn a_passing_with_fields_nobody_knows_is_a_passing() {
    let mut frame = Frame::decode(&frames()[2]).expect("it is whole");
    frame.fields.insert(3, Field { tag: 0x33, value: vec![1, 2, 3] });
    let record = Record::of(frame);
    assert!(matches!(&record.what, What::Passing(of) if of.number == 157_777));
    assert_eq!(record.rest, [Field { tag: 0x33, value: vec![1, 2, 3] }]);
    assert_eq!(Record::of(Frame::decode(&record.frame().encode()).expect("it is whole")), record);
}

#[test]
fn what_hosts_ask_and_decoders_answer_is_read_and_written() {
    // A field without a value asks for it, whatever the record is.
    let asked = Record::asked_time();
    assert_eq!(asked.frame().fields.iter().map(|field| (field.tag, field.value.len())).collect::<Vec<_>>(), [(1, 0), (4, 0), (5, 0)]);
    let answer = What::Time(Time { rtc: Some(1_551_542_808_933_000), flags: Some(0), utc: None });
    let version = Version { decoder: Some(0x10), description: Some(b"AMBrc".to_vec()), build: Some(vec![7, 1]), ..Version::default() };
    let status = Status { noise: Some(40), gps: Some(1), satellites: Some(9), ..Status::default() };
    let settings = Settings { status_interval: Some(255), rtc: Some(1_551_542_808), first_contact: Some(0) };
    let said = [
        Record::asked(What::Status(Status::default()), &[0x01, 0x0a]),
        Record::asked(What::Version(Version::default()), &[0x01, 0x02]),
        asked.clone(),
        Record::said(What::Settings(settings)),
        Record::said(What::Resend { from: 8, until: 11 }),
        Record::said(What::Ping),
        Record { decoder: Some(7), what: answer, rest: Vec::new() },
        Record { decoder: Some(7), what: What::Version(version), rest: Vec::new() },
        Record { decoder: Some(7), what: What::Status(status), rest: Vec::new() },
        Record { decoder: Some(7), what: What::Reset, rest: Vec::new() },
        Record { decoder: Some(7), what: What::Watchdog, rest: Vec::new() },
        Record { decoder: Some(7), what: What::Error { code: 4, description: Some(b"TOR".to_vec()) }, rest: Vec::new() },
    ];
    for record in &said {
        assert_eq!(Record::of(Frame::decode(&record.frame().encode()).expect("it is whole")), *record);
    }
    assert_eq!(said.iter().filter(|record| record.asks()).count(), 3);
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        kind: u16,
        version: u8,
        big: bool,
        fields in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..40)), 0..20),
    ) {
        let fields = fields.into_iter().map(|(tag, value)| Field { tag, value }).collect();
        let frame = Frame { version, flags: u16::from(big), kind, fields };
        let sent = frame.encode();
        prop_assert!(!sent[1..sent.len() - 1].iter().any(|byte| [0x8e, 0x8f].contains(byte)));
        prop_assert_eq!(Frame::decode(&sent), Ok(frame));
    }

    #[test]
    fn whatever_comes_is_accounted_for(pieces in prop::collection::vec(prop::collection::vec(prop_oneof![Just(0x8e_u8), Just(0x8f), Just(0x8d), any::<u8>()], 0..30), 0..30)) {
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let whole = pieces.concat();
        prop_assert_eq!(read(&pieces), read(&[&whole]));
    }
}
