//! SCAN's guarantee, RANDOMKEY, walks over all entries.

use datatypes::Position;
use stdx::HashSet;
use stdx::prng::Prng;

use super::{at, cx, key, shard};
use crate::{Shard, UnixMillis};

/// The steps of one walk; `between` runs after each.
fn walk(shard: &mut Shard, count: usize, mut between: impl FnMut(&mut Shard)) -> Vec<Vec<u8>> {
    let (mut keys, mut next) = (Vec::new(), Some(Position::START));
    while let Some(position) = next {
        let step = cx(shard).scan(position, count, |_| true);
        keys.extend(step.keys.iter().map(|key| key.to_vec()));
        next = step.next;
        between(shard);
    }
    keys
}

#[test]
fn a_walk_of_an_empty_database_ends_at_once() {
    assert!(walk(&mut shard(), 10, |_| ()).is_empty());
}

#[test]
fn a_walk_meets_every_key_once_while_nothing_changes() {
    let mut shard = shard();
    for number in 0..2000 {
        cx(&mut shard).set_string(&key(number), b"1", None);
    }
    let keys = walk(&mut shard, 10, |_| ());
    assert_eq!(keys.len(), 2000);
    assert_eq!(keys.into_iter().collect::<HashSet<_>>().len(), 2000);
}

/// Keys that stay are met, whatever comes and goes beside them.
#[test]
fn a_walk_meets_every_key_that_stays() {
    for seed in 0..20 {
        let mut prng = Prng::new(seed);
        let mut shard = shard();
        for number in 0..500 {
            cx(&mut shard).set_string(&key(number), b"1", None);
        }
        let is_growing = seed % 2 == 0;
        if !is_growing {
            for number in 500..10_000 {
                cx(&mut shard).set_string(&key(number), b"1", None);
            }
        }
        let mut other = 500;
        let keys = walk(&mut shard, 20, |shard| {
            for _ in 0..prng.below(200) {
                if is_growing {
                    cx(shard).set_string(&key(other), b"1", None);
                } else {
                    cx(shard).delete(&key(other));
                }
                other += 1;
            }
        });
        let met: HashSet<Vec<u8>> = keys.into_iter().collect();
        for number in 0..500 {
            assert!(met.contains(&key(number)), "key {number} of seed {seed} was not met");
        }
    }
}

#[test]
fn a_step_visits_about_as_many_as_asked_for() {
    let mut shard = shard();
    for number in 0..2000 {
        cx(&mut shard).set_string(&key(number), b"1", None);
    }
    let step = cx(&mut shard).scan(Position::START, 100, |_| true);
    assert!((100..130).contains(&step.keys.len()), "{}", step.keys.len());
    let step = cx(&mut shard).scan(Position::START, 100, |_| false);
    assert!(step.keys.is_empty());
    assert!(step.next.is_some(), "what is not wanted counts as visited");
}

/// A table that was large and is nearly empty has few entries and still many buckets.
#[test]
fn a_step_in_a_sparse_table_ends() {
    let mut shard = shard();
    for number in 0..20_000 {
        cx(&mut shard).set_string(&key(number), b"1", None);
    }
    for number in 0..16_000 {
        cx(&mut shard).delete(&key(number));
    }
    let mut steps = 0;
    let keys = walk(&mut shard, 1, |_| steps += 1);
    assert_eq!(keys.len(), 4000);
    assert!(steps > 300, "each of them visited a few buckets");
}

#[test]
fn what_has_expired_is_not_met_and_gone_afterwards() {
    let mut shard = shard();
    for number in 0..100 {
        cx(&mut shard).set_string(&key(number), b"1", if number < 40 { at(1) } else { None });
    }
    shard.set_now(UnixMillis(at(1).expect("it is a moment").0));
    let mut met = 0;
    cx(&mut shard).for_each(|_| met += 1);
    assert_eq!((met, shard.dbs()[0].len()), (60, 100));
    assert_eq!(walk(&mut shard, 10, |_| ()).len(), 60);
    assert_eq!(shard.dbs()[0].len(), 60);
}

#[test]
fn a_random_key_is_alive_and_any_key() {
    let mut shard = shard();
    assert_eq!(cx(&mut shard).random_key(), None);
    for number in 0..50 {
        cx(&mut shard).set_string(&key(number), b"1", if number < 40 { at(1) } else { None });
    }
    shard.set_now(UnixMillis(at(1).expect("it is a moment").0));
    let picked: HashSet<Vec<u8>> = (0..500)
        .map(|_| cx(&mut shard).random_key().expect("ten keys are alive").to_vec())
        .collect();
    assert_eq!(picked, (40..50).map(key).collect::<HashSet<_>>());

    let mut shard = super::shard();
    cx(&mut shard).set_string(b"a", b"1", at(0));
    assert_eq!(cx(&mut shard).random_key(), None, "the only key has expired");
}
