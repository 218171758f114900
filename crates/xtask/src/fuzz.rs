//! `cargo xtask fuzz`: every fuzz target of `tests/fuzz` for a few seconds, or one for longer.
//!
//! The targets are built here with the flags that libFuzzer needs for its coverage, so that a
//! stable compiler is enough and nothing has to be installed. What is found lies in
//! `target/fuzz/TARGET`, and so does the corpus, which the next run continues.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Outcome, shell};

/// Seconds per target where nothing else is asked for.
const SMOKE_SECONDS: u64 = 10;

/// Coverage as libFuzzer reads it, and the assertions that a release build leaves out.
const FLAGS: &str = "--cfg fuzzing -Cdebug-assertions -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

const USAGE: &str = "usage: cargo xtask fuzz [--seconds N] [TARGET...]";

/// Builds the targets and runs those that are named, or all.
pub(crate) fn run(words: &[String]) -> Outcome {
    let mut seconds = SMOKE_SECONDS;
    let mut named = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                seconds = words.next().and_then(|word| word.parse().ok()).ok_or(USAGE)?;
            }
            word if word.starts_with('-') => return Err(USAGE.into()),
            target => named.push(target.to_owned()),
        }
    }
    let all = targets()?;
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        return Err(format!("no target {unknown}; there are {}", all.join(", ")));
    }
    let wanted = if named.is_empty() { all } else { named };
    let folder = shell::root().join("target/fuzz");
    let machine = machine()?;
    build(&folder, &machine)?;
    let built = folder.join(machine).join("release");
    wanted.iter().try_for_each(|target| fuzz(&built.join(target), &folder.join(target), seconds))
}

fn targets() -> Result<Vec<String>, String> {
    let folder = shell::root().join("tests/fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let stems = files.flatten().filter_map(|file| {
        Some(file.file_name().to_string_lossy().strip_suffix(".rs")?.to_owned())
    });
    let mut names: Vec<String> = stems.collect();
    names.sort();
    Ok(names)
}

/// The name of this machine's kind, as the compiler has it.
fn machine() -> Result<String, String> {
    let facts = shell::read(Command::new("rustc").arg("-vV"))?;
    let host = facts.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| format!("rustc does not name its host:\n{facts}"))
}

/// Builds for this machine by name: without the name, build scripts would get the flags too.
fn build(folder: &Path, machine: &str) -> Outcome {
    let mut cargo = shell::cargo();
    cargo
        .args(["build", "--release", "--bins", "--target", machine, "--manifest-path"])
        .arg(shell::root().join("tests/fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(folder)
        .env("RUSTFLAGS", FLAGS)
        // Half the speed, and a third of the time to build.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    shell::run(&mut cargo)
}

/// Runs one target; what it finds lies in its folder.
fn fuzz(executable: &Path, folder: &Path, seconds: u64) -> Outcome {
    let corpus = folder.join("corpus");
    fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
    let mut command = Command::new(executable);
    command
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", folder.display()))
        .args(["-timeout=10", "-print_final_stats=1"]);
    let (passed, output) = shell::listen(&mut command)?;
    if !passed {
        return Err(format!(
            "{output}\n{} fails; what it was given is above",
            executable.display()
        ));
    }
    let count =
        output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("{} runs", count.unwrap_or("unknown number of").trim());
    Ok(())
}
