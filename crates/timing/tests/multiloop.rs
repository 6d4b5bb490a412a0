//! Multiloop on the lines that are known of it. No stream was seen: what is said of separators is tested with streams made here.

use std::path::Path;

use proptest::prelude::*;
use timing::flaw::Flaw;
use timing::multiloop::field::{Ms, Seconds, Separator};
use timing::multiloop::letter::{Kind, Lane, RunKind, Source, TrackStatus};
use timing::multiloop::record::{Header, Record, Track, What};
use timing::multiloop::stream::{self, Stream};
use timing::multiloop::usac::Message;

const ALL: [Separator; 5] = [Separator::USUAL, Separator::Byte(0xff), Separator::Bar, Separator::Lost, Separator::Retyped];

/// The lines of the capture, without where they are from.
fn samples() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/multiloop/redmist_multiloop_samples.tsv");
    let text = std::fs::read_to_string(path).expect("the capture is here");
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').expect("a file and a line").1.to_owned()).collect()
}

/// A record of a line whose separator is written as a broken bar.
fn one(line: &str) -> Result<Record<'_>, String> {
    Record::decode(line, Separator::Bar)
}

/// A line written again, without its end.
fn again(line: &str) -> String {
    let mut out = Vec::new();
    one(line).expect("it is a record").encode(Separator::Bar, &mut out);
    String::from_utf8(out).expect("it is UTF-8").trim_end_matches("\r\n").to_owned()
}

fn what(line: &str) -> What<'_> {
    one(line).expect("it is a record").what
}

/// What a stream says: each record written again as it came, and the flaws.
fn read(pieces: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<Flaw>) {
    read_as(pieces, None)
}

/// The same, written with another separator.
fn read_as(pieces: &[&[u8]], other: Option<Separator>) -> (Vec<Vec<u8>>, Vec<Flaw>) {
    let (mut lines, mut flaws) = (Vec::new(), Vec::new());
    let mut stream = Stream::new();
    let mut told: Vec<Result<Vec<u8>, Flaw>> = Vec::new();
    let mut tell = |separator: Separator, said: Result<Record<'_>, Flaw>| {
        told.push(said.map(|record| {
            let mut line = Vec::new();
            record.encode(separator, &mut line);
            line
        }));
    };
    let first = pieces.concat();
    let line = first.split(|byte| *byte == b'\n').find_map(|line| Separator::of(line.trim_ascii_start()));
    let separator = other.or(line).unwrap_or(Separator::USUAL);
    pieces.iter().for_each(|piece| stream.take(piece, |said| tell(separator, said)));
    stream.end(|said| tell(separator, said));
    for said in told {
        match said {
            Ok(line) => lines.push(line),
            Err(flaw) => flaws.push(flaw),
        }
    }
    (lines, flaws)
}

#[test]
fn every_line_of_the_capture_is_read_and_written_again_or_says_nothing() {
    let samples = samples();
    assert_eq!(samples.len(), 18);
    let (mut again, mut nothing) = (0, Vec::new());
    for line in &samples {
        let (lines, flaws) = read(&[line.as_bytes()]);
        match (&lines[..], &flaws[..]) {
            ([written], []) => {
                assert_eq!(String::from_utf8_lossy(written), format!("{line}\r\n"));
                again += 1;
            }
            ([], [flaw]) => nothing.push(flaw.to_string()),
            _ => panic!("{line}: {lines:?} {flaws:?}"),
        }
    }
    assert_eq!(again, 14);
    let cut = ["$H<S>N<S>139B<S>Q1...", "$H<S>R<S>", "$S<S>", "$L<S>"];
    assert_eq!(nothing, cut.map(|line| format!("line 1: it ends before it says anything: {line}")));
}

