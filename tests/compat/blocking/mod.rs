//! Commands that wait, as several connections see them.
//!
//! A connection is known to wait when INFO counts it ([`blocked`]).

mod clients;
mod forms;
mod served;
mod sorted_sets;
mod timeouts;

use testkit::script::Step;

use crate::check;

/// Waits until so many clients are blocked.
fn blocked(clients: usize) -> Step {
    Step::line(&format!("INFO clients ?= blocked_clients:{clients}"))
}

/// Plays the script once nobody is left who was blocked by another one. It is played with keys
/// that may be anywhere, and with keys that are on one shard: `K:` in a line becomes `k` or `{k}`.
#[track_caller]
fn check_everywhere(script: &[&str]) {
    for prefix in ["k", "{k}"] {
        let mut steps = vec![blocked(0)];
        for line in script {
            match line.strip_prefix("blocked ") {
                Some(clients) => steps.push(blocked(clients.parse().expect("a number"))),
                None => steps.push(Step::line(&line.replace("K:", prefix))),
            }
        }
        steps.push(Step::line("DBSIZE"));
        check(&steps);
    }
}
