//! OBJECT ENCODING of sets: the oracle knows no listpacks of them, so Redis 8.0 decides.

use testkit::compare::Comparison;
use testkit::matrix;
use testkit::oracle::Packaged;
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill};

/// Plays the script on Redis 8.0 and on a few of Shoal's cells.
#[track_caller]
fn check(script: &[Step]) {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards != 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(script);
}

fn encodings() -> impl Iterator<Item = Step> {
    KEYS.iter().map(|key| Step::from(format!("OBJECT ENCODING {key}")))
}

#[test]
fn sets_change_their_encoding_where_redis_8_changes_it() {
    let mut steps = fill();
    steps.extend(encodings());
    for line in ["SADD ? x", "SADD ? 7", "SREM ? x m1 m2 m3", "SPOP ? 2", "SADD ? y"] {
        steps.extend(KEYS.iter().map(|key| line.replace('?', key)).map(quiet));
        steps.extend(encodings());
    }
    check(&steps);
}

/// A step whose reply is not what is looked at.
fn quiet(line: String) -> Step {
    Step::from(line).by(&testkit::normalise::SAME_KIND)
}

#[test]
fn what_is_stored_is_packed_as_redis_8_packs_it() {
    let mut steps = fill();
    for command in ["SUNIONSTORE", "SINTERSTORE", "SDIFFSTORE"] {
        for one in KEYS {
            steps.push(Step::from(format!("{command} made {one}")));
            steps.push(Step::from("OBJECT ENCODING made"));
            for other in KEYS {
                steps.push(Step::from(format!("{command} made {one} {other} few")));
                steps.push(Step::from("OBJECT ENCODING made"));
            }
            steps.push(Step::from(format!("{command} made {one} few few few few few few wide")));
            steps.push(Step::from("OBJECT ENCODING made"));
        }
    }
    check(&steps);
}

#[test]
fn much_popped_sets_are_packed_anew() {
    let mut steps = fill();
    for (key, count) in [
        ("ints512", 500),
        ("ints513", 500),
        ("ints513", 10),
        ("words128", 100),
        ("words129", 60),
        ("words129", 65),
        ("words1000", 500),
        ("words1000", 490),
    ] {
        steps.push(quiet(format!("SPOP {key} {count}")));
        steps.push(Step::from(format!("OBJECT ENCODING {key}")));
        steps.push(Step::from(format!("SCARD {key}")));
    }
    check(&steps);
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut steps = script!["CONFIG GET set-max-*" => testkit::normalise::SAME_KIND];
    for (name, value) in [
        ("set-max-intset-entries", "4"),
        ("set-max-listpack-entries", "6"),
        ("set-max-listpack-value", "5"),
    ] {
        steps.push(Step::from(format!("CONFIG SET {name} {value}")));
        steps.push(Step::from(format!("CONFIG GET {name}")));
        for wrong in ["-1", "x", "9223372036854775808"] {
            steps.push(Step::from(format!("CONFIG SET {name} {wrong}")));
        }
    }
    for (at, line) in [
        "1 2 3 4",
        "1 2 3 4 5",
        "1 2 3 4 4",
        "1 2 3 4 4 4 4",
        "a",
        "a b c d e f",
        "a b c d e f g",
        "a b c d e f f",
        "abcde",
        "abcdef",
        "123456",
        "1 123456 a",
        "1 12345 a",
        "1 2 3 a 4 5",
        "1 2 3 4 a b",
        "1 2 3 4 a b c",
    ]
    .into_iter()
    .enumerate()
    {
        steps.push(Step::from(format!("SADD k{at} {line}")));
        steps.push(Step::from(format!("OBJECT ENCODING k{at}")));
        for member in line.split(' ') {
            steps.push(Step::from(format!("SADD one{at} {member}")));
            steps.push(Step::from(format!("OBJECT ENCODING one{at}")));
        }
        steps.push(Step::from(format!("SUNIONSTORE u k{at} one0")));
        steps.push(Step::from("OBJECT ENCODING u"));
        steps.push(Step::from(format!("SINTERSTORE u k{at} one0")));
        steps.push(Step::from("OBJECT ENCODING u"));
    }
    check(&steps);
}
