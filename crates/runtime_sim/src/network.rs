//! The sockets of one simulated core.
//!
//! They behave as real ones do, at their worst: a read returns any part of what has arrived, a
//! write takes any part of what there is room for, a poll reports any of the ready connections (but
//! at least one) in any order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use runtime::slots::Slots;
use runtime::{ConnId, Net, NetEvent, PeerInfo, Socket, Wait};
use stdx::prng::Prng;

use crate::link::{CoreEnd, SharedLink};

/// The address that every simulated core listens on.
const LOCAL: &str = "127.0.0.1:6379";
/// The port of the first client; the next one has the next port.
const FIRST_CLIENT_PORT: usize = 40_000;

/// The one source of chance of a simulation.
pub(crate) type Chance = Rc<RefCell<Prng>>;

/// A client that has connected and is not accepted yet.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) client: usize,
    pub(crate) link: SharedLink,
}

/// A connection, from the side of its core. It moves between cores as a whole.
#[derive(Debug)]
struct Connection {
    client: usize,
    end: CoreEnd,
    readable: bool,
    writable: bool,
    /// A hang-up was reported that nobody watches for: not again until the interest changes.
    is_hangup_told: bool,
}

impl Connection {
    fn readiness(&self, conn: ConnId) -> [Option<NetEvent>; 2] {
        let link = self.end.link();
        if link.is_reset() {
            let is_news = self.readable || !self.is_hangup_told;
            return [is_news.then_some(NetEvent::Hangup(conn)), None];
        }
        [
            (self.readable && link.is_readable()).then_some(NetEvent::Readable(conn)),
            (self.writable && link.is_writable()).then_some(NetEvent::Writable(conn)),
        ]
    }
}

/// The sockets of one core.
#[derive(Debug)]
pub struct SimNet {
    chance: Chance,
    open: Slots<Connection>,
    arrivals: VecDeque<Arrival>,
    is_listening: bool,
    woken: Arc<AtomicBool>,
}

impl SimNet {
    pub(crate) fn new(chance: Chance, woken: Arc<AtomicBool>) -> Self {
        let (open, arrivals) = (Slots::default(), VecDeque::new());
        Self { chance, open, arrivals, is_listening: true, woken }
    }

    pub(crate) fn is_listening(&self) -> bool {
        self.is_listening
    }

    pub(crate) fn arrive(&mut self, arrival: Arrival) {
        self.arrivals.push_back(arrival);
    }

    /// The core has ended: all its sockets are closed.
    pub(crate) fn shut_down(&mut self) {
        self.stop_listening();
        self.open = Slots::default();
    }

    /// Whether a poll would report anything.
    pub(crate) fn is_ready(&self) -> bool {
        self.woken.load(Ordering::Relaxed)
            || !self.arrivals.is_empty()
            || self.ready_events().next().is_some()
    }

    fn ready_events(&self) -> impl Iterator<Item = NetEvent> {
        self.open.iter().flat_map(|(conn, connection)| connection.readiness(conn)).flatten()
    }

    fn accept(&mut self, events: &mut Vec<NetEvent>) {
        for Arrival { client, link } in self.arrivals.drain(..) {
            let conn = self.open.insert(Connection {
                client,
                end: CoreEnd(link),
                readable: true,
                writable: false,
                is_hangup_told: false,
            });
            events.push(NetEvent::Accepted(conn));
        }
    }

    /// Any of what is ready, in any order, but not nothing.
    fn report_some(&mut self, events: &mut Vec<NetEvent>) {
        let mut ready: Vec<_> = self.ready_events().collect();
        let mut chance = self.chance.borrow_mut();
        shuffle(&mut ready, &mut chance);
        let all = ready.len() as u64;
        // Mostly all of it, as a real poll would.
        let count = if chance.below(4) == 0 { 1 + chance.below(all.max(1)) } else { all };
        ready.truncate(count as usize);
        drop(chance);
        for event in &ready {
            if let NetEvent::Hangup(conn) = event {
                self.open.get_mut(*conn).is_hangup_told = true;
            }
        }
        events.extend(ready);
    }

