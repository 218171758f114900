//! Stopping: by signal, by SHUTDOWN, with and without clients.

use testkit::{Address, Client, Reply};

use crate::{Folder, RUNTIMES, Started, eventually, launch, run_to_end, send_signal};

#[test]
fn signals_end_it_in_order() {
    for runtime in RUNTIMES {
        for signal in ["TERM", "INT"] {
            let mut server = launch(runtime).start();
            let mut client = server.client();
            assert_eq!(client.line("MSET a 1 b 2 c 3"), Reply::ok());
            send_signal(&server.pid().to_string(), signal);
            assert_eq!(server.wait().code(), Some(0), "{runtime} {signal}\n{}", server.output());
            assert_eq!(client.read_until_closed(), b"");
            let log = server.output();
            assert!(log.contains(&format!("Received SIG{signal} scheduling shutdown...")), "{log}");
            assert!(log.contains("now ready to exit, bye bye..."), "{log}");
        }
    }
}

#[test]
fn a_lost_terminal_means_nothing() {
    let server = launch("auto").start();
    send_signal(&server.pid().to_string(), "HUP");
    send_signal(&server.pid().to_string(), "PIPE");
    assert_eq!(server.client().line("PING"), Reply::Simple("PONG".into()));
}

#[test]
fn shutdown_in_every_form() {
    for runtime in RUNTIMES {
        for line in ["SHUTDOWN", "SHUTDOWN NOSAVE", "shutdown now force"] {
            let mut server = launch(runtime).start();
            let mut others: Vec<Client> = (0..8).map(|_| server.client()).collect();
            for other in &mut others {
                assert_eq!(other.line("PING"), Reply::Simple("PONG".into()));
            }
            let mut client = server.client();
            client.raw(format!("{line}\r\n").as_bytes());
            assert_eq!(client.read_until_closed(), b"", "{line}");
            assert_eq!(server.wait().code(), Some(0), "{runtime} {line}\n{}", server.output());
            others.iter_mut().for_each(|other| assert_eq!(other.read_until_closed(), b""));
            assert!(Client::try_connect(server.address()).is_err());
        }
    }
}

/// There is nothing yet that could save: who insists on it keeps the server, as on Redis where
/// saving fails.
#[test]
fn shutdown_does_not_pretend_to_save() {
    let mut server = launch("auto").start();
    let mut client = server.client();
    let error = "ERR Errors trying to SHUTDOWN. Check logs.";
    assert_eq!(client.line("SHUTDOWN SAVE").error(), error);
    assert_eq!(client.line("PING"), Reply::Simple("PONG".into()));
    client.send(&["SHUTDOWN", "NOSAVE"]);
    assert!(server.wait().success());
}

/// The port is free again at once, whoever still has the other end of a connection.
#[test]
fn the_next_server_takes_the_port() {
    let folder = Folder::new("port");
    let pidfile = folder.path("pid");
    let mut server = launch("auto").start();
    let port = server.address().port();
    let mut client = server.client();
    client.line("SET k v");
    server.client().send(&["SHUTDOWN"]);
    assert!(server.wait().success());
    let port_word = port.to_string();
    let pidfile_word = pidfile.to_str().expect("a plain path");
    let words = [
        "--port",
        &port_word,
        "--bind",
        "127.0.0.1",
        "--daemonize",
        "yes",
        "--pidfile",
        pidfile_word,
    ];
    assert!(run_to_end(&words, "").status.success());
    let _next = Started::from_pidfile(&pidfile);
    let mut client =
        eventually("the next server", || Client::try_connect(&Address::loopback(port)).ok());
    assert_eq!(client.line("GET k"), Reply::Nil);
}
