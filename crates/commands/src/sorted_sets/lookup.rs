//! The sorted sets behind keys: how handlers find, make and answer them.

use std::ops::Range;

use datatypes::listpack::Element;
use datatypes::{Entry, Object, ValueRef, Zset};
use keyspace::ShardCx;
use resp::{Protocol, ReplyError, ReplyWriter};

pub(super) use crate::element::answer;
use crate::errors::WRONGTYPE;

/// An entry's sorted set; an error if it is of another type.
#[inline]
pub(super) fn zset_of(entry: &Entry) -> Result<&Zset, ReplyError> {
    match entry.value() {
        ValueRef::Object(Object::Zset(zset)) => Ok(zset),
        _ => Err(WRONGTYPE),
    }
}

/// An entry's sorted set, to be changed; an error if it is of another type.
#[inline]
pub(super) fn zset_in(entry: &mut Entry) -> Result<&mut Zset, ReplyError> {
    match entry.object_mut() {
        Some(Object::Zset(zset)) => Ok(zset),
        _ => Err(WRONGTYPE),
    }
}

/// Hands the sorted set at a key, if there is one, to `then`.
#[inline]
pub(crate) fn read_zset<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    then: impl FnOnce(Option<&Zset>) -> T,
) -> Result<T, ReplyError> {
    cx.read_with(key, |entry| match entry {
        Some(entry) => Ok(then(Some(zset_of(entry)?))),
        None => Ok(then(None)),
    })
}

/// The sorted set at a key, to be changed.
pub(super) fn write_zset<'a>(
    cx: &'a mut ShardCx<'_>,
    key: &[u8],
) -> Result<Option<&'a mut Zset>, ReplyError> {
    cx.lookup_write(key).map(zset_in).transpose()
}

/// Puts a sorted set under a key that is not there.
pub(super) fn insert_zset(cx: &mut ShardCx<'_>, key: &[u8], zset: Zset) {
    let lru = cx.fresh_lru();
    cx.insert(Entry::new_object(key, Object::Zset(zset), None, lru));
}

/// Takes the members of these ranks out; whether none is left. If all are taken out the caller
/// deletes the key, and what it held is freed in slices.
pub(super) fn take_out(cx: &mut ShardCx<'_>, key: &[u8], ranks: Range<usize>) -> bool {
    let rules = cx.shard.zset_rules();
    let Some(zset) = cx.lookup_write(key).and_then(|entry| zset_in(entry).ok()) else {
        return false;
    };
    let is_all = ranks.len() == zset.len();
    if !is_all {
        zset.remove_range(ranks, &rules);
    }
    is_all
}

/// Whether members and scores are answered pair by pair, each pair in an array.
///
/// REDIS: a map would lose the order, so RESP3 has arrays of two; RESP2 has all in one array.
pub(super) fn nests(reply: &ReplyWriter<'_>) -> bool {
    reply.protocol() == Protocol::Resp3
}

/// Announces `count` members, with scores or without.
pub(super) fn announce(reply: &mut ReplyWriter<'_>, count: usize, with_scores: bool) {
    let is_flat = with_scores && !nests(reply);
    reply.array(if is_flat { 2 * count } else { count });
}

/// Answers a member that [`announce`] has announced.
#[inline]
pub(super) fn answer_pair(
    reply: &mut ReplyWriter<'_>,
    (member, score): (Element<'_>, f64),
    with_scores: bool,
) {
    if with_scores && nests(reply) {
        reply.array(2);
    }
    answer(reply, member);
    if with_scores {
        reply.double(score);
    }
}
