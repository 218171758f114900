//! The desk: where this core's clients hand in commands over several shards, and get their replies.
//!
//! **Invariant:** what a transaction asks of the shards leaves (or is taken, if the shard is here)
//! before anything else of its client runs: corridors keep order, so no later command of the client
//! can come before it anywhere. That is why the client need not wait.

use command::CommandId;
use resp::Argv;
use session::{Standing, UnderWay};
use stdx::HashMap;
use txn::{
    Coordinator, Destination, Kind, Message, Messages, Mode, Order, ShardId, TxnId, mode_of,
};

use super::dispatch::Request;
use super::meter;
use super::{Core, World};
use crate::mailbox::{Asker, CallLimits, Credit, Post};

/// Transactions of this core's clients, and what its shards have to say about anybody's.
pub(super) struct Desk {
    coordinator: Coordinator,
    /// By transaction number.
    asked: HashMap<u64, Asked>,
    /// By session key: the transaction that was begun last, which may be long over.
    latest: Vec<Option<TxnId>>,
    /// What is to be delivered, here or elsewhere.
    pub(super) messages: Messages,
    /// How much may be under way.
    credit: Credit,
}

/// Who waits for a transaction.
struct Asked {
    asker: Asker,
    command: CommandId,
    /// Nanoseconds.
    since_ns: u64,
    /// What it took of the credit.
    bytes: usize,
    /// The session waits until it is over.
    is_waited_for: bool,
}

impl Desk {
    /// A desk without transactions.
    pub(super) fn new(coordinator: Coordinator, limits: CallLimits) -> Self {
        Self {
            coordinator,
            asked: HashMap::default(),
            latest: Vec::new(),
            messages: Messages::new(),
            credit: Credit::new(limits),
        }
    }

    /// The transaction that a session has begun last.
    fn latest(&mut self, key: usize) -> &mut Option<TxnId> {
        if self.latest.len() <= key {
            self.latest.resize(key + 1, None);
        }
        &mut self.latest[key]
    }
}

impl Core {
    /// Begins a command over several shards; false if it must wait and be tried again.
    pub(super) fn begin_transaction(&mut self, request: &Request<'_>) -> bool {
        let Request { key, id, spec, run, args, .. } = *request;
        let checked = match run {
            commands::Run::Gather { check, .. } | commands::Run::Scatter { check, .. } => {
                check(args)
            }
            _ => Ok(()),
        };
        if let Err(error) = checked {
            self.fail_early(key, id, &error);
            return true;
        }
        let bytes = args.total_bytes();
        if !self.desk.credit.take(bytes) {
            self.stall(key);
            return false;
        }
        let kind = self.kind_of(request);
        let is_waited_for = matches!(kind, Kind::Walk { .. });
        let caller = self.caller(key);
        let after = if is_waited_for { None } else { *self.desk.latest(key) };
        let order = Order { spec, words: Argv::from_args(args), caller, kind, after };
        let asker = self.asker(key);
        let txn = self.desk.coordinator.begin(order);
        if is_waited_for {
            // It asks one shard after the other: what follows would overtake it.
            self.sessions[key].standing = Standing::Waiting;
        } else {
            *self.desk.latest(key) = Some(txn);
        }
        let asked =
            Asked { asker, command: id, since_ns: self.front.mono_ns, bytes, is_waited_for };
        self.desk.asked.insert(txn.number, asked);
        self.front.stats.transactions += 1;
        while let Some((destination, message)) = self.desk.coordinator.poll_message() {
            self.send_errand(destination, message);
        }
        true
    }

    /// How a request runs over its shards.
    fn kind_of(&mut self, request: &Request<'_>) -> Kind {
        let Request { spec, run, args, .. } = *request;
        let hops = || txn::hops(spec, args, &self.placement);
        match run {
            commands::Run::Gather { part, fold, .. } => {
                Kind::Parts { hops: hops(), mode: Mode::Shared, part, fold }
            }
            commands::Run::Scatter { part, fold, .. } => {
                Kind::Parts { hops: hops(), mode: Mode::Exclusive, part, fold }
            }
            commands::Run::Together { run, db_of } => Kind::Together { hops: hops(), run, db_of },
            commands::Run::EveryShard { part, fold } => {
                Kind::Every { mode: mode_of(spec), part, fold }
            }
            commands::Run::OneShard { part, fold, .. } => {
                Kind::Walk { first: self.shard_by_chance(), part, fold }
            }
            commands::Run::Shard(_) => {
                // Its keys are on several shards though the shape says one: no declaration does
                // that.
                unreachable!("{} has its keys on one shard", spec.name)
            }
        }
    }

