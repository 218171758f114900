//! Many transactions at once are as if they had run one after another.
//!
//! Whatever the order of messages.

use std::collections::BTreeMap;

use super::harness::{Op, Town};
use resp::Reply;

const SEEDS: u64 = 400;

fn for_each_seed(test: impl Fn(u64)) {
    for seed in 0..SEEDS {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(seed)));
        assert!(outcome.is_ok(), "with seed {seed}");
    }
}

/// A town with two shards or more.
fn town(seed: u64) -> Town {
    let shards = 2 + seed as usize % 5;
    Town::new(seed, 1 + seed as usize % 4, shards)
}

fn bulk(value: Option<&String>) -> Reply {
    value.map_or(Reply::NullBulk, |value| Reply::Bulk(value.clone().into_bytes()))
}

/// What one command must answer, and its effect, if nothing runs beside it.
fn apply(keys: &mut BTreeMap<String, String>, line: &str) -> Reply {
    let words: Vec<&str> = line.split(' ').collect();
    let count = |found: usize| Reply::Integer(found as i64);
    let ok = || Reply::Simple(b"OK".to_vec());
    let set = |keys: &mut BTreeMap<String, String>| {
        for pair in words[1..].chunks(2) {
            keys.insert(pair[0].to_owned(), pair[1].to_owned());
        }
    };
    match words[0] {
        "GET" => bulk(keys.get(words[1])),
        "SET" | "MSET" => {
            set(keys);
            ok()
        }
        "MSETNX" => {
            let is_free = words[1..].iter().step_by(2).all(|key| !keys.contains_key(*key));
            if is_free {
                set(keys);
            }
            Reply::Integer(i64::from(is_free))
        }
        "MGET" => Reply::Array(words[1..].iter().map(|key| bulk(keys.get(*key))).collect()),
        "DEL" => count(words[1..].iter().filter(|key| keys.remove(**key).is_some()).count()),
        "RENAME" => match keys.remove(words[1]) {
            Some(value) => {
                keys.insert(words[2].to_owned(), value);
                ok()
            }
            None => Reply::Error(b"ERR no such key".to_vec()),
        },
        "COPY" => {
            let is_free = !keys.contains_key(words[2]);
            let value = keys.get(words[1]).filter(|_| is_free).cloned();
            let copied = value.map(|value| keys.insert(words[2].to_owned(), value));
            Reply::Integer(i64::from(copied.is_some()))
        }
        "DBSIZE" => count(keys.len()),
        "FLUSHALL" => {
            keys.clear();
            ok()
        }
        other => panic!("nobody expects {other}"),
    }
}

fn random_line(town: &mut Town, keys: &[String], value: usize) -> String {
    let one = town.below(keys.len());
    let other = (one + 1 + town.below(keys.len() - 1)) % keys.len();
    let (one, other) = (&keys[one], &keys[other]);
    match town.below(24) {
        0..4 => format!("MSET {one} {value} {other} {value}"),
        4..6 => format!("MSETNX {one} {value} {other} {value}"),
        6..10 => format!("MGET {other} {one}"),
        10 => format!("MGET {}", keys.join(" ")),
        11 => format!("DEL {one} {other}"),
        12..15 => format!("RENAME {one} {other}"),
        15 => format!("COPY {one} {other}"),
        16 => "DBSIZE".to_owned(),
        17 => "FLUSHALL".to_owned(),
        18..21 => format!("SET {one} {value}"),
        _ => format!("GET {one}"),
    }
}

/// So many commands of a few clients who do not wait, so far apart.
fn storm(seed: u64, commands: usize, steps_between: usize) -> Town {
    let mut town = town(seed);
    let shards = town.placement.shards();
    let keys = town.apart(shards);
    let clients = 1 + town.below(6);
    for value in 0..commands {
        let line = random_line(&mut town, &keys, value);
        let client = town.below(clients);
        town.send(client, &line);
        for _ in 0..town.below(steps_between) {
            town.step();
        }
    }
    town.run();
    let expected = town.history.check(apply);
    for key in &keys {
        assert_eq!(town.peek(key).as_ref(), expected.get(key), "{key} in the end");
    }
    town
}

