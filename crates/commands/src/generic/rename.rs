//! RENAME and RENAMENX: a value goes to another name, by reference.

use keyspace::{Change, DbIndex, Event, On, Shard, ShardCx, Touches};
use resp::{Args, Argv, ReplyWriter};

use crate::Outcome;
use crate::errors::NO_SUCH_KEY;
use crate::record::push_value;

/// `RENAME key newkey`
pub(super) fn rename(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (from, to) = (args.at(1), args.at(2));
    if cx.lookup_write(from).is_none() {
        return Err(NO_SUCH_KEY);
    }
    if from != to {
        rename_key(cx, from, to);
    }
    reply.ok();
    Ok(())
}

/// `RENAMENX key newkey`
pub(super) fn renamenx(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (from, to) = (args.at(1), args.at(2));
    if cx.lookup_write(from).is_none() {
        return Err(NO_SUCH_KEY);
    }
    // A key's own name is taken, too.
    let is_free = from != to && cx.lookup_write(to).is_none();
    if is_free {
        rename_key(cx, from, to);
    }
    reply.integer(i64::from(is_free));
    Ok(())
}

/// Renames a live key, with its expiry, over whatever has the other name.
fn rename_key(cx: &mut ShardCx<'_>, from: &[u8], to: &[u8]) {
    let Some(entry) = cx.remove(from) else { return };
    cx.put(entry.rename(to));
    let db = cx.db;
    cx.changed_all(
        || Touches::Move { from: (db, from.into()), to: (db, to.into()) },
        &[Event::generic("rename_from"), Event::generic("rename_to").on_target()],
        |words| {
            words.push(b"RENAME");
            words.push(from);
            words.push(to);
        },
    );
}

/// A move between two shards as what each of them can replay alone: the source's loss, and the
/// target's new value, which must be in `shard` now.
#[must_use]
pub fn apart(
    shard: &mut Shard,
    moved: &Change,
    from: (DbIndex, Box<[u8]>),
    to: (DbIndex, Box<[u8]>),
) -> [Change; 2] {
    let (events_from, events_to) =
        moved.events.iter().copied().partition(|event| event.on == On::Key);
    let mut loss = Argv::new();
    loss.push(b"DEL");
    loss.push(&from.1);
    let mut value = Argv::new();
    push_value(&mut shard.cx(to.0, moved.author), &to.1, &mut value);
    let change = |(db, key), durable, events| Change {
        touches: Touches::Key { db, key },
        db,
        durable,
        events,
        author: moved.author,
    };
    [change(from, loss, events_from), change(to, value, events_to)]
}
