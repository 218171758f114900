//! FLUSHDB and FLUSHALL.

use keyspace::{DbIndex, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use crate::args::Cursor;
use crate::fold::check_parts;
use crate::{Outcome, Part, Partial};

/// `FLUSHDB [ASYNC | SYNC]` on one shard
pub(super) fn flushdb_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let lazy = match is_lazy(args) {
        Ok(lazy) => lazy,
        Err(error) => return Partial::Failed(error),
    };
    let db = cx.db;
    let keys = cx.shard.flush(db, lazy);
    record(cx, keys, Some(db), b"FLUSHDB");
    Partial::Done
}

/// `FLUSHALL [ASYNC | SYNC]` on one shard
pub(super) fn flushall_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let lazy = match is_lazy(args) {
        Ok(lazy) => lazy,
        Err(error) => return Partial::Failed(error),
    };
    let databases = cx.shard.dbs().len() as u16;
    let keys = (0..databases).map(|db| cx.shard.flush(DbIndex(db), lazy)).sum();
    record(cx, keys, None, b"FLUSHALL");
    Partial::Done
}

/// Whether the memory is given back in slices: always, unless the client wants to wait for it.
fn is_lazy(args: Args<'_>) -> Result<bool, ReplyError> {
    let mut words = Cursor::new(args, 1);
    let is_sync = words.keyword("SYNC");
    if !is_sync {
        words.keyword("ASYNC");
    }
    words.finish()?;
    Ok(!is_sync)
}

fn record(cx: &mut ShardCx<'_>, keys: usize, db: Option<DbIndex>, command: &[u8]) {
    if keys > 0 {
        let touches = || Touches::Database(db);
        cx.changed_many(keys as u64, touches, &[], |words| words.push(command));
    }
}

/// Fine, if the options were.
pub(super) fn flush_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    reply.ok();
    Ok(())
}
