//! All fields of a hash: HKEYS, HVALS, HGETALL.
//!
//! REDIS: expired fields are passed over, and stay.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};

use super::lookup::{answer, read_hash};
use crate::Outcome;

/// `HKEYS key`
pub(super) fn hkeys(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    read_hash(cx, args.at(1), |hash| {
        reply.array(hash.map_or(0, |hash| hash.live_len(now)));
        for field in hash.into_iter().flat_map(|hash| hash.live(now)) {
            answer(reply, field.name);
        }
    })
}

/// `HVALS key`
pub(super) fn hvals(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    read_hash(cx, args.at(1), |hash| {
        reply.array(hash.map_or(0, |hash| hash.live_len(now)));
        for field in hash.into_iter().flat_map(|hash| hash.live(now)) {
            answer(reply, field.value);
        }
    })
}

/// `HGETALL key`
pub(super) fn hgetall(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let now = cx.now().0;
    read_hash(cx, args.at(1), |hash| {
        reply.map(hash.map_or(0, |hash| hash.live_len(now)));
        for field in hash.into_iter().flat_map(|hash| hash.live(now)) {
            answer(reply, field.name);
            answer(reply, field.value);
        }
    })
}
