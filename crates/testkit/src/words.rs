//! A command line into words, by the quoting rules of `redis-cli`.

use std::iter::Peekable;
use std::slice::Iter;

/// Splits `line` into words; `None` where quotes do not close or a closing quote touches a word.
///
/// Double quotes know `\n \r \t \b \a \xHH` and `\` before anything else; single quotes know only
/// `\'`. Outside quotes a backslash is a backslash.
///
/// ```
/// let words = testkit::words::split(r#"SET key "a\x00b""#).unwrap();
/// assert_eq!(words, [b"SET".to_vec(), b"key".to_vec(), b"a\0b".to_vec()]);
/// ```
#[must_use]
pub fn split(line: &str) -> Option<Vec<Vec<u8>>> {
    let mut bytes = line.as_bytes().iter().peekable();
    let mut words = Vec::new();
    loop {
        while bytes.next_if(|byte| byte.is_ascii_whitespace()).is_some() {}
        if bytes.peek().is_none() {
            return Some(words);
        }
        words.push(word(&mut bytes)?);
    }
}

fn word(bytes: &mut Peekable<Iter<'_, u8>>) -> Option<Vec<u8>> {
    let mut word = Vec::new();
    while let Some(&byte) = bytes.next_if(|byte| !byte.is_ascii_whitespace()) {
        match byte {
            b'"' | b'\'' => {
                quoted(byte, bytes, &mut word)?;
                if bytes.peek().is_some_and(|next| !next.is_ascii_whitespace()) {
                    return None;
                }
            }
            _ => word.push(byte),
        }
    }
    Some(word)
}

fn quoted(quote: u8, bytes: &mut Peekable<Iter<'_, u8>>, word: &mut Vec<u8>) -> Option<()> {
    loop {
        match *bytes.next()? {
            byte if byte == quote => return Some(()),
            b'\\' if quote == b'"' => word.push(escaped(bytes)?),
            b'\\' if bytes.next_if_eq(&&b'\'').is_some() => word.push(b'\''),
            byte => word.push(byte),
        }
    }
}

fn escaped(bytes: &mut Peekable<Iter<'_, u8>>) -> Option<u8> {
    Some(match *bytes.next()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'a' => 7,
        b'x' => {
            let mut ahead = bytes.clone();
            match (hex(ahead.next()), hex(ahead.next())) {
                (Some(high), Some(low)) => {
                    *bytes = ahead;
                    high * 16 + low
                }
                _ => b'x',
            }
        }
        other => other,
    })
}

fn hex(digit: Option<&u8>) -> Option<u8> {
    let digit = char::from(*digit?).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(line: &str, expected: &[&[u8]]) {
        let words = split(line).unwrap();
        assert_eq!(words, expected, "{line}");
    }

    #[test]
    fn words_and_quotes() {
        check("  GET   a ", &[b"GET", b"a"]);
        check("", &[]);
        check(r#"SET "" ''"#, &[b"SET", b"", b""]);
        check(r#"a "b c" 'd e'"#, &[b"a", b"b c", b"d e"]);
        check(r#""\x41\n\r\t\b\a\\\"\q""#, &[b"A\n\r\t\x08\x07\\\"q"]);
        check(r#""\xZZ""#, &[b"xZZ"]);
        check(r"'\' \n'", &[b"' \\n"]);
        check(r"a\b", &[b"a\\b"]);
        check(r#"pre"fix""#, &[b"prefix"]);
    }

    #[test]
    fn unbalanced_quotes_are_refused() {
        for line in [r#"SET "a"#, "SET 'a", r#""a"b"#, r#""a\"#] {
            assert_eq!(split(line), None, "{line}");
        }
    }
}
