//! Commands over several shards happen at one moment.

use std::sync::{Arc, Mutex};

use testkit::Reply;

use crate::{KEYS, at_once, houses};

#[test]
fn readers_see_no_half_of_an_mset() {
    for server in houses() {
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        let mut observers: Vec<Box<dyn FnMut() + Send>> = Vec::new();
        let mget: Vec<&str> = ["MGET"].into_iter().chain(KEYS).collect();
        for number in 0..4 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..300 {
                    let value = format!("{number}:{round}");
                    let pairs = KEYS.iter().flat_map(|key| [*key, value.as_str()]);
                    let words: Vec<&str> = ["MSET"].into_iter().chain(pairs).collect();
                    assert_eq!(client.cmd(&words), Reply::ok());
                }
            }));
            let (mut client, mget) = (server.client(), mget.clone());
            observers.push(Box::new(move || {
                let reply = client.cmd(&mget);
                let values = reply.elements();
                assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
            }));
        }
        at_once(writers, observers);
    }
}

/// Single keys are read without a transaction, and yet one after the other they only rise.
#[test]
fn who_has_seen_one_half_of_an_mset_sees_the_other() {
    for server in houses() {
        let zeros: Vec<&str> = KEYS.into_iter().flat_map(|key| [key, "0"]).collect();
        assert_eq!(server.client().cmd(&[&["MSET"], &zeros[..]].concat()), Reply::ok());
        let mut client = server.client();
        let writer = move || {
            for round in 1..2000 {
                let value = round.to_string();
                let pairs: Vec<&str> = KEYS.into_iter().flat_map(|key| [key, &value]).collect();
                assert_eq!(client.cmd(&[&["MSET"], &pairs[..]].concat()), Reply::ok());
            }
        };
        let observer = |start: usize| -> Box<dyn FnMut() + Send> {
            let (mut client, mut seen, mut turn) = (server.client(), 0, start);
            Box::new(move || {
                let key = KEYS[turn * 3 % KEYS.len()];
                let value = client.cmd(&["GET", key]).text().parse::<u64>().unwrap();
                assert!(value >= seen, "{key} is {value} after another was {seen}");
                (seen, turn) = (value, turn + 1);
            })
        };
        at_once(vec![Box::new(writer)], (0..4).map(observer).collect());
    }
}

#[test]
fn a_renamed_key_is_always_there_once() {
    for server in houses() {
        assert_eq!(server.client().cmd(&["SET", "a", "value"]), Reply::ok());
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        let mut observers: Vec<Box<dyn FnMut() + Send>> = Vec::new();
        for number in 0..4 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..1000 {
                    let from = KEYS[(number + round) % KEYS.len()];
                    let to = KEYS[(number * 3 + round * 5 + 1) % KEYS.len()];
                    let command = if round % 2 == 0 { "RENAME" } else { "RENAMENX" };
                    let reply = client.cmd(&[command, from, to]);
                    let is_known = matches!(&reply, Reply::Simple(_) | Reply::Int(0 | 1))
                        || reply.error() == "ERR no such key";
                    assert!(is_known, "{command} {from} {to}: {reply:?}");
                }
            }));
        }
        let with_keys = |name| [name].into_iter().chain(KEYS).collect::<Vec<&str>>();
        let (mut client, exists, mget) = (server.client(), with_keys("EXISTS"), with_keys("MGET"));
        observers.push(Box::new(move || {
            assert_eq!(client.cmd(&exists), Reply::Int(1));
            assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(1));
            assert_eq!(client.cmd(&["KEYS", "*"]).elements().len(), 1);
            let reply = client.cmd(&mget);
            let values = reply.elements().iter().filter(|value| **value != Reply::Nil);
            assert_eq!(values.collect::<Vec<_>>(), [&Reply::bulk("value")]);
        }));
        at_once(writers, observers);
    }
}

#[test]
fn a_member_that_moves_is_always_in_one_set() {
    for server in houses() {
        server.client().pipeline(&["DEL a b c", "SADD a x"]);
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        let mut observers: Vec<Box<dyn FnMut() + Send>> = Vec::new();
        let sets = ["a", "b", "c"];
        for number in 0..4 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..500 {
                    let (from, to) = (sets[(number + round) % 3], sets[(round * 5 + 1) % 3]);
                    let reply = client.cmd(&["SMOVE", from, to, "x"]);
                    assert!(matches!(reply, Reply::Int(0 | 1)), "SMOVE {from} {to}: {reply:?}");
                }
            }));
        }
        let mut client = server.client();
        observers.push(Box::new(move || {
            assert_eq!(client.cmd(&["SUNION", "a", "b", "c"]).elements(), [Reply::bulk("x")]);
            assert_eq!(client.cmd(&["SINTER", "a", "b"]).elements(), []);
            assert_eq!(client.cmd(&["SINTERCARD", "2", "b", "c"]), Reply::Int(0));
            assert_eq!(client.cmd(&["EXISTS", "a", "b", "c"]), Reply::Int(1));
            let stored = client.cmd(&["SUNIONSTORE", "copy", "a", "b", "c"]);
            assert_eq!(stored, Reply::Int(1));
        }));
        at_once(writers, observers);
    }
}

