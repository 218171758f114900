//! A client that never reads is closed at `client-output-buffer-limit`, and nobody else notices.

use testkit::client::request;
use testkit::{Client, Reply};

use crate::{RUNTIMES, eventually, launch};

const VALUE_BYTES: usize = 100_000;

fn disconnections(client: &mut Client) -> u64 {
    let text = client.line("INFO stats").text();
    let name = "client_output_buffer_limit_disconnections:";
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.expect("the field is there").parse().expect("a number")
}

/// Asks for far more than sockets hold, and reads nothing.
fn ask_and_never_read(client: &mut Client) {
    let ask = request(&["GET", "big"]).repeat(1000);
    // A server that has closed the connection does not take it all.
    let _ = client.try_raw(&ask);
}

#[test]
fn the_hard_limit_closes_at_once() {
    for runtime in RUNTIMES {
        let limit = ["--client-output-buffer-limit", "normal", "2mb", "0", "0"];
        let server = launch(runtime).args(limit).start();
        let mut other = server.client();
        other.cmd(&["SET", "big", &"x".repeat(VALUE_BYTES)]);
        let mut silent: Vec<Client> = (0..4).map(|_| server.client()).collect();
        silent.iter_mut().for_each(ask_and_never_read);
        for n in 0..1000 {
            assert_eq!(other.line(&format!("SET k{n} {n}")), Reply::ok(), "{runtime}");
        }
        eventually("all silent clients are closed", || {
            (disconnections(&mut other) == 4).then_some(())
        });
        assert_eq!(other.line("STRLEN big").int(), VALUE_BYTES as i64);
        let log = server.output();
        assert!(log.contains("output buffer limits"), "{log}");
    }
}

#[test]
fn the_soft_limit_closes_after_its_time() {
    let limit = ["--client-output-buffer-limit", "normal", "0", "1mb", "1"];
    let server = launch("auto").args(limit).start();
    let mut other = server.client();
    other.cmd(&["SET", "big", &"x".repeat(VALUE_BYTES)]);
    let mut silent = server.client();
    ask_and_never_read(&mut silent);
    eventually("the silent client is closed", || (disconnections(&mut other) == 1).then_some(()));
    assert!(other.line("PING").error().is_empty());
}

/// Without a limit, which is the default, whoever reads late gets everything.
#[test]
fn a_late_reader_gets_everything() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut client = server.client();
        client.cmd(&["SET", "big", &"x".repeat(VALUE_BYTES)]);
        let ask = request(&["GET", "big"]).repeat(300);
        client.raw(&ask);
        let mut other = server.client();
        for n in 0..500 {
            assert_eq!(other.line(&format!("SET k{n} {n}")), Reply::ok());
        }
        for _ in 0..300 {
            assert_eq!(client.read_reply().text().len(), VALUE_BYTES);
        }
        assert_eq!(client.line("PING"), Reply::Simple("PONG".into()));
    }
}
