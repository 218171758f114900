//! Clients that end in the middle of something: what they have begun is done whole or not at all.

use testkit::client::{Outcome, request};
use testkit::{Client, Reply, Server};

use crate::house;

/// A pipeline that leaves pairs of equal keys, sent and not waited for.
fn begin(client: &mut Client, round: usize) {
    let (one, other) = (format!("one{round}"), format!("other{round}"));
    let mut bytes = Vec::new();
    for value in 0..20 {
        let value = value.to_string();
        bytes.extend(request(&["MSET", &one, &value, &other, &value]));
        bytes.extend(request(&["RENAME", &one, "elsewhere"]));
        bytes.extend(request(&["RENAME", "elsewhere", &one]));
        bytes.extend(request(&["GET", &other]));
    }
    client.raw(&bytes);
}

/// Nothing is held by those that are gone, and no pair is torn.
fn check(server: &Server, rounds: usize) {
    let mut client = server.client();
    while client.cmd(&["CLIENT", "LIST"]).text().lines().count() > 1 {}
    for round in 0..rounds {
        let mut lines = vec![format!("MGET one{round} other{round}")];
        if client.cmd(&["EXISTS", "elsewhere"]) == Reply::Int(1) {
            // Somebody ended between the two renames.
            lines[0] = format!("MGET other{round} other{round}");
        }
        let reply = client.pipeline(&lines).remove(0);
        assert_eq!(reply.elements()[0], reply.elements()[1], "round {round}");
    }
    assert_eq!(client.cmd(&["MSET", "a", "1", "b", "2", "c", "3", "d", "4"]), Reply::ok());
    assert_eq!(client.cmd(&["FLUSHALL"]), Reply::ok());
    assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(0));
}

#[test]
fn connections_that_close_in_the_middle() {
    const ROUNDS: usize = 200;
    let server = house();
    for round in 0..ROUNDS {
        let mut client = server.client();
        begin(&mut client, round);
        for _ in 0..round % 7 {
            client.read_reply();
        }
    }
    check(&server, ROUNDS);
}

#[test]
fn clients_that_are_killed_in_the_middle() {
    const ROUNDS: usize = 200;
    let server = house();
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
