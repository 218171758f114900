//! Bitmaps: every command of theirs, at the edges of bytes, words and strings.

mod fields;
mod operations;
mod ranges;
mod single;

use testkit::normalise::NEWER_ENCODING;
use testkit::script::Step;

/// Strings of all kinds: numbers, short and long ones, of zeros and of ones, and none.
const KEYS: &[&str] = &[
    "number", "negative", "empty", "short", "ones", "zeros", "ones300", "zeros300", "mixed", "big",
    "list", "none",
];

/// Lines that make all keys but the last.
fn fill() -> Vec<Step> {
    let mut lines: Vec<Step> = [
        "SET number 1234567",
        "SET negative -9",
        "SET empty \"\"",
        "SET short \"\\x01\\x80\"",
        "SET ones \"\\xff\\xff\\xff\"",
        "SET zeros \"\\x00\\x00\\x00\"",
        "SETRANGE zeros300 299 \"\\x00\"",
        "BITOP NOT ones300 zeros300",
        "SETRANGE mixed 150 \"\\x00\\xff\\x0f\\xff\\xff\\xf0\"",
        "RPUSH list a",
    ]
    .map(Step::from)
    .into();
    let big: Vec<u8> = (0..40_000_u32).map(|at| ((at * at) >> 7) as u8).collect();
    lines.push(Step::words(&[b"SET", &b"big"[..], &big]));
    lines
}

/// Every line with every key in the place of `?`.
fn for_all_keys(lines: &[&str]) -> Vec<Step> {
    let with = |key: &&str| {
        let key = (*key).to_owned();
        lines.iter().map(move |line| {
            let step = Step::from(line.replace('?', &key));
            if line.starts_with("OBJECT") { step.by(&NEWER_ENCODING) } else { step }
        })
    };
    KEYS.iter().flat_map(with).collect()
}
