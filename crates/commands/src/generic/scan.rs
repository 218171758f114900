//! Walks over all keys: KEYS, SCAN, RANDOMKEY.
//!
//! A client's cursor names a shard and a position in its table:
//! ```text
//! cursor = (position >> 7) * shards + shard          0: the first shard, from its beginning
//! ```
//! A position has 48 bits, of which the lowest seven are zero wherever a walk stops (a table of
//! 2^41 buckets would need them); so a cursor stays below 2^53 with up to 4096 shards.

use bytes::Bytes;
use datatypes::{Entry, Position};
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::{glob, number};

use crate::args::Cursor;
use crate::errors::{INVALID_CURSOR, SYNTAX};
use crate::fold::check_parts;
use crate::{Outcome, Part, Partial};

/// Bits of a position that are always zero.
const ZERO_BITS: u32 = 7;

/// Bits of a position.
const POSITION_BITS: u32 = 48;

/// Keys that SCAN looks at if nothing is said.
const COUNT_DEFAULT: usize = 10;

/// The shard and the position in it that a client's cursor names; `None` if it is no number.
///
/// REDIS: cursors are read by `strtoul`: nothing is 0, signs are allowed, `-1` is the largest
/// number, a zero byte ends it. A number that no walk has given names some place as well.
#[must_use]
pub fn decode_cursor(text: &[u8], shards: u16) -> Option<(u16, u64)> {
    let cursor = read_unsigned(text)?;
    let (interval, shard) = (cursor / u64::from(shards), cursor % u64::from(shards));
    let intervals = 1 << (POSITION_BITS - ZERO_BITS);
    Some((shard as u16, (interval % intervals) << ZERO_BITS))
}

/// The cursor with which a client goes on at a position of a shard.
#[must_use]
pub fn encode_cursor(shard: u16, position: u64, shards: u16) -> u64 {
    debug_assert!(shard < shards);
    debug_assert_eq!(position & ((1 << ZERO_BITS) - 1), 0, "walks stop at whole intervals");
    (position >> ZERO_BITS) * u64::from(shards) + u64::from(shard)
}

fn read_unsigned(text: &[u8]) -> Option<u64> {
    let until_zero = text.split(|&byte| byte == 0).next().unwrap_or(text);
    let (is_negative, digits) = match until_zero {
        [] => return Some(0),
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let value = digits.iter().try_fold(0u64, |value, digit| {
        let digit = char::from(*digit).to_digit(10)?;
        value.checked_mul(10)?.checked_add(u64::from(digit))
    })?;
    Some(if is_negative { value.wrapping_neg() } else { value })
}

/// The option that a walk takes beside MATCH and COUNT.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// None (SSCAN).
    Nothing,
    /// TYPE (SCAN).
    Type,
    /// NOVALUES (HSCAN).
    NoValues,
}

/// The options of SCAN and its kin.
pub(crate) struct Options<'a> {
    pattern: Option<&'a [u8]>,
    type_name: Option<&'a [u8]>,
    pub(crate) no_values: bool,
    pub(crate) count: usize,
}

impl<'a> Options<'a> {
    /// Reads the words from number `from` on.
    pub(crate) fn parse(args: Args<'a>, from: usize, takes: Takes) -> Result<Self, ReplyError> {
        let mut words = Cursor::new(args, from);
        let mut options =
            Self { pattern: None, type_name: None, no_values: false, count: COUNT_DEFAULT };
        while !words.is_at_end() {
            if words.keyword("COUNT") {
                // A count below 1 is not well-formed; a word that is no number is another error.
                let count = words.i64()?;
                options.count = usize::try_from(count).map_err(|_| SYNTAX)?;
                if count == 0 {
                    return Err(SYNTAX);
                }
            } else if words.keyword("MATCH") {
                // REDIS: `*` is no pattern but all keys, the empty one too, which it does not
                // match.
                options.pattern = Some(words.word()?).filter(|pattern| *pattern != b"*");
            } else if takes == Takes::Type && words.keyword("TYPE") {
                options.type_name = Some(words.word()?);
            } else if takes == Takes::NoValues && words.keyword("NOVALUES") {
                options.no_values = true;
            } else {
                words.finish()?;
            }
        }
        Ok(options)
    }

    /// Whether the pattern, if there is one, matches this.
    pub(crate) fn want_name(&self, name: &[u8]) -> bool {
        self.pattern.is_none_or(|pattern| glob::matches(pattern, name, false))
    }

    fn want(&self, entry: &Entry) -> bool {
        self.want_name(entry.key())
            && self
                .type_name
                .is_none_or(|name| name.eq_ignore_ascii_case(entry.type_name().as_bytes()))
    }
}

/// `SCAN position [MATCH pattern] [COUNT count] [TYPE type]` on one shard
///
/// The position stands where the client's cursor was.
pub(super) fn scan_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let options = match Options::parse(args, 2, Takes::Type) {
        Ok(options) => options,
        Err(error) => return Partial::Failed(error),
    };
    let position = number::parse_u64(args.at(1)).and_then(Position::from_number);
    let Some(position) = position else { return Partial::Failed(INVALID_CURSOR) };
    let step = cx.scan(position, options.count, |entry| options.want(entry));
    Partial::Scanned { next: step.next.map(Position::number), keys: step.keys }
}

/// The keys of all steps and the client's next cursor, which the last part's `next` is by now.
pub(super) fn scan_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let steps = || {
        parts.iter().filter_map(|part| match &part.partial {
            Partial::Scanned { next, keys } => Some((next, keys)),
            _ => None,
        })
    };
    let cursor = steps().next_back().and_then(|(next, _)| *next).unwrap_or(0);
    reply.array(2);
    reply.bulk(itoa::Buffer::new().format(cursor).as_bytes());
    answer_keys(steps().map(|(_, keys)| keys.as_slice()), reply);
    Ok(())
}

/// `KEYS pattern` on one shard
pub(super) fn keys_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let pattern = args.at(1);
    let mut keys = Vec::new();
    cx.for_each(|entry| {
        if pattern == b"*" || glob::matches(pattern, entry.key(), false) {
            keys.push(Bytes::copy_from_slice(entry.key()));
        }
    });
    Partial::Keys(keys)
}

/// All shards' keys.
pub(super) fn keys_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    answer_keys(parts.iter().map(keys_of), reply);
    Ok(())
}

/// `RANDOMKEY` on one shard
pub(super) fn randomkey_part(cx: &mut ShardCx<'_>, _: Args<'_>) -> Partial {
    Partial::Keys(cx.random_key().into_iter().collect())
}

/// The key of the first shard that has one.
pub(super) fn randomkey_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    match parts.iter().find_map(|part| keys_of(part).first()) {
        Some(key) => reply.bulk(key),
        None => reply.null(),
    }
    Ok(())
}

fn keys_of(part: &Part) -> &[Bytes] {
    match &part.partial {
        Partial::Keys(keys) => keys,
        _ => &[],
    }
}

fn answer_keys<'a>(lists: impl Iterator<Item = &'a [Bytes]> + Clone, reply: &mut ReplyWriter<'_>) {
    reply.array(lists.clone().map(<[Bytes]>::len).sum());
    for key in lists.flatten() {
        reply.bulk(key);
    }
}
