//! Where keys live: slot -> shard -> core, as tables, so that slots can move.

use stdx::slot::slot_of;

/// Number of hash slots, as in Redis Cluster.
const SLOTS: usize = 16_384;

/// Number of a shard, `0..shards`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct ShardId(pub u16);

impl ShardId {
    /// As an index into a list of shards.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The map of the house.
#[derive(Clone, Debug)]
pub struct Placement {
    shard_of_slot: Box<[u16]>,
    core_of_shard: Box<[u16]>,
}

impl Placement {
    /// Contiguous ranges of slots for each shard, contiguous ranges of shards for each core.
    ///
    /// # Panics
    /// If there is no core, no shard, or more shards than slots.
    #[must_use]
    pub fn contiguous(shards: usize, cores: usize) -> Self {
        assert!((1..=SLOTS).contains(&shards), "between one shard and one per slot");
        assert!(cores >= 1, "at least one core");
        let deal = |index: usize, of: usize, among: usize| (index * among / of) as u16;
        Self {
            shard_of_slot: (0..SLOTS).map(|slot| deal(slot, SLOTS, shards)).collect(),
            core_of_shard: (0..shards).map(|shard| deal(shard, shards, cores)).collect(),
        }
    }

    /// Number of shards.
    #[inline]
    #[must_use]
    pub fn shards(&self) -> usize {
        self.core_of_shard.len()
    }

    /// All shards in order.
    pub fn all(&self) -> impl Iterator<Item = ShardId> + use<> {
        (0..self.shards() as u16).map(ShardId)
    }

    /// The shard of a key. With one shard the key is not even looked at.
    #[inline(always)]
    #[must_use]
    pub fn shard_of(&self, key: &[u8]) -> ShardId {
        if self.core_of_shard.len() == 1 {
            return ShardId(0);
        }
        ShardId(self.shard_of_slot[usize::from(slot_of(key))])
    }

    /// The core of a shard.
    #[inline]
    #[must_use]
    pub fn core_of(&self, shard: ShardId) -> usize {
        usize::from(self.core_of_shard[shard.index()])
    }

    /// The shards of a core.
    pub fn shards_of(&self, core: usize) -> impl Iterator<Item = ShardId> + '_ {
        self.all().filter(move |&s| self.core_of(s) == core)
    }
}
