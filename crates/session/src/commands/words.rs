//! The words of a request, read as Redis reads them, and the error texts that families share.
//!
//! Error texts that repeat a word are C strings in Redis: they end at the word's first NUL.

use commands::errors::SYNTAX;
use resp::{Args, ReplyError};

/// Bytes of a word that error texts repeat.
const QUOTED_BYTES_MAX: usize = 128;

/// Whether a word is this one, in any case of letters.
pub(super) fn is(word: &[u8], expected: &str) -> bool {
    word.eq_ignore_ascii_case(expected.as_bytes())
}

/// A word up to its first NUL.
pub(crate) fn until_nul(word: &[u8]) -> &[u8] {
    word.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// As much of a word as an error text repeats.
pub(crate) fn quoted(word: &[u8]) -> &[u8] {
    let word = until_nul(word);
    &word[..word.len().min(QUOTED_BYTES_MAX)]
}

/// An error text with a word in it.
pub(super) fn error_with(before: &str, word: &[u8], after: &str) -> ReplyError {
    let parts = [before.as_bytes(), until_nul(word), after.as_bytes()];
    ReplyError::from(parts.concat())
}

/// A switch: `on` or `off`.
pub(super) fn on_off(word: &[u8]) -> Result<bool, ReplyError> {
    match () {
        () if is(word, "on") => Ok(true),
        () if is(word, "off") => Ok(false),
        () => Err(SYNTAX),
    }
}

/// Refuses a subcommand whose words do not fit, where its arity could not say so.
pub(crate) fn misused_subcommand(args: Args<'_>) -> ReplyError {
    let mut text = b"ERR unknown subcommand or wrong number of arguments for '".to_vec();
    text.extend_from_slice(quoted(args.at(1)));
    text.extend_from_slice(b"'. Try ");
    text.extend_from_slice(&until_nul(args.at(0)).to_ascii_uppercase());
    text.extend_from_slice(b" HELP.");
    ReplyError::from(text)
}

/// The number at the front of a word, as C's `strtod` finds it; 0 if there is none.
pub(super) fn leading_float(word: &[u8]) -> f64 {
    let could_be =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    let len = word.iter().take_while(|byte| could_be(byte)).count();
    (1..=len)
        .rev()
        .find_map(|len| std::str::from_utf8(&word[..len]).ok()?.parse().ok())
        .unwrap_or_default()
}

/// Whether the number at the front of a word, as C's `atoi` finds it, is not 0.
pub(super) fn leading_flag(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"-").or_else(|| word.strip_prefix(b"+")).unwrap_or(word);
    digits.iter().take_while(|byte| byte.is_ascii_digit()).any(|&byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_front_are_found_as_c_finds_them() {
        for (word, number) in [
            ("0.5", 0.5),
            ("1x", 1.0),
            ("x", 0.0),
            ("", 0.0),
            ("-2", -2.0),
            ("1e", 1.0),
            ("1e2e", 100.0),
            (".5.", 0.5),
            ("inf", 0.0),
        ] {
            assert_eq!(leading_float(word.as_bytes()), number, "{word}");
        }
        assert!(leading_flag(b"1") && leading_flag(b"-2") && leading_flag(b"07x"));
        assert!(!leading_flag(b"0") && !leading_flag(b"x1") && !leading_flag(b""));
    }

    #[test]
    fn quoted_words_end_at_a_nul_or_after_128_bytes() {
        assert_eq!(quoted(b"a\0b"), b"a");
        assert_eq!(quoted(&[b'a'; 200]), [b'a'; 128]);
        assert_eq!(quoted(b""), b"");
    }
}
