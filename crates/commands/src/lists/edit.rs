//! Changing what is inside of a list: LSET, LINSERT, LREM, LTRIM.

use datatypes::list::End;
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyWriter};

use super::access::{Taken, element, index_range, record_taken, write};
use super::inspect::place;
use crate::Outcome;
use crate::args::integer;
use crate::errors::{INDEX_OUT_OF_RANGE, NO_SUCH_KEY, SYNTAX};

/// `LSET key index element`
pub(super) fn lset(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    let list = write(cx, key)?.ok_or(NO_SUCH_KEY)?;
    let index = integer(args.at(2))?;
    // REDIS: the list may become large for an element that has no place in it after all.
    list.make_room(args.at(3).len(), 1, limit);
    let index = place(index, list.len()).ok_or(INDEX_OUT_OF_RANGE)?;
    list.set(index, element(args, 3));
    list.compact(limit);
    cx.changed(key, Event::list("lset"), |words| words.extend_from_args(args));
    reply.ok();
    Ok(())
}

/// `LINSERT key BEFORE|AFTER pivot element`
pub(super) fn linsert(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    let is_after = args.at(2).eq_ignore_ascii_case(b"AFTER");
    if !is_after && !args.at(2).eq_ignore_ascii_case(b"BEFORE") {
        return Err(SYNTAX);
    }
    let Some(list) = write(cx, key)? else {
        reply.integer(0);
        return Ok(());
    };
    list.make_room(args.at(4).len(), 1, limit);
    if !list.insert(args.at(3), is_after, element(args, 4)) {
        reply.integer(-1);
        return Ok(());
    }
    let len = list.len();
    cx.changed(key, Event::list("linsert"), |words| words.extend_from_args(args));
    reply.integer(len as i64);
    Ok(())
}

/// `LREM key count element`
pub(super) fn lrem(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    let count = integer(args.at(2))?;
    let end = if count < 0 { End::Back } else { End::Front };
    let most = if count == 0 { u64::MAX } else { count.unsigned_abs() };
    let Some(list) = write(cx, key)? else {
        reply.integer(0);
        return Ok(());
    };
    let count = list.delete_equal(args.at(3), most as usize, end) as u64;
    if count > 0 {
        list.compact(limit);
        let taken = Taken { event: Event::list("lrem"), count, is_all: list.is_empty() };
        record_taken(cx, key, &taken, |words| words.extend_from_args(args));
    }
    reply.integer(count as i64);
    Ok(())
}

/// `LTRIM key start stop`
///
/// REDIS: a list that is trimmed by nothing was touched all the same: there is an event, and WATCH
/// sees it, but nothing is repeated on replicas.
pub(super) fn ltrim(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, limit) = (args.at(1), cx.list_limit());
    let (start, stop) = (integer(args.at(2))?, integer(args.at(3))?);
    reply.ok();
    let Some(list) = write(cx, key)? else { return Ok(()) };
    let len = list.len();
    let (start, left) = index_range(start, stop, len);
    // What goes with its key is freed with it, in slices if it is much.
    if left > 0 && left < len {
        list.delete_at_end(End::Back, len - start - left);
        list.delete_at_end(End::Front, start);
        list.compact(limit);
    }
    let count = (len - left) as u64;
    let taken = Taken { event: Event::list("ltrim"), count, is_all: left == 0 };
    record_taken(cx, key, &taken, |words| {
        if count > 0 {
            words.extend_from_args(args);
        }
    });
    Ok(())
}
