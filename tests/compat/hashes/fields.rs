//! Single fields and whole hashes, on every encoding.

use testkit::awkward::{FLOATS, INTEGERS};
use testkit::normalise::UNORDERED;
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill};
use crate::check;

/// Fields that some of the hashes have, others nearly so.
const FIELDS: &[&str] = &[
    "f0",
    "f1",
    "f511",
    "f600",
    "1",
    "007",
    "-0",
    "40000",
    "y",
    "\"\"",
    "\"\\x00\\r\\n\"",
    "nope",
];

fn each_key(lines: &[&str]) -> Vec<Step> {
    let lines = lines.iter().flat_map(|line| KEYS.iter().map(|key| line.replace('?', key)));
    lines.map(Step::from).collect()
}

/// What the hashes hold, in the order in which they say so where that order means something.
fn contents() -> Vec<Step> {
    let mut steps = each_key(&["HLEN ?", "TYPE ?"]);
    for line in ["HGETALL ?", "HKEYS ?", "HVALS ?"] {
        steps.extend(each_key(&[line]).into_iter().map(|step| step.by(&UNORDERED)));
    }
    steps
}

#[test]
fn reading() {
    let mut steps = fill();
    steps.extend(contents());
    for field in FIELDS {
        for command in ["HGET", "HSTRLEN", "HEXISTS", "HMGET"] {
            steps.extend(each_key(&[&format!("{command} ? {field}")]));
        }
    }
    steps.extend(each_key(&["HMGET ? f0 nope f0 y f511 1 \"\"", "DEBUG DIGEST-VALUE ?"]));
    steps.push(Step::from("DEBUG DIGEST"));
    check(&steps);
}

#[test]
fn small_hashes_keep_the_order_of_their_fields() {
    check(&script![
        "HSET h b 1 a 2 c 3",
        "HGETALL h",
        "HSET h a 4 d 5",
        "HGETALL h",
        "HDEL h b",
        "HSET h b 6",
        "HKEYS h",
        "HVALS h",
        "HRANDFIELD h 10",
        "HRANDFIELD h 10 WITHVALUES",
        "HSET h a a-longer-value-than-before",
        "HINCRBY h d 1000000",
        "HINCRBYFLOAT h c 0.5",
        "HGETALL h",
        "HSCAN h 0",
    ]);
}

#[test]
fn writing() {
    let mut steps = fill();
    for (at, field) in FIELDS.iter().enumerate() {
        steps.extend(each_key(&[
            &format!("HSET ? {field} new{at}"),
            &format!("HSET ? {field} {at} n{at} x {field} again"),
            &format!("HSETNX ? {field} no"),
            &format!("HSETNX ? nx{at} yes"),
            &format!("HMSET ? {field} {at} m{at} \"\""),
            &format!("HGET ? {field}"),
        ]));
    }
    steps.extend(contents());
    for field in FIELDS {
        steps.extend(each_key(&[&format!("HDEL ? {field}"), &format!("HDEL ? {field} f5 f5 x")]));
    }
    steps.extend(contents());
    check(&steps);
}

#[test]
fn a_hash_ends_with_its_last_field() {
    check(&script![
        "HSET h a 1 b 2",
        "EXPIRE h 100",
        "HDEL h a b c",
        "EXISTS h",
        "HDEL h a",
        "HSET h a 1",
        "TTL h",
        "HDEL h a",
        "TYPE h",
        "HSETNX h a 1",
        "HINCRBY i a 1",
        "HINCRBYFLOAT j a 1",
        "HMSET k a 1 a 2",
        "HGETALL k",
        "KEYS *" => UNORDERED,
    ]);
}

#[test]
fn words_of_every_kind_come_back() {
    let mut steps = Vec::new();
    for (at, text) in INTEGERS.iter().chain(FLOATS).enumerate() {
        for key in ["h", "big"] {
            let field = format!("f{at}");
            steps.push(Step::words(&["HSET", key, &field, text]));
            steps.push(Step::words(&["HSET", key, text, &field]));
            steps.push(Step::words(&["HGET", key, &field]));
            steps.push(Step::words(&["HGET", key, text]));
            steps.push(Step::words(&["HSTRLEN", key, &field]));
            steps.push(Step::words(&["HINCRBY", key, &field, "1"]));
        }
        steps.push(Step::words(&["HSET", "big", "long", &"x".repeat(100)]));
    }
    steps.push(Step::from("HGETALL h").by(&UNORDERED));
    steps.push(Step::from("DEBUG DIGEST-VALUE h big"));
    check(&steps);
}

#[test]
fn errors() {
    let mut steps = script!["SET s x", "RPUSH l x", "SADD set x", "HSET h a 1"];
    for line in [
        "HSET",
        "HSET h",
        "HSET h a",
        "HSET h a 1 b",
        "HSET s a 1 b",
        "HSET s a 1",
        "HSET l a 1",
        "HSETNX s a 1",
        "HSETNX h a",
        "HSETNX h a 1 2",
        "HMSET h a",
        "HMSET h a 1 b",
        "HMSET s a 1",
        "HGET s a",
        "HGET h",
        "HMGET s a",
        "HMGET set a b",
        "HMGET h",
        "HDEL s a",
        "HDEL h",
        "HLEN s",
        "HLEN h a",
        "HSTRLEN s a",
        "HEXISTS s a",
        "HKEYS s",
        "HVALS s",
        "HGETALL s",
        "HGETALL set",
        "HINCRBY s a 1",
        "HINCRBYFLOAT s a 1",
        "HRANDFIELD s",
        "HRANDFIELD s 1",
        "HSCAN s 0",
        "GET h",
        "APPEND h x",
        "INCR h",
        "LPUSH h x",
        "SADD h x",
        "STRLEN h",
        "GETRANGE h 0 -1",
        "SETRANGE h 0 x",
        "GETDEL h",
        "SET h x GET",
        "HGETALL h",
        "SET h x",
        "TYPE h",
    ] {
        steps.push(Step::from(line));
    }
    check(&steps);
}

#[test]
fn keys_that_hold_hashes() {
    let mut steps = fill();
    for key in KEYS.iter().filter(|key| !["text", "none"].contains(key)) {
        for line in [
            "COPY ? other REPLACE",
            "HLEN other",
            "DEBUG DIGEST-VALUE ? other",
            "EXPIRE ? 1000",
            "RENAME ? moved",
            "HLEN moved",
            "HSET moved new 1",
            "HLEN moved",
            "DEBUG DIGEST-VALUE moved",
            "MOVE moved 1",
            "RENAMENX other ?",
            "PERSIST ?",
            "OBJECT REFCOUNT ?",
            "UNLINK ?",
            "EXISTS ?",
        ] {
            steps.push(Step::from(line.replace('?', key)));
        }
        steps.extend(
            script!["SELECT 1", "HLEN moved", "TTL moved" => testkit::normalise::NEAR_SECONDS],
        );
        steps.extend(script!["DEL moved", "SELECT 0"]);
    }
    steps.push(Step::from("DEBUG DIGEST"));
    check(&steps);
}
