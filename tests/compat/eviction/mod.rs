//! `maxmemory`: who is refused when memory runs out, and who has to go.
//!
//! How much memory is used differs from server to server, so scripts know two limits: none, and one
//! that is exceeded from the start.

mod out_of_memory;
mod policies;

use testkit::{Client, Reply};

/// A number in INFO.
#[track_caller]
fn info(client: &mut Client, field: &str) -> i64 {
    let text = client.line("INFO memory stats").text();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{field}:")));
    line.unwrap_or_else(|| panic!("no {field} in {text}")).parse().expect("a number")
}

/// Sets parameters.
#[track_caller]
fn configure(client: &mut Client, pairs: &[(&str, &str)]) {
    let mut words = vec!["CONFIG", "SET"];
    pairs.iter().for_each(|(name, value)| words.extend([*name, *value]));
    assert_eq!(client.cmd(&words), Reply::ok(), "{words:?}");
}

/// The parameters of this family as they are at the start.
const DEFAULTS: &[(&str, &str)] = &[
    ("maxmemory", "0"),
    ("maxmemory-policy", "noeviction"),
    ("maxmemory-samples", "5"),
    ("maxmemory-eviction-tenacity", "10"),
];
