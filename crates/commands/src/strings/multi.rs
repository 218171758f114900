//! Several keys at once: MGET, MSET, MSETNX.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};
use smallvec::{SmallVec, smallvec};

use crate::errors::wrong_number_of_arguments;
use crate::text::{answer, collect, set_word};
use crate::{Outcome, Part, Partial, Texts};

/// `MGET key [key ...]`, where one shard has all keys
///
/// REDIS: a key of another type counts as missing.
pub(super) fn mget(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.array(args.len() - 1);
    for key in args.tail(1).iter() {
        if answer(cx, key, reply).is_err() {
            reply.null();
        }
    }
    Ok(())
}

/// `MGET key [key ...]`, the keys of one shard
pub(super) fn mget_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let mut texts = Texts::default();
    for key in args.tail(1).iter() {
        collect(cx, key, &mut texts);
    }
    Partial::Texts(Box::new(texts))
}

/// The values in the order of the keys.
pub(super) fn mget_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    let count = args.len() - 1;
    reply.array(count);
    // Which part has a key, and the how manieth of its keys it is.
    let mut places: SmallVec<[(u32, u32); 32]> = smallvec![(0, 0); count];
    for (part, whose) in parts.iter().enumerate() {
        for (index, position) in whose.positions.iter().enumerate() {
            places[*position as usize - 1] = (part as u32, index as u32);
        }
    }
    for (part, index) in places {
        let Partial::Texts(texts) = &parts[part as usize].partial else {
            unreachable!("the part of MGET answers with texts")
        };
        texts.answer(index as usize, reply);
    }
    Ok(())
}

/// Every key has its value.
pub(super) fn mset_check(args: Args<'_>) -> Outcome {
    if args.len().is_multiple_of(2) { Err(wrong_number_of_arguments("mset")) } else { Ok(()) }
}

/// `MSET key value [key value ...]`, the keys of one shard
pub(super) fn mset_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    set_pairs(cx, args);
    Partial::Done
}

/// Always fine.
pub(super) fn mset_fold(_: Args<'_>, _: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    reply.ok();
    Ok(())
}

/// `MSETNX key value [key value ...]`
pub(super) fn msetnx(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_number_of_arguments("msetnx"));
    }
    let is_any_there = args.iter().skip(1).step_by(2).any(|key| cx.lookup_write(key).is_some());
    if !is_any_there {
        set_pairs(cx, args);
    }
    reply.integer(i64::from(!is_any_there));
    Ok(())
}

fn set_pairs(cx: &mut ShardCx<'_>, args: Args<'_>) {
    for at in (1..args.len()).step_by(2) {
        set_word(cx, args.at(at), (args, at + 1));
    }
}
