//! The coordinator: the transactions of one core's clients, step by step.
//!
//! **Steps** of a transaction
//! 1. It draws a number, and every shard that takes part is asked for a place under it.
//! 2. When all have answered, its number is *decided*: the same, or a new one if it was too low
//!    somewhere. Nothing has run by then but reads that can be repeated.
//! 3. Each shard does its errand when the number's turn has come there.
//! 4. One fold makes the reply of the parts, or the home shard has made it.
//!
//! **Invariants**
//! - The decided numbers of one client's transactions rise in the order in which it sent them:
//!   a later one is decided after the earlier one, and draws again if that has overtaken it. That
//!   is why a client need not wait for a transaction before its next request runs.
//! - To decide waits for shards' answers alone, which are given at once. So everything that was
//!   begun is decided, and the lowest decided number in the house runs on all its shards.
//!
//! A walk (RANDOMKEY) takes no number: it asks one shard after another.

use std::collections::VecDeque;

use command::Spec;
use commands::{DbOfKeyFn, FoldFn, Part, PartFn, Partial, ShardFn};
use keyspace::{KeyHasher, LentKey};
use resp::{Argv, ReplyBuffer, ReplyError, ReplyWriter};
use smallvec::SmallVec;
use stdx::HashMap;

use crate::message::Caller;
use crate::queue::Messages;
use crate::{
    Claim, Destination, Errand, Hop, Message, Mode, Numbers, Placement, ShardId, TxnId, Work,
    part_words,
};

/// How a command runs over its shards.
pub enum Kind {
    /// Each shard answers for its keys.
    Parts { hops: Vec<Hop>, mode: Mode, part: PartFn, fold: FoldFn },
    /// All shards answer, without keys.
    Every { mode: Mode, part: PartFn, fold: FoldFn },
    /// The first hop's shard runs the command with all keys there.
    /// `db_of` says where each key is looked for.
    Together { hops: Vec<Hop>, run: ShardFn, db_of: DbOfKeyFn },
    /// One shard after another from this one on, until one has something.
    Walk { first: ShardId, part: PartFn, fold: FoldFn },
}

/// A command that shall run as a transaction.
pub struct Order {
    /// Its declaration.
    pub spec: &'static Spec,
    /// Its words.
    pub words: Argv,
    /// In whose name.
    pub caller: Caller,
    /// How.
    pub kind: Kind,
    /// The last transaction that the same client has begun here.
    pub after: Option<TxnId>,
}

/// A transaction that is over.
pub struct Finished {
    /// Which one.
    pub txn: TxnId,
    /// Its reply.
    pub reply: ReplyBuffer,
    /// The error that the reply is, if it is one.
    pub error: Option<ReplyError>,
    /// The command's words.
    pub words: Argv,
}

struct Open {
    order: Order,
    /// The number by which its errands were scheduled.
    asked: u64,
    is_decided: bool,
    /// Answers that are still awaited in this step.
    awaited: usize,
    is_late: bool,
    veto: Option<ReplyError>,
    parts: Vec<(ShardId, Partial)>,
    hosted: Option<(ReplyBuffer, Option<ReplyError>)>,
    /// An earlier one of the same client is not decided yet.
    is_later: bool,
    /// The decided number of the earlier one.
    above: u64,
    /// The next one of the same client, which waits for this one to be decided.
    next: Option<TxnId>,
}

/// The transactions of one core's clients.
pub struct Coordinator {
    core: u16,
    placement: Placement,
    hasher: KeyHasher,
    numbers: Numbers,
    next: u64,
    open: HashMap<u64, Open>,
    messages: Messages,
    finished: VecDeque<Finished>,
}

impl Coordinator {
    /// A coordinator without transactions.
    #[must_use]
    pub fn new(core: u16, placement: Placement, hasher: KeyHasher, numbers: Numbers) -> Self {
        Self {
            core,
            placement,
            hasher,
            numbers,
            next: 0,
            open: HashMap::default(),
            messages: VecDeque::new(),
            finished: VecDeque::new(),
        }
    }

    /// Begins a transaction. Its messages must be on their way before anything else of its client.
    pub fn begin(&mut self, order: Order) -> TxnId {
        let txn = TxnId { core: self.core, number: self.next };
        self.next += 1;
        let asked = self.numbers.draw();
        let is_later = order.after.is_some_and(|earlier| self.follow(earlier, txn));
        let awaited = self.send_first(txn, asked, &order);
        let open = Open {
            order,
            asked,
            is_decided: false,
            awaited,
            is_late: false,
            veto: None,
            parts: Vec::with_capacity(awaited),
            hosted: None,
            is_later,
            above: 0,
            next: None,
        };
        self.open.insert(txn.number, open);
        txn
    }

