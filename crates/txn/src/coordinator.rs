//! The coordinator: the transactions of one core's clients, step by step.
//!
//! **Steps** of a transaction
//! 1. It asks the arbiter for the lock.
//! 2. Every shard that takes part stands still and lends what it was asked for.
//! 3. Parts: every shard runs its part and goes on. Together: the home shard runs the command with
//!    all guests and goes on, then the guests go home.
//! 4. One fold makes the reply; the arbiter gets its lock back.
//!
//! A walk (RANDOMKEY) takes no lock: it asks one shard after another.

use std::collections::VecDeque;

use command::Spec;
use commands::{DbOfKeyFn, FoldFn, Part, PartFn, Partial, ShardFn};
use keyspace::{Change, Guest, LentKey, Touches};
use resp::{Argv, ReplyBuffer, ReplyError, ReplyWriter};
use smallvec::SmallVec;
use stdx::HashMap;

use crate::message::{Caller, Hosted};
use crate::shard_lock::write_reply;
use crate::{Destination, Hop, Message, Placement, ShardId, TxnId, part_words};

/// How a command runs over its shards.
pub enum Kind {
    /// Each shard answers for its keys.
    Parts { hops: Vec<Hop>, part: PartFn, fold: FoldFn },
    /// All shards answer, without keys.
    Every { part: PartFn, fold: FoldFn },
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
    /// Answers that are still awaited in this step.
    awaited: usize,
    veto: Option<ReplyError>,
    /// By lending shard.
    guests: Vec<(ShardId, Vec<Guest>)>,
    parts: Vec<(ShardId, Partial)>,
    hosted: Option<(ReplyBuffer, Option<ReplyError>)>,
}

/// The transactions of one core's clients.
pub struct Coordinator {
    core: u16,
    placement: Placement,
    next: u64,
    open: HashMap<u64, Open>,
    messages: VecDeque<(Destination, Message)>,
    finished: VecDeque<Finished>,
}

impl Coordinator {
    /// A coordinator without transactions.
    #[must_use]
    pub fn new(core: u16, placement: Placement) -> Self {
        Self {
            core,
            placement,
            next: 0,
            open: HashMap::default(),
            messages: VecDeque::new(),
            finished: VecDeque::new(),
        }
    }

