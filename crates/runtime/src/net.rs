//! The sockets of one core, as a trait: readiness in, bytes in and out.
//!
//! **Invariants** that every implementation keeps, and the contract tests check:
//! - A [`ConnId`] is not given to another connection within the turn in which it was closed, and no
//!   later poll reports anything of a closed connection. (The events of the same turn may still
//!   name it: they were there before.)
//! - Readiness is level-triggered: what is not read now is reported again by the next poll, as long
//!   as it is watched for. A new connection is watched for reading. A read that filled its buffer
//!   to the brim may be followed by a report with nothing behind it.
//! - Nothing here waits except [`Net::poll`].

use std::any::Any;
use std::fmt;
use std::io::{self, IoSlice};
use std::time::Duration;

/// A connection of this core: the index of its slot, used again after the connection is closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ConnId(pub u32);

/// Something that became ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NetEvent {
    /// A client connected; the connection is watched for reading from now on.
    Accepted(ConnId),
    /// A read will not block.
    Readable(ConnId),
    /// A write will not block.
    Writable(ConnId),
    /// The connection is broken or closed both ways; a read tells which. Reported once if the
    /// connection is not watched for reading, else until it is closed.
    Hangup(ConnId),
    /// Another core or a helper thread woke this one.
    Woken,
}

/// Who is at the other end, and where it came in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeerInfo {
    /// `ip:port`, `[ip]:port` for IPv6, `/path:0` for a unix socket.
    pub peer: String,
    /// Our own end, written like `peer`.
    pub local: String,
    pub is_unix: bool,
    /// It came over the loopback interface or a unix socket, so from this machine.
    pub is_loopback: bool,
    /// The number of the file descriptor, or -1 where there is none.
    pub fd: i32,
}

/// How long a poll may wait if nothing is ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    No,
    /// At most so long; `None` is for ever.
    Until(Option<Duration>),
}

/// The sockets of one core.
pub trait Net {
    /// Waits as `wait` says, then appends what is ready. Allocates nothing in steady state.
    fn poll(&mut self, events: &mut Vec<NetEvent>, wait: Wait) -> io::Result<()>;

    /// Reads once into the spare capacity of `into`, which must not be empty.
    ///
    /// `Ok(0)` means that the peer has closed; nothing to read now is `WouldBlock`.
    fn recv(&mut self, conn: ConnId, into: &mut Vec<u8>) -> io::Result<usize>;

    /// Writes the pieces in one call, possibly only a part of them; `WouldBlock` if none.
    fn send(&mut self, conn: ConnId, pieces: &[IoSlice<'_>]) -> io::Result<usize>;

    /// Says what to report of this connection; costs nothing if that is unchanged.
    fn watch(&mut self, conn: ConnId, readable: bool, writable: bool);

    fn peer(&self, conn: ConnId) -> PeerInfo;

    /// Lets the kernel probe a silent peer after `secs`; 0 switches that off.
    fn set_keepalive(&mut self, conn: ConnId, secs: u32);

    fn close(&mut self, conn: ConnId);

    /// Takes a connection out of this core, to be adopted by another one.
    fn detach(&mut self, conn: ConnId) -> Socket;

    /// Takes a detached connection in; it is watched for reading.
    fn adopt(&mut self, socket: Socket) -> io::Result<ConnId>;

    /// Closes the listening sockets; connections stay.
    fn stop_listening(&mut self);
}

/// A connection on its way from one core to another; dropping it closes it.
///
/// What is inside is known only to the implementation of [`Net`] that made it.
pub struct Socket(Box<dyn Any + Send>);

impl Socket {
    pub fn new(inner: impl Any + Send) -> Self {
        Self(Box::new(inner))
    }

    /// What was put in, if it is a `T`: a core adopts only what its own kind of net detached.
    pub fn into_inner<T: Any>(self) -> Option<T> {
        self.0.downcast().ok().map(|inner| *inner)
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Socket")
    }
}
