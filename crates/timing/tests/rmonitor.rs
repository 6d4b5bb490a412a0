//! RMonitor on feeds as they are: every line a careful reader understands is read, and written again byte for byte where it was written as specified.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use timing::flaw::Flaw;
use timing::rmonitor::field::Time;
use timing::rmonitor::record::{Flag, Record};
use timing::rmonitor::stream::Stream;

fn captures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the captures are here").map(|entry| entry.expect("it can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|of| of == "rmon"));
    files.sort();
    files
}

/// What a stream says, as text: each record written again, or its flaw.
fn read(pieces: &[&[u8]]) -> (Vec<String>, Vec<Flaw>) {
    let (mut lines, mut flaws) = (Vec::new(), Vec::new());
    let mut stream = Stream::new();
    let mut tell = |told: Result<Record<'_>, Flaw>| match told {
        Ok(record) => {
            let mut line = String::new();
            record.encode(&mut line);
            lines.push(line);
        }
        Err(flaw) => flaws.push(flaw),
    };
    pieces.iter().for_each(|piece| stream.take(piece, &mut tell));
    stream.end(&mut tell);
    (lines, flaws)
}

#[test]
fn every_line_of_every_capture_is_read_and_written_again() {
    let mut all = 0;
    for path in captures("rmonitor").into_iter().chain(captures("redmist")) {
        let bytes = std::fs::read(&path).expect("it can be read");
        let (lines, flaws) = read(&[&bytes]);
        let sent: Vec<String> = String::from_utf8_lossy(&bytes)
            .trim_start_matches('\u{feff}')
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let name = path.display();
        assert_eq!(flaws, [], "{name}");
        assert_eq!(lines.len(), sent.len(), "{name}");
        for (line, sent) in lines.iter().zip(&sent) {
            assert_eq!(line.trim_end(), as_specified(sent), "{name}");
        }
        all += lines.len();
    }
    assert!(all > 4_000, "{all}");
}

/// A relay writes the clearing of the board with blanks, and before a start a time counts down with a sign inside.
fn as_specified(line: &str) -> String {
    let line = line.replace(", \"", ",\"");
    let Some((before, after)) = line.split_once("\"00:00:-") else { return line };
    let (seconds, after) = after.split_once('"').expect("the text ends");
    format!("{before}\"-00:00:{seconds:0>2}\"{after}")
}

#[test]
fn however_a_stream_is_cut_the_same_records_come() {
    let bytes = std::fs::read(&captures("redmist")[0]).expect("it can be read");
    let whole = read(&[&bytes]);
    for size in [1, 2, 3, 7, 50, 4_095, 4_096, 4_097] {
        assert!(read(&bytes.chunks(size).collect::<Vec<_>>()) == whole, "{size}");
    }
}

fn one(line: &str) -> Result<String, String> {
    Record::decode(line).map(|record| format!("{record:?}"))
}

