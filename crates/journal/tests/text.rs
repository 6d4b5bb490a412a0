//! A journal as text: every change is found, and every way a file is spoilt has its own sentence.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{self, BufReader, Read};
use std::path::Path;

use journal::{Damage, Flaw, Hash, Head, JournalError, jsonl, line};
use sport::fact::Fact;

fn golden() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/v1.jsonl")).unwrap()
}

/// Some short facts of the golden journal as a journal of their own.
fn part(count: usize) -> Vec<u8> {
    let facts = jsonl::read(&mut golden().as_slice(), Path::new("v1.jsonl")).unwrap();
    let facts: Vec<_> = facts[12..12 + count].iter().zip(1..).map(|(fact, number)| Fact { number, ..fact.clone() }).collect();
    let mut text = Vec::new();
    jsonl::write(&facts, &mut text, Path::new("part.jsonl")).unwrap();
    text
}

fn damage(text: &[u8]) -> Vec<Damage> {
    let path = Path::new("journal.jsonl");
    assert!(matches!(jsonl::read(&mut &text[..], path), Err(JournalError::Damaged { .. })));
    jsonl::verify(&mut &text[..], path).unwrap_err()
}

/// The lines with their line ends.
fn lines(text: &[u8]) -> Vec<Vec<u8>> {
    text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

#[test]
fn every_changed_byte_is_found() {
    let text = part(3);
    for at in 0..text.len() {
        for change in [0x01, 0x02, 0x04, 0x10, 0x20, 0x80, 0xff] {
            let mut changed = text.clone();
            changed[at] ^= change;
            let damage = damage(&changed);
            let line = 1 + text[..at].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(damage[0].line, Some(line as u64), "byte {at} changed by {change:#x}: {}", damage[0]);
        }
    }
}

#[test]
fn every_missing_and_every_added_byte_is_found() {
    let text = part(3);
    for at in 0..text.len() {
        let mut missing = text.clone();
        missing.remove(at);
        damage(&missing);
        let mut added = text.clone();
        added.insert(at, b' ');
        damage(&added);
        damage(&text[..at]);
    }
    damage(&[text.as_slice(), b" "].concat());
}

#[test]
fn missing_inserted_and_moved_lines_are_found_and_the_fact_is_named() {
    let whole = lines(&part(7));
    let first = |lines: &[Vec<u8>]| damage(&lines.concat()).swap_remove(0);
    for at in 0..7 {
        let mut fewer = whole.clone();
        fewer.remove(at);
        let found = first(&fewer);
        let last = at == 6;
        assert_eq!(found.fact, (!last).then_some(at as u64 + 1), "{found}");
        assert!(matches!(found.flaw, Flaw::Number { .. } | Flaw::ClosingCount { written: 7, found: 6 }), "{found}");
        let mut twice = whole.clone();
        twice.insert(at, whole[at].clone());
        assert_eq!(first(&twice).fact, Some(at as u64 + 2));
    }
    for at in 0..6 {
        let mut moved = whole.clone();
        moved.swap(at, at + 1);
        assert_eq!(first(&moved).fact, Some(at as u64 + 1));
    }
    let mut open = whole.clone();
    open.pop();
    assert!(matches!(first(&open).flaw, Flaw::NotClosed { facts: 7 }));
    let closing = |head: Head| jsonl::closing(head).into_bytes();
    let zeros = Head { facts: 7, hash: Hash::START };
    assert!(matches!(first(&[open.concat(), closing(zeros), b"\n".to_vec()]).flaw, Flaw::ClosingHead { .. }));
}

#[test]
fn one_change_is_named_once() {
    let mut changed = part(7);
    let at = changed.iter().position(|byte| *byte == b'c').unwrap();
    changed[at] = b'C';
    assert_eq!(damage(&changed).len(), 1);
    assert_eq!(damage(&changed)[0].to_string().split("it says").next().unwrap(), "journal.jsonl, line 1, fact 1: the line was changed: ");
}

#[test]
fn what_other_programs_do_to_a_file_has_its_own_sentence() {
    let text = part(7);
    let second = lines(&text)[0].len();
    let with = |at: usize, bytes: &[u8]| [&text[..at], bytes, &text[at..]].concat();
    let crlf = lines(&text).iter().flat_map(|line| [&line[..line.len() - 1], b"\r\n"].concat()).collect::<Vec<_>>();
    let cases: [(Vec<u8>, &str); 13] = [
        (Vec::new(), "journal.jsonl: the file is empty; even a journal without facts has its closing line; "),
        (with(0, b"\xef\xbb\xbf"), "journal.jsonl, line 1, fact 1: the file starts with a byte order mark; "),
        (with(0, b"\xff\xfe"), "journal.jsonl, line 1, fact 1: the file starts with a byte order mark; "),
        (with(0, b"\n"), "journal.jsonl, line 1, fact 1: the line is blank; "),
        (crlf, "journal.jsonl, line 1, fact 1: the line ends with CR LF instead of LF; "),
        (with(second + 5, b"\0"), "journal.jsonl, line 2, fact 2: byte 6 of the line is NUL; "),
        (with(second + 9, b"\xff"), "journal.jsonl, line 2, fact 2: byte 10 of the line is not UTF-8; "),
        (text[..text.len() - 1].to_vec(), "journal.jsonl, line 8, fact 8: the file ends in the middle of the line; "),
        (text[..second + 9].to_vec(), "journal.jsonl, line 2, fact 2: the file ends in the middle of the line; "),
        (text[..second].to_vec(), "journal.jsonl, line 1: the closing line is missing after 1 facts; later facts may be lost; "),
        (with(text.len(), b"\n"), "journal.jsonl, line 9, fact 8: there is a line after the closing line; "),
        (b"hello\n".to_vec(), "journal.jsonl, line 1, fact 1: the line does not start with `{\"v\":"),
        (b"{\"v\":2,\"x\":0}\n".to_vec(), "journal.jsonl, line 1, fact 1: the line is of version 2; this program knows version 1; "),
    ];
    for (text, sentence) in cases {
        let found = damage(&text)[0].to_string();
        assert!(found.starts_with(sentence), "{found}");
    }
}

#[test]
fn a_line_without_end_is_given_up_at_the_limit() {
    let mut endless = BufReader::new(io::repeat(b'x').take(1 << 40));
    let damage = jsonl::verify(&mut endless, Path::new("endless")).unwrap_err();
    assert!(matches!(damage[..], [Damage { flaw: Flaw::TooLong { limit: line::LONGEST }, line: Some(1), .. }]), "{damage:?}");
}

#[test]
fn a_file_full_of_flaws_is_given_up_in_time() {
    let mut endless = BufReader::new(io::repeat(b'\n'));
    assert_eq!(jsonl::verify(&mut endless, Path::new("endless")).unwrap_err().len(), 100);
}

#[test]
fn a_journal_without_facts_is_its_closing_line() {
    let mut text = Vec::new();
    let head = jsonl::write(&[], &mut text, Path::new("none")).unwrap();
    assert_eq!(String::from_utf8(text.clone()).unwrap(), format!("{{\"facts\":0,\"head\":\"{}\"}}\n", "0".repeat(64)));
    assert_eq!(jsonl::verify(&mut text.as_slice(), Path::new("none")).unwrap().head, head);
}

/// Closes a body by its true hash, as somebody could who writes lines by hand.
fn forged(body: &str) -> Flaw {
    line::read(&format!("{body},\"hash\":\"{}\"}}", Hash::of(body.as_bytes()))).unwrap_err()
}

#[test]
fn a_line_has_one_spelling_even_with_a_true_hash() {
    let text = String::from_utf8(part(7)).unwrap();
    let line = text.lines().nth(1).unwrap();
    let body = line.split(",\"hash\":").next().unwrap();
    assert!(body.contains("\"status\":\"guest\",\"rounds\":[2,3]"), "{body}");
    assert!(line::read(line).is_ok());
    let otherwise = |from: &str, to: &str| {
        assert!(body.contains(from));
        forged(&body.replacen(from, to, 1))
    };
    for (from, to) in [
        ("\"n\":2", "\"n\": 2"),
        ("\"status\":\"guest\",\"rounds\":[2,3]", "\"rounds\":[2,3],\"status\":\"guest\""),
        ("secretary", "s\\u0065cretary"),
        ("\"rounds\":[2,3]", "\"rounds\":[]"),
    ] {
        assert_eq!(otherwise(from, to), Flaw::Spelling, "{to}");
    }
    for (from, to, why) in [
        ("\"rounds\":", "\"round\":", "unknown field `round`, expected one of `car`, `status`, `rounds`"),
        ("guest", "guset", "`guset` is not one of `regular`, `guest`, `invitational`"),
        ("12:00:00Z", "12:00:00.000Z", "`2018-04-14T12:00:00.000Z` is not a time; "),
        ("12:00:00Z", "12:00:00+00:00", "`2018-04-14T12:00:00+00:00` is not a time; "),
        ("\"19\"", "\"\"", "a name is empty"),
        ("[2,3]", "[2,99999]", "invalid value: integer `99999`, expected u16"),
        ("\"prev\":\"", "\"prev\":\"x", "is not a hash"),
        ("{\"status\":", "{\"statute\":", "unknown variant `statute`, expected one of `result`, `grid`, "),
    ] {
        let flaw = otherwise(from, to);
        assert!(matches!(&flaw, Flaw::Unreadable { why: said } if said.contains(why)), "{flaw}");
    }
}

#[test]
fn what_a_fact_may_not_hold_is_named_when_read() {
    let text = String::from_utf8(golden()).unwrap();
    for (line, from, to, why) in [
        (1, "\"place\":1", "\"place\":0", "invalid value: integer `0`, expected a place from 1"),
        (1, "[6,7]", "[7,6]", "two different places"),
        (1, "[6,7]", "[6,6]", "two different places"),
        (1, "[6,7]", "[6,65535]", "two different places"),
        (1, "[6,7]", "[6]", "invalid length 1"),
        (1, "[6,7]", "[6,7,8]", "trailing characters"),
        (1, "\"2.race-1\"", "\"02.race-1\"", "`02.race-1` is not a session; "),
        (1, "\"2.race-1\"", "\"2.\"", "`2.` is not a session; "),
        (5, "\"1/2\"", "\"2/4\"", "`2/4` are no points; "),
        (5, "\"-15/2\"", "\"-7.5\"", "`-7.5` are no points; "),
        (16, "2018-06-01", "2018-06-31", "`2018-06-31` is not a day; "),
        (16, "2018-06-01", "2018-6-1", "`2018-6-1` is not a day; "),
    ] {
        let body = text.lines().nth(line - 1).unwrap().split(",\"hash\":").next().unwrap();
        assert!(body.contains(from));
        let flaw = forged(&body.replacen(from, to, 1));
        assert!(matches!(&flaw, Flaw::Unreadable { why: said } if said.contains(why)), "{to}: {flaw}");
    }
}
