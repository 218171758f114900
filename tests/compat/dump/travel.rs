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
    // Digests hold the text of a score, which newer servers print in fewer digits where they can.
    let scores = ["-inf", "inf", "0.125", "-0", "-7.5", "65537", "4503599627370497"];
    let scored: Vec<String> =
        scores.iter().flat_map(|it| [(*it).into(), format!("m{it}")]).collect();
    make("ZADD", "zset:odd", &scored);
    for (key, count, length) in [("few", 100, 5), ("many", 3_000, 20), ("wide", 4, 9_000)] {
        let twice = words(count, length).into_iter().flat_map(|word| [word.clone(), word]);
        make("HSET", &format!("hash:{key}"), &twice.collect::<Vec<_>>());
    }
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

/// Hashes whose fields expire: a small and a large one.
fn fill_expiring(client: &mut Client) {
    let long = "x".repeat(100);
    for line in [
        "HSET small a 1 b 2 c 3",
        &format!("HSET large a {long} b 2 c 3"),
        "HPEXPIREAT small 9999999999999 FIELDS 1 b",
        "HPEXPIREAT large 9999999999999 FIELDS 1 b",
        "HPEXPIREAT large 9999999999000 FIELDS 1 c",
    ] {
        assert_eq!(client.line(line).error(), "", "{line}");
    }
}

#[track_caller]
fn carry_expiring((from, to): (&mut Client, &mut Client)) {
    for key in ["small", "large"] {
        let Reply::Bulk(payload) = from.cmd(&["DUMP", key]) else { panic!("{key} is there") };
        let restored = to.cmd(&[&b"RESTORE"[..], b"travelled", b"0", &payload, b"REPLACE"]);
        assert_eq!(restored, Reply::ok(), "{key}");
        for line in ["HMGET ? a b c", "HLEN ?", "HPEXPIRETIME ? FIELDS 3 a b c"] {
            let here = from.line(&line.replace('?', key));
            assert_eq!(here, to.line(&line.replace('?', "travelled")), "{key}");
        }
    }
}

/// Redis 7.0 knows no such fields, and Valkey reads nothing that Redis 7.4 has added.
#[test]
fn fields_that_expire() {
    let [redis, valkey] = [Packaged::Redis8, Packaged::Valkey].map(|peer| {
        let peer = Launch::packaged(peer).start();
        fill_expiring(&mut peer.client());
        peer
    });
    each_shoal(|server| {
        let mut here = server.client();
        fill_expiring(&mut here);
        carry_expiring((&mut here, &mut redis.client()));
        carry_expiring((&mut redis.client(), &mut here));
        carry_expiring((&mut valkey.client(), &mut here));
    });
}
