//! Keys counted: DEL, UNLINK, EXISTS, TOUCH.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};

use crate::fold::count;
use crate::record::delete_key;
use crate::{Outcome, Part, Partial};

/// `DEL key [key ...]`, the keys of one shard
pub(super) fn del_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    count_keys(args, |key| delete_key(cx, key, "DEL"))
}

/// `UNLINK key [key ...]`, the keys of one shard
pub(super) fn unlink_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    count_keys(args, |key| delete_key(cx, key, "UNLINK"))
}

/// `EXISTS key [key ...]`, the keys of one shard
pub(super) fn exists_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    count_keys(args, |key| cx.lookup_read_no_touch(key).is_some())
}

/// `TOUCH key [key ...]`, the keys of one shard
pub(super) fn touch_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    count_keys(args, |key| cx.lookup_read(key).is_some())
}

fn count_keys(args: Args<'_>, mut counts: impl FnMut(&[u8]) -> bool) -> Partial {
    Partial::Count(args.tail(1).iter().map(|key| i64::from(counts(key))).sum())
}

/// All shards' counts together.
pub(super) fn count_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.integer(count(parts));
    Ok(())
}
