//! The poller against real sockets of this machine.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;

use super::*;
use crate::clock::{Clock, SystemClock};
use crate::listen::{ListenSpec, Listeners, UnixSpec};

/// A poller that listens on a port of its own.
struct House {
    net: EpollNet,
    address: SocketAddr,
    events: Vec<NetEvent>,
}

impl House {
    fn new() -> Self {
        let address = free_address();
        let spec = ListenSpec {
            bind: vec!["127.0.0.1".to_owned()],
            port: address.port(),
            backlog: 511,
            cores: 1,
            unix: None,
        };
        let listeners = Listeners::bind(&spec).unwrap().into_cores().remove(0);
        let net = EpollNet::new(listeners, Waker::new().unwrap()).unwrap();
        Self { net, address, events: Vec::new() }
    }

    /// What the next poll that finds anything reports.
    fn wait(&mut self) -> Vec<NetEvent> {
        self.events.clear();
        while self.events.is_empty() {
            self.net.poll(&mut self.events, Wait::Until(None)).unwrap();
        }
        self.events.clone()
    }

    fn look(&mut self) -> Vec<NetEvent> {
        self.events.clear();
        self.net.poll(&mut self.events, Wait::No).unwrap();
        self.events.clone()
    }

    fn connect(&mut self) -> (TcpStream, ConnId) {
        let client = TcpStream::connect(self.address).unwrap();
        match self.wait()[..] {
            [NetEvent::Accepted(conn)] => (client, conn),
            ref other => panic!("{other:?}"),
        }
    }

    /// Whether the kernel has said that the peer sends no more.
    fn open_is_ending(&self, conn: ConnId) -> bool {
        self.net.open.get(conn).is_ending
    }

    fn recv(&mut self, conn: ConnId) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(1024);
        self.net.recv(conn, &mut bytes)?;
        Ok(bytes)
    }
}

/// A port that was free a moment ago.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
fn what_is_not_read_is_reported_again() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    client.write_all(b"hello").unwrap();
    assert_eq!(house.wait(), [NetEvent::Readable(conn)]);
    assert_eq!(house.look(), [NetEvent::Readable(conn)]);
    assert_eq!(house.recv(conn).unwrap(), b"hello");
    assert_eq!(house.look(), []);
    assert_eq!(house.recv(conn).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_read_fills_no_more_than_the_spare_capacity() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    client.write_all(b"0123456789").unwrap();
    house.wait();
    let mut bytes = Vec::with_capacity(8);
    bytes.extend_from_slice(b"....");
    let room = bytes.capacity() - bytes.len();
    assert_eq!(house.net.recv(conn, &mut bytes).unwrap(), room);
    assert_eq!(bytes, b"....0123456789"[..4 + room]);
}

#[test]
fn what_was_left_by_a_full_read_is_reported_again() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    client.write_all(&[7; 3000]).unwrap();
    let mut sum = 0;
    while sum < 3000 {
        assert_eq!(house.wait(), [NetEvent::Readable(conn)]);
        sum += house.recv(conn).unwrap().len();
    }
    assert_eq!(house.look(), []);
    client.write_all(b"more").unwrap();
    assert_eq!(house.wait(), [NetEvent::Readable(conn)]);
}

#[test]
fn an_end_that_came_with_the_last_bytes_is_reported_after_them() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    client.write_all(b"last").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    while !house.open_is_ending(conn) {
        house.look();
    }
    assert_eq!(house.recv(conn).unwrap(), b"last");
    for _ in 0..2 {
        assert_eq!(house.look(), [NetEvent::Readable(conn)]);
        assert_eq!(house.recv(conn).unwrap(), b"");
    }
}

#[test]
fn what_came_while_nobody_watched_is_reported_afterwards() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    house.net.watch(conn, false, false);
    client.write_all(b"x").unwrap();
    // The other client's bytes come later, and so does their report.
    let (mut other, second) = house.connect();
    other.write_all(b"y").unwrap();
    assert_eq!(house.wait(), [NetEvent::Readable(second)]);
    house.recv(second).unwrap();
    assert!(!house.net.has_unused());
    house.net.watch(conn, true, false);
    assert!(house.net.has_unused());
    assert_eq!(house.look(), [NetEvent::Readable(conn)]);
}

#[test]
fn a_peer_that_closes_reads_as_nothing() {
    let mut house = House::new();
    let (client, conn) = house.connect();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(house.wait(), [NetEvent::Readable(conn)]);
    assert_eq!(house.recv(conn).unwrap(), b"");
}

