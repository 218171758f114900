//! Shoal and the oracle, side by side: the same scripts on both, every reply equal byte by byte.
//!
//! One file per family of commands. Each script runs on the whole matrix of shard counts, runtimes
//! and protocols; the servers are started once and shared. What differs on purpose is listed in
//! `docs/COMPAT.md` and pinned in `on_purpose`.
#![expect(
    clippy::disallowed_methods,
    reason = "the differential test takes a new seed off the clock"
)]

mod bitmaps;
mod blocking;
mod client;
mod command;
mod config;
mod connection;
mod databases;
mod debug;
mod differential;
mod dump;
mod eviction;
mod expire;
mod geo;
mod hashes;
mod hyperloglog;
mod keys;
mod latency;
mod lists;
mod memory;
mod multi;
mod multi_shard;
mod on_purpose;
mod protocol;
mod scan;
mod server;
mod sets;
mod slowlog;
mod sorted_sets;
mod strings;
mod ways;

use testkit::script::Step;
use testkit::{Server, Stage, matrix};

/// The servers that the scripts share.
static STAGE: Stage = Stage::new(env!("CARGO_BIN_EXE_shoal"));

/// Plays the script on the oracle and on Shoal, line by line.
#[track_caller]
fn check(script: &[Step]) {
    STAGE.check(script);
}

/// Lets each of Shoal's servers take the test.
#[track_caller]
fn each_shoal(test: impl Fn(&Server)) {
    for cell in matrix::cells() {
        STAGE.on_shoal(&cell, &test);
    }
}

/// Lets the oracle take the test too, so that it is known to ask for what Redis does.
#[track_caller]
fn each_server(test: impl Fn(&Server)) {
    STAGE.on_oracle(&test);
    each_shoal(test);
}
