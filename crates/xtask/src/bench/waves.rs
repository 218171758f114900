//! A loader for EXEC, which `redis-benchmark` cannot send: all connections at once, in waves.
//!
//! A wave is one write to each connection and all replies to it. What the loader costs is not
//! counted, so it is as simple as that; its latencies are those of a wave.

use std::fmt::Write as _;
use std::time::Instant;

use stdx::prng::Prng;
use testkit::{Client, Server};

use super::load::{Load, Seen};

/// Replies to one transaction: OK, four times QUEUED, and an array.
const REPLIES: u32 = 6;

/// SETs in one transaction.
const SETS: usize = 4;

/// Runs the load against the server.
pub(super) fn run(load: &Load, server: &Server) -> Seen {
    let mut clients: Vec<Client> = (0..load.clients).map(|_| server.client()).collect();
    let mut prng = Prng::new(load.requests);
    let waves = (load.requests / u64::from(load.clients * load.pipeline)).max(1);
    let mut milliseconds = Vec::new();
    let started = Instant::now();
    for _ in 0..waves {
        let sent = Instant::now();
        for client in &mut clients {
            client.raw(pipeline(load, &mut prng).as_bytes());
        }
        for client in &mut clients {
            for reply in 0..load.pipeline * REPLIES {
                let text = client.read_reply_raw();
                let expected = ["+OK", "+QUEUED", "+QUEUED", "+QUEUED", "+QUEUED", "*4"];
                let expected = expected[(reply % REPLIES) as usize].as_bytes();
                assert!(text.starts_with(expected), "EXEC: {}", text.escape_ascii());
            }
        }
        milliseconds.push(sent.elapsed().as_secs_f64() * 1e3);
    }
    let seconds = started.elapsed().as_secs_f64();
    milliseconds.sort_by(f64::total_cmp);
    let at = |share: f64| milliseconds[((milliseconds.len() - 1) as f64 * share) as usize];
    let throughput = (waves * u64::from(load.clients * load.pipeline)) as f64 / seconds;
    Seen { throughput, p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

fn pipeline(load: &Load, prng: &mut Prng) -> String {
    let mut text = String::new();
    for _ in 0..load.pipeline {
        text.push_str("*1\r\n$5\r\nMULTI\r\n");
        for _ in 0..SETS {
            let key = prng.below(load.keys);
            let _ = write!(text, "*3\r\n$3\r\nSET\r\n$16\r\nkey:{key:012}\r\n");
            text.push_str("$16\r\nxxxxxxxxxxxxxxxx\r\n");
        }
        text.push_str("*1\r\n$4\r\nEXEC\r\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::load::Ask;
    use super::*;

    #[test]
    fn a_wave_is_answered_and_sets_keys() {
        let server = testkit::Launch::oracle().start();
        let load = Load { ask: Ask::Exec, clients: 3, pipeline: 2, requests: 60, keys: 10 };
        assert!(run(&load, &server).throughput > 0.0);
        assert!(server.client().line("DBSIZE").int() > 5);
    }
}
