//! Sets: every command of theirs, at the edges of their encodings.

mod algebra;
mod encodings;
mod members;
mod random;
mod scan;

use testkit::script::Step;

/// Lines that fill a key with a set of each encoding, at the sizes where it changes.
fn fill() -> Vec<Step> {
    let mut lines = Vec::new();
    for (key, count) in [("few", 3), ("ints512", 512), ("ints513", 513)] {
        lines.push(add(key, count, |number| (number * 3 - 100).to_string()));
    }
    for (key, count) in [("words128", 128), ("words129", 129), ("words1000", 1000)] {
        lines.push(add(key, count, |number| format!("m{number}")));
    }
    for (key, length) in [("short64", 64), ("long65", 65), ("long20000", 20_000)] {
        lines.push(format!("SADD {key} 1 x {}", "y".repeat(length)));
    }
    lines.push("SADD wide -9223372036854775808 9223372036854775807 40000 -1".to_owned());
    lines.push("SADD odd \"\" \"\\x00\\r\\n\" 007 +1 -0 1.0 \" 1\" 7".to_owned());
    lines.push("SET text hello".to_owned());
    lines.into_iter().map(Step::from).collect()
}

/// All keys that [`fill`] makes, and one that it does not.
const KEYS: &[&str] = &[
    "few",
    "ints512",
    "ints513",
    "words128",
    "words129",
    "words1000",
    "short64",
    "long65",
    "long20000",
    "wide",
    "odd",
    "text",
    "none",
];

fn add(key: &str, count: i64, member: impl Fn(i64) -> String) -> String {
    let members: Vec<String> = (0..count).map(member).collect();
    format!("SADD {key} {}", members.join(" "))
}
