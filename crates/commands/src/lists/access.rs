//! What the handlers share: lists behind keys, elements in replies, ends.
//!
//! Taking elements out ends in [`record_taken`], because a list without elements is no key.

use datatypes::list::{End, Item, Word};
use datatypes::{Entry, List, Object, ValueRef};
use keyspace::{Event, ShardCx};
use resp::{Args, Argv, ReplyError, ReplyWriter};

use crate::errors::{SYNTAX, WRONGTYPE};
use crate::record::record_loss;

/// An entry's list.
pub(super) fn list_of(entry: &Entry) -> Result<&List, ReplyError> {
    match entry.value() {
        ValueRef::Object(Object::List(list)) => Ok(list),
        _ => Err(WRONGTYPE),
    }
}

/// The list at a key, for a command that reads.
pub(super) fn read<'a>(
    cx: &'a mut ShardCx<'_>,
    key: &[u8],
) -> Result<Option<&'a List>, ReplyError> {
    cx.lookup_read(key).map(list_of).transpose()
}

/// The list at a key, for a command that changes it.
pub(super) fn write<'a>(
    cx: &'a mut ShardCx<'_>,
    key: &[u8],
) -> Result<Option<&'a mut List>, ReplyError> {
    cx.lookup_write(key).map(|entry| entry.list_mut().ok_or(WRONGTYPE)).transpose()
}

/// Answers an element: a large one by reference.
#[inline]
pub(super) fn answer(item: Item<'_>, reply: &mut ReplyWriter<'_>) {
    match item {
        Item::Int(int) => reply.bulk_integer(int),
        Item::Bytes(bytes) => reply.bulk(bytes),
        Item::Shared(bytes) => reply.bulk_shared(bytes),
    }
}

/// Answers the first elements from one end.
pub(super) fn answer_some(list: &List, end: End, count: usize, reply: &mut ReplyWriter<'_>) {
    reply.array(count);
    for item in list.iter(end).take(count) {
        answer(item, reply);
    }
}

/// The end that a word names.
pub(super) fn end_named(word: &[u8]) -> Result<End, ReplyError> {
    if word.eq_ignore_ascii_case(b"LEFT") {
        Ok(End::Front)
    } else if word.eq_ignore_ascii_case(b"RIGHT") {
        Ok(End::Back)
    } else {
        Err(SYNTAX)
    }
}

/// Word `index` of the request as an element.
#[inline]
pub(super) fn element(args: Args<'_>, index: usize) -> Word<'_> {
    Word::new(args.at(index), args.big(index))
}

/// Puts a list that was not there under a key.
pub(super) fn insert(cx: &mut ShardCx<'_>, key: &[u8], list: List) {
    let lru = cx.fresh_lru();
    cx.insert(Entry::new_object(key, Object::List(list), None, lru));
}

/// The event of adding an element at an end.
pub(super) fn pushed(end: End) -> Event {
    match end {
        End::Front => Event::list("lpush"),
        End::Back => Event::list("rpush"),
    }
}

/// The event of taking an element out at an end.
pub(super) fn popped(end: End) -> Event {
    match end {
        End::Front => Event::list("lpop"),
        End::Back => Event::list("rpop"),
    }
}

/// Something that was taken out of a list.
pub(super) struct Taken {
    /// Its event.
    pub(super) event: Event,
    /// As how many changes it counts.
    pub(super) count: u64,
    /// Whether there is no element left.
    pub(super) is_all: bool,
}

/// Records what was taken out of the list at a key, and deletes the key if nothing is left.
pub(super) fn record_taken(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    taken: &Taken,
    durable: impl FnOnce(&mut Argv),
) {
    record_loss(cx, key, (taken.count as usize, taken.event, taken.is_all), durable);
}

/// Indexes from `start` to `stop` inclusive, both counted from the end if negative, as the first
/// one and how many.
pub(super) fn index_range(start: i64, stop: i64, len: usize) -> (usize, usize) {
    let len = len as i64;
    let from_end = |index: i64| if index < 0 { (len + index).max(0) } else { index };
    // A stop that lies before the list is no index at all, while such a start is the first.
    let stop = if stop < 0 { len + stop } else { stop.min(len - 1) };
    let start = from_end(start);
    if start > stop { (0, 0) } else { (start as usize, (stop - start + 1) as usize) }
}

#[cfg(test)]
mod tests {
    use super::index_range;

    #[test]
    fn ranges_are_cut_to_the_list() {
        for (start, stop, range) in [
            (0, -1, (0, 5)),
            (0, 4, (0, 5)),
            (0, 100, (0, 5)),
            (-2, -1, (3, 2)),
            (-100, 1, (0, 2)),
            (3, 1, (0, 0)),
            (5, 9, (0, 0)),
            (-3, -4, (0, 0)),
            (-9, -6, (0, 0)),
            (i64::MIN, i64::MAX, (0, 5)),
            (i64::MAX, i64::MIN, (0, 0)),
        ] {
            assert_eq!(index_range(start, stop, 5), range, "{start} {stop}");
        }
    }
}