#[test]
fn all_is_as_if_one_had_followed_another() {
    for_each_seed(|seed| drop(storm(seed, 40, 12)));
}

#[test]
fn so_it_is_with_everything_sent_at_once() {
    for_each_seed(|seed| drop(storm(seed, 60, 2)));
}

/// The ways that a storm must have taken, or it would prove little.
#[test]
fn numbers_are_drawn_again_and_reads_are_early() {
    let (mut redrawn, mut early) = (0, 0);
    for seed in 0..50 {
        let history = storm(seed, 40, 12).history;
        redrawn += history.redrawn;
        early += history.read_early;
    }
    assert!(redrawn > 20 && early > 100, "{redrawn} numbers drawn again, {early} early reads");
}

#[test]
fn who_may_look_sees_all_of_a_command_or_nothing() {
    for_each_seed(|seed| {
        let mut town = town(seed);
        let shards = town.placement.shards();
        let keys = town.apart(shards);
        for value in 0..10 {
            let pairs: Vec<String> = keys.iter().map(|key| format!("{key} {value}")).collect();
            town.send(0, &format!("MSET {}", pairs.join(" ")));
        }
        loop {
            let free: Vec<&String> = keys.iter().filter(|key| !town.is_met(key)).collect();
            let seen: Vec<_> = free.into_iter().map(|key| town.peek(key)).collect();
            assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "some of it: {seen:?}");
            if !town.step() {
                break;
            }
        }
        town.run();
    });
}

#[test]
fn a_key_on_its_way_is_nowhere_or_claimed() {
    for_each_seed(|seed| {
        let mut town = town(seed);
        let keys = town.apart(2);
        town.put(&keys[0], "v", None);
        let renames: Vec<Op> = (0..10)
            .map(|turn| {
                let (from, to) = (&keys[turn % 2], &keys[(turn + 1) % 2]);
                town.send(0, &format!("RENAME {from} {to}"))
            })
            .collect();
        loop {
            let free: Vec<&String> = keys.iter().filter(|key| !town.is_met(key)).collect();
            let (looked_at, mut there) = (free.len(), 0);
            for key in free {
                there += usize::from(town.peek(key).is_some());
            }
            assert!(there <= 1, "it is in two places");
            assert!(looked_at < 2 || there == 1, "it is gone");
            if !town.step() {
                break;
            }
        }
        town.run();
        assert!(renames.iter().all(|op| !town.history.reply(*op).is_error()));
    });
}

#[test]
fn a_walk_finds_the_only_key_past_everything_else() {
    for_each_seed(|seed| {
        let mut town = town(seed);
        let shards = town.placement.shards();
        let keys = town.apart(shards);
        let only = keys[seed as usize % shards].clone();
        town.put(&only, "v", None);
        let walks: Vec<Op> = (0..4)
            .map(|client| {
                town.send(client, &format!("MGET {}", keys.join(" ")));
                town.step();
                town.send(client, "RANDOMKEY")
            })
            .collect();
        town.run();
        for walk in walks {
            assert_eq!(*town.history.reply(walk), bulk(Some(&only)));
        }
    });
}

#[test]
fn a_walk_over_nothing_ends() {
    let mut town = Town::new(3, 2, 5);
    assert_eq!(town.ask("RANDOMKEY"), Reply::NullBulk);
}

/// Who has sent a write over several shards and walks then, meets what he wrote.
#[test]
fn a_walk_comes_after_what_its_client_has_written() {
    for_each_seed(|seed| {
        let mut town = town(seed);
        let keys = town.apart(2);
        town.send(1, &format!("MGET {}", keys.join(" ")));
        town.send(0, &format!("MSET {} v {} v", keys[0], keys[1]));
        let walk = town.send(0, "RANDOMKEY");
        town.run();
        assert_ne!(*town.history.reply(walk), Reply::NullBulk);
    });
}
