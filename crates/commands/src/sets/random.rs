//! Members by chance: SPOP and SRANDMEMBER.

use datatypes::Set;
use keyspace::{Event, ShardCx};
use resp::{Args, Argv, ReplyError, ReplyWriter};
use stdx::prng::Prng;

use super::lookup::{answer, push, read_set, set_in};
use crate::Outcome;
use crate::args::integer;
use crate::errors::{COUNT_WITHOUT_NEGATIVE, NOT_POSITIVE, SYNTAX};
use crate::record::record_loss;

/// `SPOP key [count]`
pub(super) fn spop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let Some(count) = args.get(2) else { return pop_one(cx, key, reply) };
    if args.len() > 3 {
        return Err(SYNTAX);
    }
    let count = integer(count).ok().and_then(|count| usize::try_from(count).ok());
    let count = count.ok_or(NOT_POSITIVE)?;
    let mut prng = Prng::new(cx.random());
    let rules = cx.shard.set_rules();
    let set = cx.lookup_write(key).map(set_in).transpose()?;
    let Some(set) = set.filter(|_| count > 0) else {
        reply.set(0);
        return Ok(());
    };
    if count >= set.len() {
        return pop_all(cx, key, reply);
    }
    let mut popped = Argv::from_words(&[b"SREM", key]);
    reply.set(count);
    set.pop_many(count, &mut prng, &rules, |member| {
        answer(reply, member);
        push(&mut popped, member);
    });
    record_loss(cx, key, (count, Event::set("spop"), false), |words| *words = popped);
    Ok(())
}

fn pop_one(cx: &mut ShardCx<'_>, key: &[u8], reply: &mut ReplyWriter<'_>) -> Outcome {
    let mut prng = Prng::new(cx.random());
    let rules = cx.shard.set_rules();
    let Some(entry) = cx.lookup_write(key) else {
        reply.null();
        return Ok(());
    };
    let set = set_in(entry)?;
    let mut popped = Argv::from_words(&[b"SREM", key]);
    set.pop(&mut prng, &rules, |member| {
        answer(reply, member);
        push(&mut popped, member);
    });
    let is_empty = set.is_empty();
    record_loss(cx, key, (1, Event::set("spop"), is_empty), |words| *words = popped);
    Ok(())
}

/// REDIS: a set that is popped whole is logged as deleted.
fn pop_all(cx: &mut ShardCx<'_>, key: &[u8], reply: &mut ReplyWriter<'_>) -> Outcome {
    let set = cx.lookup_write(key).map(set_in).transpose()?;
    let count = set.as_ref().map_or(0, |set| set.len());
    reply.set(count);
    for member in set.into_iter().flat_map(|set| set.iter()) {
        answer(reply, member);
    }
    record_loss(cx, key, (count, Event::set("spop"), true), |words| {
        words.push(b"DEL");
        words.push(key);
    });
    Ok(())
}

/// `SRANDMEMBER key [count]`
pub(super) fn srandmember(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    if args.len() > 3 {
        return Err(SYNTAX);
    }
    let mut prng = Prng::new(cx.random());
    let Some(count) = args.get(2) else {
        return read_set(cx, key, |set| match set.and_then(|set| set.random(&mut prng)) {
            Some(member) => answer(reply, member),
            None => reply.null(),
        });
    };
    let count = count_of(count)?;
    read_set(cx, key, |set| match set {
        Some(set) => sample(set, count, &mut prng, reply),
        None => reply.array(0),
    })
}

/// A count of different members, or, negative, of any members.
fn count_of(word: &[u8]) -> Result<i64, ReplyError> {
    match integer(word)? {
        i64::MIN => Err(COUNT_WITHOUT_NEGATIVE),
        count => Ok(count),
    }
}

fn sample(set: &Set, count: i64, prng: &mut Prng, reply: &mut ReplyWriter<'_>) {
    let many = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count >= 0 {
        let count = many.min(set.len());
        reply.array(count);
        set.sample(count, prng, |member| answer(reply, member));
        return;
    }
    reply.array(many);
    for _ in 0..many {
        if let Some(member) = set.random(prng) {
            answer(reply, member);
        }
    }
}
