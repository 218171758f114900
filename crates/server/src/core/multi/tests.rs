//! Tests of the plan of EXEC.

use keyspace::{DbIndex, KeyHasher, LentKey, Shard};
use resp::Argv;
use session::{Multi, Outlook};
use txn::{Placement, Stop};

use super::plan::{Given, Need, plan};

const DB: DbIndex = DbIndex(0);

/// What EXEC needs for these commands, with a key watched, on so many shards.
fn need(shards: usize, watched: &[&str], lines: &[&str]) -> (usize, Need) {
    let table = session::table();
    let mut multi = Multi::default();
    for line in lines {
        let words = Argv::from_words(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>());
        let name = words.as_args().at(0);
        multi.push(table.lookup(name).expect("a command"), 0, words.as_args());
    }
    let mut shard = Shard::new(16, KeyHasher::with_seed(1), 1);
    let watched = watched.iter().map(|key| shard.watch(DB, key.as_bytes().into())).collect();
    let placement = Placement::contiguous(shards, shards);
    let outlook = Outlook { db: DB, databases: 16 };
    let given = Given { table, placement: &placement, outlook };
    let (steps, need) = plan(&multi.take(), watched, &given);
    (steps.len(), need)
}

fn keys(stop: &Stop) -> Vec<(u16, &str)> {
    let text = |key: &LentKey| std::str::from_utf8(&key.key).expect("a text").to_owned();
    stop.keys.iter().map(|key| (key.db.0, &*text(key).leak())).collect()
}

#[test]
fn commands_about_the_client_need_no_shard() {
    assert_eq!(need(7, &[], &[]), (0, Need::Nothing));
    assert_eq!(need(7, &[], &["PING", "SELECT 3", "ECHO a", "TIME"]), (0, Need::Nothing));
}

#[test]
fn one_shard_has_all_keys() {
    let (steps, Need::Shards(stops)) = need(7, &["{a}w"], &["SET a 1", "MGET a {a}b", "PING"])
    else {
        panic!("keys are known")
    };
    assert_eq!((steps, stops.len()), (2, 1));
    assert_eq!(keys(&stops[0]), [(0, "a"), (0, "{a}b")]);
    assert_eq!(stops[0].watched.len(), 1);
}

#[test]
fn the_home_is_where_most_keys_are() {
    let lines = ["SET b 1", "MSET {a}1 1 {a}2 2", "SELECT 2", "GET b", "GET b", "COPY b {a}3 DB 4"];
    let (steps, Need::Shards(stops)) = need(7, &[], &lines) else { panic!("keys are known") };
    let placement = Placement::contiguous(7, 7);
    assert_eq!((steps, stops.len()), (5, 2));
    assert_eq!(stops[0].shard, placement.shard_of(b"a"));
    assert_eq!(keys(&stops[0]), [(0, "{a}1"), (0, "{a}2"), (4, "{a}3")]);
    assert_eq!(stops[1].shard, placement.shard_of(b"b"));
    assert_eq!(keys(&stops[1]), [(0, "b"), (2, "b")]);
}

#[test]
fn a_watched_key_takes_its_shard_in() {
    let (_, Need::Shards(stops)) = need(7, &["b"], &["SET a 1"]) else { panic!("keys are known") };
    assert_eq!(stops.len(), 2);
    assert_eq!((stops[0].watched.len(), stops[1].watched.len()), (0, 1));
    let (steps, Need::Shards(stops)) = need(7, &["b"], &["PING"]) else { panic!("a key is") };
    assert_eq!((steps, stops.len()), (0, 1));
}

#[test]
fn what_cannot_be_known_needs_the_house() {
    for line in ["DBSIZE", "KEYS *", "SCAN 0", "INFO", "HELLO 3", "FLUSHALL", "RANDOMKEY"] {
        let (_, need) = need(7, &["a", "b"], &["SET a 1", line, "SET b 1"]);
        let Need::House(stops) = need else { panic!("{line} needs the house: {need:?}") };
        assert_eq!(stops.len(), 7);
        assert_eq!(stops.iter().map(|stop| stop.watched.len()).sum::<usize>(), 2);
    }
    let (steps, need) = need(1, &[], &["SET a 1", "DBSIZE"]);
    assert!(steps == 2 && matches!(need, Need::Shards(_)), "one shard has everything");
}

#[test]
fn words_that_contradict_the_declaration_go_anywhere() {
    let (steps, Need::Shards(stops)) = need(7, &[], &["LCS a b FOO", "SELECT x"]) else {
        panic!("keys are known")
    };
    assert!(steps == 1 && !stops.is_empty());
}
