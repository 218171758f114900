//! The clients that wait: what they sent before and behind, who lets them go, and their end.

use testkit::{Client, Reply, Server};

use super::check_everywhere;
use crate::each_server;

#[test]
fn a_pipeline_goes_on_when_its_turn_has_come() {
    check_everywhere(&[
        "@b> PING 1",
        "@b> SET K:x 1",
        "@b> BLPOP K:q K:p 0",
        "@b> GET K:x",
        "@b> BLPOP K:q 0",
        "@b> PING 2",
        "@b<",
        "@b<",
        "blocked 1",
        "SET K:x 2",
        "RPUSH K:p 1",
        "@b<",
        "@b<",
        "blocked 1",
        "RPUSH K:q 2",
        "@b<",
        "@b<",
    ]);
}

#[test]
fn replies_may_be_off() {
    check_everywhere(&[
        "@b> CLIENT REPLY OFF",
        "@b> BLPOP K:q 0",
        "@b> CLIENT REPLY ON",
        "blocked 1",
        "RPUSH K:q 1",
        "@b<",
        "LLEN K:q",
        "@b> CLIENT REPLY SKIP",
        "@b> BLMOVE K:q K:to LEFT LEFT 0",
        "@b> PING",
        "blocked 1",
        "RPUSH K:q 1",
        "@b<",
        "LLEN K:to",
    ]);
}

/// A client that waits, and its id.
fn waiting(server: &Server, line: &str) -> (Client, i64) {
    let mut client = server.client();
    let id = client.line("CLIENT ID").int();
    let words: Vec<&str> = line.split(' ').collect();
    client.send(&words);
    until_blocked(&mut server.client(), 1);
    (client, id)
}

fn until_blocked(client: &mut Client, count: usize) {
    let line = format!("blocked_clients:{count}\r\n");
    while !client.line("INFO clients").text().contains(&line) {}
}

const COMMANDS: &[&str] = &[
    "BLPOP k 0",
    "BLPOP k l m n 0",
    "BRPOP k l 100",
    "BLMPOP 0 2 k l LEFT",
    "BLMOVE k l LEFT RIGHT 0",
    "BLMOVE k k LEFT RIGHT 100",
    "WAIT 1 0",
    "WAIT 2 100000",
];

#[test]
fn others_let_them_go() {
    for command in COMMANDS {
        each_server(|server| {
            let mut other = server.client();
            until_blocked(&mut other, 0);
            let timed_out = match command.starts_with("WAIT") {
                true => b":0\r\n".as_slice(),
                false => b"*-1\r\n",
            };
            let (mut client, id) = waiting(server, command);
            let line = other.line(&format!("CLIENT LIST ID {id}")).text();
            assert!(line.contains(" flags=b "), "{line}");
            assert_eq!(other.line(&format!("CLIENT UNBLOCK {id}")), Reply::Int(1));
            assert_eq!(client.read_reply_raw(), timed_out);
            assert_eq!(other.line(&format!("CLIENT UNBLOCK {id}")), Reply::Int(0));
            let (mut client, id) = waiting(server, command);
            assert_eq!(other.line(&format!("CLIENT UNBLOCK {id} ERROR")), Reply::Int(1));
            let error = b"-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n";
            assert_eq!(client.read_reply_raw(), error);
            assert_eq!(client.line("PING"), Reply::Simple("PONG".into()));
            let (mut client, id) = waiting(server, command);
            let exec = ["MULTI", &format!("CLIENT UNBLOCK {id} TIMEOUT"), "EXEC"];
            let replies = other.pipeline(&exec);
            assert_eq!(replies[2], Reply::Array(vec![Reply::Int(1)]));
            assert_eq!(client.read_reply_raw(), timed_out);
            until_blocked(&mut other, 0);
            assert_eq!(other.line("RPUSH k 1"), Reply::Int(1));
            assert_eq!(other.line("DEL k l"), Reply::Int(1));
        });
    }
}

#[test]
fn who_has_gone_takes_nothing() {
    for command in COMMANDS {
        each_server(|server| {
            let mut other = server.client();
            until_blocked(&mut other, 0);
            let (client, _) = waiting(server, command);
            drop(client);
            until_blocked(&mut other, 0);
            let (mut client, id) = waiting(server, command);
            assert_eq!(other.line(&format!("CLIENT KILL ID {id}")), Reply::Int(1));
            assert_eq!(client.read_until_closed(), b"");
            until_blocked(&mut other, 0);
            // What it sent behind does not hide that it has gone.
            let (mut client, _) = waiting(server, command);
            client.send(&["PING"]);
            drop(client);
            until_blocked(&mut other, 0);
            assert_eq!(other.line("RPUSH k 1"), Reply::Int(1));
            assert_eq!(other.line("LLEN k"), Reply::Int(1));
            assert_eq!(other.line("DEL k"), Reply::Int(1));
        });
    }
}

#[test]
fn info_counts_them() {
    crate::each_shoal(|server| {
        let mut other = server.client();
        until_blocked(&mut other, 0);
        let mut clients: Vec<Client> = (0..4).map(|_| server.client()).collect();
        for (number, client) in clients.iter_mut().enumerate() {
            client.send(&["BLPOP", "k", "l", &format!("m{number}"), "100"]);
            until_blocked(&mut other, number + 1);
        }
        let text = other.line("INFO clients").text();
        assert!(text.contains("\r\ntotal_blocking_keys:6\r\n"), "{text}");
        assert!(text.contains("\r\nclients_in_timeout_table:4\r\n"), "{text}");
        drop(clients);
        until_blocked(&mut other, 0);
        // The news that they have left may still be on its way to their shards.
        loop {
            let text = other.line("INFO everything").text();
            let is_at_rest = |field: &str| text.contains(&format!("\r\n{field}:0\r\n"));
            if is_at_rest("total_blocking_keys") && is_at_rest("shoal_waiters") {
                break;
            }
        }
    });
}