    /// Lets a transaction wait for an earlier one of its client, if that is not decided yet.
    fn follow(&mut self, earlier: TxnId, txn: TxnId) -> bool {
        let earlier = self.open.get_mut(&earlier.number).filter(|it| !it.is_decided);
        let Some(earlier) = earlier else { return false };
        assert!(earlier.next.is_none(), "one transaction follows another");
        earlier.next = Some(txn);
        true
    }

    /// Sends a transaction's first messages. Answers how many answers are awaited.
    fn send_first(&mut self, txn: TxnId, number: u64, order: &Order) -> usize {
        let out = &mut self.messages;
        let before = out.len();
        let mut schedule = |shard, claim, work| {
            let client = order.caller.author;
            let errand = Box::new(Errand { txn, client, number, shard, claim, work });
            out.push_back((Destination::Shard(shard), Message::Schedule(errand)));
        };
        let claim = |mode, hop: &Hop| claim_of(&self.hasher, order, hop, mode);
        let caller = order.caller;
        match &order.kind {
            Kind::Parts { hops, mode, part, .. } => {
                for hop in hops {
                    let words = part_words(order.spec, order.words.as_args(), hop);
                    let work = Work::Part { part: *part, words, caller };
                    schedule(hop.shard, claim(*mode, hop), work);
                }
            }
            Kind::Every { mode, part, .. } => {
                for shard in self.placement.all() {
                    let work = Work::Part { part: *part, words: order.words.clone(), caller };
                    schedule(shard, Claim::whole(*mode), work);
                }
            }
            Kind::Together { hops, run, db_of } => {
                let (home, lenders) = (hops[0].shard, hops.len() - 1);
                for (index, hop) in hops.iter().enumerate() {
                    let work = if index == 0 {
                        let (words, guests) = (order.words.clone(), Vec::with_capacity(lenders));
                        Work::Host { run: *run, words, caller, lenders, guests }
                    } else {
                        Work::Lend { keys: lent_keys(order, hop, *db_of), home }
                    };
                    schedule(hop.shard, claim(Mode::Exclusive, hop), work);
                }
            }
            Kind::Walk { first, part, .. } => out.push_back(ask(txn, order, *part, *first)),
        }
        out.len() - before
    }

    /// The next message to be carried, if any.
    pub fn poll_message(&mut self) -> Option<(Destination, Message)> {
        self.messages.pop_front()
    }

    /// The next transaction that is over, if any.
    pub fn poll_finished(&mut self) -> Option<Finished> {
        self.finished.pop_front()
    }

    /// Transactions under way.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// Takes an answer to this coordinator.
    ///
    /// # Panics
    /// If the transaction is not open or did not ask: that would be our own error.
    pub fn handle(&mut self, message: Message) {
        match message {
            Message::Scheduled { txn, shard, is_late, veto, partial } => {
                let open = self.opened(txn);
                open.is_late |= is_late;
                open.veto = open.veto.take().or(veto);
                open.parts.extend(partial.map(|partial| (shard, partial)));
                if self.is_last(txn) {
                    self.decide_all(txn);
                }
            }
            Message::Ran { txn, shard, partial } => self.ran(txn, shard, partial),
            Message::Hosted { txn, reply, error } => {
                self.opened(txn).hosted = Some((reply, error));
                self.finish(txn);
            }
            _ => unreachable!("only answers come to a coordinator"),
        }
    }

    fn opened(&mut self, txn: TxnId) -> &mut Open {
        assert_eq!(txn.core, self.core, "an answer goes to its own coordinator");
        self.open.get_mut(&txn.number).expect("an answer belongs to an open transaction")
    }

    /// Counts an answer; true if it was the last one of the step.
    fn is_last(&mut self, txn: TxnId) -> bool {
        let open = self.opened(txn);
        open.awaited = open.awaited.checked_sub(1).expect("every answer was asked for");
        open.awaited == 0
    }

    /// Decides a transaction that all shards have answered, and those that waited for it.
    fn decide_all(&mut self, first: TxnId) {
        let mut next = Some(first);
        while let Some(txn) = next {
            let open = self.opened(txn);
            if open.is_later || open.awaited > 0 {
                return;
            }
            next = open.next.take();
            let number = self.decide(txn);
            if let Some(next) = next {
                let next = self.opened(next);
                (next.is_later, next.above) = (false, number);
            }
        }
    }

