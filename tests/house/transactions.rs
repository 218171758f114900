//! EXEC over many shards: money is neither made nor lost, and WATCH lets one of many through.

use testkit::{Client, Reply};

use crate::{KEYS, at_once, houses};

const MONEY: i64 = 1_000;

fn number(reply: &Reply) -> i64 {
    reply.text().parse().expect("a number")
}

/// Moves money from one account to another, in one of the ways that EXEC can take.
fn transfer(client: &mut Client, round: usize, from: &str, to: &str) {
    let (take, give) = (format!("DECRBY {from} 7"), format!("INCRBY {to} 7"));
    let lines: Vec<&str> = match round % 16 {
        // In the house.
        0 => vec!["MULTI", &take, "DBSIZE", &give, "EXEC"],
        // Thrown away.
        1 => vec!["MULTI", &take, "DISCARD"],
        2 => vec!["MULTI", &take, "FOO", "EXEC"],
        _ => vec!["MULTI", &take, &give, "EXEC"],
    };
    let replies = client.pipeline(&lines);
    if round % 16 > 2 {
        assert_eq!(replies[3].elements().len(), 2, "{replies:?}");
    }
}

#[test]
fn money_is_neither_made_nor_lost() {
    for server in houses() {
        let accounts: Vec<(&str, String)> =
            KEYS.into_iter().map(|key| (key, MONEY.to_string())).collect();
        let words: Vec<&str> =
            accounts.iter().flat_map(|(key, money)| [*key, money.as_str()]).collect();
        assert_eq!(server.client().cmd(&[&["MSET"], &words[..]].concat()), Reply::ok());
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        let mut observers: Vec<Box<dyn FnMut() + Send>> = Vec::new();
        for number in 0..4 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..400 {
                    let from = KEYS[(number + round) % KEYS.len()];
                    let to = KEYS[(number * 3 + round * 5 + 1) % KEYS.len()];
                    transfer(&mut client, round, from, to);
                }
            }));
        }
        for in_multi in [false, true] {
            let mut client = server.client();
            let mget: Vec<&str> = ["MGET"].into_iter().chain(KEYS).collect();
            observers.push(Box::new(move || {
                let reply = if in_multi {
                    client.line("MULTI");
                    client.cmd(&mget);
                    client.line("EXEC").elements()[0].clone()
                } else {
                    client.cmd(&mget)
                };
                let sum: i64 = reply.elements().iter().map(number).sum();
                assert_eq!(sum, MONEY * KEYS.len() as i64, "{reply:?}");
            }));
        }
        at_once(writers, observers);
    }
}

/// A counter that everybody reads, adds one to and writes back under WATCH counts everything.
#[test]
fn of_those_who_watch_one_gets_through() {
    const CLIENTS: usize = 6;
    const ROUNDS: usize = 100;
    for server in houses() {
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for own in &KEYS[..CLIENTS] {
            let mut client = server.client();
            writers.push(Box::new(move || {
                let mut wins = 0;
                while wins < ROUNDS {
                    assert_eq!(client.line("WATCH counter other"), Reply::ok());
                    let value = client.line("GET counter");
                    let value = if value == Reply::Nil { 0 } else { number(&value) };
                    client.line("MULTI");
                    client.line(&format!("SET counter {}", value + 1));
                    client.line(&format!("INCR {own}"));
                    if wins % 10 == 5 {
                        client.line("DBSIZE");
                    }
                    match client.line("EXEC") {
                        Reply::Array(_) => wins += 1,
                        Reply::NilArray => {}
                        other => panic!("{other:?}"),
                    }
                }
            }));
        }
        at_once(writers, Vec::new());
        let mut client = server.client();
        let all = (CLIENTS * ROUNDS) as i64;
        assert_eq!(number(&client.line("GET counter")), all);
        for own in &KEYS[..CLIENTS] {
            assert_eq!(number(&client.cmd(&["GET", own])), ROUNDS as i64);
        }
        let info = client.line("INFO clients").text().to_string();
        assert!(info.contains("total_watched_keys:0"), "{info}");
    }
}

/// Many clients fill pipelines with transactions of every kind and vanish without reading.
#[test]
fn who_vanishes_leaves_nothing_behind() {
    /// Half a minute at least: no leak ends by being looked at.
    const LOOKS_MAX: usize = 500_000;
    for server in houses() {
        std::thread::scope(|scope| {
            for number in 0..8 {
                let server = &server;
                scope.spawn(move || {
                    for round in 0..40 {
                        let mut client = server.client();
                        let key = KEYS[(number + round) % KEYS.len()];
                        client.send(&["WATCH", "a", "b", "c", key]);
                        client.send(&["MULTI"]);
                        client.send(&["MSET", "a", "1", "b", "2", "c", "3", key, "4"]);
                        match round % 4 {
                            0 => client.send(&["DBSIZE"]),
                            1 => client.send(&["CLIENT", "LIST"]),
                            2 => client.send(&["RENAME", key, "h"]),
                            _ => {}
                        }
                        if round % 3 > 0 {
                            client.send(&["EXEC"]);
                        }
                    }
                });
            }
        });
        let mut client = server.client();
        // Whoever has gone is noticed sooner or later, and its marks a message later.
        let nothing =
            ["connected_clients:1\r\n", "watching_clients:0\r\n", "total_watched_keys:0\r\n"];
        let mut info = String::new();
        let is_over = (0..LOOKS_MAX).any(|_| {
            info = client.line("INFO clients").text().to_string();
            nothing.iter().all(|line| info.contains(line))
        });
        assert!(is_over, "{info}");
        // And no shard stands still.
        assert_eq!(client.line("FLUSHALL"), Reply::ok());
        for lines in [["MULTI", "MSET a 1 b 2 c 3 d 4", "EXEC"], ["MULTI", "DBSIZE", "EXEC"]] {
            assert_eq!(client.pipeline(&lines)[2].elements().len(), 1);
        }
        assert_eq!(client.line("DBSIZE"), Reply::Int(4));
    }
}
