//! Strings.

use testkit::awkward::{FLOATS, INTEGERS, KEYS, each_with};
use testkit::normalise::{NEAR_SECONDS, NEAR_TIME};
use testkit::script;
use testkit::script::Step;

use crate::check;

#[test]
fn set_and_get() {
    check(&script![
        "GET k",
        "SET k v",
        "GET k",
        "set k \"\"",
        "gEt k",
        "STRLEN k",
        "SET k 12345678901234567890",
        "GET k",
        "SET k 123",
        "GET k",
        "OBJECT ENCODING k",
        "SET k 0123",
        "GET k",
        "OBJECT ENCODING k",
        "SET k -0",
        "GET k",
        "OBJECT ENCODING k",
        "SET k abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
        "OBJECT ENCODING k",
        "SET k abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHI",
        "OBJECT ENCODING k",
        "TYPE k",
        "SETNX k other",
        "SETNX fresh value",
        "SETNX fresh value",
        "GET fresh",
        "GETSET k new",
        "GETSET nothing new",
        "GETSET k 77",
        "GET k",
        "GETDEL k",
        "GETDEL k",
        "GET k",
        "EXISTS k",
    ]);
}

#[test]
fn set_with_options() {
    let mut steps = script![
        "SET k 1 NX",
        "SET k 2 NX",
        "SET k 3 XX",
        "SET none 3 XX",
        "GET k",
        "SET k 4 GET",
        "SET k 5 xx get",
        "SET k 6 NX GET",
        "GET k",
        "SET none 1 GET",
        "SET none2 1 NX GET",
        "SET none3 1 XX GET",
        "MGET none none2 none3",
        "SET k v EX 1000",
        "TTL k" => NEAR_SECONDS,
        "SET k v2 KEEPTTL",
        "TTL k" => NEAR_SECONDS,
        "SET k v2 keepttl xx get",
        "TTL k" => NEAR_SECONDS,
        "SET k v3",
        "TTL k",
        "SET k v PX 1000000",
        "PTTL k" => NEAR_TIME,
        "SET k v EXAT 4102444800",
        "EXPIRETIME k",
        "SET k v PXAT 4102444800123",
        "PEXPIRETIME k",
        "SET k v NX EX 5",
        "PEXPIRETIME k",
        "SET k v XX GET EX 5000",
        "TTL k" => NEAR_SECONDS,
        "SET none4 v XX EX 5000",
        "TTL none4",
        "SET k v EX 5 EX 6",
        "SET k v KEEPTTL KEEPTTL",
        "SET k v GET GET",
        "SET k v XX XX",
        "SET k v NX NX",
    ];
    let options = [
        "NX",
        "XX",
        "GET",
        "KEEPTTL",
        "EX 100",
        "PX 100000",
        "EXAT 4102444800",
        "PERSIST",
        "EX",
        "PXAT 4102444800000",
        "GT",
        "LT",
        "wrong",
        "",
    ];
    for first in options {
        steps.push(Step::from(format!("SET k v {first}")));
        steps.extend(options.map(|second| Step::from(format!("SET k v {first} {second}"))));
        steps.push("DEL k".into());
    }
    check(&steps);
}

#[test]
fn set_with_every_number_as_its_time() {
    let mut steps = Vec::new();
    for option in ["EX", "PX", "EXAT", "PXAT"] {
        let (set, getex) = (format!("SET k v {option} ?"), format!("GETEX k {option} ?"));
        steps.extend(each_with(&[&set, "SET k v", &getex, "GETEX none PX ?"], INTEGERS));
    }
    steps.extend(each_with(&["SETEX k ? v", "PSETEX k ? v"], INTEGERS));
    check(&steps);
}

#[test]
fn set_with_times() {
    check(&script![
        "SETEX k 1000 v",
        "TTL k" => NEAR_SECONDS,
        "GET k",
        "PSETEX k 2000000 w",
        "PTTL k" => NEAR_TIME,
        "GET k",
        "SETEX k 0 v",
        "SETEX k -1 v",
        "PSETEX k 0 v",
        "SETEX k ten v",
        "GET k",
        "SETEX k 5000 12",
        "INCR k",
        "APPEND k 4",
        "SETRANGE k 0 9",
        "TTL k" => NEAR_SECONDS,
        "GETSET k v",
        "TTL k",
        "SETEX k 5000 v",
        "SET k v GET",
        "TTL k",
        "SETEX k 5000 v",
        "MSET k v",
        "TTL k",
        "SETNX k v",
        "SETEX k 5000 1.5",
        "INCRBYFLOAT k 1.5",
        "TTL k" => NEAR_SECONDS,
    ]);
}

