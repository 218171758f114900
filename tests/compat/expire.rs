//! Times to live.

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{NEAR_SECONDS, NEAR_TIME};
use testkit::script;
use testkit::script::Step;

use crate::check;

#[test]
fn setting_and_asking() {
    check(&script![
        "TTL k",
        "PTTL k",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "PERSIST k",
        "EXPIRE k 100",
        "PEXPIRE k 100",
        "EXPIREAT k 4102444800",
        "PEXPIREAT k 4102444800000",
        "SET k v",
        "TTL k",
        "PTTL k",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "PERSIST k",
        "EXPIRE k 1000",
        "TTL k" => NEAR_SECONDS,
        "PTTL k" => NEAR_TIME,
        "EXPIRETIME k" => NEAR_SECONDS,
        "PEXPIRETIME k" => NEAR_TIME,
        "PERSIST k",
        "TTL k",
        "PEXPIRE k 1000000",
        "PTTL k" => NEAR_TIME,
        "EXPIREAT k 4102444800",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "PEXPIREAT k 4102444800499",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "PEXPIREAT k 4102444800500",
        "EXPIRETIME k",
        "PEXPIREAT k 4102444800999",
        "EXPIRETIME k",
        "PEXPIRETIME k",
        "GET k",
    ]);
}

#[test]
fn a_time_that_is_over_deletes() {
    check(&script![
        "SET k v",
        "EXPIRE k 0",
        "EXISTS k",
        "SET k v",
        "EXPIRE k -1",
        "EXISTS k",
        "SET k v",
        "PEXPIRE k -1000",
        "EXISTS k",
        "SET k v",
        "EXPIREAT k 1",
        "EXISTS k",
        "SET k v",
        "PEXPIREAT k 0",
        "EXISTS k",
        "SET k v",
        "EXPIREAT k -100",
        "EXISTS k",
        "SET k v",
        "PEXPIRE k 0 NX",
        "EXISTS k",
        "SET k v",
        "EXPIRE k -5 XX",
        "EXISTS k",
        "EXPIRE k -5 GT",
        "EXISTS k",
        "EXPIRE k -5 LT",
        "EXISTS k",
        "DBSIZE",
    ]);
}

/// With the cycle off, only looking at a key removes it.
#[test]
fn keys_whose_time_is_over_are_not_seen() {
    let looks = [
        "EXISTS k",
        "TOUCH k",
        "TYPE k",
        "TTL k",
        "PTTL k",
        "EXPIRETIME k",
        "PERSIST k",
        "EXPIRE k 100",
        "EXPIRE k 100 NX",
        "OBJECT ENCODING k",
        "OBJECT IDLETIME k",
        "OBJECT REFCOUNT k",
        "DEL k",
        "UNLINK k",
        "MGET k j",
        "RENAME k l",
        "RENAMENX k l",
        "RENAME j k",
        "RENAMENX j k",
        "COPY k l",
        "COPY j k",
        "COPY j k REPLACE",
        "MOVE k 1",
        "KEYS *",
        "RANDOMKEY",
        "GETDEL k",
        "MSETNX k new",
        "DEBUG DIGEST-VALUE k",
    ];
    let mut steps = script!["DEBUG SET-ACTIVE-EXPIRE 0"];
    for look in looks {
        for over in ["SET k v PXAT 1", "SET k v PX 1"] {
            steps.extend(script!["FLUSHALL", over, "DEBUG SLEEP 0.003", "DBSIZE"]);
            // The other key has to be there only for a few of them.
            if look.contains(" j") {
                steps.push("SET j other EX 5000".into());
            }
            steps.extend(script![look, "DBSIZE", "GET k", "TTL k" => NEAR_SECONDS, "DBSIZE"]);
        }
    }
    steps.extend(script!["SET k v PXAT 1", "SELECT 1", "SET k v", "MOVE k 0", "SELECT 0", "GET k"]);
    steps.extend(script!["SET k v PXAT 1", "FLUSHDB", "DBSIZE", "DEBUG SET-ACTIVE-EXPIRE 1"]);
    check(&steps);
}

