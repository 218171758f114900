//! What travels in the corridors: one envelope per destination and turn.
//!
//! An envelope carries everything that one core has for another one: calls of commands, answers to
//! calls, and posts (transactions, questions to every core, connections that move).
//!
//! ```text
//!   blocks    | head: GET of client 7, db 0    | SET of client 9 |     who asks, once
//!   calls     | hash, shard | hash, shard | .. | hash, shard |         which key
//!   requests  | GET k1      | GET k2      | .. | SET k v     |         the words
//!
//!   heads     | client 7, 2 replies | ..                               answers, one per block
//!   ends      | 11 | 24 | ..
//!   reply     | $5 hello | $6 ...   | ..
//! ```
//!
//! **Invariants**
//! - Every block of calls is answered exactly once and whole. Blocks may be answered in another
//!   order than they came in: one whose keys are in use waits.
//! - A call is only put in against a credit ([`Credit`]); its answer gives it back. Consuming never
//!   waits for producing: what has no credit stays in its session, which is not read from
//!   meanwhile.

use std::ops::Range;

use command::CommandId;
use keyspace::{DbIndex, UnixMillis};
use resp::{Args, Argv, Batch, Protocol, ReplyBuffer, Requests};
use session::{CorePart, Session, Ticket};
use txn::ShardId;

use crate::core::{Guest, Leg};

/// A client on its own core, so that an answer finds it or learns that it has gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asker {
    /// Its session's key on its core.
    pub key: u32,
    /// The place of the reply.
    pub ticket: Ticket,
    /// Its client id, which is never used again.
    pub client: u64,
    /// The reply is dropped (CLIENT REPLY OFF).
    pub(crate) muted: bool,
}

/// Whose calls these are, and how a handler is to see their client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CallHead {
    /// Whom to answer.
    pub asker: Asker,
    /// Which command.
    pub command: CommandId,
    /// In which database.
    pub db: DbIndex,
    /// In which protocol to answer.
    pub protocol: Protocol,
    /// False under CLIENT NO-TOUCH.
    pub touch: bool,
}

/// Where a call goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    hash: u64,
    is_hashed: bool,
    /// Which shard.
    pub shard: ShardId,
}

const _: () = assert!(size_of::<Call>() <= 16);

impl Call {
    /// A call of a shard; with the hash of its only key, if it has one.
    #[inline]
    pub(crate) fn new(shard: ShardId, hash: Option<u64>) -> Self {
        Self { hash: hash.unwrap_or_default(), is_hashed: hash.is_some(), shard }
    }

    /// The hash of its only key.
    #[inline]
    pub(crate) fn hash(self) -> Option<u64> {
        self.is_hashed.then_some(self.hash)
    }
}

/// Calls of one command by one client, answered together.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Whose.
    pub head: CallHead,
    /// The first of its calls.
    pub start: u32,
    /// Behind the last of them.
    pub end: u32,
    /// What they took of the credit.
    pub bytes: usize,
}

