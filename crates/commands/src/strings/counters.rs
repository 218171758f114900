//! Strings that are numbers: INCR and its kin.

use datatypes::Entry;
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::long_double::LongDouble;

use crate::Outcome;
use crate::args::integer;
use crate::errors::{DECREMENT_OVERFLOW, INCREMENT_OVERFLOW, NAN_OR_INFINITY, NOT_A_FLOAT};
use crate::text::{Text, text_of};

/// `INCR key`
pub(super) fn incr(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    add(cx, args, 1, reply)
}

/// `DECR key`
pub(super) fn decr(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    add(cx, args, -1, reply)
}

/// `INCRBY key increment`
pub(super) fn incrby(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    add(cx, args, integer(args.at(2))?, reply)
}

/// `DECRBY key decrement`
pub(super) fn decrby(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let increment = integer(args.at(2))?.checked_neg().ok_or(DECREMENT_OVERFLOW)?;
    add(cx, args, increment, reply)
}

/// Adds to the integer at the key. The request is its own durable form: it has no relative part but
/// the value that is there.
#[inline]
fn add(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    increment: i64,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let sum = match cx.write_with(key, |entry| entry.map(|entry| add_to(entry, increment))) {
        Some(sum) => sum?,
        None => {
            let entry = Entry::new_int(key, increment, None, cx.fresh_lru());
            cx.insert(entry);
            increment
        }
    };
    cx.changed(key, Event::string("incrby"), |words| words.extend_from_args(args));
    reply.integer(sum);
    Ok(())
}

#[inline]
fn add_to(entry: &mut Entry, increment: i64) -> Result<i64, ReplyError> {
    let sum = text_of(entry)?.integer()?.checked_add(increment).ok_or(INCREMENT_OVERFLOW)?;
    entry.set_int(sum);
    Ok(sum)
}

/// `INCRBYFLOAT key increment`
///
/// REDIS: the sum is kept as text even if it is whole, so that OBJECT ENCODING answers `embstr`; it
/// is propagated as SET, because other machines might compute another one.
pub(super) fn incrbyfloat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let (old, expire, lru) = match cx.lookup_write(key) {
        Some(entry) => (number(text_of(entry)?)?, entry.expire_at(), entry.lru()),
        None => (LongDouble::from(0_i64), None, cx.fresh_lru()),
    };
    let increment = LongDouble::parse(args.at(2)).ok_or(NOT_A_FLOAT)?;
    let sum = old.checked_add(increment).ok_or(NAN_OR_INFINITY)?.to_text();
    cx.put(Entry::new_text(key, &sum, expire, lru));
    cx.changed(key, Event::string("incrbyfloat"), |words| {
        words.push(b"SET");
        words.push(key);
        words.push(&sum);
        words.push(b"KEEPTTL");
    });
    reply.bulk(&sum);
    Ok(())
}

fn number(text: Text<'_>) -> Result<LongDouble, ReplyError> {
    match text {
        Text::Int(number) => Ok(LongDouble::from(number)),
        Text::Bytes(bytes) => LongDouble::parse(bytes).ok_or(NOT_A_FLOAT),
    }
}