#[test]
fn a_heartbeat_and_a_lap_say_what_they_say() {
    let What::Heartbeat(of) = what("$H¦N¦2F4¦Q1¦G¦685E9B2F¦9A0AB¦0¦D42B4") else { panic!("a heartbeat") };
    assert_eq!((of.track, of.now, of.elapsed), (Some(TrackStatus::Green), Some(Seconds(1_751_030_575)), Some(Ms(630_955))));
    assert_eq!((of.laps_to_go, of.to_go), (Some(0), Some(Ms(869_044))));
    // What is gone and what is to go are the 25 minutes of the run, but for a millisecond.
    assert_eq!(630_955 + 869_044, 25 * 60_000 - 1);
    let of = one("$C¦U¦80004¦Q1¦C¦99¦8¦4¦83DDF¦1CB83¦T¦1CB83¦4¦2E6A¦0¦649¦0¦C¦1CB83¦Unknown¦G¦1¦0¦9¦0").expect("a lap");
    assert_eq!(of.header, Header { kind: Some(Kind::Updated), sequence: Some(0x8_0004), preamble: Some("Q1") });
    let What::Lap(of) = of.what else { panic!("a lap") };
    assert_eq!((of.rank, of.number, of.id, of.laps), (Some(12), Some("99"), Some(8), Some(4)));
    assert_eq!((of.elapsed, of.last, of.best, of.best_lap), (Some(Ms(540_127)), Some(Ms(117_635)), Some(Ms(117_635)), Some(4)));
    assert_eq!((of.lane, of.track, of.status), (Some(Lane::Track), Some(TrackStatus::Green), Some("Unknown")));
    assert_eq!((of.stops, of.last_stop, of.start, of.led, of.overall_rank), (Some(1), Some(0), Some(9), Some(0), Some(12)));
}

#[test]
fn every_other_record_says_what_it_says() {
    let What::Entry(of) = what("$E¦R¦17¦Q1¦12¦17¦Hazel Rowanne¦18¦2¦B-Spec¦Honda Fit¦17¦") else { panic!("an entry") };
    assert_eq!((of.number, of.id, of.driver, of.start), (Some("12"), Some(0x17), Some("Hazel Rowanne"), Some(24)));
    assert_eq!((of.count, of.fields, of.competitor), (Some(2), vec!["B-Spec", "Honda Fit"], Some(0x17)));
    let What::Section(of) = what("$S¦N¦F3170000¦Q1¦99¦EF317¦S1¦2DF3C0E¦7C07¦5") else { panic!("a section") };
    assert_eq!((of.section, of.elapsed, of.time, of.lap), (Some("S1"), Some(Ms(48_184_334)), Some(Ms(31_751)), Some(5)));
    let What::Crossing(of) = what("$L¦N¦EF325¦Q1¦89¦5¦SF¦A¦9B82E¦G¦T") else { panic!("a line") };
    assert_eq!((of.line, of.source, of.elapsed, of.lane), (Some("SF"), Some(Source::Antenna), Some(Ms(636_974)), Some(Lane::Track)));
    let What::Leader(of) = what("$N¦U¦80004¦Q1¦01¦469D¦45¦4CAD63¦20") else { panic!("a leader") };
    assert_eq!((of.number, of.id, of.lap, of.nth), (Some("01"), Some(0x469d), Some(69), Some(32)));
    let What::Run(of) = what("$R¦R¦400004C7¦Q1¦Hoosier Super Tour¦¦Grp 2 Qual 1¦Q¦685ECBB8") else { panic!("a run") };
    assert_eq!(
        (of.short, of.name, of.kind, of.start),
        (Some(""), Some("Grp 2 Qual 1"), Some(RunKind::Qualifying), Some(Seconds(1_751_043_000)))
    );
    let What::Announcement(of) = what("$A¦N¦F3170000¦Q1¦2F¦A¦U¦BC6AD080¦Some Message") else { panic!("an announcement") };
    assert_eq!((of.nth, of.action, of.priority, of.text), (Some(47), Some("A"), Some("U"), Some("Some Message")));
    let What::Version(of) = what("$V¦R¦1¦Q1¦1¦5¦Multiloop feed") else { panic!("a version") };
    assert_eq!((of.major, of.minor, of.about), (Some(1), Some(5), Some("Multiloop feed")));
    let What::Flags(of) = what("$F¦R¦5¦R1¦K¦0¦D7108¦6¦6088A¦1¦0¦1¦00¦1¦81.63") else { panic!("flags") };
    assert_eq!((of.track, of.green, of.yellow), (Some(TrackStatus::Chequered), Some(Ms(880_904)), Some(Ms(395_402))));
    assert_eq!((of.yellows, of.leader, of.lead_changes, of.average), (Some(1), Some("00"), Some(1), Some("81.63")));
    let What::Track(of) = what("$T¦R¦22¦Q1¦Watkins Glen¦WGI¦3.4¦2¦S1¦0¦SF¦IM1¦Spd¦1438¦IM1¦IM2") else { panic!("a track") };
    assert_eq!((of.name, of.miles, of.sections.len()), (Some("Watkins Glen"), Some("3.4"), 2));
    assert_eq!((of.sections[1].name, of.sections[1].inches, of.sections[1].to), (Some("Spd"), Some("1438"), Some("IM2")));
}

