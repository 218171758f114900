//! Access clocks.

use stdx::prng::Prng;

use super::{START_MS, at, cx, shard};
use crate::{
    AccessPolicy, Author, DbIndex, EvictionPolicy, LFU_INIT_VAL, Shard, ShardCx, UnixMillis,
};

fn lfu() -> AccessPolicy {
    AccessPolicy { policy: EvictionPolicy::AllKeysLfu, ..AccessPolicy::default() }
}

fn idle_seconds(shard: &mut Shard, key: &[u8]) -> u64 {
    let (access, now) = (shard.access, shard.now());
    access.idle_ms(cx(shard).peek(key).expect("it is there").lru(), now) / 1000
}

#[test]
fn reads_and_writes_are_uses() {
    let mut shard = shard();
    cx(&mut shard).set_string(b"a", b"1", None);
    let mut second = 0;
    let mut idle_after = |touch: bool, run: fn(&mut ShardCx<'_>) -> bool| {
        second += 10;
        shard.set_now(at(second * 1000).expect("it is a moment"));
        let mut cx = shard.cx(DbIndex(0), Author(1));
        cx.touch = touch;
        assert!(run(&mut cx));
        idle_seconds(&mut shard, b"a")
    };
    assert_eq!(idle_after(true, |cx| cx.lookup_read(b"a").is_some()), 0);
    assert_eq!(idle_after(true, |cx| cx.lookup_write(b"a").is_some()), 0);
    assert_eq!(
        idle_after(true, |cx| {
            cx.set_string(b"a", b"2", None);
            true
        }),
        0
    );
    assert_eq!(idle_after(true, |cx| cx.lookup_read_no_touch(b"a").is_some()), 10);
    assert_eq!(idle_after(true, |cx| cx.peek(b"a").is_some()), 20);
    assert_eq!(idle_after(false, |cx| cx.lookup_read(b"a").is_some()), 30);
    assert_eq!(idle_after(true, |cx| cx.lookup_read(b"a").is_some()), 0);
}

#[test]
fn idle_time_survives_the_clock_going_round() {
    let access = AccessPolicy::default();
    let wrap_ms = (1i64 << 24) * 1000;
    let before = UnixMillis(wrap_ms * 100 - 5000);
    let after = UnixMillis(before.0 + 8000);
    assert_eq!(access.idle_ms(access.fresh(before), after), 8000);
}

#[test]
fn frequencies_grow_slower_and_slower_and_decay() {
    let access = lfu();
    let mut prng = Prng::new(1);
    let now = UnixMillis(START_MS);
    let mut bits = access.fresh(now);
    assert_eq!(access.frequency(bits, now), LFU_INIT_VAL);
    for _ in 0..100 {
        bits = access.used(bits, now, &mut prng);
    }
    let hundred = access.frequency(bits, now);
    assert!((8..14).contains(&hundred), "about 10 after a hundred uses: {hundred}");
    for _ in 0..100_000 {
        bits = access.used(bits, now, &mut prng);
    }
    let many = access.frequency(bits, now);
    assert!((120..170).contains(&many), "about 142 after a hundred thousand: {many}");

    let minute = 60_000;
    assert_eq!(access.frequency(bits, UnixMillis(now.0 + minute)), many - 1);
    assert_eq!(access.frequency(bits, UnixMillis(now.0 + 10 * minute)), many - 10);
    assert_eq!(access.frequency(bits, UnixMillis(now.0 + 300 * minute)), 0);
    let slow = AccessPolicy { lfu_decay_minutes: 0, ..access };
    assert_eq!(slow.frequency(bits, UnixMillis(now.0 + 300 * minute)), many);
}

#[test]
fn a_counter_stops_at_its_largest() {
    let access = AccessPolicy { lfu_log_factor: 0, ..lfu() };
    let mut prng = Prng::new(1);
    let now = UnixMillis(START_MS);
    let mut bits = access.fresh(now);
    for _ in 0..1000 {
        bits = access.used(bits, now, &mut prng);
    }
    assert_eq!(access.frequency(bits, now), u8::MAX);
    assert_eq!(bits >> 24, 0, "there are 24 bits");
}

/// Overwriting a key keeps its frequency: it is the key that is used.
#[test]
fn overwriting_keeps_the_frequency() {
    let mut shard = shard();
    shard.set_access(AccessPolicy { lfu_log_factor: 0, ..lfu() });
    for expire in [None, at(1000), None] {
        cx(&mut shard).set_string(b"a", b"1", expire);
    }
    let (access, now) = (shard.access, shard.now());
    let bits = cx(&mut shard).peek(b"a").expect("it is there").lru();
    assert_eq!(access.frequency(bits, now), LFU_INIT_VAL + 2);
}
