//! The session commands: a file per family, declarations in `declared`.
//!
//! A command that needs every core has a *part*, which runs on each of them, and a *fold*, which
//! makes one reply of the parts' answers (`crate::run`). What a command cannot do itself, such as
//! closing sockets, it leaves as an [`Effect`](crate::Effect).

use ::command::Command;

use crate::Run;

mod authentication;
mod client;
mod command;
mod config;
mod connection;
pub(crate) mod debug;
#[cfg(test)]
pub(crate) mod harness;
mod help;
mod info;
mod latency;
mod memory;
mod parts;
mod replication;
mod server;
mod slowlog;
mod survey;
mod transactions;
pub(crate) mod words;

/// Every family's commands.
pub(crate) static FAMILIES: &[&[Command<Run>]] = &[
    connection::COMMANDS,
    authentication::COMMANDS,
    client::COMMANDS,
    command::COMMANDS,
    config::COMMANDS,
    debug::COMMANDS,
    info::COMMANDS,
    latency::COMMANDS,
    memory::COMMANDS,
    replication::COMMANDS,
    server::COMMANDS,
    slowlog::COMMANDS,
    transactions::COMMANDS,
];
