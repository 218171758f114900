//! Differences that are meant to stay, each as Shoal has it and as the oracle has it.
//!
//! `docs/COMPAT.md` lists them and says why.

use testkit::matrix::{self, Cell};
use testkit::{Reply, Server};

use crate::STAGE;

/// Plays the lines on the oracle and on one of Shoal's cells and returns both last replies.
fn both(cell: &Cell, lines: &[&str]) -> [Reply; 2] {
    let play = |server: &Server| {
        let mut replies = server.client().pipeline(lines);
        replies.pop().expect("there is a line")
    };
    [STAGE.on_oracle(play), STAGE.on_shoal(cell, play)]
}

/// A cell with several shards.
fn sharded() -> Cell {
    let cells = matrix::cells().into_iter();
    cells.max_by_key(|cell| cell.shards).expect("there are cells")
}

fn step(cursor: &str) -> Reply {
    Reply::Array(vec![Reply::bulk(cursor), Reply::Array(vec![])])
}

#[test]
fn a_walk_takes_a_step_for_every_shard() {
    let replies = both(&sharded(), &["SCAN 0"]);
    assert_eq!(replies, [step("0"), step("1")]);
}

/// As Redis 7.2 and later have it; what they do exactly is compared in `lists/encodings.rs`.
#[test]
fn small_lists_are_listpacks() {
    let replies = both(&sharded(), &["RPUSH l a", "OBJECT ENCODING l"]);
    assert_eq!(replies, [Reply::bulk("quicklist"), Reply::bulk("listpack")]);
}

#[test]
fn lcs_has_a_limit_of_its_own() {
    let text = "ab".repeat(300);
    let (set, limit) = (format!("MSET a {text} b {text}"), "CONFIG SET proto-max-bulk-len ");
    let lines = [&format!("{limit} 1mb"), &set, "LCS a b LEN"].map(str::to_owned);
    let [oracle, shoal] = both(&sharded(), &lines.each_ref().map(String::as_str));
    assert_eq!(shoal, Reply::Int(600));
    let text = "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";
    assert_eq!(oracle.error(), text);
    let back = format!("{limit} 512mb");
    assert_eq!(both(&sharded(), &[&back]), [Reply::ok(), Reply::ok()]);
}

#[test]
fn pfmerge_without_sources_has_a_key() {
    let [oracle, shoal] = both(&sharded(), &["COMMAND GETKEYS PFMERGE a"]);
    assert_eq!(oracle.error(), "ERR Invalid arguments specified for command");
    assert_eq!(shoal, Reply::Array(vec![Reply::bulk("a")]));
}
