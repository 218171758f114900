//! What is lent comes back with what happened to it, and every shard hears of its own changes.

use std::cell::Cell;
use std::rc::Rc;

use keyspace::{Change, Touches, UnixMillis};
use resp::{Reply, ReplyError};

use super::harness::{NOW, Town};
use crate::Message;

fn durable(changes: &[Change]) -> Vec<String> {
    let words = |change: &Change| {
        let args = change.durable.as_args();
        let words: Vec<_> = args.iter().map(String::from_utf8_lossy).collect();
        words.join(" ")
    };
    changes.iter().map(words).collect()
}

fn town_with_two_keys() -> (Town, String, String) {
    let town = Town::new(1, 2, 3);
    let keys = town.apart(2);
    (town, keys[0].clone(), keys[1].clone())
}

#[test]
fn a_rename_takes_value_and_expiry_along() {
    let (mut town, from, to) = town_with_two_keys();
    let later = UnixMillis(NOW.0 + 5_000);
    town.put(&from, "v", Some(later));
    town.put(&to, "old", None);
    town.changes(&from);
    assert_eq!(town.ask(&format!("RENAME {from} {to}")), Reply::Simple(b"OK".to_vec()));
    assert_eq!((town.peek(&from), town.peek(&to)), (None, Some("v".to_owned())));
    assert_eq!(town.expire_at(&to), Some(later));
}

#[test]
fn each_shard_hears_of_its_own_keys_alone() {
    let (mut town, from, to) = town_with_two_keys();
    town.put(&from, "v", None);
    town.ask(&format!("RENAME {from} {to}"));
    for (key, first_word) in [(&from, "DEL"), (&to, "SET")] {
        let changes = town.changes(key);
        assert_eq!(changes.len(), 1, "{:?}", durable(&changes));
        assert!(matches!(&changes[0].touches, Touches::Key { key: touched, .. }
            if **touched == *key.as_bytes()));
        let words = durable(&changes);
        assert!(words[0].starts_with(&format!("{first_word} {key}")), "{words:?}");
    }
}

/// A command that names keys of several shards can be replayed by none of them alone.
#[test]
fn a_value_made_of_other_shards_keys_is_told_by_itself() {
    let (mut town, target, source) = town_with_two_keys();
    town.put_member(&source, "5");
    town.put(&target, "old", None);
    town.changes(&source);
    town.changes(&target);
    assert_eq!(town.ask(&format!("SUNIONSTORE {target} none {source}")), Reply::Integer(1));
    assert!(town.changes(&source).is_empty());
    let changes = town.changes(&target);
    assert_eq!(changes.len(), 1, "{:?}", durable(&changes));
    let words = durable(&changes).remove(0);
    assert!(words.starts_with(&format!("RESTORE {target} 0 ")), "{words}");
    assert!(words.ends_with(" REPLACE ABSTTL"), "{words}");
    assert_eq!(changes[0].events[0].name, "sunionstore");
}

#[test]
fn a_member_moves_between_shards() {
    let (mut town, from, to) = town_with_two_keys();
    town.put_member(&from, "5");
    town.changes(&from);
    assert_eq!(town.ask(&format!("SMOVE {from} {to} 5")), Reply::Integer(1));
    assert_eq!(durable(&town.changes(&from)), [format!("SREM {from} 5")]);
    assert_eq!(durable(&town.changes(&to)), [format!("SADD {to} 5")]);
    let left = town.ask(&format!("SDIFF {to} {from}"));
    assert_eq!(left, Reply::Array(vec![Reply::Bulk(b"5".to_vec())]));
}

#[test]
fn what_all_keys_decide_is_decided_with_all_of_them() {
    let (mut town, one, other) = town_with_two_keys();
    town.put(&other, "taken", None);
    assert_eq!(town.ask(&format!("MSETNX {one} 1 {other} 2")), Reply::Integer(0));
    assert_eq!((town.peek(&one), town.peek(&other)), (None, Some("taken".to_owned())));
    assert!(town.changes(&one).is_empty() && town.changes(&other).is_empty());
}

#[test]
fn an_expired_key_is_not_lent_and_its_shard_hears_of_the_end() {
    let (mut town, from, to) = town_with_two_keys();
    town.put(&to, "v", Some(UnixMillis(NOW.0 - 1)));
    assert_eq!(town.ask(&format!("COPY {to} {from}")), Reply::Integer(0));
    town.put(&from, "v", Some(UnixMillis(NOW.0 - 1)));
    town.put(&to, "alive", None);
    assert_eq!(town.ask(&format!("RENAMENX {to} {from}")), Reply::Integer(1));
    assert_eq!(town.peek(&from), Some("alive".to_owned()));
    let ends: Vec<String> = durable(&town.changes(&from));
    assert!(ends.iter().any(|words| words == &format!("DEL {from}")), "{ends:?}");
}

/// Commands of each kind of transaction that takes locks.
fn lines(one: &str, other: &str) -> [String; 4] {
    [
        format!("MSET {one} x {other} x"),
        format!("RENAME {one} {other}"),
        format!("MSETNX new:{one} x new:{other} x new2:{one} x"),
        "FLUSHALL".to_owned(),
    ]
}

#[test]
fn after_a_veto_nothing_has_run_and_all_is_as_it_was() {
    for seed in 0..100 {
        let mut town = Town::new(seed, 2, 3);
        // A veto is put into a message here.
        town.is_direct = false;
        let keys = town.apart(3);
        keys.iter().for_each(|key| town.put(key, "v", None));
        for line in lines(&keys[0], &keys[1]) {
            let has_run = Rc::new(Cell::new(false));
            let (seen, mut vetoes) = (Rc::clone(&has_run), 1 + seed % 2);
            town.on_message = Box::new(move |message| match message {
                Message::Scheduled { veto, .. } if vetoes > 0 => {
                    vetoes -= 1;
                    *veto = Some(ReplyError::new("OOM no memory"));
                }
                Message::Go { .. } => seen.set(true),
                _ => {}
            });
            assert_eq!(town.ask(&line), Reply::Error(b"OOM no memory".to_vec()), "{line}");
            town.on_message = Box::new(|_| {});
            assert!(!has_run.get(), "{line} ran in spite of a veto");
            for key in &keys {
                assert_eq!(town.peek(key).as_deref(), Some("v"), "{line}");
            }
        }
        assert_eq!(town.ask("DBSIZE"), Reply::Integer(3));
    }
}
