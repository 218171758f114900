//! Members of one sorted set: ZREM, ZSCORE, ZMSCORE, ZCARD, ZRANK, ZREVRANK.

use datatypes::Zset;
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyWriter};

use super::lookup::{read_zset, write_zset};
use crate::Outcome;
use crate::args::Cursor;
use crate::errors::wrong_number_of_arguments;
use crate::record::record_loss;

/// `ZREM key member [member ...]`
pub(super) fn zrem(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let rules = cx.shard.zset_rules();
    let Some(zset) = write_zset(cx, key)? else {
        reply.integer(0);
        return Ok(());
    };
    let removed: usize =
        args.tail(2).iter().map(|member| usize::from(zset.remove(member, &rules))).sum();
    if removed > 0 {
        let loss = (removed, Event::sorted_set("zrem"), zset.is_empty());
        record_loss(cx, key, loss, |words| words.extend_from_args(args));
    }
    reply.integer(removed as i64);
    Ok(())
}

/// `ZSCORE key member`
pub(super) fn zscore(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let rules = cx.shard.zset_rules();
    match read_zset(cx, args.at(1), |zset| zset?.score(args.at(2), &rules))? {
        Some(score) => reply.double(score),
        None => reply.null(),
    }
    Ok(())
}

/// `ZMSCORE key member [member ...]`
pub(super) fn zmscore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let rules = cx.shard.zset_rules();
    let members = args.tail(2);
    read_zset(cx, args.at(1), |zset| {
        reply.array(members.len());
        for member in members.iter() {
            match zset.and_then(|zset| zset.score(member, &rules)) {
                Some(score) => reply.double(score),
                None => reply.null(),
            }
        }
    })
}

/// `ZCARD key`
pub(super) fn zcard(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let count = read_zset(cx, args.at(1), |zset| zset.map_or(0, Zset::len))?;
    reply.integer(count as i64);
    Ok(())
}

/// `ZRANK key member [WITHSCORE]`
pub(super) fn zrank(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    answer_rank(cx, args, reply, false)
}

/// `ZREVRANK key member [WITHSCORE]`
pub(super) fn zrevrank(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_rank(cx, args, reply, true)
}

fn answer_rank(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    is_reversed: bool,
) -> Outcome {
    if args.len() > 4 {
        let name = if is_reversed { "zrevrank" } else { "zrank" };
        return Err(wrong_number_of_arguments(name));
    }
    let mut words = Cursor::new(args, 3);
    let with_score = words.keyword("WITHSCORE");
    words.finish()?;
    let rules = cx.shard.zset_rules();
    let found = read_zset(cx, args.at(1), |zset| {
        let (rank, score) = zset?.rank(args.at(2), &rules)?;
        Some((if is_reversed { zset?.len() - 1 - rank } else { rank }, score))
    })?;
    match found {
        Some((rank, score)) if with_score => {
            reply.array(2);
            reply.integer(rank as i64);
            reply.double(score);
        }
        Some((rank, _)) => reply.integer(rank as i64),
        None if with_score => reply.null_array(),
        None => reply.null(),
    }
    Ok(())
}
