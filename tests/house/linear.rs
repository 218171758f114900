//! Eight clients on real cores: one keyspace could have answered them all.
//!
//! Some seconds for each number of shards; `SHOAL_LINEAR_SECONDS=n` asks for more, and so does
//! `cargo xtask soak linear`. The seed is new each time, and a failure names it; with real cores it
//! does not repeat the schedule, so the failure shows the part of the history that matters.

use std::time::{Duration, SystemTime};

use testkit::linear::{Crowd, Order};
use testkit::{Launch, matrix};

/// How long each server is watched.
const SECONDS: u64 = 5;

fn time() -> Duration {
    let asked = std::env::var("SHOAL_LINEAR_SECONDS").ok();
    let seconds = asked.map_or(SECONDS, |text| text.parse().expect("a number of seconds"));
    Duration::from_secs(seconds)
}

fn seed() -> u64 {
    let asked = std::env::var("SHOAL_SEED").ok();
    asked.map_or_else(new_seed, |text| text.parse().expect("a seed is a number"))
}

fn new_seed() -> u64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970");
    u64::from(now.subsec_nanos())
}

/// LIMIT: whoever does less in a second was not watched, but waited for.
const OPERATIONS_PER_SECOND: usize = 200;

fn watch(shards: usize, is_strict: bool) {
    let cells: Vec<_> = matrix::cells().into_iter().filter(|cell| cell.shards == shards).collect();
    assert!(!cells.is_empty(), "some server has {shards} shards");
    for cell in cells {
        let order = if is_strict { "strict" } else { "relaxed" };
        let launch = cell.launch(env!("CARGO_BIN_EXE_shoal")).args(["--pipeline-order", order]);
        let server = launch.start();
        let order = Order::of_shards(shards, is_strict);
        let seen = Crowd::new(&server, seed(), order).demand(time());
        assert!(seen > OPERATIONS_PER_SECOND * time().as_secs() as usize, "only {seen} operations");
    }
}

#[test]
fn one_shard_answers_as_one_keyspace() {
    watch(1, true);
}

#[test]
fn two_shards_answer_as_one_keyspace() {
    watch(2, true);
}

#[test]
fn two_relaxed_shards_answer_as_one_keyspace() {
    watch(2, false);
}

#[test]
fn seven_shards_answer_as_one_keyspace() {
    watch(7, true);
}

#[test]
fn seven_relaxed_shards_answer_as_one_keyspace() {
    watch(7, false);
}

/// The oracle has all commands and one thread: what the checker calls wrong is its own mistake.
#[test]
fn the_oracle_answers_as_one_keyspace() {
    let server = Launch::oracle().start();
    let seen = Crowd::new(&server, seed(), Order::Strict).demand(time());
    assert!(seen > OPERATIONS_PER_SECOND * time().as_secs() as usize, "only {seen} operations");
}
