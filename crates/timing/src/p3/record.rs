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
    /// Asks what time it is, or says it, in microseconds since 1970. Said by others, not seen.
    Time(Option<u64>),
    /// A kind this program makes nothing of, or one that lacks what it is about: as it is.
    Other(Frame),
}

const PASSING: u16 = 0x01;
const STATUS: u16 = 0x02;
const RESEND: u16 = 0x04;
const GET_TIME: u16 = 0x24;
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
                STATUS
            }
            What::Resend { from, until } => {
                fields.put(0x01, Some(from.to_le_bytes()));
                fields.put(0x02, Some(until.to_le_bytes()));
                RESEND
            }
            What::Time(time) => {
                fields.0.push(Field { tag: 0x01, value: time.map(|time| time.to_le_bytes().to_vec()).unwrap_or_default() });
                GET_TIME
            }
        };
        fields.0.extend(self.rest.iter().cloned());
        fields.put(DECODER, self.decoder.map(u32::to_le_bytes));
        Frame::new(kind, fields.0)
    }
}

struct Fields(Vec<Field>);

impl Fields {
    fn put<const N: usize>(&mut self, tag: u8, value: Option<[u8; N]>) {
        self.0.extend(value.map(|value| Field { tag, value: value.to_vec() }));
    }
}

fn number(fields: &[Field], tag: u8) -> Option<u64> {
    let value = &fields.iter().find(|field| field.tag == tag)?.value;
    let mut bytes = [0; 8];
    bytes.get_mut(..value.len())?.copy_from_slice(value);
    (!value.is_empty()).then(|| u64::from_le_bytes(bytes))
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
        STATUS => {
            What::Status(Status { noise: word(0x01), gps: byte(0x06), temperature: word(0x07).map(u16::cast_signed), voltage: byte(0x0c) })
        }
        RESEND => What::Resend { from: long(0x01)?, until: long(0x02)? },
        GET_TIME => What::Time(number(0x01)),
        _ => return None,
    })
}
