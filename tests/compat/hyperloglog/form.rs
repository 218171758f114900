//! PFADD, PFCOUNT, PFDEBUG and PFSELFTEST: the form of the registers, step by step.

use testkit::normalise::SAME_KIND;
use testkit::script;
use testkit::script::Step;

use super::{add, look};
use crate::check;

/// From nothing to dense registers, with a look now and then.
#[test]
fn a_hyperloglog_grows() {
    let mut steps = script!["PFADD h", "GET h", "PFADD h"];
    for number in 0..40 {
        steps.push(add("h", [number]));
        steps.push(Step::from("GET h"));
        steps.push(Step::from("PFDEBUG DECODE h"));
    }
    for hundred in 1..60 {
        steps.push(add("h", hundred * 100..hundred * 100 + 100));
        steps.extend(look("h"));
    }
    steps.push(Step::from("PFDEBUG DECODE h"));
    steps.push(Step::from("PFDEBUG GETREG h"));
    steps.push(Step::from("TTL h"));
    for thousand in 1..30 {
        steps.push(add("h", thousand * 10_000..thousand * 10_000 + 1000));
        steps.push(Step::from("PFCOUNT h"));
    }
    steps.extend(look("h"));
    check(&steps);
}

/// Elements of every length, and of any bytes.
#[test]
fn elements_of_any_kind() {
    let mut steps = Vec::new();
    for length in 0..70 {
        let element: Vec<u8> = (0..length).map(|at| (at * 37 + length) as u8).collect();
        steps.push(Step::words(&[b"PFADD", &b"h"[..], &element]));
        steps.push(Step::from("GET h"));
    }
    for length in [1000, 16_384, 40_000] {
        steps.push(Step::words(&["PFADD".to_owned(), "h".to_owned(), "x".repeat(length)]));
    }
    steps.extend(look("h"));
    steps.extend(script![
        "PFADD h a b a b",
        "PFADD h a b",
        "PFADD",
        "PFCOUNT",
        "PFMERGE",
        "PFDEBUG DECODE",
        "PFDEBUG DECODE h h",
        "PFSELFTEST x",
        "PFSELFTEST",
    ]);
    check(&steps);
}

#[test]
fn the_sparse_form_has_a_limit() {
    let mut steps = script![
        "CONFIG GET hll-sparse-max-bytes",
        "CONFIG SET hll-sparse-max-bytes x",
        "CONFIG SET hll-sparse-max-bytes -1",
        "CONFIG SET hll-sparse-max-bytes 9223372036854775808",
        "CONFIG SET hll-sparse-max-bytes 1kb",
        "CONFIG GET hll-sparse-max-bytes"
    ];
    for max in [0, 17, 18, 19, 20, 21, 22, 23, 24, 25, 100, 3000, 20_000] {
        steps.push(Step::from(format!("CONFIG SET hll-sparse-max-bytes {max}")));
        let key = format!("h{max}");
        for number in 0..8 {
            steps.push(add(&key, [number]));
            steps.push(Step::from(format!("GET {key}")));
        }
        steps.push(add(&key, 100..3000));
        steps.extend(look(&key));
        steps.push(Step::from(format!("PFMERGE all {key}")));
        steps.push(Step::from("GET all"));
        steps.push(Step::from("PFMERGE small h18 h20"));
        steps.push(Step::from("GET small"));
    }
    // A limit that shrinks under a HyperLogLog.
    steps.push(add("shrunk", 0..100));
    steps.push(Step::from("CONFIG SET hll-sparse-max-bytes 50"));
    for number in 0..200 {
        steps.push(add("shrunk", [number]));
        steps.push(Step::from("PFDEBUG ENCODING shrunk"));
    }
    steps.extend(look("shrunk"));
    steps.push(Step::from("CONFIG SET hll-sparse-max-bytes 3000"));
    check(&steps);
}

#[test]
fn debugging() {
    let mut steps = vec![add("h", 0..20), add("g", 5..2000), Step::from("PFCOUNT h")];
    steps.extend(script![
        "SET text hello",
        "RPUSH list a",
        "PFDEBUG wrong none",
        "PFDEBUG wrong h",
        "PFDEBUG \"a\\x00b\" h",
        "PFDEBUG \"a\\r\\nb\" h",
        "PFDEBUG \"\" text",
        "PFDEBUG DECODE list",
        "PFDEBUG DECODE none",
        "pfdebug decode h",
        "PFDEBUG DECODE g",
        "PFDEBUG ENCODING h",
        "PFDEBUG ENCODING g",
        "@w WATCH h g",
        "PFDEBUG TODENSE h",
        "PFDEBUG GETREG g",
        "@w MULTI",
        "@w PFCOUNT h g",
        "@w EXEC",
        "PFDEBUG TODENSE h",
        "GET h",
        "PFCOUNT h",
        "GET h",
        "PFDEBUG GETREG h",
        "PFDEBUG DECODE h",
    ]);
    check(&steps);
}

/// Whoever counts may write, and who watches is told.
#[test]
fn counting_is_a_change() {
    check(&script![
        "PFADD h a b c",
        "EXPIRE h 1000",
        "@w WATCH h",
        "PFCOUNT h",
        "@w MULTI",
        "@w PING",
        "@w EXEC",
        "@w WATCH h",
        "PFCOUNT h",
        "PFADD h a",
        "@w MULTI",
        "@w PING",
        "@w EXEC",
        "PERSIST h",
        "COPY h g",
        "PFCOUNT g",
        "RENAME g f",
        "PFCOUNT f h",
        "PFADD f d",
        "MULTI",
        "PFADD e 1 2 3",
        "PFCOUNT e f",
        "PFMERGE e f",
        "PFCOUNT e",
        "EXEC",
        "DEBUG DIGEST",
        "COMMAND GETKEYSANDFLAGS pfcount a b",
        "COMMAND GETKEYSANDFLAGS pfmerge a b c",
        "COMMAND GETKEYSANDFLAGS pfdebug getreg a",
        "INFO commandstats" => SAME_KIND,
    ]);
}
