//! Idle: ten thousand connections that have said PING once and then nothing.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testkit::{Client, Server};

use super::counters;
use super::options::Options;
use super::report::{Report, Row, Table, Target};
use super::subject::{Cores, Subject};
use crate::shell;

/// How many connections are asked for.
const CONNECTIONS: u64 = 10_000;
/// What a process needs open besides them.
const OTHER_FILES: u64 = 200;
/// After this long the last accept is over and done with.
const SETTLE: Duration = Duration::from_secs(1);
/// How long the idle server is watched.
const WATCH: Duration = Duration::from_secs(5);

/// What an idle server costs.
struct Cost {
    /// Percent of one CPU.
    cpu: f64,
    /// Bytes of anonymous memory per connection.
    memory: f64,
}

/// Opens the connections to every server in turn and watches it.
pub(super) fn measure(
    subjects: &[Subject],
    options: &Options,
    report: &mut Report,
) -> Result<(), String> {
    let allowed = raise_file_limit().saturating_sub(OTHER_FILES);
    let count = (CONNECTIONS / options.divisor).min(allowed);
    if count < CONNECTIONS {
        report.notes.push(format!("idle: {count} connections instead of {CONNECTIONS}"));
    }
    let costs: Vec<Cost> = subjects.iter().map(|subject| cost(subject, count)).collect();
    let row = |what: &str, of: fn(&Cost) -> f64, bound: f64| {
        let figures = costs.iter().map(|cost| Some(of(cost))).collect();
        Row { what: what.into(), figures, target: Target::AtMost(bound), spread: 0.0 }
    };
    let rows = vec![
        row("CPU, percent of one core", |cost| cost.cpu, 0.1),
        row("anonymous memory per connection, bytes", |cost| cost.memory, 4096.0),
    ];
    report.tables.push(Table {
        title: format!("Idle with {count} connections"),
        servers: subjects.iter().map(Subject::name).collect(),
        digits: 2,
        more_is_better: false,
        rows,
    });
    Ok(())
}

fn cost(subject: &Subject, count: u64) -> Cost {
    eprintln!("  {}", subject.name());
    let launch = subject.launch(Cores::One).args(["--maxclients", &(count + 100).to_string()]);
    let server = launch.start();
    let empty = counters::memory(server.pid(), "RssAnon");
    let connections: Vec<Client> = (0..count).map(|_| connect(&server)).collect();
    sleep(SETTLE);
    let before = counters::cpu_time(server.pid());
    let begin = Instant::now();
    sleep(WATCH);
    let spent = counters::cpu_time(server.pid()).saturating_sub(before);
    let cpu = spent.as_secs_f64() / begin.elapsed().as_secs_f64() * 100.0;
    let grown = counters::memory(server.pid(), "RssAnon").saturating_sub(empty);
    drop(connections);
    Cost { cpu, memory: grown as f64 / count as f64 }
}

fn connect(server: &Server) -> Client {
    let mut client = server.client();
    client.raw(b"PING\r\n");
    assert_eq!(client.read_reply_raw(), b"+PONG\r\n");
    client
}

/// Asks for as many open files as the hard limit gives, for this process and its children.
fn raise_file_limit() -> u64 {
    let limit = shell::read(Command::new("sh").args(["-c", "ulimit -Hn"]));
    let hard = limit.unwrap_or_default().trim().parse().unwrap_or(1_000_000);
    let wanted = hard.min(4 * CONNECTIONS);
    let pid = std::process::id().to_string();
    let raise = format!("--nofile={wanted}:{hard}");
    // Without the program the soft limit stays, and the next line says what it is.
    let _ = shell::read(Command::new("prlimit").args(["--pid", &pid, &raise]));
    let soft = shell::read(Command::new("sh").args(["-c", "ulimit -Sn"]));
    soft.unwrap_or_default().trim().parse().unwrap_or(1024)
}
