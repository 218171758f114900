//! OBJECT ENCODING and DEBUG OBJECT of sorted sets, and the parameters that decide.

use testkit::script;
use testkit::script::Step;

use super::{ZSETS, each_key, fill};
use crate::check;

#[test]
fn encodings_change_where_redis_changes_them() {
    let mut steps = fill();
    steps.extend(each_key(ZSETS, &["OBJECT ENCODING ?"]));
    for line in ["ZADD ? 1 new", "ZREM ? m1 m2 m3", "ZPOPMIN ? 2", "ZADD ? 5 y", "ZINCRBY ? 1 w"] {
        steps.extend(each_key(ZSETS, &[line, "OBJECT ENCODING ?"]));
    }
    check(&steps);
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut steps = script!["CONFIG GET zset-max-*" => testkit::normalise::SAME_KIND];
    for (name, alias, value) in [
        ("zset-max-listpack-entries", "zset-max-ziplist-entries", "4"),
        ("zset-max-listpack-value", "zset-max-ziplist-value", "5"),
    ] {
        steps.push(Step::from(format!("CONFIG SET {alias} {value}")));
        steps.push(Step::from(format!("CONFIG GET {name}")));
        steps.push(Step::from(format!("CONFIG GET {alias}")));
        for wrong in ["-1", "x", "9223372036854775808"] {
            steps.push(Step::from(format!("CONFIG SET {name} {wrong}")));
        }
    }
    for (at, members) in
        ["a", "a b c d", "a b c d e", "a b c d a", "abcde", "abcdef", "a abcdef", "12345 123456"]
            .into_iter()
            .enumerate()
    {
        let pairs: Vec<String> = members.split(' ').map(|member| format!("1 {member}")).collect();
        steps.push(Step::from(format!("ZADD k{at} {}", pairs.join(" "))));
        steps.push(Step::from(format!("OBJECT ENCODING k{at}")));
        for pair in &pairs {
            steps.push(Step::from(format!("ZADD one{at} {pair}")));
            steps.push(Step::from(format!("ZINCRBY two{at} {pair}")));
            steps.push(Step::from(format!("OBJECT ENCODING one{at}")));
            steps.push(Step::from(format!("OBJECT ENCODING two{at}")));
        }
        for line in ["ZUNIONSTORE u 2 ? one0", "ZRANGESTORE u ? 0 -1", "ZRANGESTORE u ? 0 1"] {
            steps.push(Step::from(line.replace('?', &format!("k{at}"))));
            steps.push(Step::from("OBJECT ENCODING u"));
        }
    }
    steps.extend(script![
        "CONFIG SET zset-max-listpack-entries 0",
        "ZADD zero 1 a",
        "OBJECT ENCODING zero",
        "ZRANGESTORE u zero 0 -1",
        "OBJECT ENCODING u",
        "ZUNIONSTORE u 1 zero",
        "OBJECT ENCODING u",
        "CONFIG SET zset-max-listpack-entries 128 zset-max-listpack-value 64",
        "COPY zero u REPLACE",
        "OBJECT ENCODING u",
        "ZADD zero 2 b",
        "OBJECT ENCODING zero",
        "ZUNIONSTORE u 1 zero",
        "OBJECT ENCODING u",
    ]);
    check(&steps);
}

/// A listpack has the same number of bytes as the oracle's, whatever its scores.
#[test]
fn listpacks_have_the_oracles_bytes() {
    // What is shorter than the compression of strings in RDB files looks at is told as it is.
    let mut steps = Vec::new();
    for (at, pairs) in [
        "1 a",
        "-0 a",
        "0.5 a",
        "1e17 a",
        "1e19 a",
        "4611686018427387904 a",
        "inf a -inf b",
        "4095 a 4096 b",
        "1 12 2 -5000",
    ]
    .iter()
    .enumerate()
    {
        steps.push(Step::from(format!("ZADD k{at} {pairs}")));
        steps.push(Step::from(format!("DEBUG OBJECT k{at}")).by(&crate::ways::NUMBERS_ASIDE));
    }
    check(&steps);
}
