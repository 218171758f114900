//! OBJECT ENCODING and sizes of hashes: they are the oracle's, byte by byte.

use testkit::compare::Comparison;
use testkit::script::Step;
use testkit::{matrix, normalise, script};

use super::{KEYS, fill};
use crate::check;

fn encodings() -> impl Iterator<Item = Step> {
    KEYS.iter().map(|key| Step::from(format!("OBJECT ENCODING {key}")))
}

#[test]
fn hashes_change_their_encoding_where_redis_changes_it() {
    let mut steps = fill();
    steps.extend(encodings());
    let long = "x".repeat(65);
    for line in [
        "HDEL ? f1 f2 nope",
        "HSET ? f1 1 f1 2 f1 3 f1 4",
        "HSETNX ? n 1",
        "HSET ? n 2 o 3",
        &format!("HSETNX ? n {long}"),
        "HINCRBY ? i 1",
        &format!("HSETNX ? long {long}"),
        &format!("HINCRBY ? {long} 1"),
    ] {
        steps.extend(KEYS.iter().map(|key| Step::from(line.replace('?', key))));
        steps.extend(encodings());
    }
    let keys = |line: &str| KEYS.iter().map(|key| Step::from(line.replace('?', key))).collect();
    let copied: Vec<Step> = keys("COPY ? copy:?");
    let asked: Vec<Step> = keys("OBJECT ENCODING copy:?");
    steps.extend(copied.into_iter().chain(asked));
    check(&steps);
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut steps = script!["CONFIG GET hash-max-*" => normalise::UNORDERED];
    for (name, value) in [("hash-max-listpack-entries", "4"), ("hash-max-ziplist-value", "5")] {
        steps.push(Step::from(format!("CONFIG SET {name} {value}")));
        steps.push(Step::from("CONFIG GET hash-max-*").by(&normalise::UNORDERED));
        for wrong in ["-1", "x", "9223372036854775808"] {
            steps.push(Step::from(format!("CONFIG SET {name} {wrong}")));
        }
    }
    for (at, line) in [
        "a 1 b 2 c 3 d 4",
        "a 1 b 2 c 3 d 4 e 5",
        "a 1 b 2 c 3 d 4 a 5",
        "a 1 a 1 a 1 a 1 a 1 a 1",
        "abcde fghij",
        "abcdef 1",
        "1 abcdef",
        "123456 1",
        "12345 1",
    ]
    .into_iter()
    .enumerate()
    {
        steps.push(Step::from(format!("HSET k{at} {line}")));
        steps.push(Step::from(format!("OBJECT ENCODING k{at}")));
        steps.push(Step::from(format!("HSET k{at} z 9")));
        steps.push(Step::from(format!("OBJECT ENCODING k{at}")));
        steps.push(Step::from(format!("HSET one {line}")));
        steps.push(Step::from("OBJECT ENCODING one"));
        steps.push(Step::from("DEL one"));
    }
    steps.extend(script!["CONFIG SET hash-max-listpack-entries 0", "HSET z a 1"]);
    steps.push(Step::from("OBJECT ENCODING z"));
    // The configuration of the servers that others share stays as it is.
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).on(matrix::cells()).check(&steps);
}
