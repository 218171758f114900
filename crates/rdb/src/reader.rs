//! Reading from bytes that may end too early, and the lengths with which everything begins.
//!
//! **Layout** of a length, the higher bytes first:
//!
//! ```text
//! 00nnnnnn                       6 bits
//! 01nnnnnn nnnnnnnn              14 bits
//! 10000000 +4                    32 bits
//! 10000001 +8                    64 bits
//! 11eeeeee                       no length: the string that follows is encoded in this way
//! ```

use crate::Error;

const BITS_32: u8 = 0x80;
const BITS_64: u8 = 0x81;

/// Bytes, and how far they have been read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What stands where a length is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A length or a count.
    Plain(u64),
    /// The number of an encoding.
    Encoded(u8),
}

impl<'a> Reader<'a> {
    /// Begins with the first of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes that were read.
    #[must_use]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes back to where the reader has been.
    pub fn rewind(&mut self, position: usize) {
        debug_assert!(position <= self.at, "back, not forth");
        self.at = position.min(self.at);
    }

    /// The bytes that were read since the reader was at a position.
    pub(crate) fn since(&self, position: usize) -> &'a [u8] {
        &self.bytes[position..self.at]
    }

    /// Whether all bytes were read.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The next bytes.
    ///
    /// # Errors
    /// If there are not so many.
    pub fn take(&mut self, count: u64) -> Result<&'a [u8], Error> {
        let left = &self.bytes[self.at..];
        let missing = count.saturating_sub(left.len() as u64);
        let taken = usize::try_from(count).ok().and_then(|count| left.get(..count));
        let taken = taken.ok_or(Error::Short { missing })?;
        self.at += taken.len();
        Ok(taken)
    }

    /// The next bytes, a fixed number of them.
    ///
    /// # Errors
    /// If there are not so many.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let taken = self.take(N as u64)?;
        Ok(taken.try_into().expect("so many were taken"))
    }

    /// The next byte.
    ///
    /// # Errors
    /// If there is none.
    pub fn byte(&mut self) -> Result<u8, Error> {
        self.array().map(|[byte]| byte)
    }

    /// A length, or the encoding that stands in its place.
    ///
    /// # Errors
    /// If it is neither, or not all there.
    pub fn length(&mut self) -> Result<Length, Error> {
        let first = self.byte()?;
        let low = u64::from(first & 0x3f);
        Ok(match first {
            0..0x40 => Length::Plain(low),
            0x40..0x80 => Length::Plain(low << 8 | u64::from(self.byte()?)),
            BITS_32 => Length::Plain(u64::from(u32::from_be_bytes(self.array()?))),
            BITS_64 => Length::Plain(u64::from_be_bytes(self.array()?)),
            0xc0.. => Length::Encoded(first & 0x3f),
            _ => return Err(Error::Corrupt("a length of an unknown form")),
        })
    }

    /// A length that must be one.
    ///
    /// # Errors
    /// If it is none, or not all there.
    pub fn count(&mut self) -> Result<u64, Error> {
        match self.length()? {
            Length::Plain(count) => Ok(count),
            Length::Encoded(_) => Err(Error::Corrupt("an encoded string in the place of a count")),
        }
    }
}

/// Writes a length.
pub fn push_length(out: &mut Vec<u8>, length: u64) {
    match length {
        0..0x40 => out.push(length as u8),
        0x40..0x4000 => out.extend_from_slice(&(length as u16 | 0x4000).to_be_bytes()),
        _ => match u32::try_from(length) {
            Ok(length) => {
                out.push(BITS_32);
                out.extend_from_slice(&length.to_be_bytes());
            }
            Err(_) => {
                out.push(BITS_64);
                out.extend_from_slice(&length.to_be_bytes());
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Length, Reader, push_length};
    use crate::Error;

    #[track_caller]
    fn check(length: u64, bytes: &[u8]) {
        let mut out = Vec::new();
        push_length(&mut out, length);
        assert_eq!(out, bytes);
        assert_eq!(Reader::new(bytes).length(), Ok(Length::Plain(length)));
        let cut = Reader::new(&bytes[..bytes.len() - 1]).length();
        assert_eq!(cut, Err(Error::Short { missing: 1 }));
    }

    #[test]
    fn lengths_take_as_many_bytes_as_they_need() {
        check(0, b"\0");
        check(63, b"\x3f");
        check(64, b"\x40\x40");
        check(16_383, b"\x7f\xff");
        check(16_384, b"\x80\0\0\x40\0");
        check(u64::from(u32::MAX), b"\x80\xff\xff\xff\xff");
        check(1 << 32, b"\x81\0\0\0\x01\0\0\0\0");
        check(u64::MAX, b"\x81\xff\xff\xff\xff\xff\xff\xff\xff");
    }

    #[test]
    fn what_is_no_length_is_refused() {
        assert!(matches!(Reader::new(b"\x82\0\0").length(), Err(Error::Corrupt(_))));
        assert_eq!(Reader::new(b"\xc3").length(), Ok(Length::Encoded(3)));
        assert!(matches!(Reader::new(b"\xc3").count(), Err(Error::Corrupt(_))));
    }

    #[test]
    fn what_is_missing_is_said() {
        let mut reader = Reader::new(b"abc");
        assert_eq!(reader.take(2), Ok(&b"ab"[..]));
        assert_eq!(reader.take(u64::MAX), Err(Error::Short { missing: u64::MAX - 1 }));
        assert_eq!(reader.byte(), Ok(b'c'));
        assert!(reader.is_at_end());
        reader.rewind(1);
        assert_eq!((reader.position(), reader.byte()), (1, Ok(b'b')));
    }

    proptest! {
        #[test]
        fn every_length_comes_back(length: u64, shift in 0..64_u32) {
            let mut out = Vec::new();
            push_length(&mut out, length >> shift);
            prop_assert_eq!(Reader::new(&out).count(), Ok(length >> shift));
        }
    }
}
