//! The sockets of one core on a level-triggered epoll.
//!
//! What the epoll set holds, by token:
//!
//! ```text
//!   generation 0, slot n      listener n of this core
//!   generation 0, slot max    the eventfd of this core's waker, edge-triggered: never read
//!   generation > 0            a connection (see `slots`)
//! ```
//!
//! One `recv` per readiness: less than asked for means that there is nothing more, and if there is,
//! the next poll says so. A process without free file descriptors stops accepting for a while
//! instead of being told of the same waiting client again and again.

use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};
use rustix::net::{recv, send, sendmsg, sockopt};

use crate::acceptor::{Acceptor, is_lack};
use crate::address::peer_of;
use crate::listen::CoreListeners;
use crate::net::{ConnId, Net, NetEvent, PeerInfo, Socket, Wait};
use crate::slots::Slots;
use crate::waker::Waker;

/// LIMIT: how many ready sockets one poll reports; the rest come with the next one.
const EVENTS_PER_POLL: usize = 512;
/// LIMIT: how many clients one poll accepts per listener, so that a storm of new clients does not
/// keep the old ones waiting.
const ACCEPTS_PER_POLL: usize = 64;
/// LIMIT: how many pieces the kernel takes in one call (IOV_MAX).
const PIECES_PER_SEND: usize = 1024;

const WAKER_TOKEN: u64 = u32::MAX as u64;
const FIRST_CONNECTION_TOKEN: u64 = 1 << 32;
const BROKEN: EventFlags = EventFlags::HUP.union(EventFlags::ERR);

/// What is kept of an open connection.
#[derive(Debug)]
struct Connection {
    fd: OwnedFd,
    interest: Interest,
}

/// What is watched for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Interest {
    readable: bool,
    writable: bool,
    /// False after a hang-up that nobody was watching for: the epoll set does not hold it any more.
    registered: bool,
}

/// The poller of one core.
pub struct EpollNet {
    epoll: OwnedFd,
    waker: Waker,
    acceptor: Acceptor,
    open: Slots<Connection>,
    ready: Vec<Event>,
    polls: u64,
}

impl EpollNet {
    /// A poller that accepts on `listeners` and is woken by `waker`, which must be on an eventfd.
    pub fn new(listeners: CoreListeners, waker: Waker) -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let eventfd = waker.fd().ok_or(io::ErrorKind::InvalidInput)?;
        // Edge-triggered, every write to the eventfd is reported once and nobody has to read it.
        let flags = EventFlags::IN | EventFlags::ET;
        epoll::add(&epoll, eventfd, EventData::new_u64(WAKER_TOKEN), flags)?;
        let acceptor = Acceptor::new(listeners.into_vec());
        acceptor.watch(&epoll)?;
        let ready = Vec::with_capacity(EVENTS_PER_POLL);
        Ok(Self { epoll, waker, acceptor, open: Slots::default(), ready, polls: 0 })
    }

    /// How often this poller has waited or looked, for tests of idleness.
    pub fn polls(&self) -> u64 {
        self.polls
    }

    /// The epoll itself, which is readable when a poll would report something.
    pub fn as_pollable(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }

    /// What wakes this poller.
    pub fn waker(&self) -> &Waker {
        &self.waker
    }

    fn accept_batch(&mut self, listener: usize, events: &mut Vec<NetEvent>) {
        for _ in 0..ACCEPTS_PER_POLL {
            let failed = match self.acceptor.accept(listener) {
                Ok(client) => match self.register(client) {
                    Ok(conn) => {
                        events.push(NetEvent::Accepted(conn));
                        continue;
                    }
                    Err(error) => error,
                },
                Err(Errno::AGAIN) => return,
                Err(error) if is_lack(error) => error,
                // The client gave up before we came to it, or the network failed between us.
                Err(_) => continue,
            };
            return self.acceptor.rest(&self.epoll, failed);
        }
    }

    fn register(&mut self, fd: OwnedFd) -> Result<ConnId, Errno> {
        let interest = Interest { readable: true, writable: false, registered: true };
        let conn = self.open.insert(Connection { fd, interest });
        let token = EventData::new_u64(self.open.token(conn));
        match epoll::add(&self.epoll, &self.open.get(conn).fd, token, EventFlags::IN) {
            Ok(()) => Ok(conn),
            Err(error) => {
                self.open.remove(conn);
                Err(error)
            }
        }
    }

    fn report(&mut self, event: Event, events: &mut Vec<NetEvent>) {
        let token = event.data.u64();
        if token == WAKER_TOKEN {
            events.push(NetEvent::Woken);
        } else if token < FIRST_CONNECTION_TOKEN {
            self.accept_batch(token as usize, events);
        } else if let Some(conn) = self.open.resolve(token) {
            self.report_connection(conn, event.flags, events);
        }
    }

    fn report_connection(&mut self, conn: ConnId, flags: EventFlags, events: &mut Vec<NetEvent>) {
        if flags.intersects(BROKEN) {
            events.push(NetEvent::Hangup(conn));
            let connection = self.open.get_mut(conn);
            if !connection.interest.readable {
                // Level-triggered, it would be reported for ever to somebody who does not read now.
                connection.interest.registered = false;
                let _ = epoll::delete(&self.epoll, &connection.fd);
            }
            return;
        }
        if flags.contains(EventFlags::IN) {
            events.push(NetEvent::Readable(conn));
        }
        if flags.contains(EventFlags::OUT) {
            events.push(NetEvent::Writable(conn));
        }
    }
}