#[test]
fn a_car_nobody_knows_is_one_of_two_question_marks() {
    let What::Invalidated(of) = what("$I¦U¦F005A¦Q1¦??¦F005A¦0¦") else { panic!("a lap that does not count") };
    assert_eq!((of.number, of.id, of.elapsed), (Some("??"), Some(0xf_005a), Some(Ms(0))));
    let What::Invalidated(of) = what("$I¦R¦F005A¦Q1¦31¦F005A¦84E¦") else { panic!("a lap that does not count") };
    assert_eq!(of.elapsed, Some(Ms(2_126)));
}

#[test]
fn a_record_that_was_cut_has_the_fields_it_still_has() {
    let whole = "$C¦U¦80004¦Q1¦C¦99¦8¦4¦83DDF¦1CB83¦T¦1CB83¦4¦2E6A¦0¦649¦0¦C¦1CB83¦Unknown¦G¦1¦0¦9¦0";
    let bars: Vec<usize> = whole.match_indices('¦').map(|(at, _)| at).collect();
    for (nth, at) in bars.iter().enumerate() {
        let cut = one(&whole[..*at]);
        if nth < 4 {
            assert_eq!(cut.map(|_| ()), Err(String::from("it ends before it says anything")), "{nth}");
            continue;
        }
        assert_eq!(again(&whole[..*at]), &whole[..*at]);
        let What::Lap(of) = cut.expect("it still says something").what else { panic!("a lap") };
        let there = [of.rank.is_some(), of.number.is_some(), of.id.is_some(), of.laps.is_some(), of.elapsed.is_some(), of.last.is_some()];
        assert_eq!(there.iter().filter(|there| **there).count(), (nth - 3).min(6), "{nth}");
    }
    let entry = "$E¦R¦17¦Q1¦12¦17¦Hazel Rowanne¦18¦B¦B-Spec¦Honda";
    let What::Entry(of) = what(entry) else { panic!("an entry") };
    assert_eq!((of.count, of.fields, of.competitor), (Some(11), vec!["B-Spec", "Honda"], None));
    let track = "$T¦R¦22¦Q1¦Watkins Glen¦WGI¦3.4¦FFFFFFFF¦S1¦0¦SF";
    let What::Track(of) = what(track) else { panic!("a track") };
    assert_eq!((of.count, of.sections.len(), of.sections[0].to), (Some(u32::MAX), 1, None));
    assert_eq!([again(entry), again(track)], [entry, track]);
}

#[test]
fn what_nobody_told_of_is_kept_as_it_came() {
    let record = one("$X¦unknown¦command").expect("a record");
    assert_eq!((record.what, record.more), (What::Other("$X"), vec!["unknown", "command"]));
    let What::Heartbeat(of) = what("$H¦N¦1¦Q1¦P¦0") else { panic!("a heartbeat") };
    assert_eq!(of.track, Some(TrackStatus::Other("P")));
    let record = one("$V¦R¦1¦Q1¦1¦5¦x¦new¦").expect("a record");
    assert_eq!(record.more, ["new", ""]);
    // Letters that are no UTF-8, in a command this program does not know.
    let line = b"$USAC:CAN\xa6M\xfcller\xa6\xff\r\n";
    assert_eq!(read(&[line]), (vec![line.to_vec()], vec![]));
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    let told = |line| one(line).map(|_| ()).unwrap_err();
    assert_eq!(told("$H¦N¦2F4¦Q1¦G¦685E9B2F9¦0"), "the time `685E9B2F9` (field 6) is not a moment of up to eight hexadecimal digits");
    assert_eq!(told("$C¦N¦1¦Q1¦+C¦99"), "the rank `+C` (field 5) is not a number of up to eight hexadecimal digits");
    assert_eq!(told("$H¦G¦2F4¦Q1¦G"), "the record type `G` (field 2) is not N, R or U");
    assert_eq!(told("$H¦N¦2F4¦Q1¦G¦¦¦A"), "the laps to go `A` (field 8) is not a whole number in its range");
    assert_eq!(told("$USAC:S¦"), "it ends before it says anything");
    assert_eq!(told("$E¦R¦17¦Q1¦¦ ¦"), "it ends before it says anything");
    assert_eq!(told("noise"), "a record begins with $ and its command");
    let (lines, flaws) = read(&[b"$V\xa6R\xa61\xa6Q1\xa61\r\n\xa6\xa6\r\n\r\n$V\xa6R\xa61\xa6Q1\xa62\r\n"]);
    assert_eq!((lines.len(), flaws.len()), (2, 1));
    assert_eq!((flaws[0].line, flaws[0].offset), (Some(2), 13));
}