#[test]
fn a_value_whose_time_is_over_is_gone() {
    check(&script![
        "DEBUG SET-ACTIVE-EXPIRE 0",
        "SET k v PX 1",
        "DEBUG SLEEP 0.01",
        "DBSIZE",
        "GET k",
        "DBSIZE",
        "SET k v PXAT 1",
        "DBSIZE",
        "SETNX k w",
        "TTL k",
        "GET k",
        "SET k v EXAT 1",
        "STRLEN k",
        "SET k v EXAT 1",
        "SET k w NX GET",
        "SET k v EXAT 1",
        "SET k w XX",
        "SET k v EXAT 1",
        "SET k w KEEPTTL",
        "TTL k",
        "SET k v EXAT 1",
        "APPEND k x",
        "GET k",
        "SET k v EXAT 1",
        "INCR k",
        "TTL k",
        "SET k v EXAT 1",
        "GETDEL k",
        "SET k v EXAT 1",
        "GETEX k PERSIST",
        "SET k v EXAT 1",
        "GETSET k x",
        "SET k v EXAT 1",
        "SETRANGE k 2 x",
        "GET k",
        "SET k v EXAT 1",
        "GETRANGE k 0 -1",
        "SET k v EXAT 1",
        "MSETNX k w l w",
        "MGET k l",
        "SET k v EXAT 1",
        "LCS k l",
        "LCS k l LEN",
        "GETEX l EXAT 1",
        "GET l",
        "GETEX k PXAT 1",
        "DBSIZE",
        "DEBUG SET-ACTIVE-EXPIRE 1",
    ]);
}

#[test]
fn getex() {
    check(&script![
        "GETEX k",
        "GETEX k EX 10",
        "SET k v",
        "GETEX k",
        "TTL k",
        "GETEX k EX 1000",
        "TTL k" => NEAR_SECONDS,
        "GETEX k",
        "TTL k" => NEAR_SECONDS,
        "GETEX k PX 2000000",
        "PTTL k" => NEAR_TIME,
        "GETEX k EXAT 4102444800",
        "EXPIRETIME k",
        "GETEX k PXAT 4102444800001",
        "PEXPIRETIME k",
        "GETEX k persist",
        "TTL k",
        "GETEX k PERSIST",
        "GETEX k PERSIST EX 10",
        "GETEX k EX 10 PERSIST",
        "GETEX k EX 10 PX 10",
        "GETEX k PERSIST PERSIST",
        "GETEX k KEEPTTL",
        "GETEX k NX",
        "GETEX k EX",
        "GETEX k EX 0",
        "GETEX k PX -1",
        "GETEX k wrong",
        "GETEX k \"\"",
        "TTL k",
        "GETEX none EX 0",
        "GETEX none EX x",
    ]);
}

#[test]
fn counters() {
    let mut steps = script![
        "INCR k",
        "INCR k",
        "DECR k",
        "DECR d",
        "INCRBY k 40",
        "DECRBY k 2",
        "DECRBY k -2",
        "INCRBY k -100",
        "GET k",
        "OBJECT ENCODING k",
        "SET k 9223372036854775806",
        "INCR k",
        "INCR k",
        "INCRBY k 1",
        "DECRBY k -1",
        "INCRBY k -9223372036854775808",
        "GET k",
        "SET k -9223372036854775807",
        "DECR k",
        "DECR k",
        "DECRBY k 9223372036854775807",
        "DECRBY k -9223372036854775808",
        "INCRBY k 9223372036854775807",
        "GET k",
    ];
    steps.extend(each_with(&["SET k ?", "OBJECT ENCODING k", "INCR k", "GET k"], INTEGERS));
    steps.extend(each_with(&["SET k ?", "DECRBY k 3", "SET k 5", "INCRBY k ?"], INTEGERS));
    steps.extend(each_with(&["SET k -5", "DECRBY k ?", "GET k", "INCRBY none ?"], INTEGERS));
    check(&steps);
}

#[test]
fn counters_with_a_fraction() {
    let mut steps = script![
        "INCRBYFLOAT k 10.50",
        "INCRBYFLOAT k 0.1",
        "INCRBYFLOAT k -5",
        "INCRBYFLOAT k 5.0e3",
        "OBJECT ENCODING k",
        "INCR k",
        "SET k 3.0",
        "INCRBYFLOAT k 1.000000000000000005",
        "INCRBYFLOAT k -4.000000000000000005",
        "SET k 5",
        "INCRBYFLOAT k 5",
        "OBJECT ENCODING k",
        "INCR k",
        "SET k 1e4932",
        "INCRBYFLOAT k 1e4932",
        "INCRBYFLOAT k -1e4932",
    ];
    steps.extend(each_with(&["DEL k", "INCRBYFLOAT k ?", "GET k"], FLOATS));
    steps.extend(each_with(&["SET k ?", "INCRBYFLOAT k 1.25", "GET k"], FLOATS));
    steps.extend(each_with(&["SET k 0.1", "INCRBYFLOAT k ?", "INCRBYFLOAT k ?"], FLOATS));
    check(&steps);
}

