//! What a RACE RESULT decoder sends.

use sport::date::{Date, Instant, Micros};

use crate::dial;

const COLONS: [char; 3] = [':', ':', '.'];

/// A line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Record {
    /// A passing: asked for, or sent when it happened (`#P`).
    Passing {
        /// It was not asked for.
        pushed: bool,
        /// The passing.
        passing: Passing,
    },
    /// An empty line: the end of the passings that were asked for.
    End,
    /// There are no more passings than these, an answer to who asks for more. Said by others, not seen.
    Only(String),
    /// How many passings there are.
    Passings {
        /// In the file in use.
        count: u64,
        /// The file: a new one with each start of operation, in which they are counted from 1 again.
        file: Option<String>,
    },
    /// The state of the decoder.
    Status(Status),
    /// What else is answered: the command and its fields.
    Answer(Vec<String>),
    /// What else is sent without being asked for: as it is, after `#`.
    Pushed(String),
}

/// A passing: its fields as they are sent. Older versions of the protocol send fewer.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Passing {
    /// Counted by the decoder from 1, without gaps, in each file.
    pub number: u64,
    /// All fields after the number.
    pub fields: Vec<String>,
}

/// The time of a decoder that has the day, or has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Time {
    /// With the day, by the decoder's clock.
    Of(Instant),
    /// Without: of the day or since the start of operation. After midnight it goes on.
    Clock(Micros),
}

/// The state of a decoder: its fields as they are sent.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Status {
    /// All fields.
    pub fields: Vec<String>,
}

/// Fields of a passing after its number, in their order.
const WHO: usize = 0;
const DATE: usize = 1;
const TIME: usize = 2;
const HITS: usize = 4;
const STRENGTH: usize = 5;
const LOOP: usize = 9;
const INTERNAL: usize = 14;
const FILE: usize = 16;
/// All fields after the number.
const FIELDS: usize = 19;
/// What every version sends of them.
const LEAST: usize = 6;

impl Passing {
    /// A passing of which only this is known.
    pub fn of(number: u64, who: &str, time: Time, file: &str) -> Self {
        let mut fields = vec![String::new(); FIELDS];
        let mut put = |at: usize, value: &str| fields[at].push_str(value);
        let (date, time) = written(time);
        put(WHO, who);
        put(DATE, &date);
        put(TIME, &time);
        put(FILE, file);
        Self { number, fields }
    }

    /// The same with how often and how strong it was heard, and on which loop.
    #[must_use]
    pub fn heard(mut self, hits: u16, strength: u16, on: &str) -> Self {
        let values = [(HITS, hits.to_string()), (STRENGTH, strength.to_string()), (LOOP, on.to_owned())];
        for (at, value) in values {
            self.fields[at] = value;
        }
        self
    }

    fn field(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", String::as_str)
    }

    /// The start number of the tag, or its code.
    pub fn who(&self) -> &str {
        self.field(WHO)
    }

    /// When; `None` where its fields are no time.
    pub fn time(&self) -> Option<Time> {
        read(self.field(DATE), self.field(TIME))
    }

    /// How often it was heard.
    pub fn hits(&self) -> Option<u16> {
        self.field(HITS).parse().ok()
    }

    /// How strong it was heard: for tags without a battery to 31, for others in bits of the maker.
    pub fn strength(&self) -> Option<u16> {
        self.field(STRENGTH).parse().ok()
    }

    /// The loop, where it is told.
    pub fn on(&self) -> Option<&str> {
        Some(self.field(LOOP)).filter(|on| !on.is_empty())
    }

    /// The file it is in, where it is told.
    pub fn file(&self) -> Option<&str> {
        Some(self.field(FILE)).filter(|file| !file.is_empty())
    }

    /// The transponder could not send it when it happened, and has now.
    pub fn stored(&self) -> bool {
        self.field(INTERNAL).parse().is_ok_and(|bits: u8| bits & 0x40 != 0)
    }
}

/// Fields of a state, in their order.
const POWER: usize = 2;
const OPERATION: usize = 4;
const STATUS_FILE: usize = 5;
const TEMPERATURE: usize = 10;
const VOLTAGE: usize = 24;
const STATUS_FIELDS: usize = 25;

impl Status {
    /// A decoder that is switched on and in operation.
    pub fn of(time: Time, file: &str) -> Self {
        let mut fields = vec![String::new(); STATUS_FIELDS];
        let (date, time) = written(time);
        for (at, value) in [(0, date.as_str()), (1, &time), (POWER, "1"), (OPERATION, "1"), (STATUS_FILE, file)] {
            value.clone_into(&mut fields[at]);
        }
        Self { fields }
    }

    fn field(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", String::as_str)
    }

    /// The decoder's time.
    pub fn time(&self) -> Option<Time> {
        read(self.field(0), self.field(1))
    }

