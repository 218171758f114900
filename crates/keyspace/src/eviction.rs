//! Eviction: which key to do without when memory runs out, by `maxmemory-policy`.
//!
//! **Steps** of [`evict_one`]
//! 1. A table is drawn among those of all shards in reach, in proportion to the keys in it that
//!    the policy permits.
//! 2. `maxmemory-samples` of its keys, neighbours from a place by chance on, are offered to the
//!    pool.
//! 3. The best candidate of the pool goes, unless it is gone already or was used meanwhile.
//!
//! Ranks do not change with time: of LRU they are made of the moment of the last use, of LFU of
//! the counter, of TTL of the expiry. So candidates of different moments, shards and cores can be
//! compared.
//!
//! **Not here:** how much memory is used, and how long eviction may take (`server`). Keys on loan
//! are not in their tables, so they are passed by.

mod pool;

use datatypes::Entry;
use datatypes::table::SampleSize;
use stdx::prng::Prng;

use crate::{Author, DbIndex, EvictionPolicy, Shard};
pub use pool::EvictionPool;

/// LIMIT: buckets that one sample visits in a table of which few entries may be evicted. They lie
/// side by side in memory, so that this takes a few microseconds.
const BUCKETS_PER_SAMPLE: usize = 512;

/// LIMIT: samples that are taken for one eviction, if nothing is found in them.
const SAMPLES_MAX: usize = 8;

/// Entries of a sample among which chance decides, under a random policy.
const RANDOM_SAMPLE: usize = 8;

/// A rank above all moments, in seconds since 1970.
const LAST_SECOND: u64 = 1 << 40;

/// How to evict.
#[derive(Clone, Copy, Debug)]
pub struct EvictionRules {
    /// `maxmemory-samples`.
    pub samples: usize,
    /// `lazyfree-lazy-eviction`: whether the change says UNLINK instead of DEL.
    pub is_lazy: bool,
}

/// What came of trying to evict a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Eviction {
    /// One key is gone.
    Evicted,
    /// None was met so far; to go on looking will find one.
    NotFound,
    /// There is no key that the policy permits.
    Impossible,
}

/// Evicts one key of these shards, those that `may_use` permits.
pub fn evict_one(
    shards: &mut [Option<Shard>],
    may_use: impl Fn(usize) -> bool,
    pool: &mut EvictionPool,
    rules: EvictionRules,
    prng: &mut Prng,
) -> Eviction {
    for _ in 0..SAMPLES_MAX {
        let Some((index, db)) = draw(shards, &may_use, prng) else { return Eviction::Impossible };
        let shard = shards[index].as_mut().expect("one that is here was drawn");
        if shard.access.policy.is_random() {
            if shard.evict_by_chance(db, rules, prng) {
                return Eviction::Evicted;
            }
            continue;
        }
        shard.sample_into(pool, (index, db), rules.samples, prng);
        while let Some(best) = pool.take_best() {
            let shard = shards.get_mut(best.shard).filter(|_| may_use(best.shard));
            let is_gone = shard.and_then(Option::as_mut).is_some_and(|shard| {
                shard.may_go(best.db, &best.key, best.rank)
                    && shard.evict(best.db, &best.key, rules.is_lazy)
            });
            pool.recycle(best);
            if is_gone {
                return Eviction::Evicted;
            }
        }
    }
    Eviction::NotFound
}

/// Offers a few keys of these shards, those that `may_use` permits, to the pool.
pub fn refill(
    shards: &[Option<Shard>],
    may_use: impl Fn(usize) -> bool,
    pool: &mut EvictionPool,
    rules: EvictionRules,
    prng: &mut Prng,
) {
    let Some((index, db)) = draw(shards, may_use, prng) else { return };
    if let Some(shard) = shards[index].as_ref().filter(|it| !it.access.policy.is_random()) {
        shard.sample_into(pool, (index, db), rules.samples, prng);
    }
}

