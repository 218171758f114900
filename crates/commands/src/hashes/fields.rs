//! Single fields: HSET, HSETNX, HMSET, HGET, HMGET, HDEL, HLEN, HSTRLEN, HEXISTS.

use datatypes::listpack::Element;
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};
use smallvec::SmallVec;
use stdx::number::i64_len;

use super::lookup::{
    answer_value, insert_hash, read_field, read_hash, record_loss, set_field, write_hash,
};
use crate::Outcome;
use crate::errors::wrong_number_of_arguments;

/// `HSET key field value [field value ...]`
pub(super) fn hset(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let added = set_all(cx, args, "hset")?;
    reply.integer(added as i64);
    Ok(())
}

/// `HMSET key field value [field value ...]`
pub(super) fn hmset(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    set_all(cx, args, "hmset")?;
    reply.ok();
    Ok(())
}

/// Sets the fields of a request; how many of them are new.
#[inline]
fn set_all(cx: &mut ShardCx<'_>, args: Args<'_>, command: &str) -> Result<usize, ReplyError> {
    if !args.len().is_multiple_of(2) {
        return Err(wrong_number_of_arguments(command));
    }
    let (key, words) = (args.at(1), args.tail(2));
    let rules = cx.shard.hash_rules();
    let added = write_hash(cx, key, |hash| {
        let mut hash = hash?;
        hash.expect(words.iter(), &rules);
        let (mut words, mut added) = (words.iter(), 0);
        while let (Some(name), Some(value)) = (words.next(), words.next()) {
            added += usize::from(hash.set(name, value, false, &rules));
        }
        Some(added)
    })?;
    let added = added.unwrap_or_else(|| insert_hash(cx, key, (words.iter(), &rules)));
    let db = cx.db;
    let touches = || Touches::Key { db, key: key.into() };
    // REDIS: fields that have the value already count as changed.
    cx.changed_many(words.len() as u64 / 2, touches, &[Event::hash("hset")], |durable| {
        durable.extend_from_args(args);
    });
    Ok(added)
}

/// `HSETNX key field value`
pub(super) fn hsetnx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, name, value) = (args.at(1), args.at(2), args.at(3));
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let found = write_hash(cx, key, |hash| {
        hash.and_then(|hash| Some(hash.as_ref().get(name, &rules)?.is_dead(now)))
    })?;
    if found == Some(false) {
        reply.integer(0);
        return Ok(());
    }
    set_field(cx, (key, name, value), false, &rules);
    record_set(cx, (key, name, value), "hset", found.is_some());
    reply.integer(1);
    Ok(())
}

/// Records that a field that was not there was set. An expired field in its place has vanished.
pub(super) fn record_set(
    cx: &mut ShardCx<'_>,
    (key, name, value): (&[u8], &[u8], &[u8]),
    event: &'static str,
    has_expired: bool,
) {
    cx.shard.stats.expired_fields += u64::from(has_expired);
    let events = [Event::hash("hexpired"), Event::hash(event)];
    let db = cx.db;
    let touches = || Touches::Key { db, key: key.into() };
    cx.changed_all(touches, &events[usize::from(!has_expired)..], |words| {
        words.push(b"HSET");
        words.push(key);
        words.push(name);
        words.push(value);
    });
}

/// `HGET key field`
pub(super) fn hget(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    read_field(cx, (args.at(1), args.at(2)), |field| answer_value(reply, field))
}

/// `HMGET key field [field ...]`
pub(super) fn hmget(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let names = args.tail(2);
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let mut dead: SmallVec<[&[u8]; 4]> = SmallVec::new();
    read_hash(cx, args.at(1), |hash| {
        reply.array(names.len());
        for name in names.iter() {
            let field = hash.and_then(|hash| hash.get(name, &rules));
            if field.is_some_and(|field| field.is_dead(now)) {
                dead.push(name);
            }
            answer_value(reply, field.filter(|field| !field.is_dead(now)));
        }
    })?;
    if !dead.is_empty() {
        cx.expire_fields(args.at(1), &dead);
    }
    Ok(())
}

/// `HDEL key field [field ...]`
pub(super) fn hdel(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, names) = (args.at(1), args.tail(2));
    let rules = cx.shard.hash_rules();
    let (removed, is_empty) = write_hash(cx, key, |hash| {
        let Some(mut hash) = hash else { return (0, false) };
        let removed: usize = names.iter().map(|name| usize::from(hash.remove(name, &rules))).sum();
        (removed, hash.as_ref().is_empty())
    })?;
    if removed > 0 {
        record_loss(cx, key, (removed, is_empty), |words| words.extend_from_args(args));
    }
    reply.integer(removed as i64);
    Ok(())
}

/// `HLEN key`
///
/// REDIS: expired fields that nobody has met yet are counted.
pub(super) fn hlen(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let count = read_hash(cx, args.at(1), |hash| hash.map_or(0, datatypes::HashRef::len))?;
    reply.integer(count as i64);
    Ok(())
}

/// `HSTRLEN key field`
pub(super) fn hstrlen(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let bytes = read_field(cx, (args.at(1), args.at(2)), |field| {
        field.map_or(0, |field| match field.value {
            Element::Int(number) => i64_len(number),
            Element::Bytes(bytes) => bytes.len(),
        })
    })?;
    reply.integer(bytes as i64);
    Ok(())
}

/// `HEXISTS key field`
pub(super) fn hexists(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let is_there = read_field(cx, (args.at(1), args.at(2)), |field| field.is_some())?;
    reply.integer(i64::from(is_there));
    Ok(())
}