    /// Passings are kept; where not, the decoder only shows them.
    pub fn in_operation(&self) -> Option<bool> {
        match self.field(OPERATION) {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        }
    }

    /// The file in use.
    pub fn file(&self) -> Option<&str> {
        Some(self.field(STATUS_FILE)).filter(|file| !file.is_empty())
    }

    /// Of its board, in degrees.
    pub fn temperature(&self) -> Option<i16> {
        self.field(TEMPERATURE).parse().ok()
    }

    /// What it is fed with, in tenths of a volt, where it is fed from outside.
    pub fn voltage(&self) -> Option<u8> {
        let tenths = dial::seconds(self.field(VOLTAGE))?.0 / 100_000;
        u8::try_from(tenths).ok()
    }
}

impl Record {
    /// From a line with its end or without.
    ///
    /// # Errors
    /// It is no line of such a decoder: why.
    pub fn decode(line: &[u8]) -> Result<Self, String> {
        let line = super::text(line);
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            return Ok(Self::End);
        }
        if let Some(pushed) = line.strip_prefix('#') {
            return match pushed.strip_prefix("P;") {
                Some(fields) => passing(fields).map(|passing| Self::Passing { pushed: true, passing }),
                None => Ok(Self::Pushed(pushed.to_owned())),
            };
        }
        if line.starts_with(|first: char| first.is_ascii_digit()) {
            return passing(line).map(|passing| Self::Passing { pushed: false, passing });
        }
        if let Some(rest) = line.strip_prefix("ONLY ") {
            return Ok(Self::Only(rest.to_owned()));
        }
        let fields: Vec<String> = line.split(';').map(str::to_owned).collect();
        let command = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
        match fields[0].as_str() {
            "PASSINGS" => {
                let count = fields.get(1).and_then(|count| count.parse().ok()).ok_or("after PASSINGS comes how many there are")?;
                Ok(Self::Passings { count, file: fields.get(2).cloned() })
            }
            "GETSTATUS" => Ok(Self::Status(Status { fields: fields[1..].to_vec() })),
            name if command(name) => Ok(Self::Answer(fields)),
            _ => Err(String::from("a line is a passing, #, or a command in capital letters")),
        }
    }

    /// As a line with its end.
    pub fn encode(&self) -> Vec<u8> {
        super::bytes(&match self {
            Self::Passing { pushed, passing } => {
                let begin = if *pushed { "#P;" } else { "" };
                format!("{begin}{};{}", passing.number, passing.fields.join(";"))
            }
            Self::End => String::new(),
            Self::Only(rest) => format!("ONLY {rest}"),
            Self::Passings { count, file: None } => format!("PASSINGS;{count}"),
            Self::Passings { count, file: Some(file) } => format!("PASSINGS;{count};{file}"),
            Self::Status(status) => format!("GETSTATUS;{}", status.fields.join(";")),
            Self::Answer(fields) => fields.join(";"),
            Self::Pushed(rest) => format!("#{rest}"),
        })
    }
}

fn passing(line: &str) -> Result<Passing, String> {
    let mut fields = line.split(';').map(str::to_owned);
    let number = fields.next().unwrap_or_default();
    let number = number.parse().map_err(|_| format!("its number `{number}` is none"))?;
    let passing = Passing { number, fields: fields.collect() };
    if passing.fields.len() < LEAST {
        return Err(format!("a passing has {LEAST} fields after its number, and this one {}", passing.fields.len()));
    }
    if passing.time().is_none() {
        return Err(format!("its time `{};{}` is none", passing.field(DATE), passing.field(TIME)));
    }
    Ok(passing)
}

/// Without satellites the day is `0000-00-00`, and `0000-00-01` after 24 hours; an exporter leaves it out.
fn read(date: &str, time: &str) -> Option<Time> {
    let time = dial::of_day(time, COLONS)?.0;
    if date.is_empty() {
        return Some(Time::Clock(time));
    }
    if let Some(days) = date.strip_prefix("0000-00-") {
        return Some(Time::Clock(Micros(dial::digits(days, 2, 2)? * dial::DAY + time.0)));
    }
    Some(Time::Of(Instant(dial::day(date)?.midnight().0 + time.0)))
}

/// Its day and its time of the day, as they are sent.
fn written(time: Time) -> (String, String) {
    let (date, time) = match time {
        Time::Of(at) => (dial::day_of(at).to_string(), Micros(at.0)),
        Time::Clock(time) => {
            let days = u8::try_from(time.0.div_euclid(dial::DAY)).unwrap_or(0).min(99);
            (Date { year: 0, month: 0, day: days }.to_string(), time)
        }
    };
    (date, dial::of_day_written(time, COLONS, 3))
}
