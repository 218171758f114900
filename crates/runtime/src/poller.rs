//! The sockets of one core on an edge-triggered epoll.
//!
//! [`Net`] is level-triggered, and the kernel's way to be that is to look at every reported socket
//! once more in the next poll (5 % of the time of small requests, measured). Here the kernel
//! reports a socket once, and what it said is remembered until a short read shows that nothing is
//! left; only a socket that was reported and not read to its end is reported again, without the
//! kernel.
//!
//! What the epoll set holds, by token:
//!
//! ```text
//!   generation 0, slot n      listener n of this core
//!   generation 0, slot max    the eventfd of this core's waker, edge-triggered: never read
//!   generation > 0            a connection (see `slots`)
//! ```
//!
//! One `recv` per readiness: less than asked for means that there is nothing more, and if more
//! comes, that is a new edge (see epoll(7)). A process without free file descriptors stops
//! accepting for a while instead of being told of the same waiting client again and again.

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
    /// What its user watches for.
    interest: Readiness,
    /// What the kernel has reported and nobody has used up.
    ready: Readiness,
    /// The peer sends no more: behind what there is to read lies the end, which makes no edge.
    is_ending: bool,
    /// It is broken or closed both ways.
    is_broken: bool,
    /// Its token is in `reported`.
    is_listed: bool,
}

/// What could be done, or what is to be reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Readiness {
    read: bool,
    write: bool,
}

/// The poller of one core.
pub struct EpollNet {
    epoll: OwnedFd,
    waker: Waker,
    acceptor: Acceptor,
    open: Slots<Connection>,
    ready: Vec<Event>,
    /// Tokens of the connections that were reported last, or became of interest since.
    reported: Vec<u64>,
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
        let open = Slots::default();
        Ok(Self { epoll, waker, acceptor, open, ready, reported: Vec::new(), polls: 0 })
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
        let interest = Readiness { read: true, write: false };
        let conn = self.open.insert(Connection {
            fd,
            interest,
            ready: Readiness { read: false, write: false },
            is_ending: false,
            is_broken: false,
            is_listed: false,
        });
        let token = EventData::new_u64(self.open.token(conn));
        match epoll::add(&self.epoll, &self.open.get(conn).fd, token, flags_of(interest)) {
            Ok(()) => Ok(conn),
            Err(error) => {
                self.open.remove(conn);
                Err(error)
            }
        }
    }

    /// Whether a poll would report something without asking the kernel.
    pub fn has_unused(&self) -> bool {
        let connections = self.reported.iter().filter_map(|token| self.open.resolve(*token));
        connections.map(|conn| self.open.get(conn)).any(Connection::is_due)
    }

    /// Reports again what was reported before and not used up.
    fn report_unused(&mut self, events: &mut Vec<NetEvent>) {
        let mut reported = std::mem::take(&mut self.reported);
        reported.retain(|token| {
            let Some(conn) = self.open.resolve(*token) else { return false };
            let connection = self.open.get_mut(conn);
            connection.is_listed = connection.is_due();
            if connection.is_listed {
                connection.report(conn, events);
            }
            connection.is_listed
        });
        self.reported = reported;
    }

    fn report(&mut self, event: Event, events: &mut Vec<NetEvent>) {
        let token = event.data.u64();
        if token == WAKER_TOKEN {
            events.push(NetEvent::Woken);
        } else if token < FIRST_CONNECTION_TOKEN {
            self.accept_batch(token as usize, events);
        } else {
            self.report_connection(token, event.flags, events);
        }
    }

    fn report_connection(&mut self, token: u64, flags: EventFlags, events: &mut Vec<NetEvent>) {
        let Some(conn) = self.open.resolve(token) else { return };
        let connection = self.open.get_mut(conn);
        connection.ready.read |= flags.contains(EventFlags::IN);
        connection.ready.write |= flags.contains(EventFlags::OUT);
        connection.is_ending |= flags.contains(EventFlags::RDHUP);
        if flags.intersects(BROKEN) && !connection.is_broken {
            connection.is_broken = true;
            if !connection.interest.read {
                // Nobody reads now, but they want to know, once.
                events.push(NetEvent::Hangup(conn));
            }
        }
        // One in the list has been reported in this very poll.
        if connection.is_due() && !connection.is_listed {
            connection.is_listed = true;
            connection.report(conn, events);
            self.reported.push(token);
        }
    }
}

impl Connection {
    /// Whether there is something to report that is watched for.
    #[inline]
    fn is_due(&self) -> bool {
        let read = self.interest.read && (self.ready.read || self.is_broken);
        read || (self.interest.write && self.ready.write && !self.is_broken)
    }

    #[inline]
    fn report(&self, conn: ConnId, events: &mut Vec<NetEvent>) {
        if self.is_broken {
            return events.push(NetEvent::Hangup(conn));
        }
        if self.interest.read && self.ready.read {
            events.push(NetEvent::Readable(conn));
        }
        if self.interest.write && self.ready.write {
            events.push(NetEvent::Writable(conn));
        }
    }
}

/// Reading is always reported to us; that writing is possible, only on demand.
fn flags_of(interest: Readiness) -> EventFlags {
    let mut flags = EventFlags::IN | EventFlags::RDHUP | EventFlags::ET;
    flags.set(EventFlags::OUT, interest.write);
    flags
}

impl Net for EpollNet {
    fn poll(&mut self, events: &mut Vec<NetEvent>, wait: Wait) -> io::Result<()> {
        self.open.recycle();
        self.polls += 1;
        self.report_unused(events);
        let wait = if self.reported.is_empty() { wait } else { Wait::No };
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
        let connection = self.open.get_mut(conn);
        let fd = &connection.fd;
        let received = retry(|| recv(fd, spare_capacity(&mut *into), RecvFlags::empty()));
        connection.ready.read = match received {
            Ok(_) => connection.is_ending || into.len() == into.capacity(),
            Err(error) => error != Errno::AGAIN,
        };
        Ok(received?.0)
    }

    fn send(&mut self, conn: ConnId, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let connection = self.open.get_mut(conn);
        let fd = &connection.fd;
        let sent = match pieces {
            [] => return Ok(0),
            [piece] => retry(|| send(fd, piece, SendFlags::NOSIGNAL)),
            _ => {
                let pieces = &pieces[..pieces.len().min(PIECES_PER_SEND)];
                let mut no_control = SendAncillaryBuffer::default();
                retry(|| sendmsg(fd, pieces, &mut no_control, SendFlags::NOSIGNAL))
            }
        };
        connection.ready.write &= sent != Err(Errno::AGAIN);
        Ok(sent?)
    }

    fn watch(&mut self, conn: ConnId, readable: bool, writable: bool) {
        let connection = self.open.get(conn);
        let (before, wanted) = (connection.interest, Readiness { read: readable, write: writable });
        if before == wanted {
            return;
        }
        let token = self.open.token(conn);
        let connection = self.open.get_mut(conn);
        connection.interest = wanted;
        if before.write != wanted.write {
            // The kernel looks anew, and reports whatever is ready now.
            connection.ready.write = false;
            let data = EventData::new_u64(token);
            epoll::modify(&self.epoll, &connection.fd, data, flags_of(wanted))
                .expect("the descriptor is open and registered");
        }
        if connection.is_due() && !connection.is_listed {
            connection.is_listed = true;
            self.reported.push(token);
        }
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
        epoll::delete(&self.epoll, &connection.fd).expect("it is in the set");
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
