//! What ZRANGE and its many kin ask for, read in Redis' order of errors.

use std::ops::Range;

use datatypes::Zset;
use datatypes::zset::{LexRange, ScoreRange};
use resp::{Args, ReplyError};

use super::words::{lex_range, score_range};
use crate::args::{Cursor, integer};
use crate::errors::{LIMIT_OF_RANKS, SYNTAX, WITHSCORES_OF_LEX};

/// By what members are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Rank,
    Score,
    Lex,
}

/// What is settled by the command's name; the rest is asked for by options.
#[derive(Clone, Copy)]
pub(super) struct Form {
    /// The first of the two words that are the ends.
    pub(super) from: usize,
    pub(super) by: Option<By>,
    pub(super) is_reversed: Option<bool>,
    pub(super) takes_scores: bool,
}

/// The members that are chosen.
enum Chosen<'a> {
    /// From one rank to another, counted from the end if negative.
    Ranks(i64, i64),
    Scores(ScoreRange),
    Lex(LexRange<'a>),
}

/// See the head of this file.
pub(super) struct RangeRequest<'a> {
    chosen: Chosen<'a>,
    pub(super) is_reversed: bool,
    pub(super) with_scores: bool,
    /// How many of the chosen are passed over, and how many follow at most (negative: all).
    limit: (i64, i64),
}

/// No limit; REDIS: `LIMIT 0 -1` is as good as none.
const UNLIMITED: (i64, i64) = (0, -1);

impl<'a> RangeRequest<'a> {
    /// Reads the words of a request of this form.
    pub(super) fn parse(args: Args<'a>, form: Form) -> Result<Self, ReplyError> {
        let Form { from, mut by, mut is_reversed, takes_scores } = form;
        let (mut limit, mut with_scores) = (UNLIMITED, false);
        let mut words = Cursor::new(args, from + 2);
        while !words.is_at_end() {
            if takes_scores && words.keyword("WITHSCORES") {
                with_scores = true;
            } else if words.keyword("LIMIT") {
                let (offset, count) = (words.word()?, words.word()?);
                limit = (integer(offset)?, integer(count)?);
            } else if is_reversed.is_none() && words.keyword("REV") {
                is_reversed = Some(true);
            } else if by.is_none() && words.keyword("BYLEX") {
                by = Some(By::Lex);
            } else if by.is_none() && words.keyword("BYSCORE") {
                by = Some(By::Score);
            } else {
                return Err(SYNTAX);
            }
        }
        let (by, is_reversed) = (by.unwrap_or(By::Rank), is_reversed.unwrap_or(false));
        if by == By::Rank && limit.1 != UNLIMITED.1 {
            return Err(LIMIT_OF_RANKS);
        }
        if by == By::Lex && with_scores {
            return Err(WITHSCORES_OF_LEX);
        }
        let (first, second) = (args.at(from), args.at(from + 1));
        let (min, max) = if is_reversed { (second, first) } else { (first, second) };
        let chosen = match by {
            By::Rank => Chosen::Ranks(integer(first)?, integer(second)?),
            By::Score => Chosen::Scores(score_range(min, max)?),
            By::Lex => Chosen::Lex(lex_range(min, max)?),
        };
        Ok(Self { chosen, is_reversed, with_scores, limit })
    }

    /// The ranks of the members of `zset` that are asked for.
    pub(super) fn ranks(&self, zset: &Zset) -> Range<usize> {
        let ranks = match &self.chosen {
            Chosen::Ranks(start, stop) => {
                let ranks = ranks_between(*start, *stop, zset.len());
                let len = zset.len();
                return match self.is_reversed {
                    true => len - ranks.end..len - ranks.start,
                    false => ranks,
                };
            }
            Chosen::Scores(range) => zset.score_range(range),
            Chosen::Lex(range) => zset.lex_range(range, self.is_reversed),
        };
        let (offset, count) = self.limit;
        // REDIS: a negative offset passes over everything.
        let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(ranks.len());
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(ranks.len() - offset);
        if self.is_reversed {
            let end = ranks.end - offset;
            end - count..end
        } else {
            let start = ranks.start + offset;
            start..start + count
        }
    }
}

/// The ranks from one to another, both included, of `len`; negative ones count from the end.
pub(super) fn ranks_between(start: i64, stop: i64, len: usize) -> Range<usize> {
    let count = len as i64;
    let from_start = |rank: i64| if rank < 0 { count.saturating_add(rank) } else { rank };
    let (start, stop) = (from_start(start).max(0), from_start(stop).min(count - 1));
    if start > stop { 0..0 } else { start as usize..stop as usize + 1 }
}