/// Draws a table in proportion to the keys in it that may be evicted.
fn draw(
    shards: &[Option<Shard>],
    may_use: impl Fn(usize) -> bool,
    prng: &mut Prng,
) -> Option<(usize, DbIndex)> {
    let tables = || {
        let here = shards.iter().enumerate().filter(|(index, _)| may_use(*index));
        here.filter_map(|(index, shard)| Some((index, shard.as_ref()?))).flat_map(
            |(index, shard)| {
                (0..shard.dbs.len()).map(move |db| (index, DbIndex(db as u16), shard.permitted(db)))
            },
        )
    };
    let total: usize = tables().map(|(_, _, keys)| keys).sum();
    if total == 0 {
        return None;
    }
    let mut left = prng.below(total as u64) as usize;
    for (index, db, keys) in tables() {
        if left < keys {
            return Some((index, db));
        }
        left -= keys;
    }
    unreachable!("the number drawn is below the sum")
}

impl Shard {
    /// Whether there is a key that the policy permits to evict.
    #[must_use]
    pub fn has_evictable(&self) -> bool {
        (0..self.dbs.len()).any(|db| self.permitted(db) > 0)
    }

    /// Keys of a database that the policy permits to evict.
    fn permitted(&self, db: usize) -> usize {
        let (policy, db) = (self.access.policy, &self.dbs[db]);
        if policy == EvictionPolicy::NoEviction {
            0
        } else if policy.is_volatile() {
            db.volatile
        } else {
            db.len()
        }
    }

    /// Offers a few keys of a database to the pool.
    fn sample_into(
        &self,
        pool: &mut EvictionPool,
        (index, db): (usize, DbIndex),
        samples: usize,
        prng: &mut Prng,
    ) {
        let among = self.permitted(db.index());
        let size = SampleSize { entries: samples, among, buckets_max: BUCKETS_PER_SAMPLE };
        let table = &self.dbs[db.index()].table;
        table.sample(prng.next_u64(), size, self.access.policy.is_volatile(), |entry| {
            pool.offer(self.rank(entry), index, db, entry.key());
        });
    }

    /// How good an entry is to do without, under the policy.
    fn rank(&self, entry: &Entry) -> u64 {
        match self.access.policy {
            EvictionPolicy::VolatileTtl => {
                // An expiry is not negative; without one an entry is the last to go.
                entry.expire_at().map_or(0, |at| u64::MAX / 2 - at.unsigned_abs())
            }
            policy if policy.is_lfu() => {
                u64::from(u8::MAX - self.access.frequency(entry.lru(), self.now))
            }
            _ => {
                let idle = self.access.idle_ms(entry.lru(), self.now) / 1000;
                let now = (self.now.0 / 1000).unsigned_abs();
                LAST_SECOND - now.saturating_sub(idle)
            }
        }
    }

    /// Whether a candidate is still there, permitted, and as good as it was.
    fn may_go(&self, db: DbIndex, key: &[u8], rank: u64) -> bool {
        let Some(db) = self.dbs.get(db.index()) else { return false };
        let found = db.table.find(self.hash(key), |entry| entry.key() == key);
        found.is_some_and(|entry| {
            let is_permitted = entry.is_volatile() || !self.access.policy.is_volatile();
            is_permitted && self.rank(entry) >= rank
        })
    }

    /// Evicts any key of a database that the policy permits; false if none was met.
    fn evict_by_chance(&mut self, db: DbIndex, rules: EvictionRules, prng: &mut Prng) -> bool {
        let table = &self.dbs[db.index()].table;
        let chosen: Option<Box<[u8]>> = if self.access.policy.is_volatile() {
            let among = self.permitted(db.index());
            let (entries, buckets_max) = (RANDOM_SAMPLE, BUCKETS_PER_SAMPLE);
            let size = SampleSize { entries, among, buckets_max };
            let from = prng.next_u64();
            let mut met = Vec::with_capacity(RANDOM_SAMPLE);
            table.sample(from, size, true, |entry| met.push(Box::from(entry.key())));
            (!met.is_empty()).then(|| met.swap_remove(prng.below(met.len() as u64) as usize))
        } else {
            table.random(|| prng.next_u64()).map(|entry| entry.key().into())
        };
        chosen.is_some_and(|key| self.evict(db, &key, rules.is_lazy))
    }

    /// Deletes a key to make room; false if it is not there.
    fn evict(&mut self, db: DbIndex, key: &[u8], is_lazy: bool) -> bool {
        let hash = self.hash(key);
        let mut cx = self.cx(db, Author::SERVER);
        let Some(entry) = cx.detach(key, hash) else { return false };
        cx.record_evicted(key, is_lazy);
        self.garbage.push_entry(entry);
        self.stats.evicted_keys += 1;
        true
    }
}
