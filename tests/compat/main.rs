//! Shoal and the oracle, side by side: the same scripts on both, every reply equal byte by byte.
//!
//! One file per family of commands. Each script runs on the whole matrix of shard counts, runtimes and
//! protocols; the servers are started once and shared. What differs on purpose is listed in
//! `docs/COMPAT.md`, with the test that pins it.

mod awkward;
mod databases;
mod differential;
mod expire;
mod keys;
mod multi_shard;
mod scan;
mod strings;

use testkit::Stage;
use testkit::script::Step;

/// The servers that the scripts share.
static STAGE: Stage = Stage::new(env!("CARGO_BIN_EXE_shoal"));

/// Plays the script on the oracle and on Shoal, line by line.
#[track_caller]
fn check(script: &[Step]) {
    STAGE.check(script);
}