    /// Decides a transaction's number, and sends it to the shards. Answers it, or that of the one
    /// before it if it does not run.
    fn decide(&mut self, txn: TxnId) -> u64 {
        let open = self.open.get_mut(&txn.number).expect("it is being decided");
        open.is_decided = true;
        let (asked, above) = (open.asked, open.above);
        let is_vetoed = open.veto.is_some();
        let stays = !open.is_late && asked > above;
        let number = if stays { asked } else { self.numbers.draw() };
        if !stays {
            // What was read may have changed since, in the order of the new number.
            open.parts.clear();
        }
        let mut running = 0;
        for shard in open.order.kind.shards(&self.placement) {
            let has_read = open.parts.iter().any(|(reader, _)| *reader == shard);
            let message = if is_vetoed || has_read {
                Message::Withdraw { txn, shard, asked }
            } else {
                running += 1;
                Message::Go { txn, shard, asked, number }
            };
            self.messages.push_back((Destination::Shard(shard), message));
        }
        // A command that runs together is answered by its home shard alone.
        open.awaited = if matches!(open.order.kind, Kind::Together { .. }) { 1 } else { running };
        if running == 0 {
            self.finish(txn);
        }
        if is_vetoed { above } else { number }
    }

    fn ran(&mut self, txn: TxnId, shard: ShardId, partial: Partial) {
        let shards = self.placement.shards() as u16;
        let open = self.opened(txn);
        if let Kind::Walk { first, part, .. } = open.order.kind {
            let next = ShardId((shard.0 + 1) % shards);
            let is_empty = matches!(&partial, Partial::Keys(keys) if keys.is_empty());
            if is_empty && next != first {
                let ask = ask(txn, &open.order, part, next);
                self.messages.push_back(ask);
                return;
            }
        }
        open.parts.push((shard, partial));
        if self.is_last(txn) {
            self.finish(txn);
        }
    }

    /// Makes the reply.
    fn finish(&mut self, txn: TxnId) {
        let open = self.open.remove(&txn.number).expect("it ends once");
        let (reply, error, words) = open.into_reply();
        self.finished.push_back(Finished { txn, reply, error, words });
    }
}

impl Kind {
    /// The shards that take part.
    fn shards(&self, placement: &Placement) -> SmallVec<[ShardId; 8]> {
        match self {
            Self::Parts { hops, .. } | Self::Together { hops, .. } => {
                hops.iter().map(|hop| hop.shard).collect()
            }
            Self::Every { .. } => placement.all().collect(),
            Self::Walk { .. } => unreachable!("a walk is not decided"),
        }
    }
}

impl Open {
    fn into_reply(mut self) -> (ReplyBuffer, Option<ReplyError>, Argv) {
        if let Some((reply, error)) = self.hosted {
            return (reply, error, self.order.words);
        }
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, self.order.caller.protocol);
        if let Some(veto) = self.veto {
            writer.error(&veto);
            return (reply, Some(veto), self.order.words);
        }
        let (hops, fold) = match self.order.kind {
            Kind::Parts { hops, fold, .. } => (hops, fold),
            Kind::Every { fold, .. } | Kind::Walk { fold, .. } => (Vec::new(), fold),
            Kind::Together { .. } => unreachable!("it was hosted or vetoed"),
        };
        self.parts.sort_unstable_by_key(|(shard, _)| *shard);
        let parts: SmallVec<[Part; 4]> = self
            .parts
            .into_iter()
            .map(|(shard, partial)| {
                let hop = hops.iter().find(|hop| hop.shard == shard);
                let positions = hop.map_or_else(SmallVec::new, |hop| hop.positions.clone());
                Part { positions, partial }
            })
            .collect();
        let words = self.order.words.as_args();
        let error = writer.attempt(|writer| fold(words, &parts, writer));
        (reply, error, self.order.words)
    }
}

fn ask(txn: TxnId, order: &Order, part: PartFn, shard: ShardId) -> (Destination, Message) {
    let (words, caller) = (order.words.clone(), order.caller);
    (Destination::Shard(shard), Message::Ask { txn, shard, part, words, caller })
}

fn claim_of(hasher: &KeyHasher, order: &Order, hop: &Hop, mode: Mode) -> Claim {
    let args = order.words.as_args();
    let hash = |position: &u32| hasher.hash(args.at(*position as usize));
    Claim::keys(mode, hop.positions.iter().map(hash).collect())
}

/// The keys that a hop lends, each in the database in which the command will look for it.
fn lent_keys(order: &Order, hop: &Hop, db_of: DbOfKeyFn) -> Vec<LentKey> {
    let args = order.words.as_args();
    let lent = hop.positions.iter().map(|&position| {
        let position = position as usize;
        let key = args.at(position).into();
        LentKey { db: db_of(args, position, order.caller.db), key }
    });
    let mut keys: Vec<LentKey> = Vec::with_capacity(hop.positions.len());
    for key in lent {
        // A key that is named twice is lent once.
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
