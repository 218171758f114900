//! A value by itself, as DUMP answers it and RESTORE takes it.
//!
//! ```text
//! kind | value | version, 2 bytes | checksum of all before, 8 bytes     (lower bytes first)
//! ```

use datatypes::ValueRef;
use datatypes::set::BytesHasher;

use crate::{Encoder, Error, Kind, Reader, Rules, Value, checksum, decode_kind, is_readable};

const CHECKSUM: usize = 8;
/// Bytes behind the value.
const FOOTER: usize = 2 + CHECKSUM;

/// The value with its footer.
#[must_use]
pub fn dump(value: ValueRef<'_>, encoder: &mut Encoder) -> Vec<u8> {
    let kind = Encoder::kind(value);
    let mut payload = vec![kind.byte()];
    encoder.push(value, &mut payload);
    payload.extend_from_slice(&kind.version().to_le_bytes());
    let sum = checksum::of(&payload);
    payload.extend_from_slice(&sum.to_le_bytes());
    payload
}

/// Whether the footer is right: a version that can be read, and the checksum of these bytes.
#[must_use]
pub fn has_footer(payload: &[u8]) -> bool {
    let Some((sealed, sum)) = payload.split_last_chunk::<CHECKSUM>() else { return false };
    version(payload).is_some_and(is_readable) && checksum::of(sealed) == u64::from_le_bytes(*sum)
}

/// What the footer says of the version.
fn version(payload: &[u8]) -> Option<u16> {
    let at = payload.len().checked_sub(FOOTER)?;
    payload[at..].first_chunk().map(|version| u16::from_le_bytes(*version))
}

/// The value of a payload whose footer is right.
///
/// REDIS: nobody looks where the value ends: `RESTORE` takes bytes between it and the footer, and
/// even a value that reaches into the footer.
///
/// # Errors
/// If it is no value, or one that does not exist here.
pub fn restore<H: BytesHasher>(payload: &[u8], rules: &Rules<H>) -> Result<Value, Error> {
    let version = version(payload).expect("the footer was looked at");
    let mut source = Reader::new(payload);
    let kind = Kind::of(source.byte()?, version)?;
    decode_kind(kind, &mut source, rules)
}

#[cfg(test)]
mod tests {
    use datatypes::ValueRef;

    use super::{dump, has_footer};
    use crate::Encoder;

    #[test]
    fn a_footer_is_what_redis_makes() {
        let hello = dump(ValueRef::Bytes(b"hello"), &mut Encoder::new(true));
        assert_eq!(hello, b"\0\x05hello\n\0cr\xdfve4 \n");
        assert!(has_footer(&hello));
        for at in 0..hello.len() {
            let mut spoiled = hello.clone();
            spoiled[at] ^= 1;
            assert!(!has_footer(&spoiled), "byte {at}");
            assert!(!has_footer(&hello[..at]));
        }
    }

    #[test]
    fn versions_that_are_read() {
        let readable: Vec<u16> =
            (0..=u16::MAX).filter(|&version| crate::is_readable(version)).collect();
        assert_eq!(readable, [&(0..=12).collect::<Vec<_>>()[..], &[80]].concat());
    }
}
