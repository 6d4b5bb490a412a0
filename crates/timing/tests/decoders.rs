//! What decoders send in text, line by line: read as it is explained, written again byte for byte, and told where it is wrong.

use std::path::Path;

use proptest::prelude::*;
use sport::date::{Date, Instant, Micros};
use timing::chronelec::{self, Command};
use timing::flaw::Flaw;
use timing::lines::Lines;
use timing::race_result::{self, command};
use timing::timy::{self, Mark};
use timing::x2::Objects;
use timing::{ambrc, tranx, x2};

type Read = fn(&[u8]) -> Result<Vec<u8>, String>;

/// Each format: its lines, and a line read and written again.
type Format = (&'static str, fn() -> Lines, Read);

const FORMATS: [Format; 5] = [
    ("tranx", tranx::lines, |line| tranx::Record::decode(line).map(|record| record.encode())),
    ("ambrc", ambrc::lines, |line| ambrc::Record::decode(line).map(|record| record.encode())),
    ("chronelec", chronelec::lines, |line| chronelec::Record::decode(line).map(|record| record.encode())),
    ("timy", timy::lines, |line| timy::Record::decode(line).map(|record| record.encode())),
    ("race result", race_result::lines, |line| race_result::record::Record::decode(line).map(|record| record.encode())),
];

fn written(name: &str, line: &[u8]) -> Result<String, String> {
    let (_, _, read) = FORMATS.iter().find(|(of, ..)| *of == name).expect("it is a format");
    read(line).map(|line| String::from_utf8_lossy(&line).into_owned())
}

#[test]
fn lines_of_decoders_are_written_again_byte_for_byte() {
    let lines: [(&str, &str); 17] = [
        ("tranx", "#0970\r\n"),
        ("tranx", "$09000235BF3436E021358700\r\n"),
        ("ambrc", "\x01#\t20\t7\t64\t0\tx91CB\r\n"),
        ("ambrc", "\x01@\t20\t8\t4711001\t61.5\t211\t98\t2\tx352B\r\n"),
        ("ambrc", "\x01@\t204\t4711001\t324.620\r\n"),
        ("ambrc", "\x01%\t204\t0\t0\r\n"),
        ("chronelec", "<STA 000255 00:00'31\"957 01 01 1 1555>\r\n"),
        ("chronelec", "[14:02'31\" 12 09 10 10]\r\n"),
        ("timy", " 0043 C0  08:38:21.4249 00\r"),
        ("timy", " 0043 C0  08:38:21.4249 00>5\r"),
        ("timy", "c0007 C1M 23:59:59.98   00\r"),
        ("timy", " 0012rC0  10:07:20.2731 00\r"),
        ("timy", "n0012\r"),
        ("timy", "08:38:21.4\r"),
        ("race result", "#P;17;ZICAD30;2024-01-12;10:06:35.944;0;75;-75;;1;8;8;;6233;3;17;0;D-50432;177;;D-50432\r\n"),
        ("race result", "PASSINGS;17;177\r\n"),
        ("race result", "\r\n"),
    ];
    for (name, line) in lines {
        assert_eq!(written(name, line.as_bytes()).as_deref(), Ok(line), "{name}");
    }
}

#[test]
fn a_noise_and_a_passing_of_a_tranx_have_the_same_decoder() {
    let noise = tranx::Record::decode(b"#0970");
    assert_eq!(noise, Ok(tranx::Record::Noise { decoder: 9, noise: 0x70 }));
    let passing = tranx::Passing { decoder: 9, transponder: 144_831, ticks: 876_011_553, hits: 53, strength: 135, rest: 0 };
    assert_eq!(tranx::Record::decode(b"$09000235BF3436E021358700\r\n"), Ok(tranx::Record::Passing(passing)));
}

#[test]
fn an_ambrc_leaves_zeros_at_the_end_of_a_time_away() {
    let line = b"\x01@\t20\t8\t4711001\t61.5\t211\t98\t2\tx352B\r\n";
    let more = ambrc::More { number: 8, hits: 211, strength: 98, rest: String::from("2") };
    let passing = ambrc::Passing { decoder: 20, transponder: 4_711_001, time: Micros(61_500_000), more: Some(more) };
    assert_eq!(ambrc::Record::decode(line), Ok(ambrc::Record::Passing(passing)));
}

#[test]
fn a_passing_of_a_chronelec_is_read_as_it_is_explained() {
    let passing = chronelec::Passing {
        on: String::from("STA"),
        transponder: String::from("000255"),
        time: Micros(31_957_000),
        strength: 1,
        count: 1,
        battery: 1,
    };
    // Zeros may stand before it.
    let line = b"\0\0<STA 000255 00:00'31\"957 01 01 1 1555>\r\n";
    assert_eq!(chronelec::Record::decode(line), Ok(chronelec::Record::Passing(passing)));
}

#[test]
fn commands_to_a_chronelec_are_read_again() {
    let commands = [
        (Command::Acknowledge, "1b11"),
        (Command::Repeat, "1b12"),
        (Command::Status, "1b05"),
        (Command::Start, "1b07"),
        (Command::Stop, "1b135c"),
        (Command::SetUp, "1b10"),
        (Command::Time { hour: 14, minute: 2, second: 31 }, "1b480e021f74"),
        (Command::Day(Date { year: 2026, month: 3, day: 28 }), "1b0a0a1c031a150b3e"),
        (Command::Level { in_pit: true, level: 12 }, "1b1f3132"),
    ];
    let mut all = Vec::new();
    for (command, sent) in commands {
        let bytes = command.encode();
        assert_eq!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), sent);
        assert_eq!(Command::decode(&bytes), Some((command, bytes.len())));
        assert_eq!(Command::decode(&bytes[..bytes.len() - 1]), None);
        all.extend(bytes);
    }
    let mut rest = &all[..];
    let mut read = Vec::new();
    while let Some((command, length)) = Command::decode(rest) {
        read.push(command);
        rest = &rest[length..];
    }
    assert_eq!(read, commands.map(|(command, _)| command));
}

