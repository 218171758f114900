//! The hashes behind keys: how handlers find, make and answer them.

use datatypes::hash::Field;
use datatypes::listpack::Element;
use datatypes::{Entry, Hash, HashMut, HashRef, HashRules};
use keyspace::{Event, KeyHasher, ShardCx};
use resp::{Argv, ReplyError, ReplyWriter};

pub(super) use crate::element::answer;
use crate::errors::WRONGTYPE;

/// What hashes here are told.
pub(super) type Rules = HashRules<KeyHasher>;

/// An entry's hash; an error if it is of another type.
#[inline]
pub(super) fn hash_of(entry: &Entry) -> Result<HashRef<'_>, ReplyError> {
    entry.hash().ok_or(WRONGTYPE)
}

/// Hands the hash at a key, if there is one, to `then`.
#[inline]
pub(super) fn read_hash<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    then: impl FnOnce(Option<HashRef<'_>>) -> T,
) -> Result<T, ReplyError> {
    cx.read_with(key, |entry| match entry {
        Some(entry) => Ok(then(Some(hash_of(entry)?))),
        None => Ok(then(None)),
    })
}

/// Hands the field of a hash, if it is there and has not expired, to `then`. One that has expired
/// is taken out.
#[inline]
pub(super) fn read_field<T>(
    cx: &mut ShardCx<'_>,
    (key, name): (&[u8], &[u8]),
    then: impl FnOnce(Option<Field<'_>>) -> T,
) -> Result<T, ReplyError> {
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    let mut is_dead = false;
    let answer = read_hash(cx, key, |hash| {
        let field = hash.and_then(|hash| hash.get(name, &rules));
        is_dead = field.is_some_and(|field| field.is_dead(now));
        then(field.filter(|_| !is_dead))
    })?;
    if is_dead {
        cx.expire_fields(key, &[name]);
    }
    Ok(answer)
}

/// Hands the hash at a key, if there is one, to `then`, to be changed.
#[inline]
pub(super) fn write_hash<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    then: impl FnOnce(Option<HashMut<'_>>) -> T,
) -> Result<T, ReplyError> {
    cx.write_hash(key, then).ok_or(WRONGTYPE)
}

/// Puts a hash with these fields under a key that is not there; how many they are.
pub(super) fn insert_hash<'a>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (words, rules): (impl Iterator<Item = &'a [u8]> + Clone, &Rules),
) -> usize {
    let mut hash = Hash::for_words(words.clone(), &rules.limits);
    let (mut words, mut count) = (words, 0);
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        count += usize::from(hash.set(name, value, false, rules));
    }
    hash.shrink_to_fit();
    let lru = cx.fresh_lru();
    cx.insert(Entry::new_hash(key, hash, None, lru));
    count
}

/// Sets one field, of a hash that may not be there.
pub(super) fn set_field(
    cx: &mut ShardCx<'_>,
    (key, name, value): (&[u8], &[u8], &[u8]),
    keep: bool,
    rules: &Rules,
) {
    let is_there = cx.write_hash(key, |hash| match hash {
        Some(mut hash) => {
            hash.set(name, value, keep, rules);
            true
        }
        None => false,
    });
    debug_assert!(is_there.is_some(), "the type was judged before");
    if is_there == Some(false) {
        insert_hash(cx, key, ([name, value].into_iter(), rules));
    }
}

/// Records the loss of `count` fields, and of the hash if it is empty now.
pub(super) fn record_loss(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (count, is_empty): (usize, bool),
    durable: impl FnOnce(&mut Argv),
) {
    crate::record::record_loss(cx, key, (count, Event::hash("hdel"), is_empty), durable);
}

/// Answers the value of a field, or null.
#[inline]
pub(super) fn answer_value(reply: &mut ReplyWriter<'_>, field: Option<Field<'_>>) {
    match field {
        Some(field) => answer(reply, field.value),
        None => reply.null(),
    }
}

/// Writes a name or a value behind other words.
#[inline]
pub(super) fn push(words: &mut Argv, text: Element<'_>) {
    words.push(text.as_bytes(&mut itoa::Buffer::new()));
}