    /// Up to `limit`, at least one: all of it half of the time, else any part.
    fn some_of(&self, limit: usize) -> usize {
        let mut chance = self.chance.borrow_mut();
        some_of(limit, &mut chance)
    }
}

impl Net for SimNet {
    fn poll(&mut self, events: &mut Vec<NetEvent>, _wait: Wait) -> io::Result<()> {
        self.open.recycle();
        if self.woken.swap(false, Ordering::Relaxed) {
            events.push(NetEvent::Woken);
        }
        self.report_some(events);
        self.accept(events);
        Ok(())
    }

    fn recv(&mut self, conn: ConnId, into: &mut Vec<u8>) -> io::Result<usize> {
        let room = into.capacity() - into.len();
        assert!(room > 0, "there is room to read into");
        let mut link = self.open.get(conn).end.link();
        if link.is_reset() {
            return Err(ErrorKind::ConnectionReset.into());
        }
        match link.arrived_bytes().min(room) {
            0 if link.is_readable() => Ok(0),
            0 => Err(ErrorKind::WouldBlock.into()),
            possible => {
                let received = self.some_of(possible);
                link.read(received, into);
                Ok(received)
            }
        }
    }

    fn send(&mut self, conn: ConnId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut link = self.open.get(conn).end.link();
        if link.is_reset() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let offered: usize = pieces.iter().map(|piece| piece.len()).sum();
        if offered == 0 {
            return Ok(0);
        }
        if link.room() == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        let sent = self.some_of(offered.min(link.room()));
        let mut left = sent;
        for piece in pieces {
            let part = &piece[..piece.len().min(left)];
            link.write(part);
            left -= part.len();
        }
        Ok(sent)
    }

    fn watch(&mut self, conn: ConnId, readable: bool, writable: bool) {
        let connection = self.open.get_mut(conn);
        if (connection.readable, connection.writable) != (readable, writable) {
            (connection.readable, connection.writable) = (readable, writable);
            connection.is_hangup_told = false;
        }
    }

    fn peer(&self, conn: ConnId) -> PeerInfo {
        PeerInfo {
            peer: format!("127.0.0.1:{}", FIRST_CLIENT_PORT + self.open.get(conn).client),
            local: LOCAL.to_owned(),
            is_unix: false,
            is_loopback: true,
            fd: -1,
        }
    }

    fn set_keepalive(&mut self, _conn: ConnId, _secs: u32) {}

    fn close(&mut self, conn: ConnId) {
        self.open.remove(conn);
    }

    fn detach(&mut self, conn: ConnId) -> Socket {
        Socket::new(self.open.remove(conn))
    }

    fn adopt(&mut self, socket: Socket) -> io::Result<ConnId> {
        let moved = socket.into_inner::<Connection>().ok_or(ErrorKind::InvalidInput)?;
        let fresh = Connection { readable: true, writable: false, is_hangup_told: false, ..moved };
        Ok(self.open.insert(fresh))
    }

    fn stop_listening(&mut self) {
        self.is_listening = false;
        // Who was not accepted yet is refused.
        for arrival in self.arrivals.drain(..) {
            drop(CoreEnd(arrival.link));
        }
    }
}

/// Up to `limit`, at least one: all of it half of the time, else any part.
pub(crate) fn some_of(limit: usize, chance: &mut Prng) -> usize {
    if chance.below(2) == 0 { limit } else { 1 + chance.below(limit as u64) as usize }
}

/// Puts the items into any order.
fn shuffle<T>(items: &mut [T], chance: &mut Prng) {
    for last in (1..items.len()).rev() {
        items.swap(last, chance.below(last as u64 + 1) as usize);
    }
}
