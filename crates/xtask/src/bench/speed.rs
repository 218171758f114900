//! Speed: CPU per command, throughput and latency under `redis-benchmark`.
//!
//! All servers of a round are alive at the same time and idle but for the one under load, so that
//! the runs that are compared lie seconds apart, not minutes.

use testkit::Server;

use super::load::{self, Ask, Load, SETS, Seen};
use super::options::Options;
use super::report::{Report, Row, Table, Target, best};
use super::subject::{Cores, Subject};
use super::{counters, report};

use Target::{RatioAtLeast, RatioAtMost, Shown};

/// How many keys the commands spread over.
const KEYS: u64 = 100_000;

/// A load on certain cores and what is asked of it.
struct Workload {
    name: &'static str,
    load: Load,
    cores: Cores,
    cpu: Target,
    throughput: Target,
    p50: Target,
}

const fn workload(name: &'static str, shape: (u32, u32), requests: u64, cpu: f64) -> Workload {
    let (clients, pipeline) = shape;
    let load = Load { ask: Ask::Test(name), clients, pipeline, requests, keys: KEYS };
    let cpu = RatioAtMost(cpu);
    Workload { name, load, cores: Cores::One, cpu, throughput: Shown, p50: Shown }
}

/// A command with several keys, on 50 connections.
const fn many(name: &'static str, ask: Ask, pipeline: u32, cpu: f64) -> Workload {
    let requests = if pipeline == 1 { 100_000 } else { 200_000 };
    let mut workload = workload(name, (50, pipeline), requests, cpu);
    workload.load.ask = ask;
    workload
}

const fn on_two_cores(mut workload: Workload) -> Workload {
    workload.cores = Cores::Two;
    workload
}

const fn in_order(mut workload: Workload) -> Workload {
    workload.cores = Cores::TwoStrict;
    workload
}

const fn faster(mut workload: Workload, times: f64) -> Workload {
    workload.throughput = RatioAtLeast(times);
    workload
}

const fn no_later(mut workload: Workload) -> Workload {
    // A microsecond of rounding in 25 is no difference.
    workload.p50 = RatioAtMost(1.05);
    workload
}

const MSET: Ask = Ask::Test("mset");
const MGET: Ask = Ask::Words(&[
    "MGET",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
    "key:__rand_int__",
]);
const SUNION: Ask = Ask::Words(&["SUNION", SETS[0], SETS[1]]);

const WORKLOADS: &[Workload] = &[
    workload("set", (50, 1), 200_000, 0.90),
    workload("get", (50, 1), 200_000, 0.90),
    workload("set", (50, 16), 2_000_000, 0.80),
    workload("get", (50, 16), 2_000_000, 0.95),
    faster(workload("set", (50, 64), 4_000_000, 0.55), 1.6),
    faster(workload("get", (50, 64), 4_000_000, 0.75), 1.6),
    no_later(workload("set", (1, 1), 60_000, 0.90)),
    no_later(workload("get", (1, 1), 60_000, 0.90)),
    on_two_cores(workload("set", (50, 1), 200_000, 1.30)),
    on_two_cores(workload("get", (50, 1), 200_000, 1.30)),
    on_two_cores(workload("set", (50, 16), 2_000_000, 0.80)),
    on_two_cores(workload("get", (50, 16), 2_000_000, 0.80)),
    on_two_cores(workload("set", (50, 64), 4_000_000, 0.50)),
    on_two_cores(workload("get", (50, 64), 4_000_000, 0.50)),
    in_order(workload("set", (50, 16), 2_000_000, 1.00)),
    in_order(workload("get", (50, 16), 2_000_000, 1.00)),
    in_order(workload("set", (50, 64), 4_000_000, 0.65)),
    in_order(workload("get", (50, 64), 4_000_000, 0.65)),
    many("mset of 10 keys", MSET, 1, 0.90),
    many("mget of 10 keys", MGET, 1, 0.90),
    many("sunion of 2 x 100", SUNION, 1, 0.90),
    many("exec of 4 sets", Ask::Exec, 1, 0.90),
    many("mset of 10 keys", MSET, 16, 0.90),
    many("mget of 10 keys", MGET, 16, 0.90),
    many("sunion of 2 x 100", SUNION, 16, 0.90),
    many("exec of 4 sets", Ask::Exec, 16, 0.90),
    on_two_cores(many("mset of 10 keys", MSET, 1, 1.00)),
    on_two_cores(many("mget of 10 keys", MGET, 1, 1.00)),
    on_two_cores(many("sunion of 2 x 100", SUNION, 1, 1.20)),
    on_two_cores(many("exec of 4 sets", Ask::Exec, 1, 1.30)),
    on_two_cores(many("mset of 10 keys", MSET, 16, 1.00)),
    on_two_cores(many("mget of 10 keys", MGET, 16, 1.00)),
    on_two_cores(many("sunion of 2 x 100", SUNION, 16, 1.20)),
    on_two_cores(many("exec of 4 sets", Ask::Exec, 16, 1.30)),
];

