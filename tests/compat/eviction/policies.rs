//! Who has to go when memory runs out.

use testkit::{Client, Reply};

use super::{DEFAULTS, configure, info};
use crate::each_shoal;

const MIB: i64 = 1 << 20;

/// What may be used beyond the limit for a moment: buffers of the clients that measure, and what
/// one core leaves for another one to free.
const SLACK: i64 = 512 << 10;

/// Sets so many keys to values of 400 bytes, in batches; answers how many were refused.
fn fill(client: &mut Client, keys: std::ops::Range<usize>, suffix: &str) -> usize {
    let value = "v".repeat(400);
    let lines: Vec<String> = keys.map(|key| format!("SET k:{key} {value}{suffix}")).collect();
    let mut refused = 0;
    for batch in lines.chunks(200) {
        for reply in client.pipeline(batch) {
            if reply == Reply::ok() {
                continue;
            }
            assert!(reply.error().starts_with("OOM command not allowed"), "{reply:?}");
            refused += 1;
        }
    }
    refused
}

/// How many of these keys are there.
fn count(client: &mut Client, keys: std::ops::Range<usize>) -> i64 {
    let names: Vec<String> = keys.map(|key| format!("k:{key}")).collect();
    let ask = |chunk: &[String]| client.line(&format!("EXISTS {}", chunk.join(" "))).int();
    names.chunks(500).map(ask).sum()
}

/// Runs a test with a policy and room for so many bytes more than are used.
fn with_room(policy: &str, bytes: i64, test: impl Fn(&mut Client, i64)) {
    each_shoal(|server| {
        let mut client = server.client();
        client.line("CONFIG RESETSTAT");
        let limit = info(&mut client, "used_memory") + bytes;
        configure(
            &mut client,
            &[
                ("maxmemory", &limit.to_string()),
                ("maxmemory-policy", policy),
                ("maxmemory-samples", "10"),
            ],
        );
        test(&mut client, limit);
        configure(&mut client, DEFAULTS);
        client.line("FLUSHALL");
    });
}

/// Memory comes back under the limit: other cores may still be at it.
#[track_caller]
fn assert_kept(client: &mut Client, limit: i64) {
    for _ in 0..2000 {
        if info(client, "used_memory") <= limit + SLACK {
            return;
        }
    }
    panic!("{} of {limit} bytes are used", info(client, "used_memory"));
}

#[test]
fn the_limit_is_kept() {
    for policy in ["allkeys-lru", "allkeys-lfu", "allkeys-random"] {
        with_room(policy, 6 * MIB, |client, limit| {
            assert_eq!(fill(client, 0..40_000, ""), 0, "{policy}");
            assert_kept(client, limit);
            let keys = client.line("DBSIZE").int();
            // Some may have gone meanwhile.
            let evicted = info(client, "evicted_keys");
            assert!((40_000..41_000).contains(&(keys + evicted)), "{policy}: {keys} + {evicted}");
            assert!(keys > 8_000, "{policy}: only {keys} keys are left");
        });
    }
    for policy in ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"] {
        with_room(policy, 6 * MIB, |client, limit| {
            assert_eq!(fill(client, 100_000..101_000, ""), 0);
            assert_eq!(fill(client, 0..40_000, " EX 10000"), 0, "{policy}");
            assert_kept(client, limit);
            assert_eq!(count(client, 100_000..101_000), 1_000, "{policy}: they do not expire");
            assert!(info(client, "evicted_keys") > 20_000, "{policy}");
        });
    }
}

/// Where nothing may go, memory stops growing.
#[test]
fn without_eviction_the_limit_is_kept_too() {
    for policy in ["noeviction", "volatile-ttl"] {
        with_room(policy, 4 * MIB, |client, limit| {
            let refused = fill(client, 0..20_000, "");
            let keys = client.line("DBSIZE").int();
            assert_eq!(keys, 20_000 - refused as i64);
            assert!(keys > 2_000, "{policy}: only {keys} keys fit");
            assert!(refused > 5_000, "{policy}: {refused}");
            assert_kept(client, limit);
            assert_eq!(info(client, "evicted_keys"), 0);
            // What is deleted makes room.
            for key in 0..2_000 {
                client.line(&format!("DEL k:{key}"));
            }
            assert_eq!(client.line("SET k 1"), Reply::ok());
        });
    }
}

