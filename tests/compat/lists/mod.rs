//! Lists.
//!
//! Redis 7.0 keeps every list as a quicklist, Shoal and newer servers keep small ones as listpacks.
//! So scripts are played several times, with limits that make Shoal's lists small, large, or large
//! with nodes of a few elements; replies never differ. When encodings change is compared with Redis
//! 8.0 ([`encodings`]).

mod edit;
mod encodings;
mod inspect;
mod moving;
mod push_pop;
mod types;

use testkit::script::Step;

use crate::check;

/// Values of `list-max-listpack-size`; the default comes last, as scripts have to leave it.
const LIMITS: [&str; 4] = ["1", "2", "5", "-2"];

/// Plays the script with lists in every form.
#[track_caller]
fn check_in_all_forms(script: &[Step]) {
    let mut steps = Vec::new();
    for limit in LIMITS {
        steps.push(Step::words(&["FLUSHALL"]));
        steps.push(Step::words(&["CONFIG", "SET", "list-max-listpack-size", limit]));
        steps.extend_from_slice(script);
        steps.push(Step::words(&["DEBUG", "DIGEST"]));
    }
    check(&steps);
}

/// The elements on both sides of borders between the encodings of a listpack.
const ELEMENTS: &[&str] = &[
    "",
    "0",
    "127",
    "128",
    "-1",
    "-0",
    "007",
    "4095",
    "4096",
    "-4096",
    "-4097",
    "32768",
    "-32769",
    "8388608",
    "-8388609",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "a b",
    "\u{e4}",
    "\0",
];
