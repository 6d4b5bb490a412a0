//! Passings of a MYLAPS X2 appliance as JSON, as a bridge beside the maker's library sends them: arrays of
//! `{"i":7,"l":1,"t":4711,"ts":0,"h":12,"tl":"2025-04-26T09:14:03.521","tu":"2025-04-26T14:14:03.521Z","p":false,"r":false}`.
//!
//! The appliance's own protocol is not published. The names are those of one bridge; no stream of it was seen. Each passing is read for itself: in how
//! many arrays they come, and what stands between those, is left to the bridge.

use serde::{Deserialize, Serialize};
use sport::date::{Instant, Micros};

use crate::dial;
use crate::flaw::Flaw;
use crate::lines::Line;

/// Between hours, minutes, seconds and their decimals.
const COLONS: [char; 3] = [':', ':', '.'];

/// A passing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passing {
    /// Counted by the appliance.
    pub id: u32,
    /// The loop.
    pub on: u32,
    /// The transponder.
    pub transponder: u32,
    /// The short number that a transponder may have beside; 0 where it has none.
    pub short: u32,
    /// How often it was heard.
    pub hits: u16,
    /// By the appliance's clock, on a clock at the track: as it is printed, without a zone.
    pub local: Option<Instant>,
    /// By the appliance's clock.
    pub utc: Option<Instant>,
    /// The loop is in the pit lane.
    pub in_pit: bool,
    /// It was sent before.
    pub resent: bool,
    /// Whose event, and which: where a bridge serves many.
    pub of: Option<(i32, i32)>,
}

/// A passing as it is written. Fields that are not here are passed over.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    organization: Option<i32>,
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    event: Option<i32>,
    #[serde(rename = "i")]
    id: u32,
    #[serde(rename = "l", default)]
    on: u32,
    #[serde(rename = "t")]
    transponder: u32,
    #[serde(rename = "ts", default)]
    short: u32,
    #[serde(rename = "h", default)]
    hits: u16,
    #[serde(rename = "tl", default, skip_serializing_if = "Option::is_none")]
    local: Option<String>,
    #[serde(rename = "tu", default, skip_serializing_if = "Option::is_none")]
    utc: Option<String>,
    #[serde(rename = "p", default)]
    in_pit: bool,
    #[serde(rename = "r", default)]
    resent: bool,
}

impl Passing {
    /// From one object.
    ///
    /// # Errors
    /// It is none, lacks who, when or which, or says it otherwise: why.
    pub fn decode(object: &[u8]) -> Result<Self, String> {
        let wire: Wire = serde_json::from_slice(object).map_err(|wrong| format!("it is no passing: {wrong}"))?;
        let time = |name: &str, text: Option<String>| {
            let read = |text: String| stamp(&text).ok_or_else(|| format!("{name} `{text}` is no time such as 2025-04-26T14:14:03.521Z"));
            text.map(read).transpose()
        };
        let (local, utc) = (time("tl", wire.local)?, time("tu", wire.utc)?);
        if local.is_none() && utc.is_none() {
            return Err(String::from("it says neither `tu` nor `tl`: when it was"));
        }
        Ok(Self {
            id: wire.id,
            on: wire.on,
            transponder: wire.transponder,
            short: wire.short,
            hits: wire.hits,
            local,
            utc,
            in_pit: wire.in_pit,
            resent: wire.resent,
            of: wire.organization.zip(wire.event),
        })
    }

    fn wire(&self) -> Wire {
        Wire {
            organization: self.of.map(|of| of.0),
            event: self.of.map(|of| of.1),
            id: self.id,
            on: self.on,
            transponder: self.transponder,
            short: self.short,
            hits: self.hits,
            local: self.local.map(written),
            utc: self.utc.map(|at| written(at) + "Z"),
            in_pit: self.in_pit,
            resent: self.resent,
        }
    }
}

/// An array of passings, and the end of a line.
pub fn encode(passings: &[Passing]) -> Vec<u8> {
    let wires: Vec<Wire> = passings.iter().map(Passing::wire).collect();
    let mut text = serde_json::to_vec(&wires).expect("numbers and texts can be written");
    text.push(b'\n');
    text
}

