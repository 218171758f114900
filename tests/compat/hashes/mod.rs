//! Hashes: every command of theirs, at the edges of their encodings.

mod counters;
mod encodings;
pub(crate) mod expiring;
mod fields;
mod random;
mod scan;

use testkit::script::Step;

/// Lines that fill a key with a hash of each encoding, at the sizes where it changes.
fn fill() -> Vec<Step> {
    let mut lines = Vec::new();
    for (key, count) in [("few", 3), ("many512", 512), ("many513", 513), ("many2000", 2000)] {
        let pair = |number: i64| format!("f{number} {}", number * 7 - 100);
        let pairs: Vec<String> = (0..count).map(pair).collect();
        lines.push(format!("HSET {key} {}", pairs.join(" ")));
    }
    for (key, length) in [("short64", 64), ("long65", 65), ("long20000", 20_000)] {
        lines.push(format!("HSET {key} 1 x y {}", "y".repeat(length)));
        lines.push(format!("HSET {key}name 1 x {} y", "y".repeat(length)));
    }
    let long = "z".repeat(60);
    let pairs: Vec<String> = (0..40).map(|number| format!("f{number} {long}")).collect();
    lines.push(format!("HSET inside {} last x", pairs[..12].join(" ")));
    lines.push(format!("HSET outside {}", pairs.join(" ")));
    lines.push("HSET wide -9223372036854775808 9223372036854775807 40000 -1".to_owned());
    lines.push(
        "HSET odd \"\" \"\" \"\\x00\\r\\n\" 007 007 +1 +1 -0 -0 1.0 \" 1\" 1 7 \" 1\"".to_owned(),
    );
    lines.push("SET text hello".to_owned());
    lines.into_iter().map(Step::from).collect()
}

/// All keys that [`fill`] makes, and one that it does not.
const KEYS: &[&str] = &[
    "few",
    "many512",
    "many513",
    "many2000",
    "short64",
    "short64name",
    "long65",
    "long65name",
    "long20000",
    "long20000name",
    "inside",
    "outside",
    "wide",
    "odd",
    "text",
    "none",
];
