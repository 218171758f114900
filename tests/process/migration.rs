//! Connections move to the core that owns their keys, and nothing is lost on the way.

use testkit::client::request;
use testkit::{Client, Reply, Server};

use crate::{RUNTIMES, launch};

fn migrations(server: &Server) -> u64 {
    let text = server.client().line("INFO stats").text();
    let line = text.lines().find_map(|line| line.strip_prefix("shoal_migrations:"));
    line.expect("the field").parse().expect("a number")
}

/// Counts up one key, in pipelines of all lengths: every number must come, once and in order.
fn count_up(client: &mut Client, key: &str, total: usize) {
    let mut next = 1;
    while next <= total {
        let burst = (next % 37 + 1).min(total - next + 1);
        client.raw(&request(&["INCR", key]).repeat(burst));
        for _ in 0..burst {
            assert_eq!(client.read_reply(), Reply::Int(next as i64), "{key}");
            next += 1;
        }
    }
}

#[test]
fn clients_move_to_their_keys() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let before = migrations(&server);
        let mut clients: Vec<Client> = (0..16).map(|_| server.client()).collect();
        std::thread::scope(|scope| {
            for (n, client) in clients.iter_mut().enumerate() {
                // Every client has a key of its own; half of the keys are on each core.
                scope.spawn(move || {
                    client.line(&format!("CLIENT SETNAME client-{n}"));
                    client.line("SELECT 3");
                    count_up(client, &format!("counter:{n}"), 6000);
                });
            }
        });
        let moved = migrations(&server) - before;
        // A client sits on either core by chance: that all sixteen were where their keys are is as
        // likely as sixteen heads in a row.
        assert!(moved > 0, "{runtime}: nobody moved");
        for (n, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.line("CLIENT GETNAME").text(), format!("client-{n}"));
            assert_eq!(client.line(&format!("GET counter:{n}")).text(), "6000");
            let line = client.line("CLIENT INFO").text();
            assert!(line.contains(" db=3 "), "{line}");
        }
        // Those who moved are still found by everybody.
        let list = server.client().line("CLIENT LIST").text();
        for n in 0..clients.len() {
            assert_eq!(list.matches(&format!("name=client-{n} ")).count(), 1, "{list}");
        }
    }
}

/// One long pipeline: the move has to wait for its end, or carry the rest along.
#[test]
fn a_pipeline_across_the_move() {
    const TOTAL: usize = 20_000;
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut clients: Vec<Client> = (0..8).map(|_| server.client()).collect();
        for (n, client) in clients.iter_mut().enumerate() {
            let key = format!("k:{n}");
            let asked = request(&["INCR", &key]).repeat(TOTAL);
            std::thread::scope(|scope| {
                let client = &mut *client;
                scope.spawn(move || {
                    for piece in asked.chunks(9_973) {
                        client.raw(piece);
                    }
                    for next in 1..=TOTAL {
                        assert_eq!(client.read_reply(), Reply::Int(next as i64));
                    }
                });
            });
            // A window of calm after the pipeline gives the move its chance.
            count_on(client, &key, TOTAL);
        }
    }
}

fn count_on(client: &mut Client, key: &str, from: usize) {
    for next in from + 1..from + 2100 {
        assert_eq!(client.cmd(&["INCR", key]), Reply::Int(next as i64));
    }
}
