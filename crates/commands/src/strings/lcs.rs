//! LCS: the longest common subsequence of two strings.
//!
//! **Steps**
//! 1. `lengths[i][j]` becomes the length of the subsequence of the first `i` bytes of one string
//!    and the first `j` of the other, row by row.
//! 2. A walk from the last corner back to the first follows equal bytes diagonally; where bytes
//!    differ it goes towards the larger length, and along the second string if both are the same.
//! 3. What it met is the subsequence, and its diagonals are the matches, the last ones first.

use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};

use crate::args::Cursor;
use crate::errors::{LCS_LEN_WITH_IDX, LCS_NOT_STRINGS, LCS_TOO_LARGE};
use crate::fold::{check_parts, in_order, values};
use crate::text::text_of;
use crate::{Outcome, Part, Partial};

/// LIMIT: bytes of the table of lengths, the default of `proto-max-bulk-len`; a handful of seconds.
const TABLE_BYTES_MAX: u64 = 512 << 20;

/// What is to be answered.
#[derive(Default)]
struct Options {
    len: bool,
    idx: bool,
    with_match_len: bool,
    min_match_len: usize,
}

/// A piece that both strings have, byte for byte.
#[derive(Debug, PartialEq, Eq)]
struct Match {
    /// Where it begins in the first string.
    a: usize,
    /// Where it begins in the second string.
    b: usize,
    len: usize,
}

/// `LCS key key [options]`, the strings of one shard
pub(super) fn lcs_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let keys = args.slice(1..args.len().min(3));
    let mut strings = Vec::with_capacity(keys.len());
    for key in keys.iter() {
        let Some(entry) = cx.lookup_read(key) else {
            strings.push(None);
            continue;
        };
        match text_of(entry) {
            Ok(text) => strings.push(Some(text.with_bytes(bytes::Bytes::copy_from_slice))),
            Err(_) => return Partial::Failed(LCS_NOT_STRINGS),
        }
    }
    Partial::Values(strings)
}

/// The comparison itself.
///
/// REDIS: the keys' types are checked before the options, so there is no check ahead of the parts.
pub(super) fn lcs_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let options = Options::parse(args)?;
    let strings = in_order(parts, 1, 2, values);
    let string = |index: usize| {
        strings.get(index).copied().flatten().map_or(&[][..], |string| string.as_ref())
    };
    let (a, b) = (string(0), string(1));
    let lengths = Lengths::new(a, b)?;
    if options.len {
        reply.integer(i64::from(lengths.at(a.len(), b.len())));
        return Ok(());
    }
    let matches = lengths.matches(a, b);
    if options.idx {
        answer_matches(&matches, &options, reply);
    } else {
        let common: Vec<u8> = matches
            .iter()
            .rev()
            .flat_map(|found| &a[found.a..found.a + found.len])
            .copied()
            .collect();
        reply.bulk(&common);
    }
    Ok(())
}

fn answer_matches(matches: &[Match], options: &Options, reply: &mut ReplyWriter<'_>) {
    let total: usize = matches.iter().map(|found| found.len).sum();
    let shown = || matches.iter().filter(|found| found.len >= options.min_match_len);
    reply.map(2);
    reply.bulk(b"matches");
    reply.array(shown().count());
    for found in shown() {
        reply.array(if options.with_match_len { 3 } else { 2 });
        for start in [found.a, found.b] {
            reply.array(2);
            reply.integer(start as i64);
            reply.integer((start + found.len - 1) as i64);
        }
        if options.with_match_len {
            reply.integer(found.len as i64);
        }
    }
    reply.bulk(b"len");
    reply.integer(total as i64);
}

impl Options {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let mut words = Cursor::new(args, 3);
        let mut options = Self::default();
        while !words.is_at_end() {
            if words.keyword("IDX") {
                options.idx = true;
            } else if words.keyword("LEN") {
                options.len = true;
            } else if words.keyword("WITHMATCHLEN") {
                options.with_match_len = true;
            } else if words.keyword("MINMATCHLEN") {
                options.min_match_len = usize::try_from(words.i64()?).unwrap_or(0);
            } else {
                words.finish()?;
            }
        }
        if options.idx && options.len { Err(LCS_LEN_WITH_IDX) } else { Ok(options) }
    }
}

/// The table of step 1.
struct Lengths {
    cells: Vec<u32>,
    columns: usize,
}

impl Lengths {
    fn new(a: &[u8], b: &[u8]) -> Result<Self, ReplyError> {
        let columns = b.len() + 1;
        let cells = (a.len() as u64 + 1).saturating_mul(columns as u64);
        if cells.saturating_mul(size_of::<u32>() as u64) > TABLE_BYTES_MAX {
            return Err(LCS_TOO_LARGE);
        }
        let mut lengths = Self { cells: vec![0; cells as usize], columns };
        for (row, &byte) in a.iter().enumerate() {
            lengths.fill_row(row + 1, byte, b);
        }
        Ok(lengths)
    }

    fn fill_row(&mut self, row: usize, byte: u8, b: &[u8]) {
        let (above, below) = self.cells.split_at_mut(row * self.columns);
        let above = &above[(row - 1) * self.columns..];
        let mut left = 0;
        for (column, &other) in b.iter().enumerate() {
            left = if byte == other { above[column] + 1 } else { left.max(above[column + 1]) };
            below[column + 1] = left;
        }
    }

    fn at(&self, row: usize, column: usize) -> u32 {
        self.cells[row * self.columns + column]
    }

    /// Steps 2 and 3.
    fn matches(&self, a: &[u8], b: &[u8]) -> Vec<Match> {
        let mut matches: Vec<Match> = Vec::new();
        let (mut row, mut column) = (a.len(), b.len());
        let mut is_in_match = false;
        while row > 0 && column > 0 {
            if a[row - 1] == b[column - 1] {
                row -= 1;
                column -= 1;
                match matches.last_mut() {
                    Some(last) if is_in_match => {
                        *last = Match { a: row, b: column, len: last.len + 1 };
                    }
                    _ => matches.push(Match { a: row, b: column, len: 1 }),
                }
                is_in_match = true;
            } else {
                if self.at(row - 1, column) > self.at(row, column - 1) {
                    row -= 1;
                } else {
                    column -= 1;
                }
                is_in_match = false;
            }
        }
        matches
    }
}