/// `2025-04-26T14:14:03.5210000` with a zone, `Z` or nothing after it. Of more decimals than six the first six are read: the appliance's clock has no
/// more.
fn stamp(text: &str) -> Option<Instant> {
    let (date, rest) = text.split_once('T')?;
    let (time, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => (&rest[..at], zone(&rest[at..])?),
        None => (rest, Micros(0)),
    };
    let most = time.find('.').map_or(time.len(), |point| time.len().min(point + 7));
    let (time, further) = time.split_at_checked(most)?;
    let of_day = dial::of_day(time, COLONS)?.0;
    let exact = further.len() <= 3 && further.bytes().all(|byte| byte.is_ascii_digit());
    exact.then_some(Instant(dial::day(date)?.midnight().0 + of_day.0 - zone.0))
}

/// `Z` or `+02:00`.
fn zone(text: &str) -> Option<Micros> {
    if text == "Z" {
        return Some(Micros(0));
    }
    let (sign, ahead) = text.split_at_checked(1)?;
    let (hours, minutes) = ahead.split_once(':')?;
    let (hours, minutes) = (dial::digits(hours, 2, 2)?, dial::digits(minutes, 2, 2)?);
    let ahead = (hours * 60 + minutes) * 60_000_000;
    (hours < 24 && minutes < 60).then_some(Micros(if sign == "-" { -ahead } else { ahead }))
}

/// With as many decimals as it needs.
fn written(at: Instant) -> String {
    let needed = (0..=6).find(|decimals| at.0 % 10_i64.pow(6 - decimals) == 0).and_then(|decimals| usize::try_from(decimals).ok());
    format!("{}T{}", dial::day_of(at), dial::of_day_written(Micros(at.0), COLONS, needed.unwrap_or(6)))
}

/// A reader of the objects of a stream. It keeps at most one.
///
/// A passing has no objects inside: a brace that opens ends what was broken off before it.
#[derive(Clone, Default, Debug)]
pub struct Objects {
    /// The object that has begun, or what is none.
    held: Vec<u8>,
    /// Where it is in a text: whether the byte before was a backslash.
    text: Option<bool>,
    /// Bytes of the stream before what is held.
    offset: u64,
    /// Ends of lines before what is held.
    lines: u64,
}

/// Ten times the longest object.
const MOST: usize = 4_096;

impl Objects {
    /// Takes what came, and tells every object that is whole now; what is none is a flaw.
    pub fn take(&mut self, bytes: &[u8], mut tell: impl FnMut(Result<Line<'_>, Flaw>)) {
        for byte in bytes {
            let between = byte.is_ascii_whitespace() || matches!(*byte, b'[' | b']' | b',');
            let ends = match self.text {
                // No text goes on in the next line.
                Some(_) => *byte == b'\n',
                None => *byte == b'{' || (between && self.held.first() != Some(&b'{')),
            };
            if ends && let Some(flaw) = self.left() {
                tell(Err(flaw));
            }
            if between && self.held.is_empty() {
                self.offset += 1;
                self.lines += u64::from(*byte == b'\n');
                continue;
            }
            self.hold(*byte);
            if *byte == b'}' && self.text.is_none() && self.held[0] == b'{' {
                tell(Ok(Line { offset: self.offset, nth: self.lines + 1, bytes: &self.held }));
                self.next();
            } else if self.held.len() >= MOST
                && let Some(flaw) = self.left()
            {
                tell(Err(flaw));
            }
        }
    }

    /// The stream is over: tells what is left.
    pub fn end(&mut self, tell: impl FnOnce(Flaw)) {
        if let Some(flaw) = self.left() {
            tell(flaw);
        }
        self.forget();
    }

    /// Another stream begins: what is held of this one will have no end.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    fn hold(&mut self, byte: u8) {
        self.text = match (self.text, byte) {
            (Some(false), b'\\') => Some(true),
            (Some(false), b'"') => None,
            (Some(_), _) => Some(false),
            (None, b'"') if self.held.first() == Some(&b'{') => Some(false),
            (None, _) => None,
        };
        self.held.push(byte);
    }

    /// What is held, as it is no passing.
    fn left(&mut self) -> Option<Flaw> {
        let why = if *self.held.first()? == b'{' { "a passing broke off" } else { "this stands between passings" };
        let flaw = Flaw::of(self.offset, Some(self.lines + 1), &self.held, why);
        self.next();
        Some(flaw)
    }

    fn next(&mut self) {
        self.offset += self.held.len() as u64;
        self.lines += self.held.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.held.clear();
        self.text = None;
    }
}
