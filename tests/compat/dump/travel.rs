//! Values travel: dumped here and restored on another server, and the other way.

use testkit::oracle::Packaged;
use testkit::{Client, Launch, Reply};

use crate::each_shoal;

/// Fills the keys that are answered with values of every type and form.
fn fill(client: &mut Client) -> Vec<String> {
    let mut keys = Vec::new();
    let mut make = |command: &str, key: &str, words: &[String]| {
        let words = [command, key].map(str::to_owned).into_iter().chain(words.iter().cloned());
        assert_eq!(client.cmd(&words.collect::<Vec<_>>()).error(), "");
        keys.push(key.to_owned());
    };
    let words = |count: usize, length: usize| -> Vec<String> {
        (0..count).map(|number| format!("{number}{}", "x".repeat(length))).collect()
    };
    for (key, value) in [("int", "-77"), ("big", "9223372036854775807"), ("text", "some text")] {
        make("SET", key, &[value.to_owned()]);
    }
    make("SET", "long", &["0123456789".repeat(20_000)]);
    make("SET", "empty", &[String::new()]);
    for (key, count, length) in [
        ("one", 1, 0),
        ("few", 100, 5),
        ("many", 3_000, 20),
        ("wide", 4, 9_000),
        ("huge", 2, 300_000),
    ] {
        make("RPUSH", &format!("list:{key}"), &words(count, length));
        make("SADD", &format!("set:{key}"), &words(count, length));
        let scored = words(count, length).into_iter().enumerate();
        let scored = scored.flat_map(|(at, word)| [format!("{}", at % 40), word]);
        make("ZADD", &format!("zset:{key}"), &scored.collect::<Vec<_>>());
    }
    let scores = ["-inf", "inf", "0.1", "-0", "1e300", "-7", "5000000000", "1e17"];
    let scored: Vec<String> =
        scores.iter().flat_map(|it| [(*it).into(), format!("m{it}")]).collect();
    make("ZADD", "zset:odd", &scored);
    for (key, count) in [("few", 3), ("most", 512), ("many", 513)] {
        let numbers: Vec<String> = (0..count).map(|number| (number * 99_991).to_string()).collect();
        make("SADD", &format!("ints:{key}"), &numbers);
    }
    make("SADD", "odd", &["", "\0\r\n", "007", "+1"].map(str::to_owned));
    keys
}

/// Carries a value over; it has to be there what it is here.
#[track_caller]
fn carry(key: &str, (from, to): (&mut Client, &mut Client)) {
    let Reply::Bulk(payload) = from.cmd(&["DUMP", key]) else { panic!("{key} is there") };
    let restored = to.cmd(&[&b"RESTORE"[..], b"travelled", b"0", &payload, b"REPLACE"]);
    assert_eq!(restored, Reply::ok(), "{key}");
    let digest = |client: &mut Client, key: &str| client.cmd(&["DEBUG", "DIGEST-VALUE", key]);
    assert_eq!(digest(from, key), digest(to, "travelled"), "{key}");
    assert_eq!(from.cmd(&["TYPE", key]), to.cmd(&["TYPE", "travelled"]), "{key}");
}

fn travel(peer: Packaged) {
    let peer = Launch::packaged(peer).start();
    let keys = fill(&mut peer.client());
    each_shoal(|server| {
        let (mut here, mut there) = (server.client(), peer.client());
        assert_eq!(fill(&mut here), keys);
        for key in &keys {
            carry(key, (&mut here, &mut there));
            carry(key, (&mut there, &mut here));
        }
    });
}

#[test]
fn to_redis_7_and_back() {
    travel(Packaged::Oracle);
}

#[test]
fn to_redis_8_and_back() {
    travel(Packaged::Redis8);
}

#[test]
fn to_valkey_and_back() {
    travel(Packaged::Valkey);
}
