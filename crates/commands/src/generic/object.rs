//! Looking into values: TYPE and OBJECT. None of it counts as a use of the key.

use datatypes::{Entry, ValueRef};
use keyspace::{AccessPolicy, ShardCx, UnixMillis};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::errors::{IS_LFU, NOT_LFU};

/// REDIS: integers below this one are shared objects, of which the count of references is this.
const SHARED_INTEGERS: i64 = 10_000;
const SHARED_REFCOUNT: i64 = i32::MAX as i64;

/// What OBJECT HELP answers.
const HELP: [&str; 15] = [
    "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
    "ENCODING <key>",
    "    Return the kind of internal representation used in order to store the value",
    "    associated with a <key>.",
    "FREQ <key>",
    "    Return the access frequency index of the <key>. The returned integer is",
    "    proportional to the logarithm of the recent access frequency of the key.",
    "IDLETIME <key>",
    "    Return the idle time of the <key>, that is the approximated number of",
    "    seconds elapsed since the last access to the key.",
    "REFCOUNT <key>",
    "    Return the number of references of the value associated with the specified",
    "    <key>.",
    "HELP",
    "    Prints this help.",
];

/// `TYPE key`
pub(super) fn type_of(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    reply.simple(cx.lookup_read_no_touch(args.at(1)).map_or("none", Entry::type_name));
    Ok(())
}

/// `OBJECT ENCODING key`
pub(super) fn encoding(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    match cx.lookup_read_no_touch(args.at(2)) {
        Some(entry) => reply.bulk(entry.encoding().as_bytes()),
        None => reply.null(),
    }
    Ok(())
}

/// `OBJECT REFCOUNT key`
pub(super) fn refcount(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_about(cx, args, reply, |_, entry| match entry.value() {
        ValueRef::Int(0..SHARED_INTEGERS) => Ok(SHARED_REFCOUNT),
        _ => Ok(1),
    })
}

/// `OBJECT IDLETIME key`
pub(super) fn idletime(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_about(cx, args, reply, |clock, entry| {
        if clock.access.policy.is_lfu() {
            return Err(IS_LFU);
        }
        Ok((clock.access.idle_ms(entry.lru(), clock.now) / 1000) as i64)
    })
}

/// `OBJECT FREQ key`
pub(super) fn freq(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    answer_about(cx, args, reply, |clock, entry| {
        if !clock.access.policy.is_lfu() {
            return Err(NOT_LFU);
        }
        Ok(i64::from(clock.access.frequency(entry.lru(), clock.now)))
    })
}

/// `OBJECT HELP`
pub(super) fn help(_: &mut ShardCx<'_>, _: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.array(HELP.len());
    for line in HELP {
        reply.simple(line);
    }
    Ok(())
}

/// Answers a number about an entry; null if there is none, before any other error.
fn answer_about(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    number: impl Fn(Clock, &Entry) -> Result<i64, ReplyError>,
) -> Outcome {
    let clock = Clock { access: cx.shard.access(), now: cx.now() };
    match cx.lookup_read_no_touch(args.at(2)) {
        Some(entry) => reply.integer(number(clock, entry)?),
        None => reply.null(),
    }
    Ok(())
}

/// How the access clocks are read.
#[derive(Clone, Copy)]
struct Clock {
    access: AccessPolicy,
    now: UnixMillis,
}
