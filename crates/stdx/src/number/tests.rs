//! Number text: canonical integers, and floats as the reference server reads and prints them.

use proptest::prelude::{any, proptest};

use super::*;

fn printed(number: i64) -> Vec<u8> {
    let mut text = Vec::new();
    push_i64(&mut text, number);
    text
}

#[test]
fn integers_are_read_in_canonical_form_only() {
    for (text, number) in [
        ("0", 0),
        ("7", 7),
        ("-7", -7),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("999999999999999999", 999_999_999_999_999_999),
        ("1000000000000000000", 1_000_000_000_000_000_000),
    ] {
        assert_eq!(parse_i64(text.as_bytes()), Some(number), "{text}");
    }
    for text in [
        "",
        "-",
        "+1",
        "-0",
        "00",
        "01",
        "-01",
        " 1",
        "1 ",
        "1.0",
        "1e3",
        "0x1",
        "1a",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "/",
        ":",
        "100000000000000000000",
    ] {
        assert_eq!(parse_i64(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn unsigned_integers_reach_their_whole_range() {
    assert_eq!(parse_u64(b"18446744073709551615"), Some(u64::MAX));
    assert_eq!(parse_u64(b"9999999999999999999"), Some(9_999_999_999_999_999_999));
    assert_eq!(parse_u64(b"18446744073709551616"), None);
    assert_eq!(parse_u64(b"28446744073709551615"), None);
    assert_eq!(parse_u64(b"1844674407370955161a"), None);
    assert_eq!(parse_u64(b"-1"), None);
}

#[test]
fn every_digit_count_prints_and_measures_right() {
    let powers = (0..19).map(|power| 10i64.pow(power));
    let around = powers.flat_map(|power| [power - 1, power, power + 1, -power, 1 - power]);
    for number in around.chain([i64::MAX, i64::MIN, 0, 99, 100, 101]) {
        assert_eq!(printed(number), number.to_string().as_bytes());
        assert_eq!(i64_len(number), number.to_string().len(), "{number}");
    }
    let mut text = Vec::new();
    push_u64(&mut text, u64::MAX);
    assert_eq!(text, b"18446744073709551615");
    assert_eq!(u64_len(u64::MAX), 20);
}

/// What ZADD stores for each text, by ZSCORE.
#[test]
fn floats_are_read_and_printed_like_scores() {
    for (text, score) in [
        ("0.1", "0.10000000000000001"),
        ("3", "3"),
        ("-3.0", "-3"),
        ("5.", "5"),
        (".5", "0.5"),
        ("+1e3", "1000"),
        ("1e17", "1e+17"),
        ("1e16", "10000000000000000"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("1e-4", "0.0001"),
        ("1e-5", "1.0000000000000001e-05"),
        ("1e300", "1.0000000000000001e+300"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("5e-324", "4.9406564584124654e-324"),
        ("0x1p-2", "0.25"),
        ("-0X1.8", "-1.5"),
        ("inf", "inf"),
        ("-Infinity", "-inf"),
        ("+INF", "inf"),
        ("0e999", "0"),
        ("99999999999999999", "1e+17"),
    ] {
        let read = parse_f64(text.as_bytes()).map(format_f64);
        assert_eq!(read.as_deref(), Some(score), "{text}");
    }
}

#[test]
fn what_is_no_float_is_refused() {
    for text in [
        "",
        " 1",
        "1 ",
        "1\0",
        "nan",
        "NaN",
        "nan(1)",
        ".",
        "+",
        "-",
        "e5",
        "1e",
        "1e+",
        "0x",
        "0xg",
        "0x1p",
        "0x.p1",
        "--1",
        "1_0",
        "1,5",
        "infinit",
        "in",
        "1e999",
        "-1e999",
        "1e-999",
        "0x1p99999",
        "0x1p-99999",
        "1f",
        "0b1",
    ] {
        assert_eq!(parse_f64(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn floats_for_people_have_no_exponent() {
    for (number, text) in [
        (0.1, "0.10000000000000001"),
        (1e20, "100000000000000000000"),
        (1e-20, "0"),
        (-1e-20, "0"),
        (-0.0, "0"),
        (13.361_389_338_970_184, "13.36138933897018433"),
        (100.0, "100"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
    ] {
        assert_eq!(format_f64_human(number), text);
    }
}

#[test]
fn negative_zero_keeps_its_sign() {
    assert_eq!(format_f64(-0.0), "-0");
    assert_eq!(format_f64(f64::NAN), "nan");
}

proptest! {
    #[test]
    fn integers_round_trip(number in any::<i64>(), shift in 0..64) {
        let number = number >> shift;
        assert_eq!(printed(number), number.to_string().as_bytes());
        assert_eq!(parse_i64(&printed(number)), Some(number));
    }

    /// Reading agrees with std wherever the text is canonical, and refuses all else.
    #[test]
    fn integers_are_read_like_std(text in "[-+0-9 ]{0,21}") {
        let canonical = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        assert_eq!(parse_i64(text.as_bytes()), canonical);
    }

    #[test]
    fn floats_round_trip(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        if number.is_finite() {
            let read = parse_f64(format_f64(number).as_bytes()).map(f64::to_bits);
            assert_eq!(read, Some(bits));
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "[-+0-9a-fA-Fxp.]{0,30}", tail in "[0-9]{0,30}") {
        let text = text + &tail;
        let _ = parse_f64(text.as_bytes());
        let _ = crate::long_double::LongDouble::parse(text.as_bytes());
    }
}

#[test]
fn c_strings_are_read_as_strtod_reads_them() {
    let cases: [(&[u8], Option<f64>); 18] = [
        (b"", Some(0.0)),
        (b"\0x", Some(0.0)),
        (b"1.5", Some(1.5)),
        (b" \t\n\x0b\x0c\r-2", Some(-2.0)),
        (b"1\0x", Some(1.0)),
        (b"1e999", Some(f64::INFINITY)),
        (b"-1e999", Some(f64::NEG_INFINITY)),
        (b"1e-999", Some(0.0)),
        (b"0x1p3", Some(8.0)),
        (b"0x10", Some(16.0)),
        (b"+inf", Some(f64::INFINITY)),
        (b" -Infinity", Some(f64::NEG_INFINITY)),
        (b"nan", None),
        (b" ", None),
        (b"1 ", None),
        (b"(1", None),
        (b"1e", None),
        (b"x", None),
    ];
    for (text, number) in cases {
        assert_eq!(super::parse_c_f64(text), number, "{:?}", text.escape_ascii().to_string());
    }
}