    /// Begins a transaction.
    pub fn begin(&mut self, order: Order) -> TxnId {
        let txn = TxnId { core: self.core, number: self.next };
        self.next += 1;
        let first = match order.kind {
            Kind::Walk { first, .. } => self.ask(txn, &order, first),
            _ => (Destination::Arbiter, Message::Lock(txn)),
        };
        self.messages.push_back(first);
        let open = Open {
            order,
            awaited: 1,
            veto: None,
            guests: Vec::new(),
            parts: Vec::new(),
            hosted: None,
        };
        self.open.insert(txn.number, open);
        txn
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
            Message::Granted(txn) => self.prepare(txn),
            Message::Prepared { txn, shard, veto, guests } => {
                let open = self.opened(txn);
                open.veto = open.veto.take().or(veto);
                if !guests.is_empty() {
                    open.guests.push((shard, guests));
                }
                if self.is_last(txn) {
                    self.execute(txn);
                }
            }
            Message::Ran { txn, shard, partial } => self.ran(txn, shard, partial),
            Message::Hosted { txn, reply } => self.send_home(txn, reply),
            Message::Returned { txn } => {
                if self.is_last(txn) {
                    self.finish(txn);
                }
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

    fn prepare(&mut self, txn: TxnId) {
        let open = self.open.get_mut(&txn.number).expect("the lock was asked for");
        let Open { order, .. } = open;
        let mut shards: SmallVec<[(ShardId, Vec<LentKey>); 4]> = SmallVec::new();
        match &order.kind {
            Kind::Parts { hops, .. } => {
                shards.extend(hops.iter().map(|hop| (hop.shard, Vec::new())));
            }
            Kind::Every { .. } => {
                let all = 0..self.placement.shards() as u16;
                shards.extend(all.map(|shard| (ShardId(shard), Vec::new())));
            }
            Kind::Together { hops, db_of, .. } => {
                let lent = |(n, hop): (usize, &Hop)| {
                    (hop.shard, if n == 0 { Vec::new() } else { lent_keys(order, hop, *db_of) })
                };
                shards.extend(hops.iter().enumerate().map(lent));
            }
            Kind::Walk { .. } => unreachable!("a walk takes no lock"),
        }
        open.awaited = shards.len();
        for (shard, lend) in shards {
            let prepare = Message::Prepare { txn, shard, lend };
            self.messages.push_back((Destination::Shard(shard), prepare));
        }
    }

    /// All shards stand still: lets them run their parts, or go on unchanged if one has vetoed.
    fn execute(&mut self, txn: TxnId) {
        let open = self.open.get_mut(&txn.number).expect("it is being prepared");
        let out = &mut self.messages;
        if open.veto.is_some() {
            return self.abort(txn);
        }
        let Order { spec, words, caller, kind } = &open.order;
        let (spec, caller) = (*spec, *caller);
        let mut send = |shard, message| out.push_back((Destination::Shard(shard), message));
        match kind {
            Kind::Parts { hops, part, .. } => {
                open.awaited = hops.len();
                for hop in hops {
                    let (shard, part) = (hop.shard, *part);
                    let words = part_words(spec, words.as_args(), hop);
                    send(shard, Message::Run { txn, shard, part, words, caller });
                }
            }
            Kind::Every { part, .. } => {
                open.awaited = self.placement.shards();
                for shard in (0..self.placement.shards() as u16).map(ShardId) {
                    let (part, words) = (*part, words.clone());
                    send(shard, Message::Run { txn, shard, part, words, caller });
                }
            }
            Kind::Together { hops, run, .. } => {
                let (shard, run, words) = (hops[0].shard, *run, words.clone());
                let guests =
                    open.guests.iter_mut().flat_map(|(_, guests)| std::mem::take(guests)).collect();
                send(shard, Message::Host { txn, shard, run, words, caller, guests });
            }
            Kind::Walk { .. } => unreachable!("a walk is not prepared"),
        }
    }

    /// A shard vetoed: what was lent goes home unchanged, and nobody has run anything.
    fn abort(&mut self, txn: TxnId) {
        let open = self.open.get_mut(&txn.number).expect("it is being aborted");
        let mut guests = std::mem::take(&mut open.guests);
        let shards: Vec<ShardId> = match &open.order.kind {
            Kind::Parts { hops, .. } | Kind::Together { hops, .. } => {
                hops.iter().map(|hop| hop.shard).collect()
            }
            _ => (0..self.placement.shards() as u16).map(ShardId).collect(),
        };
        open.awaited = shards.len();
        for shard in shards {
            let of_shard = guests.iter_mut().find(|(lender, _)| *lender == shard);
            let guests = of_shard.map_or_else(Vec::new, |(_, guests)| std::mem::take(guests));
            let home = Message::Return { txn, shard, guests, changes: Vec::new() };
            self.messages.push_back((Destination::Shard(shard), home));
        }
    }

    fn ran(&mut self, txn: TxnId, shard: ShardId, partial: Partial) {
        let shards = self.placement.shards() as u16;
        let open = self.opened(txn);
        if let Kind::Walk { first, .. } = open.order.kind {
            let next = ShardId((shard.0 + 1) % shards);
            let is_empty = matches!(&partial, Partial::Keys(keys) if keys.is_empty());
            if is_empty && next != first {
                let order = &self.open[&txn.number].order;
                let ask = self.ask(txn, order, next);
                self.messages.push_back(ask);
                return;
            }
            self.opened(txn).parts = vec![(shard, partial)];
            return self.finish(txn);
        }
        open.parts.push((shard, partial));
        if self.is_last(txn) {
            self.finish(txn);
        }
    }

    fn ask(&self, txn: TxnId, order: &Order, shard: ShardId) -> (Destination, Message) {
        let Kind::Walk { part, .. } = order.kind else { unreachable!("only a walk asks") };
        let (words, caller) = (order.words.clone(), order.caller);
        (Destination::Shard(shard), Message::Ask { txn, shard, part, words, caller })
    }

    /// The command has run at its home shard: its guests go home with what happened to them.
    fn send_home(&mut self, txn: TxnId, hosted: Hosted) {
        let placement = &self.placement;
        let open = self.open.get_mut(&txn.number).expect("it is hosted");
        let mut bundles: Vec<(ShardId, Vec<Guest>, Vec<Change>)> =
            open.guests.drain(..).map(|(shard, _)| (shard, Vec::new(), Vec::new())).collect();
        for guest in hosted.guests {
            let home = placement.shard_of(&guest.lent.key);
            let bundle = bundles.iter_mut().find(|(shard, ..)| *shard == home);
            bundle.expect("a guest's shard has lent it").1.push(guest);
        }
        for change in hosted.changes {
            let Touches::Key { key, .. } = &change.touches else {
                unreachable!("what comes back touches single keys")
            };
            let home = placement.shard_of(key);
            let bundle = bundles.iter_mut().find(|(shard, ..)| *shard == home);
            bundle.expect("only lent keys were changed").2.push(change);
        }
        open.awaited = bundles.len();
        open.hosted = Some((hosted.reply, hosted.error));
        for (shard, guests, changes) in bundles {
            let home = Message::Return { txn, shard, guests, changes };
            self.messages.push_back((Destination::Shard(shard), home));
        }
    }

    /// Makes the reply and gives the lock back.
    fn finish(&mut self, txn: TxnId) {
        let open = self.open.remove(&txn.number).expect("it ends once");
        if !matches!(open.order.kind, Kind::Walk { .. }) {
            self.messages.push_back((Destination::Arbiter, Message::Unlock(txn)));
        }
        let (reply, error, words) = open.into_reply();
        self.finished.push_back(Finished { txn, reply, error, words });
    }
}

impl Open {
    fn into_reply(self) -> (ReplyBuffer, Option<ReplyError>, Argv) {
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
        let mut parts: Vec<(ShardId, Part)> = Vec::with_capacity(self.parts.len());
        for (shard, partial) in self.parts {
            let hop = hops.iter().find(|hop| hop.shard == shard);
            let positions = hop.map_or_else(SmallVec::new, |hop| hop.positions.clone());
            parts.push((shard, Part { positions, partial }));
        }
        parts.sort_by_key(|(shard, _)| *shard);
        let parts: Vec<Part> = parts.into_iter().map(|(_, part)| part).collect();
        let words = self.order.words.as_args();
        let error = write_reply(&mut writer, |writer| fold(words, &parts, writer));
        (reply, error, self.order.words)
    }
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