#[test]
fn an_impulse_is_read_whatever_stands_before_its_number() {
    let read = |line: &str| match timy::Record::decode(line.as_bytes()) {
        Ok(timy::Record::Impulse(of)) => (of.mark, of.number, of.parallel, of.channel(), of.time.0),
        other => panic!("{other:?}"),
    };
    let time = 36_440_273_100;
    assert_eq!(read(" 0012 C0  10:07:20.2731 00\r"), (Mark::None, 12, false, String::from("C0"), time));
    // A program between has taken the blanks away.
    assert_eq!(read("0012rC0 10:07:20.2731 00"), (Mark::None, 12, true, String::from("C0"), time));
    assert_eq!(read("c0012 C1M 10:07:20.2731 00\r\n"), (Mark::Cleared, 12, false, String::from("C1M"), time));
    assert_eq!(read("?0012 C1  10:07:20.2731 00"), (Mark::NoNumber, 12, false, String::from("C1"), time));
    assert_eq!(timy::Record::decode(b"\nPROG: Backup\r"), Ok(timy::Record::Other(String::from("PROG: Backup"))));
    assert_eq!(timy::Record::decode(b"n0012"), Ok(timy::Record::Next(12)));
}

#[test]
fn a_passing_of_race_result_is_read_from_whatever_version_it_is() {
    use race_result::record::{Passing, Record, Time};
    let read = |line: &[u8]| match Record::decode(line) {
        Ok(Record::Passing { pushed, passing }) => (pushed, passing),
        other => panic!("{other:?}"),
    };
    let (pushed, passing) = read(b"#P;17;ZICAD30;2024-01-12;10:06:35.944;0;75;-75;;1;8;3;;6233;3;17;64;D-50432;177;;D-50432\r\n");
    assert!(pushed && passing.stored());
    assert_eq!(
        (passing.number, passing.who(), passing.hits(), passing.on(), passing.file()),
        (17, "ZICAD30", Some(75), Some("3"), Some("177"))
    );
    assert_eq!(passing.time(), Some(Time::Of(Instant(1_705_053_995_944_000))));
    // The oldest version; without satellites there is no day, and after a day one more.
    let (pushed, passing) = read(b"3;911;0000-00-01;00:02:12.942;0;7;19");
    assert!(!pushed);
    assert_eq!((passing.who(), passing.time(), passing.on()), ("911", Some(Time::Clock(Micros(86_532_942_000))), None));
    // An exporter leaves the day out, and a name is in an older alphabet.
    let (_, passing) = read(b"7;N\xfcrburg;;10:50:00.477;0;72;127;;1;1;1;;16731;2");
    assert_eq!((passing.who(), passing.time()), ("Nürburg", Some(Time::Clock(Micros(39_000_477_000)))));
    let made = Passing::of(17, "911", Time::Clock(Micros(86_532_942_000)), "4").heard(9, 30, "2");
    let line = Record::Passing { pushed: true, passing: made.clone() }.encode();
    assert_eq!(read(&line), (true, made));
}

