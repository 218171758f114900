//! ZUNIONSTORE, ZINTERSTORE and ZDIFFSTORE: a key becomes what the values of others make.

use datatypes::{Entry, Object, Zset};
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyWriter};

use super::algebra::{Form, Made, Operation, Rules, read_inputs, work_out};
use crate::Outcome;
use crate::record::delete_key;

/// `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM|MIN|MAX]`
pub(super) fn zunionstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (Operation::Union, "zunionstore"))
}

/// `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS ...] [AGGREGATE SUM|MIN|MAX]`
pub(super) fn zinterstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (Operation::Inter, "zinterstore"))
}

/// `ZDIFFSTORE destination numkeys key [key ...]`
pub(super) fn zdiffstore(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    store(cx, args, reply, (Operation::Diff, "zdiffstore"))
}

/// The command's name is that of its event, too.
fn store(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (operation, name): (Operation, &'static str),
) -> Outcome {
    let form = Form { operation, name, numkeys_at: 2 };
    let keys = form.keys(args)?;
    let rules = Rules::of(cx);
    let inputs = read_inputs(cx, keys)?;
    let options = form.options(args, keys.len())?;
    let made = work_out(operation, &inputs, &options, Some(&rules));
    let made = zset_of(cx, &made);
    put_made(cx, made, (args, keys), name, reply);
    Ok(())
}

/// The sorted set of a result: a listpack, if it may be one.
fn zset_of(cx: &ShardCx<'_>, made: &Made) -> Zset {
    let rules = cx.shard.zset_rules();
    let longest = made.iter().map(|(_, member)| member.len()).max().unwrap_or(0);
    let is_small = made.len() <= rules.limits.entries && longest <= rules.limits.value;
    let mut zset = if is_small { Zset::new() } else { Zset::new_large() };
    for (score, member) in made {
        zset.insert(member, *score, &rules);
    }
    zset.shrink_to_fit();
    zset
}

/// Sets the first key of a request to what was made of others, or deletes it if that is nothing.
pub(super) fn put_made(
    cx: &mut ShardCx<'_>,
    made: Zset,
    (args, sources): (Args<'_>, Args<'_>),
    event: &'static str,
    reply: &mut ReplyWriter<'_>,
) {
    let target = args.at(1);
    reply.integer(made.len() as i64);
    if made.is_empty() {
        delete_key(cx, target, "DEL");
        return;
    }
    let lru = cx.fresh_lru();
    cx.put(Entry::new_object(target, Object::Zset(made), None, lru));
    let db = cx.db;
    cx.changed_all(
        || Touches::Made { db, key: target.into(), of: sources.iter().map(Box::from).collect() },
        &[Event::sorted_set(event)],
        |words| words.extend_from_args(args),
    );
}
