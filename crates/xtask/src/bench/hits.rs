//! Hit ratio: how often a cache of limited memory has what is asked for.
//!
//! The client does what a cache's client does: it asks for a key, and sets it if it is not there.
//! All servers have the same `maxmemory`, the same samples, and the same requests, drawn from a
//! seed. Which keys are asked for follows Zipf's law; in the mixed workloads every fourth batch
//! walks through keys that nobody asks for again, as a report or a crawler does.

use std::fmt::Write as _;

use testkit::{Client, Reply};

use super::options::Options;
use super::report::{Report, Row, Table, Target};
use super::subject::{Cores, Subject};
use super::zipf::Zipf;

/// Keys that may be asked for.
const KEYS: usize = 200_000;

/// Bytes of a value.
const VALUE: usize = 100;

/// What a server may use.
const MAXMEMORY: &str = "8mb";

/// Requests of a workload; those of the first part only warm the cache.
const REQUESTS: u64 = 1_200_000;
const WARM: u64 = 400_000;

/// Requests that travel together.
const BATCH: usize = 100;

/// Of so many batches one is a scan.
const SCAN_EVERY: u64 = 4;

const POLICIES: [&str; 3] = ["allkeys-lru", "allkeys-lfu", "allkeys-random"];

/// A workload: the exponent of Zipf's law, and whether scans are mixed in.
const WORKLOADS: [(f64, bool); 4] = [(0.9, false), (1.2, false), (0.9, true), (1.2, true)];

/// Lets every server be a cache, and draws what came of it.
pub(super) fn measure(
    subjects: &[Subject],
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    let mut rows = Vec::new();
    for (exponent, with_scans) in WORKLOADS {
        let zipf = Zipf::new(KEYS, exponent);
        for policy in POLICIES {
            let what = name(exponent, with_scans, policy);
            eprintln!("  {what}");
            let ratio = |subject| Some(hit_ratio(subject, policy, &zipf, with_scans, options));
            let figures = subjects.iter().map(ratio).collect();
            // Chance has no better or worse: it shows what memory alone is worth.
            let target = match policy {
                "allkeys-random" => Target::Shown,
                _ => Target::RatioAtLeast(1.0),
            };
            rows.push(Row { what, figures, target, spread: 0.0 });
        }
    }
    let table = Table {
        title: format!("Hits, percent: {KEYS} keys of {VALUE} bytes, maxmemory {MAXMEMORY}"),
        servers: subjects.iter().map(Subject::name).collect(),
        digits: 2,
        more_is_better: true,
        rows,
    };
    let file = crate::shell::root().join("target/hits.svg");
    std::fs::write(&file, super::plot::bars(&table))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("the plot is in {}", file.display());
    report.tables.push(table);
    Ok(())
}

fn name(exponent: f64, with_scans: bool, policy: &str) -> String {
    let mut name = format!("zipf {exponent}");
    if with_scans {
        name.push_str(" and scans");
    }
    let _ = write!(name, ", {policy}");
    name
}

/// The share of requests for keys of the law that were hits, in percent.
fn hit_ratio(
    subject: &Subject,
    policy: &str,
    zipf: &Zipf,
    with_scans: bool,
    options: &Options,
) -> f64 {
    let server = subject.start(Cores::One);
    let mut client = server.client();
    for (name, value) in [("maxmemory", MAXMEMORY), ("maxmemory-policy", policy)] {
        let reply = client.cmd(&["CONFIG", "SET", name, value]);
        assert_eq!(reply, Reply::ok(), "{name}");
    }
    let value = "v".repeat(VALUE);
    let (requests, warm) = (REQUESTS / options.divisor, WARM / options.divisor);
    let (mut asked, mut hits, mut scanned) = (0, 0, 0);
    let mut draws = zipf.draws(1);
    let mut done = 0;
    for batch in 0.. {
        if done >= requests {
            break;
        }
        let is_scan = with_scans && batch % SCAN_EVERY == 0;
        let keys: Vec<String> = if is_scan {
            scanned += BATCH;
            (scanned - BATCH..scanned).map(|key| format!("scanned:{key}")).collect()
        } else {
            draws.by_ref().take(BATCH).map(|key| format!("key:{key}")).collect()
        };
        let found = ask(&mut client, &keys, &value);
        done += BATCH as u64;
        if !is_scan && done > warm {
            asked += BATCH;
            hits += found;
        }
    }
    hits as f64 * 100.0 / asked as f64
}

/// Asks for keys and sets those that are not there. Answers how many are.
fn ask(client: &mut Client, keys: &[String], value: &str) -> usize {
    let gets: Vec<String> = keys.iter().map(|key| format!("GET {key}")).collect();
    let there: Vec<bool> =
        client.pipeline(&gets).iter().map(|reply| *reply != Reply::Nil).collect();
    let missing = keys.iter().zip(&there).filter(|(_, is_there)| !**is_there);
    let sets: Vec<String> = missing.map(|(key, _)| format!("SET {key} {value}")).collect();
    for reply in client.pipeline(&sets) {
        assert_eq!(reply, Reply::ok());
    }
    there.iter().filter(|is_there| **is_there).count()
}
