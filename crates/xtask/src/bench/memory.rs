//! Memory: resident bytes per entry of 16-byte keys and 16-byte values.
//!
//! The figure is what the process grew by since it started, divided by the number of keys: the
//! table, the entries, and whatever an allocator keeps for itself.

use super::load::fill_range;
use super::options::Options;
use super::report::{Report, Row, Table, Target};
use super::subject::{Cores, Subject};
use super::{counters, report};

/// Where a growing table is looked at: right after it has doubled, and on the way to the next time.
const STEPS: [u64; 5] = [1_000_000, 1_250_000, 1_500_000, 1_750_000, 2_000_000];

/// Fills every server step by step, and once more with a TTL on every key.
pub(super) fn measure(
    subjects: &[Subject],
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    let mut plain = Vec::new();
    let mut volatile = Vec::new();
    for subject in subjects {
        eprintln!("  {}", subject.name());
        plain.push(bytes_per_entry(subject, options.divisor, &STEPS, ""));
        volatile.push(bytes_per_entry(subject, options.divisor, &STEPS[4..], "EX 100000"));
    }
    let mut rows = Vec::new();
    for (step, keys) in STEPS.iter().enumerate() {
        let bound = if step == 4 { 64.0 } else { 72.0 };
        rows.push(row(&format!("{} keys", keys / options.divisor), &plain, step, bound));
    }
    let keys = STEPS[4] / options.divisor;
    rows.push(row(&format!("{keys} keys, each with a TTL"), &volatile, 0, 72.0));
    report.tables.push(Table {
        title: "Resident bytes per entry, 16-byte keys and values".into(),
        servers: subjects.iter().map(Subject::name).collect(),
        digits: 1,
        more_is_better: false,
        rows,
    });
    if options.divisor != 1 {
        report.notes.push("bytes per entry: targets are for the whole number of keys".into());
    }
    Ok(())
}

fn row(what: &str, figures: &[Vec<f64>], step: usize, bound: f64) -> report::Row {
    let figures = figures.iter().map(|steps| steps.get(step).copied()).collect();
    Row { what: what.into(), figures, target: Target::AtMost(bound), spread: 0.0 }
}

/// The bytes per entry at each of these numbers of keys.
fn bytes_per_entry(subject: &Subject, divisor: u64, steps: &[u64], suffix: &str) -> Vec<f64> {
    let server = subject.start(Cores::One);
    let mut client = server.client();
    let empty = counters::memory(server.pid(), "VmRSS");
    let mut filled = 0;
    let figures = steps.iter().map(|step| {
        let keys = step / divisor;
        fill_range(&mut client, filled..keys, suffix);
        filled = keys;
        let grown = counters::memory(server.pid(), "VmRSS").saturating_sub(empty);
        grown as f64 / keys as f64
    });
    figures.collect()
}
