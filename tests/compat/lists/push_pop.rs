//! Pushing and popping at the ends of one list.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{ELEMENTS, check_in_all_forms};

#[test]
fn pushing() {
    check_in_all_forms(&script![
        "LPUSHX l a",
        "RPUSHX l a",
        "EXISTS l",
        "RPUSH l a b c",
        "LPUSH l d e f",
        "LRANGE l 0 -1",
        "RPUSHX l g h",
        "LPUSHX l i j k",
        "LRANGE l 0 -1",
        "LLEN l",
        "rpush l a a a a a a a a a a",
        "LLEN l",
        "TYPE l",
        "TTL l",
        "RPUSH \"\" \"\"",
        "LRANGE \"\" 0 -1",
    ]);
}

#[test]
fn popping() {
    check_in_all_forms(&script![
        "LPOP l",
        "RPOP l",
        "LPOP l 0",
        "LPOP l 1",
        "LPOP l -1",
        "LPOP l 1 2",
        "RPOP l 1 2",
        "RPUSH l 1 2 3 4 5 6 7 8 9 10 11 12",
        "LPOP l",
        "RPOP l",
        "LPOP l 0",
        "LPOP l 1",
        "RPOP l 3",
        "LPOP l 1 2",
        "LPOP l \"\"",
        "RPOP l x",
        "RPOP l 1.0",
        "LRANGE l 0 -1",
        "LPOP l 100",
        "EXISTS l",
        "RPUSH l a",
        "RPOP l",
        "EXISTS l",
        "RPUSH l a",
        "EXPIRE l 1000",
        "LPOP l",
        "RPUSH l b",
        "TTL l",
    ]);
}

#[test]
fn counts_of_any_kind() {
    let lines = ["DEL l", "RPUSH l a b c d e", "LPOP l ?", "RPOP l ?", "LRANGE l 0 -1", "LPOP m ?"];
    check_in_all_forms(&each_with(&lines, INTEGERS));
}

/// What goes in comes out, whatever encoding it had inside.
#[test]
fn elements_of_any_kind() {
    let mut steps = Vec::new();
    for element in ELEMENTS {
        steps.push(Step::words(&["RPUSH", "r", element]));
        steps.push(Step::words(&["LPUSH", "l", element, element]));
    }
    for bytes in [62, 63, 64, 65, 4095, 4096, 8183, 8184, 8192, 8193, 16_384, 70_000] {
        let element = "x".repeat(bytes);
        steps.push(Step::words(&["RPUSH", "r", &element]));
        steps.push(Step::words(&["LPUSH", "l", &element, "between"]));
    }
    steps.extend(script!["LRANGE r 0 -1", "LRANGE l 0 -1", "LRANGE l -3 -1", "LINDEX r -1"]);
    for _ in 0..ELEMENTS.len() + 12 {
        steps.extend(script!["LPOP r", "RPOP l", "RPOP l", "LLEN l"]);
    }
    check_in_all_forms(&steps);
}
