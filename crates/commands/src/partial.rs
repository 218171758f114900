//! What one shard answers for its part of a command: the only data that crosses the corridor.

use bytes::Bytes;
use datatypes::hyperloglog::Registers;
use resp::{Argv, ReplyError, ReplyWriter};
use smallvec::SmallVec;

/// One shard's answer.
#[derive(Debug)]
pub enum Partial {
    /// Done, nothing to say.
    Done,
    /// A count (DEL, EXISTS, DBSIZE).
    Count(i64),
    /// The values of the part's keys in order; `None` where there is none, or not of this type.
    Values(Vec<Option<Bytes>>),
    /// The same for many values (MGET): copied into one buffer.
    Texts(Box<Texts>),
    /// Keys (KEYS, RANDOMKEY).
    Keys(Vec<Bytes>),
    /// Members of sets, in as many lists as the command asks for (SUNION, SDIFF).
    Members(Vec<Argv>),
    /// What each of the part's keys holds, members with scores (ZUNION).
    Scored(Vec<Option<ScoredMembers>>),
    /// A piece of a walk: the keys met and where to go on in this shard, `None` at its end.
    Scanned { next: Option<u64>, keys: Vec<Bytes> },
    /// SHA1 digests: of the part's keys in order (DEBUG DIGEST-VALUE), or of each database,
    /// whatever the order of its keys (DEBUG DIGEST); `None` where there is nothing.
    Digests(Vec<Option<[u8; 20]>>),
    /// The registers of HyperLogLogs together (PFCOUNT).
    Registers(Registers),
    /// The whole command fails with this error.
    Failed(ReplyError),
    /// The whole command fails with this error, which is about the part's key of this index, unless
    /// another key has one before it.
    FailedAt(usize, ReplyError),
}

/// Members and their scores.
#[derive(Debug)]
pub struct ScoredMembers {
    /// The members.
    pub members: Argv,
    /// As many scores.
    pub scores: Vec<f64>,
}

/// Strings one after the other, some of them missing.
#[derive(Debug, Default)]
pub struct Texts {
    words: Argv,
    is_there: SmallVec<[bool; 16]>,
}

impl Texts {
    /// Adds a string, copied.
    #[inline]
    pub fn push(&mut self, text: &[u8]) {
        self.words.push(text);
        self.is_there.push(true);
    }

    /// Adds a big string by reference.
    pub fn push_shared(&mut self, text: Bytes) {
        self.words.push_bytes(text);
        self.is_there.push(true);
    }

    /// Adds the absence of a string.
    pub fn push_none(&mut self) {
        self.words.push(b"");
        self.is_there.push(false);
    }

    /// Answers one of them.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    pub fn answer(&self, index: usize, reply: &mut ReplyWriter<'_>) {
        let words = self.words.as_args();
        if !self.is_there[index] {
            reply.null();
        } else if let Some(big) = words.big(index) {
            reply.bulk_shared(big);
        } else {
            reply.bulk(words.at(index));
        }
    }
}

/// A shard's answer and the keys that it is for.
#[derive(Debug)]
pub struct Part {
    /// Places of the part's keys among the request's words; empty when the part had all keys.
    pub positions: SmallVec<[u32; 8]>,
    /// The answer.
    pub partial: Partial,
}

impl Part {
    /// A part that answered for the whole request.
    #[must_use]
    pub fn whole(partial: Partial) -> Self {
        Self { positions: SmallVec::new(), partial }
    }
}