#[test]
fn only_what_is_watched_for_is_reported() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    client.write_all(b"x").unwrap();
    house.net.watch(conn, false, false);
    assert_eq!(house.look(), []);
    house.net.watch(conn, false, true);
    assert_eq!(house.wait(), [NetEvent::Writable(conn)]);
    house.net.watch(conn, true, true);
    assert_eq!(house.wait(), [NetEvent::Readable(conn), NetEvent::Writable(conn)]);
}

#[test]
fn many_pieces_arrive_as_one_stream() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    let pieces: Vec<_> = (0..1500).map(|_| IoSlice::new(b"ab")).collect();
    let mut sent = house.net.send(conn, &pieces).unwrap();
    assert_eq!(sent, 2 * PIECES_PER_SEND, "the kernel takes so many pieces at once");
    sent += house.net.send(conn, &pieces[PIECES_PER_SEND..]).unwrap();
    sent += house.net.send(conn, &[IoSlice::new(b"!")]).unwrap();
    assert_eq!(house.net.send(conn, &[]).unwrap(), 0);
    house.net.close(conn);
    let mut received = Vec::new();
    client.read_to_end(&mut received).unwrap();
    assert_eq!(received.len(), sent);
    assert_eq!(received.last(), Some(&b'!'));
}

#[test]
fn a_slot_is_free_again_in_the_next_turn() {
    let mut house = House::new();
    let (_first, conn) = house.connect();
    house.net.close(conn);
    let (_second, next) = house.connect();
    assert_eq!(next, conn);
}

#[test]
fn a_broken_connection_hangs_up_once_to_somebody_who_does_not_read() {
    let mut house = House::new();
    let (client, conn) = house.connect();
    // Closing with unread input resets the connection.
    house.net.send(conn, &[IoSlice::new(b"unread")]).unwrap();
    house.net.watch(conn, false, false);
    client.peek(&mut [0]).unwrap();
    drop(client);
    assert_eq!(house.wait(), [NetEvent::Hangup(conn)]);
    assert_eq!(house.look(), [], "it would spin");
    house.net.watch(conn, true, false);
    assert_eq!(house.wait(), [NetEvent::Hangup(conn)]);
    assert!(house.recv(conn).is_err());
    assert_eq!(
        house.net.send(conn, &[IoSlice::new(b"x")]).unwrap_err().kind(),
        ErrorKind::BrokenPipe
    );
}

#[test]
fn a_detached_connection_lives_on_elsewhere() {
    let mut from = House::new();
    let mut to = House::new();
    let (mut client, conn) = from.connect();
    let socket = from.net.detach(conn);
    client.write_all(b"x").unwrap();
    let adopted = to.net.adopt(socket).unwrap();
    assert_eq!(to.wait(), [NetEvent::Readable(adopted)]);
    assert_eq!(from.look(), []);
    assert_eq!(to.net.peer(adopted).peer, client.local_addr().unwrap().to_string());
    assert_eq!(to.recv(adopted).unwrap(), b"x");
    drop(to.net.detach(adopted));
    assert_eq!(client.read(&mut [0]).unwrap(), 0, "dropping the socket closes it");
}

#[test]
fn an_unwatched_broken_connection_can_still_be_detached() {
    let mut house = House::new();
    let (client, conn) = house.connect();
    house.net.send(conn, &[IoSlice::new(b"unread")]).unwrap();
    house.net.watch(conn, false, false);
    client.peek(&mut [0]).unwrap();
    drop(client);
    assert_eq!(house.wait(), [NetEvent::Hangup(conn)]);
    house.net.detach(conn);
}

#[test]
fn a_wake_up_from_another_thread_is_reported_once() {
    let mut house = House::new();
    let waker = house.net.waker().clone();
    let thread = std::thread::Builder::new().spawn(move || waker.wake()).unwrap();
    assert_eq!(house.wait(), [NetEvent::Woken]);
    assert_eq!(house.look(), []);
    thread.join().unwrap();
    house.net.waker().wake();
    house.net.waker().wake();
    assert_eq!(house.look(), [NetEvent::Woken]);
}

#[test]
fn a_wait_ends_when_its_time_is_over() {
    let mut house = House::new();
    let wait = Duration::from_micros(300);
    let begin = SystemClock.mono_ns();
    house.net.poll(&mut Vec::new(), Wait::Until(Some(wait))).unwrap();
    assert!(SystemClock.mono_ns() - begin >= wait.as_nanos() as u64, "never too early");
    let timeout = timeout_of(Wait::Until(Some(Duration::MAX))).unwrap();
    assert_eq!(timeout.tv_sec, 86_400);
}

