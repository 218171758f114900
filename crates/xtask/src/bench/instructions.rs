//! Instructions: how many a command takes in user space, counted by callgrind.
//!
//! A server is run twice, with N and with 2 N commands; the difference is what N commands cost,
//! without start and end. Shoal runs on its epoll runtime, because valgrind knows no io_uring.

use testkit::Server;

use super::load::{self, Ask, Load};
use super::options::Options;
use super::report::{Report, Row, Table, Target};
use super::subject::{Cores, Subject};
use crate::shell;

/// Commands in the shorter run.
const COMMANDS: u64 = 50_000;
/// The keys they are spread over: few, because filling is counted too.
const KEYS: u64 = 10_000;
/// What is counted and what Shoal may take.
const WORKLOADS: [(&str, f64); 2] = [("set", 1300.0), ("get", 900.0)];

/// Counts for every server, if valgrind is here.
pub(super) fn measure(
    subjects: &[Subject],
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    if !shell::has("valgrind") {
        report.notes.push("instructions: valgrind is not installed".into());
        return Ok(());
    }
    let commands = COMMANDS / options.divisor;
    let mut rows = Vec::new();
    for (command, bound) in WORKLOADS {
        let what = format!("{}, c=50 P=16", command.to_uppercase());
        eprintln!("  {what}");
        let counts = subjects.iter().map(|subject| per_command(subject, command, commands));
        let figures = counts.collect::<Result<Vec<_>, String>>()?;
        let figures = figures.into_iter().map(Some).collect();
        rows.push(Row { what, figures, target: Target::AtMost(bound), spread: 0.0 });
    }
    report.tables.push(Table {
        title: "User-space instructions per command".into(),
        servers: subjects.iter().map(Subject::name).collect(),
        digits: 0,
        more_is_better: false,
        rows,
    });
    Ok(())
}

fn per_command(subject: &Subject, command: &'static str, count: u64) -> Result<f64, String> {
    let once = collected(subject, command, count)?;
    let twice = collected(subject, command, 2 * count)?;
    Ok(twice.saturating_sub(once) as f64 / count as f64)
}

/// All instructions of one run with this many commands.
fn collected(subject: &Subject, command: &'static str, requests: u64) -> Result<u64, String> {
    let subject = match subject {
        Subject::Shoal(executable, _) => Subject::Shoal(executable.clone(), "epoll".into()),
        peer => peer.clone(),
    };
    let counted =
        ["valgrind", "--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"];
    let mut server = subject.launch(Cores::One).through(counted).start();
    // The keys that are read must exist, in both runs alike.
    load::fill(&server, KEYS);
    let load = Load { ask: Ask::Test(command), clients: 50, pipeline: 16, requests, keys: KEYS };
    load.run(&server, Cores::Two)?;
    server.client().send(&["SHUTDOWN", "NOSAVE"]);
    server.wait();
    sum(&server).ok_or_else(|| format!("callgrind said:\n{}", server.output()))
}

/// The sum that callgrind prints at the end of the process it counted.
fn sum(server: &Server) -> Option<u64> {
    let output = server.output();
    let counts = output.lines().filter_map(|line| line.split_once("Collected : "));
    counts.filter_map(|(_, count)| count.trim().parse().ok()).max()
}
