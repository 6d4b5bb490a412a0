//! A host's end of a decoder: bytes in, what was heard out, and the bytes the host has to send.
//!
//! It knows no socket and no clock: whoever has the line gives it what came and sends what it says. A passing is told once, however often it comes; what
//! the decoder counted and did not come is asked for where the decoder can be asked; a decoder that was switched off and counts from the beginning again
//! is noticed. What it keeps is bounded, whatever arrives.

mod ambrc;
mod chronelec;
pub mod log;
mod numbers;
mod p3;
pub mod played;
mod race_result;
mod said;
mod timy;
mod told;
mod tranx;
mod x2;

use sport::date::{Instant, Micros};

use crate::flaw::Flaw;

pub use numbers::Gaps;
use said::{Said, Talk};

/// A kind of decoder, by what it speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// MYLAPS P3.
    P3,
    /// AMB TranX and AMBrc, simple text.
    TranX,
    /// AMBrc text with a checksum, and the I-Lap.
    AmbRc,
    /// Chronelec and TAG Heuer.
    Chronelec,
    /// ALGE Timy.
    Timy,
    /// RACE RESULT.
    RaceResult,
    /// A bridge beside a MYLAPS X2 appliance.
    X2,
}

impl Kind {
    /// All, with the word each is asked for by and what it is.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::P3, "p3", "MYLAPS P3"),
        (Self::TranX, "tranx", "AMB TranX, simple text"),
        (Self::AmbRc, "ambrc", "AMBrc text, I-Lap"),
        (Self::Chronelec, "chronelec", "Chronelec, TAG Heuer"),
        (Self::Timy, "timy", "ALGE Timy"),
        (Self::RaceResult, "race-result", "RACE RESULT"),
        (Self::X2, "x2", "MYLAPS X2, over a bridge"),
    ];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }

    /// The port such decoders listen on, where they have a network.
    pub fn port(self) -> Option<u16> {
        match self {
            Self::P3 => Some(crate::p3::PORT),
            Self::AmbRc => Some(crate::ambrc::PORT),
            Self::Chronelec => Some(crate::chronelec::PORT),
            Self::RaceResult => Some(crate::race_result::PORT),
            Self::TranX | Self::Timy | Self::X2 => None,
        }
    }
}

/// A moment by a decoder's own clock.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Moment {
    /// With the day.
    At(Instant),
    /// Since midnight before the first that was heard: after the next midnight it goes on.
    OfDay(Micros),
    /// Since the decoder was switched on or set to nought.
    SinceStart(Micros),
}

impl Moment {
    /// Microseconds since whatever it is counted from.
    pub fn micros(self) -> i64 {
        match self {
            Self::At(at) => at.0,
            Self::OfDay(since) | Self::SinceStart(since) => since.0,
        }
    }
}

/// A passing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passing {
    /// As counted by the decoder.
    pub number: Option<u64>,
    /// The transponder or start number as printed; `-` where the decoder says none.
    pub who: String,
    /// The same, where it is a number.
    pub transponder: Option<u32>,
    /// When, by the decoder's clock.
    pub time: Moment,
    /// How strong it was heard, in the decoder's own unit.
    pub strength: Option<u16>,
    /// How often it was heard.
    pub hits: Option<u16>,
    /// It was sent later than it happened: it was asked for, or the decoder says so.
    pub resent: bool,
    /// The loop is in the pit lane, where the decoder knows that.
    pub in_pit: Option<bool>,
    /// The loop, the channel, or the decoder itself, as printed.
    pub on: Option<String>,
}

/// The state of a decoder, in its own units.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Status {
    /// Background noise.
    pub noise: Option<u16>,
    /// Temperature.
    pub temperature: Option<i16>,
    /// What it is fed with, in tenths of a volt.
    pub voltage: Option<u8>,
    /// What time its clock had when it sent this.
    pub clock: Option<Moment>,
}

/// What was heard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Heard {
    /// A passing, once.
    Passing(Passing),
    /// A passing that is told to be none: it was cleared at the decoder.
    Cancelled(Passing),
    /// The state of the decoder.
    Status(Status),
    /// The decoder counts from the beginning again, or its clock does: what comes now has nothing to do with what came before.
    Restarted,
    /// What could not be read, or an answer that says that the decoder could not.
    Flaw(Flaw),
}

/// What was heard, counted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// Passings told.
    pub passings: u64,
    /// Passings that came again, and were not told.
    pub repeats: u64,
    /// States of the decoder.
    pub statuses: u64,
    /// How often the decoder began again.
    pub restarts: u64,
    /// What could not be read.
    pub flaws: u64,
    /// What was missing of what the decoder counted.
    pub gaps: Gaps,
}

#[derive(Debug)]
enum Client {
    P3(p3::Client),
    TranX(tranx::Client),
    AmbRc(ambrc::Client),
    Chronelec(chronelec::Client),
    Timy(timy::Client),
    RaceResult(race_result::Client),
    X2(x2::Client),
}

