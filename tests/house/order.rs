//! Replies come in the order of the requests, and a client sees what it has done itself.

use testkit::{Client, Reply};

use crate::{KEYS, at_once, houses};

#[test]
fn a_pipeline_sees_its_own_renames() {
    for server in houses() {
        let mut client = server.client();
        for from in KEYS {
            for to in KEYS.into_iter().filter(|to| *to != from) {
                let lines = [
                    "SET other 1".to_owned(),
                    format!("SET {from} value"),
                    format!("RENAME {from} {to}"),
                    format!("GET {to}"),
                    format!("GET {from}"),
                    format!("COPY {to} {from}"),
                    format!("GET {from}"),
                    format!("DEL {from} {to}"),
                    format!("GET {to}"),
                ];
                let value = Reply::bulk("value");
                let (ok, int) = (Reply::ok(), Reply::Int);
                let expected =
                    [ok.clone(), ok.clone(), ok, value.clone(), Reply::Nil, int(1), value];
                let replies = client.pipeline(&lines);
                assert_eq!(replies[..7], expected, "{from} {to}");
                assert_eq!(replies[7..], [int(2), Reply::Nil], "{from} {to}");
            }
        }
    }
}

/// Sends a mixture of all ways that a command can take, many times over, and checks every reply.
fn mixture(client: &mut Client, name: &str, rounds: usize) {
    let (mut lines, mut expected) = (Vec::new(), Vec::new());
    let mut add = |line: String, reply: Reply| {
        lines.push(line);
        expected.push(reply);
    };
    for round in 0..rounds {
        let key = |n: usize| format!("{name}:{}", (round * 7 + n) % 50);
        let (one, other, text) = (key(0), key(1), format!("{round}"));
        let value = || Reply::bulk(&text);
        add(format!("SET {one} {round}"), Reply::ok());
        add(format!("GET {one}"), value());
        add(format!("ECHO {round}"), value());
        add(format!("MSET {one} x {other} {round}"), Reply::ok());
        add(format!("MGET {other} {one}"), Reply::Array(vec![value(), Reply::bulk("x")]));
        add("SELECT 1".into(), Reply::ok());
        add(format!("APPEND {name} {round}"), Reply::Int(text.len() as i64));
        add(format!("RENAME {name} {name}{round}"), Reply::ok());
        add(format!("EXISTS {name} {name}{round} {name}"), Reply::Int(1));
        add(format!("GETDEL {name}{round}"), value());
        add("SELECT 0".into(), Reply::ok());
        add(format!("GET {other}"), value());
        add(format!("INCRBY {name}n 2"), Reply::Int(2 * round as i64 + 2));
        add(format!("COPY {other} {one} REPLACE"), Reply::Int(1));
        add(format!("GETEX {one} EX 1000"), value());
        add(
            "NOSUCH".into(),
            Reply::Error("ERR unknown command 'NOSUCH', with args beginning with: ".into()),
        );
        add("CONFIG SET slowlog-max-len 128".into(), Reply::ok());
        add(format!("DEL {one} {other}"), Reply::Int(2));
    }
    let replies = client.pipeline(&lines);
    for (line, (reply, expected)) in lines.iter().zip(replies.iter().zip(&expected)) {
        assert_eq!(reply, expected, "{name}: {line}");
    }
}

#[test]
fn a_mixed_pipeline_is_answered_in_order() {
    for server in houses() {
        mixture(&mut server.client(), "alone", 300);
    }
}

#[test]
fn mixed_pipelines_at_once_are_answered_in_order() {
    for server in houses() {
        let writer = |number: usize| -> Box<dyn FnOnce() + Send> {
            let mut client = server.client();
            Box::new(move || {
                for time in 0..4 {
                    mixture(&mut client, &format!("{number}.{time}"), 40);
                }
            })
        };
        at_once((0..8).map(writer).collect(), Vec::new());
    }
}
