//! Bits of a string or of a part of it: BITCOUNT and BITPOS.

use std::ops::Range;

use datatypes::bits;
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};

use super::bits::read;
use crate::Outcome;
use crate::args::integer;
use crate::errors::{BIT_NOT_0_OR_1, SYNTAX};

/// `BITCOUNT key [start end [BYTE|BIT]]`
///
/// REDIS: whether the words are right is asked only if there is such a key.
pub(super) fn bitcount(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let count =
        read(cx, args.at(1), |bytes| Ok(bits::count_in(bytes, counted_range(args, bytes.len())?)))?;
    reply.integer(count.unwrap_or(0) as i64);
    Ok(())
}

fn counted_range(args: Args<'_>, length: usize) -> Result<Range<u64>, ReplyError> {
    match args.len() {
        2 => Ok(0..8 * length as u64),
        4 | 5 => {
            let (start, end) = (integer(args.at(2))?, integer(args.at(3))?);
            // REDIS: then it does not matter what the unit is: `BITCOUNT k -1 -2 wrong`.
            if start < 0 && end < 0 && start > end {
                return Ok(0..0);
            }
            Ok(Unit::parse(args.get(4))?.range(start, end, length))
        }
        _ => Err(SYNTAX),
    }
}

/// `BITPOS key bit [start [end [BYTE|BIT]]]`
///
/// REDIS: whether the words behind the bit are right is asked only if there is such a key.
pub(super) fn bitpos(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let bit = match integer(args.at(2))? {
        0 => false,
        1 => true,
        _ => return Err(BIT_NOT_0_OR_1),
    };
    let position = read(cx, args.at(1), |bytes| position(args, bytes, bit))?;
    // A key that is not there is a string of zeros without end.
    let position = position.unwrap_or((!bit).then_some(0));
    reply.integer(position.map_or(-1, |position| position as i64));
    Ok(())
}

fn position(args: Args<'_>, bytes: &[u8], bit: bool) -> Result<Option<u64>, ReplyError> {
    let range = searched_range(args, bytes.len())?;
    let (is_empty, has_end) = (range.is_empty(), args.len() > 4);
    let found = bits::find_in(bytes, bit, range);
    // Behind the string are zeros, unless the client has said where it ends.
    let behind = !bit && !has_end && !is_empty;
    Ok(found.or(behind.then_some(8 * bytes.len() as u64)))
}

fn searched_range(args: Args<'_>, length: usize) -> Result<Range<u64>, ReplyError> {
    if args.len() > 6 {
        return Err(SYNTAX);
    }
    let start = args.get(3).map_or(Ok(0), integer)?;
    match args.len() {
        6 => {
            let unit = Unit::parse(args.get(5))?;
            Ok(unit.range(start, integer(args.at(4))?, length))
        }
        5 => Ok(Unit::Byte.range(start, integer(args.at(4))?, length)),
        _ => Ok(Unit::Byte.range(start, -1, length)),
    }
}

/// What the places of a range are counted in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Byte,
    Bit,
}

impl Unit {
    fn parse(word: Option<&[u8]>) -> Result<Self, ReplyError> {
        match word {
            None => Ok(Self::Byte),
            Some(word) if word.eq_ignore_ascii_case(b"BYTE") => Ok(Self::Byte),
            Some(word) if word.eq_ignore_ascii_case(b"BIT") => Ok(Self::Bit),
            Some(_) => Err(SYNTAX),
        }
    }

    /// The bits from `start` to `end` inclusive, both counted from the end if negative, in a string
    /// of so many bytes.
    fn range(self, start: i64, end: i64, length: usize) -> Range<u64> {
        let (total, bits) = match self {
            Self::Byte => (length as i64, 8),
            Self::Bit => (8 * length as i64, 1),
        };
        let from_end = |place: i64| if place < 0 { (total + place).max(0) } else { place };
        let (start, end) = (from_end(start), from_end(end).min(total - 1));
        if start > end { 0..0 } else { start as u64 * bits..(end as u64 + 1) * bits }
    }
}
