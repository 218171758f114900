//! One shard's databases: the table, expiry, access clocks, eviction, lazy freeing, changes.
//!
//! A [`Shard`] is an ordinary, synchronous, single-threaded Redis (law 1): it knows no other shard,
//! socket, file or clock. The time is handed in by [`Shard::set_now`] and never goes back.
//!
//! Handlers see a shard through [`ShardCx`]; what they did is a list of [`Change`]s (law 5).

mod access;
mod blocked;
mod change;
mod cx;
mod db;
mod eviction;
mod expire_cycle;
mod garbage;
mod ids;
mod loan;
mod scan;
mod shard;
mod stats;
mod watch;

pub use access::{AccessPolicy, EvictionPolicy, LFU_INIT_VAL};
pub use blocked::{ServeFn, Wait};
pub use change::{Change, Changes, Event, EventClass, On, Touches};
pub use cx::ShardCx;
pub use datatypes::{HashLimits, SetLimits, ZsetLimits};
pub use db::Db;
pub use eviction::{Eviction, EvictionPool, EvictionRules, evict_one, refill};
pub use expire_cycle::CycleSlice;
pub use ids::{Author, DbIndex, UnixMillis};
pub use loan::{Guest, LentKey};
pub use scan::Scan;
pub use shard::{KeyHasher, Shard};
pub use stats::KeyspaceStats;
pub use watch::{Mark, Sighting};

#[cfg(test)]
mod tests;
