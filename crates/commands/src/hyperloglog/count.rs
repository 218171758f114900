//! PFCOUNT: the estimate of one HyperLogLog, which keeps it, or of several together.

use datatypes::Entry;
use datatypes::hyperloglog::{self, Registers};
use keyspace::{ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use super::{hyperloglog_in, hyperloglog_of};
use crate::errors::CORRUPTED_HYPERLOGLOG;
use crate::fold::check_parts_in_order;
use crate::{Outcome, Part, Partial};

/// `PFCOUNT key [key ...]`
pub(super) fn pfcount(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    if args.len() > 2 {
        let union = union(cx, args.tail(1)).map_err(|(_, error)| error)?;
        reply.integer(union.count() as i64);
        return Ok(());
    }
    let key = args.at(1);
    let (count, is_new) = cx.read_with(key, |entry| entry.map_or(Ok((0, false)), count_one))?;
    if is_new {
        let db = cx.db;
        let touches = || Touches::Key { db, key: key.into() };
        cx.changed_all(touches, &[], |words| words.extend_from_args(args));
    }
    reply.integer(count as i64);
    Ok(())
}

/// The estimate, and whether it was not known before.
fn count_one(entry: &mut Entry) -> Result<(u64, bool), ReplyError> {
    let bytes = hyperloglog_in(entry)?;
    if let Some(count) = hyperloglog::cached_count(bytes) {
        return Ok((count, false));
    }
    let count = hyperloglog::count(bytes).map_err(|_| CORRUPTED_HYPERLOGLOG)?;
    hyperloglog::set_cached_count(bytes, count);
    Ok((count, true))
}

/// The registers of several HyperLogLogs together; or an error, and which key has it.
fn union(cx: &mut ShardCx<'_>, keys: Args<'_>) -> Result<Registers, (usize, ReplyError)> {
    let mut union = Registers::new();
    for (index, key) in keys.iter().enumerate() {
        let joined = cx.read_with(key, |entry| {
            let Some(entry) = entry else { return Ok(()) };
            union.join(hyperloglog_of(entry)?).map_err(|_| CORRUPTED_HYPERLOGLOG)
        });
        joined.map_err(|error| (index, error))?;
    }
    Ok(union)
}

/// `PFCOUNT key [key ...]`, the keys of one shard
pub(super) fn pfcount_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    match union(cx, args.tail(1)) {
        Ok(union) => Partial::Registers(union),
        Err((index, error)) => Partial::FailedAt(index, error),
    }
}

/// The estimate of all registers together.
pub(super) fn pfcount_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts_in_order(parts)?;
    let mut union = Registers::new();
    for part in parts {
        if let Partial::Registers(registers) = &part.partial {
            union.join_registers(registers);
        }
    }
    reply.integer(union.count() as i64);
    Ok(())
}