impl Block {
    /// How many calls.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    #[inline]
    fn calls(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Calls of commands, block by block.
#[derive(Default)]
pub(crate) struct Calls {
    blocks: Vec<Block>,
    calls: Vec<Call>,
    requests: Requests,
}

impl Calls {
    /// Begins a block, which the next calls belong to.
    pub(crate) fn open(&mut self, head: CallHead) {
        let start = self.calls.len() as u32;
        self.blocks.push(Block { head, start, end: start, bytes: 0 });
    }

    /// Adds a call to the last block; its words are copied once, big values are moved.
    ///
    /// # Panics
    /// If there is no block.
    #[inline]
    pub(crate) fn push(&mut self, call: Call, args: Args<'_>) {
        let block = self.blocks.last_mut().expect("a block was begun");
        block.bytes += self.requests.push(args);
        block.end += 1;
        self.calls.push(call);
    }

    /// Adds the calls of a range of requests to the last block, all of one shard, with the hashes
    /// of their keys.
    ///
    /// # Panics
    /// If there is no block.
    #[inline]
    pub(crate) fn push_all(
        &mut self,
        shard: ShardId,
        hashes: impl Iterator<Item = u64>,
        (bytes, batch, range): (&[u8], &Batch, Range<usize>),
    ) {
        let block = self.blocks.last_mut().expect("a block was begun");
        block.end += range.len() as u32;
        block.bytes += self.requests.push_all(bytes, batch, range);
        self.calls.extend(hashes.map(|hash| Call::new(shard, Some(hash))));
    }

    /// How many blocks there are.
    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// One block.
    #[inline]
    pub(crate) fn block(&self, index: usize) -> &Block {
        &self.blocks[index]
    }

    /// The block that was begun last.
    pub(crate) fn last(&self) -> Option<&Block> {
        self.blocks.last()
    }

    /// The calls of a block.
    #[inline]
    pub(crate) fn calls_of(&self, block: &Block) -> &[Call] {
        &self.calls[block.calls()]
    }

    /// Their words.
    #[inline]
    pub(crate) fn words_of(&self, block: &Block) -> impl Iterator<Item = Args<'_>> {
        self.requests.range(block.calls())
    }

    fn clear(&mut self) {
        self.blocks.clear();
        self.calls.clear();
        self.requests.clear(KEPT_BYTES);
    }
}

/// Who is answered, with how many replies.
pub(crate) struct AnswerHead {
    /// Whom.
    pub asker: Asker,
    /// How many calls are answered, all of one block.
    pub calls: u32,
    /// What they took of the credit.
    pub bytes: usize,
}

/// Answers to blocks of calls, their replies in one buffer.
#[derive(Default)]
pub(crate) struct Answers {
    /// One for each block.
    pub heads: Vec<AnswerHead>,
    /// Where each reply ends.
    pub ends: Vec<usize>,
    /// The replies, one after the other.
    pub reply: ReplyBuffer,
}

impl Answers {
    /// Adds the answer to a block; its replies were written since the last one.
    #[inline]
    pub(crate) fn push(&mut self, asker: Asker, calls: usize, bytes: usize) {
        self.heads.push(AnswerHead { asker, calls: calls as u32, bytes });
    }
}

/// A question to every core, in one order for all such questions: core 0 hands them out.
pub(crate) struct Question {
    /// Core of the client.
    pub from: u16,
    /// Number on that core.
    pub number: u64,
    /// Which command.
    pub command: CommandId,
    /// Its words.
    pub words: Argv,
    /// Who asks.
    pub client: u64,
    /// Its protocol.
    pub protocol: Protocol,
    /// Its database.
    pub db: DbIndex,
    /// It belongs to the EXEC that has the house.
    pub in_house: bool,
}

/// What travels beside calls and answers.
pub(crate) enum Post {
    /// A transaction's message.
    Txn(txn::Destination, txn::Message),
    /// Wagons of a train, to be served at once if nobody is in the way.
    Leg(Box<Leg>),
    /// They come back.
    LegBack(Box<Leg>),
    /// To core 0: hand this question to every core.
    Ask(Box<Question>),
    /// From core 0: answer this question to its core.
    Question(Box<Question>),
    /// One core's answer.
    Told { number: u64, core: u16, part: CorePart },
    /// To core 0: an EXEC of this core wants all shards.
    Claim { from: u16 },
    /// From core 0: lend your shards to this core.
    Borrow { to: u16 },
    /// To the core of the EXEC: here are shards.
    Guests(Vec<Guest>),
    /// To their own core: your shards are back.
    Home(Vec<Guest>),
    /// To core 0: the sender has its shards back.
    Over,
    /// More than `maxmemory` is used: see what can be evicted there.
    MakeRoom,
    /// A connection moves to this core.
    Adopt(Box<(Session, runtime::Socket)>),
}

const _: () = assert!(size_of::<Asker>() <= 24);

/// What a corridor carries: one pointer, so that a full house's mail moves without a copy.
pub struct Corridor(pub(crate) Box<Envelope>);

/// Bytes of a buffer that an emptied envelope keeps for its next journey.
const KEPT_BYTES: usize = 256 * 1024;

/// Everything that one core has for another one in one turn.
#[derive(Default)]
pub(crate) struct Envelope {
    /// The sender's time: a shard's time never goes back.
    pub now: UnixMillis,
    /// Calls.
    pub calls: Calls,
    /// Answers.
    pub answers: Answers,
    /// Posts, each with the number of blocks that go before it: what a client asks of one core
    /// stays in order, whatever way it goes.
    pub posts: Vec<(u32, Post)>,
}

impl Envelope {
    /// Whether there is nothing to carry.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.blocks.is_empty() && self.answers.heads.is_empty() && self.posts.is_empty()
    }

    /// Empties it for its next journey.
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.answers.heads.clear();
        self.answers.ends.clear();
        self.answers.reply.clear();
        self.answers.reply.shrink(KEPT_BYTES);
        self.posts.clear();
    }
}

/// How much of what one core asks of another one may be without an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallLimits {
    /// Calls.
    pub calls: usize,
    /// Bytes of their words. A single call may be larger: it goes when nothing else is outstanding.
    pub bytes: usize,
}

impl Default for CallLimits {
    /// LIMIT: deep pipelines of many clients fit, and a core that lags costs no more memory than
    /// this.
    fn default() -> Self {
        Self { calls: 16 * 1024, bytes: 64 << 20 }
    }
}

/// What one core may still ask of another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credit {
    limits: CallLimits,
    calls: usize,
    bytes: usize,
}

impl Credit {
    /// Credit that nothing was taken from.
    pub(crate) fn new(limits: CallLimits) -> Self {
        Self { limits, calls: 0, bytes: 0 }
    }

    /// Whether so many calls may be asked without using the credit up.
    #[inline]
    pub(crate) fn has_room(&self, calls: usize, bytes: usize) -> bool {
        self.calls + calls <= self.limits.calls && self.bytes + bytes <= self.limits.bytes
    }

    /// Whether a call may be asked: a giant may if nothing else is outstanding.
    #[inline]
    pub(crate) fn admits(&self, bytes: usize) -> bool {
        self.calls == 0 || self.has_room(1, bytes)
    }

    /// Takes credit that is there.
    #[inline]
    pub(crate) fn take(&mut self, calls: usize, bytes: usize) {
        self.calls += calls;
        self.bytes += bytes;
    }

    /// Gives the credit of answered calls back.
    #[inline]
    pub(crate) fn give_back(&mut self, calls: usize, bytes: usize) {
        assert!(self.calls >= calls, "an answer belongs to a call");
        self.calls -= calls;
        self.bytes -= bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_is_bounded_by_calls_and_bytes() {
        let limits = CallLimits { calls: 100, bytes: 5_000 };
        let mut credit = Credit::new(limits);
        for _ in 0..limits.calls {
            assert!(credit.admits(10));
            credit.take(1, 10);
        }
        assert!(!credit.admits(10));
        credit.give_back(5, 50);
        assert!(credit.has_room(5, 4_050) && !credit.has_room(6, 60) && !credit.has_room(1, 4_051));
        let mut credit = Credit::new(limits);
        assert!(credit.admits(limits.bytes * 2), "a giant goes alone");
        credit.take(1, limits.bytes * 2);
        assert!(!credit.admits(1));
        credit.give_back(1, limits.bytes * 2);
        assert!(credit.admits(1));
    }
}
