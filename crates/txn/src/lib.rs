//! The coordinator: commands whose keys live on several shards, as state machines without I/O.
//!
//! ```text
//!   client's core            arbiter (core 0)        shards' cores
//!   Coordinator  -- Lock -->  Arbiter
//!                <- Granted -
//!                ---------------- Prepare ---------->  ShardLock     locks, lends
//!                <--------------- Prepared ----------
//!                ------------ Run | Host | Return -->                runs, unlocks
//!                <------ Ran | Hosted | Returned ----
//!                -- Unlock ->
//! ```
//!
//! **Invariants**
//! - One transaction at a time holds the arbiter's lock, so shards are never asked by two at once
//!   and nothing can deadlock.
//! - No part runs before every shard has confirmed: from then on all of them stand still for
//!   everybody else, so that nobody sees one half of a command.
//! - A shard is unlocked in the very step that makes the transaction's changes visible there.
//!
//! **Not here:** running single-shard commands, which take none of this unless their shard is
//! locked; carrying messages between cores (`server`).

mod arbiter;
mod coordinator;
mod loan;
mod message;
mod placement;
mod route;
mod shard_lock;

pub use arbiter::Arbiter;
pub use coordinator::{Coordinator, Finished, Kind, Order};
pub use message::{Caller, Destination, Hosted, Message, TxnId};
pub use placement::{Placement, ShardId};
pub use route::{Hop, Route, hops, part_words, route};
pub use shard_lock::{ShardLock, serve};

#[cfg(test)]
mod tests;
