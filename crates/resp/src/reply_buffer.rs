//! The encoded replies of one connection, ready for `writev`.
//!
//! Small replies are bytes in one buffer. A big value stays where it is and is only referred to,
//! together with the place in the buffer before which it has to leave:
//!
//! ```text
//! bytes  +OK\r\n$20000\r\n|\r\n:1\r\n        big  [(13, 20000 bytes)]
//!                         13
//! pieces "+OK\r\n$20000\r\n", 20000 bytes, "\r\n:1\r\n"
//! ```
//!
//! Invariants:
//! - The places of the big values never decrease and lie inside `bytes`.
//! - `sent` bytes at the front of `bytes` have left; no unsent big value lies before them.

use std::collections::VecDeque;

use bytes::{Buf, Bytes};

/// Sent bytes are cut off the front once they are so many and make up most of the buffer.
const CUT_SENT: usize = 32 * 1024;

/// Encoded replies.
#[derive(Clone, Debug, Default)]
pub struct ReplyBuffer {
    bytes: Vec<u8>,
    sent: usize,
    big: VecDeque<(usize, Bytes)>,
    big_bytes: usize,
}

/// A place between two replies; valid until something before it is sent or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    bytes: usize,
    big: usize,
}

impl ReplyBuffer {
    /// Nothing to send; allocates nothing.
    pub fn new() -> ReplyBuffer {
        ReplyBuffer::default()
    }

    /// How many bytes are to be sent, big values included.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len() - self.sent + self.big_bytes
    }

    /// Whether nothing is to be sent.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == self.sent && self.big.is_empty()
    }

    /// Forgets everything and keeps the memory of the buffer.
    #[inline]
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.sent = 0;
        if !self.big.is_empty() {
            self.big.clear();
            self.big_bytes = 0;
        }
    }

    /// The unsent bytes if no big value lies among them: the common case, one plain `write`.
    #[inline]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.big.is_empty().then(|| &self.bytes[self.sent..])
    }

    /// What is to be sent, in order, for `writev`; no piece is empty.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> + Clone {
        let starts = std::iter::once(self.sent).chain(self.big.iter().map(|&(place, _)| place));
        let ends = self.big.iter().map(|&(place, _)| place).chain([self.bytes.len()]);
        let bigs = self.big.iter().map(|(_, value)| value.as_ref()).chain([[].as_slice()]);
        starts
            .zip(ends)
            .zip(bigs)
            .flat_map(|((start, end), big)| [&self.bytes[start..end], big])
            .filter(|piece| !piece.is_empty())
    }

    /// All that is to be sent in one piece; for tests and small replies.
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces().flatten().copied().collect()
    }

    /// Moves the replies of `other` behind ours and leaves it empty.
    pub fn append(&mut self, other: &mut ReplyBuffer) {
        if self.is_empty() && self.bytes.capacity() <= other.bytes.capacity() {
            self.clear();
            std::mem::swap(self, other);
            return;
        }
        let shift = |place: usize| place - other.sent + self.bytes.len();
        self.big.extend(other.big.drain(..).map(|(place, value)| (shift(place), value)));
        self.bytes.extend_from_slice(&other.bytes[other.sent..]);
        self.big_bytes += std::mem::take(&mut other.big_bytes);
        other.clear();
    }

    /// Appends bytes that are encoded already.
    #[inline]
    pub fn push_encoded(&mut self, encoded: &[u8]) {
        self.bytes.extend_from_slice(encoded);
    }

    /// Takes note that the first `count` bytes were sent.
    ///
    /// # Panics
    /// If there were not so many.
    pub fn consume(&mut self, mut count: usize) {
        assert!(count <= self.len(), "no more can be sent than there is");
        if count == self.len() {
            self.clear();
            return;
        }
        if self.big.is_empty() {
            self.sent += count;
            return self.cut_sent();
        }
        while count > 0 {
            let plain = self.big.front().map_or(self.bytes.len(), |&(place, _)| place) - self.sent;
            if count < plain {
                self.sent += count;
                break;
            }
            self.sent += plain;
            count -= plain;
            let Some((_, value)) = self.big.front_mut() else { break };
            let of_value = count.min(value.len());
            value.advance(of_value);
            self.big_bytes -= of_value;
            count -= of_value;
            if value.is_empty() {
                self.big.pop_front();
            }
        }
        self.cut_sent();
    }

    /// Moves the first `count` bytes of what is to be sent behind the replies of `to`.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn move_front(&mut self, count: usize, to: &mut ReplyBuffer) {
        assert!(count <= self.len(), "no more can be moved than there is");
        if self.big.is_empty() {
            to.bytes.extend_from_slice(&self.bytes[self.sent..self.sent + count]);
        } else {
            self.copy_front(count, to);
        }
        self.consume(count);
    }

    /// Copies the first `count` bytes, big values by reference.
    fn copy_front(&self, mut count: usize, to: &mut ReplyBuffer) {
        let mut at = self.sent;
        for (place, value) in &self.big {
            let plain = count.min(place - at);
            to.bytes.extend_from_slice(&self.bytes[at..at + plain]);
            (at, count) = (at + plain, count - plain);
            let of_value = count.min(value.len());
            if of_value > 0 {
                to.big.push_back((to.bytes.len(), value.slice(..of_value)));
                to.big_bytes += of_value;
                count -= of_value;
            }
        }
        to.bytes.extend_from_slice(&self.bytes[at..at + count]);
    }

    /// Gives memory beyond `bytes_max` back, if nothing is to be sent.
    pub fn shrink(&mut self, bytes_max: usize) {
        if self.is_empty() {
            self.clear();
            self.bytes.shrink_to(bytes_max);
            self.big = VecDeque::new();
        }
    }

    /// The memory held, in bytes, big values included.
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.big.capacity() * size_of::<(usize, Bytes)>() + self.big_bytes
    }

    /// The place behind all replies so far.
    #[inline]
    pub fn mark(&self) -> Mark {
        Mark { bytes: self.bytes.len(), big: self.big.len() }
    }

    /// Undoes what was written after `mark`.
    pub fn truncate_to(&mut self, mark: Mark) {
        self.bytes.truncate(mark.bytes);
        for (_, value) in self.big.drain(mark.big.min(self.big.len())..) {
            self.big_bytes -= value.len();
        }
    }

    /// Puts `header` at `mark`, before what was written after it.
    pub(crate) fn insert(&mut self, mark: Mark, header: &[u8]) {
        assert!(mark.bytes >= self.sent, "nothing goes before what was sent");
        self.bytes.splice(mark.bytes..mark.bytes, header.iter().copied());
        for (place, _) in self.big.iter_mut().skip(mark.big) {
            *place += header.len();
        }
    }

    /// The end of the buffer, for the writer.
    #[inline]
    pub(crate) fn tail(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Appends a big value by reference.
    pub(crate) fn push_big(&mut self, value: Bytes) {
        self.big_bytes += value.len();
        self.big.push_back((self.bytes.len(), value));
    }

    /// Keeps a connection that never drains wholly from growing without end.
    fn cut_sent(&mut self) {
        if self.sent < CUT_SENT || self.sent * 2 < self.bytes.len() {
            return;
        }
        self.bytes.drain(..self.sent);
        for (place, _) in &mut self.big {
            *place -= self.sent;
        }
        self.sent = 0;
    }
}

#[cfg(test)]
mod tests;
