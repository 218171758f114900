//! A shard: numbered databases with one clock, one list of changes, one generator of chance.

use ahash::RandomState;
use datatypes::list::NodeLimit;
use datatypes::set::BytesHasher;
use datatypes::{HashLimits, HashRules, SetLimits, SetRules, ZsetLimits, ZsetRules};
use stdx::prng::Prng;

use crate::access::AccessClock;
use crate::blocked::Awaited;
use crate::garbage::Garbage;
use crate::watch::Watch;
use crate::{AccessPolicy, Author, Changes, Db, DbIndex, KeyspaceStats, ShardCx, UnixMillis};

/// Hashes keys. All shards of a process share one seed, so that entries move between them unhashed.
#[derive(Clone)]
pub struct KeyHasher(RandomState);

impl KeyHasher {
    /// A hasher of its own, by a seed that clients cannot know.
    #[must_use]
    pub fn with_seed(seed: u64) -> Self {
        let mut prng = Prng::new(seed);
        let mut word = || prng.next_u64();
        Self(RandomState::with_seeds(word(), word(), word(), word()))
    }

    /// The hash of a key.
    #[inline]
    #[must_use]
    pub fn hash(&self, key: &[u8]) -> u64 {
        self.0.hash_one(key)
    }
}

impl BytesHasher for KeyHasher {
    #[inline]
    fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        self.hash(bytes)
    }
}

/// One shard.
pub struct Shard {
    pub(crate) dbs: Vec<Db>,
    pub(crate) hasher: KeyHasher,
    pub(crate) now: UnixMillis,
    /// Keyspace counters.
    pub stats: KeyspaceStats,
    /// What its commands did.
    pub changes: Changes,
    pub(crate) access: AccessPolicy,
    pub(crate) access_clock: AccessClock,
    /// `proto-max-bulk-len`: the longest string that a command may make, bytes.
    pub string_bytes_max: u64,
    /// `list-max-listpack-size`: how large a list is without nodes, and a node of a list.
    pub(crate) list_limit: NodeLimit,
    /// `set-max-intset-entries` and its kin.
    pub set_limits: SetLimits,
    /// `hll-sparse-max-bytes`: how long a HyperLogLog with sparse registers gets.
    pub hll_sparse_bytes_max: usize,
    /// `hash-max-listpack-entries` and its kin.
    pub hash_limits: HashLimits,
    /// `zset-max-listpack-entries` and its kin.
    pub zset_limits: ZsetLimits,
    /// Whether keys past their expiry vanish by themselves (DEBUG SET-ACTIVE-EXPIRE).
    pub active_expire: bool,
    pub(crate) prng: Prng,
    pub(crate) garbage: Garbage,
    pub(crate) watch: Watch,
    pub(crate) awaited: Awaited,
    /// The command that runs may wait where it finds nothing.
    pub(crate) may_wait: bool,
    /// The database that the expire cycle visits next.
    pub(crate) cycle_db: usize,
}

impl Shard {
    /// An empty shard.
    #[must_use]
    pub fn new(databases: usize, hasher: KeyHasher, seed: u64) -> Self {
        Self {
            dbs: std::iter::repeat_with(Db::default).take(databases).collect(),
            hasher,
            now: UnixMillis(0),
            stats: KeyspaceStats::default(),
            changes: Changes::default(),
            access: AccessPolicy::default(),
            access_clock: AccessClock::default(),
            string_bytes_max: 512 << 20,
            list_limit: NodeLimit::default(),
            set_limits: SetLimits::default(),
            hll_sparse_bytes_max: 3000,
            hash_limits: HashLimits::default(),
            zset_limits: ZsetLimits::default(),
            active_expire: true,
            prng: Prng::new(seed),
            garbage: Garbage::default(),
            watch: Watch::default(),
            awaited: Awaited::default(),
            may_wait: false,
            cycle_db: 0,
        }
    }

    /// Hands in the time. A shard's time never goes back.
    #[inline]
    pub fn set_now(&mut self, now: UnixMillis) {
        self.now = self.now.max(now);
        self.access_clock = AccessClock::new(self.access, self.now);
    }

    /// How the access clocks are kept.
    #[must_use]
    pub fn access(&self) -> AccessPolicy {
        self.access
    }

    /// Changes how the access clocks are kept, from now on.
    pub fn set_access(&mut self, access: AccessPolicy) {
        self.access = access;
        self.access_clock = AccessClock::new(access, self.now);
    }

    /// Sets `list-max-listpack-size`; lists that are large already keep their nodes' size.
    pub fn set_list_max_listpack_size(&mut self, value: i32) {
        self.list_limit = NodeLimit::new(value);
    }

    /// The shard's time.
    #[inline]
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.now
    }

    /// The databases.
    #[must_use]
    pub fn dbs(&self) -> &[Db] {
        &self.dbs
    }

    /// What a handler is given.
    #[inline]
    pub fn cx(&mut self, db: DbIndex, author: Author) -> ShardCx<'_> {
        ShardCx { shard: self, db, author, touch: true, hint: None }
    }

    /// The hash of a key in this shard's tables.
    #[inline]
    #[must_use]
    pub fn hash(&self, key: &[u8]) -> u64 {
        self.hasher.hash(key)
    }

    /// How sets are kept here. All shards of a process hash members alike, so that sets move
    /// between them as they are.
    #[inline]
    #[must_use]
    pub fn set_rules(&self) -> SetRules<KeyHasher> {
        SetRules { limits: self.set_limits, hasher: self.hasher.clone() }
    }

    /// How hashes are kept here; fields are hashed as members of sets are.
    #[inline]
    #[must_use]
    pub fn hash_rules(&self) -> HashRules<KeyHasher> {
        HashRules { limits: self.hash_limits, hasher: self.hasher.clone() }
    }

    /// How sorted sets are kept here; what is said of sets holds for them too.
    #[inline]
    #[must_use]
    pub fn zset_rules(&self) -> ZsetRules<KeyHasher> {
        ZsetRules { limits: self.zset_limits, hasher: self.hasher.clone() }
    }

    /// Fetches the bucket that a key with this hash would be in.
    #[inline]
    pub fn prefetch_bucket(&self, db: DbIndex, hash: u64) {
        self.dbs[db.index()].table.prefetch(hash);
    }

    /// Fetches the entries that may have this hash; the bucket should be there by now.
    #[inline]
    pub fn prefetch_entry(&self, db: DbIndex, hash: u64) {
        self.dbs[db.index()].table.prefetch_candidates(hash);
    }

    /// Empties one database. `lazy` frees it in slices; otherwise it is gone on return.
    pub fn flush(&mut self, db: DbIndex, lazy: bool) -> usize {
        self.mark_flush(db);
        let old = std::mem::take(&mut self.dbs[db.index()]);
        let keys = old.len();
        if lazy {
            self.garbage.push_table(old.table);
        }
        keys
    }

    /// Lets two databases change places.
    pub fn swap(&mut self, a: DbIndex, b: DbIndex) {
        if a != b {
            self.mark_swap(a, b);
        }
        self.dbs.swap(a.index(), b.index());
        self.look_at_all([a, b]);
    }

    /// Values that wait to be freed.
    #[must_use]
    pub fn lazyfree_pending(&self) -> u64 {
        self.garbage.pending()
    }

    /// Whether there is something to free.
    #[must_use]
    pub fn has_garbage(&self) -> bool {
        !self.garbage.is_empty()
    }

    /// Frees one slice of what waits.
    pub fn free_slice(&mut self) {
        self.stats.lazyfreed_objects += self.garbage.free_slice();
    }
}
