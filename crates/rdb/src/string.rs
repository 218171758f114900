//! Strings: as they are, as an integer of few bytes, or packed by LZF.
//!
//! ```text
//! length | bytes
//! 11000000 | +1                           the text of this integer, the lower bytes first
//! 11000001 | +2
//! 11000010 | +4
//! 11000011 | length | length | bytes      LZF: bytes of the packed and of the plain string
//! ```

use bytes::Bytes;
use stdx::number::parse_i64;

use crate::lzf::{self, Compressor};
use crate::{Error, Length, Reader, push_length};

const INT_8: u8 = 0;
const INT_16: u8 = 1;
const INT_32: u8 = 2;
const LZF: u8 = 3;
/// What an encoding's number stands behind.
const ENCODED: u8 = 0xc0;

/// REDIS: texts up to this length are looked at as integers.
const INTEGER_TEXT_MAX: usize = 11;
/// REDIS: strings up to this length are not packed.
const UNPACKED_MAX: usize = 20;
/// REDIS: bytes that packing has to save.
const SAVED_MIN: usize = 4;

/// A string as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// The text of this number.
    Int(i64),
    /// Bytes as they stood there.
    Slice(&'a [u8]),
    /// Bytes that were packed.
    Unpacked(Vec<u8>),
}

impl Text<'_> {
    /// The bytes; `text` is where those of a number are written.
    pub fn as_bytes<'b>(&'b self, text: &'b mut itoa::Buffer) -> &'b [u8] {
        match self {
            Self::Int(int) => text.format(*int).as_bytes(),
            Self::Slice(bytes) => bytes,
            Self::Unpacked(bytes) => bytes,
        }
    }

    /// The bytes in memory of their own.
    #[must_use]
    pub fn into_vec(self) -> Vec<u8> {
        match self {
            Self::Unpacked(bytes) => bytes,
            text => text.as_bytes(&mut itoa::Buffer::new()).to_vec(),
        }
    }

    /// The bytes in shared memory.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.into_vec().into()
    }
}

/// Reads a string.
///
/// # Errors
/// If it is none, or not all there.
pub fn read<'a>(source: &mut Reader<'a>) -> Result<Text<'a>, Error> {
    Ok(match source.length()? {
        Length::Plain(length) => Text::Slice(source.take(length)?),
        Length::Encoded(INT_8) => Text::Int(i64::from(i8::from_le_bytes(source.array()?))),
        Length::Encoded(INT_16) => Text::Int(i64::from(i16::from_le_bytes(source.array()?))),
        Length::Encoded(INT_32) => Text::Int(i64::from(i32::from_le_bytes(source.array()?))),
        Length::Encoded(LZF) => {
            let (packed, length) = (source.count()?, source.count()?);
            let packed = source.take(packed)?;
            let unpacked = usize::try_from(length).ok();
            let unpacked = unpacked.and_then(|length| lzf::decompress(packed, length));
            Text::Unpacked(unpacked.ok_or(Error::Corrupt("a string that cannot be unpacked"))?)
        }
        Length::Encoded(_) => return Err(Error::Corrupt("a string of an unknown encoding")),
    })
}

