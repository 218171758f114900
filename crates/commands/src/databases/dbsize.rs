//! DBSIZE.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};

use crate::fold::count;
use crate::{Outcome, Part, Partial};

/// `DBSIZE` of one shard
///
/// REDIS: keys past their expiry count until somebody meets them.
pub(super) fn dbsize_part(cx: &mut ShardCx<'_>, _: Args<'_>) -> Partial {
    Partial::Count(cx.shard.dbs()[cx.db.index()].len() as i64)
}

/// All shards' keys together.
pub(super) fn dbsize_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.integer(count(parts));
    Ok(())
}