#[test]
fn ranges() {
    let mut steps = script![
        "APPEND k Hello",
        "APPEND k \" World\"",
        "APPEND k \"\"",
        "GET k",
        "OBJECT ENCODING k",
        "STRLEN k",
        "STRLEN none",
        "APPEND none \"\"",
        "EXISTS none",
        "SET n 123",
        "APPEND n 4",
        "OBJECT ENCODING n",
        "STRLEN n",
        "INCR n",
        "OBJECT ENCODING n",
        "GETRANGE n 1 2",
        "SETRANGE n 1 x",
        "GET n",
        "SETRANGE k 6 Redis",
        "GET k",
        "SETRANGE k 20 far",
        "GET k",
        "SETRANGE fresh 5 x",
        "GET fresh",
        "SETRANGE fresh2 0 \"\"",
        "SETRANGE fresh2 100 \"\"",
        "EXISTS fresh2",
        "SETRANGE k 3 \"\"",
        "SETRANGE k 0 \"\"",
        "SETRANGE k 536870912 x",
        "SETRANGE k 536870908 abcde",
        "SETRANGE k 9223372036854775807 x",
        "SETRANGE k -1 x",
        "SETRANGE k -1 \"\"",
        "SETRANGE none3 -1 \"\"",
        "SETRANGE k x y",
    ];
    let indexes = ["0", "1", "5", "10", "11", "-1", "-5", "-11", "-12", "-100", "100"];
    for from in indexes {
        for to in indexes {
            steps.push(Step::from(format!("GETRANGE k {from} {to}")));
        }
        steps.push(Step::from(format!("SUBSTR k {from} -2")));
        steps.push(Step::from(format!("GETRANGE none {from} -2")));
        steps.push(Step::from(format!("GETRANGE n {from} -1")));
    }
    steps.extend(each_with(&["GETRANGE k ? -1", "GETRANGE k 0 ?", "SUBSTR k ? 3"], INTEGERS));
    steps.extend(each_with(&["GETRANGE none ? 1", "SETRANGE none2 ? \"\""], INTEGERS));
    steps.extend(each_with(&["SETRANGE k2 ? abc", "GET k2", "DEL k2"], INTEGERS));
    check(&steps);
}

#[test]
fn longest_common_subsequences() {
    let mut steps = script![
        "MSET a ohmytext b mynewtext",
        "LCS a b",
        "LCS a b LEN",
        "LCS a b IDX",
        "LCS a b IDX MINMATCHLEN 4",
        "LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN",
        "LCS a b idx withmatchlen",
        "LCS a b IDX MINMATCHLEN 100",
        "LCS a b IDX MINMATCHLEN -1 WITHMATCHLEN",
        "LCS a b LEN IDX",
        "LCS a b LEN MINMATCHLEN 2",
        "LCS a b WITHMATCHLEN",
        "LCS a b MINMATCHLEN",
        "LCS a b MINMATCHLEN x",
        "LCS a b wrong",
        "LCS a none",
        "LCS a none LEN",
        "LCS a none IDX",
        "LCS none none2 IDX WITHMATCHLEN",
        "LCS a a",
        "LCS a a IDX",
        "SET n 12345",
        "SET m 2355",
        "LCS n m",
        "LCS n m IDX WITHMATCHLEN",
        "SET e \"\"",
        "LCS e a",
        "LCS e e IDX",
        "SET x \"\\x00\\xff\\r\\n\"",
        "SET y \"\\xff\\x00\\n\"",
        "LCS x y",
        "LCS x y IDX WITHMATCHLEN",
        "SET r abcabcabcabc",
        "SET q cbacbacba",
        "LCS r q",
        "LCS r q IDX WITHMATCHLEN",
        "LCS q r IDX MINMATCHLEN 1",
    ];
    steps.extend(each_with(&["LCS a b IDX MINMATCHLEN ? WITHMATCHLEN"], INTEGERS));
    check(&steps);
}

#[test]
fn keys_and_values_of_any_bytes() {
    let mut steps = Vec::new();
    for key in KEYS {
        for command in [b"GET".as_slice(), b"STRLEN", b"GETDEL", b"INCR", b"TYPE", b"DEL"] {
            steps.push(Step::words(&[command, key]));
        }
        for value in KEYS {
            steps.push(Step::words(&[b"SET", *key, *value]));
            steps.push(Step::words(&[b"GET", *key]));
            steps.push(Step::words(&[b"GETRANGE", *key, b"1", b"-2"]));
            steps.push(Step::words(&[b"APPEND", *key, *value]));
            steps.push(Step::words(&[b"GETSET", *key, *value]));
        }
    }
    check(&steps);
}