impl Workload {
    fn name(&self) -> String {
        let Load { clients, pipeline, .. } = self.load;
        let place = match self.cores {
            Cores::One => "1 core",
            Cores::Two => "2 shards on 2 cores, relaxed",
            Cores::TwoStrict => "2 shards on 2 cores, strict",
        };
        format!("{place}, {}, c={clients} P={pipeline}", self.name.to_uppercase())
    }
}

/// What one run of one workload on one server showed.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// Microseconds of the server's CPU time per command.
    cpu: f64,
    seen: Seen,
}

/// Runs every workload on every server, in rounds, and adds the tables.
pub(super) fn measure(
    subjects: &[Subject],
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    let mut samples: Vec<Vec<Vec<Sample>>> =
        vec![vec![Vec::new(); subjects.len()]; WORKLOADS.len()];
    for round in 1..=options.rounds {
        for cores in [Cores::One, Cores::Two, Cores::TwoStrict] {
            let servers: Vec<Server> =
                subjects.iter().map(|subject| subject.start(cores)).collect();
            servers.iter().for_each(|server| load::fill(server, KEYS));
            for (workload, samples) in WORKLOADS.iter().zip(&mut samples) {
                if workload.cores != cores {
                    continue;
                }
                eprintln!("  round {round}: {}", workload.name());
                for (server, samples) in servers.iter().zip(samples) {
                    samples.push(run(workload, server, options.divisor)?);
                }
            }
        }
    }
    report.tables.extend(tables(subjects, &samples));
    Ok(())
}

fn run(workload: &Workload, server: &Server, divisor: u64) -> Result<Sample, String> {
    let load = Load { requests: workload.load.requests / divisor, ..workload.load };
    let before = counters::cpu_time(server.pid());
    let seen = load.run(server, workload.cores)?;
    let spent = counters::cpu_time(server.pid()).saturating_sub(before);
    Ok(Sample { cpu: spent.as_secs_f64() * 1e6 / load.requests as f64, seen })
}

/// One kind of figure: its title, digits, how to get it, whose target it has.
struct Figure {
    title: &'static str,
    digits: usize,
    more_is_better: bool,
    of: fn(&Sample) -> f64,
    target: fn(&Workload) -> Target,
}

const FIGURES: &[Figure] = &[
    Figure {
        title: "Server CPU per command, microseconds",
        digits: 2,
        more_is_better: false,
        of: |sample| sample.cpu,
        target: |workload| workload.cpu,
    },
    Figure {
        title: "Throughput, 1000 commands per second",
        digits: 0,
        more_is_better: true,
        of: |sample| sample.seen.throughput / 1000.0,
        target: |workload| workload.throughput,
    },
    Figure {
        title: "p50, milliseconds",
        digits: 3,
        more_is_better: false,
        of: |sample| sample.seen.p50,
        target: |workload| workload.p50,
    },
    Figure {
        title: "p99, milliseconds",
        digits: 3,
        more_is_better: false,
        of: |sample| sample.seen.p99,
        target: |_| Shown,
    },
    Figure {
        title: "p99.9, milliseconds",
        digits: 3,
        more_is_better: false,
        of: |sample| sample.seen.p999,
        target: |_| Shown,
    },
];

fn tables(subjects: &[Subject], samples: &[Vec<Vec<Sample>>]) -> Vec<Table> {
    let servers: Vec<_> = subjects.iter().map(Subject::name).collect();
    let tables = FIGURES.iter().map(|figure| Table {
        title: figure.title.into(),
        servers: servers.clone(),
        digits: figure.digits,
        more_is_better: figure.more_is_better,
        rows: WORKLOADS.iter().zip(samples).map(|(w, samples)| row(figure, w, samples)).collect(),
    });
    tables.collect()
}

fn row(figure: &Figure, workload: &Workload, samples: &[Vec<Sample>]) -> report::Row {
    let rounds = samples.iter().map(|samples| {
        let rounds: Vec<f64> = samples.iter().map(figure.of).collect();
        best(&rounds, figure.more_is_better)
    });
    let (figures, spreads): (Vec<_>, Vec<_>) = rounds.unzip();
    let target = (figure.target)(workload);
    // Latencies are coarse and shown only; what is judged must hold still.
    let judged = target != Shown;
    let spread = if judged { spreads.into_iter().fold(0.0, f64::max) } else { 0.0 };
    Row { what: workload.name(), figures, target, spread }
}
