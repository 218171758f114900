//! The coordinator: commands whose keys live on several shards, as state machines without I/O.
//!
//! ```text
//!   client's core                                shards' cores
//!   Coordinator  ----- Schedule (number) ------>  ShardQueue   takes a place, counts intents,
//!                <---- Scheduled --------------                may read already
//!                ----- Go (number) ------------>               runs when it is its turn
//!                <---- Ran | Hosted ------------
//!
//!   lender -- Lent --> home shard -- Return --> lender         keys that a command needs together
//! ```
//!
//! **Invariants**
//! - No part that writes runs before every shard has confirmed.
//! - On every shard, transactions run in the order of their numbers; a call (a command of one shard)
//!   runs at once unless it meets an intent.
//! - A claim ends in the very step that makes the transaction's changes visible there.
//!
//! The proofs are with their state machines: `order.rs` (one shard), `coordinator.rs` (one client);
//! `docs/decisions/0006-transaction-numbers.md` has the whole.
//!
//! **Not here:** running calls; carrying messages between cores (`server`).

mod coordinator;
mod errand;
mod intents;
mod loan;
mod message;
mod numbers;
mod order;
mod placement;
mod queue;
mod route;

pub use coordinator::{Coordinator, Finished, Kind, Order};
pub use errand::{Errand, Guests, Work};
pub use intents::{Claim, Mode};
pub use message::{Caller, Destination, Message, TxnId};
pub use numbers::Numbers;
pub use placement::{Placement, ShardId};
pub use queue::{Load, Messages, ShardQueue};
pub use route::{Hop, Route, claim, hops, mode_of, part_words, route};

#[cfg(test)]
mod tests;
