//! What a client has sent and the core has not yet run.
//!
//! Bytes are read into a buffer of the core and parsed there. A client has memory of its own only
//! while something is left over:
//!
//! ```text
//!   backlog: whole requests that were parsed but must wait (the session stands still)
//!   buffer:  bytes after them, from the start of the first request that is not complete
//!   parser:  how far into that request it got; big values grow in a buffer of their own
//! ```

use resp::{Batch, Parser, Requests};

/// Requests that were parsed and wait their turn.
#[derive(Debug, Default)]
pub struct Backlog {
    requests: Requests,
    next: usize,
}

impl Backlog {
    /// Keeps the requests `from..` of a batch that was parsed from `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8], batch: &Batch, from: usize) -> Self {
        let mut kept = Self::default();
        for index in from..batch.len() {
            kept.requests.push(batch.request(bytes, index));
        }
        kept
    }

    /// The words and the first request that has not run.
    #[must_use]
    pub fn rest(&self) -> (&[u8], &Batch, usize) {
        let (bytes, batch) = self.requests.parts();
        (bytes, batch, self.next)
    }

    /// Says up to where the requests have run; true when none is left.
    pub fn advance_to(&mut self, next: usize) -> bool {
        self.next = next;
        next >= self.requests.len()
    }

    /// Memory held, bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.requests.memory()
    }
}

/// A client's input that is left over between turns.
#[derive(Default)]
pub struct Input {
    /// Knows how far an incomplete request is parsed.
    pub parser: Parser,
    /// Bytes not yet parsed into a request.
    pub buffer: Vec<u8>,
    /// Requests not yet run.
    pub backlog: Option<Box<Backlog>>,
}

impl Input {
    /// Bytes of requests that are waiting or incomplete (`qbuf` of CLIENT LIST).
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        let backlog = self.backlog.as_ref().map_or(0, |backlog| backlog.requests.bytes());
        self.buffer.len() + self.parser.pending_bytes() + backlog
    }

    /// Memory held, bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let backlog = self.backlog.as_ref().map_or(0, |backlog| backlog.memory());
        self.buffer.capacity() + self.parser.pending_bytes() + backlog
    }
}
