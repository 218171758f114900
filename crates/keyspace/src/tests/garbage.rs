//! What is big is freed in slices.

use bytes::Bytes;
use datatypes::list::{End, NodeLimit};
use datatypes::{Entry, List, Object};

use super::{cx, key, shard};
use crate::{DbIndex, Shard, UnixMillis};

fn fill(shard: &mut Shard, keys: usize) {
    for number in 0..keys {
        cx(shard).set_string(&key(number), b"1", None);
    }
}

#[test]
fn a_lazy_flush_leaves_the_entries_to_slices() {
    let mut shard = shard();
    fill(&mut shard, 5000);
    assert_eq!(shard.flush(DbIndex(0), true), 5000);
    assert!(shard.dbs()[0].is_empty());
    assert_eq!(shard.lazyfree_pending(), 5000);
    // The database is there again while the old one is being freed.
    fill(&mut shard, 10);

    let mut slices = 0;
    while shard.has_garbage() {
        let before = shard.lazyfree_pending();
        shard.free_slice();
        assert!(before - shard.lazyfree_pending() < 500, "a slice is bounded");
        slices += 1;
    }
    assert!(slices > 10);
    assert_eq!((shard.lazyfree_pending(), shard.stats.lazyfreed_objects), (0, 5000));
    assert_eq!(shard.dbs()[0].len(), 10);
}

#[test]
fn a_flush_that_is_waited_for_and_a_small_one_leave_nothing() {
    let mut shard = shard();
    fill(&mut shard, 5000);
    shard.flush(DbIndex(0), false);
    assert!(!shard.has_garbage());
    fill(&mut shard, 100);
    shard.flush(DbIndex(0), true);
    assert!(!shard.has_garbage());
    shard.free_slice();
    assert_eq!(shard.stats.lazyfreed_objects, 0);
}

#[test]
fn a_huge_set_is_freed_in_slices() {
    let mut shard = shard();
    let rules = shard.set_rules();
    for keys in 0..2 {
        let mut set = datatypes::Set::new();
        for number in 0..20_000 {
            set.insert(&key(number), &rules);
        }
        let object = datatypes::Object::Set(set);
        cx(&mut shard).put(datatypes::Entry::new_object(b"s", object, None, 0));
        // The second one takes the place of the first.
        assert_eq!(shard.lazyfree_pending(), keys);
    }
    // A string in its place has the same layout, and yet the set goes in slices.
    cx(&mut shard).set_string(b"s", b"1", None);
    assert_eq!(shard.lazyfree_pending(), 2);
    let mut slices = 0;
    while shard.has_garbage() {
        shard.free_slice();
        slices += 1;
    }
    assert!(slices > 100, "{slices} slices");
    assert_eq!(shard.stats.lazyfreed_objects, 2);
}

#[test]
fn a_huge_value_waits_for_a_slice_of_its_own() {
    let mut shard = shard();
    let huge = || Bytes::from(vec![0; 10 << 20]);
    cx(&mut shard).set_bytes(b"a", huge(), None);
    assert!(cx(&mut shard).delete(b"a"));
    assert_eq!(shard.lazyfree_pending(), 1);
    shard.free_slice();
    assert!(!shard.has_garbage());

    cx(&mut shard).set_bytes(b"a", huge(), None);
    fill(&mut shard, 1000);
    shard.flush(DbIndex(0), true);
    while shard.has_garbage() {
        shard.free_slice();
    }
    assert_eq!(shard.stats.lazyfreed_objects, 1 + 1001);
}

fn huge_list() -> Entry {
    let mut list = List::new();
    for number in 0..2_000_000 {
        list.make_room(4, 1, NodeLimit::default());
        list.push(End::Back, i32::to_le_bytes(number).as_slice().into());
    }
    Entry::new_object(b"list", Object::List(list), None, 0)
}

/// However a huge list goes (deleted, overwritten by a value of whatever layout, flushed), it goes
/// in several slices, and counts as one object freed.
#[test]
fn a_huge_list_is_freed_in_several_slices() {
    let ends: [fn(&mut Shard); 4] = [
        |shard| assert!(cx(shard).delete(b"list")),
        |shard| cx(shard).set_string(b"list", b"1", None),
        |shard| cx(shard).set_string(b"list", b"1", Some(UnixMillis(i64::MAX))),
        |shard| assert_eq!(shard.flush(DbIndex(0), true), 301),
    ];
    for end in ends {
        let mut shard = shard();
        fill(&mut shard, 300);
        cx(&mut shard).insert(huge_list());
        end(&mut shard);
        let waiting = shard.lazyfree_pending();
        assert!(waiting >= 1);
        let mut slices = 0;
        while shard.has_garbage() {
            shard.free_slice();
            slices += 1;
        }
        assert!(slices > 5, "{slices} slices");
        assert_eq!(shard.stats.lazyfreed_objects, waiting);
    }
}
