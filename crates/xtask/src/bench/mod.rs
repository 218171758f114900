//! `cargo xtask bench`: Shoal and the packaged peers side by side, on this machine, now.
//!
//! Absolute figures mean nothing on shared machines, so every figure is a ratio to the best peer
//! of the same run, and the runs alternate: each workload goes to every server in turn before the
//! next one begins, and all of it in rounds. The figure that counts is the *server's* CPU time per
//! command; throughput and latency are those of `redis-benchmark`, which is the bottleneck on
//! small machines.
//!
//! Not here: benches of parts of the house (`benches/`, criterion).

mod counters;
mod hits;
mod idle;
mod instructions;
mod load;
mod machine;
mod memory;
mod options;
mod plot;
mod report;
mod speed;
mod subject;
mod waves;
mod zipf;

use options::{Options, Section};
use report::Report;

use crate::{Outcome, peers};

/// Measures what the options ask for and prints the report.
pub(crate) fn run(words: &[String]) -> Outcome {
    let options = Options::parse(words)?;
    peers::oracle()?;
    if options.peers {
        peers::newer()?;
    }
    let subjects = subject::all(&options)?;
    let before = machine::Before::watch();
    let mut report = Report::default();
    for section in &options.sections {
        eprintln!("measuring {}", section.name());
        match section {
            Section::Speed => speed::measure(&subjects, &options, &mut report)?,
            Section::Instructions => instructions::measure(&subjects, &options, &mut report)?,
            Section::Memory => memory::measure(&subjects, &options, &mut report)?,
            Section::Hits => hits::measure(&subjects, &options, &mut report)?,
            Section::Idle => idle::measure(&subjects, &options, &mut report)?,
        }
    }
    report.machine = machine::facts(&before);
    let text = report.to_markdown();
    println!("{text}");
    let file = crate::shell::root().join("target/bench.md");
    std::fs::write(&file, &text).map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("the report is in {}", file.display());
    Ok(())
}
