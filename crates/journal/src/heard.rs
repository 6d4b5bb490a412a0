//! Lines of passings, read without a parser: a race has thousands of them, and all look alike.
//!
//! What is read here is spelt exactly as this crate writes it, so that nothing has to be written again to be compared. Anything else, be it
//! only a name with an accent, is left to the reader of every line, which decides.

use sport::date::{Date, Instant};
use sport::fact::{Fact, What};
use sport::meeting_fact::{Heard, MeetingFact};
use sport::names::SourceId;
use sport::passing::{Passing, Transponder};

use crate::hash::Hash;
use crate::wire::{MOST_PASSINGS, YEARS};

/// What lines before had: a race names the same few sources in every line.
#[derive(Clone, Default, Debug)]
pub(crate) struct Known {
    sources: Vec<SourceId>,
    passings: Vec<Passing>,
}

/// Sources looked through before a name is made anew.
const MOST_SOURCES: usize = 32;

impl Known {
    fn source(&mut self, name: &str) -> SourceId {
        if let Some(known) = self.sources.iter().find(|known| known.as_str() == name) {
            return known.clone();
        }
        let source = SourceId::new(name);
        if self.sources.len() < MOST_SOURCES {
            self.sources.push(source.clone());
        }
        source
    }
}

/// The fact of a line and the hash of the line before it, as it names it. The line's own hash is not looked at.
pub(crate) fn read(line: &str, known: &mut Known) -> Option<(Fact, Hash)> {
    let mut rest = Rest(line.as_bytes());
    rest.word(b"{\"v\":1,\"n\":")?;
    let number = rest.whole()?;
    rest.word(b",\"happened\":\"")?;
    let happened = rest.time()?;
    rest.word(b"\",\"recorded\":\"")?;
    let recorded = rest.time()?;
    rest.word(b"\",\"by\":\"")?;
    let by = rest.plain()?;
    rest.word(b",\"cite\":\"")?;
    let citation = rest.plain()?;
    rest.word(b",\"fact\":{\"heard\":{\"round\":")?;
    let round = u16::try_from(rest.whole()?).ok()?;
    rest.word(b",\"source\":\"")?;
    let source = rest.plain().filter(|source| !source.is_empty())?;
    rest.word(b",\"passings\":[")?;
    rest.passings(&mut known.passings)?;
    rest.word(b"}},\"prev\":\"")?;
    let prev = Hash::parse(std::str::from_utf8(rest.0.get(..Hash::DIGITS)?).ok()?)?;
    rest.0 = rest.0.get(Hash::DIGITS..)?;
    rest.word(b"\",\"hash\":\"")?;
    if rest.0.len() != Hash::DIGITS + 2 || !rest.0.ends_with(b"\"}") {
        return None;
    }
    let heard = Heard { round, source: known.source(source), passings: known.passings.as_slice().into() };
    let what = What::Meeting(MeetingFact::Heard(heard));
    Some((Fact { number, happened, recorded, by: by.to_owned(), citation: citation.to_owned(), what }, prev))
}

/// What is left of a line.
struct Rest<'l>(&'l [u8]);

