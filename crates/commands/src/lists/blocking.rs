//! Lists that clients wait for: BLPOP, BRPOP, BLMOVE, BRPOPLPUSH, BLMPOP.
//!
//! Each of them is tried on all its keys; if there is nothing, it asks to wait, or answers so where
//! it may not (in MULTI). When there is something under one of its keys, it is *served* from that
//! key alone.
//!
//! REDIS: this is what 7.0 does; a client that waits for several keys which one EXEC fills gets the
//! element of the first key that was filled, not of the first key that it has named.

use datatypes::list::End;
use datatypes::{Entry, Object, ValueRef};
use keyspace::{ServeFn, ShardCx, UnixMillis, Wait};
use resp::{Args, Argv, ReplyError, ReplyWriter};

use super::access::{answer, end_named, record_taken, write};
use super::moving::{ManyPop, move_element, pop_name};
use super::push_pop::take;
use crate::Outcome;
use crate::waiting::{pop_first, until};

fn is_list(entry: &Entry) -> bool {
    matches!(entry.value(), ValueRef::Object(Object::List(_)))
}

/// `BLPOP key [key ...] timeout`
pub(super) fn blpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    pop_or_wait(cx, args, reply, (End::Front, serve_blpop))
}

/// `BRPOP key [key ...] timeout`
pub(super) fn brpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    pop_or_wait(cx, args, reply, (End::Back, serve_brpop))
}

fn pop_or_wait(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (end, serve): (End, ServeFn),
) -> Outcome {
    let keys = 1..args.len() - 1;
    let until = until(cx, args.at(keys.end))?;
    let wait = Wait { keys, uses: None, until, wants: is_list, serve };
    pop_first(cx, args, reply, wait, |cx, key, reply| pop(cx, key, end, reply))
}

fn serve_blpop(
    cx: &mut ShardCx<'_>,
    _: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop(cx, key, End::Front, reply).map(drop)
}

fn serve_brpop(
    cx: &mut ShardCx<'_>,
    _: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    pop(cx, key, End::Back, reply).map(drop)
}

/// Takes an element out of the list at a key and answers both; false if there is none.
fn pop(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    end: End,
    reply: &mut ReplyWriter<'_>,
) -> Result<bool, ReplyError> {
    let limit = cx.list_limit();
    let Some(list) = write(cx, key)? else { return Ok(false) };
    let item = list.iter(end).next().expect("a list that is there has elements");
    reply.array(2);
    reply.bulk(key);
    answer(item, reply);
    let taken = take(list, end, 1, limit);
    record_taken(cx, key, &taken, |words| {
        words.push(pop_name(end));
        words.push(key);
    });
    Ok(true)
}

/// `BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout`
pub(super) fn blmove(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let ends = ends_of_blmove(args)?;
    let until = until(cx, args.at(5))?;
    let has_moved = move_element(cx, without_timeout(args, b"LMOVE").as_args(), reply, ends)?;
    wait_to_move(cx, reply, has_moved, (until, serve_blmove));
    Ok(())
}

fn ends_of_blmove(args: Args<'_>) -> Result<(End, End), ReplyError> {
    Ok((end_named(args.at(3))?, end_named(args.at(4))?))
}

fn serve_blmove(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    _: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let ends = ends_of_blmove(args)?;
    move_element(cx, without_timeout(args, b"LMOVE").as_args(), reply, ends).map(drop)
}

/// `BRPOPLPUSH source destination timeout`
pub(super) fn brpoplpush(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let until = until(cx, args.at(3))?;
    let words = without_timeout(args, b"RPOPLPUSH");
    let has_moved = move_element(cx, words.as_args(), reply, (End::Back, End::Front))?;
    wait_to_move(cx, reply, has_moved, (until, serve_brpoplpush));
    Ok(())
}

fn serve_brpoplpush(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    _: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let words = without_timeout(args, b"RPOPLPUSH");
    move_element(cx, words.as_args(), reply, (End::Back, End::Front)).map(drop)
}

fn wait_to_move(
    cx: &mut ShardCx<'_>,
    reply: &mut ReplyWriter<'_>,
    has_moved: bool,
    (until, serve): (Option<UnixMillis>, ServeFn),
) {
    if has_moved {
        return;
    }
    if cx.may_wait() {
        cx.wait(Wait { keys: 1..2, uses: Some(2), until, wants: is_list, serve });
    } else {
        reply.null();
    }
}

/// The words of the same command that does not wait: what is recorded.
fn without_timeout(args: Args<'_>, name: &[u8]) -> Argv {
    let mut words = Argv::new();
    words.push(name);
    args.slice(1..args.len() - 1).iter().for_each(|word| words.push(word));
    words
}

/// `BLMPOP timeout numkeys key [key ...] LEFT|RIGHT [COUNT count]`
pub(super) fn blmpop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let wanted = ManyPop::parse(args.tail(1))?;
    let until = until(cx, args.at(1))?;
    let keys = 3..3 + wanted.keys.len();
    let wait = Wait { keys, uses: None, until, wants: is_list, serve: serve_blmpop };
    pop_first(cx, args, reply, wait, |cx, key, reply| wanted.pop(cx, key, reply))
}

fn serve_blmpop(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    ManyPop::parse(args.tail(1))?.pop(cx, key, reply).map(drop)
}
