//! Both ends of one list: LPUSH, RPUSH, LPUSHX, RPUSHX, LPOP, RPOP.

use datatypes::List;
use datatypes::list::{End, NodeLimit};
use keyspace::{ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number::parse_i64;

use super::access::{
    Taken, answer, answer_some, element, insert, popped, pushed, record_taken, write,
};
use crate::Outcome;
use crate::errors::{NOT_POSITIVE, wrong_number_of_arguments};

/// `LPUSH key element [element ...]`
pub(super) fn lpush(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    push(cx, args, reply, Push { end: End::Front, may_make: true })
}

/// `RPUSH key element [element ...]`
pub(super) fn rpush(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    push(cx, args, reply, Push { end: End::Back, may_make: true })
}

/// `LPUSHX key element [element ...]`
pub(super) fn lpushx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    push(cx, args, reply, Push { end: End::Front, may_make: false })
}

/// `RPUSHX key element [element ...]`
pub(super) fn rpushx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    push(cx, args, reply, Push { end: End::Back, may_make: false })
}

/// How to push.
#[derive(Clone, Copy)]
struct Push {
    end: End,
    /// Whether a list is made where there is none.
    may_make: bool,
}

fn push(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>, push: Push) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    let len = match write(cx, key)? {
        Some(list) => {
            push_words(list, args, push.end, limit);
            list.len()
        }
        None if push.may_make => {
            let mut list = List::new();
            push_words(&mut list, args, push.end, limit);
            let len = list.len();
            insert(cx, key, list);
            len
        }
        None => {
            reply.integer(0);
            return Ok(());
        }
    };
    let (db, count) = (cx.db, args.len() as u64 - 2);
    cx.changed_many(
        count,
        || Touches::Key { db, key: key.into() },
        &[pushed(push.end)],
        |words| words.extend_from_args(args),
    );
    reply.integer(len as i64);
    Ok(())
}

fn push_words(list: &mut List, args: Args<'_>, end: End, limit: NodeLimit) {
    let elements = args.tail(2);
    list.make_room(elements.total_bytes(), elements.len(), limit);
    for index in 2..args.len() {
        list.push(end, element(args, index));
    }
}

/// `LPOP key [count]`
pub(super) fn lpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    pop(cx, args, reply, (End::Front, "lpop"))
}

/// `RPOP key [count]`
pub(super) fn rpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    pop(cx, args, reply, (End::Back, "rpop"))
}

fn pop(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (end, name): (End, &str),
) -> Outcome {
    if args.len() > 3 {
        return Err(wrong_number_of_arguments(name));
    }
    let (key, limit) = (args.at(1), cx.list_limit());
    let count = args.get(2).map(not_negative).transpose()?;
    let Some(list) = write(cx, key)? else {
        // REDIS: with a count the reply would have been an array.
        if count.is_some() {
            reply.null_array();
        } else {
            reply.null();
        }
        return Ok(());
    };
    let taken = count.unwrap_or(1).min(list.len());
    if count.is_some() {
        answer_some(list, end, taken, reply);
    } else if let Some(item) = list.iter(end).next() {
        answer(item, reply);
    }
    if taken > 0 {
        let taken = take(list, end, taken, limit);
        record_taken(cx, key, &taken, |words| words.extend_from_args(args));
    }
    Ok(())
}

/// A count that may be zero.
fn not_negative(word: &[u8]) -> Result<usize, ReplyError> {
    parse_i64(word).and_then(|count| usize::try_from(count).ok()).ok_or(NOT_POSITIVE)
}

/// Takes elements out at one end. If these are all, they are left to be freed with the key.
pub(super) fn take(list: &mut List, end: End, count: usize, limit: NodeLimit) -> Taken {
    let is_all = count >= list.len();
    if !is_all {
        list.delete_at_end(end, count);
        list.compact(limit);
    }
    Taken { event: popped(end), count: count as u64, is_all }
}
