//! Tests of the shard engine by its verbs.

mod access;
mod blocked;
mod eviction;
mod expiry;
mod garbage;
mod loans;
mod verbs;
mod walks;
mod watch;

use crate::{Author, DbIndex, KeyHasher, Shard, ShardCx, UnixMillis};

const START_MS: i64 = 1_700_000_000_000;

fn shard() -> Shard {
    let mut shard = Shard::new(4, KeyHasher::with_seed(1), 1);
    shard.set_now(UnixMillis(START_MS));
    shard.changes.record(true);
    shard
}

fn cx(shard: &mut Shard) -> ShardCx<'_> {
    shard.cx(DbIndex(0), Author(1))
}

/// A moment so many milliseconds after the start.
#[expect(clippy::unnecessary_wraps, reason = "verbs take an expiry that may be none")]
fn at(ms: i64) -> Option<UnixMillis> {
    Some(UnixMillis(START_MS + ms))
}

fn key(number: usize) -> Vec<u8> {
    format!("key:{number}").into_bytes()
}

/// Marks, expiries and counts of volatile keys agree in every database.
#[track_caller]
fn check_marks(shard: &Shard) {
    for db in &shard.dbs {
        let (mut volatile, mut field_volatile) = (0, 0);
        db.table.for_each(|entry, is_marked| {
            let fields = entry.hash().is_some_and(datatypes::HashRef::has_volatile);
            assert_eq!(is_marked, entry.expire_at().is_some() || fields, "{entry:?}");
            volatile += usize::from(entry.is_volatile());
            field_volatile += usize::from(fields);
        });
        assert_eq!((db.volatile(), db.field_volatile()), (volatile, field_volatile));
    }
}
