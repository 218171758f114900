//! RENAME and RENAMENX: a value goes to another name, by reference.

use keyspace::{Change, DbIndex, Event, On, Shard, ShardCx, Touches};
use resp::{Args, Argv, ReplyWriter};

use crate::Outcome;
use crate::errors::NO_SUCH_KEY;
use crate::record::value_command;

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
    to: &(DbIndex, Box<[u8]>),
) -> [Change; 2] {
    let (events_from, events_to) =
        moved.events.iter().copied().partition(|event| event.on == On::Key);
    let durable = Argv::from_words(&[b"DEL", &from.1]);
    let (db, key) = from;
    let touches = Touches::Key { db, key };
    let loss = Change { touches, db, durable, events: events_from, author: moved.author };
    let gain = Change { events: events_to, ..moved.clone() };
    [loss, made(shard, &gain, to)]
}

/// A value that was made of those of other keys, and must be in `shard` now, as what its shard can
/// replay alone.
#[must_use]
pub fn made(shard: &mut Shard, change: &Change, (db, key): &(DbIndex, Box<[u8]>)) -> Change {
    let value = value_command(&mut shard.cx(*db, change.author), key);
    Change {
        touches: Touches::Key { db: *db, key: key.clone() },
        db: *db,
        durable: value.expect("it was made by the command that has just run"),
        events: change.events.clone(),
        author: change.author,
    }
}
