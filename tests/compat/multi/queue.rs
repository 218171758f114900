//! What is queued runs in order, wherever its keys live.

use testkit::compare::Pace;
use testkit::normalise::SAME_KIND;
use testkit::script;
use testkit::script::Step;

use super::check_both;
use crate::{STAGE, check};

#[test]
fn what_waits_runs_at_exec() {
    check_both(&script![
        "MULTI",
        "EXEC",
        "MULTI",
        "SET a 1",
        "INCR a",
        "GET a",
        "EXEC",
        "GET a",
        "MULTI",
        "SET a 5",
        "DISCARD",
        "GET a",
        "MULTI",
        "PING",
        "ECHO hello",
        "PING \"a b\"",
        "TIME" => SAME_KIND,
        "COMMAND COUNT" => SAME_KIND,
        "DISCARD",
        "multi",
        "exec",
        "MULTI",
        "SET \"\" empty",
        "SET \"\\x00\\r\\n\" binary",
        "GET \"\"",
        "GET \"\\x00\\r\\n\"",
        "ExEc",
    ]);
}

#[test]
fn keys_of_many_shards_meet_in_one_exec() {
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "{a}x"];
    let mut steps = Vec::new();
    for (number, from) in keys.iter().enumerate() {
        let to = keys[(number * 4 + 3) % keys.len()];
        steps.extend(script![
            "MULTI",
            "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 {a}x 9",
            format!("APPEND {from} x"),
            format!("RENAME {from} {to}"),
            format!("RENAMENX {to} {from}"),
            format!("COPY {from} {to} REPLACE"),
            "MGET a b c d e f g h {a}x none",
            format!("INCR {to}"),
            format!("DEL {from} none {to}"),
            "EXISTS a b c d e f g h {a}x",
            format!("MSETNX {from} 1 {to} 2"),
            format!("SET {from} v EX 100 GET"),
            format!("PERSIST {from}"),
            "TOUCH a b c d",
            "LCS a b",
            "UNLINK g h",
            "EXEC",
            "MGET a b c d e f g h {a}x none",
            "DBSIZE",
        ]);
    }
    check_both(&steps);
}

#[test]
fn a_database_is_chosen_inside() {
    check_both(&script![
        "SET a zero",
        "SET b zero",
        "MULTI",
        "SELECT 3",
        "SET a three",
        "GET b",
        "SELECT 99",
        "SELECT x",
        "GET a",
        "COPY a b DB 0",
        "COPY a b DB 0 REPLACE",
        "MOVE a 4",
        "SELECT 4",
        "GET a",
        "RENAME a c",
        "SELECT 0",
        "MGET a b c",
        "SELECT 4",
        "EXEC",
        "MGET a b c",
        "SELECT 0",
        "MGET a b c",
        "MULTI",
        "SELECT 7",
        "DISCARD",
        "MGET a b c",
        "MULTI",
        "COPY a b DB 99",
        "COPY a b DB x",
        "MOVE a 0",
        "EXEC",
    ]);
}

#[test]
fn errors_are_replies_among_others() {
    check_both(&script![
        "SET a text",
        "MULTI",
        "INCR a",
        "SET a 1",
        "INCR a",
        "SET a v EX 0",
        "SET a v NX XX",
        "MSET a 1 b",
        "MSET a 1 b 2",
        "RENAME none other",
        "OBJECT FREQ a",
        "EXPIRE a x",
        "GETRANGE a 0 x",
        "INCR b",
        "EXEC",
        "MGET a b",
    ]);
}

#[test]
fn a_client_ends_or_is_reset_in_the_middle() {
    check_both(&script!["MULTI", "SET a 1", "RESET", "GET a", "EXEC", "DISCARD"]);
    check(&script!["MULTI", "SET a 1", "QUIT", "@b GET a"]);
    check(&script!["> CLIENT REPLY SKIP", "> PING", "MULTI", "SET a 1", "QUIT"]);
}

#[test]
fn replies_are_switched_off_inside() {
    for (inside, shown) in [("OFF", 0), ("SKIP", 0), ("ON", 2)] {
        let mut steps = script![
            "SET a 1",
            "> CLIENT REPLY OFF",
            "> MULTI",
            "> INCR a",
            format!("> CLIENT REPLY {inside}"),
            "> INCR a",
            "> EXEC",
        ];
        steps.extend((0..shown).map(|_| Step::from("<")));
        steps.extend(script!["CLIENT REPLY ON", "GET a"]);
        check(&steps);
    }
    check(&script![
        "SET a 1",
        "> CLIENT REPLY SKIP",
        "> MULTI",
        "INCR a",
        "INCR a",
        "EXEC",
        "MULTI",
        "INCR a",
        "> CLIENT REPLY SKIP",
        "> EXEC",
        "GET a",
    ]);
}

#[test]
fn a_long_queue() {
    let mut steps = script!["MULTI"];
    for number in 0..2_000 {
        steps.push(Step::from(format!("SET key:{number} {number}")));
        steps.push(Step::from(format!("GET key:{}", number / 2)));
    }
    steps.extend(script!["EXEC", "MGET key:0 key:777 key:1999", "DBSIZE"]);
    STAGE.check_at(Pace { depth: 200, cuts: None }, "pipelined", &steps);
}

#[test]
fn big_values_wait_too() {
    let big = "v".repeat(100_000);
    check_both(&script![
        "MULTI",
        format!("SET a {big}"),
        format!("APPEND b {big}"),
        format!("MSET c {big} d {big}"),
        "STRLEN a",
        "STRLEN b",
        "GET c",
        "RENAME d e",
        "EXEC",
        "GET e",
    ]);
}
