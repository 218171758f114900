//! A crowd: commands for the whole keyspace between writers, and long queues.

use testkit::client::request;
use testkit::{Client, Reply};

use crate::{KEYS, at_once, houses};

/// Keys are only ever written in pairs, so whoever counts finds an even number.
#[test]
fn the_whole_keyspace_is_seen_at_one_moment() {
    for server in houses() {
        let mut writers: Vec<Box<dyn FnOnce() + Send>> = Vec::new();
        for number in 0..6 {
            let mut client = server.client();
            writers.push(Box::new(move || {
                for round in 0..400 {
                    let (one, other) = (format!("l{number}:{round}"), format!("r{number}:{round}"));
                    assert_eq!(client.cmd(&["MSET", &one, "x", &other, "x"]), Reply::ok());
                    if round % 3 == 0 {
                        let count = client.cmd(&["DEL", &other, &one]);
                        assert!(count == Reply::Int(2) || count == Reply::Int(0), "{count:?}");
                    }
                    if round % 50 == number {
                        assert_eq!(client.cmd(&["FLUSHALL"]), Reply::ok());
                    }
                    if round % 70 == number {
                        assert_eq!(client.cmd(&["SWAPDB", "0", "7"]), Reply::ok());
                    }
                }
            }));
        }
        let (mut counter, mut lister) = (server.client(), server.client());
        let count = move || {
            let count = counter.cmd(&["DBSIZE"]).int();
            assert_eq!(count % 2, 0, "{count} keys");
        };
        let list = move || {
            let reply = lister.cmd(&["KEYS", "*"]);
            let mut names: Vec<String> = reply.elements().iter().map(Reply::text).collect();
            names.sort();
            let (left, right) = names.split_at(names.len() / 2);
            let pairs = left.iter().zip(right).all(|(left, right)| left[1..] == right[1..]);
            assert!(names.len().is_multiple_of(2) && pairs, "{names:?}");
        };
        at_once(writers, vec![Box::new(count), Box::new(list)]);
        let mut client = server.client();
        assert_eq!(client.cmd(&["FLUSHALL"]), Reply::ok());
        assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(0));
        assert_eq!(client.cmd(&["KEYS", "*"]), Reply::Array(vec![]));
        assert_eq!(client.cmd(&["RANDOMKEY"]), Reply::Nil);
    }
}

/// Sends so many requests on every connection before the first reply is read.
fn queue(clients: &mut [Client], each: usize, words: impl Fn(usize) -> Vec<String>) {
    for (number, client) in clients.iter_mut().enumerate() {
        let requests = (0..each).flat_map(|round| request(&words(number + round)));
        client.raw(&requests.collect::<Vec<u8>>());
    }
    for client in clients {
        for _ in 0..each {
            assert_eq!(client.read_reply(), Reply::ok());
        }
    }
}

fn mset(value: &str, number: usize) -> Vec<String> {
    let key = |n: usize| KEYS[(number + n) % KEYS.len()].to_owned();
    let pairs = (0..4).flat_map(|n| [key(n), value.to_owned()]);
    ["MSET".to_owned()].into_iter().chain(pairs).collect()
}

#[test]
fn thirty_thousand_transactions_wait_in_line() {
    let server = houses().next().expect("there is a runtime to run on");
    let mut clients: Vec<Client> = (0..50).map(|_| server.client()).collect();
    queue(&mut clients, 600, |number| mset("value", number));
}

#[test]
fn big_values_wait_in_line_as_well() {
    for server in houses() {
        let mut clients: Vec<Client> = (0..20).map(|_| server.client()).collect();
        let value = "x".repeat(20_000);
        queue(&mut clients, 2, |number| mset(&value, number));
        assert_eq!(server.client().cmd(&["GET", "a"]), Reply::bulk(&value));
    }
}
