//! What a frame says.

use super::frame::{Field, Frame};

/// A passing of a transponder over the decoder's loop, or of something that has none: a gate, a start gun.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Passing {
    /// Counted by the decoder, without gaps.
    pub number: u32,
    /// The transponder; 9991 to 9995 are the decoder's own inputs.
    pub transponder: Option<u32>,
    /// By the decoder's clock, microseconds since 1970.
    pub time: u64,
    /// How strong it was heard.
    pub strength: Option<u16>,
    /// How often it was heard.
    pub hits: Option<u16>,
    /// As sent: what its bits mean is not published.
    pub flags: Option<u16>,
    /// The transponder as it is printed on it, such as `FL-94890`.
    pub code: Option<[u8; 8]>,
}

/// How a decoder is. Sent every few seconds.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Status {
    /// Background noise.
    pub noise: Option<u16>,
    /// Whether it has the time of satellites.
    pub gps: Option<u8>,
    /// As sent; degrees by one kind of decoder, tenths of them by another.
    pub temperature: Option<i16>,
    /// Tenths of a volt, as it seems.
    pub voltage: Option<u8>,
    /// How many satellites it hears. Said by others, not seen.
    pub satellites: Option<u8>,
}

/// What time it is. Said by others, not seen.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Time {
    /// By the decoder's clock, microseconds since 1970: that of its passings.
    pub rtc: Option<u64>,
    /// As sent: what its bits mean is not published.
    pub flags: Option<u16>,
    /// UTC, microseconds since 1970, where it knows it.
    pub utc: Option<u64>,
}

/// Which decoder it is. Said by others, not seen; how long its fields are is not said, so that they are kept as sent.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Version {
    /// The kind of decoder: 10 AMBrc, 11 AMBMX, 12 TranX, 13 and 14 TranX Pro, in hexadecimal digits.
    pub decoder: Option<u8>,
    /// In words.
    pub description: Option<Vec<u8>>,
    /// Of its program.
    pub version: Option<Vec<u8>>,
    /// Of its program.
    pub release: Option<Vec<u8>>,
    /// Of the device.
    pub registration: Option<Vec<u8>>,
    /// Of its program.
    pub build: Option<Vec<u8>>,
    /// What it is able to.
    pub options: Option<Vec<u8>>,
}

/// How a decoder is set, or to be set: fields that are missing stay as they are. Said by others, not seen.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Settings {
    /// How often it sends its state.
    pub status_interval: Option<u8>,
    /// Its clock, whole seconds since 1970.
    pub rtc: Option<u32>,
    /// Whether it tells that it heard a transponder first, before the passing.
    pub first_contact: Option<u8>,
}

/// A record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// Which decoder; in every record seen.
    pub decoder: Option<u32>,
    /// What it says.
    pub what: What,
    /// Fields this program does not know, as they are.
    pub rest: Vec<Field>,
}

/// What a record says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A passing.
    Passing(Passing),
    /// The state of the decoder.
    Status(Status),
    /// Asks for passings again. Said by others, not seen.
    Resend {
        /// The first.
        from: u32,
        /// The last.
        until: u32,
    },
    /// What time it is.
    Time(Time),
    /// Which decoder it is.
    Version(Version),
    /// How it is set.
    Settings(Settings),
    /// It was switched on or begins anew. Said by others, not seen.
    Reset,
    /// It is still there. Said by others, not seen.
    Watchdog,
    /// Whether the other is still there. Said by others, not seen.
    Ping,
    /// It did not understand. Said by others, not seen.
    Error {
        /// 1 checksum, 2 beginning, 3 header, 4 kind of record, 5 fields, 6 length.
        code: u16,
        /// In words.
        description: Option<Vec<u8>>,
    },
    /// A kind this program makes nothing of, or one that lacks what it is about: as it is.
    Other(Frame),
}

const RESET: u16 = 0x00;
const PASSING: u16 = 0x01;
const STATUS: u16 = 0x02;
const VERSION: u16 = 0x03;
const RESEND: u16 = 0x04;
const WATCHDOG: u16 = 0x18;
const PING: u16 = 0x20;
const GET_TIME: u16 = 0x24;
const SETTINGS: u16 = 0x28;
const ERROR: u16 = 0xffff;
const DECODER: u8 = 0x81;

impl Record {
    /// What a frame says.
    pub fn of(frame: Frame) -> Self {
        let decoder = number(&frame.fields, DECODER).and_then(|of| u32::try_from(of).ok());
        let Some(what) = known(&frame) else { return Self { decoder, what: What::Other(frame), rest: Vec::new() } };
        let mut record = Self { decoder, what, rest: Vec::new() };
        let told = record.frame().fields;
        record.rest = frame.fields.into_iter().filter(|field| !told.contains(field)).collect();
        record
    }

    /// What a host says: no decoder is in it.
    pub fn said(what: What) -> Self {
        Self { decoder: None, what, rest: Vec::new() }
    }

    /// What a host asks: a record whose fields have no values.
    pub fn asked(what: What, tags: &[u8]) -> Self {
        Self { decoder: None, what, rest: tags.iter().map(|tag| Field { tag: *tag, value: Vec::new() }).collect() }
    }

    /// Asks what time it is.
    pub fn asked_time() -> Self {
        Self::asked(What::Time(Time::default()), &[0x01, 0x04, 0x05])
    }

    /// It asks: a field has no value.
    pub fn asks(&self) -> bool {
        self.rest.iter().any(|field| field.value.is_empty())
    }

