//! Commands of several lists; with seven shards the keys meet every mixture of here and elsewhere.

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::NEAR_SECONDS;
use testkit::script;
use testkit::script::Step;

use super::check_in_all_forms;

const KEYS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "{t}1", "{t}2"];

#[test]
fn one_element() {
    let mut steps = script![
        "LMOVE a b LEFT",
        "LMOVE a b LEFT RIGHT",
        "LMOVE a b UP RIGHT",
        "LMOVE a b LEFT DOWN",
        "RPOPLPUSH a b",
        "RPOPLPUSH a a",
        "EXISTS a b",
    ];
    for key in KEYS {
        steps.push(Step::words(&["RPUSH", key, "1", "2", "x", key]));
    }
    for source in KEYS {
        for destination in KEYS {
            for ends in ["LEFT LEFT", "left right", "RIGHT LEFT", "RIGHT RIGHT"] {
                steps.push(format!("LMOVE {source} {destination} {ends}").into());
            }
            steps.push(format!("RPOPLPUSH {source} {destination}").into());
        }
        steps.extend(KEYS.map(|key| Step::words(&["LRANGE", key, "0", "-1"])));
    }
    check_in_all_forms(&steps);
}

#[test]
fn what_goes_with_an_element_and_what_stays() {
    check_in_all_forms(&script![
        "RPUSH a 1",
        "EXPIRE a 1000",
        "LMOVE a a LEFT RIGHT",
        "TTL a" => NEAR_SECONDS,
        "RPUSH b 2",
        "EXPIRE b 5000",
        "LMOVE a b LEFT RIGHT",
        "EXISTS a",
        "TTL b" => NEAR_SECONDS,
        "LMOVE b c LEFT RIGHT",
        "TTL c",
        "SET s x",
        "LMOVE b s LEFT LEFT",
        "LMOVE s b LEFT LEFT",
        "LMOVE none s LEFT LEFT",
        "LMOVE s none LEFT LEFT",
        "RPOPLPUSH s s",
        "LRANGE b 0 -1",
        "EXISTS none",
    ]);
}

#[test]
fn large_elements() {
    let mut steps = Vec::new();
    for bytes in [8192, 8193, 20_000, 100_000] {
        steps.push(Step::words(&["RPUSH", "a", "small", &"l".repeat(bytes)]));
        steps.extend(script![
            "RPOPLPUSH a b",
            "LMOVE b c LEFT LEFT",
            "RPOPLPUSH c c",
            "LMOVE c d RIGHT RIGHT",
            "LRANGE d 0 -1",
            "LMPOP 4 a b c d RIGHT COUNT 2",
        ]);
    }
    check_in_all_forms(&steps);
}

#[test]
fn the_first_of_several() {
    let mut steps = script![
        "LMPOP",
        "LMPOP 1",
        "LMPOP 1 a",
        "LMPOP 1 a LEFT",
        "LMPOP 1 a LEFT COUNT",
        "LMPOP 1 a LEFT COUNT 1 x",
        "LMPOP 1 a LEFT COUNT 1 COUNT 1",
        "LMPOP 1 a MIDDLE",
        "LMPOP 2 a LEFT",
        "LMPOP 2 a LEFT RIGHT",
        "LMPOP 3 a b LEFT",
        "LMPOP 1 a b LEFT",
        "LMPOP 2 a b left count 0",
        "LMPOP 2 a b FOO COUNT 0",
        "SET s x",
        "LMPOP 2 a s LEFT",
        "LMPOP 2 s a LEFT",
        "RPUSH b 1 2 3 4 5 6",
        "RPUSH d 7 8 9",
        "LMPOP 4 a b c d LEFT",
        "LMPOP 4 a b c d RIGHT",
        "LMPOP 4 d c b a RIGHT",
        "LMPOP 2 b s LEFT COUNT 2",
        "LMPOP 3 b b b RIGHT COUNT 1",
        "LMPOP 4 a b c d LEFT COUNT 100",
        "EXISTS b",
        "LMPOP 4 a b c d LEFT COUNT 100",
        "LMPOP 4 a b c d LEFT COUNT 100",
        "LMPOP 2 {t}1 {t}2 LEFT",
        "RPUSH {t}2 x",
        "LMPOP 2 {t}1 {t}2 LEFT",
    ];
    steps.extend(each_with(&["LMPOP ? a b LEFT", "LMPOP 1 a LEFT COUNT ?"], INTEGERS));
    let lines = ["DEL a", "RPUSH a 1 2 3", "LMPOP ? a LEFT RIGHT", "LMPOP 2 b a LEFT COUNT ?"];
    steps.extend(each_with(&lines, INTEGERS));
    check_in_all_forms(&steps);
}

#[test]
fn keys_of_a_request() {
    crate::check(&script![
        "COMMAND GETKEYS lmove a b left right",
        "COMMAND GETKEYS rpoplpush a b",
        "COMMAND GETKEYS lmpop 2 a b left",
        "COMMAND GETKEYS lmpop 0 a b left",
        "COMMAND GETKEYS lmpop 3 a b left",
        "COMMAND GETKEYS lmpop 9 a b left",
        "COMMAND GETKEYS lmpop x a b left",
        "COMMAND GETKEYS lpush a b c",
        "COMMAND GETKEYSANDFLAGS lmove a b left right",
        "COMMAND GETKEYSANDFLAGS lmpop 2 a b left count 3",
        "COMMAND GETKEYSANDFLAGS lpush a b",
        "COMMAND GETKEYSANDFLAGS lpop a",
        "COMMAND GETKEYSANDFLAGS lrange a 0 1",
        "COMMAND LIST FILTERBY PATTERN lp?sh",
    ]);
}

/// Whatever touches a list breaks an EXEC that watches it, and what finds nothing to do does not.
#[test]
fn watched_lists() {
    let mut steps = Vec::new();
    for line in [
        "RPUSH a x",
        "LPUSHX none x",
        "RPUSHX a x",
        "LPOP a",
        "RPOP a 0",
        "RPOP a 9",
        "LSET a 0 1",
        "LSET a 9 x",
        "LINSERT a AFTER 2 x",
        "LINSERT a AFTER z x",
        "LREM a 0 2",
        "LREM a 0 z",
        "LTRIM a 0 -1",
        "LTRIM a 1 0",
        "LTRIM none 0 1",
        "LMOVE a a LEFT LEFT",
        "LMOVE a c LEFT LEFT",
        "RPOPLPUSH c a",
        "RPOPLPUSH none a",
        "LMPOP 2 none a LEFT",
        "LMPOP 1 none LEFT",
        "LRANGE a 0 -1",
        "LPOS a 2",
        "COPY c a",
        "COPY c a REPLACE",
        "COPY a b",
        "RENAME c a",
        "DEL a",
    ] {
        steps.extend(script![
            "FLUSHALL",
            "RPUSH a 1 2 3",
            "RPUSH c 4 5",
            "WATCH a b",
            format!("@other {line}"),
            "MULTI",
            "RPUSH a last",
            "LRANGE a 0 -1",
            "LMOVE a c LEFT RIGHT",
            "EXEC",
            "LRANGE a 0 -1",
        ]);
    }
    check_in_all_forms(&steps);
}