impl Net for EpollNet {
    fn poll(&mut self, events: &mut Vec<NetEvent>, wait: Wait) -> io::Result<()> {
        self.open.recycle();
        self.polls += 1;
        let timeout = timeout_of(self.acceptor.resume(&self.epoll, wait)?);
        let mut ready = std::mem::take(&mut self.ready);
        ready.clear();
        let waited = epoll::wait(&self.epoll, spare_capacity(&mut ready), timeout.as_ref());
        for event in &ready {
            self.report(*event, events);
        }
        self.ready = ready;
        match waited {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn recv(&mut self, conn: ConnId, into: &mut Vec<u8>) -> io::Result<usize> {
        assert!(into.len() < into.capacity(), "there is room to read into");
        let fd = &self.open.get(conn).fd;
        let (received, _) = retry(|| recv(fd, spare_capacity(&mut *into), RecvFlags::empty()))?;
        Ok(received)
    }

    fn send(&mut self, conn: ConnId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let fd = &self.open.get(conn).fd;
        let sent = match pieces {
            [] => return Ok(0),
            [piece] => retry(|| send(fd, piece, SendFlags::NOSIGNAL)),
            _ => {
                let pieces = &pieces[..pieces.len().min(PIECES_PER_SEND)];
                let mut no_control = SendAncillaryBuffer::default();
                retry(|| sendmsg(fd, pieces, &mut no_control, SendFlags::NOSIGNAL))
            }
        };
        Ok(sent?)
    }

    fn watch(&mut self, conn: ConnId, readable: bool, writable: bool) {
        let token = EventData::new_u64(self.open.token(conn));
        let connection = self.open.get_mut(conn);
        let (before, wanted) =
            (connection.interest, Interest { readable, writable, registered: true });
        if (before.readable, before.writable) == (readable, writable) {
            return;
        }
        let mut flags = EventFlags::empty();
        flags.set(EventFlags::IN, readable);
        flags.set(EventFlags::OUT, writable);
        let changed = if before.registered {
            epoll::modify(&self.epoll, &connection.fd, token, flags)
        } else {
            epoll::add(&self.epoll, &connection.fd, token, flags)
        };
        changed.expect("the descriptor is open and its registration is known");
        connection.interest = wanted;
    }

    fn peer(&self, conn: ConnId) -> PeerInfo {
        peer_of(self.open.get(conn).fd.as_fd())
    }

    fn set_keepalive(&mut self, conn: ConnId, secs: u32) {
        // Best effort, as a unix socket has no such thing.
        let _ = keep_alive(self.open.get(conn).fd.as_fd(), secs);
    }

    fn close(&mut self, conn: ConnId) {
        // Closing the last descriptor of a socket takes it out of the epoll set.
        self.open.remove(conn);
        self.acceptor.end_rest();
    }

    fn detach(&mut self, conn: ConnId) -> Socket {
        let connection = self.open.remove(conn);
        if connection.interest.registered {
            epoll::delete(&self.epoll, &connection.fd).expect("it was in the set");
        }
        Socket::new(connection.fd)
    }

    fn adopt(&mut self, socket: Socket) -> io::Result<ConnId> {
        let fd = socket.into_inner::<OwnedFd>().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.register(fd)?)
    }

    fn stop_listening(&mut self) {
        self.acceptor.stop(&self.epoll);
    }
}

fn timeout_of(wait: Wait) -> Option<Timespec> {
    let limit = match wait {
        Wait::No => Some(Duration::ZERO),
        Wait::Until(limit) => limit,
    };
    // The kernel counts in milliseconds here, and `epoll::wait` rounds up: never too early. A day
    // is as good as any longer time, and fits.
    limit.map(|limit| {
        let limit = limit.min(Duration::from_secs(86_400));
        Timespec { tv_sec: limit.as_secs().cast_signed(), tv_nsec: limit.subsec_nanos().into() }
    })
}

fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            result => return result,
        }
    }
}

/// The same timing as Redis: the first probe after `secs`, three in all, a third of `secs` apart.
fn keep_alive(fd: BorrowedFd<'_>, secs: u32) -> Result<(), Errno> {
    sockopt::set_socket_keepalive(fd, secs > 0)?;
    if secs == 0 {
        return Ok(());
    }
    sockopt::set_tcp_keepidle(fd, Duration::from_secs(secs.into()))?;
    sockopt::set_tcp_keepintvl(fd, Duration::from_secs((secs / 3).max(1).into()))?;
    sockopt::set_tcp_keepcnt(fd, 3)
}

#[cfg(test)]
mod tests;