#[test]
fn conditions() {
    let options = ["NX", "XX", "GT", "LT", "gt", "wrong", ""];
    let mut steps = Vec::new();
    for first in options {
        for second in options {
            for (command, earlier, later) in [
                ("EXPIRE", "1000", "100000"),
                ("PEXPIRE", "1000000", "100000000"),
                ("EXPIREAT", "4102444800", "4133980800"),
                ("PEXPIREAT", "4102444800000", "4133980800000"),
            ] {
                let line = |time: &str| Step::from(format!("{command} k {time} {first} {second}"));
                steps.extend(["DEL k".into(), line(earlier), "SET k v".into(), line(earlier)]);
                steps.push(Step::from("TTL k").by(&NEAR_SECONDS));
                steps.extend([line(later), "EXPIRE k 50000".into(), line(earlier), line(later)]);
                steps.push(Step::from("TTL k").by(&NEAR_SECONDS));
                steps.push(Step::from(format!("{command} k {earlier} {first}")));
                steps.push(Step::from("TTL k").by(&NEAR_SECONDS));
            }
        }
    }
    steps.extend(script!["EXPIRE k 1 NX XX GT LT", "EXPIRE k 1 GT LT", "EXPIRE k x GT LT"]);
    steps.extend(script!["EXPIRE none x", "EXPIRE none 1 wrong", "EXPIREAT k 4102444800 GT"]);
    steps.extend(script!["EXPIREAT k 4102444800 GT", "EXPIREAT k 4102444800 LT", "EXPIRETIME k"]);
    check(&steps);
}

#[test]
fn every_number_as_a_time() {
    let mut steps = Vec::new();
    for command in ["EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT"] {
        for word in INTEGERS {
            // The smallest positive ones would be over at any moment from now on.
            if command.ends_with("AT") || !matches!(*word, "1" | "2" | "10" | "32767" | "32768") {
                steps.push("SET k v".into());
                steps.push(Step::words(&[command, "k", word]));
                steps.push(Step::from("PTTL k").by(&NEAR_TIME));
                steps.push(Step::from("EXPIRETIME k").by(&NEAR_SECONDS));
            }
        }
        let template = format!("{command} none ? NX");
        steps.extend(each_with(&[template.as_str()], INTEGERS));
    }
    check(&steps);
}

#[test]
fn what_keeps_a_time_and_what_does_not() {
    let mut steps = Vec::new();
    for line in [
        "SET k v",
        "SET k v KEEPTTL",
        "SET k v GET",
        "GETSET k v",
        "APPEND k v",
        "SETRANGE k 3 v",
        "INCR k",
        "DECRBY k 7",
        "INCRBYFLOAT k 1.5",
        "MSET k v",
        "MSETNX k v",
        "SETNX k v",
        "RENAME k k",
        "RENAME j k",
        "RENAME k l",
        "COPY j k REPLACE",
        "COPY k l",
        "GETEX k",
        "GETEX k PERSIST",
        "GETDEL k",
        "PERSIST k",
        "TOUCH k",
        "MOVE k 3",
        "SWAPDB 0 3",
    ] {
        steps.extend(script!["FLUSHALL", "SET j 5", "SET k 5 EX 4000", line]);
        steps.extend(script!["TTL k" => NEAR_SECONDS, "TTL l" => NEAR_SECONDS, "MGET j k l"]);
        steps.extend(script!["SELECT 3", "TTL k" => NEAR_SECONDS, "SELECT 0"]);
    }
    check(&steps);
}

/// The cycle removes what nobody looks at.
#[test]
fn the_cycle_removes_keys_that_nobody_looks_at() {
    use testkit::{Reply, matrix};
    let run = |server: &testkit::Server| {
        let mut client = server.client();
        for number in 0..500 {
            let key = format!("key:{number}");
            assert_eq!(client.cmd(&["SET", &key, "v", "PX", "1"]), Reply::ok());
        }
        while client.cmd(&["DBSIZE"]) != Reply::Int(0) {}
    };
    for cell in matrix::cells() {
        crate::STAGE.on_shoal(&cell, run);
    }
}
