//! What a decoder sent, kept in a file as it came: of which kind it is its lines say.

use sport::date::Instant;

use super::{Decoder, Heard, Kind};
use crate::account::{Account, Crossing};
use crate::flaw::Flaw;

/// Kinds whose lines are told apart from any others. P3 has its own ([`crate::p3::log`]).
const KINDS: [Kind; 6] = [Kind::TranX, Kind::AmbRc, Kind::Chronelec, Kind::Timy, Kind::RaceResult, Kind::X2];

/// So much of a file says it.
const BEGINNING: usize = 4_096;

/// The kind of decoder of which bytes are what it sent: at least one passing, and no more that cannot be read than can.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let whole = beginning.iter().rposition(|byte| *byte == b'\n').map_or(beginning, |end| &beginning[..=end]);
    let sound = |kind: &Kind| {
        let (mut passings, mut flaws) = (0, 0);
        Decoder::new(*kind).take(whole, |heard| match heard {
            Heard::Passing(_) => passings += 1,
            Heard::Flaw(_) => flaws += 1,
            Heard::Cancelled(_) | Heard::Status(_) | Heard::Restarted => {}
        });
        passings > 0 && flaws <= passings / 2
    };
    KINDS.into_iter().find(sound)
}

/// Every passing of a log, those that were cleared left out.
///
/// # Errors
/// It is of no kind that is known.
pub fn decode(bytes: &[u8]) -> Result<(Account, Vec<Flaw>), Flaw> {
    let kind = kind(bytes).ok_or_else(|| Flaw::of(0, Some(1), bytes, "no line of a decoder that is known"))?;
    let (mut account, mut flaws) = (Account::default(), Vec::new());
    Decoder::new(kind).take(bytes, |heard| match heard {
        Heard::Passing(of) => account.crossings.push(Crossing { at: Instant(of.time.micros()), line: of.on, transponder: of.who }),
        Heard::Cancelled(of) => {
            let cancelled = |crossing: &Crossing| crossing.transponder == of.who && crossing.at.0 == of.time.micros();
            if let Some(nth) = account.crossings.iter().rposition(cancelled) {
                account.crossings.remove(nth);
            }
        }
        Heard::Flaw(flaw) => flaws.push(flaw),
        Heard::Status(_) | Heard::Restarted => {}
    });
    Ok((account, flaws))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_known_by_its_lines() {
        let lines = "#0024\r\n$09000235BF3436E021358700\r\n#0025\r\n$09000235BF34370021358700\r\n";
        assert_eq!(kind(lines.as_bytes()), Some(Kind::TranX));
        let (account, flaws) = decode(lines.as_bytes()).expect("it is one");
        let told: Vec<_> = account.crossings.iter().map(|of| (of.transponder.as_str(), of.at.0)).collect();
        assert_eq!((told, flaws), (vec![("144831", 876_011_553_000), ("144831", 876_019_745_000)], vec![]));
        assert_eq!(kind(b"POSITION;NUMBER;STATUS\r\n1;7;Classified\r\n"), None);
        assert_eq!(kind(b"{\"sessionType\": \"R\"}"), None);
    }
}
