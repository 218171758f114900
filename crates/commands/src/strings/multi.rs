//! Several keys at once: MGET, MSET, MSETNX.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};

use crate::errors::wrong_number_of_arguments;
use crate::fold::{in_order, values};
use crate::text::{read_bytes, set_word};
use crate::{Outcome, Part, Partial};

/// `MGET key [key ...]`, the keys of one shard
///
/// REDIS: a key of another type counts as missing.
pub(super) fn mget_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    Partial::Values(args.tail(1).iter().map(|key| read_bytes(cx, key)).collect())
}

/// The values in the order of the keys.
pub(super) fn mget_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    let count = args.len() - 1;
    reply.array(count);
    for value in in_order(parts, 1, count, values) {
        match value {
            Some(value) => reply.bulk_shared(value),
            None => reply.null(),
        }
    }
    Ok(())
}

/// Every key has its value.
pub(super) fn mset_check(args: Args<'_>) -> Outcome {
    if args.len().is_multiple_of(2) { Err(wrong_number_of_arguments("mset")) } else { Ok(()) }
}

/// `MSET key value [key value ...]`, the keys of one shard
pub(super) fn mset_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    set_pairs(cx, args);
    Partial::Done
}

/// Always fine.
pub(super) fn mset_fold(_: Args<'_>, _: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.ok();
    Ok(())
}

/// `MSETNX key value [key value ...]`
pub(super) fn msetnx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_number_of_arguments("msetnx"));
    }
    let is_any_there = args.iter().skip(1).step_by(2).any(|key| cx.lookup_write(key).is_some());
    if !is_any_there {
        set_pairs(cx, args);
    }
    reply.integer(i64::from(!is_any_there));
    Ok(())
}

fn set_pairs(cx: &mut ShardCx<'_>, args: Args<'_>) {
    for at in (1..args.len()).step_by(2) {
        set_word(cx, args.at(at), (args, at + 1));
    }
}
