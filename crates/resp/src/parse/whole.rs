//! The fast path: a whole request, written as client libraries write it.
//!
//! A line such as `$3\r\n` is read as one 32-bit number: after an exclusive or with `$0\r\n` only
//! the digit is left, and rotating it into the low byte makes a single comparison the whole check.
//!
//! ```text
//! bytes    '$'  '3'  \r  \n       as a little-endian number
//! xor      '$'  '0'  \r  \n
//!           0    3    0   0       rotated right by one byte: 3
//! ```
//!
//! Whatever is not exactly of this form makes the path answer `None`: it never judges.

use crate::parse::{BUFFER_MAX, Batch, ParseLimits};
use crate::request::Span;

/// Longer requests pay for the state machine; few enough that making room for them is harmless.
const WORDS_MAX: usize = 1024;

/// The most digits of a length; longer words are left to the state machine.
const DIGITS_MAX: usize = 5;

/// Every word that the fast path takes is shorter than this, which spares comparing each.
const WORD_LEN_END: u64 = 10u64.pow(DIGITS_MAX as u32);

/// Appends the request at `bytes[at..]` to `batch` and says where it ends; `None`, with the batch
/// as it was, if it is not whole or not of the ordinary form.
#[inline]
pub(super) fn request(
    bytes: &[u8],
    at: usize,
    batch: &mut Batch,
    limits: &ParseLimits,
) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let (count, line_len) = header::<b'*'>(rest)?;
    let is_ordinary = limits.authenticated && limits.proto_max_bulk_len >= WORD_LEN_END;
    if count == 0 || count > WORDS_MAX || !is_ordinary || bytes.len() > BUFFER_MAX {
        return None;
    }
    let end = match count {
        2 => few::<2>(rest, (at, line_len), &mut batch.spans)?,
        3 => few::<3>(rest, (at, line_len), &mut batch.spans)?,
        _ => {
            let known = batch.spans.len();
            let end = words(rest, at, line_len, count, &mut batch.spans);
            if end.is_none() {
                batch.spans.truncate(known);
            }
            end?
        }
    };
    batch.ends.push(batch.spans.len() as u32);
    Some(end)
}

/// The requests of most clients are two or three words: their spans are appended in one step.
#[inline]
fn few<const WORDS: usize>(
    mut rest: &[u8],
    (mut at, mut skipped): (usize, usize),
    spans: &mut Vec<Span>,
) -> Option<usize> {
    let mut found = [Span::new(0, 0); WORDS];
    for span in &mut found {
        rest = rest.get(skipped..)?;
        at += skipped;
        let (len, line_len) = header::<b'$'>(rest)?;
        *span = Span::new((at + line_len) as u32, len as u32);
        skipped = line_len + len + 2;
    }
    if skipped > rest.len() {
        return None;
    }
    spans.extend_from_slice(&found);
    Some(at + skipped)
}

/// Fills in `spans` and says where the last of them ends.
#[inline]
fn words(
    mut rest: &[u8],
    mut at: usize,
    mut skipped: usize,
    count: usize,
    spans: &mut Vec<Span>,
) -> Option<usize> {
    spans.reserve(count);
    for _ in 0..count {
        rest = rest.get(skipped..)?;
        at += skipped;
        let (len, line_len) = header::<b'$'>(rest)?;
        spans.push(Span::new((at + line_len) as u32, len as u32));
        skipped = line_len + len + 2;
    }
    (skipped <= rest.len()).then_some(at + skipped)
}

/// The number in the line at the front, and the length of the line.
#[inline(always)]
fn header<const KIND: u8>(rest: &[u8]) -> Option<(usize, usize)> {
    let front = u64::from_le_bytes(*rest.first_chunk()?);
    let digit = (front as u32 ^ u32::from_le_bytes([KIND, b'0', b'\r', b'\n'])).rotate_right(8);
    if digit < 10 {
        return Some((digit as usize, 4));
    }
    if front as u8 != KIND {
        return None;
    }
    // The same for two digits, behind the kind; the first of them may not be 0.
    let digits = (front >> 8) as u32 ^ u32::from_le_bytes([b'0', b'0', b'\r', b'\n']);
    let (tens, ones) = (digits & 0xff, digits >> 8);
    if ones < 10 && tens.wrapping_sub(1) < 9 {
        return Some(((tens * 10 + ones) as usize, 5));
    }
    long_header(&rest[1..])
}

/// The number of three digits and more at the front, and the length of its line with its kind.
fn long_header(line: &[u8]) -> Option<(usize, usize)> {
    let mut number = 0;
    for (index, &byte) in line.iter().take(DIGITS_MAX + 1).enumerate() {
        let digit = usize::from(byte.wrapping_sub(b'0'));
        if digit < 10 {
            number = number * 10 + digit;
            continue;
        }
        let is_canonical = (3..=DIGITS_MAX).contains(&index) && line[0] != b'0';
        let is_ended = line[index..].starts_with(b"\r\n");
        return (is_canonical && is_ended).then_some((number, index + 3));
    }
    None
}
