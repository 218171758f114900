//! What coordinators, the arbiter and shards say to each other.
//!
//! Cores end together (a panic ends the process), so no message has a peer that is gone; each one
//! is answered exactly once, or is itself an answer.

use commands::{PartFn, Partial, ShardFn};
use keyspace::{Author, Change, DbIndex, Guest, LentKey};
use resp::{Argv, Protocol, ReplyBuffer, ReplyError};

use crate::ShardId;

/// Names a transaction: its coordinator's core and a number that is never used twice there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct TxnId {
    /// The core of the client.
    pub core: u16,
    /// The number on that core.
    pub number: u64,
}

/// In whose name a handler runs.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The client's database.
    pub db: DbIndex,
    /// The client.
    pub author: Author,
    /// Its protocol.
    pub protocol: Protocol,
    /// False under CLIENT NO-TOUCH.
    pub touch: bool,
}

/// Where a message goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Destination {
    /// The arbiter.
    Arbiter,
    /// The owner of a shard.
    Shard(ShardId),
    /// The coordinator of a transaction.
    Coordinator(TxnId),
}

/// One message.
pub enum Message {
    /// To the arbiter: the transaction wants to begin.
    Lock(TxnId),
    /// To the coordinator: it may.
    Granted(TxnId),
    /// To the arbiter: it is over.
    Unlock(TxnId),
    /// To a shard: stand still for everybody else, and lend these keys.
    Prepare { txn: TxnId, shard: ShardId, lend: Vec<LentKey> },
    /// To the coordinator: the shard stands still, or it vetoes.
    Prepared { txn: TxnId, shard: ShardId, veto: Option<ReplyError>, guests: Vec<Guest> },
    /// To a shard: run this part and go on.
    Run { txn: TxnId, shard: ShardId, part: PartFn, words: Argv, caller: Caller },
    /// To a shard that need not stand still: run this part when nobody else holds it.
    Ask { txn: TxnId, shard: ShardId, part: PartFn, words: Argv, caller: Caller },
    /// To the coordinator: the part's answer.
    Ran { txn: TxnId, shard: ShardId, partial: Partial },
    /// To the home shard: run the whole command with these guests, and go on.
    Host {
        txn: TxnId,
        shard: ShardId,
        run: ShardFn,
        words: Argv,
        caller: Caller,
        guests: Vec<Guest>,
    },
    /// To the coordinator: the reply, the guests as they are now, and the changes of guests' keys.
    Hosted { txn: TxnId, reply: Hosted },
    /// To a lending shard: your keys are back, write down what happened to them, and go on.
    Return { txn: TxnId, shard: ShardId, guests: Vec<Guest>, changes: Vec<Change> },
    /// To the coordinator: done.
    Returned { txn: TxnId },
}

/// What came of a command at its home shard.
pub struct Hosted {
    /// The encoded reply.
    pub reply: ReplyBuffer,
    /// The error, if it is one (it is in the reply as well).
    pub error: Option<ReplyError>,
    /// The guests.
    pub guests: Vec<Guest>,
    /// Changes of keys that live elsewhere.
    pub changes: Vec<Change>,
}
