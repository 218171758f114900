//! Strict pipelines: nobody sees what a client has written without what it has written before.
//!
//! **Rules** (`pipeline-order strict`, several shards)
//! 1. Calls of one client to one shard keep their order there, those that wait included. So writes
//!    that all go to one shard need nothing.
//! 2. Transactions of one client keep their order by their numbers.
//! 3. Writes of one window that go to several shards get on a *train*, up to the next command that
//!    cannot, and the session waits until the train has run.
//! 4. In all other cases a write waits until what its client has written before was answered.
//!
//! Reads overlap freely: a read beside a train runs at once, unless its key is on the train.
//!
//! **Not here:** why a train is one moment for everybody (`txn`, `order.rs` and `train.rs`).

mod former;
mod journey;
mod serve;

use command::CommandId;
use keyspace::Author;
use resp::ReplyBuffer;
use session::{LastWrite, Ticket};
use slab::Slab;
use smallvec::SmallVec;
use txn::{Caller, Mode, Numbers, ShardId, TxnId, Wagon};

use super::Core;
use super::dispatch::Request;

/// LIMIT: trains and wagons that are kept for later, each.
const SPARE_MAX: usize = 64;

/// Names of trains are told from those of transactions by this bit.
const TRAIN: u64 = 1 << 63;

/// What a core keeps for strict pipelines.
pub(super) struct Strict {
    /// Whether they are asked for, and there are several shards.
    pub(super) is_on: bool,
    core: u16,
    numbers: Numbers,
    next: u64,
    /// Trains that wait for the wagons that are elsewhere.
    away: Slab<Box<Train>>,
    #[expect(clippy::vec_box, reason = "trains are handed on as boxes")]
    spare: Vec<Box<Train>>,
    #[expect(clippy::vec_box, reason = "wagons travel as boxes")]
    spare_wagons: Vec<Box<Wagon>>,
    /// Where replies are put in order.
    replies: ReplyBuffer,
}

/// One train, and whom its replies are for.
pub(super) struct Train {
    key: usize,
    caller: Caller,
    /// The shards, in the order in which they were first needed.
    shards: SmallVec<[ShardId; 8]>,
    /// By the same places; none while it is away.
    wagons: Vec<Option<Box<Wagon>>>,
    /// Its commands in the order of the requests.
    seats: Vec<Seat>,
    /// Places of replies, and for how many commands each stands.
    pieces: Vec<(Ticket, u32)>,
    /// The next command's reply belongs to the last piece.
    is_open: bool,
    /// Its name where wagons are kept.
    txn: TxnId,
}

/// Where a command is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seat {
    wagon: u16,
    /// Its reply is dropped (CLIENT REPLY OFF).
    is_muted: bool,
}

/// Wagons on their way to another core, and back.
pub(crate) struct Leg {
    /// The train, on its own core.
    train: usize,
    /// The last number drawn when it began.
    latest: u64,
    /// The train's position as far as it is known.
    position: u64,
    /// They have run.
    has_run: bool,
    wagons: SmallVec<[Box<Wagon>; 2]>,
}

impl Strict {
    pub(super) fn new(core: u16, numbers: Numbers) -> Self {
        Self {
            is_on: false,
            core,
            numbers,
            next: TRAIN,
            away: Slab::new(),
            spare: Vec::new(),
            spare_wagons: Vec::new(),
            replies: ReplyBuffer::new(),
        }
    }

    /// An empty train of a client.
    fn train(&mut self, key: usize, caller: Caller) -> Box<Train> {
        let txn = TxnId { core: self.core, number: self.next };
        self.next += 1;
        let Some(mut train) = self.spare.pop() else {
            return Box::new(Train {
                key,
                caller,
                shards: SmallVec::new(),
                wagons: Vec::new(),
                seats: Vec::new(),
                pieces: Vec::new(),
                is_open: false,
                txn,
            });
        };
        (train.key, train.caller, train.txn, train.is_open) = (key, caller, txn, false);
        train
    }

    /// Another wagon for a train.
    fn wagon(&mut self, shard: ShardId, caller: Caller) -> Box<Wagon> {
        let Some(mut wagon) = self.spare_wagons.pop() else {
            return Box::new(Wagon::new(shard, caller));
        };
        wagon.reuse(shard, caller);
        wagon
    }

    /// Keeps a train that is over for later.
    fn put_away(&mut self, mut train: Box<Train>) {
        let room = SPARE_MAX.saturating_sub(self.spare_wagons.len());
        self.spare_wagons.extend(train.wagons.drain(..).flatten().take(room));
        if self.spare.len() < SPARE_MAX {
            train.shards.clear();
            train.seats.clear();
            train.pieces.clear();
            self.spare.push(train);
        }
    }
}

impl Core {
    /// Whether a request may go there (to several shards if to none) as far as the order of its
    /// client's writes is concerned. If not, the session waits.
    #[inline]
    pub(super) fn may_write(&mut self, request: &Request<'_>, shard: Option<ShardId>) -> bool {
        if !self.strict.is_on || self.quick[request.id.index()].mode != Mode::Exclusive {
            return true;
        }
        let may = self.may_follow_writes(request.key, shard);
        if !may {
            self.stall(request.key);
        }
        may
    }

    /// Whether a write may go there while what its client has written before is not answered.
    pub(super) fn may_follow_writes(&self, key: usize, shard: Option<ShardId>) -> bool {
        let is_in_order = match self.sessions[key].last_write {
            LastWrite::None => true,
            LastWrite::Call(last, _) => shard == Some(ShardId(last)),
            LastWrite::Transaction(_) => shard.is_none(),
        };
        is_in_order || !self.has_writes_away(key)
    }

    /// Whether everything that a session has written was answered. If not, it waits for that.
    pub(super) fn comes_after_writes(&mut self, key: usize) -> bool {
        let is_first = self.strict.is_on && self.has_writes_away(key);
        if is_first {
            self.stall(key);
        }
        !is_first
    }

    /// Whether a write of a session was not answered yet.
    pub(super) fn has_writes_away(&self, key: usize) -> bool {
        let session = &self.sessions[key];
        match session.last_write {
            LastWrite::None => false,
            LastWrite::Call(_, ticket) | LastWrite::Transaction(ticket) => {
                session.replies.is_awaited(ticket)
            }
        }
    }

    /// Remembers what a session has sent elsewhere, if that may write.
    #[inline]
    pub(super) fn note_write(&mut self, key: usize, id: CommandId, write: LastWrite) {
        if self.strict.is_on && self.quick[id.index()].mode == Mode::Exclusive {
            self.sessions[key].last_write = write;
        }
    }

    /// Whether the client of a train is still there.
    fn is_there(&self, train: &Train) -> bool {
        let session = self.sessions.get(train.key);
        session.is_some_and(|session| Author(session.client.id) == train.caller.author)
    }
}