#[test]
fn whatever_parts_the_fields_is_learnt_from_the_line_that_has_it() {
    let samples = samples();
    for separator in ALL {
        // Each line written with this separator, and read as a stream that nobody said it of.
        let (lines, flaws) = read_as(&[samples.join("\r\n").as_bytes()], Some(separator));
        let bytes = lines.concat();
        assert_eq!((lines.len(), flaws.len()), (14, 4));
        assert!(stream::is(&bytes), "{separator:?}");
        let mut stream = Stream::new();
        let mut records = 0;
        stream.take(&bytes, |said| records += usize::from(said.is_ok()));
        assert_eq!((records, stream.separator()), (14, Some(separator)));
        assert_eq!(read(&[&bytes]), (lines, vec![]), "{separator:?}");
        assert_eq!(read_as(&[&bytes], Some(Separator::Retyped)).0.concat(), read(&[samples.join("\r\n").as_bytes()]).0.concat());
    }
    // A relay that began anew sends another one.
    let (mut stream, mut records) = (Stream::new(), 0);
    stream.take(b"$V\xa6R\xa61\xa6Q1\xa61\r\n$V\xffR\xff1\xffQ1\xff1\r\n$V\xffR\xff2\xffQ1\xff1", |said| {
        records += usize::from(said.is_ok());
    });
    stream.end(|said| records += usize::from(said.is_ok()));
    assert_eq!((records, stream.separator()), (3, Some(Separator::Byte(0xff))));
    assert_eq!(Separator::of(b"$F,9999,\"00:00:00\""), None, "RMonitor is something else");
    assert!(!stream::is(b"$F,9999,\"00:00:00\",\"14:09:52\",\"00:59:59\",\"      \"\r\n") && !stream::is(b"{}") && !stream::is(b""));
}

#[test]
fn a_text_is_in_the_alphabet_of_its_feed_and_cannot_end_its_field() {
    let entry = |separator: Separator, name: &str| {
        let mut out = Vec::new();
        let track = Track { name: Some(name), ..Track::default() };
        let header = Header { kind: Some(Kind::New), sequence: Some(1), preamble: Some("R1") };
        Record { header, what: What::Track(track), more: vec![] }.encode(separator, &mut out);
        out
    };
    assert_eq!(entry(Separator::USUAL, "Nürburg"), b"$T\xa6N\xa61\xa6R1\xa6N\xfcrburg\r\n");
    assert_eq!(entry(Separator::Bar, "Nürburg"), "$T¦N¦1¦R1¦Nürburg\r\n".as_bytes());
    assert_eq!(entry(Separator::USUAL, "a¦b\r\n東"), b"$T\xa6N\xa61\xa6R1\xa6a|b  ?\r\n");
    let (lines, flaws) = read(&[&entry(Separator::USUAL, "Nürburg")]);
    assert_eq!((lines, flaws), (vec![entry(Separator::USUAL, "Nürburg")], vec![]));
}

#[test]
fn numbers_are_written_in_capitals_without_noughts_before_them_and_nothing_behind_the_last() {
    assert_eq!(again("$H¦N¦2f4¦Q1¦G ¦0685E9B2F¦9a0ab¦+7¦"), "$H¦N¦2F4¦Q1¦G¦685E9B2F¦9A0AB¦7");
}

