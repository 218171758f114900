//! The 80-bit floating point numbers in which Redis computes INCRBYFLOAT and HINCRBYFLOAT.
//!
//! C's `long double` on x86-64: 64 bits of mantissa, 15 of exponent. It shows in replies (0.1 + 0.2
//! is 0.3 here, and with doubles it is not), so it is computed here, whatever machine this runs on.
//!
//! ```text
//! bits  79  78..64    63..0
//!       sign exponent  mantissa, its leading 1 written out
//! value = mantissa * 2^(exponent - 16446)
//! ```

use rustc_apfloat::ieee::{Double, X87DoubleExtended};
use rustc_apfloat::{Float, FloatConvert, Round, Status};

use crate::number;

/// LIMIT: the longest text that Redis reads as one.
const TEXT_MAX: usize = 5 * 1024 - 1;

/// Decimals that are printed.
const DECIMALS: usize = 17;

/// 10 to the power of [`DECIMALS`].
const SCALE: u128 = 10u128.pow(DECIMALS as u32);

/// The exponent of the mantissa's lowest bit is the exponent field less this.
const EXPONENT_BIAS: i32 = 16446;

/// A number, finite or infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongDouble(X87DoubleExtended);

impl LongDouble {
    /// Reads what C's `strtold` reads to the end: decimal, hexadecimal or `inf`, but no spaces, no
    /// NaN, nothing too large, and nothing so small that it would become 0.
    pub fn parse(text: &[u8]) -> Option<LongDouble> {
        if text.len() > TEXT_MAX {
            return None;
        }
        if let Some(infinity) = number::parse_infinity(text) {
            return Some(LongDouble::from(infinity));
        }
        let form = number::float_form(text)?;
        let written = std::str::from_utf8(text).ok()?;
        let exponent = if form.needs_exponent { "p0" } else { "" };
        // The grammar was checked; what is left to fail is the range.
        let text = format!("{written}{exponent}");
        let read = X87DoubleExtended::from_str_r(&text, Round::NearestTiesToEven).ok()?;
        let overflows = read.status.contains(Status::OVERFLOW);
        let vanishes = read.value.is_zero() && !form.is_zero;
        (!overflows && !vanishes).then_some(LongDouble(read.value))
    }

    /// Whether it is a number with an end.
    pub fn is_finite(self) -> bool {
        self.0.is_finite()
    }

    /// The rounded sum; `None` if it is infinite or not a number.
    pub fn checked_add(self, other: LongDouble) -> Option<LongDouble> {
        let sum = self.0.add_r(other.0, Round::NearestTiesToEven).value;
        sum.is_finite().then_some(LongDouble(sum))
    }

    /// So many times the number, rounded up to an integer; `None` if 64 bits do not hold it.
    pub fn times_rounded_up(self, factor: i64) -> Option<i64> {
        let product = self.0.mul_r(LongDouble::from(factor).0, Round::NearestTiesToEven).value;
        let rounded = product.to_i128_r(64, Round::TowardPositive, &mut false);
        let fits = !rounded.status.contains(Status::INVALID_OP);
        fits.then(|| i64::try_from(rounded.value).ok()).flatten()
    }

    /// The text that Redis shows to people: up to 17 decimals, no exponent, no zeros at the end.
    pub fn to_text(self) -> Vec<u8> {
        let is_negative = self.0.is_negative();
        if !self.0.is_finite() {
            return if is_negative { b"-inf".to_vec() } else { b"inf".to_vec() };
        }
        let bits = self.0.to_bits();
        let mantissa = bits as u64;
        // Numbers without a leading 1 (exponent 0) count as if their exponent were 1.
        let exponent = ((bits >> 64) as i32 & 0x7fff).max(1);
        let mut text = Vec::with_capacity(32);
        push_magnitude(&mut text, mantissa, exponent - EXPONENT_BIAS);
        if is_negative && text != b"0" {
            text.insert(0, b'-');
        }
        text
    }
}

impl From<f64> for LongDouble {
    /// # Panics
    /// If `number` is not a number.
    fn from(number: f64) -> LongDouble {
        assert!(!number.is_nan(), "what is not a number has no place here");
        let double = Double::from_bits(u128::from(number.to_bits()));
        LongDouble(double.convert(&mut false).value)
    }
}

impl From<i64> for LongDouble {
    fn from(number: i64) -> LongDouble {
        LongDouble(X87DoubleExtended::from_i128(i128::from(number)).value)
    }
}

/// Appends `mantissa * 2^shift`, rounded to 17 decimals (halves to even), without trailing zeros.
fn push_magnitude(text: &mut Vec<u8>, mantissa: u64, shift: i32) {
    if shift > 0 {
        push_integer(text, mantissa, shift.unsigned_abs());
        return;
    }
    let rounded = shift_right_to_even(u128::from(mantissa) * SCALE, shift.unsigned_abs());
    number::push_u64(text, (rounded / SCALE) as u64);
    let decimals = rounded % SCALE;
    if decimals > 0 {
        let digits = format!(".{decimals:0DECIMALS$}");
        text.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

/// `number / 2^shift` to the nearest integer, halves to even.
fn shift_right_to_even(number: u128, shift: u32) -> u128 {
    if shift == 0 {
        return number;
    }
    if shift > number.checked_ilog2().unwrap_or(0) + 1 {
        // Less than a half is left.
        return 0;
    }
    let quotient = number >> shift;
    let rest = number - (quotient << shift);
    let half = 1 << (shift - 1);
    let is_up = rest > half || (rest == half && quotient & 1 == 1);
    quotient + u128::from(is_up)
}

/// Appends the integer `mantissa * 2^shift`, which may have thousands of digits.
fn push_integer(text: &mut Vec<u8>, mantissa: u64, shift: u32) {
    /// The number is held in digits of this base, the lowest first.
    const BASE: u64 = 1_000_000_000;
    /// Bits shifted in one pass: a digit shifted by so many still fits 64 bits.
    const STEP: u32 = 32;
    let mut digits = vec![mantissa % BASE, mantissa / BASE % BASE, mantissa / BASE / BASE];
    let mut left = shift;
    while left > 0 {
        let step = left.min(STEP);
        let mut carry = 0;
        for digit in &mut digits {
            let shifted = (*digit << step) + carry;
            *digit = shifted % BASE;
            carry = shifted / BASE;
        }
        while carry > 0 {
            digits.push(carry % BASE);
            carry /= BASE;
        }
        left -= step;
    }
    let highest = digits.iter().rposition(|&digit| digit > 0).unwrap_or(0);
    number::push_u64(text, digits[highest]);
    for digit in digits[..highest].iter().rev() {
        text.extend_from_slice(format!("{digit:09}").as_bytes());
    }
}

#[cfg(test)]
mod tests;
