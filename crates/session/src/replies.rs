//! Replies of one client, in request order, whatever order they are made in.
//!
//! As long as every reply is made on the spot, it is written straight into `out`. From the first
//! request that is answered elsewhere on, replies line up:
//!
//! ```text
//!   out      | what may leave now                                            |
//!   queue    | away | here 5 | woven: 2 there, 1 here, 3 there | here 9 | ...   in request order
//!   staged        | 5 bytes ..|         | 7 bytes ..|     | 9 bytes .. |   what was made here
//! ```
//!
//! What leaves for another core in one turn is answered by one block of replies. Where a pipeline
//! was dealt to several cores, the blocks are woven into one when all of them have come.
//!
//! **Invariants**
//! - The front of `queue` always awaits something; when that arrives, everything up to the next
//!   piece that awaits something moves to `out`.
//! - `staged` holds exactly the bytes of what was made here, in order.

use std::collections::VecDeque;

use resp::{Protocol, ReplyBuffer, ReplyWriter};

mod weave;

use weave::{Arrived, Weave};
pub use weave::{Block, Run, Strand};

/// The place of replies that are made elsewhere. Numbers start anew for each client and wrap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ticket(pub u32);

/// Memory that an idle client's replies keep, bytes.
const KEPT_BYTES: usize = 2048;

enum Piece {
    /// Made here, so many bytes of `staged`.
    Here(usize),
    /// So many, under way in one block.
    Away(u32),
    /// Came back before its turn.
    Arrived(Box<ReplyBuffer>),
    /// Made in several places.
    Woven(Box<Weave>),
}

const _: () = assert!(size_of::<Piece>() <= 16);

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
        let awaited = |piece: &Piece| match piece {
            Piece::Here(_) | Piece::Arrived(_) => 0,
            Piece::Away(replies) => *replies as usize,
            Piece::Woven(weave) => weave.awaited(),
        };
        self.queue.iter().map(awaited).sum()
    }

    /// Whether the reply with this ticket has not come yet.
    #[must_use]
    pub fn is_awaited(&self, ticket: Ticket) -> bool {
        let place = ticket.0.wrapping_sub(self.first) as usize;
        match self.queue.get(place) {
            Some(Piece::Away(_)) => true,
            Some(Piece::Woven(weave)) => !weave.is_whole(),
            _ => false,
        }
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
        let (result, made) = self.aside(protocol, write);
        if let Some(Piece::Here(bytes)) = self.queue.back_mut() {
            *bytes += made;
        } else {
            self.queue.push_back(Piece::Here(made));
        }
        result
    }

    /// Writes replies that are made on the spot and belong to the weave that begins next. Answers
    /// how many bytes they are as well.
    #[inline]
    pub fn aside<T>(
        &mut self,
        protocol: Protocol,
        write: impl FnOnce(&mut ReplyWriter<'_>) -> T,
    ) -> (T, usize) {
        let before = self.staged.len();
        let result = write(&mut ReplyWriter::new(&mut self.staged, protocol));
        (result, self.staged.len() - before)
    }

    /// The ticket that [`away`](Self::away) or [`weave`](Self::weave) will give next.
    #[inline]
    #[must_use]
    pub fn next_ticket(&self) -> Ticket {
        Ticket(self.first.wrapping_add(self.queue.len() as u32))
    }

    /// Keeps the place of so many replies that are made elsewhere, in one block.
    #[inline]
    pub fn away(&mut self, replies: u32) -> Ticket {
        let ticket = self.next_ticket();
        self.queue.push_back(Piece::Away(replies));
        ticket
    }

    /// Keeps the place of replies that are made in several places, at least one of them elsewhere.
    pub fn weave(&mut self, runs: &[Run]) -> Ticket {
        let ticket = self.next_ticket();
        self.queue.push_back(Piece::Woven(Box::new(Weave::new(runs))));
        ticket
    }

    /// Takes a block of replies that was made elsewhere.
    ///
    /// # Panics
    /// If no block with this ticket is awaited from there: answers come back once.
    pub fn arrived(&mut self, ticket: Ticket, strand: Strand, mut block: Block<'_>) {
        let place = ticket.0.wrapping_sub(self.first) as usize;
        match self.queue.get_mut(place) {
            Some(Piece::Away(_)) if place == 0 => {
                let bytes = block.bytes();
                block.reply.move_front(bytes, &mut self.out);
            }
            Some(piece @ Piece::Away(_)) => {
                let mut kept = Box::new(ReplyBuffer::new());
                block.reply.move_front(block.bytes(), &mut kept);
                *piece = Piece::Arrived(kept);
                return;
            }
            Some(Piece::Woven(weave)) => {
                weave.expect_one();
                if place > 0 || !weave.is_whole() {
                    weave.keep(Arrived::take(strand, &mut block));
                    return;
                }
                weave.finish(Some((strand, &mut block)), &mut self.staged, &mut self.out);
            }
            _ => panic!("an answer that is awaited"),
        }
        self.pop();
        self.settle();
    }

    /// Moves everything up to what is awaited next to `out`.
    fn settle(&mut self) {
        loop {
            match self.queue.front_mut() {
                None | Some(Piece::Away(_)) => return,
                Some(Piece::Here(bytes)) => {
                    let bytes = *bytes;
                    self.staged.move_front(bytes, &mut self.out);
                }
                Some(Piece::Arrived(reply)) => {
                    let bytes = reply.len();
                    reply.move_front(bytes, &mut self.out);
                }
                Some(Piece::Woven(weave)) => {
                    if !weave.is_whole() {
                        return;
                    }
                    weave.finish(None, &mut self.staged, &mut self.out);
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
mod tests;
