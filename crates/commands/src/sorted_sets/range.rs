//! Parts of a sorted set: ZRANGE and its kin, ZRANGESTORE, ZCOUNT, ZLEXCOUNT, ZREMRANGEBY...

use std::ops::Range;

use datatypes::Zset;
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyWriter};

use super::lookup::{announce, answer_pair, read_zset, take_out, write_zset};
use super::range_request::{By, Form, RangeRequest, ranks_between};
use super::store::put_made;
use super::words::{lex_range, score_range};
use crate::Outcome;
use crate::args::integer;
use crate::record::record_loss;

fn range(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (by, is_reversed): (Option<By>, Option<bool>),
) -> Outcome {
    let form = Form { from: 2, by, is_reversed, takes_scores: true };
    let request = RangeRequest::parse(args, form)?;
    read_zset(cx, args.at(1), |zset| {
        let Some(zset) = zset else { return reply.array(0) };
        let pairs = zset.range(request.ranks(zset), request.is_reversed);
        announce(reply, pairs.len(), request.with_scores);
        pairs.for_each(|pair| answer_pair(reply, pair, request.with_scores));
    })
}

/// `ZRANGE key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`
pub(super) fn zrange(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    range(cx, args, reply, (None, None))
}

/// `ZREVRANGE key start stop [WITHSCORES]`
pub(super) fn zrevrange(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    range(cx, args, reply, (Some(By::Rank), Some(true)))
}

/// `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`
pub(super) fn zrangebyscore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    range(cx, args, reply, (Some(By::Score), Some(false)))
}

/// `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`
pub(super) fn zrevrangebyscore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    range(cx, args, reply, (Some(By::Score), Some(true)))
}

/// `ZRANGEBYLEX key min max [LIMIT offset count]`
pub(super) fn zrangebylex(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    range(cx, args, reply, (Some(By::Lex), Some(false)))
}

/// `ZREVRANGEBYLEX key max min [LIMIT offset count]`
pub(super) fn zrevrangebylex(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    range(cx, args, reply, (Some(By::Lex), Some(true)))
}

/// `ZRANGESTORE dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]`
pub(super) fn zrangestore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let form = Form { from: 3, by: None, is_reversed: None, takes_scores: false };
    let request = RangeRequest::parse(args, form)?;
    let rules = cx.shard.zset_rules();
    let made = read_zset(cx, args.at(2), |zset| {
        let mut made = Zset::new();
        let Some(zset) = zset else { return made };
        for (member, score) in zset.range(request.ranks(zset), false) {
            made.insert(member.as_bytes(&mut itoa::Buffer::new()), score, &rules);
        }
        made.shrink_to_fit();
        made
    })?;
    put_made(cx, made, (args, args.slice(2..3)), "zrangestore", reply);
    Ok(())
}

/// `ZCOUNT key min max`
pub(super) fn zcount(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let range = score_range(args.at(2), args.at(3))?;
    let count =
        read_zset(cx, args.at(1), |zset| zset.map_or(0, |zset| zset.score_range(&range).len()))?;
    reply.integer(count as i64);
    Ok(())
}

/// `ZLEXCOUNT key min max`
pub(super) fn zlexcount(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let range = lex_range(args.at(2), args.at(3))?;
    let count = read_zset(cx, args.at(1), |zset| {
        zset.map_or(0, |zset| zset.lex_range(&range, false).len())
    })?;
    reply.integer(count as i64);
    Ok(())
}

/// `ZREMRANGEBYRANK key start stop`
pub(super) fn zremrangebyrank(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (start, stop) = (integer(args.at(2))?, integer(args.at(3))?);
    remove(cx, args, reply, ("zremrangebyrank", |zset| ranks_between(start, stop, zset.len())))
}

/// `ZREMRANGEBYSCORE key min max`
pub(super) fn zremrangebyscore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let range = score_range(args.at(2), args.at(3))?;
    remove(cx, args, reply, ("zremrangebyscore", |zset| zset.score_range(&range)))
}

/// `ZREMRANGEBYLEX key min max`
pub(super) fn zremrangebylex(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let range = lex_range(args.at(2), args.at(3))?;
    remove(cx, args, reply, ("zremrangebylex", |zset| zset.lex_range(&range, false)))
}

/// Takes the members of those ranks out that `ranks` finds.
fn remove(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (event, ranks): (&'static str, impl FnOnce(&Zset) -> Range<usize>),
) -> Outcome {
    let key = args.at(1);
    let ranks = match write_zset(cx, key)? {
        Some(zset) => ranks(zset),
        None => 0..0,
    };
    let removed = ranks.len();
    if removed > 0 {
        let is_empty = take_out(cx, key, ranks);
        let loss = (removed, Event::sorted_set(event), is_empty);
        record_loss(cx, key, loss, |words| words.extend_from_args(args));
    }
    reply.integer(removed as i64);
    Ok(())
}
