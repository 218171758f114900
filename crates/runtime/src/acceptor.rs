//! Accepting clients, and resting from it.
//!
//! A process without free file descriptors cannot accept, and a level-triggered epoll would tell it
//! of the same waiting client again and again. So it takes its listeners out of the epoll set, and
//! puts them back when a connection was closed or a short time has passed.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::epoll::{self, EventData};
use rustix::io::Errno;
use rustix::net::{SocketFlags, accept_with, sockopt};

use crate::clock::{Clock, SystemClock};
use crate::listen::Listener;
use crate::net::Wait;

/// How long accepting rests.
const REST: Duration = Duration::from_millis(100);

/// The listeners of one core.
pub(crate) struct Acceptor {
    listeners: Vec<Listener>,
    /// While resting: when that is over, on the monotonic clock.
    again_ns: Option<u64>,
}

impl Acceptor {
    pub(crate) fn new(listeners: Vec<Listener>) -> Self {
        Self { listeners, again_ns: None }
    }

    /// Puts the listeners into the epoll set, each under its index.
    pub(crate) fn watch(&self, epoll: &OwnedFd) -> io::Result<()> {
        for (index, listener) in self.listeners.iter().enumerate() {
            let token = EventData::new_u64(index as u64);
            epoll::add(epoll, &listener.fd, token, listener.epoll_flags())?;
        }
        Ok(())
    }

    /// The next client of a listener; `AGAIN` if none waits.
    pub(crate) fn accept(&self, listener: usize) -> Result<OwnedFd, Errno> {
        let listener = self.listeners.get(listener).ok_or(Errno::AGAIN)?;
        let client = accept_with(&listener.fd, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC)?;
        if !listener.is_unix {
            // It fails only if the client has gone already; a read will tell.
            let _ = sockopt::set_tcp_nodelay(&client, true);
        }
        Ok(client)
    }

    /// Stops accepting for a while, because of that error.
    pub(crate) fn rest(&mut self, epoll: &OwnedFd, error: Errno) {
        if self.again_ns.is_none() {
            tracing::warn!("Error accepting a client connection: {error}");
            self.unwatch(epoll);
            self.again_ns = Some(SystemClock.mono_ns() + REST.as_nanos() as u64);
        }
    }

    /// Lets a rest be over with the next poll: something was given back.
    pub(crate) fn end_rest(&mut self) {
        if self.again_ns.is_some() {
            self.again_ns = Some(0);
        }
    }

    /// Accepts again if the rest is over; otherwise bounds `wait` by what is left of it.
    pub(crate) fn resume(&mut self, epoll: &OwnedFd, wait: Wait) -> io::Result<Wait> {
        let Some(again_ns) = self.again_ns else {
            return Ok(wait);
        };
        let left = Duration::from_nanos(again_ns.saturating_sub(SystemClock.mono_ns()));
        if left.is_zero() {
            self.again_ns = None;
            self.watch(epoll)?;
            return Ok(wait);
        }
        Ok(match wait {
            Wait::No => Wait::No,
            Wait::Until(limit) => Wait::Until(Some(limit.map_or(left, |limit| limit.min(left)))),
        })
    }

    /// Closes the listeners.
    pub(crate) fn stop(&mut self, epoll: &OwnedFd) {
        self.again_ns = None;
        // Explicitly: a unix listener is shared with the other cores, so closing it is not enough.
        self.unwatch(epoll);
        self.listeners.clear();
    }

    fn unwatch(&self, epoll: &OwnedFd) {
        for listener in &self.listeners {
            // It fails only if the listener is not in the set, which is what we want.
            let _ = epoll::delete(epoll, &listener.fd);
        }
    }
}

/// Whether accepting failed because the process or the machine has run out of something.
pub(crate) fn is_lack(error: Errno) -> bool {
    matches!(error, Errno::MFILE | Errno::NFILE | Errno::NOBUFS | Errno::NOMEM)
}
