//! Eviction: which keys go, which never do, and what is said of it.

use stdx::prng::Prng;

use super::{START_MS, at, check_marks, cx, key, shard};
use crate::{
    AccessPolicy, Author, DbIndex, Eviction, EvictionPolicy, EvictionPool, EvictionRules, Shard,
    UnixMillis, evict_one,
};

const RULES: EvictionRules = EvictionRules { samples: 5, is_lazy: false };

fn with_policy(policy: EvictionPolicy) -> Shard {
    let mut shard = shard();
    shard.set_access(AccessPolicy { policy, ..AccessPolicy::default() });
    shard
}

/// Evicts so many keys.
#[track_caller]
fn evict(shards: &mut [Option<Shard>], keys: usize, pool: &mut EvictionPool, prng: &mut Prng) {
    for _ in 0..keys {
        let done = (0..1000).find_map(|_| match evict_one(shards, |_| true, pool, RULES, prng) {
            Eviction::Evicted => Some(()),
            Eviction::NotFound => None,
            Eviction::Impossible => panic!("there are keys"),
        });
        done.expect("a key is found in the end");
    }
}

/// How many of these keys are left.
fn left(shard: &mut Shard, numbers: impl Iterator<Item = usize>) -> usize {
    numbers.filter(|number| cx(shard).find_any(&key(*number)).is_some()).count()
}

/// Fills a shard with 2000 keys of which the second half is the one to keep, evicts 1000, and
/// answers how many of each half are left.
fn halves(policy: EvictionPolicy, mut prefer: impl FnMut(&mut Shard, usize)) -> (usize, usize) {
    let mut shard = with_policy(policy);
    for number in 0..2000 {
        cx(&mut shard).set_string(&key(number), b"v", at(1_000_000));
    }
    shard.set_now(UnixMillis(START_MS + 100_000));
    for number in 1000..2000 {
        prefer(&mut shard, number);
    }
    let mut shards = [Some(shard)];
    let (mut pool, mut prng) = (EvictionPool::default(), Prng::new(7));
    evict(&mut shards, 1000, &mut pool, &mut prng);
    let shard = shards[0].as_mut().expect("it is here");
    assert_eq!(shard.dbs()[0].len(), 1000);
    assert_eq!(shard.stats.evicted_keys, 1000);
    check_marks(shard);
    (left(shard, 0..1000), left(shard, 1000..2000))
}

fn touch(shard: &mut Shard, number: usize) {
    cx(shard).lookup_read(&key(number));
}

#[test]
fn what_was_used_lately_stays() {
    for policy in [EvictionPolicy::AllKeysLru, EvictionPolicy::VolatileLru] {
        let (old, new) = halves(policy, touch);
        assert!(new > 900, "{policy:?}: {old} old and {new} new keys are left");
    }
}

#[test]
fn what_is_used_often_stays() {
    for policy in [EvictionPolicy::AllKeysLfu, EvictionPolicy::VolatileLfu] {
        let (rare, frequent) = halves(policy, |shard, number| {
            (0..60).for_each(|_| touch(shard, number));
        });
        assert!(frequent > 900, "{policy:?}: {rare} rare and {frequent} frequent ones are left");
    }
}

#[test]
fn what_would_end_soonest_goes_first() {
    let (near, far) = halves(EvictionPolicy::VolatileTtl, |shard, number| {
        assert!(cx(shard).set_expire(&key(number), at(2_000_000)));
    });
    assert!(far > 900, "{near} near and {far} far ones are left");
}

#[test]
fn chance_prefers_nobody() {
    for policy in [EvictionPolicy::AllKeysRandom, EvictionPolicy::VolatileRandom] {
        let (first, second) = halves(policy, touch);
        assert!(first.abs_diff(second) < 200, "{policy:?}: {first} and {second} are left");
    }
}

/// A candidate that is used after it was met is let go.
#[test]
fn a_candidate_may_be_needed_again() {
    let mut shard = with_policy(EvictionPolicy::AllKeysLru);
    for number in 0..16 {
        cx(&mut shard).set_string(&key(number), b"v", None);
    }
    let (mut shards, mut pool, mut prng) = ([Some(shard)], EvictionPool::default(), Prng::new(3));
    evict(&mut shards, 1, &mut pool, &mut prng);
    let shard = shards[0].as_mut().expect("it is here");
    shard.set_now(UnixMillis(START_MS + 10_000));
    let there: Vec<usize> =
        (0..16).filter(|number| cx(shard).find_any(&key(*number)).is_some()).collect();
    for number in &there[1..] {
        touch(shard, *number);
    }
    evict(&mut shards, 1, &mut pool, &mut prng);
    let shard = shards[0].as_mut().expect("it is here");
    assert_eq!(left(shard, there[1..].iter().copied()), 14, "only the idle one is gone");
}

