//! PFMERGE: what several HyperLogLogs have seen comes into one.

use datatypes::hyperloglog::{self, Corrupted, Encoding, Registers};
use datatypes::{Entry, Object, StringObject};
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use super::{hyperloglog_in, hyperloglog_of};
use crate::Outcome;
use crate::errors::CORRUPTED_HYPERLOGLOG;

/// `PFMERGE destination [source ...]`
pub(super) fn pfmerge(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let target = args.at(1);
    let union = Union::of(cx, args.tail(1))?;
    let (sparse_max, lru) = (cx.shard.hll_sparse_bytes_max, cx.fresh_lru());
    match cx.lookup_write(target) {
        Some(entry) => union.go_into(hyperloglog_in(entry)?, sparse_max),
        None => {
            let mut bytes = hyperloglog::new();
            let outcome = union.go_into(&mut bytes, sparse_max);
            let object = Object::String(StringObject::from(bytes));
            cx.insert(Entry::new_object(target, object, None, lru));
            outcome
        }
    }
    .map_err(|_| CORRUPTED_HYPERLOGLOG)?;
    let db = cx.db;
    cx.changed_all(
        || Touches::Made {
            db,
            key: target.into(),
            of: args.tail(2).iter().map(Box::from).collect(),
        },
        &[Event::string("pfadd")],
        |words| words.extend_from_args(args),
    );
    reply.ok();
    Ok(())
}

/// All that the HyperLogLogs of a command have seen.
struct Union {
    registers: Registers,
    /// Whether one of them is dense: then the result is.
    is_dense: bool,
}

impl Union {
    /// Each key counts as read, in order, up to the first that has no HyperLogLog.
    fn of(cx: &mut ShardCx<'_>, keys: Args<'_>) -> Result<Self, ReplyError> {
        let mut union = Self { registers: Registers::new(), is_dense: false };
        for key in keys.iter() {
            cx.read_with(key, |entry| {
                let Some(entry) = entry else { return Ok(()) };
                let bytes = hyperloglog_of(entry)?;
                union.is_dense |= hyperloglog::encoding(bytes) == Encoding::Dense;
                union.registers.join(bytes).map_err(|_| CORRUPTED_HYPERLOGLOG)
            })?;
        }
        Ok(union)
    }

    fn go_into(&self, bytes: &mut Vec<u8>, sparse_max: usize) -> Result<(), Corrupted> {
        if self.is_dense {
            hyperloglog::make_dense(bytes)?;
        }
        hyperloglog::merge(bytes, &self.registers, sparse_max)
    }
}
