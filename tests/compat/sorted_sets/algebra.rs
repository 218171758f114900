//! ZUNION, ZINTER, ZDIFF, ZINTERCARD and the forms that store, over sorted sets and sets.

use testkit::awkward::{FLOATS, INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{ZSETS, fill};
use crate::check;

const OPTIONS: &[&str] = &[
    "",
    "WITHSCORES",
    "WEIGHTS 2 -0.5 3 WITHSCORES",
    "AGGREGATE MIN WITHSCORES",
    "AGGREGATE MAX WEIGHTS -1 1 0 WITHSCORES",
    "WEIGHTS inf -inf 0 WITHSCORES",
    "WEIGHTS inf -inf 0 AGGREGATE MIN WITHSCORES",
    "WEIGHTS 0 inf -inf AGGREGATE MAX WITHSCORES",
];

#[test]
fn a_few_keys() {
    let mut steps = script![
        "ZADD a 1 x 2 y 3 z inf i -inf j 0 o",
        "ZADD b 10 y 20 z 0.1 q -inf i inf j",
        "ZADD c 5 z 1 y 7 o 0.2 q",
        "SADD set y z 1 o",
        "SADD ints 1 2 3",
        "SET text 1",
    ];
    for keys in ["a b c", "c b a", "a a a", "a set b", "set ints a", "none a b", "a none other"] {
        for options in OPTIONS {
            steps.push(Step::from(format!("ZUNION 3 {keys} {options}")));
            steps.push(Step::from(format!("ZINTER 3 {keys} {options}")));
            steps.push(Step::from(format!("ZDIFF 3 {keys} {options}")));
            let stored = options.replace("WITHSCORES", "");
            for command in ["ZUNIONSTORE", "ZINTERSTORE", "ZDIFFSTORE"] {
                steps.push(Step::from(format!("{command} made 3 {keys} {stored}")));
                steps.push(Step::from("ZRANGE made 0 -1 WITHSCORES"));
            }
        }
        steps.push(Step::from(format!("ZINTERCARD 3 {keys}")));
        steps.push(Step::from(format!("ZINTERCARD 3 {keys} LIMIT 1")));
    }
    check(&steps);
}

#[test]
fn words_and_errors() {
    let mut steps = script!["ZADD a 1 x 2 y", "ZADD b 3 y", "SET text 1"];
    for command in [
        "ZUNION",
        "ZINTER",
        "ZDIFF",
        "ZINTERCARD",
        "ZUNIONSTORE d",
        "ZINTERSTORE d",
        "ZDIFFSTORE d",
    ] {
        for words in [
            "",
            "1",
            "x a",
            "0 a",
            "-1 a",
            "2 a",
            "3 a b",
            "9223372036854775807 a",
            "9223372036854775808 a",
            "2 a b",
            "1 a b",
            "1 a wrong",
            "1 a WITHSCORES",
            "1 a withscores WITHSCORES",
            "1 a WEIGHTS",
            "2 a b WEIGHTS 1",
            "2 a b WEIGHTS 1 x",
            "2 a b WEIGHTS x wrong",
            "2 a b weights 2 3",
            "2 a b WEIGHTS 1 2 3",
            "2 a b WEIGHTS 1 2 WEIGHTS 3 4",
            "2 a b WEIGHTS 1 nan",
            "2 a b AGGREGATE",
            "2 a b AGGREGATE wrong",
            "2 a b aggregate max",
            "2 a b AGGREGATE SUM AGGREGATE MIN WEIGHTS 1 1",
            "2 a b LIMIT",
            "2 a b LIMIT 0",
            "2 a b LIMIT 1",
            "2 a b LIMIT -1",
            "2 a b LIMIT x",
            "2 a b LIMIT 1 LIMIT 2",
            "2 a text",
            "2 text none wrong",
            "2 none text WEIGHTS 1 x",
            "1 none wrong",
            "2 a a",
        ] {
            steps.push(Step::from(format!("{command} {words}")));
        }
        steps.extend(script!["ZRANGE d 0 -1 WITHSCORES", "DEL d"]);
    }
    check(&steps);
}

#[test]
fn numbers() {
    let mut steps = script!["ZADD a 1 x 2.5 y", "ZADD b 3 y -1 z"];
    let counts = ["ZUNION ? a b", "ZINTERCARD 2 a b LIMIT ?", "ZDIFFSTORE d ? a b"];
    steps.extend(each_with(&counts, INTEGERS));
    steps.extend(each_with(&["ZUNION 2 a b WEIGHTS ? 2 WITHSCORES"], FLOATS));
    steps.extend(each_with(&["ZUNION 2 a b WEIGHTS 1 ? AGGREGATE MIN WITHSCORES"], INTEGERS));
    check(&steps);
}

/// Sums of fractions depend on the order in which the inputs are added: by their sizes.
#[test]
fn sums_of_fractions() {
    let mut steps = Vec::new();
    for (key, count, score) in
        [("a", 3, "0.1"), ("b", 5, "0.2"), ("c", 2, "0.3"), ("d", 5, "1e16"), ("e", 4, "-1e16")]
    {
        for number in 0..count {
            steps.push(Step::from(format!("ZADD {key} {score} m{number}")));
        }
    }
    for keys in ["a b c d e", "e d c b a", "d a e b c", "b d a c e", "c c a a d"] {
        steps.push(Step::from(format!("ZUNION 5 {keys} WITHSCORES")));
        steps.push(Step::from(format!("ZINTER 5 {keys} WITHSCORES")));
        steps.push(Step::from(format!("ZUNION 5 {keys} WEIGHTS 0.1 0.2 0.3 0.7 3 WITHSCORES")));
        steps.push(Step::from(format!("ZINTERSTORE x 5 {keys} WEIGHTS 0.1 0.2 0.3 0.7 3")));
        steps.push(Step::from("ZRANGE x 0 -1 WITHSCORES"));
    }
    check(&steps);
}

#[test]
fn storing_of_every_encoding() {
    let mut steps = fill();
    for one in ZSETS {
        for other in ["few", "m129", "m1000", "odd", "set", "ints", "none"] {
            for command in ["ZUNIONSTORE", "ZINTERSTORE", "ZDIFFSTORE"] {
                steps.push(Step::from(format!("{command} made 2 {one} {other}")));
                steps.push(Step::from("OBJECT ENCODING made"));
                steps.push(Step::from("DEBUG DIGEST-VALUE made"));
            }
            steps.push(Step::from(format!("ZINTERCARD 2 {one} {other}")));
        }
    }
    steps.extend(script![
        "ZUNIONSTORE few 2 few m128",
        "ZINTERSTORE set 2 set few",
        "TYPE set",
        "ZDIFFSTORE text 2 m129 m128",
        "TYPE text",
        "SET text 1 EX 1000",
        "ZUNIONSTORE text 1 ints",
        "TTL text",
        "ZDIFFSTORE text 2 few few",
        "EXISTS text",
        "ZUNIONSTORE d 2 none other",
        "ZUNIONSTORE m129 1 text",
        "EXISTS m129",
        "DEBUG DIGEST",
    ]);
    check(&steps);
}
