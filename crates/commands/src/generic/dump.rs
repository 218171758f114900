//! DUMP and RESTORE: a value as bytes that other servers read, too.

use datatypes::Entry;
use keyspace::{Event, ShardCx, UnixMillis};
use rdb::{Encoder, Rules, Value, dump as payload};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{
    BAD_DATA_FORMAT, BUSYKEY, FREQ_OUT_OF_RANGE, IDLETIME_NEGATIVE, RESTORE_TTL_NEGATIVE,
    WRONG_PAYLOAD,
};
use crate::record::{delete_key, push_i64};

/// `DUMP key`
pub(super) fn dump(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    match cx.lookup_read(args.at(1)) {
        Some(entry) => {
            let dumped = payload::dump(entry.value(), &mut Encoder::new(true));
            reply.bulk_shared(&dumped.into());
        }
        None => reply.null(),
    }
    Ok(())
}

/// What stands behind the payload of RESTORE.
#[derive(Default)]
struct Options {
    replaces: bool,
    is_absolute: bool,
    idle_seconds: Option<i64>,
    frequency: Option<u8>,
}

impl Options {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let mut options = Self::default();
        let mut words = Cursor::new(args, 4);
        while !words.is_at_end() {
            if words.keyword("REPLACE") {
                options.replaces = true;
            } else if words.keyword("ABSTTL") {
                options.is_absolute = true;
            } else if options.frequency.is_none() && words.keyword("IDLETIME") {
                let seconds = words.i64()?;
                options.idle_seconds = Some(seconds);
                if seconds < 0 {
                    return Err(IDLETIME_NEGATIVE);
                }
            } else if options.idle_seconds.is_none() && words.keyword("FREQ") {
                let frequency = u8::try_from(words.i64()?);
                options.frequency = Some(frequency.map_err(|_| FREQ_OUT_OF_RANGE)?);
            } else {
                words.finish()?;
            }
        }
        Ok(options)
    }
}

/// `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]`
pub(super) fn restore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (key, bytes) = (args.at(1), args.at(3));
    let options = Options::parse(args)?;
    if cx.lookup_write(key).is_some() && !options.replaces {
        return Err(BUSYKEY);
    }
    let expire = expire_at(integer(args.at(2))?, options.is_absolute, cx.now())?;
    if !payload::has_footer(bytes) {
        return Err(WRONG_PAYLOAD);
    }
    let rules = Rules {
        list: cx.list_limit(),
        set: cx.shard.set_rules(),
        zset: cx.shard.zset_rules(),
        hash: cx.shard.hash_rules(),
    };
    let value = payload::restore(bytes, &rules).map_err(|_| BAD_DATA_FORMAT)?;
    reply.ok();
    if expire.is_some_and(|at| at <= cx.now()) {
        delete_key(cx, key, "DEL");
        return Ok(());
    }
    put(cx, key, value, expire, &options);
    cx.changed(key, Event::generic("restore"), |words| {
        words.extend_from_args(args.slice(0..2));
        match expire {
            Some(at) if !options.is_absolute => {
                push_i64(words, at.0);
                words.extend_from_args(args.tail(3));
                words.push(b"ABSTTL");
            }
            _ => words.extend_from_args(args.tail(2)),
        }
    });
    Ok(())
}

/// The moment that a time to live means; none if it is zero.
///
/// REDIS: `RESTORE k 9223372036854775807 ...` goes round and lies in the past.
fn expire_at(
    ttl: i64,
    is_absolute: bool,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, ReplyError> {
    match ttl {
        ..0 => Err(RESTORE_TTL_NEGATIVE),
        0 => Ok(None),
        at if is_absolute => Ok(Some(UnixMillis(at))),
        ttl => Ok(Some(UnixMillis(now.0.wrapping_add(ttl)))),
    }
}

fn put(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    value: Value,
    expire: Option<UnixMillis>,
    options: &Options,
) {
    let (access, now) = (cx.shard.access(), cx.now());
    let remembered = match options.frequency {
        Some(frequency) => access.with_frequency(frequency, now),
        None => options.idle_seconds.and_then(|seconds| access.idle_for(seconds, now)),
    };
    let lru = remembered.unwrap_or_else(|| cx.fresh_lru());
    let expire = expire.map(|at| at.0);
    cx.put(match value {
        Value::String(bytes) => Entry::new_bytes(key, bytes, expire, lru),
        Value::Object(object) => Entry::new_object(key, object, expire, lru),
    });
}
