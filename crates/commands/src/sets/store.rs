//! SUNIONSTORE, SINTERSTORE and SDIFFSTORE: a key becomes what the sets of others make.
//!
//! Which encoding the new set gets follows from how Redis 7.2 makes it, member by member, so it is
//! made in the same way here.

use std::ops::ControlFlow;

use datatypes::listpack::Element;
use datatypes::set::{difference, intersection, union};
use datatypes::{Entry, Object, Set, SetRules};
use keyspace::{Event, KeyHasher, ShardCx, Touches};
use resp::{Args, ReplyWriter};

use super::algebra::{all_or_none, present};
use super::lookup::{Sets, read_sets};
use crate::Outcome;
use crate::record::delete_key;

type Rules = SetRules<KeyHasher>;

/// `SUNIONSTORE destination key [key ...]`
pub(super) fn sunionstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (make_union, "sunionstore"))
}

/// `SINTERSTORE destination key [key ...]`
pub(super) fn sinterstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (make_intersection, "sinterstore"))
}

/// `SDIFFSTORE destination key [key ...]`
pub(super) fn sdiffstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (make_difference, "sdiffstore"))
}

/// How a command makes its set, and the name of its event.
type Making = (fn(&Sets<'_>, &Rules) -> Set, &'static str);

fn store(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (make, event): Making,
) -> Outcome {
    let target = args.at(1);
    let rules = cx.shard.set_rules();
    let mut made = make(&read_sets(cx, args.tail(2))?, &rules);
    made.shrink_to_fit();
    reply.integer(made.len() as i64);
    if made.is_empty() {
        delete_key(cx, target, "DEL");
        return Ok(());
    }
    let lru = cx.fresh_lru();
    cx.put(Entry::new_object(target, Object::Set(made), None, lru));
    let db = cx.db;
    cx.changed_all(
        || Touches::Made {
            db,
            key: target.into(),
            of: args.tail(2).iter().map(Box::from).collect(),
        },
        &[Event::set(event)],
        |words| words.extend_from_args(args),
    );
    Ok(())
}

fn make_union(sets: &Sets<'_>, rules: &Rules) -> Set {
    let mut made = Set::new();
    union(&present(sets), rules, |member| made.insert_new(member, rules));
    made
}

/// REDIS: the first of the sets in order of size decides how the result begins; if all members are
/// integers, it ends as an intset.
fn make_intersection(sets: &Sets<'_>, rules: &Rules) -> Set {
    let sets = all_or_none(sets);
    let smallest = sets.iter().min_by_key(|set| set.len());
    let is_intset = smallest.is_some_and(|set| set.encoding() == "intset");
    let mut made = if is_intset { Set::new() } else { Set::new_listpack() };
    let mut has_only_integers = true;
    intersection(&sets, rules, |member| {
        has_only_integers &= is_integer(member);
        made.insert_new(member, rules);
        ControlFlow::Continue(())
    });
    if has_only_integers && made.encoding() != "intset" {
        made.make_ints(&rules.limits);
    }
    made
}

fn is_integer(member: Element<'_>) -> bool {
    match member {
        Element::Int(_) => true,
        Element::Bytes(bytes) => matches!(Element::of(bytes), Element::Int(_)),
    }
}

/// REDIS: where it is less work, Redis first copies the whole first set and then takes the others'
/// members out of it, which may leave a table with few members.
fn make_difference(sets: &Sets<'_>, rules: &Rules) -> Set {
    let mut made = Set::new();
    let Some(first) = sets[0] else { return made };
    let others = present(&sets[1..]);
    if others.iter().any(|other| std::ptr::eq(*other, first)) {
        return made;
    }
    let one_by_one = first.len() * (1 + others.len()) / 2;
    let all_at_once = first.len() + others.iter().map(|set| set.len()).sum::<usize>();
    if one_by_one <= all_at_once {
        difference(first, &others, rules, |member| made.insert_new(member, rules));
        return made;
    }
    for member in first {
        made.insert_new(member, rules);
    }
    for member in others.iter().flat_map(|set| set.iter()) {
        made.remove(member.as_bytes(&mut itoa::Buffer::new()), rules);
    }
    made
}