#[test]
fn after_listening_stops_old_connections_stay() {
    let mut house = House::new();
    let (mut client, conn) = house.connect();
    house.net.stop_listening();
    assert!(TcpStream::connect(house.address).is_err());
    client.write_all(b"x").unwrap();
    assert_eq!(house.wait(), [NetEvent::Readable(conn)]);
}

#[test]
fn one_poll_accepts_a_bounded_batch() {
    let mut house = House::new();
    let clients: Vec<_> =
        (0..ACCEPTS_PER_POLL + 6).map(|_| TcpStream::connect(house.address).unwrap()).collect();
    assert_eq!(house.wait().len(), ACCEPTS_PER_POLL);
    assert_eq!(house.wait().len(), 6);
    drop(clients);
}

#[test]
fn a_rest_from_accepting_ends_with_a_close_or_by_itself() {
    let mut house = House::new();
    let (_first, conn) = house.connect();
    house.net.acceptor.rest(&house.net.epoll, Errno::MFILE);
    let _second = TcpStream::connect(house.address).unwrap();
    assert_eq!(house.look(), []);
    house.net.close(conn);
    assert!(matches!(house.wait()[..], [NetEvent::Accepted(_)]), "a descriptor is free again");
    house.net.acceptor.rest(&house.net.epoll, Errno::MFILE);
    let _third = TcpStream::connect(house.address).unwrap();
    assert!(matches!(house.wait()[..], [NetEvent::Accepted(_)]), "the rest is over");
}

#[test]
fn peers_are_named_by_both_ends() {
    let mut house = House::new();
    let (client, conn) = house.connect();
    let peer = house.net.peer(conn);
    assert_eq!(peer.peer, client.local_addr().unwrap().to_string());
    assert_eq!(peer.local, house.address.to_string());
    assert!(peer.is_loopback);
    assert!(!peer.is_unix);
    assert!(peer.fd > 2);
}

#[test]
fn a_unix_socket_is_shared_by_all_cores() {
    let path = std::env::temp_dir().join(format!("poller-{}.sock", std::process::id()));
    let spec = ListenSpec {
        bind: Vec::new(),
        port: 0,
        backlog: 511,
        cores: 2,
        unix: Some(UnixSpec { path: path.clone(), mode: Some(0o700) }),
    };
    let mut nets: Vec<_> = Listeners::bind(&spec)
        .unwrap()
        .into_cores()
        .into_iter()
        .map(|listeners| EpollNet::new(listeners, Waker::new().unwrap()).unwrap())
        .collect();
    let _client = UnixStream::connect(&path).unwrap();
    let mut events = Vec::new();
    nets[1].poll(&mut events, Wait::Until(None)).unwrap();
    let [NetEvent::Accepted(conn)] = events[..] else { panic!("{events:?}") };
    nets[0].poll(&mut events, Wait::No).unwrap();
    assert_eq!(events.len(), 1, "a client comes in once");
    let peer = nets[1].peer(conn);
    assert_eq!(peer.peer, format!("{}:0", path.display()));
    assert_eq!(peer.local, peer.peer);
    assert!(peer.is_unix);
    assert!(peer.is_loopback);
    nets[1].set_keepalive(conn, 300);
    nets[0].stop_listening();
    let _second = UnixStream::connect(&path).unwrap();
    nets[0].poll(&mut events, Wait::No).unwrap();
    assert_eq!(events.len(), 1, "this core has stopped listening");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn keepalive_is_what_redis_sets() {
    let mut house = House::new();
    let (_client, conn) = house.connect();
    house.net.set_keepalive(conn, 300);
    let fd = &house.net.open.get(conn).fd;
    assert!(sockopt::tcp_nodelay(fd).unwrap());
    assert!(sockopt::socket_keepalive(fd).unwrap());
    assert_eq!(sockopt::tcp_keepidle(fd).unwrap(), Duration::from_secs(300));
    assert_eq!(sockopt::tcp_keepintvl(fd).unwrap(), Duration::from_secs(100));
    assert_eq!(sockopt::tcp_keepcnt(fd).unwrap(), 3);
    house.net.set_keepalive(conn, 0);
    assert!(!sockopt::socket_keepalive(&house.net.open.get(conn).fd).unwrap());
}
