//! Linearizability: what clients were answered is compared with a keyspace that runs one by one.
//!
//! A history is a list of [`Operation`]s: what a client asked, when it asked, when it was answered
//! and what. It is *linearizable* if every operation can be given one moment between its question
//! and its answer so that a single-threaded keyspace, asked in the order of these moments, answers
//! the same. [`Checker`] looks for such an order.
//!
//! | room | what for |
//! |---|---|
//! | [`command`] | the commands that are understood, and which of them a server has |
//! | [`model`] | the keyspace: strings, lists, sets, WATCH |
//! | [`operation`] | what a client does as one: a command, an EXEC, a census |
//! | [`recorder`] | writes histories: one clock for all clients |
//! | [`author`] | seeded random operations |
//! | [`crowd`] | clients on the sockets of a real server |
//! | `search` | the search for an order |
//! | [`checker`] | long histories, part by part |
//! | [`verdict`] | what came out, for people to read |
//!
//! **Not here:** sockets and schedules; `tests/house` and `tests/sim` bring their own.

pub mod author;
pub mod checker;
pub mod command;
pub mod crowd;
pub mod model;
pub mod operation;
pub mod recorder;
mod search;
pub mod verdict;

pub use author::Author;
pub use checker::{Checker, check};
pub use command::{Command, Key, Kind, Side};
pub use crowd::Crowd;
pub use model::{Keyspace, Value};
pub use operation::{Action, Operation, Order};
pub use recorder::{Clock, Recorder};
pub use verdict::Verdict;

#[cfg(test)]
mod tests;