/// The host's end of a decoder.
#[derive(Debug)]
pub struct Decoder {
    kind: Kind,
    client: Client,
    said: Said,
    counts: Counts,
}

impl Decoder {
    /// At the beginning of the first connection: what happens from now on is told.
    pub fn new(kind: Kind) -> Self {
        let mut decoder = Self { kind, client: Client::new(kind, None), said: Said::default(), counts: Counts::default() };
        decoder.said.say(&decoder.greeting());
        decoder
    }

    /// At the beginning of a connection to a decoder of which everything up to a passing is known already: what came since is asked for, where it can be.
    /// Up to 0 where it has just been switched on, and nothing may be missed.
    pub fn since(kind: Kind, last: u64) -> Self {
        let mut decoder = Self { client: Client::new(kind, Some(last)), ..Self::new(kind) };
        decoder.client.ask(&mut decoder.said);
        decoder
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What a host says first.
    pub fn greeting(&self) -> Vec<u8> {
        match self.kind {
            Kind::P3 => p3::greeting(),
            Kind::AmbRc => crate::ambrc::BEGIN.to_vec(),
            Kind::Chronelec => crate::chronelec::Command::Status.encode(),
            Kind::Timy => crate::timy::WITH_CHECKSUM.to_vec(),
            Kind::RaceResult => race_result::greeting(),
            Kind::TranX | Kind::X2 => Vec::new(),
        }
    }

    /// The line was broken and there is another: what came since the last that is known is asked for.
    pub fn reconnected(&mut self) {
        self.said = Said::default();
        // An I-Lap would set its clock to nought.
        if self.kind != Kind::AmbRc {
            self.said.say(&self.greeting());
        }
        match &mut self.client {
            Client::P3(of) => of.reconnected(),
            Client::TranX(of) => of.reconnected(),
            Client::AmbRc(of) => of.reconnected(),
            Client::Chronelec(of) => of.reconnected(),
            Client::Timy(of) => of.reconnected(&mut self.said),
            Client::RaceResult(of) => of.reconnected(),
            Client::X2(of) => of.reconnected(),
        }
        self.client.ask(&mut self.said);
    }

    /// Nothing came for some seconds: what was asked and not answered is asked again, and how the decoder is.
    pub fn idle(&mut self) {
        match &mut self.client {
            Client::P3(of) => of.idle(&mut self.said),
            Client::Chronelec(_) => self.said.say(&crate::chronelec::Command::Status.encode()),
            Client::RaceResult(of) => of.idle(&mut self.said),
            Client::TranX(_) | Client::AmbRc(_) | Client::Timy(_) | Client::X2(_) => {}
        }
        self.client.ask(&mut self.said);
    }

    /// Takes what came, however it was cut, and tells what is in it.
    pub fn take(&mut self, bytes: &[u8], mut tell: impl FnMut(Heard)) {
        let mut talk = Talk { said: &mut self.said, counts: &mut self.counts, tell: &mut tell };
        match &mut self.client {
            Client::P3(of) => of.take(bytes, &mut talk),
            Client::TranX(of) => of.take(bytes, &mut talk),
            Client::AmbRc(of) => of.take(bytes, &mut talk),
            Client::Chronelec(of) => of.take(bytes, &mut talk),
            Client::Timy(of) => of.take(bytes, &mut talk),
            Client::RaceResult(of) => of.take(bytes, &mut talk),
            Client::X2(of) => of.take(bytes, &mut talk),
        }
        self.client.ask(&mut self.said);
    }

    /// What the host has to send now; it is not told twice.
    pub fn to_send(&mut self) -> Vec<u8> {
        self.said.take()
    }

    /// What was heard so far, counted.
    pub fn counts(&self) -> Counts {
        let gaps = match &self.client {
            Client::P3(of) => of.gaps(),
            Client::AmbRc(of) => of.gaps(),
            Client::RaceResult(of) => of.gaps(),
            Client::X2(of) => of.gaps(),
            Client::TranX(_) | Client::Chronelec(_) | Client::Timy(_) => Gaps::default(),
        };
        Counts { gaps, ..self.counts }
    }
}

impl Client {
    fn new(kind: Kind, last: Option<u64>) -> Self {
        match kind {
            Kind::P3 => Self::P3(p3::Client::new(last)),
            Kind::TranX => Self::TranX(tranx::Client::new()),
            Kind::AmbRc => Self::AmbRc(ambrc::Client::new()),
            Kind::Chronelec => Self::Chronelec(chronelec::Client::new()),
            Kind::Timy => Self::Timy(timy::Client::new()),
            Kind::RaceResult => Self::RaceResult(race_result::Client::new(last)),
            Kind::X2 => Self::X2(x2::Client::new(last)),
        }
    }

    /// Asks for what is missing, where it can be asked.
    fn ask(&mut self, said: &mut Said) {
        match self {
            Self::P3(of) => of.ask(said),
            Self::RaceResult(of) => of.ask(said),
            Self::TranX(_) | Self::AmbRc(_) | Self::Chronelec(_) | Self::Timy(_) | Self::X2(_) => {}
        }
    }
}
