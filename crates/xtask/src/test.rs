//! `cargo xtask test`: everything that must hold before a change is done, in the order of its cost.

use std::process::Command;

use crate::{Outcome, fuzz, peers, shell, tidy};

/// A step: what it does, in words, and how.
type Step = (&'static str, fn() -> Outcome);

const STEPS: &[Step] = &[
    ("the formatting", formatting),
    ("the lints", lints),
    ("the laws of the house", tidy::run),
    ("the oracle, fetched if it is missing", peers::oracle),
    ("the newer servers, fetched if they are missing", peers::newer),
    ("the tests", tests),
    ("the examples in the documentation", examples),
    ("the benches, tiny", benches),
    ("the fuzz targets, ten seconds each", fuzzing),
];

/// Runs all steps and stops at the first that fails.
pub(crate) fn run() -> Outcome {
    for (number, (what, step)) in STEPS.iter().enumerate() {
        println!("\n[{}/{}] {what}", number + 1, STEPS.len());
        step()?;
    }
    println!("\nall is well");
    Ok(())
}

fn formatting() -> Outcome {
    shell::run(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    shell::run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// nextest ends a test that hangs; without it the same tests run under cargo's own runner.
fn tests() -> Outcome {
    if shell::has("cargo-nextest") {
        return shell::run(cargo().args(["nextest", "run", "--workspace", "--no-fail-fast"]));
    }
    println!("cargo-nextest is not installed: a test that hangs will hang");
    shell::run(cargo().args([
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--no-fail-fast",
    ]))
}

fn examples() -> Outcome {
    shell::run(cargo().args(["test", "--workspace", "--doc"]))
}

fn benches() -> Outcome {
    let files = std::fs::read_dir(shell::root().join("benches")).into_iter().flatten().flatten();
    let any =
        files.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|e| e == "rs"));
    if !any {
        println!("no file benches/*.rs");
        return Ok(());
    }
    shell::run(cargo().args(["test", "--bench", "*"]))
}

fn fuzzing() -> Outcome {
    fuzz::run(&[])
}

fn cargo() -> Command {
    let mut cargo = shell::cargo();
    cargo.current_dir(shell::root());
    cargo
}
