//! SETBIT and GETBIT.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{fill, for_all_keys};
use crate::check;

#[test]
fn bits_of_every_string() {
    let mut steps = fill();
    steps.extend(for_all_keys(&[
        "GETBIT ? 0",
        "GETBIT ? 7",
        "GETBIT ? 15",
        "GETBIT ? 2399",
        "GETBIT ? 4294967295",
        "OBJECT ENCODING ?",
        "SETBIT ? 3 1",
        "OBJECT ENCODING ?",
        "SETBIT ? 3 0",
        "SETBIT ? 2000 0",
        "STRLEN ?",
        "SETBIT ? 2007 1",
        "GETBIT ? 2007",
        "STRLEN ?",
        "TTL ?",
    ]));
    steps.push(Step::from("DEBUG DIGEST"));
    check(&steps);
}

/// Numbers that are offsets of the last bits there can be: the strings are made and deleted again.
#[test]
fn offsets_and_bits() {
    let small: Vec<&str> = INTEGERS
        .iter()
        .copied()
        .filter(|word| word.parse::<u64>().is_ok_and(|offset| offset < 100_000))
        .collect();
    let wrong: Vec<&str> =
        INTEGERS.iter().copied().filter(|word| word.parse::<u32>().is_err()).collect();
    let mut steps = each_with(&["SETBIT k ? 1", "GETBIT k ?", "STRLEN k"], &small);
    steps.extend(each_with(&["SETBIT k ? 1", "GETBIT k ?", "SETBIT k 0 ?"], &wrong));
    steps.extend(each_with(&["GETBIT k ?", "SETBIT k 9 ?", "SETBIT list x ?"], INTEGERS));
    steps.extend(script![
        "RPUSH list a",
        "SETBIT list 1 1",
        "SETBIT list -1 1",
        "SETBIT list 1 2",
        "GETBIT list 1",
        "GETBIT list x",
        "SETBIT k",
        "SETBIT k 1",
        "SETBIT k 1 1 1",
        "GETBIT k",
        "GETBIT k 1 1",
    ]);
    check(&steps);
}

#[test]
fn the_longest_string_has_a_limit() {
    check(&script![
        "CONFIG SET proto-max-bulk-len 1mb",
        "SETBIT k 8388607 1",
        "SETBIT k 8388608 1",
        "GETBIT k 8388608",
        "BITFIELD k SET u8 8388607 255",
        "BITFIELD k SET u8 8388608 255",
        "BITFIELD k GET u8 8388608",
        "BITFIELD k GET i64 #131071",
        "BITFIELD k GET i64 #131072",
        "STRLEN k",
        "BITCOUNT k",
        "BITPOS k 1",
        "CONFIG SET proto-max-bulk-len 512mb",
    ]);
}

#[test]
fn what_changes_nothing_is_no_change() {
    check(&script![
        "SET k abc PX 99999999999",
        "@a WATCH k",
        "SETBIT k 1 1",
        "BITFIELD k SET u8 0 97 GET u8 0 INCRBY u8 0 0",
        "@a MULTI",
        "@a GETBIT k 1",
        "@a EXEC",
        "@a WATCH k",
        "SETBIT k 1 0",
        "@a MULTI",
        "@a GETBIT k 1",
        "@a EXEC",
        "@a WATCH k",
        "SETBIT k 31 0",
        "@a MULTI",
        "@a GETBIT k 1",
        "@a EXEC",
        "@a WATCH new",
        "BITFIELD new OVERFLOW FAIL SET u8 0 300",
        "@a MULTI",
        "@a STRLEN new",
        "@a EXEC",
        "EXISTS new",
        "PEXPIRE k 100000000",
        "SETBIT k 100 1",
        "PERSIST k",
    ]);
}
