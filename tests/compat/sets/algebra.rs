//! SUNION, SINTER, SDIFF, SINTERCARD and the forms that store.

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{NEWER_ENCODING, UNORDERED};
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill};
use crate::check;

#[test]
fn a_few_sets() {
    check(&script![
        "SADD a 1 2 3 x",
        "SADD b 2 3 4 y",
        "SADD c 3 4 5 x",
        "SET text 1",
        "SUNION",
        "SUNION a" => UNORDERED,
        "SUNION a b c" => UNORDERED,
        "SUNION a a a" => UNORDERED,
        "SUNION none a" => UNORDERED,
        "SUNION none other",
        "SUNION a text none",
        "SUNION none text",
        "SINTER",
        "SINTER a" => UNORDERED,
        "SINTER a b c" => UNORDERED,
        "SINTER a c" => UNORDERED,
        "SINTER a none c",
        "SINTER none a text",
        "SINTER text none",
        "SINTER a a" => UNORDERED,
        "SDIFF",
        "SDIFF a" => UNORDERED,
        "SDIFF a b" => UNORDERED,
        "SDIFF a b c" => UNORDERED,
        "SDIFF b c a" => UNORDERED,
        "SDIFF c b a none" => UNORDERED,
        "SDIFF a a",
        "SDIFF a b a",
        "SDIFF none a",
        "SDIFF none text",
        "SDIFF a none text",
        "SINTERCARD 3 a b c",
        "SINTERCARD 2 a c",
        "SINTERCARD 2 a c LIMIT 1",
        "SINTERCARD 2 a c LIMIT 0",
        "SINTERCARD 2 a c limit 100",
        "SINTERCARD 2 a c LIMIT 1 LIMIT 2",
        "SINTERCARD 2 a none",
        "SINTERCARD 2 none text",
        "SINTERCARD 2 text none LIMIT -1",
        "SINTERCARD 2 a c LIMIT",
        "SINTERCARD 2 a c x",
        "SINTERCARD 2 a c x 1",
        "SINTERCARD 3 a c",
        "SINTERCARD 1 a c",
        "SINTERCARD",
        "SINTERCARD 1",
    ]);
}

#[test]
fn counts_of_sintercard() {
    let mut steps = script!["SADD a 1 2 3 x", "SADD b 2 3"];
    steps.extend(each_with(&["SINTERCARD ? a b", "SINTERCARD 2 a b LIMIT ?"], INTEGERS));
    check(&steps);
}

#[test]
fn storing() {
    check(&script![
        "SADD a 1 2 3 x",
        "SADD b 2 3 4 y",
        "SET text 1",
        "SUNIONSTORE d",
        "SUNIONSTORE d a b",
        "SMEMBERS d" => UNORDERED,
        "SINTERSTORE d a b",
        "SMEMBERS d" => UNORDERED,
        "OBJECT ENCODING d",
        "SDIFFSTORE d a b",
        "SMEMBERS d" => UNORDERED,
        "SDIFFSTORE d a a",
        "EXISTS d",
        "SDIFFSTORE d none a",
        "SUNIONSTORE a a b",
        "SMEMBERS a" => UNORDERED,
        "SINTERSTORE b b b",
        "SMEMBERS b" => UNORDERED,
        "SUNIONSTORE d text a",
        "SUNIONSTORE text a none",
        "TYPE text",
        "SET text 1 EX 1000",
        "SINTERSTORE text a b",
        "TTL text",
        "SET text 1",
        "SINTERSTORE text a none",
        "EXISTS text",
        "SET text 1",
        "SINTERSTORE d none text",
        "SDIFFSTORE d a text",
        "SDIFFSTORE text none",
        "EXISTS text",
        "SUNIONSTORE d none other",
        "SINTERSTORE d none",
        "DEBUG DIGEST",
    ]);
}

#[test]
fn sets_of_every_encoding() {
    let mut steps = fill();
    let keys: Vec<&str> = KEYS.iter().copied().filter(|key| *key != "long20000").collect();
    for (at, one) in keys.iter().enumerate() {
        let (other, third) = (keys[(at + 5) % keys.len()], keys[(at + 8) % keys.len()]);
        for line in ["SUNION ? ?", "SINTER ? ?", "SDIFF ? ?", "SDIFF ? few ?", "SUNION few ? ?"] {
            let line = line.replacen('?', one, 1).replacen('?', other, 1);
            steps.push(Step::from(line).by(&UNORDERED));
        }
        for command in ["SUNIONSTORE", "SINTERSTORE", "SDIFFSTORE"] {
            steps.push(Step::from(format!("{command} made {one} {other} {third}")));
            steps.push(Step::from("OBJECT ENCODING made").by(&NEWER_ENCODING));
            steps.push(Step::from("DEBUG DIGEST-VALUE made"));
        }
        steps.push(Step::from(format!("SINTERCARD 2 {one} {other}")));
        steps.push(Step::from(format!("SINTERCARD 2 {one} {one} LIMIT 100")));
    }
    check(&steps);
}

/// What is subtracted can be so much that another way is taken.
#[test]
fn many_small_sets_are_taken_away() {
    let mut steps = fill();
    let names: Vec<String> = (0..9).map(|number| format!("small{number}")).collect();
    for (number, name) in names.iter().enumerate() {
        steps.push(Step::from(format!("SADD {name} m{number} m{} {number}", number * 20)));
    }
    let names = names.join(" ");
    for key in KEYS {
        steps.push(Step::from(format!("SDIFF {key} {names}")).by(&UNORDERED));
        steps.push(Step::from(format!("SDIFFSTORE made {key} {names}")));
        steps.push(Step::from("DEBUG DIGEST-VALUE made"));
        steps.push(Step::from(format!("SUNION {names} {key}")).by(&UNORDERED));
    }
    check(&steps);
}
