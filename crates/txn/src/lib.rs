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
//! - On every shard, transactions run in the order of their numbers; a call (a command of one
//!   shard) runs at once unless it meets an intent.
//! - A claim ends in the very step that makes the transaction's changes visible there.
//!
//! The proofs are with their state machines: `order.rs` (one shard), `coordinator.rs` (one client);
//! `docs/decisions/0006-transaction-numbers.md` has the whole.
//!
//! **Not here:** running calls; carrying messages between cores (`server`).

mod coordinator;
mod ending;
mod errand;
mod execute;
mod house;
mod intents;
mod loan;
mod message;
mod numbers;
mod order;
mod placement;
mod program;
mod queue;
mod route;
mod train;
mod waiters;
mod words;

pub use coordinator::{Coordinator, Finished, Kind, Order, Why};
pub use ending::Ending;
pub use errand::{Errand, Work, unwatch};
pub use execute::{Job, execute};
pub use house::{HouseJob, run_in_house};
pub use intents::{Claim, Mode};
pub use message::{Caller, Destination, Hosted, Lent, Message, Stop, TxnId};
pub use numbers::Numbers;
pub use placement::{Placement, ShardId};
pub use program::{Done, Patience, Program, Step, Stopwatch};
pub use queue::{Load, Messages, ShardQueue, Surroundings, Turn};
pub use route::{Hop, Route, Spans, claim, claim_of_stop, hops, mode_of, part_spans, route, stops};
pub use train::{Wagon, WagonStep};
pub use waiters::Waiter;
pub use words::Words;

#[cfg(test)]
mod tests;