#[test]
fn what_is_used_often_stays() {
    with_room("allkeys-lfu", 6 * MIB, |client, _| {
        fill(client, 0..1_000, "");
        let reads: Vec<String> = (0..1_000).map(|key| format!("GET k:{key}")).collect();
        for _ in 0..60 {
            client.pipeline(&reads);
        }
        fill(client, 1_000..40_000, "");
        let left = count(client, 0..1_000);
        assert!(left > 900, "{left} of 1000 keys in use are left");
    });
}

#[test]
fn what_ends_last_stays() {
    with_room("volatile-ttl", 6 * MIB, |client, _| {
        fill(client, 0..1_000, " EX 100000");
        fill(client, 1_000..40_000, " EX 1000");
        let left = count(client, 0..1_000);
        assert!(left > 900, "{left} of 1000 keys that end late are left");
    });
}

/// All keys that may go are on one shard; commands for the others find room all the same.
#[test]
fn one_shard_makes_room_for_all() {
    with_room("volatile-lru", 6 * MIB, |client, limit| {
        let value = "v".repeat(1_000);
        let lines: Vec<String> =
            (0..8_000).map(|key| format!("SET {{here}}{key} {value} EX 10000")).collect();
        for batch in lines.chunks(100) {
            assert!(client.pipeline(batch).iter().all(|reply| *reply == Reply::ok()));
        }
        assert_kept(client, limit);
        // Half of what is there may go for these, and it does.
        assert_eq!(fill(client, 0..4_000, ""), 0);
        assert_eq!(count(client, 0..4_000), 4_000);
        assert_kept(client, limit);
    });
}

/// A limit that is lowered evicts at once, though nobody writes.
#[test]
fn a_lower_limit_makes_room_by_itself() {
    with_room("allkeys-lru", 12 * MIB, |client, limit| {
        assert_eq!(fill(client, 0..20_000, ""), 0);
        assert_eq!(client.line("DBSIZE").int(), 20_000);
        let lower = limit - 8 * MIB;
        configure(client, &[("maxmemory", &lower.to_string())]);
        assert_kept(client, lower);
        assert!(client.line("DBSIZE").int() < 12_000);
    });
}

/// A value too large to be freed at once makes room as well.
#[test]
fn large_values_are_freed_in_slices() {
    with_room("allkeys-random", 4 * MIB, |client, limit| {
        let members: Vec<String> = (0..500).map(|n| format!("member-of-some-length:{n}")).collect();
        for set in 0..600 {
            let added = client.line(&format!("SADD set:{set} {}", members.join(" ")));
            assert_eq!(added.int(), 500);
        }
        assert_kept(client, limit);
        assert!(info(client, "evicted_keys") > 50);
    });
}

/// Keys on their way between shards are passed by: no command finds half of what it needs.
#[test]
fn transactions_go_on() {
    with_room("allkeys-random", 4 * MIB, |client, limit| {
        let value = "v".repeat(1_500);
        for round in 0..3_000 {
            let lines = [
                format!("MSET a{round} {value} b{round} {value} c{round} {value}"),
                format!("RENAME a{round} d{round}"),
                "MULTI".to_owned(),
                format!("SET e {round}"),
                format!("SET f {round}"),
                "MGET e f".to_owned(),
                "EXEC".to_owned(),
            ];
            let replies = client.pipeline(&lines);
            assert_eq!(replies[0], Reply::ok());
            let renamed = &replies[1];
            assert!(*renamed == Reply::ok() || renamed.error() == "ERR no such key", "{renamed:?}");
            let both = &replies[6].elements()[2];
            let both: Vec<String> = both.elements().iter().map(Reply::text).collect();
            assert_eq!(both, [round.to_string(), round.to_string()]);
        }
        assert_kept(client, limit);
        assert!(info(client, "evicted_keys") > 1_000);
    });
}