#[test]
fn a_line_without_an_end_is_told_once_and_not_kept() {
    let long =
        [b"$V\xa6R\xa61\xa6Q1\xa61\xa65\xa6".to_vec(), vec![b'x'; 100_000], b"\r\n$V\xa6R\xa61\xa6Q1\xa61\r\nnoise".to_vec()].concat();
    let (lines, flaws) = read(&[&long]);
    assert_eq!((lines.len(), flaws.len()), (1, 2));
    assert_eq!((flaws[1].offset, flaws[1].line), (long.len() as u64 - 5, Some(3)));
    assert_eq!((flaws[0].offset, flaws[0].why.as_str()), (0, "no record is longer than 4096 bytes"));
    for size in [1, 100, 4_095, 4_096, 4_097] {
        assert_eq!(read(&long.chunks(size).collect::<Vec<_>>()), (lines.clone(), flaws.clone()), "{size}");
    }
}

#[test]
fn usac_adds_who_drives_sections_and_the_time_zone_with_or_without_the_fields_that_other_records_begin_with() {
    for line in ["$USAC:DRIVERID¦17¦9A0AB¦2¦Hazel Rowanne", "$USAC:DRIVERID¦N¦5¦R1¦17¦9A0AB¦2¦Hazel Rowanne"] {
        assert_eq!(again(line), line);
        let What::DriverOn(of) = what(line) else { panic!("a driver") };
        assert_eq!((of.id, of.at, of.driver, of.name), (Some(0x17), Some(Ms(630_955)), Some("2"), Some("Hazel Rowanne")));
    }
    let What::SectorTime(of) = what("$USAC:S¦17¦9A0AB¦S1a¦7C07") else { panic!("a section") };
    assert_eq!((of.section, of.time), (Some("S1a"), Some(Ms(31_751))));
    let What::Zone(of) = what("$USAC:TZ¦America/Los_Angeles¦9A0AB") else { panic!("a zone") };
    assert_eq!(of.name, Some("America/Los_Angeles"));
    assert_eq!(one("$USAC:GPS¦17¦x").expect("a record").what, What::Other("$USAC:GPS"));
}

#[test]
fn over_a_web_socket_a_client_chooses_and_every_other_message_is_kept() {
    let first = br#"{"command":"$USAC:SUBSCRIPTIONS","subscriptions":["$USAC:STINT","$H","ping"]}"#;
    let message = Message::decode(first).expect("a message");
    assert_eq!(message, Message::Subscribed(vec!["$USAC:STINT".into(), "$H".into(), "ping".into()]));
    assert_eq!(message.encode(), first);
    let request = br#"{"subscriptions":["$H","$USAC:L"]}"#;
    let message = Message::decode(request).expect("a message");
    assert_eq!(message, Message::Subscribe(vec!["$H".into(), "$USAC:L".into()]));
    assert_eq!(message.encode(), request);
    for other in
        [r#"{"command":"$USAC:GPS","z":1,"a":[1.5,null]}"#, r#"{"a":"ü","command":"$H"}"#, r#"{"command":"x","subscriptions":[1]}"#]
    {
        let message = Message::decode(other.as_bytes()).expect("a message");
        assert!(matches!(&message, Message::Other { .. }), "{other}");
        assert_eq!(String::from_utf8_lossy(&message.encode()), other);
    }
    for none in ["", "[]", "{}", "{\"command\":7}", "{\"command\":\"$H\"", &"[".repeat(10_000), &" ".repeat(2_000_000)] {
        assert!(Message::decode(none.as_bytes()).is_err(), "{:?}", none.get(..20));
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_alike_however_it_is_cut(text in "[$HECSLFNRTAIVX:0-9A-F ¦\r\n?.]{0,300}", size in 1_usize..40) {
        let bytes = text.as_bytes();
        prop_assert_eq!(read(&bytes.chunks(size).collect::<Vec<_>>()), read(&[bytes]));
    }

    #[test]
    fn bytes_of_anything_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&[&bytes]);
        _ = Message::decode(&bytes);
    }

    #[test]
    fn what_is_written_is_read(line in "\\$(USAC:S|USAC:TZ|[HECSLFNRTAIVX])(¦([0-9A-F]{0,8}|[GYRWKUCTPAMN]|[^¦\r\n]{0,8})){0,26}") {
        if let Ok(record) = one(&line) {
            for separator in ALL {
                let mut written = Vec::new();
                record.encode(separator, &mut written);
                let (lines, flaws) = read(&[&written]);
                prop_assert_eq!(lines, [written]);
                prop_assert_eq!(flaws, []);
            }
        }
    }
}
