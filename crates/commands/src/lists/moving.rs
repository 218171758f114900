//! Several lists: LMOVE, RPOPLPUSH, LMPOP.
//!
//! What goes from one list to another is recorded as two changes, one for each key, because the
//! keys may belong to two shards. The push comes first, as its event does: played in this order the
//! element is never nowhere.

use datatypes::List;
use datatypes::list::{End, Item, Word};
use keyspace::{ShardCx, Touches};
use resp::{Args, Argv, ReplyError, ReplyWriter};
use stdx::number::parse_i64;

use super::access::{answer_some, end_named, insert, popped, pushed, record_taken, write};
use super::push_pop::take;
use crate::Outcome;
use crate::args::Cursor;
use crate::errors::{COUNT_NOT_POSITIVE, NUMKEYS_NOT_POSITIVE, SYNTAX};
use crate::record::push_i64;

/// `LMOVE source destination LEFT|RIGHT LEFT|RIGHT`
pub(super) fn lmove(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let ends = (end_named(args.at(3))?, end_named(args.at(4))?);
    move_or_null(cx, args, reply, ends)
}

/// `RPOPLPUSH source destination`
pub(super) fn rpoplpush(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    move_or_null(cx, args, reply, (End::Back, End::Front))
}

fn move_or_null(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    ends: (End, End),
) -> Outcome {
    if !move_element(cx, args, reply, ends)? {
        reply.null();
    }
    Ok(())
}

/// Takes an element from the list that the first two words behind the name say to the other one,
/// and answers it; false if there is none. The words are those of LMOVE or RPOPLPUSH.
pub(super) fn move_element(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (from, to): (End, End),
) -> Result<bool, ReplyError> {
    let (source, destination) = (args.at(1), args.at(2));
    let Some(item) = write(cx, source)?.and_then(|list| list.iter(from).next()) else {
        return Ok(false);
    };
    // REDIS: a number counts for nothing when the list is asked whether it has room for it.
    let is_number = matches!(item, Item::Int(_));
    let element = item.to_shared();
    let room = if is_number { 0 } else { element.len() };
    let word = Word::new(&element, Some(&element));
    if source == destination {
        rotate(cx, args, (from, to), (word, room))?;
    } else {
        push_moved(cx, destination, to, (word, room))?;
        take_moved(cx, source, from)?;
    }
    reply.bulk_shared(&element);
    Ok(true)
}

/// Takes an element from one end of a list to an end of the same list.
fn rotate(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    (from, to): (End, End),
    (word, room): (Word<'_>, usize),
) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    if let Some(list) = write(cx, key)? {
        list.delete_at_end(from, 1);
        list.make_room(room, 1, limit);
        list.push(to, word);
        list.compact(limit);
    }
    let db = cx.db;
    cx.changed_all(
        || Touches::Key { db, key: key.into() },
        &[pushed(to), popped(from)],
        |words| words.extend_from_args(args),
    );
    Ok(())
}

/// Adds the element to the list that it goes to.
fn push_moved(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    end: End,
    (word, room): (Word<'_>, usize),
) -> Outcome {
    let limit = cx.list_limit();
    match write(cx, key)? {
        Some(list) => {
            list.make_room(room, 1, limit);
            list.push(end, word);
        }
        None => {
            let mut list = List::new();
            list.make_room(room, 1, limit);
            list.push(end, word);
            insert(cx, key, list);
        }
    }
    cx.changed(key, pushed(end), |words| {
        words.push(if end == End::Front { b"LPUSH" } else { b"RPUSH" });
        words.push(key);
        words.push_bytes(word.to_shared());
    });
    Ok(())
}

/// Takes the element out of the list that it came from. The move was counted as one change by then.
fn take_moved(cx: &mut ShardCx<'_>, key: &[u8], end: End) -> Outcome {
    let limit = cx.list_limit();
    let Some(list) = write(cx, key)? else { return Ok(()) };
    let mut taken = take(list, end, 1, limit);
    taken.count = 0;
    record_taken(cx, key, &taken, |words| {
        words.push(pop_name(end));
        words.push(key);
    });
    Ok(())
}

pub(super) fn pop_name(end: End) -> &'static [u8] {
    match end {
        End::Front => b"LPOP",
        End::Back => b"RPOP",
    }
}

/// What LMPOP asks for.
pub(super) struct ManyPop<'a> {
    pub(super) keys: Args<'a>,
    end: End,
    count: usize,
}

impl<'a> ManyPop<'a> {
    pub(super) fn parse(args: Args<'a>) -> Result<Self, ReplyError> {
        let numkeys = positive(args.at(1)).ok_or(NUMKEYS_NOT_POSITIVE)?;
        let behind = numkeys.checked_add(2).filter(|&at| at < args.len()).ok_or(SYNTAX)?;
        let end = end_named(args.at(behind))?;
        let mut words = Cursor::new(args, behind + 1);
        let mut count = 1;
        if words.keyword("COUNT") {
            count = positive(words.word()?).ok_or(COUNT_NOT_POSITIVE)?;
        }
        words.finish()?;
        Ok(Self { keys: args.slice(2..behind), end, count })
    }

    /// Takes elements out of the list at a key and answers them; false if there is none.
    pub(super) fn pop(
        &self,
        cx: &mut ShardCx<'_>,
        key: &[u8],
        reply: &mut ReplyWriter<'_>,
    ) -> Result<bool, ReplyError> {
        let limit = cx.list_limit();
        let Some(list) = write(cx, key)? else { return Ok(false) };
        let count = self.count.min(list.len());
        reply.array(2);
        reply.bulk(key);
        answer_some(list, self.end, count, reply);
        let taken = take(list, self.end, count, limit);
        record_taken(cx, key, &taken, |words: &mut Argv| {
            words.push(pop_name(self.end));
            words.push(key);
            push_i64(words, count as i64);
        });
        Ok(true)
    }
}

fn positive(word: &[u8]) -> Option<usize> {
    parse_i64(word).and_then(|number| usize::try_from(number).ok()).filter(|&number| number > 0)
}

/// `LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count]`
pub(super) fn lmpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let pop = ManyPop::parse(args)?;
    for key in pop.keys.iter() {
        if pop.pop(cx, key, reply)? {
            return Ok(());
        }
    }
    reply.null_array();
    Ok(())
}