    fn shard_by_chance(&mut self) -> ShardId {
        ShardId((self.prng.below(self.placement.shards() as u64)) as u16)
    }

    /// What is under way here, of this core's clients and on its shards.
    pub(super) fn under_way(&self) -> UnderWay {
        let transactions = self.desk.asked.len() as u64;
        let mut all = UnderWay { transactions, ..UnderWay::default() };
        for load in self.queues.iter().map(txn::ShardQueue::load) {
            all.intents += load.intents as u64;
            all.places += load.waiting as u64;
            all.loans += load.loans as u64;
        }
        all
    }

    /// Carries the first message of a transaction to a shard, at once if the shard is here.
    fn send_errand(&mut self, destination: Destination, message: Message) {
        match destination {
            Destination::Shard(shard) if self.placement.core_of(shard) == self.id => {
                self.hand_to_shard(shard, message);
            }
            _ => self.send_message(destination, message),
        }
    }

    /// A shard of this core takes a message.
    fn hand_to_shard(&mut self, id: ShardId, message: Message) {
        let shard = self.shards[id.index()].as_mut().expect("the shard is this core's");
        self.queues[id.index()].handle(shard, message, &mut self.desk.messages);
    }

    /// A transaction's message has arrived on the core where it belongs.
    pub(super) fn take_message(
        &mut self,
        destination: Destination,
        message: Message,
        world: &mut World<'_>,
    ) {
        match destination {
            Destination::Coordinator(_) => self.desk.coordinator.handle(message),
            Destination::Shard(shard) => {
                self.hand_to_shard(shard, message);
                self.run_queue(shard, world);
            }
        }
    }

    /// Carries what transactions have to say, here and to other cores, until all is said.
    ///
    /// Messages of this core to itself go through a queue as well, so that a thousand transactions
    /// in a row are a loop and not a recursion.
    pub(super) fn settle(&mut self, world: &mut World<'_>) {
        loop {
            let desk = &mut self.desk;
            let next = desk.messages.pop_front().or_else(|| desk.coordinator.poll_message());
            let Some((destination, message)) = next else { break };
            if self.core_of(destination) == self.id {
                self.take_message(destination, message, world);
            } else {
                self.send_message(destination, message);
            }
        }
        self.finish_transactions(world);
    }

    fn core_of(&self, destination: Destination) -> usize {
        match destination {
            Destination::Shard(shard) => self.placement.core_of(shard),
            Destination::Coordinator(txn) => usize::from(txn.core),
        }
    }

    /// Sends a message to another core.
    fn send_message(&mut self, destination: Destination, message: Message) {
        self.post(self.core_of(destination), Post::Txn(destination, message));
    }

    /// Hands the replies of finished transactions to their sessions, which may go on.
    fn finish_transactions(&mut self, world: &mut World<'_>) {
        let mut now_ns = None;
        while let Some(mut finished) = self.desk.coordinator.poll_finished() {
            let asked = self.desk.asked.remove(&finished.txn.number);
            let asked = asked.expect("a transaction has somebody who asked");
            let Asked { asker, command, since_ns, bytes, is_waited_for } = asked;
            self.desk.credit.give_back(bytes);
            let now_ns = *now_ns.get_or_insert_with(|| world.clock.mono_ns());
            let nanoseconds = now_ns.saturating_sub(since_ns);
            let run = meter::Run { command, calls: 1, nanoseconds };
            self.account(run, (asker.key as usize, asker.client), Some(finished.words.as_args()));
            if let Some(error) = &finished.error {
                self.count_failure(command, error);
            }
            let bytes = finished.reply.len();
            self.deliver(asker, &mut finished.reply, bytes);
            if is_waited_for {
                self.release(asker);
            }
        }
        if now_ns.is_some() {
            self.let_stalled_go_on();
        }
    }

    /// The session that waited for this may go on, if it is still there.
    pub(super) fn release(&mut self, asker: Asker) {
        let key = asker.key as usize;
        if self.sessions.get(key).is_some_and(|session| session.client.id == asker.client) {
            self.let_go_on(key, Standing::Waiting);
        }
    }
}
