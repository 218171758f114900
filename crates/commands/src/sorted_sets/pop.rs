//! The ends of sorted sets taken out: ZPOPMIN, ZPOPMAX, ZMPOP.

use datatypes::Zset;
use keyspace::{Event, ShardCx};
use resp::{Args, Argv, ReplyError, ReplyWriter};

use super::lookup::{answer, nests, take_out, write_zset};
use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{COUNT_NOT_POSITIVE, NOT_POSITIVE, NUMKEYS_NOT_POSITIVE, SYNTAX};
use crate::record::{push_i64, record_loss};

/// One of the two ends of a sorted set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Min,
    Max,
}

impl End {
    fn event(self) -> Event {
        Event::sorted_set(match self {
            Self::Min => "zpopmin",
            Self::Max => "zpopmax",
        })
    }

    fn command(self) -> &'static [u8] {
        match self {
            Self::Min => b"ZPOPMIN",
            Self::Max => b"ZPOPMAX",
        }
    }
}

/// Answers the `count` members at an end, each with its score.
fn answer_end(
    zset: &Zset,
    (end, count): (End, usize),
    is_nested: bool,
    reply: &mut ReplyWriter<'_>,
) {
    let len = zset.len();
    let pairs = match end {
        End::Min => zset.range(0..count, false),
        End::Max => zset.range(len - count..len, true),
    };
    for (member, score) in pairs {
        if is_nested {
            reply.array(2);
        }
        answer(reply, member);
        reply.double(score);
    }
}

/// Takes the `count` members at an end of a sorted set of `len` out, and records that.
fn take_end(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (end, count, len): (End, usize, usize),
    durable: impl FnOnce(&mut Argv),
) {
    let ranks = match end {
        End::Min => 0..count,
        End::Max => len - count..len,
    };
    let is_empty = take_out(cx, key, ranks);
    record_loss(cx, key, (count, end.event(), is_empty), durable);
}

/// `ZPOPMIN key [count]`
pub(super) fn zpopmin(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop(cx, args, reply, End::Min)
}

/// `ZPOPMAX key [count]`
pub(super) fn zpopmax(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop(cx, args, reply, End::Max)
}

fn pop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>, end: End) -> Outcome {
    if args.len() > 3 {
        return Err(SYNTAX);
    }
    let key = args.at(1);
    let wanted = args.get(2).map(count_of).transpose()?;
    let Some(zset) = write_zset(cx, key)? else {
        reply.array(0);
        return Ok(());
    };
    let len = zset.len();
    let count = wanted.unwrap_or(1).min(len);
    // REDIS: one without a count is not an array of pairs, in RESP3 neither.
    let is_nested = nests(reply) && wanted.is_some();
    reply.array(if is_nested { count } else { 2 * count });
    answer_end(zset, (end, count), is_nested, reply);
    if count > 0 {
        take_end(cx, key, (end, count, len), |words| words.extend_from_args(args));
    }
    Ok(())
}

fn count_of(word: &[u8]) -> Result<usize, ReplyError> {
    integer(word).ok().and_then(|count| usize::try_from(count).ok()).ok_or(NOT_POSITIVE)
}

/// What ZMPOP asks for.
pub(super) struct ManyPop<'a> {
    pub(super) keys: Args<'a>,
    end: End,
    count: usize,
}

impl<'a> ManyPop<'a> {
    /// Reads `numkeys key [key ...] MIN|MAX [COUNT count]` from word `from` on.
    pub(super) fn parse(args: Args<'a>, from: usize) -> Result<Self, ReplyError> {
        let positive = |word| count_of(word).ok().filter(|&number| number > 0);
        let numkeys = positive(args.at(from)).ok_or(NUMKEYS_NOT_POSITIVE)?;
        let behind = numkeys.checked_add(from + 1).filter(|&at| at < args.len()).ok_or(SYNTAX)?;
        let mut words = Cursor::new(args, behind);
        let end = if words.keyword("MIN") {
            End::Min
        } else if words.keyword("MAX") {
            End::Max
        } else {
            return Err(SYNTAX);
        };
        let mut count = 1;
        if words.keyword("COUNT") {
            count = positive(words.word()?).ok_or(COUNT_NOT_POSITIVE)?;
        }
        words.finish()?;
        Ok(Self { keys: args.slice(from + 1..behind), end, count })
    }

    /// Takes members out of the sorted set at a key and answers all; false if there is none.
    pub(super) fn pop(
        &self,
        cx: &mut ShardCx<'_>,
        key: &[u8],
        reply: &mut ReplyWriter<'_>,
    ) -> Result<bool, ReplyError> {
        let Some(zset) = write_zset(cx, key)? else { return Ok(false) };
        let (end, len) = (self.end, zset.len());
        let count = self.count.min(len);
        reply.array(2);
        reply.bulk(key);
        reply.array(count);
        answer_end(zset, (end, count), true, reply);
        take_end(cx, key, (end, count, len), |words| {
            words.push(end.command());
            words.push(key);
            push_i64(words, count as i64);
        });
        Ok(true)
    }
}

/// Takes the member at an end of the sorted set at a key out and answers all three, as BZPOPMIN
/// does; false if there is none.
pub(super) fn pop_one(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    end: End,
    reply: &mut ReplyWriter<'_>,
) -> Result<bool, ReplyError> {
    let Some(zset) = write_zset(cx, key)? else { return Ok(false) };
    let len = zset.len();
    reply.array(3);
    reply.bulk(key);
    answer_end(zset, (end, 1), false, reply);
    take_end(cx, key, (end, 1, len), |words| {
        words.push(end.command());
        words.push(key);
    });
    Ok(true)
}

/// `ZMPOP numkeys key [key ...] MIN|MAX [COUNT count]`
pub(super) fn zmpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let wanted = ManyPop::parse(args, 1)?;
    for key in wanted.keys.iter() {
        if wanted.pop(cx, key, reply)? {
            return Ok(());
        }
    }
    reply.null_array();
    Ok(())
}
