//! COPY and MOVE: a value to another name or another database.

use keyspace::{DbIndex, Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::{Cursor, int};
use crate::errors::{DB_INDEX_OUT_OF_RANGE, SAME_OBJECT};
use crate::record::push_i64;

/// `COPY source destination [DB destination-db] [REPLACE]`
pub(super) fn copy(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let mut words = Cursor::new(args, 3);
    let (mut target_db, mut replace) = (cx.db, false);
    while !words.is_at_end() {
        if words.keyword("REPLACE") {
            replace = true;
        } else if words.keyword("DB") {
            target_db = db_index(cx, words.word()?)?;
        } else {
            words.finish()?;
        }
    }
    let (from, to) = (args.at(1), args.at(2));
    if from == to && target_db == cx.db {
        return Err(SAME_OBJECT);
    }
    let Some(entry) = cx.lookup_read(from) else {
        reply.integer(0);
        return Ok(());
    };
    let mut copied = entry.copy_as(to);
    copied.set_lru(cx.fresh_lru());
    let mut target = cx.in_db(target_db);
    let is_free = target.lookup_write(to).is_none();
    let is_copied = is_free || replace;
    if is_copied {
        target.put(copied);
        cx.changed_all(
            || Touches::Made { db: target_db, key: to.into(), of: vec![from.into()] },
            &[Event::generic("copy_to")],
            |words| words.extend_from_args(args),
        );
    }
    reply.integer(i64::from(is_copied));
    Ok(())
}

/// The target of `COPY ... DB n` is looked for in that database.
pub(super) fn db_of_key(args: Args<'_>, position: usize, db: DbIndex) -> DbIndex {
    let is_db = |word: &[u8]| word.eq_ignore_ascii_case(b"DB");
    let named = (3..args.len().saturating_sub(1)).filter(|&index| is_db(args.at(index)));
    let mut named = named.filter_map(|index| u16::try_from(int(args.at(index + 1)).ok()?).ok());
    if position == 2 { named.next_back().map_or(db, DbIndex) } else { db }
}

/// `MOVE key db`
pub(super) fn move_key(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (key, from) = (args.at(1), cx.db);
    let to = db_index(cx, args.at(2))?;
    if from == to {
        return Err(SAME_OBJECT);
    }
    let is_there = cx.lookup_write(key).is_some();
    let is_moved = is_there && cx.in_db(to).lookup_write(key).is_none();
    if is_moved && let Some(entry) = cx.remove(key) {
        cx.in_db(to).insert(entry);
        cx.changed_all(
            || Touches::Move { from: (from, key.into()), to: (to, key.into()) },
            &[Event::generic("move_from"), Event::generic("move_to").on_target()],
            |words| {
                words.push(b"MOVE");
                words.push(key);
                push_i64(words, i64::from(to.0));
            },
        );
    }
    reply.integer(i64::from(is_moved));
    Ok(())
}

/// The database that a word names.
fn db_index(cx: &ShardCx<'_>, word: &[u8]) -> Result<DbIndex, ReplyError> {
    let index = u16::try_from(int(word)?).map_err(|_| DB_INDEX_OUT_OF_RANGE)?;
    if usize::from(index) < cx.shard.dbs().len() {
        Ok(DbIndex(index))
    } else {
        Err(DB_INDEX_OUT_OF_RANGE)
    }
}
