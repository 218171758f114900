//! Inline requests: a line of words, as typed into telnet, with Redis' rules of quoting.
//!
//! - `"..."` knows `\xHH`, `\n \r \t \b \a`, and `\` before any other byte means that byte.
//! - `'...'` knows only `\'`.
//! - A quote may open inside a word (`a"b c"` is `ab c`), but a closed one has to end it.
//! - A NUL is a byte like others. (Redis does not see the end of a line with a NUL in it, and
//!   waits.)
//!
//! A word without quotes stays where it is; one with quotes gets memory of its own.

use bytes::Bytes;

use crate::error::ProtocolError;
use crate::parse::Words;
use crate::request::Span;

/// Appends the words of `line`, which begins where the spans count from.
pub(crate) fn split(line: &[u8], words: &mut Words) -> Result<(), ProtocolError> {
    let mut at = 0;
    loop {
        at += line[at..].iter().take_while(|&&byte| is_space(byte)).count();
        if at == line.len() {
            return Ok(());
        }
        let plain = line[at..].iter().take_while(|&&byte| !ends_plain(byte)).count();
        match line.get(at + plain) {
            Some(b'"' | b'\'') => {
                let (word, end) = quoted(line, at)?;
                words.push_big(Bytes::from(word));
                at = end;
            }
            _ => {
                words.spans.push(Span::new(at as u32, plain as u32));
                at += plain;
            }
        }
    }
}

/// The word at `at` with its quotes resolved, and where it ends.
fn quoted(line: &[u8], mut at: usize) -> Result<(Vec<u8>, usize), ProtocolError> {
    let mut word = Vec::new();
    while let Some(&byte) = line.get(at) {
        at = match byte {
            b'"' => return double_quoted(line, at + 1, word),
            b'\'' => return single_quoted(line, at + 1, word),
            _ => {
                word.push(byte);
                at + 1
            }
        };
    }
    Ok((word, at))
}

fn double_quoted(
    line: &[u8],
    mut at: usize,
    mut word: Vec<u8>,
) -> Result<(Vec<u8>, usize), ProtocolError> {
    loop {
        let (byte, len) = match line.get(at..).unwrap_or_default() {
            [] => return Err(ProtocolError::UnbalancedQuotes),
            [b'"', ..] => return closed(line, at + 1, word),
            [b'\\', b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (hex_digit(*high) << 4 | hex_digit(*low), 4)
            }
            [b'\\', escaped, ..] => (unescape(*escaped), 2),
            [byte, ..] => (*byte, 1),
        };
        word.push(byte);
        at += len;
    }
}

fn single_quoted(
    line: &[u8],
    mut at: usize,
    mut word: Vec<u8>,
) -> Result<(Vec<u8>, usize), ProtocolError> {
    loop {
        let (byte, len) = match line.get(at..).unwrap_or_default() {
            [] => return Err(ProtocolError::UnbalancedQuotes),
            [b'\'', ..] => return closed(line, at + 1, word),
            [b'\\', b'\'', ..] => (b'\'', 2),
            [byte, ..] => (*byte, 1),
        };
        word.push(byte);
        at += len;
    }
}

/// A closing quote has to end its word.
fn closed(line: &[u8], at: usize, word: Vec<u8>) -> Result<(Vec<u8>, usize), ProtocolError> {
    match line.get(at) {
        Some(&byte) if !is_space(byte) => Err(ProtocolError::UnbalancedQuotes),
        _ => Ok((word, at)),
    }
}

fn unescape(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    }
}

fn hex_digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        _ => byte - b'A' + 10,
    }
}

/// What C calls space.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0d)
}

/// REDIS: vertical tab and form feed separate words only where none has begun.
fn ends_plain(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'\'')
}

#[cfg(test)]
mod tests;
