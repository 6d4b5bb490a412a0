//! One frame: its bytes, and its fields as they are.

/// Begins a frame.
pub(crate) const BEGIN: u8 = 0x8e;
/// Ends a frame.
pub(crate) const END: u8 = 0x8f;
/// What follows is less by [`SHIFT`] than it was sent.
const ESCAPE: u8 = 0x8d;
const SHIFT: u8 = 0x20;
/// Before the fields: begin, version, length, checksum, flags, kind.
const HEAD: usize = 10;
/// Fields have lengths of four bytes. Said by one client, not seen.
const BIG: u16 = 1;
/// The longest frame, without escapes: its length has two bytes.
pub(crate) const LONGEST: usize = 0xffff;

/// A field: what it is depends on the kind of its record, but for those above 0x80.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// What it is.
    pub tag: u8,
    /// Its bytes; numbers have the lowest first.
    pub value: Vec<u8>,
}

/// A frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frame {
    /// 2 in every frame seen.
    pub version: u8,
    /// 0 in every frame seen.
    pub flags: u16,
    /// The kind of record.
    pub kind: u16,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// Why bytes are no frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bad {
    /// It has not the bytes that every frame has.
    Short,
    /// It does not begin or end as frames do.
    Bounds,
    /// Its length is said to be another.
    Length {
        /// As it says.
        said: u16,
        /// As it is.
        is: usize,
    },
    /// Its checksum is another: something was lost or changed on the way.
    Checksum {
        /// As it says.
        said: u16,
        /// As it is.
        is: u16,
    },
    /// A field goes on beyond the end.
    Field {
        /// Its tag.
        tag: u8,
    },
}

impl std::fmt::Display for Bad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => write!(f, "a frame has at least {} bytes", HEAD + 1),
            Self::Bounds => write!(f, "a frame begins with {BEGIN:02x} and ends with {END:02x}"),
            Self::Length { said, is } => write!(f, "it says that it has {said} bytes and has {is}"),
            Self::Checksum { said, is } => write!(f, "its checksum is {is:04x}, and it says {said:04x}"),
            Self::Field { tag } => write!(f, "field {tag:02x} goes on beyond the end"),
        }
    }
}

impl Frame {
    /// A frame of the version in use.
    pub fn new(kind: u16, fields: Vec<Field>) -> Self {
        Self { version: 2, flags: 0, kind, fields }
    }

    /// From its bytes as they were sent, from the first to the last.
    pub fn decode(sent: &[u8]) -> Result<Self, Bad> {
        let bytes = unescaped(sent)?;
        if bytes.len() <= HEAD {
            return Err(Bad::Short);
        }
        let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        // Some clients send no length.
        if word(2) != 0 && usize::from(word(2)) != bytes.len() {
            return Err(Bad::Length { said: word(2), is: bytes.len() });
        }
        let is = checksum(&bytes);
        if word(4) != is {
            return Err(Bad::Checksum { said: word(4), is });
        }
        let flags = word(6);
        let fields = fields(&bytes[HEAD..bytes.len() - 1], flags & BIG != 0)?;
        Ok(Self { version: bytes[1], flags, kind: word(8), fields })
    }

    /// As it is sent. A value is cut where its length has no room for more, and fields are left out beyond the longest frame; what this program makes
    /// is far below both.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![BEGIN, self.version, 0, 0, 0, 0];
        bytes.extend(self.flags.to_le_bytes());
        bytes.extend(self.kind.to_le_bytes());
        for field in &self.fields {
            let big = self.flags & BIG != 0;
            let value = if big { &field.value[..] } else { &field.value[..field.value.len().min(0xff)] };
            if bytes.len() + value.len() + 6 > LONGEST {
                break;
            }
            bytes.push(field.tag);
            let length = u32::try_from(value.len()).expect("it is below the longest frame").to_le_bytes();
            bytes.extend(if big { &length[..] } else { &length[..1] });
            bytes.extend(value);
        }
        bytes.push(END);
        let length = u16::try_from(bytes.len()).expect("no longer than the longest");
        bytes[2..4].copy_from_slice(&length.to_le_bytes());
        let sum = checksum(&bytes);
        bytes[4..6].copy_from_slice(&sum.to_le_bytes());
        escaped(&bytes)
    }
}

fn fields(mut rest: &[u8], big: bool) -> Result<Vec<Field>, Bad> {
    let mut fields = Vec::new();
    while let [tag, after @ ..] = rest {
        let cut = Bad::Field { tag: *tag };
        let (length, value) = if big {
            let (length, value) = after.split_first_chunk().ok_or_else(|| cut.clone())?;
            (u32::from_le_bytes(*length) as usize, value)
        } else {
            let (length, value) = after.split_first().ok_or_else(|| cut.clone())?;
            (usize::from(*length), value)
        };
        let (value, next) = value.split_at_checked(length).ok_or(cut)?;
        fields.push(Field { tag: *tag, value: value.to_vec() });
        rest = next;
    }
    Ok(fields)
}

fn unescaped(sent: &[u8]) -> Result<Vec<u8>, Bad> {
    let [BEGIN, inner @ .., END] = sent else { return Err(Bad::Bounds) };
    let mut bytes = Vec::with_capacity(sent.len());
    bytes.push(BEGIN);
    let mut inner = inner.iter();
    while let Some(byte) = inner.next() {
        bytes.push(match *byte {
            ESCAPE => inner.next().ok_or(Bad::Bounds)?.wrapping_sub(SHIFT),
            BEGIN | END => return Err(Bad::Bounds),
            byte => byte,
        });
    }
    bytes.push(END);
    Ok(bytes)
}

fn escaped(bytes: &[u8]) -> Vec<u8> {
    let mut sent = Vec::with_capacity(bytes.len() + 8);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(*byte, ESCAPE | BEGIN | END) && at > 0 && at + 1 < bytes.len() {
            sent.extend([ESCAPE, byte + SHIFT]);
        } else {
            sent.push(*byte);
        }
    }
    sent
}

/// The checksum of a frame without escapes, its own two bytes taken as 0.
fn checksum(bytes: &[u8]) -> u16 {
    sum(bytes.iter().enumerate().map(|(at, byte)| if at == 4 || at == 5 { 0 } else { *byte }))
}

/// The checksum of AMB. The polynomial is that of CRC-CCITT, but each byte is put in at the low end, and nothing after the last: no other program's
/// CRC-16 is this one.
pub(crate) fn sum(bytes: impl Iterator<Item = u8>) -> u16 {
    bytes.fold(0xffff, |sum, byte| TABLE[usize::from(sum >> 8)] ^ (sum << 8) ^ u16::from(byte))
}

const TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let (mut at, mut high) = (0, 0_u16);
    while at < 256 {
        let mut value = high << 8;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 0x8000 == 0 { value << 1 } else { (value << 1) ^ 0x1021 };
            bit += 1;
        }
        table[at] = value;
        (at, high) = (at + 1, high + 1);
    }
    table
};
