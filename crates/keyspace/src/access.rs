//! Access clocks: the 24 bits of an entry that say how recently or how often it was used.
//!
//! **Layout** of the 24 bits
//! ```text
//! LRU policies:  | seconds since 1970, modulo 2^24                  |
//! LFU policies:  | minutes since 1970, modulo 2^16 | log counter, 8 |
//! ```
//! The LFU counter is Morris' logarithmic one: it grows with probability `1 / (excess * factor +
//! 1)` and loses one per `lfu-decay-time` minutes
//! (<https://redis.io/docs/latest/develop/reference/eviction/>).

use datatypes::Entry;
use stdx::prng::Prng;

use crate::UnixMillis;

/// The counter of a new key: enough not to be evicted at once.
pub const LFU_INIT_VAL: u8 = 5;

const LRU_BITS_MAX: u32 = (1 << 24) - 1;

/// `maxmemory-policy`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum EvictionPolicy {
    /// Nothing is evicted; access times are kept as for LRU.
    #[default]
    NoEviction,
    /// Any key, by access time.
    AllKeysLru,
    /// Any key, by frequency of use.
    AllKeysLfu,
    /// Any key, by chance.
    AllKeysRandom,
    /// Keys with an expiry, by access time.
    VolatileLru,
    /// Keys with an expiry, by frequency of use.
    VolatileLfu,
    /// Keys with an expiry, by chance.
    VolatileRandom,
    /// Keys with an expiry, the nearest first.
    VolatileTtl,
}

impl EvictionPolicy {
    /// Whether the 24 bits hold a frequency.
    #[must_use]
    pub const fn is_lfu(self) -> bool {
        matches!(self, Self::AllKeysLfu | Self::VolatileLfu)
    }

    /// Whether only keys with an expiry are evicted.
    #[must_use]
    pub const fn is_volatile(self) -> bool {
        matches!(
            self,
            Self::VolatileLru | Self::VolatileLfu | Self::VolatileRandom | Self::VolatileTtl
        )
    }

    /// Whether chance alone decides.
    #[must_use]
    pub const fn is_random(self) -> bool {
        matches!(self, Self::AllKeysRandom | Self::VolatileRandom)
    }
}

/// How the 24 bits are kept.
#[derive(Clone, Copy, Debug)]
pub struct AccessPolicy {
    /// `maxmemory-policy`.
    pub policy: EvictionPolicy,
    /// `lfu-log-factor`.
    pub lfu_log_factor: u32,
    /// `lfu-decay-time`, minutes.
    pub lfu_decay_minutes: u32,
}

/// The policy at one moment: what a shard works out once a turn instead of once a lookup.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AccessClock {
    policy: AccessPolicy,
    now: UnixMillis,
    /// The 24 bits of an entry that is made now.
    pub(crate) fresh: u32,
}

impl AccessClock {
    pub(crate) fn new(policy: AccessPolicy, now: UnixMillis) -> Self {
        Self { policy, now, fresh: policy.fresh(now) }
    }

    /// Notes a use of an entry now.
    #[inline]
    pub(crate) fn touch(&self, entry: &mut Entry, prng: &mut Prng) {
        let old = entry.lru();
        let new = if self.policy.policy.is_lfu() {
            self.policy.used(old, self.now, prng)
        } else {
            self.fresh
        };
        // Most uses of a hot key find this very second there: then the cache line stays clean.
        if new != old {
            entry.set_lru(new);
        }
    }
}

impl Default for AccessPolicy {
    fn default() -> Self {
        Self { policy: EvictionPolicy::NoEviction, lfu_log_factor: 10, lfu_decay_minutes: 1 }
    }
}

impl AccessPolicy {
    /// The 24 bits of an entry that is made now.
    #[inline]
    #[must_use]
    pub fn fresh(&self, now: UnixMillis) -> u32 {
        if self.policy.is_lfu() {
            minutes(now) << 8 | u32::from(LFU_INIT_VAL)
        } else {
            seconds(now)
        }
    }

    /// The 24 bits after a use now.
    #[inline]
    #[must_use]
    pub fn used(&self, bits: u32, now: UnixMillis, prng: &mut Prng) -> u32 {
        if self.policy.is_lfu() { self.lfu_used(bits, now, prng) } else { seconds(now) }
    }

    /// Milliseconds since the last use, under an LRU policy.
    #[must_use]
    pub fn idle_ms(&self, bits: u32, now: UnixMillis) -> u64 {
        u64::from(seconds(now).wrapping_sub(bits) & LRU_BITS_MAX) * 1000
    }

    /// The 24 bits of an entry that was used last so many seconds ago; none under an LFU policy.
    ///
    /// REDIS: more seconds than the clock has go round it: `RESTORE` with an `IDLETIME` of 200
    /// days.
    #[must_use]
    pub fn idle_for(&self, idle_seconds: i64, now: UnixMillis) -> Option<u32> {
        let bits = seconds(now).wrapping_sub(idle_seconds as u32) & LRU_BITS_MAX;
        (!self.policy.is_lfu()).then_some(bits)
    }

    /// The 24 bits of an entry with this counter now; none under an LRU policy.
    #[must_use]
    pub fn with_frequency(&self, counter: u8, now: UnixMillis) -> Option<u32> {
        self.policy.is_lfu().then(|| minutes(now) << 8 | u32::from(counter))
    }

    /// The counter after decay, under an LFU policy.
    #[must_use]
    pub fn frequency(&self, bits: u32, now: UnixMillis) -> u8 {
        let counter = bits & 0xff;
        if self.lfu_decay_minutes == 0 {
            return counter as u8;
        }
        let elapsed = minutes(now).wrapping_sub(bits >> 8) & 0xffff;
        counter.saturating_sub(elapsed / self.lfu_decay_minutes) as u8
    }

    fn lfu_used(&self, bits: u32, now: UnixMillis, prng: &mut Prng) -> u32 {
        let mut counter = self.frequency(bits, now);
        if counter < u8::MAX {
            let excess = u64::from(counter.saturating_sub(LFU_INIT_VAL));
            let one_in = excess * u64::from(self.lfu_log_factor) + 1;
            if prng.below(one_in) == 0 {
                counter += 1;
            }
        }
        minutes(now) << 8 | u32::from(counter)
    }
}

fn seconds(now: UnixMillis) -> u32 {
    (now.0 / 1000) as u32 & LRU_BITS_MAX
}

fn minutes(now: UnixMillis) -> u32 {
    (now.0 / 60_000) as u32 & 0xffff
}
