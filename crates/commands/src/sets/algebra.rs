//! SUNION, SINTER, SDIFF and SINTERCARD where one shard has all keys.
//!
//! Members go straight from the sets into the reply.

use std::ops::ControlFlow;

use datatypes::Set;
use datatypes::set::{difference, intersection, union};
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};

use super::lookup::{Sets, answer, read_sets};
use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{LIMIT_NEGATIVE, NUMKEYS_NOT_POSITIVE, NUMKEYS_TOO_LARGE};

/// `SUNION key [key ...]`
pub(super) fn sunion(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let rules = cx.shard.set_rules();
    let sets = present(&read_sets(cx, args.tail(1))?);
    let (mark, mut count) = (reply.mark(), 0);
    union(&sets, &rules, |member| {
        answer(reply, member);
        count += 1;
    });
    reply.set_at(mark, count);
    Ok(())
}

/// `SINTER key [key ...]`
pub(super) fn sinter(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let rules = cx.shard.set_rules();
    let sets = all_or_none(&read_sets(cx, args.tail(1))?);
    let (mark, mut count) = (reply.mark(), 0);
    intersection(&sets, &rules, |member| {
        answer(reply, member);
        count += 1;
        ControlFlow::Continue(())
    });
    reply.set_at(mark, count);
    Ok(())
}

/// `SDIFF key [key ...]`
pub(super) fn sdiff(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let rules = cx.shard.set_rules();
    let sets = read_sets(cx, args.tail(1))?;
    let (mark, mut count) = (reply.mark(), 0);
    if let Some(first) = sets[0] {
        difference(first, &present(&sets[1..]), &rules, |member| {
            answer(reply, member);
            count += 1;
        });
    }
    reply.set_at(mark, count);
    Ok(())
}

/// What SINTERCARD is asked.
pub(super) struct Card {
    /// How many keys stand from word 2 on.
    pub(super) keys: usize,
    /// The count at which counting ends.
    pub(super) limit: usize,
}

impl Card {
    /// Reads `SINTERCARD numkeys key [key ...] [LIMIT limit]`.
    pub(super) fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let keys = integer(args.at(1)).ok().and_then(|keys| usize::try_from(keys).ok());
        let keys = keys.filter(|keys| *keys > 0).ok_or(NUMKEYS_NOT_POSITIVE)?;
        if keys > args.len() - 2 {
            return Err(NUMKEYS_TOO_LARGE);
        }
        let mut card = Self { keys, limit: usize::MAX };
        let mut words = Cursor::new(args, 2 + keys);
        while !words.is_at_end() {
            if !words.keyword("LIMIT") {
                words.finish()?;
            }
            let limit = integer(words.word()?).ok().and_then(|limit| usize::try_from(limit).ok());
            // No limit is asked for by 0.
            card.limit = match limit.ok_or(LIMIT_NEGATIVE)? {
                0 => usize::MAX,
                limit => limit,
            };
        }
        Ok(card)
    }
}

/// The words of SINTERCARD are well-formed.
pub(super) fn sintercard_check(args: Args<'_>) -> Outcome {
    Card::parse(args).map(|_| ())
}

/// `SINTERCARD numkeys key [key ...] [LIMIT limit]`
pub(super) fn sintercard(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let card = Card::parse(args)?;
    let rules = cx.shard.set_rules();
    let sets = all_or_none(&read_sets(cx, args.slice(2..2 + card.keys))?);
    let mut count = 0;
    intersection(&sets, &rules, |_| {
        count += 1;
        if count == card.limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    reply.integer(count as i64);
    Ok(())
}

/// The sets that are there.
pub(super) fn present<'a>(sets: &[Option<&'a Set>]) -> Vec<&'a Set> {
    sets.iter().copied().flatten().collect()
}

/// All sets, or none if one is not there, and nothing is in common.
pub(super) fn all_or_none<'a>(sets: &Sets<'a>) -> Vec<&'a Set> {
    sets.iter().copied().collect::<Option<_>>().unwrap_or_default()
}
