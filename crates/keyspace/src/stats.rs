//! Counters of one shard that INFO adds up.

/// Counters since the start or CONFIG RESETSTAT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyspaceStats {
    /// Successful lookups of reading commands.
    pub hits: u64,
    /// Failed lookups of reading commands.
    pub misses: u64,
    /// Keys that expired.
    pub expired_keys: u64,
    /// Fields of hashes that expired.
    pub expired_fields: u64,
    /// Keys that had to make room.
    pub evicted_keys: u64,
    /// Entries with an expiry seen by the expire cycle.
    pub cycle_sampled: u64,
    /// Of those, the ones that had expired.
    pub cycle_expired: u64,
    /// Times that the expire cycle ran out of its budget.
    pub cycle_time_cap_reached: u64,
    /// Values freed in slices.
    pub lazyfreed_objects: u64,
}

impl KeyspaceStats {
    /// Adds another shard's counters.
    pub fn add(&mut self, other: &Self) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.expired_keys += other.expired_keys;
        self.expired_fields += other.expired_fields;
        self.evicted_keys += other.evicted_keys;
        self.cycle_sampled += other.cycle_sampled;
        self.cycle_expired += other.cycle_expired;
        self.cycle_time_cap_reached += other.cycle_time_cap_reached;
        self.lazyfreed_objects += other.lazyfreed_objects;
    }
}
