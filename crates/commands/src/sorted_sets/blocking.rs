//! Sorted sets that clients wait for: BZPOPMIN, BZPOPMAX, BZMPOP.
//!
//! They wait as the commands for lists do (`lists/blocking.rs`).

use datatypes::{Entry, Object, ValueRef};
use keyspace::{ServeFn, ShardCx, Wait};
use resp::{Args, ReplyWriter};

use super::pop::{End, ManyPop, pop_one};
use crate::Outcome;
use crate::waiting::{pop_first, until};

fn is_zset(entry: &Entry) -> bool {
    matches!(entry.value(), ValueRef::Object(Object::Zset(_)))
}

/// `BZPOPMIN key [key ...] timeout`
pub(super) fn bzpopmin(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop_or_wait(cx, args, reply, (End::Min, serve_bzpopmin))
}

/// `BZPOPMAX key [key ...] timeout`
pub(super) fn bzpopmax(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop_or_wait(cx, args, reply, (End::Max, serve_bzpopmax))
}

fn pop_or_wait(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (end, serve): (End, ServeFn),
) -> Outcome {
    let keys = 1..args.len() - 1;
    let until = until(cx, args.at(keys.end))?;
    let wait = Wait { keys, uses: None, until, wants: is_zset, serve };
    pop_first(cx, args, reply, wait, |cx, key, reply| pop_one(cx, key, end, reply))
}

fn serve_bzpopmin(
    cx: &mut ShardCx<'_>,
    _: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop_one(cx, key, End::Min, reply).map(drop)
}

fn serve_bzpopmax(
    cx: &mut ShardCx<'_>,
    _: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop_one(cx, key, End::Max, reply).map(drop)
}

/// `BZMPOP timeout numkeys key [key ...] MIN|MAX [COUNT count]`
pub(super) fn bzmpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let wanted = ManyPop::parse(args, 2)?;
    let until = until(cx, args.at(1))?;
    let keys = 3..3 + wanted.keys.len();
    let wait = Wait { keys, uses: None, until, wants: is_zset, serve: serve_bzmpop };
    pop_first(cx, args, reply, wait, |cx, key, reply| wanted.pop(cx, key, reply))
}

fn serve_bzmpop(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    ManyPop::parse(args, 2)?.pop(cx, key, reply).map(drop)
}
