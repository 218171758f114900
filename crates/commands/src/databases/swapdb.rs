//! SWAPDB.

use keyspace::{DbIndex, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use crate::args::int;
use crate::errors::{DB_INDEX_OUT_OF_RANGE, INVALID_FIRST_DB, INVALID_SECOND_DB};
use crate::fold::check_parts;
use crate::record::push_i64;
use crate::{Outcome, Part, Partial};

/// `SWAPDB index1 index2` on one shard
pub(super) fn swapdb_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let (a, b) = match indexes(args, cx.shard.dbs().len()) {
        Ok(indexes) => indexes,
        Err(error) => return Partial::Failed(error),
    };
    cx.shard.swap(a, b);
    let touches = || Touches::Swap(a, b);
    cx.changed_all(touches, &[], |words| {
        words.push(b"SWAPDB");
        push_i64(words, i64::from(a.0));
        push_i64(words, i64::from(b.0));
    });
    Partial::Done
}

fn indexes(args: Args<'_>, databases: usize) -> Result<(DbIndex, DbIndex), ReplyError> {
    let a = int(args.at(1)).map_err(|_| INVALID_FIRST_DB)?;
    let b = int(args.at(2)).map_err(|_| INVALID_SECOND_DB)?;
    let index = |number: i32| match u16::try_from(number) {
        Ok(index) if usize::from(index) < databases => Ok(DbIndex(index)),
        _ => Err(DB_INDEX_OUT_OF_RANGE),
    };
    Ok((index(a)?, index(b)?))
}

/// Fine, if the indexes were.
pub(super) fn swapdb_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    reply.ok();
    Ok(())
}
