//! Trains: writes of one pipeline that go to several shards, and that nobody sees in part.
//!
//! ```text
//!   pipeline   SET a   SET b   GET b   SET c   DEL d        a, d on shard 1;  b, c on shard 2
//!   wagons     1: SET a  DEL d         2: SET b  GET b  SET c
//! ```
//!
//! A train that needs one other core at most begins without a number: its wagons here are kept if
//! what they claim is free, and its wagons elsewhere run as they arrive if nobody is in their way
//! there (`order.rs` says why that is enough). One journey there and back, as without the train.
//! Where somebody is in the way, or more cores take part, it is a transaction with a number
//! (`Kind::Train`).
//!
//! **Not here:** which commands get in, and who serves them (`server`).

use command::CommandId;
use keyspace::DbIndex;
use resp::{Args, Argv, ReplyBuffer};
use smallvec::SmallVec;

use crate::{Caller, Claim, Mode, ShardId};

/// LIMIT: memory that an emptied wagon keeps for its next journey, bytes.
const KEPT_BYTES: usize = 16 * 1024;

/// What a train asks of one shard, and what it is answered.
pub struct Wagon {
    /// The shard.
    pub shard: ShardId,
    /// In whose name; each step has a database of its own.
    pub caller: Caller,
    /// All keys, for writing.
    pub claim: Claim,
    /// The words of all steps.
    pub words: Argv,
    /// In order.
    pub steps: Vec<WagonStep>,
    /// The replies of the steps that have run, one behind the other.
    pub replies: ReplyBuffer,
}

/// One command of a wagon.
#[derive(Clone, Copy, Debug)]
pub struct WagonStep {
    /// Which.
    pub command: CommandId,
    /// In which database.
    pub db: DbIndex,
    /// Where its words end.
    pub words_end: u32,
    /// The hash of its key, if it has only one.
    pub hash: Option<u64>,
    /// How long its reply is, once it has run.
    pub reply_bytes: usize,
}

impl Wagon {
    /// An empty wagon.
    #[must_use]
    pub fn new(shard: ShardId, caller: Caller) -> Self {
        Self {
            shard,
            caller,
            claim: Claim::keys(Mode::Exclusive, SmallVec::new()),
            words: Argv::new(),
            steps: Vec::new(),
            replies: ReplyBuffer::new(),
        }
    }

    /// One command more.
    pub fn push(&mut self, command: CommandId, db: DbIndex, hash: Option<u64>, args: Args<'_>) {
        self.words.extend_from_args(args);
        let words_end = self.words.len() as u32;
        self.steps.push(WagonStep { command, db, words_end, hash, reply_bytes: 0 });
    }

    /// The words of a step.
    #[inline]
    #[must_use]
    pub fn args(&self, index: usize) -> Args<'_> {
        let start = if index == 0 { 0 } else { self.steps[index - 1].words_end };
        self.words.as_args().slice(start as usize..self.steps[index].words_end as usize)
    }

    /// Empties it for another journey.
    pub fn reuse(&mut self, shard: ShardId, caller: Caller) {
        (self.shard, self.caller) = (shard, caller);
        self.claim.clear();
        self.steps.clear();
        self.replies.clear();
        self.replies.shrink(KEPT_BYTES);
        self.words.clear();
        if self.words.memory() > KEPT_BYTES {
            self.words = Argv::new();
        }
    }
}
