//! SUNION, SINTER, SDIFF and SINTERCARD over several shards: parts and folds.
//!
//! | command | a part sends | the fold |
//! |---|---|---|
//! | SUNION | the union of its sets | joins all, each member once |
//! | SINTER | the intersection of its sets | keeps what all parts have |
//! | SDIFF | its first set without the others; the union of the others | see below |
//!
//! A part of SDIFF does not know whether it has the request's first key. If it has, its first list
//! is what the fold begins with, and the second is not needed. If it has not, both lists together
//! are the union of its sets, which the fold takes away.

use std::ops::ControlFlow;

use datatypes::set::{difference, intersection, union};
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyWriter};
use stdx::HashSet;

use super::algebra::{Card, all_or_none, present};
use super::lookup::{push, read_sets};
use crate::fold::check_parts;
use crate::{Outcome, Part, Partial};

/// The place of the first key among the words of SDIFF.
const FIRST_KEY: u32 = 1;

/// `SUNION key [key ...]`, the keys of one shard
pub(super) fn sunion_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let rules = cx.shard.set_rules();
    let sets = match read_sets(cx, args.tail(1)) {
        Ok(sets) => present(&sets),
        Err(error) => return Partial::Failed(error),
    };
    let mut members = Argv::new();
    union(&sets, &rules, |member| push(&mut members, member));
    Partial::Members(vec![members])
}

/// `SINTER key [key ...]`, the keys of one shard
pub(super) fn sinter_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let rules = cx.shard.set_rules();
    let sets = match read_sets(cx, args.tail(1)) {
        Ok(sets) => all_or_none(&sets),
        Err(error) => return Partial::Failed(error),
    };
    let mut members = Argv::new();
    intersection(&sets, &rules, |member| {
        push(&mut members, member);
        ControlFlow::Continue(())
    });
    Partial::Members(vec![members])
}

/// `SDIFF key [key ...]`, the keys of one shard
pub(super) fn sdiff_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let rules = cx.shard.set_rules();
    let sets = match read_sets(cx, args.tail(1)) {
        Ok(sets) => sets,
        Err(error) => return Partial::Failed(error),
    };
    let others = present(&sets[1..]);
    let mut lists = vec![Argv::new(), Argv::new()];
    if let Some(first) = sets[0] {
        difference(first, &others, &rules, |member| push(&mut lists[0], member));
    }
    union(&others, &rules, |member| push(&mut lists[1], member));
    Partial::Members(lists)
}

/// All parts' members, each once.
pub(super) fn sunion_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let mut seen: HashSet<&[u8]> = HashSet::default();
    let mark = reply.mark();
    for member in parts.iter().flat_map(|part| words(part, 0)) {
        if seen.insert(member) {
            reply.bulk(member);
        }
    }
    reply.set_at(mark, seen.len());
    Ok(())
}

/// The members that all parts have.
pub(super) fn sinter_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let (mark, mut count) = (reply.mark(), 0);
    in_common(parts, |member| {
        reply.bulk(member);
        count += 1;
        ControlFlow::Continue(())
    });
    reply.set_at(mark, count);
    Ok(())
}

/// How many members all parts have, up to the limit.
pub(super) fn sintercard_fold(
    args: Args<'_>,
    parts: &[Part],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    check_parts(parts)?;
    let limit = Card::parse(args)?.limit;
    let mut count = 0;
    in_common(parts, |_| {
        count += 1;
        if count == limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    reply.integer(count as i64);
    Ok(())
}

/// The first set without the others.
pub(super) fn sdiff_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let is_first = |part: &&Part| part.positions.first() == Some(&FIRST_KEY);
    let others = parts.iter().filter(|part| !is_first(part));
    let lost: HashSet<&[u8]> =
        others.flat_map(|part| words(part, 0).chain(words(part, 1))).collect();
    let (mark, mut count) = (reply.mark(), 0);
    for member in parts.iter().filter(is_first).flat_map(|part| words(part, 0)) {
        if !lost.contains(member) {
            reply.bulk(member);
            count += 1;
        }
    }
    reply.set_at(mark, count);
    Ok(())
}

/// Calls `visit` with the members that all parts have, until it breaks off.
fn in_common<'a>(parts: &'a [Part], mut visit: impl FnMut(&'a [u8]) -> ControlFlow<()>) {
    let Some(smallest) = (0..parts.len()).min_by_key(|&at| words(&parts[at], 0).len()) else {
        return;
    };
    let others = parts.iter().enumerate().filter(|(at, _)| *at != smallest);
    let others: Vec<HashSet<&[u8]>> = others.map(|(_, part)| words(part, 0).collect()).collect();
    for member in words(&parts[smallest], 0) {
        let is_in_all = others.iter().all(|members| members.contains(member));
        if is_in_all && visit(member).is_break() {
            return;
        }
    }
}

/// A list of a part.
fn words(part: &Part, list: usize) -> impl ExactSizeIterator<Item = &[u8]> {
    let list = match &part.partial {
        Partial::Members(lists) => lists.get(list),
        _ => None,
    };
    list.map_or(Args::new(&[], &[], &[]), Argv::as_args).iter()
}
