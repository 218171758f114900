//! Databases: SELECT, DBSIZE, FLUSHDB, FLUSHALL, SWAPDB.

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::UNORDERED;
use testkit::script;

use crate::check;

#[test]
fn selecting() {
    let mut steps = script![
        "SELECT 0",
        "SET k zero",
        "SELECT 15",
        "GET k",
        "SET k fifteen",
        "DBSIZE",
        "@b GET k",
        "@b SELECT 15",
        "@b GET k",
        "SELECT 0",
        "GET k",
        "SELECT 16",
        "GET k",
        "SELECT -1",
        "SELECT x",
        "SELECT \"\"",
        "RESET",
        "GET k",
    ];
    steps.extend(each_with(&["SELECT ?", "EXISTS k", "SET ? v", "DBSIZE"], INTEGERS));
    check(&steps);
}

#[test]
fn sizes() {
    check(&script![
        "DBSIZE",
        "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 i 9",
        "DBSIZE",
        "SELECT 1",
        "DBSIZE",
        "SET a 1",
        "DBSIZE",
        "DEL a",
        "DBSIZE",
        "SELECT 0",
        "DEL a b c none",
        "DBSIZE",
        "DBSIZE now",
    ]);
}

#[test]
fn flushing() {
    check(&script![
        "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7",
        "SELECT 2",
        "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7",
        "FLUSHDB",
        "DBSIZE",
        "KEYS *",
        "SELECT 0",
        "DBSIZE",
        "KEYS *" => UNORDERED,
        "FLUSHDB wrong",
        "FLUSHDB SYNC ASYNC",
        "FLUSHDB \"\"",
        "FLUSHALL wrong",
        "FLUSHALL async sync",
        "DBSIZE",
        "FLUSHDB async",
        "DBSIZE",
        "GET a",
        "SET a 1",
        "FLUSHDB SYNC",
        "EXISTS a",
        "SET a 1",
        "SELECT 9",
        "SET a 1",
        "FLUSHALL",
        "DBSIZE",
        "SELECT 0",
        "DBSIZE",
        "MSET a 1 b 2 c 3",
        "FLUSHALL SYNC",
        "MSET a 1 b 2 c 3",
        "flushall ASYNC",
        "MGET a b c",
        "DBSIZE",
    ]);
}

#[test]
fn swapping() {
    let mut steps = script![
        "MSET a zero b zero c zero",
        "SELECT 1",
        "MSET a one d one",
        "SWAPDB 0 1",
        "MGET a b c d",
        "SELECT 0",
        "MGET a b c d",
        "DBSIZE",
        "SWAPDB 0 0",
        "SWAPDB 0 5",
        "DBSIZE",
        "@b DBSIZE",
        "@b SELECT 5",
        "@b MGET a b c d",
        "SWAPDB 5 0",
        "@b DBSIZE",
        "MGET a b c d",
        "SWAPDB 0 16",
        "SWAPDB 16 0",
        "SWAPDB -1 0",
        "SWAPDB x 0",
        "SWAPDB 0 x",
        "SWAPDB x y",
        "SWAPDB 99 x",
    ];
    steps.extend(each_with(&["SWAPDB ? 0", "SWAPDB 0 ?", "DBSIZE", "MGET a b c d"], INTEGERS));
    check(&steps);
}
