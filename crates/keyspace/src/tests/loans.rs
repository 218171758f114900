//! Entries that leave their shard for one command and come home with it.

use super::{at, check_marks, cx, shard};
use crate::{Change, DbIndex, Guest, LentKey, UnixMillis};

fn lent(key: &[u8]) -> LentKey {
    LentKey { db: DbIndex(0), key: key.into() }
}

#[test]
fn entries_go_and_come_with_all_they_have() {
    let (mut owner, mut home) = (shard(), shard());
    cx(&mut owner).set_string(b"a", b"1", at(10));
    let mut guests = owner.lend(vec![lent(b"a"), lent(b"none")]);
    assert!(guests[0].entry.is_some());
    assert!(guests[1].entry.is_none());
    assert_eq!(owner.dbs()[0].len(), 0);
    check_marks(&owner);

    home.admit(&mut guests);
    assert_eq!(cx(&mut home).expire_at(b"a"), at(10));
    check_marks(&home);
    // The handler deletes the one and makes the other.
    let entry = cx(&mut home).remove(b"a").expect("it was admitted");
    cx(&mut home).put(entry.rename(b"none"));
    home.dismiss(&mut guests);
    assert_eq!(home.dbs()[0].len(), 0);
    check_marks(&home);

    owner.admit(&mut guests);
    assert!(!cx(&mut owner).contains(b"a"));
    assert_eq!(cx(&mut owner).expire_at(b"none"), at(10));
    check_marks(&owner);
    let changes = [owner.changes.drain().count(), home.changes.drain().count()];
    assert_eq!(changes, [0, 0], "coming and going changes nothing");
}

#[test]
fn what_has_expired_is_not_lent() {
    let mut owner = shard();
    cx(&mut owner).set_string(b"a", b"1", at(10));
    owner.set_now(UnixMillis(at(10).expect("it is a moment").0));
    let guests = owner.lend(vec![lent(b"a")]);
    assert!(guests[0].entry.is_none());
    let changes: Vec<Change> = owner.changes.drain().collect();
    assert_eq!(changes[0].events[0].name, "expired");
}

/// Even if it expires while it is out: the owner will find out.
#[test]
fn what_expires_abroad_comes_home_and_expires_there() {
    let (mut owner, mut home) = (shard(), shard());
    cx(&mut owner).set_string(b"a", b"1", at(10));
    let mut guests = owner.lend(vec![lent(b"a")]);
    home.set_now(UnixMillis(at(10).expect("it is a moment").0));
    home.admit(&mut guests);
    home.dismiss(&mut guests);
    assert!(guests[0].entry.is_some());
    owner.admit(&mut guests);
    owner.set_now(home.now());
    assert!(!cx(&mut owner).contains(b"a"));
}

#[test]
fn a_database_that_is_not_there_has_no_keys_to_lend() {
    let mut owner = shard();
    let missing = LentKey { db: DbIndex(9), key: b"a".as_slice().into() };
    let mut guests: Vec<Guest> = owner.lend(vec![missing]);
    owner.admit(&mut guests);
    owner.dismiss(&mut guests);
    assert!(guests[0].entry.is_none());
}
