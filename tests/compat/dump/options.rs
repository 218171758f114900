//! RESTORE's words, and the order in which it finds fault with them.

use testkit::normalise::{NEAR_SECONDS, NEAR_TIME};
use testkit::script;
use testkit::script::Step;

use super::{HELLO, sealed};
use crate::{STAGE, check, each_shoal};

/// `RESTORE key ttl` of `hello`, with the words behind.
fn hello(key: &str, ttl: &str, rest: &str) -> Step {
    let payload = sealed(HELLO, 10);
    let mut words: Vec<&[u8]> = vec![b"RESTORE", key.as_bytes(), ttl.as_bytes(), &payload];
    words.extend(rest.split(' ').filter(|word| !word.is_empty()).map(str::as_bytes));
    Step::words(&words)
}

#[test]
fn faults_are_found_in_redis_order() {
    let mut steps = script!["SET there 1"];
    for key in ["there", "new"] {
        for ttl in ["0", "x", "-1", "1.5", "9223372036854775808", ""] {
            for rest in ["", "REPLACE", "wrong", "IDLETIME", "IDLETIME x", "FREQ 256"] {
                steps.push(hello(key, ttl, rest));
                let wrong = format!("RESTORE {key} \"{ttl}\" abc {rest}");
                steps.push(Step::from(wrong));
            }
            steps.extend(script!["GET new", "DEL new", "SET there 1"]);
        }
    }
    for rest in [
        "IDLETIME -1",
        "IDLETIME 1 IDLETIME 2",
        "IDLETIME 1 FREQ 1",
        "FREQ 1 IDLETIME 1",
        "FREQ 1 FREQ 255",
        "FREQ -1",
        "FREQ 1.5",
        "FREQ",
        "idletime 0 replace absttl",
        "REPLACE REPLACE ABSTTL ABSTTL",
        "REPLACE x",
    ] {
        steps.push("DEL k".into());
        steps.push(hello("k", "0", rest));
        steps.push("GET k".into());
    }
    check(&steps);
}

#[test]
fn times_to_live() {
    let mut steps = Vec::new();
    for (ttl, rest) in [
        ("0", ""),
        ("0", "ABSTTL"),
        ("100000", ""),
        ("100000", "ABSTTL"),
        ("1", "ABSTTL"),
        ("9999999999999", "ABSTTL"),
        ("9223372036854775807", ""),
        ("9223372036854775807", "ABSTTL"),
    ] {
        for first in ["DEL k", "SET k 1", "SET k 1 EX 500"] {
            steps.push(Step::from(first));
            steps.push(hello("k", ttl, &format!("{rest} REPLACE")));
            steps.push("GET k".into());
            steps.push(Step::from("PTTL k").by(&NEAR_TIME));
        }
    }
    check(&steps);
}

#[test]
fn ages_and_frequencies() {
    let mut steps = Vec::new();
    for rest in ["", "IDLETIME 0", "IDLETIME 1000", "IDLETIME 20000000", "FREQ 9"] {
        steps.push(hello("k", "0", &format!("{rest} REPLACE")));
        steps.push(Step::from("OBJECT IDLETIME k").by(&NEAR_SECONDS));
    }
    // Further back than the clock reaches.
    steps.push(hello("k", "0", "REPLACE IDLETIME 9223372036854775807"));
    steps.push(Step::from("OBJECT IDLETIME k").by(&NEAR_SECONDS));
    steps.push("CONFIG SET maxmemory-policy allkeys-lfu".into());
    for rest in ["", "IDLETIME 1000", "FREQ 0", "FREQ 9", "FREQ 255"] {
        steps.push(hello("k", "0", &format!("{rest} REPLACE")));
        steps.push("OBJECT FREQ k".into());
    }
    steps.push("CONFIG SET maxmemory-policy noeviction".into());
    check(&steps);
}

#[test]
fn a_restored_key_counts_as_any_other() {
    let [set, list] =
        [&b"\x02\x02\x01a\x01b"[..], b"\x01\x02\x01a\x01b"].map(|value| sealed(value, 9));
    let mut steps = script!["SADD s x", "SET k 1"];
    steps.push(Step::words(&[&b"RESTORE"[..], b"k", b"0", &list, b"REPLACE"]));
    steps.push(Step::words(&[&b"RESTORE"[..], b"s", b"0", &set, b"REPLACE"]));
    steps.push(hello("h", "0", ""));
    steps.extend(script![
        "TYPE k",
        "TYPE s",
        "RPUSH k c",
        "LRANGE k 0 -1",
        "SCARD s",
        "SISMEMBER s x",
        "DBSIZE",
        "APPEND h !",
        "MULTI",
        "DUMP k",
        "RESTORE k 0 x",
        "EXEC",
    ]);
    check(&steps);
}

/// Each server reads what it knows of: the oracle nothing that is newer than itself. What Redis 8.0
/// and Valkey 9 write is read here.
#[test]
fn versions_that_are_read() {
    let try_version = |version: u16| {
        move |server: &testkit::Server| {
            let payload = sealed(HELLO, version);
            server.client().cmd(&[&b"RESTORE"[..], b"k", b"0", &payload, b"REPLACE"])
        }
    };
    let versions = || (0..=15).chain([79, 80, 81, 0x100]);
    for version in versions() {
        let reply = STAGE.on_oracle(try_version(version));
        assert_eq!(reply.error().is_empty(), version <= 10, "version {version}");
    }
    each_shoal(|server| {
        for version in versions() {
            let reply = try_version(version)(server);
            let expected = match version {
                0..=12 | 80 => "",
                _ => "ERR DUMP payload version or checksum are wrong",
            };
            assert_eq!(reply.error(), expected, "version {version}");
        }
    });
}
