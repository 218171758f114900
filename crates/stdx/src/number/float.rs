//! Floating point numbers as text.
//!
//! Reading accepts what C's `strtod` reads to the end, without leading space, without NaN, and
//! without what its range cannot hold. Printing is C's `%.17g`, which is enough to read the same
//! number again, or Redis' form for people: no exponent.

use rustc_apfloat::ieee::Double;
use rustc_apfloat::{Float, Round};

/// From here on `%.17g` needs an exponent; below, a whole number prints as an integer.
const INTEGER_TEXT_MAX: f64 = 1e17;

/// Significant digits of `%.17g`.
const SIGNIFICANT: i32 = 17;

/// What a well-formed number looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FloatForm {
    /// Written as `0x...`.
    pub(crate) is_hex: bool,
    /// All its digits are 0.
    pub(crate) is_zero: bool,
    /// It has no exponent part, though hexadecimal ones ought to have it.
    pub(crate) needs_exponent: bool,
}

/// Reads a number as Redis reads scores and increments; `None` if it is none, NaN, too large, or so
/// small that it would become 0.
pub fn parse_f64(text: &[u8]) -> Option<f64> {
    if let Some(infinity) = parse_infinity(text) {
        return Some(infinity);
    }
    let form = float_form(text)?;
    let written = std::str::from_utf8(text).ok()?;
    let number = if form.is_hex { parse_hex(written, form)? } else { written.parse().ok()? };
    let vanishes = number == 0.0 && !form.is_zero;
    (number.is_finite() && !vanishes).then_some(number)
}

/// Reads a number as C's `strtod` reads a C string to its end: spaces in front, numbers out of
/// range and nothing at all (0) are fine. `None` if something follows the number, and for NaN.
///
/// REDIS: the ends of score ranges are read so: `ZCOUNT z " 1" 1e999`.
pub fn parse_c_f64(text: &[u8]) -> Option<f64> {
    let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
    if text.is_empty() {
        return Some(0.0);
    }
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !is_space(byte))?;
    let text = &text[start..];
    if let Some(infinity) = parse_infinity(text) {
        return Some(infinity);
    }
    let form = float_form(text)?;
    let written = std::str::from_utf8(text).ok()?;
    if form.is_hex { parse_hex(written, form) } else { written.parse().ok() }
}

fn parse_hex(written: &str, form: FloatForm) -> Option<f64> {
    let exponent = if form.needs_exponent { "p0" } else { "" };
    let read =
        Double::from_str_r(&format!("{written}{exponent}"), Round::NearestTiesToEven).ok()?;
    Some(f64::from_bits(read.value.to_bits() as u64))
}

/// Reads `inf` and `infinity`, with a sign and in any case.
pub(crate) fn parse_infinity(text: &[u8]) -> Option<f64> {
    let (infinity, name) = match text.strip_prefix(b"-") {
        Some(name) => (f64::NEG_INFINITY, name),
        None => (f64::INFINITY, text.strip_prefix(b"+").unwrap_or(text)),
    };
    let is_name = name.eq_ignore_ascii_case(b"inf") || name.eq_ignore_ascii_case(b"infinity");
    is_name.then_some(infinity)
}

/// Checks the grammar of C: `[+-] digits [. digits] [e [+-] digits]`, or with `0x` and `p`; digits
/// may be missing on one side of the point.
pub(crate) fn float_form(text: &[u8]) -> Option<FloatForm> {
    let unsigned = text.strip_prefix(b"+").or(text.strip_prefix(b"-")).unwrap_or(text);
    let (is_hex, digits) = match unsigned {
        [b'0', b'x' | b'X', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (whole, rest) = digits.split_at(digits_len(digits, is_hex));
    let (fraction, exponent) = match rest {
        [b'.', rest @ ..] => rest.split_at(digits_len(rest, is_hex)),
        rest => rest.split_at(0),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let marker = if is_hex { b'p' } else { b'e' };
    let needs_exponent = is_hex && exponent.is_empty();
    if !is_exponent(exponent, marker) {
        return None;
    }
    let is_zero = whole.iter().chain(fraction).all(|&byte| byte == b'0');
    Some(FloatForm { is_hex, is_zero, needs_exponent })
}

/// How many digits stand at the front.
fn digits_len(text: &[u8], is_hex: bool) -> usize {
    let is_digit = if is_hex { u8::is_ascii_hexdigit } else { u8::is_ascii_digit };
    text.iter().take_while(|&byte| is_digit(byte)).count()
}

/// Whether `text` is empty or an exponent part.
fn is_exponent(text: &[u8], marker: u8) -> bool {
    let Some((&first, rest)) = text.split_first() else { return true };
    let digits = rest.strip_prefix(b"+").or(rest.strip_prefix(b"-")).unwrap_or(rest);
    first.eq_ignore_ascii_case(&marker)
        && !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
}

/// The text of `number` as C's `%.17g` gives it: in replies and where Redis stores a score as text.
pub fn format_f64(number: f64) -> String {
    let mut text = Vec::with_capacity(24);
    push_f64(&mut text, number);
    String::from_utf8_lossy(&text).into_owned()
}

/// Appends the text of [`format_f64`].
pub fn push_f64(text: &mut Vec<u8>, number: f64) {
    if number.trunc() == number && number.abs() < INTEGER_TEXT_MAX {
        if number == 0.0 && number.is_sign_negative() {
            text.push(b'-');
        }
        super::push_i64(text, number as i64);
        return;
    }
    if !number.is_finite() {
        text.extend_from_slice(non_finite(number).as_bytes());
        return;
    }
    if number < 0.0 {
        text.push(b'-');
    }
    // d.ddde-x, with all 17 digits; `%g` then chooses by the exponent.
    let scientific = format!("{:.16e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: Vec<u8> = mantissa.bytes().filter(|&byte| byte != b'.').collect();
    let significant = digits.iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1);
    let digits = &digits[..significant];
    match exponent {
        -4..0 => {
            text.extend_from_slice(&b"0.0000"[..1 + exponent.unsigned_abs() as usize]);
            text.extend_from_slice(digits);
        }
        0..SIGNIFICANT => push_fixed(text, digits, exponent as usize + 1),
        _ => {
            push_fixed(text, digits, 1);
            let sign = if exponent < 0 { '-' } else { '+' };
            text.extend_from_slice(format!("e{sign}{:02}", exponent.unsigned_abs()).as_bytes());
        }
    }
}

/// Appends `digits`, the first `whole` of them (or zeros) before the point.
fn push_fixed(text: &mut Vec<u8>, digits: &[u8], whole: usize) {
    let (before, after) = digits.split_at(whole.min(digits.len()));
    text.extend_from_slice(before);
    text.resize(text.len() + whole - before.len(), b'0');
    if !after.is_empty() {
        text.push(b'.');
        text.extend_from_slice(after);
    }
}

/// The text of `number` without exponent, with up to 17 decimals: coordinates, for example.
pub fn format_f64_human(number: f64) -> String {
    if !number.is_finite() {
        return non_finite(number).to_owned();
    }
    let text = format!("{number:.17}");
    match trim_zeros(&text) {
        "-0" => "0".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

fn non_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "nan"
    } else if number > 0.0 {
        "inf"
    } else {
        "-inf"
    }
}

/// Cuts zeros at the end of the decimals, and the point if none are left.
fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
