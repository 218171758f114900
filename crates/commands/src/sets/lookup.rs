//! The sets behind keys: how handlers find, make and answer them.

use datatypes::listpack::Element;
use datatypes::{Entry, Object, Set, ValueRef};
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyError};
use smallvec::SmallVec;

pub(super) use crate::element::answer;
use crate::errors::WRONGTYPE;

/// The sets of a command's keys in order; `None` where there is no such key.
pub(super) type Sets<'a> = SmallVec<[Option<&'a Set>; 8]>;

/// An entry's set; an error if it is of another type.
#[inline]
pub(super) fn set_of(entry: &Entry) -> Result<&Set, ReplyError> {
    match entry.value() {
        ValueRef::Object(Object::Set(set)) => Ok(set),
        _ => Err(WRONGTYPE),
    }
}

/// An entry's set, to be changed; an error if it is of another type.
#[inline]
pub(super) fn set_in(entry: &mut Entry) -> Result<&mut Set, ReplyError> {
    match entry.object_mut() {
        Some(Object::Set(set)) => Ok(set),
        _ => Err(WRONGTYPE),
    }
}

/// Hands the set at a key, if there is one, to `then`.
#[inline]
pub(super) fn read_set<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    then: impl FnOnce(Option<&Set>) -> T,
) -> Result<T, ReplyError> {
    cx.read_with(key, |entry| match entry {
        Some(entry) => Ok(then(Some(set_of(entry)?))),
        None => Ok(then(None)),
    })
}

/// The sets at several keys.
///
/// Each key counts as read, in order, up to the first that is of another type.
pub(super) fn read_sets<'a>(
    cx: &'a mut ShardCx<'_>,
    keys: Args<'_>,
) -> Result<Sets<'a>, ReplyError> {
    for key in keys.iter() {
        read_set(cx, key, |_| ())?;
    }
    // Whatever was expired is gone by now.
    let cx = &*cx;
    Ok(keys.iter().map(|key| cx.find_any(key).and_then(|entry| set_of(entry).ok())).collect())
}

/// Puts a set under a key that is not there.
pub(super) fn insert_set(cx: &mut ShardCx<'_>, key: &[u8], set: Set) {
    let lru = cx.fresh_lru();
    cx.insert(Entry::new_object(key, Object::Set(set), None, lru));
}

/// Writes a member behind other words.
#[inline]
pub(super) fn push(words: &mut Argv, member: Element<'_>) {
    words.push(member.as_bytes(&mut itoa::Buffer::new()));
}
