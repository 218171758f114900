//! The answers of the reference server's INCRBYFLOAT, as a table.

use super::*;

/// What `INCRBYFLOAT` answers when the first is stored and the second is added; `None` for an
/// error.
fn incr_by_float(stored: &str, increment: &str) -> Option<String> {
    let sum = LongDouble::parse(stored.as_bytes())?
        .checked_add(LongDouble::parse(increment.as_bytes())?)?;
    Some(String::from_utf8(sum.to_text()).expect("digits are ASCII"))
}

#[test]
fn sums_equal_the_reference() {
    for (stored, increment, sum) in [
        ("0.1", "0.2", "0.3"),
        ("10.50", "0.1", "10.6"),
        ("5.0e3", "2.0e2", "5200"),
        ("1", "-1.5", "-0.5"),
        ("0", "-0", "0"),
        ("-0.0000000000000000001", "0", "0"),
        ("1e-17", "0", "0.00000000000000001"),
        ("5e-18", "0", "0"),
        ("15e-18", "0", "0.00000000000000002"),
        ("4.9e-18", "0", "0"),
        ("0x1p-18", "0", "0.00000381469726562"),
        ("0x3p-18", "0", "0.00001144409179688"),
        ("1e20", "1", "100000000000000000000"),
        ("1e30", "1", "1000000000000000000024696061952"),
        ("123456789012345678901234567890", "1", "123456789012345678899921813504"),
        ("0x1.8p3", "0", "12"),
        ("0x.8", "0", "0.5"),
        ("0X1p-3", "+1.", "1.125"),
        (".5", "5.", "5.5"),
        ("9223372036854775807", "1", "9223372036854775808"),
        ("18446744073709551615", "0.5", "18446744073709551616"),
        ("18446744073709551616", "1", "18446744073709551616"),
        ("0.99999999999999999999", "0", "1"),
        ("99999999999999999.9", "0.1", "100000000000000000"),
        ("1e-4950", "1", "1"),
        ("3.141592653589793238462643", "2.718281828459045235360287", "5.85987448204883847"),
        ("1099511627776.00000000000000001", "-1099511627776", "0"),
        ("0e99999", "1", "1"),
        ("-1.0625", "0.0625", "-1"),
    ] {
        let got = incr_by_float(stored, increment);
        assert_eq!(got.as_deref(), Some(sum), "{stored} + {increment}");
    }
}

#[test]
fn what_the_reference_refuses_is_refused() {
    for (stored, increment) in [
        ("1e4932", "1e4932"),
        ("1e-5000", "1"),
        ("1e5000", "1"),
        ("inf", "1"),
        ("-inf", "inf"),
        ("nan", "1"),
        (" 1", "1"),
        ("1 ", "1"),
        ("", "1"),
        ("1e", "1"),
        ("0x", "1"),
        (".", "1"),
        ("1_0", "1"),
    ] {
        assert_eq!(incr_by_float(stored, increment), None, "{stored} + {increment}");
    }
}

#[test]
fn the_largest_number_prints_all_its_digits() {
    let largest = incr_by_float("1.18973149535723176502e+4932", "0").expect("it is in range");
    assert_eq!(largest.len(), 4933);
    assert!(largest.starts_with("1189731495357231765021263853030970205169"), "{largest}");
    assert!(largest.ends_with("604419552086811989770240"), "{largest}");
}

#[test]
fn text_as_long_as_redis_reads_is_read() {
    let zeros = "0".repeat(TEXT_MAX - 1);
    assert!(LongDouble::parse(format!("1{zeros}").as_bytes()).is_none(), "it is beyond the range");
    assert!(LongDouble::parse(format!("{zeros}1").as_bytes()).is_some());
    assert!(LongDouble::parse(format!("{zeros}11").as_bytes()).is_none());
}

#[test]
fn doubles_and_integers_convert_exactly() {
    for (number, text) in [
        (LongDouble::from(0.1), "0.10000000000000001"),
        (LongDouble::from(-2.5), "-2.5"),
        (LongDouble::from(i64::MIN), "-9223372036854775808"),
        (LongDouble::from(f64::NEG_INFINITY), "-inf"),
    ] {
        assert_eq!(number.to_text(), text.as_bytes());
    }
}
