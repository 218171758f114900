//! The words in which sorted sets are spoken of: scores, and the ends of ranges.

use datatypes::zset::{LexEnd, LexRange, ScoreRange};
use resp::ReplyError;
use stdx::number::{parse_c_f64, parse_f64, parse_i64};

use crate::errors::{BAD_LEX_RANGE, BAD_SCORE_RANGE, NOT_A_FLOAT};

/// Whole numbers of so many digits are the same as floating point numbers.
const EXACT_DIGITS: usize = 15;

/// The number that a word is, if it is one.
#[inline]
pub(super) fn number(word: &[u8]) -> Option<f64> {
    if word.len() <= EXACT_DIGITS
        && let Some(whole) = parse_i64(word)
    {
        return Some(whole as f64);
    }
    parse_f64(word)
}

/// The score that a word is.
#[inline]
pub(super) fn score(word: &[u8]) -> Result<f64, ReplyError> {
    number(word).ok_or(NOT_A_FLOAT)
}

/// The range that two words are the ends of: a number each, behind a `(` if it is out itself.
pub(super) fn score_range(min: &[u8], max: &[u8]) -> Result<ScoreRange, ReplyError> {
    let end = |word: &[u8]| {
        let (is_out, number) = match word {
            [b'(', number @ ..] => (true, number),
            number => (false, number),
        };
        parse_c_f64(number).map(|number| (number, is_out)).ok_or(BAD_SCORE_RANGE)
    };
    let ((min, is_min_out), (max, is_max_out)) = (end(min)?, end(max)?);
    Ok(ScoreRange { min, max, is_min_out, is_max_out })
}

/// The range that two words are the ends of: `-`, `+`, or a member behind `[` or `(`.
pub(super) fn lex_range<'a>(min: &'a [u8], max: &'a [u8]) -> Result<LexRange<'a>, ReplyError> {
    let end = |word: &'a [u8]| match word {
        // REDIS: a zero byte ends these two, whatever follows.
        [b'-'] | [b'-', 0, ..] => Ok(LexEnd::First),
        [b'+'] | [b'+', 0, ..] => Ok(LexEnd::Last),
        [b'[', member @ ..] => Ok(LexEnd::With(member)),
        [b'(', member @ ..] => Ok(LexEnd::Without(member)),
        _ => Err(BAD_LEX_RANGE),
    };
    Ok(LexRange { min: end(min)?, max: end(max)? })
}
