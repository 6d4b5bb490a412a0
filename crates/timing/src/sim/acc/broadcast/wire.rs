//! Numbers and texts in datagrams: low byte first, a text behind the number of its bytes.

/// The bytes of a datagram that are not read yet.
#[derive(Clone, Debug)]
pub(super) struct Bytes<'d> {
    pub(super) rest: &'d [u8],
}

/// What the datagram ends within.
pub(super) type Short = &'static str;

impl<'d> Bytes<'d> {
    pub(super) fn take(&mut self, count: usize, what: Short) -> Result<&'d [u8], Short> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(what)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: Short) -> Result<[u8; N], Short> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(what)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self, what: Short) -> Result<u8, Short> {
        self.array(what).map(u8::from_le_bytes)
    }

    pub(super) fn truth(&mut self, what: Short) -> Result<bool, Short> {
        Ok(self.u8(what)? != 0)
    }

    pub(super) fn u16(&mut self, what: Short) -> Result<u16, Short> {
        self.array(what).map(u16::from_le_bytes)
    }

    pub(super) fn i32(&mut self, what: Short) -> Result<i32, Short> {
        self.array(what).map(i32::from_le_bytes)
    }

    pub(super) fn f32(&mut self, what: Short) -> Result<f32, Short> {
        self.array(what).map(f32::from_le_bytes)
    }

    /// A text. What in it is no UTF-8 becomes the mark for that: a name is no reason to lose a datagram.
    pub(super) fn text(&mut self, what: Short) -> Result<String, Short> {
        let length = self.u16(what)?;
        Ok(String::from_utf8_lossy(self.take(length.into(), what)?).into_owned())
    }

    /// So many of something, of which each takes a byte at least.
    pub(super) fn list<T>(
        &mut self,
        count: usize,
        what: Short,
        mut read: impl FnMut(&mut Self) -> Result<T, Short>,
    ) -> Result<Vec<T>, Short> {
        if count > self.rest.len() {
            return Err(what);
        }
        (0..count).map(|_| read(self)).collect()
    }
}

/// A datagram that is being written.
#[derive(Default)]
pub(super) struct Out(pub(super) Vec<u8>);

impl Out {
    pub(super) fn of(kind: u8) -> Self {
        Self(vec![kind])
    }

    pub(super) fn u8(&mut self, number: u8) -> &mut Self {
        self.0.push(number);
        self
    }

    pub(super) fn truth(&mut self, truth: bool) -> &mut Self {
        self.u8(u8::from(truth))
    }

    pub(super) fn u16(&mut self, number: u16) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    pub(super) fn i32(&mut self, number: i32) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    pub(super) fn f32(&mut self, number: f32) -> &mut Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    /// A text, cut before the letter with which it would have more bytes than their number can say.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let mut length = text.len().min(usize::from(u16::MAX));
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        self.u16(u16::try_from(length).unwrap_or(0));
        self.0.extend(&text.as_bytes()[..length]);
        self
    }

    /// As many of a list as a byte can count, behind their number.
    pub(super) fn short_list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) -> &mut Self {
        let count = u8::try_from(list.len()).unwrap_or(u8::MAX);
        self.u8(count);
        list.iter().take(count.into()).for_each(|of| write(self, of));
        self
    }
}
