//! Walks of a shard's keys: SCAN, KEYS, RANDOMKEY.

use bytes::Bytes;
use datatypes::{Entry, Position};

use crate::ShardCx;

/// A step of SCAN.
pub struct Scan {
    /// Where to go on; `None` at the end of the database.
    pub next: Option<Position>,
    /// Keys met that are alive and wanted.
    pub keys: Vec<Bytes>,
}

/// LIMIT: buckets that are visited for each key asked for, so that a step in a sparse table ends
/// too.
const BUCKETS_PER_KEY: usize = 10;

impl ShardCx<'_> {
    /// Visits buckets from `position` on until about `count` entries were met.
    ///
    /// Every key that is there during the whole walk is met at least once. Expired ones vanish.
    pub fn scan(
        &mut self,
        position: Position,
        count: usize,
        mut wanted: impl FnMut(&Entry) -> bool,
    ) -> Scan {
        let now = self.shard.now.0;
        let table = &self.shard.dbs[self.db.index()].table;
        let mut scan = Scan { next: Some(position), keys: Vec::new() };
        let mut expired: Vec<Box<[u8]>> = Vec::new();
        let mut met = 0;
        let mut buckets = count.saturating_mul(BUCKETS_PER_KEY);
        while met < count && buckets > 0 {
            let Some(at) = scan.next else { break };
            buckets -= 1;
            scan.next = table.scan(at, |entry, _| {
                met += 1;
                if !is_live(entry, now) {
                    expired.push(entry.key().into());
                } else if wanted(entry) {
                    scan.keys.push(Bytes::copy_from_slice(entry.key()));
                }
            });
        }
        for key in expired {
            // A lookup is all it takes: an expired key vanishes with its change.
            self.contains(&key);
        }
        scan
    }

    /// Calls `visit` with every live entry of the database.
    pub fn for_each(&self, mut visit: impl FnMut(&Entry)) {
        let now = self.shard.now.0;
        self.shard.dbs[self.db.index()].for_each(|entry| {
            if is_live(entry, now) {
                visit(entry);
            }
        });
    }

    /// A key by chance; `None` if no key is alive.
    pub fn random_key(&mut self) -> Option<Bytes> {
        // Every round that does not end removes an expired key, so there are not more than those.
        loop {
            let shard = &mut *self.shard;
            let prng = &mut shard.prng;
            let entry = shard.dbs[self.db.index()].table.random(|| prng.next_u64())?;
            let key = Bytes::copy_from_slice(entry.key());
            if self.contains(&key) {
                return Some(key);
            }
        }
    }
}

fn is_live(entry: &Entry, now_ms: i64) -> bool {
    entry.expire_at().is_none_or(|at| at > now_ms)
}
