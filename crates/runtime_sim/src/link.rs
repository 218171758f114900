//! One simulated connection: two streams of bytes, and how each end has left it.
//!
//! A link is shared by the client, which is the test, and by the core that holds its other end.
//! That end can move to another core inside a message, so the link is behind a lock, never
//! contended.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

/// LIMIT: how many bytes the client's end holds for a client that does not read.
pub(crate) const WINDOW_BYTES: usize = 64 << 10;

#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Sent by the client and still on the way.
    in_flight: VecDeque<u8>,
    arrived: VecDeque<u8>,
    /// The client sends no more after what is in flight.
    is_finished: bool,
    /// The core has been told of that.
    is_end_arrived: bool,
    /// The client is gone without a word: nothing can be read or written any more.
    is_reset: bool,
    to_client: VecDeque<u8>,
    is_closed_by_core: bool,
}

impl Link {
    // The client's end.

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        assert!(!self.is_finished, "the client has finished sending");
        self.in_flight.extend(bytes);
    }

    pub(crate) fn finish(&mut self) {
        self.is_finished = true;
    }

    pub(crate) fn reset(&mut self) {
        self.is_finished = true;
        self.is_reset = true;
        self.in_flight.clear();
        self.arrived.clear();
    }

    pub(crate) fn take_received(&mut self) -> Vec<u8> {
        self.to_client.drain(..).collect()
    }

    pub(crate) fn is_closed_by_core(&self) -> bool {
        self.is_closed_by_core
    }

    // The network between.

    /// How many bytes are on the way, and whether there is anything to deliver at all.
    pub(crate) fn undelivered(&self) -> (usize, bool) {
        let is_end_due = self.is_finished && !self.is_end_arrived && !self.is_reset;
        let has_any = !self.in_flight.is_empty() || is_end_due;
        (self.in_flight.len(), has_any && !self.is_closed_by_core)
    }

    /// Lets so many bytes arrive, or the end if none are on the way.
    pub(crate) fn deliver(&mut self, bytes: usize) {
        if self.in_flight.is_empty() {
            self.is_end_arrived = self.is_finished;
        }
        self.arrived.extend(self.in_flight.drain(..bytes));
    }

    // The core's end.

    pub(crate) fn is_readable(&self) -> bool {
        !self.arrived.is_empty() || self.is_end_arrived
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.room() > 0
    }

    pub(crate) fn is_reset(&self) -> bool {
        self.is_reset
    }

    pub(crate) fn arrived_bytes(&self) -> usize {
        self.arrived.len()
    }

    /// Moves so many of the bytes that have arrived.
    pub(crate) fn read(&mut self, bytes: usize, into: &mut Vec<u8>) {
        into.extend(self.arrived.drain(..bytes));
    }

    pub(crate) fn room(&self) -> usize {
        WINDOW_BYTES - self.to_client.len()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        assert!(bytes.len() <= self.room());
        self.to_client.extend(bytes);
    }
}

pub(crate) type SharedLink = Arc<Mutex<Link>>;

pub(crate) fn lock(link: &SharedLink) -> MutexGuard<'_, Link> {
    link.lock().expect("no method of a link panics with its lock held, unless the test is lost")
}

/// The core's end: dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct CoreEnd(pub(crate) SharedLink);

impl CoreEnd {
    pub(crate) fn link(&self) -> MutexGuard<'_, Link> {
        lock(&self.0)
    }
}

impl Drop for CoreEnd {
    fn drop(&mut self) {
        // After a panic elsewhere there is nobody left to tell.
        if let Ok(mut link) = self.0.lock() {
            link.is_closed_by_core = true;
        }
    }
}
