//! Wiring: configuration, cores, sockets, and the core loop that ties the crates together.
//!
//! ```text
//!   socket -> core::input -> session::gate -> core::dispatch -> a shard of this core
//!                                                \-> mailbox -> core::mail of another core
//!                                                \-> txn::Coordinator, for several shards
//!   socket <- core::output <- session::Replies <-/
//! ```
//!
//! **Not here:** decisions. What a request may do is the gate's to say, what a command does its
//! handler's.

#[global_allocator]
static ALLOCATOR: memory::Counting = memory::Counting;

pub mod boot;
mod core;
mod daemon;
mod facts;
mod logging;
mod mailbox;
mod memory;
mod open_files;
mod signals;

pub use core::{Core, Parts};
pub use mailbox::{CallLimits, Corridor};
