//! The active half of expiry: keys and fields that nobody looks up vanish too.
//!
//! The cycle walks the tables in hash order, bucket by bucket, and touches only marked entries
//! (those with an expiry, and hashes with fields that have one). A hash of which some fields have
//! expired is looked through a slice at a time as well, beside the walk. The core calls it in
//! slices and stops by its own clock, so that a shard needs none.

use datatypes::{Entry, HashRef, Position};

use crate::{Author, Db, DbIndex, Shard};

/// What one slice found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CycleSlice {
    /// Entries with an expiry that were looked at.
    pub sampled: u32,
    /// Of those, the ones that had expired and are gone.
    pub expired: u32,
    /// Whether there is a hash with expired fields that was not looked through yet.
    pub goes_on: bool,
}

/// Buckets that one slice visits.
const BUCKETS_PER_SLICE: u32 = 64;

/// Weight of a new sample in the running mean of remaining life: one in this many.
const AVG_TTL_WEIGHT: i64 = 50;

impl Shard {
    /// Whether any key, or a field of one, has an expiry.
    #[must_use]
    pub fn has_volatile(&self) -> bool {
        self.dbs.iter().any(Db::has_volatile)
    }

    /// Visits one slice of one database that has keys with an expiry.
    pub fn expire_slice(&mut self) -> CycleSlice {
        let mut slice = CycleSlice::default();
        if !self.active_expire {
            return slice;
        }
        let databases = self.dbs.len();
        let Some(db) = (0..databases)
            .map(|step| (self.cycle_db + step) % databases)
            .find(|&db| self.dbs[db].has_volatile())
        else {
            return slice;
        };
        self.cycle_db = db;
        let mut dead: Vec<Box<[u8]>> = Vec::new();
        for _ in 0..BUCKETS_PER_SLICE {
            if self.visit_bucket(db, &mut slice, &mut dead) {
                // A database was walked to its end: the next slice goes on in the next one.
                self.cycle_db = (db + 1) % databases;
                break;
            }
        }
        slice.goes_on = self.visit_dying(db);
        for key in dead {
            // A lookup is all it takes: an expired key vanishes with its change.
            self.cx(DbIndex(db as u16), Author::SERVER).contains(&key);
        }
        self.stats.cycle_sampled += u64::from(slice.sampled);
        self.stats.cycle_expired += u64::from(slice.expired);
        slice
    }

    /// Takes some of the expired fields out of the hash that is being looked through, if there is
    /// one; whether there is more to do.
    fn visit_dying(&mut self, db: usize) -> bool {
        let Some(key) = self.dbs[db].dying.take() else { return false };
        let now = self.now.0;
        let mut cx = self.cx(DbIndex(db as u16), Author::SERVER);
        cx.touch = false;
        cx.take_dead_fields(&key);
        let hash = cx.peek(&key).and_then(Entry::hash);
        let is_dying = hash.and_then(HashRef::next_expiry).is_some_and(|at| at <= now);
        if is_dying {
            self.dbs[db].dying = Some(key);
        }
        is_dying
    }

    /// Collects the dead of one bucket; true at the end of the table.
    fn visit_bucket(
        &mut self,
        db: usize,
        slice: &mut CycleSlice,
        dead: &mut Vec<Box<[u8]>>,
    ) -> bool {
        let now = self.now.0;
        let db = &mut self.dbs[db];
        let (avg, dying) = (&mut db.avg_ttl_ms, &mut db.dying);
        let next = db.table.scan_marked(db.cycle_cursor, |entry| {
            let fields_at = entry.hash().and_then(HashRef::next_expiry);
            if dying.is_none() && fields_at.is_some_and(|at| at <= now) {
                *dying = Some(entry.key().into());
            }
            let Some(at) = entry.expire_at() else { return };
            slice.sampled += 1;
            if at <= now {
                slice.expired += 1;
                dead.push(entry.key().into());
            } else if *avg == 0 {
                *avg = at - now;
            } else {
                *avg += (at - now - *avg) / AVG_TTL_WEIGHT;
            }
        });
        db.cycle_cursor = next.unwrap_or(Position::START);
        next.is_none()
    }
}
