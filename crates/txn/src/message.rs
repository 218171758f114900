//! What coordinators and shards say to each other.
//!
//! Cores end together (a panic ends the process), so no message has a peer that is gone.

use std::sync::Arc;

use commands::{PartFn, Partial};
use keyspace::{Author, Change, DbIndex, Guest, LentKey, Sighting, UnixMillis};
use resp::{Argv, Protocol, ReplyBuffer, ReplyError};

use crate::{Done, Errand, Program, ShardId, Wagon, Waiter};

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
    /// The owner of a shard.
    Shard(ShardId),
    /// The coordinator of a transaction.
    Coordinator(TxnId),
}

/// One message. `asked` is the number by which its errand was scheduled.
pub enum Message {
    /// To a shard: take your place for this errand, and say whether nothing is in its way.
    Schedule(Box<Errand>),
    /// To the coordinator: the errand has its place.
    Scheduled {
        txn: TxnId,
        shard: ShardId,
        /// The number is too low here: it must be a new one.
        is_late: bool,
        /// It was asked last and is settled: it runs at its turn without being told.
        is_settled: bool,
        /// It must not run at all.
        veto: Option<ReplyError>,
        /// What a part has read already, since nobody means to write what it reads. Holds only if
        /// the number stays.
        partial: Option<Partial>,
    },
    /// To a shard: run when it is the turn of this number.
    Go { txn: TxnId, shard: ShardId, asked: u64, number: u64 },
    /// To a shard: the errand needs nothing more. There is no answer.
    Withdraw { txn: TxnId, shard: ShardId, asked: u64 },
    /// To the coordinator: the part's answer. If it was the last errand and has not had its place
    /// confirmed, that is said as well.
    Ran { txn: TxnId, shard: ShardId, partial: Partial },
    /// To the home shard: what a lender lends.
    Lent { txn: TxnId, shard: ShardId, asked: u64, lent: Lent },
    /// To a lender: your keys are back, write down what happened to them, and go on.
    Return { txn: TxnId, shard: ShardId, guests: Vec<Guest>, changes: Vec<Change>, waits: Waits },
    /// To the coordinator: the program has run at its home shard, or alone.
    Hosted { txn: TxnId, hosted: Box<Hosted> },
    /// To the coordinator: the wagon of a train was served, its replies are in it.
    Served { txn: TxnId, wagon: Box<Wagon> },
    /// To the coordinator: the shard stands still for the house, until a `Return` comes.
    Held { txn: TxnId, is_touched: bool },
    /// To a shard that has all keys of a program: run it as soon as nobody is in its way.
    Solo { txn: TxnId, stop: Box<Stop>, program: Box<Program>, needs_room: bool },
    /// To a shard: a client begins to watch these keys.
    Watch { txn: TxnId, shard: ShardId, caller: Caller, keys: Vec<Arc<[u8]>> },
    /// To the coordinator: this is how the keys are now.
    Watched { txn: TxnId, sightings: Vec<Sighting> },
    /// To a shard: a client watches these keys no more. There is no answer.
    Unwatch { sightings: Vec<Sighting> },
    /// To the coordinator: the command that was scheduled under this number has found nothing, and
    /// waits on all its shards.
    Blocked { txn: TxnId, asked: u64, until: Option<UnixMillis> },
    /// To the coordinator: there is something for a command that waits, and nobody else gets it
    /// until you have answered. With a number, it must run again, under that.
    Offer { txn: TxnId, shard: ShardId, asked: u64, number: Option<u64> },
    /// To a shard: the command takes what you have offered.
    Take { txn: TxnId, shard: ShardId },
    /// To the coordinator: what the command takes has expired. Here is its program again.
    Missed { txn: TxnId, program: Box<Program> },
    /// To a shard: the command waits no more. If you are asked, say whether it has left, or it has
    /// been served.
    Leave { txn: TxnId, shard: ShardId, is_asked: bool },
    /// To the coordinator: the command has left, and will not be served.
    Left { txn: TxnId },
    /// To a shard: run this part of a walk as soon as nobody means to write anything here.
    Ask { txn: TxnId, shard: ShardId, part: PartFn, words: Arc<Argv>, caller: Caller },
}

/// A command that has found nothing and waits for a lender's keys from now on.
pub(crate) type Waits = Option<Box<Waiter>>;

/// What a shard lends.
pub struct Lent {
    /// The shard.
    pub lender: ShardId,
    /// The keys.
    pub guests: Vec<Guest>,
    /// A key that the client watches there was touched: nothing may run.
    pub is_touched: bool,
}

/// A shard that takes part in a program, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The shard.
    pub shard: ShardId,
    /// The program's keys there. The home shard keeps them, the others lend them to it.
    pub keys: Vec<LentKey>,
    /// Keys that nobody may have touched. They are watched no more afterwards.
    pub watched: Vec<Sighting>,
}

impl Stop {
    /// A shard without keys.
    #[must_use]
    pub fn at(shard: ShardId) -> Self {
        Self { shard, keys: Vec::new(), watched: Vec::new() }
    }
}

/// What came of a program.
pub struct Hosted {
    /// The program.
    pub program: Box<Program>,
    /// The encoded replies of its steps.
    pub replies: ReplyBuffer,
    /// What became of its steps; none if a watched key was touched, so that nothing ran.
    pub done: Option<Vec<Done>>,
    /// It must not run at all.
    pub veto: Option<ReplyError>,
}

impl Hosted {
    /// Nothing has run: there is a veto, or a watched key was touched.
    #[must_use]
    pub fn nothing(program: Box<Program>, veto: Option<ReplyError>) -> Self {
        Self { program, replies: ReplyBuffer::new(), done: None, veto }
    }
}

impl Message {
    /// Whether it asks a shard for something that may need memory, so that the shard may veto it.
    #[must_use]
    pub fn needs_room(&self) -> bool {
        match self {
            Self::Schedule(errand) => errand.needs_room,
            Self::Solo { needs_room, .. } => *needs_room,
            _ => false,
        }
    }
}

const _: () = assert!(size_of::<Message>() <= 136);
