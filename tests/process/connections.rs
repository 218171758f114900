//! Many connections: opening, closing, half-written commands.

use std::fs;

use testkit::{Client, Reply};

use crate::{RUNTIMES, eventually, launch, note};

/// How many connections one test may hold: each needs a descriptor here and one in the server.
fn affordable(wanted: usize) -> usize {
    const KEPT_FOR_OTHERS: usize = 200;
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    let soft = line.split_whitespace().nth(3).and_then(|word| word.parse::<usize>().ok());
    let affordable = soft.unwrap_or(1024).saturating_sub(KEPT_FOR_OTHERS).min(wanted);
    if affordable < wanted {
        note(&format!("{affordable} connections instead of {wanted}: raise ulimit -n for more"));
    }
    affordable
}

#[test]
fn ten_thousand_connections_come_and_go() {
    let count = affordable(9_900);
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut watcher = server.client();
        let mut clients: Vec<Client> = Vec::with_capacity(count);
        for n in 0..count {
            let mut client = server.client();
            if n % 7 == 0 {
                assert_eq!(client.line(&format!("SET key:{n} {n}")), Reply::ok(), "{runtime} {n}");
            }
            clients.push(client);
        }
        let connected = |watcher: &mut Client| {
            let text = watcher.line("INFO clients").text();
            let line = text.lines().find_map(|line| line.strip_prefix("connected_clients:"));
            line.expect("the field").parse::<usize>().expect("a number")
        };
        eventually("all are there", || (connected(&mut watcher) == count + 1).then_some(()));
        for client in clients.iter_mut().step_by(101) {
            assert_eq!(client.line("PING"), Reply::Simple("PONG".into()));
        }
        drop(clients);
        eventually("all are gone", || (connected(&mut watcher) == 1).then_some(()));
        assert_eq!(watcher.line("DBSIZE").int(), count.div_ceil(7) as i64);
        // And again, one after the other.
        for n in 0..2000 {
            assert_eq!(server.client().line(&format!("ECHO {n}")).text(), n.to_string());
        }
        eventually("all are gone again", || (connected(&mut watcher) == 1).then_some(()));
    }
}

#[test]
fn half_a_command_is_held_while_others_work() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut holders: Vec<Client> = (0..10).map(|_| server.client()).collect();
        for holder in &mut holders {
            holder.raw(b"*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$50");
        }
        let mut busy = server.client();
        for n in 0..5000 {
            assert_eq!(busy.line(&format!("SET k{n} {n}")), Reply::ok());
        }
        for holder in &mut holders {
            holder.raw(b"\r\n");
            holder.raw(&[b'v'; 25]);
        }
        assert_eq!(busy.line("EXISTS half").int(), 0);
        for holder in &mut holders {
            holder.raw(&[b'v'; 25]);
            holder.raw(b"\r\n");
            assert_eq!(holder.read_reply(), Reply::ok());
        }
        assert_eq!(busy.line("STRLEN half").int(), 50);
    }
}

/// A client that leaves in the middle takes nothing with it, whatever it had asked for.
#[test]
fn leaving_in_the_middle() {
    for runtime in RUNTIMES {
        let server = launch(runtime).start();
        let mut watcher = server.client();
        watcher.cmd(&["SET", "big", &"x".repeat(1_000_000)]);
        for n in 0..200 {
            let mut client = server.client();
            match n % 4 {
                0 => client.raw(b"*2\r\n$3\r\nGET\r\n$3\r\nbi"),
                1 => client.raw(b"GET big\r\nGET big\r\nGET big\r\n"),
                2 => client.raw(b"MSET a 1 b 2 c 3 d 4\r\nMGET a b c d big\r\nKEYS *\r\n"),
                _ => client.raw(b"CLIENT LIST\r\nINFO\r\nDEBUG SLEEP 0.001\r\nCONFIG GET *\r\n"),
            }
        }
        eventually("all are gone", || {
            (watcher.line("CLIENT LIST").text().lines().count() == 1).then_some(())
        });
        assert_eq!(watcher.line("MGET a d").elements().len(), 2);
    }
}