    /// The frame that says it.
    pub fn frame(&self) -> Frame {
        let mut fields = Fields(Vec::new());
        let kind = match &self.what {
            What::Other(frame) => return frame.clone(),
            What::Passing(of) => {
                fields.put(0x01, Some(of.number.to_le_bytes()));
                fields.put(0x03, of.transponder.map(u32::to_le_bytes));
                fields.put(0x04, Some(of.time.to_le_bytes()));
                fields.put(0x05, of.strength.map(u16::to_le_bytes));
                fields.put(0x06, of.hits.map(u16::to_le_bytes));
                fields.put(0x08, of.flags.map(u16::to_le_bytes));
                fields.put(0x0a, of.code);
                PASSING
            }
            What::Status(of) => {
                fields.put(0x01, of.noise.map(u16::to_le_bytes));
                fields.put(0x07, of.temperature.map(i16::to_le_bytes));
                fields.put(0x0c, of.voltage.map(u8::to_le_bytes));
                fields.put(0x06, of.gps.map(u8::to_le_bytes));
                fields.put(0x0a, of.satellites.map(u8::to_le_bytes));
                STATUS
            }
            What::Resend { from, until } => {
                fields.put(0x01, Some(from.to_le_bytes()));
                fields.put(0x02, Some(until.to_le_bytes()));
                RESEND
            }
            What::Time(of) => {
                fields.put(0x01, of.rtc.map(u64::to_le_bytes));
                fields.put(0x04, of.flags.map(u16::to_le_bytes));
                fields.put(0x05, of.utc.map(u64::to_le_bytes));
                GET_TIME
            }
            What::Version(of) => {
                fields.put(0x01, of.decoder.map(u8::to_le_bytes));
                let texts = [&of.description, &of.version, &of.release, &of.registration, &of.build, &of.options];
                TEXTS.iter().zip(texts).for_each(|(tag, value)| fields.put_bytes(*tag, value.as_deref()));
                VERSION
            }
            What::Settings(of) => {
                fields.put(0x01, of.status_interval.map(u8::to_le_bytes));
                fields.put(0x03, of.rtc.map(u32::to_le_bytes));
                fields.put(0x07, of.first_contact.map(u8::to_le_bytes));
                SETTINGS
            }
            What::Reset => RESET,
            What::Watchdog => WATCHDOG,
            What::Ping => PING,
            What::Error { code, description } => {
                fields.put(0x01, Some(code.to_le_bytes()));
                fields.put_bytes(0x02, description.as_deref());
                ERROR
            }
        };
        fields.0.extend(self.rest.iter().cloned());
        fields.put(DECODER, self.decoder.map(u32::to_le_bytes));
        Frame::new(kind, fields.0)
    }
}

/// The fields of a version that are texts or numbers of an unknown length, in the order of [`Version`].
const TEXTS: [u8; 6] = [0x02, 0x03, 0x04, 0x08, 0x0a, 0x0c];

struct Fields(Vec<Field>);

impl Fields {
    fn put<const N: usize>(&mut self, tag: u8, value: Option<[u8; N]>) {
        self.put_bytes(tag, value.as_ref().map(|value| &value[..]));
    }

    fn put_bytes(&mut self, tag: u8, value: Option<&[u8]>) {
        self.0.extend(value.map(|value| Field { tag, value: value.to_vec() }));
    }
}

fn number(fields: &[Field], tag: u8) -> Option<u64> {
    let value = &fields.iter().find(|field| field.tag == tag)?.value;
    let mut bytes = [0; 8];
    bytes.get_mut(..value.len())?.copy_from_slice(value);
    (!value.is_empty()).then(|| u64::from_le_bytes(bytes))
}

/// A field that has a value.
fn bytes(fields: &[Field], tag: u8) -> Option<Vec<u8>> {
    fields.iter().find(|field| field.tag == tag && !field.value.is_empty()).map(|field| field.value.clone())
}

/// `None` where a field is missing that says what the record is about.
fn known(frame: &Frame) -> Option<What> {
    let number = |tag| number(&frame.fields, tag);
    let word = |tag| number(tag).and_then(|of| u16::try_from(of).ok());
    let byte = |tag| number(tag).and_then(|of| u8::try_from(of).ok());
    let long = |tag| number(tag).and_then(|of| u32::try_from(of).ok());
    Some(match frame.kind {
        PASSING => What::Passing(Passing {
            number: long(0x01)?,
            transponder: long(0x03),
            time: number(0x04)?,
            strength: word(0x05),
            hits: word(0x06),
            flags: word(0x08),
            code: number(0x0a).map(u64::to_le_bytes),
        }),
        STATUS => What::Status(Status {
            noise: word(0x01),
            gps: byte(0x06),
            temperature: word(0x07).map(u16::cast_signed),
            voltage: byte(0x0c),
            satellites: byte(0x0a),
        }),
        RESEND => What::Resend { from: long(0x01)?, until: long(0x02)? },
        GET_TIME => What::Time(Time { rtc: number(0x01), flags: word(0x04), utc: number(0x05) }),
        VERSION => {
            let [description, version, release, registration, build, options] = TEXTS.map(|tag| bytes(&frame.fields, tag));
            What::Version(Version { decoder: byte(0x01), description, version, release, registration, build, options })
        }
        SETTINGS => What::Settings(Settings { status_interval: byte(0x01), rtc: long(0x03), first_contact: byte(0x07) }),
        RESET => What::Reset,
        WATCHDOG => What::Watchdog,
        PING => What::Ping,
        ERROR => What::Error { code: word(0x01)?, description: bytes(&frame.fields, 0x02) },
        _ => return None,
    })
}
