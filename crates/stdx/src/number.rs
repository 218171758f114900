//! Numbers as text, read and printed exactly as Redis does.
//!
//! Integers are read in their *canonical* form only: no sign `+`, no leading zeros, no spaces. So
//! an integer that is read and printed again gives the same bytes, which is what lets a string be
//! stored as a number.

mod float;

pub(crate) use float::{float_form, parse_infinity};
pub use float::{format_f64, format_f64_human, parse_c_f64, parse_f64, push_f64};

/// The most digits of a 64-bit number, or digits and a sign.
pub const DIGITS_MAX: usize = 20;

/// Two decimal digits per entry, so that one division prints two of them.
static DIGIT_PAIRS: [[u8; 2]; 100] = digit_pairs();

const fn digit_pairs() -> [[u8; 2]; 100] {
    let mut pairs = [[0u8; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
}

/// Reads a canonical signed integer; `None` for everything else, `-0` and `007` included.
#[inline]
pub fn parse_i64(text: &[u8]) -> Option<i64> {
    match text {
        [b'-', rest @ ..] => {
            let magnitude = parse_u64(rest)?;
            if magnitude == 0 {
                return None;
            }
            0i64.checked_sub_unsigned(magnitude)
        }
        _ => i64::try_from(parse_u64(text)?).ok(),
    }
}

/// Reads a canonical unsigned integer.
#[inline]
pub fn parse_u64(text: &[u8]) -> Option<u64> {
    let (&first, rest) = text.split_first()?;
    if !first.is_ascii_digit() || (first == b'0' && !rest.is_empty()) || rest.len() > 19 {
        return None;
    }
    let mut number = u64::from(first - b'0');
    if rest.len() < 19 {
        // Nineteen digits cannot overflow, so only longer texts pay for the checks.
        for &byte in rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            number = number * 10 + u64::from(digit);
        }
        return Some(number);
    }
    for &byte in rest {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(number)
}

/// How many bytes [`push_i64`] writes for `number`.
#[inline]
pub fn i64_len(number: i64) -> usize {
    usize::from(number < 0) + u64_len(number.unsigned_abs())
}

/// How many decimal digits `number` has.
#[inline]
pub fn u64_len(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// Appends the decimal text of `number`.
#[inline]
pub fn push_i64(text: &mut Vec<u8>, number: i64) {
    if (0..10).contains(&number) {
        text.push(b'0' + number as u8);
        return;
    }
    let mut digits = [0u8; DIGITS_MAX];
    let mut start = write_digits(&mut digits, number.unsigned_abs());
    if number < 0 {
        start -= 1;
        digits[start] = b'-';
    }
    text.extend_from_slice(&digits[start..]);
}

/// Appends the decimal text of `number`.
#[inline]
pub fn push_u64(text: &mut Vec<u8>, number: u64) {
    let mut digits = [0u8; DIGITS_MAX];
    let start = write_digits(&mut digits, number);
    text.extend_from_slice(&digits[start..]);
}

/// Writes `number` at the end of `text` and says where it begins.
///
/// # Panics
/// If it does not fit; [`DIGITS_MAX`] bytes are always enough.
#[inline]
pub fn write_digits(text: &mut [u8], mut number: u64) -> usize {
    let mut start = text.len();
    while number >= 100 {
        let pair = DIGIT_PAIRS[(number % 100) as usize];
        number /= 100;
        start -= 2;
        text[start..start + 2].copy_from_slice(&pair);
    }
    if number >= 10 {
        start -= 2;
        text[start..start + 2].copy_from_slice(&DIGIT_PAIRS[number as usize]);
    } else {
        start -= 1;
        text[start] = b'0' + number as u8;
    }
    start
}

#[cfg(test)]
mod tests;
