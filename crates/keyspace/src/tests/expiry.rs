//! Keys vanish when their time has come: when somebody looks, or by the cycle.

use super::{at, check_marks, cx, key, shard};
use crate::{Author, Change, DbIndex, EventClass, Shard, UnixMillis};

fn advance(shard: &mut Shard, ms: i64) {
    let now = shard.now().0 + ms;
    shard.set_now(UnixMillis(now));
}

fn expired_keys(changes: &[Change]) -> usize {
    let is_expired = |change: &&Change| change.events[0].class == EventClass::Expired;
    changes.iter().filter(is_expired).count()
}

/// Runs the cycle until it has gone all the way round.
fn run_cycle(shard: &mut Shard) {
    for _ in 0..1000 {
        shard.expire_slice();
    }
}

#[test]
fn time_never_goes_back() {
    let mut shard = shard();
    let now = shard.now();
    shard.set_now(UnixMillis(1));
    assert_eq!(shard.now(), now);
}

#[test]
fn whoever_looks_deletes_what_has_expired() {
    let mut shard = shard();
    cx(&mut shard).set_string(b"a", b"1", at(10));
    advance(&mut shard, 9);
    assert!(cx(&mut shard).lookup_read(b"a").is_some());
    advance(&mut shard, 1);
    assert_eq!(shard.dbs()[0].len(), 1, "nobody has looked yet");
    assert!(cx(&mut shard).find_any(b"a").is_some());
    assert!(cx(&mut shard).lookup_read(b"a").is_none());
    assert_eq!(shard.dbs()[0].len(), 0);
    assert_eq!(shard.stats.expired_keys, 1);
    check_marks(&shard);

    let changes: Vec<Change> = shard.changes.drain().collect();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].durable.as_args().iter().collect::<Vec<_>>(), [&b"DEL"[..], b"a"]);
    assert_eq!(changes[0].author, Author::SERVER);
    assert_eq!(shard.changes.dirty(), 0, "the client changed nothing");
}

#[test]
fn marks_follow_the_expiry() {
    let mut shard = shard();
    cx(&mut shard).set_string(b"a", b"1", None);
    check_marks(&shard);
    assert!(!shard.has_volatile());
    for expire in [at(10), at(20), None, at(5)] {
        assert!(cx(&mut shard).set_expire(b"a", expire));
        assert_eq!(cx(&mut shard).expire_at(b"a"), expire);
        assert_eq!(shard.has_volatile(), expire.is_some());
        check_marks(&shard);
    }
    assert!(!cx(&mut shard).set_expire(b"b", at(1)), "there is no such key");
    cx(&mut shard).delete(b"a");
    assert!(!shard.has_volatile());
}

#[test]
fn the_cycle_deletes_what_nobody_looks_at() {
    let mut shard = shard();
    for number in 0..3000 {
        let db = DbIndex(number as u16 % 3);
        let expire = match number % 4 {
            0 => at(10),
            1 => at(1_000_000),
            _ => None,
        };
        shard.cx(db, Author(1)).set_string(&key(number), b"1", expire);
    }
    run_cycle(&mut shard);
    assert_eq!(shard.stats.cycle_expired, 0);
    assert!(shard.stats.cycle_sampled > 1500, "it went round more than once");
    let average = shard.dbs()[0].avg_ttl_ms();
    assert!((100_000..1_000_001).contains(&average), "{average}");

    advance(&mut shard, 10);
    run_cycle(&mut shard);
    assert_eq!(shard.stats.cycle_expired, 750);
    assert_eq!(shard.stats.expired_keys, 750);
    let left: usize = shard.dbs().iter().map(crate::Db::len).sum();
    assert_eq!(left, 2250);
    check_marks(&shard);
    let changes: Vec<Change> = shard.changes.drain().collect();
    assert_eq!(expired_keys(&changes), 750);
}

#[test]
fn a_slice_of_the_cycle_is_bounded() {
    let mut shard = shard();
    for number in 0..20_000 {
        cx(&mut shard).set_string(&key(number), b"1", at(1));
    }
    advance(&mut shard, 1);
    let slice = shard.expire_slice();
    assert!((1..1000).contains(&slice.expired), "{slice:?}");
    assert_eq!(slice.sampled, slice.expired);
}

#[test]
fn the_cycle_can_be_switched_off() {
    let mut shard = shard();
    cx(&mut shard).set_string(b"a", b"1", at(1));
    advance(&mut shard, 1);
    shard.active_expire = false;
    run_cycle(&mut shard);
    assert_eq!(shard.dbs()[0].len(), 1);
    shard.active_expire = true;
    run_cycle(&mut shard);
    assert_eq!(shard.dbs()[0].len(), 0);
}
