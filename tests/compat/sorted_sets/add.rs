//! ZADD and ZINCRBY: options, numbers, and what becomes of scores.

use testkit::awkward::{FLOATS, INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::fill;
use crate::check;

#[test]
fn options() {
    let options = ["", "NX ", "XX ", "GT ", "LT ", "CH ", "INCR "];
    let mut steps = Vec::new();
    for one in options {
        for other in options {
            for third in ["", "CH ", "INCR "] {
                steps.extend(script!["DEL z", "ZADD z 5 a 7 b"]);
                for pair in ["5 a", "6 a", "4 a", "1 new", "1 x 2 y 1 a", "0 a 9 a", "1", ""] {
                    steps.push(Step::from(format!("ZADD z {one}{other}{third}{pair}")));
                }
                steps.push(Step::from(format!("ZADD none {one}{other}{third}1 a")));
                steps.extend(script!["ZRANGE z 0 -1 WITHSCORES", "EXISTS none", "DEL none"]);
            }
        }
    }
    check(&steps);
}

#[test]
fn words_and_errors() {
    check(&script![
        "ZADD",
        "ZADD z",
        "ZADD z 1",
        "ZADD z 1 a 2",
        "ZADD z NX",
        "ZADD z NX a",
        "ZADD z x a",
        "ZADD z 1 a x b",
        "EXISTS z",
        "ZADD z nx 1 a",
        "ZADD z Ch iNcR 1 a",
        "ZADD z NX XX x a",
        "ZADD z NX GT x a",
        "ZADD z GT LT x a",
        "ZADD z INCR 1 a 2 b",
        "ZADD z wrong 1 a",
        "ZADD z 1 a NX",
        "ZADD z 1 NX",
        "ZADD z NX NX 1 NX",
        "ZINCRBY z 1",
        "ZINCRBY z 1 a b",
        "ZINCRBY z x a",
        "ZINCRBY z 1 a",
        "ZINCRBY new 1.5 a",
        "SET text 1",
        "ZADD text x a",
        "ZADD text 1 a",
        "ZADD text XX 1 a",
        "ZINCRBY text x a",
        "ZINCRBY text 1 a",
        "ZINCRBY z inf a",
        "ZINCRBY z -inf a",
        "ZADD z INCR -inf a",
        "ZADD z INCR nan a",
        "ZSCORE z a",
        "ZADD z CH inf a -inf a",
        "ZADD z GT INCR inf a",
        "ZADD z LT INCR -1 a",
        "ZINCRBY z -0 b",
        "ZSCORE z b",
    ]);
}

/// Scores of every form, in both encodings, as they are read, kept and printed.
#[test]
fn scores() {
    for limit in ["128", "0"] {
        let mut steps = vec![Step::from(format!("CONFIG SET zset-max-listpack-entries {limit}"))];
        let lines = [
            "ZADD z ? m",
            "ZSCORE z m",
            "ZINCRBY z ? m",
            "ZADD fresh ? m",
            "ZRANGE fresh 0 -1 WITHSCORES",
            "ZINCRBY fresh2 ? m",
            "ZMSCORE fresh2 m none",
            "DEL fresh fresh2",
        ];
        steps.extend(each_with(&lines, FLOATS));
        steps.extend(each_with(&lines, INTEGERS));
        steps.extend(each_with(&["ZADD all ? ?"], FLOATS));
        steps.extend(each_with(&["ZADD all ? ?"], INTEGERS));
        steps.extend(script![
            "ZRANGE all 0 -1 WITHSCORES",
            "DEBUG DIGEST-VALUE all",
            "CONFIG SET zset-max-listpack-entries 128",
        ]);
        check(&steps);
    }
}

#[test]
fn equal_scores_and_signs_of_zero() {
    for limit in ["128", "0"] {
        let mut steps = vec![Step::from(format!("CONFIG SET zset-max-listpack-entries {limit}"))];
        steps.extend(script![
            "ZADD z -0 b 0 a -0.0 c 0 d",
            "ZRANGE z 0 -1 WITHSCORES",
            "ZADD z CH 0 b -0 a",
            "ZRANGE z 0 -1 WITHSCORES",
            "ZRANK z c",
            "ZCOUNT z -0 (0",
            "ZCOUNT z -0 0",
            "ZINCRBY z -0 b",
            "ZINCRBY z 0 b",
            "ZUNIONSTORE y 1 z WEIGHTS -1",
            "ZRANGE y 0 -1 WITHSCORES",
            "OBJECT ENCODING y",
            "ZUNION 1 z WEIGHTS -1 WITHSCORES",
            "COPY z x",
            "ZRANGE x 0 -1 WITHSCORES",
            "ZADD z 0.1 e 0.2 f 0.30000000000000004 g 1e-5 h 12345678.9 i 1e21 j 123456789012 k",
            "ZINCRBY z 0.2 e",
            "ZRANGE z 0 -1 WITHSCORES",
            "DEBUG DIGEST",
            "CONFIG SET zset-max-listpack-entries 128",
        ]);
        check(&steps);
    }
}

/// Members change their places in sorted sets of every size.
#[test]
fn many_members_move() {
    let mut steps = fill();
    for key in ["few", "m128", "m129", "m1000", "equal"] {
        for number in 0..40 {
            let member = number * 31 % 300;
            steps.push(Step::from(format!("ZINCRBY {key} {} m{member}", number * 13 % 57 - 20)));
            steps.push(Step::from(format!("ZADD {key} CH {} x{member}", number % 3)));
            steps.push(Step::from(format!("ZRANK {key} m{member}")));
        }
        steps.push(Step::from(format!("ZRANGE {key} 0 -1 WITHSCORES")));
        steps.push(Step::from(format!("DEBUG DIGEST-VALUE {key}")));
    }
    check(&steps);
}
