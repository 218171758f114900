//! Load: `redis-benchmark` for the figures, and a loader of our own that fills a server with keys.

use std::fmt::Write as _;
use std::process::Command;

use testkit::oracle::Packaged;
use testkit::{Client, Server};

use super::subject::Cores;
use super::{machine, waves};
use crate::shell;

/// A load generator whose server has died may never end.
const PATIENCE_SECONDS: &str = "120";
/// Two sets of 100 members, half of which they share. Their slots are 5061 and 12182, so that of
/// two shards each has one.
pub(super) const SETS: [&str; 2] = ["bar", "foo"];
/// Commands in one write of the loader.
const BATCH: u64 = 1000;

/// What is asked of a server.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ask {
    /// One of the tests of `redis-benchmark`.
    Test(&'static str),
    /// A command of these words, with a random key wherever one says `__rand_int__`.
    Words(&'static [&'static str]),
    /// MULTI, four SETs of random keys, EXEC, by a loader of our own; it counts as one command.
    Exec,
}

/// What a load generator is asked to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    /// Which command.
    pub(super) ask: Ask,
    /// Connections.
    pub(super) clients: u32,
    /// Commands sent at once by each.
    pub(super) pipeline: u32,
    /// Commands in all.
    pub(super) requests: u64,
    /// Keys they are spread over.
    pub(super) keys: u64,
}

/// What `redis-benchmark` saw, times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Seen {
    /// Commands per second.
    pub(super) throughput: f64,
    pub(super) p50: f64,
    pub(super) p99: f64,
    pub(super) p999: f64,
}

impl Load {
    /// Runs it against the server.
    pub(super) fn run(&self, server: &Server, cores: Cores) -> Result<Seen, String> {
        if let Ask::Exec = self.ask {
            return Ok(waves::run(self, server));
        }
        let mut command = Command::new("timeout");
        command.arg(PATIENCE_SECONDS);
        if cores == Cores::One && machine::can_pin() {
            command.args(["taskset", "-c", "1"]);
        }
        let benchmark = Packaged::Oracle.command("redis-benchmark");
        command.arg(benchmark.get_program()).args(benchmark.get_args());
        command
            .args(["-h", "127.0.0.1", "-p", &server.address().port().to_string()])
            .args(["-d", "16", "--precision", "3"])
            .args(["-r", &self.keys.to_string(), "-n", &self.requests.to_string()])
            .args(["-c", &self.clients.to_string(), "-P", &self.pipeline.to_string()]);
        match self.ask {
            Ask::Test(name) => command.args(["-t", name]),
            Ask::Words(words) => command.args(words),
            Ask::Exec => unreachable!("it has a loader of its own"),
        };
        let text = shell::read(&mut command)?;
        parse(&text).ok_or_else(|| format!("redis-benchmark said:\n{text}"))
    }
}

fn parse(text: &str) -> Option<Seen> {
    let throughput = text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("throughput summary:")?;
        rest.split_whitespace().next()?.parse().ok()
    })?;
    // Of the two lists of latencies, the one by percentile comes first.
    let list = text.split("Latency by percentile distribution:").nth(1)?;
    let list = list.split("Cumulative distribution").next()?;
    let steps: Vec<(f64, f64)> = list.lines().filter_map(percentile).collect();
    let at = |percent: f64| steps.iter().find(|step| step.0 >= percent).map(|step| step.1);
    Some(Seen { throughput, p50: at(50.0)?, p99: at(99.0)?, p999: at(99.9)? })
}

/// A line such as `99.902% <= 5.687 milliseconds (cumulative count 99906)`.
fn percentile(line: &str) -> Option<(f64, f64)> {
    let (percent, rest) = line.split_once("% <= ")?;
    Some((percent.trim().parse().ok()?, rest.split(' ').next()?.parse().ok()?))
}

/// Sets the keys that `redis-benchmark` will ask for, each to 16 bytes, and makes the sets that
/// SUNION is asked for.
pub(super) fn fill(server: &Server, keys: u64) {
    let mut client = server.client();
    fill_range(&mut client, 0..keys, "");
    for (set, from) in SETS.iter().zip([0, 50]) {
        let members: Vec<String> = (from..from + 100).map(|it| format!("member:{it}")).collect();
        client.line(&format!("SADD {set} {}", members.join(" ")));
    }
}

/// Sets these keys of 16 bytes to values of 16 bytes; `suffix` is appended to each command.
pub(super) fn fill_range(client: &mut Client, keys: std::ops::Range<u64>, suffix: &str) {
    let words = 3 + suffix.split_whitespace().count();
    let mut tail = String::from("$16\r\nxxxxxxxxxxxxxxxx\r\n");
    for word in suffix.split_whitespace() {
        let _ = write!(tail, "${}\r\n{word}\r\n", word.len());
    }
    let mut key = keys.start;
    while key < keys.end {
        let end = keys.end.min(key + BATCH);
        let mut bytes = String::new();
        for key in key..end {
            let _ = write!(bytes, "*{words}\r\n$3\r\nSET\r\n$16\r\nkey:{key:012}\r\n{tail}");
        }
        client.raw(bytes.as_bytes());
        for _ in key..end {
            let reply = client.read_reply_raw();
            assert_eq!(reply, b"+OK\r\n", "SET was answered by {}", reply.escape_ascii());
        }
        key = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "SET: rps=0.0\r====== SET ======\n\n\
        Latency by percentile distribution:\n0.000% <= 0.039 milliseconds (cumulative count 1)\n\
        50.000% <= 0.367 milliseconds (cumulative count 5)\n\
        99.219% <= 3.095 milliseconds (cumulative count 9)\n\
        99.902% <= 5.687 milliseconds (cumulative count 9)\n\n\
        Cumulative distribution of latencies:\n50.000% <= 9.103 milliseconds (cumulative count 1)\n\
        Summary:\n  throughput summary: 74738.41 requests per second\n";

    #[test]
    fn what_the_benchmark_prints_is_read() {
        let seen = Seen { throughput: 74_738.41, p50: 0.367, p99: 3.095, p999: 5.687 };
        assert_eq!(parse(PRINTED), Some(seen));
        assert_eq!(parse("Could not connect"), None);
    }

    #[test]
    fn the_loader_sets_keys_of_sixteen_bytes() {
        let server = testkit::Launch::oracle().start();
        let mut client = server.client();
        fill_range(&mut client, 5..2005, "EX 1000");
        assert_eq!(client.line("DBSIZE").int(), 2000);
        assert_eq!(client.line("STRLEN key:000000002004").int(), 16);
        assert!(client.line("TTL key:000000000005").int() > 900);
    }
}
