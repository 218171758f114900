//! PFADD: elements come into a HyperLogLog.

use datatypes::hyperloglog::{self, Corrupted};
use datatypes::{Entry, Object, StringObject};
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyWriter};

use super::hyperloglog_in;
use crate::Outcome;
use crate::errors::CORRUPTED_HYPERLOGLOG;
use crate::text::peek_bytes;

/// `PFADD key [element ...]`
pub(super) fn pfadd(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, elements) = (args.at(1), args.tail(2));
    let (sparse_max, lru) = (cx.shard.hll_sparse_bytes_max, cx.fresh_lru());
    let (grown, outcome) = match cx.lookup_write(key) {
        Some(entry) => add_all(hyperloglog_in(entry)?, elements, sparse_max),
        None => {
            let mut bytes = hyperloglog::new();
            hyperloglog::forget_count(&mut bytes);
            let (grown, outcome) = add_all(&mut bytes, elements, sparse_max);
            let object = Object::String(StringObject::from(bytes));
            cx.insert(Entry::new_object(key, object, None, lru));
            // To have been made is a change too.
            (grown + 1, outcome)
        }
    };
    if outcome.is_err() {
        if grown > 0 {
            record_rest(cx, key);
        }
        return Err(CORRUPTED_HYPERLOGLOG);
    }
    if grown > 0 {
        let db = cx.db;
        cx.changed_many(
            grown,
            || Touches::Key { db, key: key.into() },
            &[Event::string("pfadd")],
            |words| words.extend_from_args(args),
        );
    }
    reply.integer(i64::from(grown > 0));
    Ok(())
}

/// Adds the elements up to the first one that finds registers which contradict themselves; answers
/// how many of them have made a difference.
fn add_all(
    bytes: &mut Vec<u8>,
    elements: Args<'_>,
    sparse_max: usize,
) -> (u64, Result<(), Corrupted>) {
    let mut grown = 0;
    for element in elements.iter() {
        match hyperloglog::add(bytes, element, sparse_max) {
            Ok(has_grown) => grown += u64::from(has_grown),
            Err(corrupted) => return (grown, Err(corrupted)),
        }
    }
    if grown > 0 {
        hyperloglog::forget_count(bytes);
    }
    (grown, Ok(()))
}

/// Records what was done before the error.
///
/// REDIS: the elements before the error are in, and nobody is told.
fn record_rest(cx: &mut ShardCx<'_>, key: &[u8]) {
    let value = peek_bytes(cx, key).unwrap_or_default();
    cx.changed_quietly(0, key, |words| {
        words.push(b"SET");
        words.push(key);
        words.push_bytes(value);
        words.push(b"KEEPTTL");
    });
}
