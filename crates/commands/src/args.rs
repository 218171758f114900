//! A cursor over the words of a request: options are read word by word, in Redis' order of errors.

use resp::{Args, ReplyError};
use stdx::number::parse_i64;

use crate::Outcome;
use crate::errors::{NOT_AN_INTEGER, SYNTAX, int_out_of_range};

/// The words that were not read yet.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    words: Args<'a>,
    next: usize,
}

impl<'a> Cursor<'a> {
    /// Begins at word `from`.
    #[must_use]
    pub fn new(words: Args<'a>, from: usize) -> Self {
        Self { words, next: from }
    }

    /// Whether all words were read.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.next >= self.words.len()
    }

    /// Reads the next word if it is this keyword, in either case.
    pub fn keyword(&mut self, keyword: &str) -> bool {
        let is_it = self
            .words
            .get(self.next)
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword.as_bytes()));
        self.next += usize::from(is_it);
        is_it
    }

    /// Reads a word.
    ///
    /// # Errors
    /// If there is none left.
    pub fn word(&mut self) -> Result<&'a [u8], ReplyError> {
        let word = self.words.get(self.next).ok_or(SYNTAX)?;
        self.next += 1;
        Ok(word)
    }

    /// Reads an integer.
    ///
    /// # Errors
    /// If there is no word left, or it is none.
    pub fn i64(&mut self) -> Result<i64, ReplyError> {
        integer(self.word()?)
    }

    /// Makes sure that all words were read.
    ///
    /// # Errors
    /// If one is left: it is no option that the command knows.
    pub fn finish(&self) -> Outcome {
        if self.is_at_end() { Ok(()) } else { Err(SYNTAX) }
    }
}

/// The integer that a word is.
///
/// # Errors
/// If it is none.
#[inline]
pub fn integer(word: &[u8]) -> Result<i64, ReplyError> {
    parse_i64(word).ok_or(NOT_AN_INTEGER)
}

/// The integer of 32 bits that a word is.
///
/// # Errors
/// If it is none, in other words if it is larger.
pub fn int(word: &[u8]) -> Result<i32, ReplyError> {
    i32::try_from(integer(word)?).map_err(|_| int_out_of_range())
}