/// Writes a string: as an integer if it is the text of one, packed if that makes it shorter.
pub fn push(out: &mut Vec<u8>, bytes: &[u8], lzf: Option<&mut Compressor>) {
    if bytes.len() <= INTEGER_TEXT_MAX
        && let Some(int) = parse_i64(bytes)
        && push_small_int(out, int)
    {
        return;
    }
    if bytes.len() > UNPACKED_MAX
        && let Some(lzf) = lzf
        && push_packed(out, bytes, lzf)
    {
        return;
    }
    push_length(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Writes the text of an integer.
pub fn push_int(out: &mut Vec<u8>, int: i64) {
    if !push_small_int(out, int) {
        let mut text = itoa::Buffer::new();
        let bytes = text.format(int).as_bytes();
        push_length(out, bytes.len() as u64);
        out.extend_from_slice(bytes);
    }
}

/// Writes an integer of up to 32 bits; whether it is one.
fn push_small_int(out: &mut Vec<u8>, int: i64) -> bool {
    if let Ok(int) = i8::try_from(int) {
        out.extend_from_slice(&[ENCODED | INT_8, int as u8]);
    } else if let Ok(int) = i16::try_from(int) {
        out.push(ENCODED | INT_16);
        out.extend_from_slice(&int.to_le_bytes());
    } else if let Ok(int) = i32::try_from(int) {
        out.push(ENCODED | INT_32);
        out.extend_from_slice(&int.to_le_bytes());
    } else {
        return false;
    }
    true
}

/// Writes a packed string; whether that made it shorter.
fn push_packed(out: &mut Vec<u8>, bytes: &[u8], lzf: &mut Compressor) -> bool {
    let Some(packed) = lzf.compress(bytes, bytes.len() - SAVED_MIN) else { return false };
    out.push(ENCODED | LZF);
    push_length(out, packed.len() as u64);
    push_length(out, bytes.len() as u64);
    out.extend_from_slice(packed);
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Text, push, push_int, read};
    use crate::lzf::Compressor;
    use crate::{Error, Reader};

    fn pushed(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        push(&mut out, bytes, Some(&mut Compressor::new()));
        out
    }

    #[test]
    fn texts_of_integers_take_few_bytes() {
        assert_eq!(pushed(b"-128"), b"\xc0\x80");
        assert_eq!(pushed(b"128"), b"\xc1\x80\0");
        assert_eq!(pushed(b"-32769"), b"\xc2\xff\x7f\xff\xff");
        assert_eq!(pushed(b"-2147483648"), b"\xc2\0\0\0\x80");
        assert_eq!(pushed(b"2147483648"), b"\x0a2147483648");
        for text in ["", "-", "-0", "+1", "007", " 1", "1 "] {
            assert_eq!(pushed(text.as_bytes())[1..], *text.as_bytes());
        }
    }

    #[test]
    fn long_strings_are_packed_if_that_saves_something() {
        assert_eq!(pushed(&[b'a'; 20])[..2], [20, b'a']);
        assert_eq!(pushed(&[b'a'; 21]), b"\xc3\x06\x15\x01aa\xe0\x0a\0");
        let plain: Vec<u8> = (0..100).collect();
        assert_eq!(pushed(&plain)[..3], [0x40, 100, 0]);
        let mut out = Vec::new();
        push(&mut out, &[b'a'; 21], None);
        assert_eq!(out, [&[21][..], &[b'a'; 21]].concat());
    }

    #[test]
    fn what_is_no_string_is_refused() {
        let of = |bytes: &'static [u8]| read(&mut Reader::new(bytes));
        assert!(matches!(of(b"\xc4\0"), Err(Error::Corrupt(_))));
        assert_eq!(of(b"\xc2\0\0\0"), Err(Error::Short { missing: 1 }));
        assert_eq!(of(b"\x80\xff\xff\xff\xffabc"), Err(Error::Short { missing: 0xffff_fffc }));
        // Nothing packed can become so long.
        assert!(matches!(of(b"\xc3\x02\x80\x7f\xff\xff\xff\0a"), Err(Error::Corrupt(_))));
        assert!(matches!(of(b"\xc3\x02\x02\0a"), Err(Error::Corrupt(_))));
        assert_eq!(of(b"\xc3\x02\x01\0a"), Ok(Text::Unpacked(b"a".to_vec())));
    }

    proptest! {
        #[test]
        fn every_string_comes_back(
            bytes in proptest::collection::vec(0..4_u8, 0..300),
            offset: u8,
            packs: bool,
        ) {
            let bytes: Vec<u8> = bytes.iter().map(|byte| byte.wrapping_add(offset)).collect();
            let mut out = Vec::new();
            push(&mut out, &bytes, packs.then(Compressor::new).as_mut());
            prop_assert!(out.len() <= bytes.len() + 5);
            let mut source = Reader::new(&out);
            prop_assert_eq!(read(&mut source).expect("a string").into_vec(), bytes);
            prop_assert!(source.is_at_end());
        }

        #[test]
        fn every_integer_comes_back(int: i64, shift in 0..64_u32) {
            let (int, mut out) = (int >> shift, Vec::new());
            push_int(&mut out, int);
            prop_assert_eq!(&out, &pushed(int.to_string().as_bytes()));
            let text = read(&mut Reader::new(&out)).expect("a string");
            prop_assert_eq!(text.into_vec(), int.to_string().into_bytes());
        }
    }
}
