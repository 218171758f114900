//! Amounts of memory in text: `100`, `5k`, `5kb`, `1gb`.
//!
//! `k`, `m`, `g` are powers of 1000; `kb`, `mb`, `gb` are powers of 1024; `b` is one byte. Case
//! does not matter.

const UNITS: [(&str, u64); 8] = [
    ("", 1),
    ("b", 1),
    ("k", 1000),
    ("kb", 1 << 10),
    ("m", 1000 * 1000),
    ("mb", 1 << 20),
    ("g", 1000 * 1000 * 1000),
    ("gb", 1 << 30),
];

/// Bytes named by the text, or none if it is not an amount of memory.
///
/// REDIS: a missing number counts as zero (`CONFIG SET proto-max-bulk-len ""` complains about the
/// range, not about the form) and a number too big for 64 bits as the biggest one.
pub(crate) fn parse(text: &[u8]) -> Option<u64> {
    let digit_count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, unit) = text.split_at(digit_count);
    let (_, factor) = UNITS.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name.as_bytes()))?;
    let number = digits.iter().fold(0u64, |number, digit| {
        number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    });
    Some(number.saturating_mul(*factor))
}

/// The shortest exact text with a binary unit, as CONFIG REWRITE writes it.
pub(crate) fn format(bytes: u64) -> String {
    for (unit, factor) in [("gb", 1 << 30), ("mb", 1 << 20), ("kb", 1u64 << 10)] {
        if bytes != 0 && bytes.is_multiple_of(factor) {
            return format!("{}{unit}", bytes / factor);
        }
    }
    bytes.to_string()
}

#[cfg(test)]
mod tests {
    use super::{format, parse};
    use proptest::prelude::*;

    #[test]
    fn units_are_decimal_without_b_and_binary_with_it() {
        let cases: [(&str, u64); 9] = [
            ("0", 0),
            ("5", 5),
            ("5b", 5),
            ("1k", 1000),
            ("1kb", 1024),
            ("2M", 2_000_000),
            ("2Mb", 2 << 20),
            ("3g", 3_000_000_000),
            ("3GB", 3 << 30),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse(text.as_bytes()), Some(bytes), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["-1", "+1", "1.5mb", "5 mb", " 5", "5zb", "50%", "kbk", "5bb"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn overflow_saturates() {
        assert_eq!(parse(b"18446744073709551616"), Some(u64::MAX));
        assert_eq!(parse(b"9223372036854775807gb"), Some(u64::MAX));
    }

    proptest! {
        #[test]
        fn format_then_parse_is_identity(bytes: u64, shift in 0u32..40) {
            let bytes = bytes >> shift << shift;
            prop_assert_eq!(parse(format(bytes).as_bytes()), Some(bytes));
        }

        #[test]
        fn any_text_is_answered(text: Vec<u8>) {
            parse(&text);
        }
    }
}