#[test]
fn one_msetnx_wins_all_keys() {
    const ROUNDS: usize = 200;
    for server in houses() {
        let wins = Arc::new(Mutex::new(vec![Vec::new(); ROUNDS]));
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for number in 0..8 {
            let (mut client, wins) = (server.client(), Arc::clone(&wins));
            writers.push(Box::new(move || {
                for round in 0..ROUNDS {
                    // Everybody wants the last key, and some keys that not all others want.
                    let key =
                        |n: usize| format!("{round}:{}", if n == 2 { 99 } else { n + number });
                    let value = number.to_string();
                    let pairs = (0..3).flat_map(|n| [key(n), value.clone()]);
                    let words: Vec<String> = ["MSETNX".into()].into_iter().chain(pairs).collect();
                    if client.cmd(&words) == Reply::Int(1) {
                        wins.lock().unwrap()[round].push(number);
                    }
                }
            }));
        }
        at_once(writers, Vec::new());
        let mut client = server.client();
        assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(3 * ROUNDS as i64));
        for (round, winners) in wins.lock().unwrap().iter().enumerate() {
            let [winner] = winners[..] else { panic!("round {round}: {winners:?}") };
            for key in [winner, winner + 1, 99] {
                let value = client.cmd(&["GET", &format!("{round}:{key}")]);
                assert_eq!(value, Reply::bulk(winner.to_string()));
            }
        }
    }
}

#[test]
fn a_copy_is_never_newer_than_its_source() {
    for server in houses() {
        assert_eq!(server.client().line("MSET a 0 b 0 c 0"), Reply::ok());
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        let mut client = server.client();
        writers.push(Box::new(move || {
            for round in 1..1500 {
                assert_eq!(client.line(&format!("MSET a {round} c {round}")), Reply::ok());
            }
        }));
        for source in ["a", "c"] {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for _ in 0..1500 {
                    assert_eq!(client.cmd(&["COPY", source, "b", "REPLACE"]), Reply::Int(1));
                }
            }));
        }
        let mut client = server.client();
        let observer = move || {
            let reply = client.line("MGET a b c");
            let values = reply.elements().iter().map(Reply::text);
            let values: Vec<u64> = values.map(|text| text.parse().unwrap()).collect();
            assert!(values[0] == values[2] && values[1] <= values[0], "{values:?}");
        };
        at_once(writers, vec![Box::new(observer)]);
    }
}

/// A key that is lent to another shard is waited for, by those who look at it alone as well.
#[test]
fn a_lent_key_is_never_missed() {
    for server in houses() {
        assert_eq!(server.client().line("MSET a 0 b 0"), Reply::ok());
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for (source, copy) in [("a", "b"), ("b", "a"), ("a", "b")] {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for _ in 0..1000 {
                    assert_eq!(client.cmd(&["COPY", source, copy, "REPLACE"]), Reply::Int(1));
                }
            }));
        }
        let observer = |command: &'static str| -> Box<dyn FnMut() + Send> {
            let mut client = server.client();
            Box::new(move || {
                for key in ["a", "b"] {
                    assert_eq!(client.cmd(&[command, key]), Reply::Int(1), "{command} {key}");
                }
            })
        };
        at_once(writers, ["EXISTS", "STRLEN", "TOUCH", "STRLEN"].map(observer).into());
    }
}

#[test]
fn no_increment_is_lost() {
    for server in houses() {
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for number in 0..8 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..100 {
                    let key = |n: usize| KEYS[(n * 3 + round + number) % KEYS.len()];
                    let lines: Vec<String> = (0..20)
                        .map(|n| match n % 3 {
                            0 => format!("INCR {}", key(n)),
                            1 => format!("INCRBY {} 10", key(n)),
                            _ => format!("DECRBY {} 3", key(n)),
                        })
                        .collect();
                    assert!(
                        client.pipeline(&lines).iter().all(|reply| matches!(reply, Reply::Int(_)))
                    );
                }
            }));
        }
        at_once(writers, Vec::new());
        let words: Vec<&str> = ["MGET"].into_iter().chain(KEYS).collect();
        let values = server.client().cmd(&words);
        let sum: i64 =
            values.elements().iter().map(|value| value.text().parse::<i64>().unwrap()).sum();
        // In every twenty lines seven add 1, seven add 10 and six take 3.
        assert_eq!(sum, 8 * 100 * (7 + 70 - 18));
    }
}