impl<'l> Rest<'l> {
    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// A whole number without a sign, as it is written: no zero before it.
    fn whole(&mut self) -> Option<u64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || digits > 18 || (digits > 1 && self.0[0] == b'0') {
            return None;
        }
        let value = self.0[..digits].iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        self.0 = &self.0[digits..];
        Some(value)
    }

    /// So many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let digits = self.0.get(..count)?;
        let value = digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))?;
        self.0 = &self.0[count..];
        Some(value)
    }

    /// A text up to its quotation mark, which is taken too: plain characters only.
    fn plain(&mut self) -> Option<&'l str> {
        let end = self.0.iter().position(|byte| !(b' '..=b'~').contains(byte) || matches!(byte, b'"' | b'\\'))?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix(b"\"")?;
        std::str::from_utf8(text).ok()
    }

    /// `2018-04-14T12:00:00Z`, or with six decimals that are not all zero.
    fn time(&mut self) -> Option<Instant> {
        let year = i16::try_from(self.digits(4)?).ok()?;
        self.word(b"-")?;
        let month = u8::try_from(self.digits(2)?).ok()?;
        self.word(b"-")?;
        let day = u8::try_from(self.digits(2)?).ok()?;
        self.word(b"T")?;
        let hours = self.digits(2)?;
        self.word(b":")?;
        let minutes = self.digits(2)?;
        self.word(b":")?;
        let seconds = self.digits(2)?;
        let decimals = if self.0.first() == Some(&b'.') {
            self.word(b".")?;
            self.digits(6).filter(|decimals| *decimals > 0)?
        } else {
            0
        };
        self.word(b"Z")?;
        // A day every month has; the others are left to who knows the calendar.
        if year < 1 || !(1..=12).contains(&month) || !(1..=28).contains(&day) || hours > 23 || minutes > 59 || seconds > 59 {
            return None;
        }
        let midnight = Date { year, month, day }.midnight();
        Some(Instant(midnight.0 + ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + decimals))
    }

    /// Passings up to the bracket that closes them, which is taken too.
    fn passings(&mut self, passings: &mut Vec<Passing>) -> Option<()> {
        passings.clear();
        loop {
            self.word(b"[")?;
            let transponder = if self.word(b"null").is_some() { None } else { Some(Transponder(u32::try_from(self.whole()?).ok()?)) };
            self.word(b",")?;
            let at = i64::try_from(self.whole()?).ok().filter(|at| YEARS.contains(at)).map(Instant)?;
            self.word(b"]")?;
            if passings.len() == MOST_PASSINGS {
                return None;
            }
            passings.push(Passing { at, transponder });
            if self.word(b"]").is_some() {
                return Some(());
            }
            self.word(b",")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::write;
    use proptest::prelude::*;

    fn fact() -> impl Strategy<Value = Fact> {
        let passing = (proptest::option::of(any::<u32>()), prop_oneof![0..=2_i64, 1_500_000_000_000_000..1_600_000_000_000_000_i64])
            .prop_map(|(number, at)| Passing { at: Instant(at), transponder: number.map(Transponder) });
        let time = prop_oneof![(0..60_000_i64).prop_map(|minute| minute * 60_000_000), 0..4_000_000_000_000_000_i64];
        let heard = (any::<u16>(), "[a-z0-9-]{1,8}", proptest::collection::vec(passing, 1..4))
            .prop_map(|(round, source, passings)| Heard { round, source: SourceId::new(&source), passings: passings.into() });
        (any::<u32>(), time.clone(), time, "[ -~]{0,6}", heard).prop_map(|(number, happened, recorded, words, heard)| Fact {
            number: u64::from(number),
            happened: Instant(happened),
            recorded: Instant(recorded),
            by: words.clone(),
            citation: words,
            what: What::Meeting(MeetingFact::Heard(heard)),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever it takes is spelt as it would be written, also with a byte changed, left out or put in.
        #[test]
        fn what_it_reads_is_what_would_be_written(fact in fact(), at in any::<prop::sample::Index>(), with in select_byte(), how in 0..4_u8) {
            let (mut line, _) = write(&fact, Hash::START).unwrap();
            if let Some((read, prev)) = read(&line, &mut Known::default()) {
                prop_assert_eq!((&read, prev), (&fact, Hash::START));
            }
            let at = at.index(line.len());
            match how {
                0 => line.replace_range(at..=at, &with),
                1 => line.insert_str(at, &with),
                2 => line.replace_range(at..=at, ""),
                _ => {}
            }
            if let Some((read, prev)) = read(&line, &mut Known::default()) {
                let (again, _) = write(&read, prev).unwrap();
                let open = |line: &str| line[..line.len() - Hash::DIGITS - 2].to_owned();
                prop_assert_eq!(open(&again), open(&line));
            }
        }
    }

    fn select_byte() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("0"),
            Just("9"),
            Just("-"),
            Just("."),
            Just(" "),
            Just("\""),
            Just("\\"),
            Just("]"),
            Just(","),
            Just("f"),
            Just("G")
        ]
        .prop_map(str::to_owned)
    }

    /// It is there to be used: an ordinary line goes this way.
    #[test]
    fn an_ordinary_line_is_read_here() {
        let passing = Passing { at: Instant(1_523_700_000_123_456), transponder: Some(Transponder(4_100_037)) };
        let heard = Heard { round: 5, source: "finish-main".into(), passings: [passing, Passing { transponder: None, ..passing }].into() };
        let fact = Fact {
            number: 812,
            happened: Instant(1_523_700_000_300_000),
            recorded: Instant(1_523_700_001_000_000),
            by: "timing".into(),
            citation: "decoder".into(),
            what: What::Meeting(MeetingFact::Heard(heard)),
        };
        let (line, _) = write(&fact, Hash::START).unwrap();
        assert_eq!(read(&line, &mut Known::default()), Some((fact, Hash::START)));
    }
}