#[test]
fn limits_of_size() {
    let half = "x".repeat(1 << 19);
    let mut steps = script!["CONFIG SET proto-max-bulk-len 1048576"];
    steps.push(Step::words(&["SET", "k", &half]));
    steps.push(Step::words(&["APPEND", "k", &half[1..]]));
    steps.extend(script![
        "STRLEN k",
        "APPEND k xy",
        "APPEND k x",
        "APPEND k x",
        "APPEND k \"\"",
        "SETRANGE k 1048575 y",
        "SETRANGE k 1048576 y",
        "SETRANGE k 1048575 yz",
        "SETRANGE none 1048576 y",
        "SETRANGE none 9223372036854775807 yz",
        "SETRANGE none 1048576 \"\"",
        "STRLEN k",
        "EXISTS none",
    ]);
    steps.push("CONFIG SET proto-max-bulk-len 512mb".into());
    check(&steps);
}

/// Sizes around the one from which values travel by reference, and far above it.
const SIZES: &[usize] = &[16_383, 16_384, 16_385, 17 * 1024, 65_536, 1 << 20];

#[test]
fn big_values() {
    let mut steps = Vec::new();
    for &size in SIZES {
        let value: Vec<u8> = (0..size).map(|index| (index % 251) as u8).collect();
        let words = |words: &[&[u8]]| Step::words(words);
        steps.push(words(&[b"SET", b"big", &value]));
        steps.extend(script!["GET big", "STRLEN big", "OBJECT ENCODING big", "GETRANGE big 9 20"]);
        steps.extend(script!["GETRANGE big 1 -2", "APPEND big x", "GET big", "SETRANGE big 0 y"]);
        steps.extend(script!["GET big", "SETRANGE big 20000 zz", "GETRANGE big 16000 20100"]);
        steps.push(words(&[b"GETSET", b"big", &value]));
        steps.push(words(&[b"SET", b"big", &value, b"GET"]));
        steps.push(words(&[b"SETNX", b"big2", &value]));
        steps.push(words(&[b"MSET", b"big3", &value, b"small", b"v", b"big4", &value]));
        steps.extend(script![
            "MGET big big2 none small big3 big4",
            "INCR big",
            "INCRBYFLOAT big 1"
        ]);
        steps.push(words(&[b"MSETNX", b"big5", &value, b"big6", &value]));
        steps.extend(script!["RENAME big5 big7", "COPY big6 big8", "COPY big6 big DB 3 REPLACE"]);
        steps.extend(script![
            "MGET big7 big8 big6",
            "GETEX big8 EX 1000",
            "GETDEL big8",
            "MOVE big7 4"
        ]);
        steps.push(words(&[b"APPEND", b"big", &value]));
        steps.push(words(&[b"SETRANGE", b"big", b"3", &value]));
        steps.push(words(&[b"SETEX", b"big2", b"1000", &value]));
        steps.extend(script!["GET big", "GET big2", "LCS big2 small", "SELECT 3", "GET big"]);
        steps.extend(script!["SELECT 4", "GET big7", "SELECT 0", "EXISTS big7", "FLUSHALL"]);
        steps.push(words(&[b"GET", &value]));
        steps.push(words(&[b"SET", &value, b"v"]));
        steps.push(words(&[b"RENAME", &value, b"k"]));
        steps.push(words(&[b"SET", b"k", b"v", b"EX", &value]));
        steps.push(words(&[b"INCRBY", b"n", &value]));
        steps.push(words(&[b"MSET", &value, b"v", b"k"]));
        steps.push(words(&[&value, b"v", b"k"]));
        steps.push("FLUSHALL".into());
    }
    check(&steps);
}

#[test]
fn big_values_in_pipelines() {
    let mut steps = Vec::new();
    for &size in &SIZES[..4] {
        let value: Vec<u8> = (0..size).map(|index| (index % 241) as u8).collect();
        for key in ["a", "b", "c", "d"] {
            steps.push(Step::words(&[b"SET".as_slice(), key.as_bytes(), &value]));
            steps.push(Step::from(format!("APPEND {key} tail")));
            steps.extend(script!["INCR n", "GET a", "MGET a b c d"]);
            steps.push(Step::words(&[b"MSET".as_slice(), b"b", &value, key.as_bytes(), &value]));
            steps.extend(script!["RENAME b c", "GETRANGE c 16380 16390", "PING", "GET c", "GET n"]);
        }
    }
    let pace = testkit::compare::Pace { depth: 11, cuts: None };
    crate::STAGE.check_at(pace, "", &steps);
}
