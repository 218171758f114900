//! What is declared of the session commands, a file per family; what runs them is in `commands`.

pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod debug;
pub(crate) mod latency;
pub(crate) mod memory;
pub(crate) mod replication;
pub(crate) mod server;
pub(crate) mod slowlog;
pub(crate) mod transactions;
