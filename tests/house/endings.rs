//! Clients that end in the middle of something: what they have begun is done whole or not at all.

use testkit::client::{Outcome, request};
use testkit::{Client, Reply, Server};

use crate::houses;

/// A pipeline that keeps two keys equal, one of them under two names by turns; nobody waits for it.
fn begin(client: &mut Client, round: usize) {
    let [one, alias, other] = names(round);
    let mut bytes = Vec::new();
    for value in 0..20 {
        let value = value.to_string();
        bytes.extend(request(&["MSET", &one, &value, &other, &value]));
        bytes.extend(request(&["RENAME", &one, &alias]));
        bytes.extend(request(&["GET", &other]));
        bytes.extend(request(&["RENAME", &alias, &one]));
    }
    client.raw(&bytes);
}

fn names(round: usize) -> [String; 3] {
    ["one", "alias", "other"].map(|name| format!("{name}{round}"))
}

/// Nothing is held by those that are gone, and no pair is torn.
fn check(server: &Server, rounds: usize) {
    let mut client = server.client();
    while client.cmd(&["CLIENT", "LIST"]).text().lines().count() > 1 {}
    for round in 0..rounds {
        let [one, alias, other] = names(round);
        let reply = client.cmd(&["MGET", &one, &alias, &other]);
        match reply.elements() {
            [one, Reply::Nil, other] | [Reply::Nil, one, other] if one == other => {}
            torn => panic!("round {round}: {torn:?}"),
        }
    }
    assert_eq!(client.cmd(&["MSET", "a", "1", "b", "2", "c", "3", "d", "4"]), Reply::ok());
    assert_eq!(client.cmd(&["FLUSHALL"]), Reply::ok());
    assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(0));
}

#[test]
fn connections_that_close_in_the_middle() {
    const ROUNDS: usize = 200;
    for server in houses() {
        for round in 0..ROUNDS {
            let mut client = server.client();
            begin(&mut client, round);
            for _ in 0..round % 7 {
                client.read_reply();
            }
        }
        check(&server, ROUNDS);
    }
}

#[test]
fn clients_that_are_killed_in_the_middle() {
    const ROUNDS: usize = 200;
    for server in houses() {
        let mut killer = server.client();
        for round in 0..ROUNDS {
            let mut client = server.client();
            let id = client.cmd(&["CLIENT", "ID"]).int().to_string();
            begin(&mut client, round);
            let killed = killer.cmd(&["CLIENT", "KILL", "ID", &id]);
            assert_eq!(killed, Reply::Int(1));
            while matches!(client.outcome(), Outcome::Reply(_)) {}
        }
        drop(killer);
        check(&server, ROUNDS);
    }
}