#[test]
fn commands_to_race_result_are_read_again() {
    use command::Command as Of;
    let commands = [
        Of::Protocol(String::from("2.0")),
        Of::Push { new: true, old: false },
        Of::Passings,
        Of::From { first: 7, count: 32 },
        Of::Status,
        Of::Start,
        Of::Stop,
        Of::Other(vec![String::from("GETCONFIG"), String::from("GENERAL"), String::from("BOXNAME")]),
        Of::Other(vec![String::from("PING")]),
    ];
    for command in commands {
        assert_eq!(Of::decode(&command.encode()), Some(command));
    }
    assert_eq!(Of::decode(b"12"), Some(Of::From { first: 12, count: 1 }));
    assert_eq!(Of::decode(b"\r\n"), None);
}

#[test]
fn what_is_wrong_is_told() {
    let told = |name, line: &str| written(name, line.as_bytes()).unwrap_err();
    assert_eq!(told("tranx", "$0900"), "after its first character it has 24 hexadecimal digits");
    assert_eq!(told("tranx", "@210000278899"), "a line begins with # or $");
    assert_eq!(told("ambrc", "\x01#\t20\t7\t64\t0\tx91CC"), "its checksum is 91CB, and it says 91CC");
    assert_eq!(told("ambrc", "\x01@\t20\t8"), "it has no checksum, and is no line of a decoder that sends none");
    assert_eq!(told("ambrc", "@210000278899"), "a line begins with the byte 01");
    assert_eq!(told("chronelec", "<STA 000256 00:00'31\"957 01 01 1 1555>"), "its sum is 1556, and it says 1555");
    assert_eq!(told("chronelec", "<STA 000255>"), "a passing has 38 characters");
    assert_eq!(told("timy", " 0043 C0  08:38:21.4248 00>5"), "its checksum is >4, and it says >5");
    assert_eq!(told("timy", " 0043 CX  08:38:21.4249 00"), "its channel `CX` is none from C0 to C9");
    assert_eq!(told("timy", " 0043 C0  08:61:21.4249 00"), "its time `08:61:21.4249` is none such as 10:07:20.2731");
    assert_eq!(told("race result", "3;911;2024-13-01;00:02:12.942;0;7;19"), "its time `2024-13-01;00:02:12.942` is none");
    assert_eq!(told("race result", "3;911"), "a passing has 6 fields after its number, and this one 1");
    assert_eq!(told("race result", "noise"), "a line is a passing, #, or a command in capital letters");
}

