//! Sorted sets: every command of theirs, at the edges of their encodings.

mod add;
mod algebra;
mod encodings;
mod members;
mod pop;
mod random;
mod ranges;
mod scan;
mod types;

use testkit::script::Step;

/// Lines that fill a key with a sorted set of each encoding, at the sizes where it changes.
fn fill() -> Vec<Step> {
    let mut lines = Vec::new();
    for (key, count) in [("few", 3), ("m128", 128), ("m129", 129), ("m1000", 1000)] {
        lines.push(add(key, count, |number| format!("{} m{number}", number * 7 % 100)));
    }
    lines.push(add("lex", 100, |number| format!("0 m{number}")));
    lines.push(add("lexlarge", 700, |number| format!("0 m{number}")));
    for (key, length) in [("short64", 64), ("long65", 65), ("long20000", 20_000)] {
        lines.push(format!("ZADD {key} 1 x 2.5 {}", "y".repeat(length)));
    }
    lines.push("ZADD odd 1 \"\" -0 \"\\x00\\r\\n\" inf 007 -inf +1 1e17 -0 0.1 1.0 3 7".to_owned());
    lines.push(add("equal", 300, |number| format!("{} x{number}", number % 2)));
    lines.push("SADD set m1 m2 m3 7 x".to_owned());
    lines.push("SADD ints 1 2 3 7".to_owned());
    lines.push("SET text hello".to_owned());
    lines.into_iter().map(Step::from).collect()
}

/// The sorted sets that [`fill`] makes.
const ZSETS: &[&str] = &[
    "few",
    "m128",
    "m129",
    "m1000",
    "lex",
    "lexlarge",
    "short64",
    "long65",
    "long20000",
    "odd",
    "equal",
];

/// Other keys: sets, a string, and one that [`fill`] does not make.
const OTHERS: &[&str] = &["set", "ints", "text", "none"];

fn add(key: &str, count: i64, pair: impl Fn(i64) -> String) -> String {
    let pairs: Vec<String> = (0..count).map(pair).collect();
    format!("ZADD {key} {}", pairs.join(" "))
}

/// The same line for each of the keys in the place of its `?`s.
fn each_key(keys: &[&str], lines: &[&str]) -> Vec<Step> {
    let lines = keys.iter().flat_map(|key| lines.iter().map(move |line| line.replace('?', key)));
    lines.map(Step::from).collect()
}
