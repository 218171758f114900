//! The chores: `cargo xtask TASK` tests, measures and tidies.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "chores run on a desk: they read the clock, wait for processes and talk to people"
)]

mod bench;
mod build;
mod docs;
mod fuzz;
mod packages;
mod peers;
mod shell;
mod soak;
mod test;
mod tidy;

use std::process::ExitCode;

/// What a task returns: an error is one message for the person who started it.
type Outcome = Result<(), String>;

/// A task: its name, what it does, and the function that does it.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
}

const TASKS: &[Task] = &[
    Task { name: "test", about: "all that must hold: lints, tidy, tests", run: |_| test::run() },
    Task { name: "tidy", about: "check the laws of the house", run: |_| tidy::run() },
    Task {
        name: "oracle",
        about: "fetch Redis 7.0.15, the server that tests compare with, into target/oracle",
        run: |_| peers::oracle(),
    },
    Task {
        name: "peers",
        about: "fetch Redis 8.0 and Valkey 9.1, for tests and benches, into target/peers",
        run: |_| peers::newer(),
    },
    Task {
        name: "bench",
        about: "measure Shoal beside its peers (--help says more)",
        run: bench::run,
    },
    Task { name: "fuzz", about: "the fuzz targets, ten seconds each", run: fuzz::run },
    Task {
        name: "soak",
        about: "random scripts, or crowds (soak linear), for minutes",
        run: soak::run,
    },
    Task { name: "docs", about: "print the page of all commands", run: docs::run },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let named = words.first().and_then(|name| TASKS.iter().find(|task| task.name == name));
    let Some(task) = named else {
        eprintln!("usage: cargo xtask TASK\n");
        for task in TASKS {
            eprintln!("  {:8} {}", task.name, task.about);
        }
        return ExitCode::from(2);
    };
    match (task.run)(&words[1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask {}: {message}", task.name);
            ExitCode::FAILURE
        }
    }
}
