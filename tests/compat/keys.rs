//! Keys of any type, and how all data commands answer to a wrong number of words.

use testkit::awkward::{INTEGERS, KEYS, each_with};
use testkit::normalise::{NEAR_SECONDS, NEAR_TIME, WALK_STEP};
use testkit::script;
use testkit::script::Step;

use crate::check;

/// Every data command there is so far, by its full name.
const COMMANDS: &[&str] = &[
    "GET",
    "SET",
    "GETDEL",
    "GETEX",
    "GETSET",
    "SETEX",
    "PSETEX",
    "SETNX",
    "INCR",
    "INCRBY",
    "DECR",
    "DECRBY",
    "INCRBYFLOAT",
    "APPEND",
    "STRLEN",
    "GETRANGE",
    "SUBSTR",
    "SETRANGE",
    "MGET",
    "MSET",
    "MSETNX",
    "LCS",
    "LPUSH",
    "RPUSH",
    "LPUSHX",
    "RPUSHX",
    "LPOP",
    "RPOP",
    "LLEN",
    "LRANGE",
    "LINDEX",
    "LSET",
    "LINSERT",
    "LREM",
    "LTRIM",
    "LPOS",
    "LMOVE",
    "RPOPLPUSH",
    "LMPOP",
    "DEL",
    "UNLINK",
    "EXISTS",
    "TOUCH",
    "TYPE",
    "RENAME",
    "RENAMENX",
    "COPY",
    "MOVE",
    "KEYS",
    "SCAN",
    "RANDOMKEY",
    "EXPIRE",
    "EXPIREAT",
    "PEXPIRE",
    "PEXPIREAT",
    "TTL",
    "PTTL",
    "EXPIRETIME",
    "PEXPIRETIME",
    "PERSIST",
    "DUMP",
    "RESTORE",
    "OBJECT",
    "OBJECT ENCODING",
    "OBJECT FREQ",
    "OBJECT IDLETIME",
    "OBJECT REFCOUNT",
    "OBJECT HELP",
    "OBJECT NOSUCH",
    "DBSIZE",
    "FLUSHDB",
    "FLUSHALL",
    "SWAPDB",
    "SELECT",
];

#[test]
fn every_number_of_words() {
    let mut steps = Vec::new();
    for command in COMMANDS {
        // Whatever the others have left would be in the way, times to live most of all.
        steps.push("FLUSHALL".into());
        for count in 0..8 {
            let line = Step::from(format!("{command}{}", " x".repeat(count)));
            let name = command.to_ascii_lowercase();
            let other = Step::from(format!("{name}{}", " 1".repeat(count)));
            match *command {
                // The cursor that comes next is each server's own.
                "SCAN" => steps.extend([line, other].map(|step| step.by(&WALK_STEP))),
                _ => steps.extend([line, other]),
            }
        }
    }
    check(&steps);
}

#[test]
fn deleting_and_counting() {
    check(&script![
        "DEL a",
        "MSET a 1 b 2 c 3",
        "DEL a",
        "DEL a b b c d",
        "MSET a 1 b 2 c 3",
        "UNLINK a nothing a b",
        "EXISTS a b c c c",
        "TOUCH a b c c",
        "EXISTS none",
        "DBSIZE",
        "UNLINK c",
        "DBSIZE",
        "TYPE a",
        "SET a 1",
        "TYPE a",
    ]);
}

#[test]
fn names_of_any_bytes() {
    let mut steps = Vec::new();
    for key in KEYS {
        steps.push(Step::words(&[b"SET", *key, b"value"]));
        for command in ["EXISTS", "TOUCH", "TYPE", "TTL", "PERSIST", "DEL", "UNLINK"] {
            steps.push(Step::words(&[command.as_bytes(), key]));
        }
        for other in KEYS {
            steps.push(Step::words(&[b"SET", *key, *other]));
            for command in ["RENAMENX", "RENAME", "COPY"] {
                steps.push(Step::words(&[command.as_bytes(), key, other]));
            }
            steps.push(Step::words(&[b"MGET", *key, *other]));
            steps.push(Step::words(&[b"DEL", *other]));
        }
    }
    check(&steps);
}

#[test]
fn renaming() {
    check(&script![
        "RENAME a b",
        "RENAMENX a b",
        "RENAME a a",
        "SET a 1",
        "RENAME a a",
        "RENAMENX a a",
        "RENAME a b",
        "GET a",
        "GET b",
        "SET a 2",
        "RENAMENX a b",
        "RENAME a b",
        "GET b",
        "SET a 3 EX 1000",
        "SET b 4 EX 5000",
        "RENAME a b",
        "TTL b" => NEAR_SECONDS,
        "SET a 5",
        "RENAME a b",
        "TTL b",
        "SET a 6 EX 2000",
        "RENAMENX a c",
        "TTL c" => NEAR_SECONDS,
        "GET c",
        "DBSIZE",
        "RENAME c \"\"",
        "GET \"\"",
        "RENAME \"\" c",
        "GET c",
    ]);
}

