//! Replies of one client, in request order, whatever order they are made in.
//!
//! As long as every reply is made on the spot, it is written straight into `out`. From the first
//! request that is answered elsewhere on, replies line up:
//!
//! ```text
//!   out      | what may leave now                              |
//!   queue    | away | here 5 | away | arrived | here 9 | ...   |   in request order
//!   staged        | 5 bytes ..|            | 9 bytes .. |    bytes of the `here` pieces, in order
//! ```
//!
//! **Invariants**
//! - The front of `queue` is always `Away`; when it arrives, everything up to the next `Away` moves
//!   to `out`.
//! - `staged` holds exactly the bytes of the `Here` pieces.

use std::collections::VecDeque;

use resp::{Protocol, ReplyBuffer, ReplyWriter};

/// The place of a reply that is made elsewhere. Numbers start anew for each client and wrap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ticket(pub u32);

/// Memory that an idle client's replies keep, bytes.
const KEPT_BYTES: usize = 2048;

enum Piece {
    /// Made here, so many bytes of `staged`.
    Here(usize),
    /// Under way.
    Away,
    /// Came back before its turn.
    Arrived(Box<ReplyBuffer>),
}

/// A client's replies.
#[derive(Default)]
pub struct Replies {
    out: ReplyBuffer,
    staged: ReplyBuffer,
    queue: VecDeque<Piece>,
    /// The ticket of `queue[0]`.
    first: u32,
}

impl Replies {
    /// What may leave now.
    #[inline]
    pub fn out(&mut self) -> &mut ReplyBuffer {
        &mut self.out
    }

    /// What may leave now, to look at.
    #[inline]
    #[must_use]
    pub fn ready(&self) -> &ReplyBuffer {
        &self.out
    }

    /// Whether no reply is awaited.
    #[inline]
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.queue.is_empty()
    }

    /// Replies that are under way.
    #[must_use]
    pub fn awaited(&self) -> usize {
        self.queue.iter().filter(|piece| matches!(piece, Piece::Away)).count()
    }

    /// Whether the reply with this ticket has not come yet.
    #[must_use]
    pub fn is_awaited(&self, ticket: Ticket) -> bool {
        let place = ticket.0.wrapping_sub(self.first) as usize;
        matches!(self.queue.get(place), Some(Piece::Away))
    }

    /// Memory held, bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.out.memory() + self.staged.memory() + self.queue.capacity() * size_of::<Piece>()
    }

    /// Gives memory back once everything has left; what a client with short pipelines needs stays.
    #[inline]
    pub fn shrink(&mut self) {
        if self.queue.is_empty() && self.memory() > KEPT_BYTES {
            self.out.shrink(KEPT_BYTES / 2);
            self.staged.shrink(0);
            self.queue = VecDeque::new();
        }
    }

    /// Writes a reply that is made on the spot.
    #[inline]
    pub fn here<T>(
        &mut self,
        protocol: Protocol,
        write: impl FnOnce(&mut ReplyWriter<'_>) -> T,
    ) -> T {
        if self.queue.is_empty() {
            return write(&mut ReplyWriter::new(&mut self.out, protocol));
        }
        let before = self.staged.len();
        let result = write(&mut ReplyWriter::new(&mut self.staged, protocol));
        let made = self.staged.len() - before;
        if let Some(Piece::Here(bytes)) = self.queue.back_mut() {
            *bytes += made;
        } else {
            self.queue.push_back(Piece::Here(made));
        }
        result
    }

    /// Keeps the place of a reply that is made elsewhere.
    #[inline]
    pub fn away(&mut self) -> Ticket {
        let ticket = self.first.wrapping_add(self.queue.len() as u32);
        self.queue.push_back(Piece::Away);
        Ticket(ticket)
    }

    /// Takes a reply that was made elsewhere: the first `bytes` of `from`.
    ///
    /// # Panics
    /// If no reply with this ticket is awaited: answers come back once.
    pub fn arrived(&mut self, ticket: Ticket, from: &mut ReplyBuffer, bytes: usize) {
        let place = ticket.0.wrapping_sub(self.first) as usize;
        assert!(matches!(self.queue.get(place), Some(Piece::Away)), "an answer that is awaited");
        if place > 0 {
            let mut kept = Box::new(ReplyBuffer::new());
            from.move_front(bytes, &mut kept);
            self.queue[place] = Piece::Arrived(kept);
            return;
        }
        from.move_front(bytes, &mut self.out);
        self.pop();
        self.settle();
    }

    /// Moves everything up to the next awaited reply to `out`.
    fn settle(&mut self) {
        loop {
            match self.queue.front_mut() {
                None | Some(Piece::Away) => return,
                Some(Piece::Here(bytes)) => {
                    let bytes = *bytes;
                    self.staged.move_front(bytes, &mut self.out);
                }
                Some(Piece::Arrived(reply)) => {
                    let bytes = reply.len();
                    reply.move_front(bytes, &mut self.out);
                }
            }
            self.pop();
        }
    }

    fn pop(&mut self) {
        self.queue.pop_front();
        self.first = self.first.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(replies: &mut Replies, ticket: Ticket, text: &str) {
        let mut from = ReplyBuffer::new();
        ReplyWriter::new(&mut from, Protocol::Resp2).simple(text);
        let bytes = from.len();
        replies.arrived(ticket, &mut from, bytes);
        assert!(from.is_empty());
    }

    #[test]
    fn replies_leave_in_request_order() {
        let mut replies = Replies::default();
        replies.here(Protocol::Resp2, |writer| writer.simple("1"));
        let second = replies.away();
        replies.here(Protocol::Resp2, |writer| writer.simple("3"));
        replies.here(Protocol::Resp2, |writer| writer.simple("4"));
        let fifth = replies.away();
        let sixth = replies.away();
        replies.here(Protocol::Resp2, |writer| writer.simple("7"));
        assert_eq!(replies.ready().to_vec(), b"+1\r\n");
        arrive(&mut replies, sixth, "6");
        assert_eq!(replies.ready().to_vec(), b"+1\r\n");
        assert!([second, fifth].into_iter().all(|ticket| replies.is_awaited(ticket)));
        assert!(!replies.is_awaited(sixth), "it waits for its turn alone");
        arrive(&mut replies, second, "2");
        assert!(!replies.is_awaited(second) && replies.is_awaited(fifth));
        assert_eq!(replies.ready().to_vec(), b"+1\r\n+2\r\n+3\r\n+4\r\n");
        arrive(&mut replies, fifth, "5");
        assert_eq!(replies.ready().to_vec(), b"+1\r\n+2\r\n+3\r\n+4\r\n+5\r\n+6\r\n+7\r\n");
        assert!(replies.is_settled());
    }
}