#[test]
fn only_volatile_keys_go_under_a_volatile_policy() {
    for policy in [
        EvictionPolicy::VolatileLru,
        EvictionPolicy::VolatileLfu,
        EvictionPolicy::VolatileRandom,
        EvictionPolicy::VolatileTtl,
    ] {
        let mut shard = with_policy(policy);
        for number in 0..3000 {
            cx(&mut shard).set_string(&key(number), b"v", None);
        }
        for number in [5, 1500] {
            assert!(cx(&mut shard).set_expire(&key(number), at(1_000_000)));
        }
        let (mut shards, mut pool, mut prng) =
            ([Some(shard)], EvictionPool::default(), Prng::new(1));
        evict(&mut shards, 2, &mut pool, &mut prng);
        let last = evict_one(&mut shards, |_| true, &mut pool, RULES, &mut prng);
        assert_eq!(last, Eviction::Impossible, "{policy:?}");
        assert_eq!(shards[0].as_ref().map(|shard| shard.dbs()[0].len()), Some(2998));
    }
}

#[test]
fn nothing_goes_where_nothing_may() {
    let mut shard = with_policy(EvictionPolicy::NoEviction);
    cx(&mut shard).set_string(b"k", b"v", at(1000));
    assert!(!shard.has_evictable());
    let mut shards = [Some(shard), None];
    let mut again = |may_use: fn(usize) -> bool, policy| {
        if let Some(shard) = &mut shards[0] {
            shard.set_access(AccessPolicy { policy, ..AccessPolicy::default() });
        }
        let (mut pool, mut prng) = (EvictionPool::default(), Prng::new(1));
        evict_one(&mut shards, may_use, &mut pool, RULES, &mut prng)
    };
    assert_eq!(again(|_| true, EvictionPolicy::NoEviction), Eviction::Impossible);
    assert_eq!(again(|_| false, EvictionPolicy::AllKeysLru), Eviction::Impossible);
    assert_eq!(again(|_| true, EvictionPolicy::AllKeysLru), Eviction::Evicted);
    assert_eq!(again(|_| true, EvictionPolicy::AllKeysLru), Eviction::Impossible);
}

/// All databases of all shards are one keyspace to it.
#[test]
fn the_oldest_keys_of_all_shards_and_databases_go_first() {
    let mut shards: Vec<Option<Shard>> =
        (0..3).map(|_| Some(with_policy(EvictionPolicy::AllKeysLru))).collect();
    for number in 0..3000 {
        let shard = shards[number % 3].as_mut().expect("it is here");
        // The oldest keys are all in one database of one shard.
        let is_old = number % 3 == 1 && number % 2 == 0;
        let db = DbIndex(u16::from(number % 2 == 0));
        // Time never goes back, but in a test.
        shard.now = UnixMillis(START_MS + if is_old { 0 } else { 50_000 });
        shard.set_access(shard.access());
        shard.cx(db, Author(1)).set_string(&key(number), b"v", None);
    }
    shards.iter_mut().flatten().for_each(|shard| shard.set_now(UnixMillis(START_MS + 60_000)));
    let (mut pool, mut prng) = (EvictionPool::default(), Prng::new(9));
    evict(&mut shards, 400, &mut pool, &mut prng);
    let old = shards[1].as_ref().map_or(0, |shard| shard.dbs()[1].len());
    // Chance alone would take 67 of them.
    assert!(old < 300, "{old} of 500 old keys are left");
}

#[test]
fn a_change_tells_of_it() {
    for (is_lazy, word) in [(false, "DEL"), (true, "UNLINK")] {
        let mut shard = with_policy(EvictionPolicy::AllKeysLru);
        cx(&mut shard).set_string(b"k", b"v", None);
        shard.changes.drain();
        let dirty = shard.changes.dirty();
        let mut shards = [Some(shard)];
        let (mut pool, mut prng) = (EvictionPool::default(), Prng::new(1));
        let rules = EvictionRules { is_lazy, ..RULES };
        let done = evict_one(&mut shards, |_| true, &mut pool, rules, &mut prng);
        assert_eq!(done, Eviction::Evicted);
        let shard = shards[0].as_mut().expect("it is here");
        assert_eq!(shard.changes.dirty(), dirty, "it is no change of a client's");
        let changes: Vec<_> = shard.changes.drain().collect();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].events[0].name, "evicted");
        assert_eq!(changes[0].author, Author::SERVER);
        let words: Vec<Vec<u8>> = changes[0].durable.as_args().iter().map(<[u8]>::to_vec).collect();
        assert_eq!(words, [word.as_bytes(), b"k"]);
    }
}

#[test]
fn who_watches_a_key_hears_that_it_is_gone() {
    let mut shard = with_policy(EvictionPolicy::AllKeysLru);
    shard.changes.record(false);
    cx(&mut shard).set_string(b"k", b"v", None);
    let sighting = shard.watch(DbIndex(0), b"k".as_slice().into());
    let mut shards = [Some(shard)];
    let (mut pool, mut prng) = (EvictionPool::default(), Prng::new(1));
    evict(&mut shards, 1, &mut pool, &mut prng);
    assert!(!shards[0].as_mut().expect("it is here").unwatch(&sighting));
}
