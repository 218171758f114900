//! Members of one set: SADD, SREM, SISMEMBER, SMISMEMBER, SMEMBERS, SCARD; and of two: SMOVE.

use datatypes::{Set, SetRules};
use keyspace::{Event, KeyHasher, ShardCx, Touches};
use resp::{Args, ReplyWriter};

use super::lookup::{answer, insert_set, read_set, set_in, set_of};
use crate::Outcome;
use crate::record::record_loss;

/// `SADD key member [member ...]`
pub(super) fn sadd(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, members) = (args.at(1), args.tail(2));
    let rules = cx.shard.set_rules();
    let add_all = |set: &mut Set| -> usize {
        members.iter().map(|member| usize::from(set.insert(member, &rules))).sum()
    };
    let added = match cx.lookup_write(key) {
        Some(entry) => {
            let set = set_in(entry)?;
            set.expect(members.len(), &rules);
            add_all(set)
        }
        None => {
            let mut set = Set::for_members(args.at(2), members.len(), &rules.limits);
            let added = add_all(&mut set);
            set.shrink_to_fit();
            insert_set(cx, key, set);
            added
        }
    };
    if added > 0 {
        let db = cx.db;
        let touches = || Touches::Key { db, key: key.into() };
        cx.changed_many(added as u64, touches, &[Event::set("sadd")], |words| {
            words.extend_from_args(args);
        });
    }
    reply.integer(added as i64);
    Ok(())
}

/// `SREM key member [member ...]`
pub(super) fn srem(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let rules = cx.shard.set_rules();
    let Some(entry) = cx.lookup_write(key) else {
        reply.integer(0);
        return Ok(());
    };
    let set = set_in(entry)?;
    let removed: usize =
        args.tail(2).iter().map(|member| usize::from(set.remove(member, &rules))).sum();
    if removed > 0 {
        let loss = (removed, Event::set("srem"), set.is_empty());
        record_loss(cx, key, loss, |words| words.extend_from_args(args));
    }
    reply.integer(removed as i64);
    Ok(())
}

/// `SISMEMBER key member`
pub(super) fn sismember(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let rules = cx.shard.set_rules();
    let is_member =
        read_set(cx, args.at(1), |set| set.is_some_and(|set| set.contains(args.at(2), &rules)))?;
    reply.integer(i64::from(is_member));
    Ok(())
}

/// `SMISMEMBER key member [member ...]`
pub(super) fn smismember(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let rules = cx.shard.set_rules();
    let members = args.tail(2);
    read_set(cx, args.at(1), |set| {
        reply.array(members.len());
        for member in members.iter() {
            let is_member = set.is_some_and(|set| set.contains(member, &rules));
            reply.integer(i64::from(is_member));
        }
    })
}

/// `SMEMBERS key`
pub(super) fn smembers(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    read_set(cx, args.at(1), |set| {
        reply.set(set.map_or(0, Set::len));
        for member in set.into_iter().flatten() {
            answer(reply, member);
        }
    })
}

/// `SCARD key`
pub(super) fn scard(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let count = read_set(cx, args.at(1), |set| set.map_or(0, Set::len))?;
    reply.integer(count as i64);
    Ok(())
}

/// `SMOVE source destination member`
pub(super) fn smove(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (from, to, member) = (args.at(1), args.at(2), args.at(3));
    let rules = cx.shard.set_rules();
    // Both keys are used and judged, the source first, before anything else is looked at.
    let source_type = cx.lookup_write(from).map(|entry| set_in(entry).map(|_| ()));
    let target_type = cx.lookup_write(to).map(|entry| set_in(entry).map(|_| ()));
    let Some(source_type) = source_type else {
        reply.integer(0);
        return Ok(());
    };
    source_type?;
    target_type.transpose()?;
    let is_moved = if from == to {
        is_there(cx, from, member, &rules)
    } else {
        take(cx, from, member, &rules)
    };
    if is_moved && from != to {
        give(cx, to, member, &rules);
    }
    reply.integer(i64::from(is_moved));
    Ok(())
}

type Rules = SetRules<KeyHasher>;

/// Whether a member that is to be moved to where it is is there.
fn is_there(cx: &mut ShardCx<'_>, key: &[u8], member: &[u8], rules: &Rules) -> bool {
    let set = cx.peek(key).and_then(|entry| set_of(entry).ok());
    set.is_some_and(|set| set.contains(member, rules))
}

/// Takes a member out of a set that is there.
fn take(cx: &mut ShardCx<'_>, key: &[u8], member: &[u8], rules: &Rules) -> bool {
    let set = cx.lookup_write(key).and_then(|entry| set_in(entry).ok());
    let Some(set) = set else { return false };
    if !set.remove(member, rules) {
        return false;
    }
    let is_empty = set.is_empty();
    record_loss(cx, key, (1, Event::set("srem"), is_empty), |words| {
        words.push(b"SREM");
        words.push(key);
        words.push(member);
    });
    true
}

/// Adds a member to a set, which may not be there yet.
fn give(cx: &mut ShardCx<'_>, key: &[u8], member: &[u8], rules: &Rules) {
    let is_new = match cx.lookup_write(key).and_then(|entry| set_in(entry).ok()) {
        Some(set) => set.insert(member, rules),
        None => {
            let mut set = Set::for_members(member, 1, &rules.limits);
            set.insert(member, rules);
            insert_set(cx, key, set);
            true
        }
    };
    if is_new {
        cx.changed(key, Event::set("sadd"), |words| {
            words.push(b"SADD");
            words.push(key);
            words.push(member);
        });
    }
}
