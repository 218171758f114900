//! BITFIELD and BITFIELD_RO.

use testkit::awkward::{INTEGERS, each_with};
use testkit::script;
use testkit::script::Step;

use super::{fill, for_all_keys};
use crate::check;

/// Every width, at bits that are no multiples of it, with numbers at the edges of what fits.
#[test]
fn all_widths_overflow_in_all_ways() {
    let mut steps = Vec::new();
    for bits in 1..=64_u32 {
        for sign in ["i", "u"] {
            let most = if sign == "i" { bits - 1 } else { bits };
            let max = ((1_i128 << most) - 1).min(i128::from(i64::MAX));
            let min = if sign == "i" { -max - 1 } else { 0 };
            for mode in ["WRAP", "SAT", "FAIL"] {
                let far = i128::from(i64::MIN);
                let near = [max, max + 1, min, min - 1, -1, far, far + max, far + max + 1];
                for number in near.into_iter().filter_map(|number| i64::try_from(number).ok()) {
                    let (place, kind) = (bits * 3 % 17, format!("{sign}{bits}"));
                    steps.push(Step::from(format!(
                        "BITFIELD k{sign} OVERFLOW {mode} SET {kind} {place} {number} GET {kind} \
                         {place} INCRBY {kind} {place} {number} INCRBY {kind} #1 1 INCRBY {kind} \
                         {place} -1 GET {kind} 0"
                    )));
                }
            }
        }
    }
    steps.extend(script!["GET ki", "GET ku", "DEBUG DIGEST"]);
    check(&steps);
}

#[test]
fn fields_of_every_string() {
    let mut steps = fill();
    steps.extend(for_all_keys(&[
        "BITFIELD ?",
        "BITFIELD ? GET u8 0 GET i64 3 GET u63 #1 GET i5 2390 GET u8 100000",
        "BITFIELD_RO ? GET u8 0 GET i13 13",
        "OBJECT ENCODING ?",
        "BITFIELD ? OVERFLOW SAT",
        "BITFIELD ? OVERFLOW FAIL INCRBY u2 900 4",
        "STRLEN ?",
        "OBJECT ENCODING ?",
        "BITFIELD ? SET u8 #2 255 INCRBY i16 9 -1 GET u4 #3",
        "BITFIELD ? OVERFLOW FAIL INCRBY u2 900 4 OVERFLOW WRAP INCRBY u2 900 5",
        "STRLEN ?",
        "BITCOUNT ?",
        "BITFIELD_RO ? SET u8 0 1",
        "BITFIELD_RO ? INCRBY u8 0 1 GET u8 0",
    ]));
    steps.push(Step::from("DEBUG DIGEST"));
    check(&steps);
}

#[test]
fn numbers_and_places() {
    let small: Vec<&str> = INTEGERS
        .iter()
        .copied()
        .filter(|word| !word.parse::<i64>().is_ok_and(|at| at > 100_000))
        .collect();
    let mut steps = each_with(
        &["BITFIELD k SET i16 ? 7", "BITFIELD k INCRBY u5 #? 9", "BITFIELD k SET u7 #0 ?"],
        &small,
    );
    steps.extend(each_with(
        &[
            "BITFIELD k GET i16 ?",
            "BITFIELD_RO k GET u1 ?",
            "BITFIELD k SET i64 0 ?",
            "BITFIELD k OVERFLOW SAT SET u8 3 ?",
            "BITFIELD k OVERFLOW SAT INCRBY i33 70 ?",
            "BITFIELD k OVERFLOW FAIL INCRBY u63 0 ?",
            "BITFIELD k SET ? 0 1",
        ],
        INTEGERS,
    ));
    for place in [
        "#",
        "##1",
        "#-1",
        "# 1",
        "#+1",
        "#9223372036854775807",
        "#288230376151711743",
        "#288230376151711744",
        "#288230376151711745",
        "#144115188075855872",
        "#576460752303423488",
        "-#1",
        "1#",
    ] {
        for kind in ["i64", "u63", "u8", "i1"] {
            steps.push(Step::words(&["BITFIELD", "k", "GET", kind, place]));
        }
    }
    check(&steps);
}

/// Kinds of fields at the edges of what there is, and beyond.
const KINDS: &[&str] = &[
    "u0",
    "u1",
    "u63",
    "u64",
    "i0",
    "i1",
    "i64",
    "i65",
    "u-1",
    "i+1",
    "i01",
    "U8",
    "I8",
    "8",
    "x8",
    "u",
    "i",
    "",
    "u8x",
    "u8\0x",
    "u\08",
    "u 8",
    "i99999999999999999999",
    "i4294967297",
];

#[test]
fn wrong_words() {
    let mut steps = fill();
    for kind in KINDS {
        steps.push(Step::words(&["BITFIELD", "short", "GET", kind, "0"]));
        steps.push(Step::words(&["BITFIELD", "short", "SET", kind, "0", "1"]));
        steps.push(Step::words(&["BITFIELD_RO", "short", "GET", kind, "x"]));
    }
    for key in ["short", "list", "none"] {
        for words in [
            "GET",
            "GET u8",
            "GET u8 0 GET",
            "SET u8 0",
            "INCRBY u8 0",
            "SET u8 0 x",
            "SET u8 x 0",
            "SET x8 x x",
            "OVERFLOW",
            "OVERFLOW x",
            "OVERFLOW x GET",
            "OVERFLOW WRAP SAT",
            "overflow sat set u8 0 300 Overflow fail incrby u8 0 300 GET u8 0",
            "wrong",
            "SET u8 0 1 wrong",
            "GET u8 0 SET u8 0",
            "SET u8 8 1 GET u8 -1",
        ] {
            steps.push(Step::from(format!("BITFIELD {key} {words}")));
            steps.push(Step::from(format!("BITFIELD_RO {key} {words}")));
        }
        steps.push(Step::from(format!("EXISTS {key}")));
    }
    steps.extend(script!["BITFIELD", "BITFIELD_RO", "BITFIELD_RO short", "BITFIELD_RO none"]);
    for words in [
        "k",
        "k get u8 0",
        "k GET u8",
        "k OVERFLOW sat GET u8 0",
        "k OVERFLOW",
        "k SET u8 0 1",
        "k SET u8 0",
        "k GET u8 0 INCRBY u8 0 1",
        "k wrong",
    ] {
        steps.push(Step::from(format!("COMMAND GETKEYSANDFLAGS bitfield {words}")));
        steps.push(Step::from(format!("COMMAND GETKEYSANDFLAGS bitfield_ro {words}")));
    }
    check(&steps);
}

/// Replies differ by protocol where a field overflows.
#[test]
fn failures_in_transactions() {
    check(&script![
        "MULTI",
        "BITFIELD a OVERFLOW FAIL SET u8 0 300 SET u8 8 1",
        "BITFIELD b INCRBY u8 0 1",
        "BITFIELD_RO a GET u16 0",
        "BITFIELD a wrong",
        "EXEC",
        "MGET a b",
    ]);
}