fn objects(pieces: &[&[u8]]) -> (Vec<x2::Passing>, Vec<Flaw>) {
    let (mut passings, mut flaws) = (Vec::new(), Vec::new());
    let mut stream = Objects::default();
    for piece in pieces {
        stream.take(piece, |object| match object.and_then(|line| x2::Passing::decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(passing) => passings.push(passing),
            Err(flaw) => flaws.push(flaw),
        });
    }
    stream.end(|flaw| flaws.push(flaw));
    (passings, flaws)
}

const BRIDGE: &str = r#"[{"i":7,"l":1,"t":4711,"ts":12,"h":31,"tl":"2025-04-26T09:14:03.521","tu":"2025-04-26T14:14:03.521Z","p":false,"r":false},{"i":8,"l":2,"t":4712,"ts":0,"h":9,"tl":"2025-04-26T09:14:04","tu":"2025-04-26T14:14:04Z","p":true,"r":true}]
"#;

#[test]
fn the_passings_of_a_bridge_are_read_and_written_again_byte_for_byte() {
    let (passings, flaws) = objects(&[BRIDGE.as_bytes()]);
    assert_eq!(flaws, []);
    assert_eq!(passings.iter().map(|of| (of.id, of.in_pit, of.resent)).collect::<Vec<_>>(), [(7, false, false), (8, true, true)]);
    assert_eq!(passings[0].utc, Some(Instant(1_745_676_843_521_000)));
    assert_eq!(passings[0].local, Some(Instant(1_745_676_843_521_000 - 5 * 3_600_000_000)));
    assert_eq!(String::from_utf8_lossy(&x2::encode(&passings)), BRIDGE);
    for size in 1..60 {
        assert_eq!(objects(&BRIDGE.as_bytes().chunks(size).collect::<Vec<_>>()), (passings.clone(), Vec::new()), "{size}");
    }
}

#[test]
fn what_a_bridge_breaks_off_ends_where_the_next_begins() {
    let one = |id: u32, time: &str| format!(r#"{{"i":{id},"t":4711,"tu":"{time}"}}"#);
    let text = format!(
        "noise,{}{{\"i\":9,\"t\":{}[{{\"i\":10,\"tu\":\"2025\n{}",
        one(7, "2025-04-26T14:14:03.5210000Z"),
        one(8, "2025-04-26T16:14:04+02:00"),
        one(11, "yesterday")
    );
    let (passings, flaws) = objects(&[text.as_bytes()]);
    assert_eq!(
        passings.iter().map(|of| (of.id, of.utc)).collect::<Vec<_>>(),
        [(7, Some(Instant(1_745_676_843_521_000))), (8, Some(Instant(1_745_676_844_000_000))),]
    );
    let whys: Vec<&str> = flaws.iter().map(|flaw| flaw.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            "this stands between passings",
            "a passing broke off",
            "a passing broke off",
            "tu `yesterday` is no time such as 2025-04-26T14:14:03.521Z",
        ]
    );
    let deep = ["[".repeat(10_000), "{".repeat(10_000), "\"[".repeat(10_000)].concat();
    assert!(objects(&[deep.as_bytes()]).0.is_empty());
}

/// Captures that may not be copied, where they are.
fn beside(path: &str) -> Option<String> {
    let here = std::env::var_os("PARCFERME_CAPTURES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures"), Into::into);
    std::fs::read_to_string(here.join(path)).ok()
}

#[test]
fn every_published_line_of_a_tranx_is_written_again() {
    let Some(text) = beside("tranx2/tranx_samples.txt") else {
        eprintln!("skipped: the published lines are not beside the repository");
        return;
    };
    let mut read = 0;
    for (from, line) in text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')) {
        // The other two modes of a clone are no lines of a TranX.
        if from == "ESL400-mode-A20" || from == "ESL400-mode-chronit" {
            assert!(written("tranx", line.as_bytes()).is_err(), "{line}");
        } else {
            assert_eq!(written("tranx", line.as_bytes()), Ok(format!("{line}\r\n")));
            read += 1;
        }
    }
    assert_eq!(read, 10);
}