#[test]
fn copying() {
    check(&script![
        "COPY a b",
        "COPY a a",
        "SET a 1",
        "COPY a a",
        "COPY a b",
        "COPY a b",
        "SET a 2",
        "COPY a b REPLACE",
        "GET b",
        "COPY a b replace REPLACE",
        "COPY a c DB 1",
        "COPY a c DB 1",
        "COPY a c DB 1 REPLACE",
        "COPY a c REPLACE DB 2",
        "COPY a a DB 0",
        "COPY a a DB 3",
        "COPY a a DB 3 DB 4",
        "COPY a a DB 3 DB 0",
        "COPY a b DB 16",
        "COPY a b DB -1",
        "COPY a b DB x",
        "COPY a b DB",
        "COPY a b wrong",
        "COPY a b REPLACE wrong",
        "COPY none b",
        "COPY none b REPLACE",
        "COPY none b DB 99",
        "GET b",
        "SET a v EX 1000",
        "COPY a b REPLACE",
        "TTL b" => NEAR_SECONDS,
        "COPY a d DB 1",
        "SELECT 1",
        "TTL d" => NEAR_SECONDS,
        "MGET a b c d",
        "COPY d e DB 0",
        "SELECT 3",
        "GET a",
        "SELECT 4",
        "GET a",
        "SELECT 0",
        "MGET a b c d e",
        "APPEND e more",
        "GET a",
        "SET n 5",
        "COPY n m",
        "INCR m",
        "MGET n m",
        "OBJECT ENCODING m",
    ]);
}

#[test]
fn moving() {
    let mut steps = script![
        "MOVE a 1",
        "SET a v EX 1000",
        "MOVE a 0",
        "MOVE a 1",
        "MOVE a 1",
        "EXISTS a",
        "SELECT 1",
        "TTL a" => NEAR_SECONDS,
        "GET a",
        "MOVE a 0",
        "SET a other",
        "MOVE a 0",
        "GET a",
        "SELECT 0",
        "GET a",
        "MOVE a 16",
        "MOVE a 15",
        "MOVE none 16",
        "MOVE none 0",
    ];
    steps.extend(each_with(&["SET k v", "MOVE k ?", "COPY k l DB ?", "EXISTS k l"], INTEGERS));
    check(&steps);
}

#[test]
fn looking_into_values() {
    check(&script![
        "OBJECT ENCODING a",
        "OBJECT REFCOUNT a",
        "OBJECT IDLETIME a",
        "OBJECT FREQ a",
        "SET a 1",
        "OBJECT ENCODING a",
        "OBJECT REFCOUNT a",
        "OBJECT IDLETIME a" => NEAR_SECONDS,
        "OBJECT FREQ a",
        "SET a 9999",
        "OBJECT REFCOUNT a",
        "SET a 10000",
        "OBJECT REFCOUNT a",
        "SET a -1",
        "OBJECT REFCOUNT a",
        "SET a text",
        "OBJECT ENCODING a",
        "object refcount a",
        "OBJECT HELP",
        "OBJECT help",
        "OBJECT WRONG a",
        "OBJECT \"\" a",
        "APPEND a x",
        "OBJECT ENCODING a",
        "SET a 12",
        "INCRBYFLOAT a 1",
        "OBJECT ENCODING a",
        "TYPE a",
        "CONFIG SET maxmemory-policy allkeys-lfu",
        "SET f 1",
        "OBJECT IDLETIME f",
        "OBJECT FREQ f" => NEAR_TIME,
        "OBJECT FREQ none",
        "CONFIG SET maxmemory-policy noeviction",
        "OBJECT FREQ f",
    ]);
}

#[test]
fn unknown_commands() {
    check(&script![
        "NOSUCH",
        "NOSUCH a b c",
        "nosuch \"a b\" \"\" \"\\r\\n\\x00\"",
        "\"\"",
        "\"\" a",
        "\"GET \" a",
        "\"\\r\\n\" a",
        Step::words(&["x".repeat(200), "y".repeat(200), "z".repeat(20)]),
        Step::words(&["G", &"y".repeat(20), &"z".repeat(120), "w"]),
        Step::words(&vec!["word"; 60]),
        "OBJECT",
        "OBJECT NOSUCH",
        Step::words(&["OBJECT", &"y".repeat(200)]),
        "OBJECT \"\\r\\n\"",
    ]);
}