#[test]
fn what_feeds_do_is_understood() {
    let position = Record::decode(r#"$G,76,"58",-2,"00:00:00.000""#);
    assert_eq!(position, Ok(Record::Position { position: 76, car: "58", laps: Some(-2), total: Time(0) }));
    let position = Record::decode(r#"$G,1,"1",,"00:59:59.999""#);
    assert_eq!(position, Ok(Record::Position { position: 1, car: "1", laps: None, total: Time::NEVER }));
    assert!(Time::NEVER.some().is_none() && Time(0).some().is_none() && Time(1).some().is_some());
    let car = Record::decode(r#"$A,"7","7",NE4,"","BMW (Red, White, Blue)","",3"#);
    let expected = Record::Competitor {
        car: "7",
        number: "7",
        transponder: "NE4",
        first: "",
        last: "BMW (Red, White, Blue)",
        nationality: "",
        class: 3,
    };
    assert_eq!(car, Ok(expected));
    let car = Record::decode(r#"$A,"7","7",,"Bob "The Racer" B","x","",3"#);
    assert!(matches!(car, Ok(Record::Competitor { first: r#"Bob "The Racer" B"#, transponder: "", .. })), "{car:?}");
    assert!(one(r#"$I, "00:00:00", "0/0/0000""#).is_ok_and(|of| of.contains("0/0/0000")));
    let clock = Record::decode(r#"$F,9999,"00:00:00","14:09:52","00:59:59","      ""#);
    assert!(matches!(clock, Ok(Record::Heartbeat { flag: Flag::None, laps_to_go: 9999, .. })), "{clock:?}");
    let crossing = Record::decode(r#"$L,"45","P2","POP","01/27/2009","14:10:14.716""#);
    assert!(matches!(crossing, Ok(Record::LineCrossing { car: "45", line: "P2", kind: "POP", time: Time(51_014_716), more: None, .. })));
    let correction = Record::decode(r#"$COR,"123BE","658",2,"00:00:35.272","+00:00:00.012""#);
    assert!(matches!(correction, Ok(Record::Correction { by: Time(12), .. })), "{correction:?}");
    assert!(matches!(Record::decode(r#"$RMHL,"7","3""#), Ok(Record::Other { command: "$RMHL", .. })));
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    let told = |line| one(line).unwrap_err();
    assert_eq!(told(r#"$G,x,"1",3,"00:00:01.000""#), "the position `x` (field 1) is no whole number in its range");
    assert_eq!(told(r#"$J,"1","00:61:01.000","00:00:01.000""#), "the lap `00:61:01.000` (field 2) is no time such as 00:02:05.195");
    assert_eq!(told(r#"$J,"1""#), "the lap is missing");
    let many = format!("$F,{},\"00:00:00\",\"00:00:00\",\"00:00:00\",\"Green \"", "2".repeat(40));
    assert!(told(&many).starts_with("laps to go `2222"));
    assert_eq!(told("noise"), "a record begins with $ and its command");
    let (lines, flaws) = read(&[b"$B,1,\"a\"\r\nnoise\r\n\r\n$B,2,\"b\"\r\n"]);
    assert_eq!(lines.len(), 2);
    assert_eq!(flaws.iter().map(ToString::to_string).collect::<Vec<_>>(), ["line 2: a record begins with $ and its command: noise"]);
}

#[test]
fn a_text_may_go_on_in_the_next_line_and_a_text_that_is_never_closed_ends_with_its_record() {
    let (lines, flaws) = read(&[b"$C,1,\"GT\n3\"\r\n$C,2,\"GT4\r\n$C,3,\"TC\"\r\n"]);
    assert_eq!((lines.concat().as_str(), flaws.len()), ("$C,1,\"GT 3\"\r\n$C,2,\"GT4\"\r\n$C,3,\"TC\"\r\n", 0));
    // Older servers have another alphabet.
    let (lines, _) = read(&[b"$C,1,\"N\xfcrburg\"\r\n"]);
    assert_eq!(lines, ["$C,1,\"Nürburg\"\r\n"]);
    // A line without an end is no reason to keep all of it.
    let (lines, flaws) = read(&[&vec![b'x'; 100_000], b"\n$C,3,\"TC\"\n"]);
    assert_eq!((lines.len(), flaws.len()), (1, 25));
}

#[test]
fn where_a_flaw_is_is_counted_in_the_bytes_that_came() {
    let bytes = b"$C,1,\"N\xfcr\nburg\"\r\n$C,2,\"\xfc\xfc\"\r\nnoise\r\n";
    let (lines, flaws) = read(&[bytes]);
    assert_eq!(lines.concat(), "$C,1,\"N\u{fc}r burg\"\r\n$C,2,\"\u{fc}\u{fc}\"\r\n");
    assert_eq!(flaws.iter().map(|flaw| (flaw.offset, flaw.line)).collect::<Vec<_>>(), [(28, Some(4))]);
}

proptest! {
    #[test]
    fn whatever_bytes_come_are_read_alike_however_they_are_cut(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 1_usize..40) {
        prop_assert_eq!(read(&bytes.chunks(size).collect::<Vec<_>>()), read(&[&bytes]));
    }

    #[test]
    fn whatever_comes_is_read_alike_however_it_is_cut(text in r#"[$#ABCFGHJ,"0-9: \r\n.-]{0,300}"#, size in 1_usize..40) {
        let bytes = text.as_bytes();
        prop_assert_eq!(read(&bytes.chunks(size).collect::<Vec<_>>()), read(&[bytes]));
    }

    #[test]
    fn what_is_written_is_read(line in r#"\$[ABCEGHIJ](,("[^"\r\n]{0,8}"|[0-9]{0,6}|"[0-9]{2}:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}")){0,8}"#) {
        if let Ok(record) = Record::decode(&line) {
            let mut written = String::new();
            record.encode(&mut written);
            let again = Record::decode(written.trim_end_matches("\r\n"));
            let mut twice = String::new();
            again.expect("it was written here").encode(&mut twice);
            prop_assert_eq!(twice, written);
        }
    }
}