fn read(format: usize, pieces: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<Flaw>) {
    let (_, lines, decode) = FORMATS[format];
    let (mut records, mut flaws) = (Vec::new(), Vec::new());
    let mut lines = lines();
    for piece in pieces {
        lines.take(piece, |line| match line.and_then(|line| decode(line.bytes).map_err(|why| line.flaw(why))) {
            Ok(record) => records.push(record),
            Err(flaw) => flaws.push(flaw),
        });
    }
    lines.end(|flaw| flaws.push(flaw));
    (records, flaws)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_is_read_alike_however_it_is_cut(
        format in 0..FORMATS.len(),
        text in r#"[\x01@#$%<\[\]>PCSTABOXn0-9:;'"\t.\r\n \-]{0,300}"#,
        size in 1_usize..40,
    ) {
        let bytes = text.as_bytes();
        prop_assert_eq!(read(format, &bytes.chunks(size).collect::<Vec<_>>()), read(format, &[bytes]));
    }

    #[test]
    fn whatever_a_bridge_sends_is_read_alike_however_it_is_cut(text in r#"[\[\]{}",:itul0-9TZ\\\n \-.]{0,300}"#, size in 1_usize..40) {
        let bytes = text.as_bytes();
        prop_assert_eq!(objects(&bytes.chunks(size).collect::<Vec<_>>()), objects(&[bytes]));
    }

    #[test]
    fn passings_in_hexadecimal_digits_are_read(decoder: u8, transponder: u32, ticks: u32, hits: u8, strength: u8, rest: u8) {
        let record = tranx::Record::Passing(tranx::Passing { decoder, transponder, ticks, hits, strength, rest });
        prop_assert_eq!(tranx::Record::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn passings_between_tabs_are_read(decoder: u32, transponder: u32, ms in 0_i64..4_000_000_000, number: u64, hits: u16, strength: u16, bare: bool) {
        let more = (!bare).then(|| ambrc::More { number, hits, strength, rest: String::from("2") });
        let record = ambrc::Record::Passing(ambrc::Passing { decoder, transponder, time: Micros(ms * 1_000), more });
        prop_assert_eq!(ambrc::Record::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn passings_with_a_sum_are_read(on in "STA|BOX|MAN|B0[1-9]", transponder in "[0-9A-Z]{6}", ms in 0_i64..86_400_000, strength in 0_u8..100, battery in 1_u8..4) {
        let passing = chronelec::Passing { on, transponder, time: Micros(ms * 1_000), strength, count: 1, battery };
        let record = chronelec::Record::Passing(passing);
        prop_assert_eq!(chronelec::Record::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn impulses_are_read(mark in 0_usize..7, number in 0_u16..10_000, channel in 0_u8..10, parallel: bool, manual: bool, checked: bool, decimals in 0_usize..5, unit in 0_i64..864_000_000) {
        let mark = [Mark::None, Mark::NoNumber, Mark::Memory, Mark::Cleared, Mark::Disqualified, Mark::Inserted, Mark::Number][mark];
        let step = 10_i64.pow(6 - u32::try_from(decimals).expect("small"));
        let time = Micros(unit * 100 / step * step);
        let record = timy::Record::Impulse(timy::Impulse { mark, number, parallel, channel, manual, time, decimals, group: String::from("00"), checked });
        prop_assert_eq!(timy::Record::decode(&record.encode()), Ok(record));
    }

    #[test]
    fn passings_of_a_bridge_are_read(id: u32, on: u32, transponder: u32, hits: u16, at in 0_i64..4_000_000_000_000_000, in_pit: bool, resent: bool, of: Option<(i32, i32)>) {
        let passing = x2::Passing { id, on, transponder, short: 0, hits, local: None, utc: Some(Instant(at)), in_pit, resent, of };
        prop_assert_eq!(objects(&[&x2::encode(std::slice::from_ref(&passing))]), (vec![passing], Vec::new()));
    }
}
