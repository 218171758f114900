//! Keys that somebody waits for: which of them are ready, and in which order.

use datatypes::list::{End, Word};
use datatypes::{Entry, List, Object};

use super::{cx, shard};
use crate::{Author, DbIndex, Event, LentKey, Shard, Touches, Wait};

const DB: DbIndex = DbIndex(0);

fn put_list(shard: &mut Shard, key: &[u8]) {
    let mut list = List::new();
    list.push(End::Back, Word::new(b"x", None));
    let mut cx = cx(shard);
    cx.put(Entry::new_object(key, Object::List(list), None, 0));
    cx.changed(key, Event::list("rpush"), |_| {});
}

fn put_string(shard: &mut Shard, key: &[u8]) {
    let mut cx = cx(shard);
    cx.set_string(key, b"x", None);
    cx.changed(key, Event::string("set"), |_| {});
}

fn ready(shard: &mut Shard) -> Vec<String> {
    let next = || shard.next_ready();
    std::iter::from_fn(next).map(|(_, key)| String::from_utf8_lossy(&key).into_owned()).collect()
}

#[test]
fn collections_make_awaited_keys_ready_in_the_order_of_changes() {
    for records in [true, false] {
        let mut shard = shard();
        shard.changes.record(records);
        ["a", "b", "c"].iter().for_each(|key| shard.await_key(DB, key.as_bytes()));
        put_string(&mut shard, b"a");
        put_list(&mut shard, b"none");
        assert!(!shard.has_ready());
        put_list(&mut shard, b"c");
        put_list(&mut shard, b"b");
        put_list(&mut shard, b"c");
        put_list(&mut shard, b"a");
        assert!(shard.has_ready());
        assert_eq!(ready(&mut shard), ["c", "b", "a"]);
        put_list(&mut shard, b"b");
        assert_eq!(ready(&mut shard), ["b"], "it may become ready again");
    }
}

#[test]
fn nobody_waits_any_more() {
    let mut shard = shard();
    shard.changes.record(false);
    for _ in 0..2 {
        shard.await_key(DB, b"a");
        shard.await_key(DB, b"a");
        assert!(shard.changes.is_observed());
        assert_eq!(shard.awaited_keys(), 1);
        shard.forget_key(DB, b"a");
        shard.forget_key(DB, b"a");
        assert!(!shard.changes.is_observed());
        assert_eq!(shard.awaited_keys(), 0);
        put_list(&mut shard, b"a");
        assert!(!shard.has_ready());
    }
}

#[test]
fn databases_that_change_places_are_looked_at() {
    let mut shard = shard();
    shard.await_key(DB, b"a");
    shard.await_key(DbIndex(1), b"b");
    shard.await_key(DbIndex(2), b"a");
    put_list(&mut shard, b"b");
    shard.swap(DB, DbIndex(1));
    assert_eq!(shard.next_ready(), Some((DbIndex(1), b"b".as_slice().into())));
    assert_eq!(shard.next_ready(), None);
}

#[test]
fn values_that_come_by_another_way_are_looked_at() {
    let mut shard = shard();
    put_list(&mut shard, b"from");
    let keys = vec![LentKey { db: DB, key: b"from".as_slice().into() }];
    let mut guests = shard.lend(keys);
    shard.await_key(DB, b"from");
    shard.await_key(DB, b"to");
    shard.admit(&mut guests);
    assert_eq!(ready(&mut shard), ["from"], "it came home");
    let mut cx = shard.cx(DB, Author(1));
    let entry = cx.remove(b"from").expect("it is there");
    cx.put(entry.rename(b"to"));
    let moved = || Touches::Move { from: (DB, b"from"[..].into()), to: (DB, b"to"[..].into()) };
    cx.changed_all(moved, &[], |_| {});
    assert_eq!(ready(&mut shard), ["to"]);
}

#[test]
fn only_who_may_waits() {
    let mut shard = shard();
    let wait = || Wait {
        keys: 1..2,
        uses: None,
        until: None,
        wants: Entry::is_collection,
        serve: |_, _, _, _| Ok(()),
    };
    let (_, asked) = shard.with_patience(|shard| {
        let mut cx = cx(shard);
        assert!(cx.may_wait());
        cx.wait(wait());
    });
    assert_eq!(asked.expect("it was asked for").keys, 1..2);
    assert!(!cx(&mut shard).may_wait());
    assert!(shard.with_patience(|_| ()).1.is_none());
}
