//! Limits of connections: how many, how long, from where, how much at once.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Instant;

use testkit::client::Outcome;
use testkit::{Address, Client, Reply, Server};

use crate::{RUNTIMES, eventually, launch, note};

fn info(client: &mut Client, field: &str) -> u64 {
    let text = client.line("INFO everything").text();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{field}:")));
    line.unwrap_or_else(|| panic!("no {field} in {text}")).parse().expect("a number")
}

#[test]
fn one_client_too_many_is_told_so() {
    for runtime in RUNTIMES {
        let server = launch(runtime).args(["--maxclients", "20"]).start();
        let mut first = server.client();
        eventually("only this client is there", || {
            (info(&mut first, "connected_clients") == 1).then_some(())
        });
        let mut clients: Vec<Client> = (0..19).map(|_| server.client()).collect();
        clients.iter_mut().for_each(|client| assert!(client.line("PING").error().is_empty()));
        for _ in 0..3 {
            let refused = server.client().read_until_closed();
            assert_eq!(refused, b"-ERR max number of clients reached\r\n", "{runtime}");
        }
        assert_eq!(info(&mut first, "rejected_connections"), 3);
        assert_eq!(info(&mut first, "connected_clients"), 20);
        // A place that is left can be taken, and so can a new one.
        drop(clients.pop());
        eventually("a free place", || match server.client().outcome_of_ping() {
            Outcome::Reply(reply) => (reply == b"+PONG\r\n").then_some(()),
            _ => None,
        });
        assert_eq!(first.line("CONFIG SET maxclients 30"), Reply::ok());
        let mut more: Vec<Client> = (0..9).map(|_| server.client()).collect();
        more.iter_mut().for_each(|client| assert!(client.line("PING").error().is_empty()));
    }
}

/// What a new client is answered, or that it was turned away.
trait OutcomeOfPing {
    fn outcome_of_ping(self) -> Outcome;
}

impl OutcomeOfPing for Client {
    fn outcome_of_ping(mut self) -> Outcome {
        let _ = self.try_raw(b"PING\r\n");
        self.outcome()
    }
}

#[test]
fn an_absurd_number_of_clients_is_refused_while_it_runs() {
    let server = launch("auto").args(["--maxclients", "4000000000"]).start();
    let mut client = server.client();
    let log = server.output();
    if !log.contains("maxclients has been reduced to") {
        return note("this machine permits any number of open files");
    }
    assert!(log.contains("You requested maxclients of 4000000000 requiring at least"), "{log}");
    let granted: u64 =
        client.line("CONFIG GET maxclients").elements()[1].text().parse().expect("a number");
    assert!(log.contains(&format!("reduced to {granted} ")), "{log}");
    let error = "ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating \
                 system is not able to handle the specified number of clients, try with ";
    let reply = client.line("CONFIG SET maxclients 4000000000");
    assert_eq!(reply.error(), format!("{error}{granted}"));
    assert_eq!(client.line("CONFIG GET maxclients").elements()[1].text(), granted.to_string());
}

#[test]
fn idle_clients_are_closed_after_their_time() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut idle: Vec<Client> = (0..8).map(|_| server.client()).collect();
        idle.iter_mut().for_each(|client| assert!(client.line("PING").error().is_empty()));
        let mut busy = server.client();
        assert_eq!(busy.line("CONFIG SET timeout 1"), Reply::ok());
        let started = Instant::now();
        // Whoever speaks stays; the others are closed one after the other.
        let mut open = idle.len();
        while open > 0 {
            assert!(busy.line("PING").error().is_empty());
            open = busy.line("CLIENT LIST").text().lines().count() - 1;
            assert!(started.elapsed().as_secs() < 20, "{open} idle clients are still there");
        }
        assert!(started.elapsed().as_millis() >= 900, "too early: {:?}", started.elapsed());
        idle.iter_mut().for_each(|client| assert_eq!(client.read_until_closed(), b""));
        assert!(busy.line("CONFIG SET timeout 0").error().is_empty());
    }
}

/// An address of this machine that is not on the loopback interface, if it has one.
///
/// Connecting a datagram socket sends nothing; it only asks which address would be used.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

fn outside(server: &Server, ip: IpAddr) -> Client {
    Client::connect(&Address::Tcp(SocketAddr::new(ip, server.address().port())))
}

#[test]
fn protected_mode_answers_this_machine_only() {
    let Some(ip) = outer_address() else {
        return note("this machine has only its loopback address: protected mode is not tested");
    };
    for runtime in RUNTIMES {
        let server = launch(runtime).args(["--bind", "*"]).start();
        let denied = outside(&server, ip).read_until_closed();
        assert!(denied.starts_with(b"-DENIED Redis is running in protected mode"), "{runtime}");
        assert!(denied.ends_with(b"\r\n"));
        let mut inside = server.client();
        assert_eq!(inside.line("CONFIG SET protected-mode no"), Reply::ok());
        assert!(outside(&server, ip).line("PING").error().is_empty());
        assert_eq!(inside.line("CONFIG SET protected-mode yes requirepass x"), Reply::ok());
        assert_eq!(outside(&server, ip).line("PING").error(), "NOAUTH Authentication required.");
    }
}

#[test]
fn a_request_that_outgrows_its_buffer_closes_its_client() {
    for runtime in RUNTIMES {
        let server = launch(runtime).args(["--client-query-buffer-limit", "1mb"]).start();
        let mut other = server.client();
        let mut client = server.client();
        // Not one big value, which has a limit of its own, but many small words.
        let _ = client.try_raw(b"*1000000\r\n$4\r\nMGET\r\n");
        let words = b"$10\r\n0123456789\r\n".repeat(10_000);
        for _ in 0..100 {
            if client.try_raw(&words).is_err() {
                break;
            }
        }
        assert_eq!(client.read_until_closed(), b"", "{runtime}");
        assert!(other.line("PING").error().is_empty());
        assert_eq!(info(&mut other, "client_query_buffer_limit_disconnections"), 1);
    }
}
