//! Cutting a line into words as Redis does, and quoting a word so that cutting restores it.
//!
//! ```text
//! plain          ends at white space or at a quote
//! "double"       \n \r \t \b \a \xHH are bytes; \ before anything else is dropped
//! 'single'       only \' is special
//! ```
//!
//! A closing quote must be followed by white space or the end of the line.

/// The words of a line, or none if a quote is not closed properly.
pub(crate) fn split(line: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut rest = line.trim_ascii_start();
    while !rest.is_empty() {
        let (word, after) = cut_word(rest)?;
        words.push(word);
        rest = after.trim_ascii_start();
    }
    Some(words)
}

/// Cuts one word off the front; the rest begins after it.
fn cut_word(line: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut word = Vec::new();
    let mut rest = line;
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'"' => rest = cut_double_quoted(after, &mut word)?,
            b'\'' => rest = cut_single_quoted(after, &mut word)?,
            byte if byte.is_ascii_whitespace() => break,
            byte => {
                word.push(*byte);
                rest = after;
                continue;
            }
        }
        if rest.first().is_some_and(|byte| !byte.is_ascii_whitespace()) {
            return None;
        }
        break;
    }
    Some((word, rest))
}

fn cut_double_quoted<'a>(text: &'a [u8], word: &mut Vec<u8>) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        match rest {
            [b'"', after @ ..] => return Some(after),
            [b'\\', b'x', high, low, after @ ..]
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                word.push(hex_digit(*high) << 4 | hex_digit(*low));
                rest = after;
            }
            [b'\\', escaped, after @ ..] => {
                word.push(unescape(*escaped));
                rest = after;
            }
            [byte, after @ ..] => {
                word.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}

fn cut_single_quoted<'a>(text: &'a [u8], word: &mut Vec<u8>) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        match rest {
            [b'\'', after @ ..] => return Some(after),
            [b'\\', b'\'', after @ ..] => {
                word.push(b'\'');
                rest = after;
            }
            [byte, after @ ..] => {
                word.push(*byte);
                rest = after;
            }
            [] => return None,
        }
    }
}

fn unescape(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    }
}

fn hex_digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit - b'A' + 10,
    }
}

/// The word in double quotes, all bytes that are not printable ASCII escaped.
pub(crate) fn quote(word: &[u8]) -> String {
    let mut quoted = String::with_capacity(word.len() + 2);
    quoted.push('"');
    for byte in word {
        match byte {
            b'\\' | b'"' => quoted.extend(['\\', char::from(*byte)]),
            b'\n' => quoted.push_str("\\n"),
            b'\r' => quoted.push_str("\\r"),
            b'\t' => quoted.push_str("\\t"),
            0x07 => quoted.push_str("\\a"),
            0x08 => quoted.push_str("\\b"),
            b' '..=b'~' => quoted.push(char::from(*byte)),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{quote, split};
    use proptest::prelude::*;

    fn words(line: &str) -> Option<Vec<String>> {
        let words = split(line.as_bytes())?;
        Some(words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect())
    }

    #[test]
    fn words_are_cut_at_white_space_and_unquoted() {
        assert_eq!(words("  a\t b "), Some(vec!["a".into(), "b".into()]));
        assert_eq!(words(r#"x "a\x41\n\q" 'it\'s\n'"#).unwrap(), ["x", "aA\nq", "it's\\n"]);
        assert_eq!(words(r#"a"b" ''"#).unwrap(), ["ab", ""]);
        assert_eq!(words("").unwrap(), [""; 0]);
    }

    #[test]
    fn a_quote_must_end_its_word() {
        for line in [r#""a"#, r#"'a"#, r#""a"b"#, r#"'a'b"#, r#"x "a\"#, r#""a""b""#] {
            assert_eq!(words(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn quoting_then_cutting_is_identity(first: Vec<u8>, second: Vec<u8>) {
            let line = format!("{} {}", quote(&first), quote(&second));
            prop_assert_eq!(split(line.as_bytes()), Some(vec![first, second]));
        }

        #[test]
        fn any_line_is_answered(line in proptest::collection::vec(
            prop_oneof![Just(b'"'), Just(b'\''), Just(b'\\'), Just(b' '), Just(b'x'), any::<u8>()],
            0..20,
        )) {
            split(&line);
        }
    }
}
