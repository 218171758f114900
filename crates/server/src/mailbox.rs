//! What travels in the corridors: one envelope per destination and turn.
//!
//! An envelope carries everything that one core has for another one: calls of commands, answers to
//! calls, and posts (transactions, questions to every core, connections that move).
//!
//! **Invariants**
//! - Every call is answered exactly once, in the order in which the calls of one core arrived for a
//!   shard.
//! - A call is only put in against a credit ([`Credit`]); its answer gives it back. Consuming never
//!   waits for producing: what has no credit stays in its session, which is not read from
//!   meanwhile.

use bytes::Bytes;
use keyspace::UnixMillis;
use resp::{Args, Argv, ReplyBuffer, Span};
use session::{CorePart, Session, Ticket};

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

/// How a handler is to see a call's client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CallHead {
    /// Whom to answer.
    pub asker: Asker,
    /// Which command.
    pub command: command::CommandId,
    /// Which shard.
    pub shard: txn::ShardId,
    /// In which database.
    pub db: keyspace::DbIndex,
    /// In which protocol to answer.
    pub protocol: resp::Protocol,
    /// False under CLIENT NO-TOUCH.
    pub touch: bool,
}

/// Calls of commands, their words in one buffer.
#[derive(Default)]
pub(crate) struct Calls {
    heads: Vec<(CallHead, u32)>,
    bytes: Vec<u8>,
    spans: Vec<Span>,
    big: Vec<Bytes>,
}

impl Calls {
    /// Adds a call; its words are copied once, big values are moved.
    pub(crate) fn push(&mut self, head: CallHead, args: Args<'_>) {
        for (index, word) in args.iter().enumerate() {
            let span = if let Some(big) = args.big(index) {
                self.big.push(big.clone());
                Span::big(self.big.len() as u32 - 1)
            } else {
                let start = self.bytes.len() as u32;
                self.bytes.extend_from_slice(word);
                Span::new(start, word.len() as u32)
            };
            self.spans.push(span);
        }
        self.heads.push((head, self.spans.len() as u32));
    }

    /// How many calls there are.
    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    /// One call.
    pub(crate) fn get(&self, index: usize) -> (CallHead, Args<'_>) {
        let (head, end) = self.heads[index];
        let start = if index == 0 { 0 } else { self.heads[index - 1].1 };
        let spans = &self.spans[start as usize..end as usize];
        (head, Args::new(&self.bytes, spans, &self.big))
    }

    fn clear(&mut self) {
        self.heads.clear();
        self.bytes.clear();
        self.spans.clear();
        self.big.clear();
        self.bytes.shrink_to(KEPT_BYTES);
    }
}

/// Answers to calls, their replies in one buffer.
#[derive(Default)]
pub(crate) struct Answers {
    /// Whom, the length of the reply, and the length of the call's words (the credit's size).
    pub heads: Vec<(Asker, usize, usize)>,
    /// The replies, one after the other.
    pub reply: ReplyBuffer,
}

/// A question to every core, in one order for all such questions: core 0 hands them out.
pub(crate) struct Question {
    /// Core of the client.
    pub from: u16,
    /// Number on that core.
    pub number: u64,
    /// Which command.
    pub command: command::CommandId,
    /// Its words.
    pub words: Argv,
    /// Who asks.
    pub client: u64,
    /// Its protocol.
    pub protocol: resp::Protocol,
    /// Its database.
    pub db: keyspace::DbIndex,
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
    /// Posts, each with the number of calls that go before it: what a client asks of one core stays
    /// in order, whatever way it goes.
    pub posts: Vec<(u32, Post)>,
}

impl Envelope {
    /// Whether there is nothing to carry.
    pub(crate) fn is_empty(&self) -> bool {
        self.calls.heads.is_empty() && self.answers.heads.is_empty() && self.posts.is_empty()
    }

    /// Empties it for its next journey.
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.answers.heads.clear();
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

    /// Takes credit for a call; false if there is none.
    #[inline]
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        let fits = self.calls < self.limits.calls && self.bytes + bytes <= self.limits.bytes;
        if !fits && self.calls > 0 {
            return false;
        }
        self.calls += 1;
        self.bytes += bytes;
        true
    }

    /// Gives the credit of an answered call back.
    #[inline]
    pub(crate) fn give_back(&mut self, bytes: usize) {
        assert!(self.calls > 0, "an answer belongs to a call");
        self.calls -= 1;
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
        assert!((0..limits.calls).all(|_| credit.take(10)));
        assert!(!credit.take(10));
        credit.give_back(10);
        assert!(credit.take(10));
        let mut credit = Credit::new(limits);
        assert!(credit.take(limits.bytes * 2), "a giant goes alone");
        assert!(!credit.take(1));
        credit.give_back(limits.bytes * 2);
        assert!(credit.take(1));
    }
}
