//! The desk: where this core's clients hand in commands over several shards, and get their replies.
//!
//! **Invariant:** what a transaction asks of the shards leaves (or is taken, if the shard is here)
//! before anything else of its client runs: corridors keep order, so no later command of the client
//! can come before it anywhere. That is why the client need not wait.

use std::sync::Arc;

use command::flags::DENYOOM;
use command::{CommandId, Spec};
use resp::Argv;
use session::{LastWrite, Standing, UnderWay};
use stdx::HashMap;
use txn::{
    Coordinator, Destination, Ending, Finished, Hop, Kind, Message, Messages, Mode, Order, Program,
    ShardId, Surroundings, TxnId, mode_of,
};

use super::blocked::Patient;
use super::dispatch::Request;
use super::meter;
use super::multi::Exec;
use super::strict::Train;
use super::{Core, World};
use crate::mailbox::{Asker, CallLimits, Credit, Post};

/// Transactions of this core's clients, and what its shards have to say about anybody's.
pub(super) struct Desk {
    pub(super) coordinator: Coordinator,
    /// By transaction number: who waits for it.
    pub(super) asked: HashMap<u64, Asked>,
    /// By session key: the transaction that was begun last, which may be long over.
    latest: Vec<Option<TxnId>>,
    /// What is to be delivered, here or elsewhere.
    pub(super) messages: Messages,
    /// How much may be under way.
    credit: Credit,
}

/// Who waits for a transaction, with which command, since when (nanoseconds).
pub(super) struct Pending {
    pub(super) asker: Asker,
    pub(super) id: CommandId,
    pub(super) since_ns: u64,
}

/// What a transaction is for.
pub(super) enum Asked {
    /// A single command; what it took of the credit, and whether its session waits for it.
    Command(Pending, usize, bool),
    /// A single command that may wait for its keys.
    Patient(Box<Patient>),
    /// EXEC.
    Exec(Box<Exec>),
    /// WATCH, with its words.
    Watch(Pending, Argv),
    /// Writes of a pipeline.
    Train(Box<Train>),
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
    pub(super) fn latest(&mut self, key: usize) -> &mut Option<TxnId> {
        if self.latest.len() <= key {
            self.latest.resize(key + 1, None);
        }
        &mut self.latest[key]
    }
}

impl Core {
    /// Begins a command over several shards; false if it must wait and be tried again.
    pub(super) fn begin_transaction(
        &mut self,
        request: &Request<'_>,
        hops: Vec<Hop>,
        world: &World<'_>,
    ) -> bool {
        let Request { key, id, spec, run, args, .. } = *request;
        let checked = match run {
            commands::Run::Gather { check, .. }
            | commands::Run::GatherWhole { check, .. }
            | commands::Run::Scatter { check, .. } => check(args),
            _ => Ok(()),
        };
        if let Err(error) = checked {
            self.fail_early(key, id, &error);
            return true;
        }
        let bytes = args.total_bytes();
        if !self.desk.credit.admits(bytes) {
            self.stall(key);
            return false;
        }
        self.desk.credit.take(1, bytes);
        let kind = self.kind_of(request, hops);
        let is_waited_for = matches!(kind, Kind::Walk { .. });
        let words = match kind {
            Kind::Together { .. } => Argv::new(),
            _ => Argv::from_args(args),
        };
        if is_waited_for {
            // It asks one shard after the other: what follows would overtake it.
            self.sessions[key].standing = Standing::Waiting;
        }
        let pending = Pending { asker: self.asker(key), id, since_ns: self.front.mono_ns };
        self.note_write(key, id, LastWrite::Transaction(pending.asker.ticket));
        let asked = Asked::Command(pending, bytes, is_waited_for);
        self.begin_order(key, (spec, words, kind), asked, world);
        true
    }

    /// Hands an order in at the coordinator's, and sends its first messages. Answers its name.
    pub(super) fn begin_order(
        &mut self,
        key: usize,
        (spec, words, kind): (&'static Spec, Argv, Kind),
        asked: Asked,
        world: &World<'_>,
    ) -> TxnId {
        let (caller, after) = (self.caller(key), *self.desk.latest(key));
        let has_number = kind.has_number();
        let needs_room = match &asked {
            Asked::Exec(exec) => exec.needs_room(),
            _ => spec.has(DENYOOM),
        };
        let order = Order { spec, words: Arc::new(words), caller, kind, needs_room, after };
        let (shards, queues) = (&mut self.shards, &mut self.queues);
        let txn = self.desk.coordinator.begin(order, &mut |errand| {
            let index = errand.shard.index();
            // The gate has just asked for memory on this core.
            Ok(queues[index].schedule(shards[index].as_mut(), errand, None))
        });
        if has_number {
            *self.desk.latest(key) = Some(txn);
        }
        self.desk.asked.insert(txn.number, asked);
        self.front.stats.transactions += 1;
        while let Some((destination, message)) = self.desk.coordinator.poll_message() {
            self.send_errand(destination, message, world);
        }
        txn
    }

    /// How a request runs over its shards.
    pub(super) fn kind_of(&mut self, request: &Request<'_>, hops: Vec<Hop>) -> Kind {
        let Request { key, spec, run, args, .. } = *request;
        match run {
            commands::Run::Gather { part, fold, .. }
            | commands::Run::GatherWhole { part, fold, .. } => {
                Kind::Parts { hops, mode: Mode::Shared, part, fold }
            }
            commands::Run::Scatter { part, fold, .. } => {
                Kind::Parts { hops, mode: Mode::Exclusive, part, fold }
            }
            commands::Run::Together { db_of, .. } => {
                let caller = self.caller(key);
                let stops = txn::stops(&hops, args, caller.db, db_of);
                let program = Program::one(run, caller, Argv::from_args(args));
                Kind::Together { stops, program: Box::new(program) }
            }
            commands::Run::EveryShard { part, fold } => {
                Kind::Every { mode: mode_of(spec), part, fold }
            }
            commands::Run::OneShard { part, fold, .. } => {
                Kind::Walk { first: self.shard_by_chance(), part, fold }
            }
            commands::Run::Shard(_) | commands::Run::BetweenDbs(_) => {
                // Its keys are on several shards though the shape says one: no declaration does
                // that.
                unreachable!("{} has its keys on one shard", spec.name)
            }
        }
    }

    pub(super) fn shard_by_chance(&mut self) -> ShardId {
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
            all.waiters += load.waiters as u64;
        }
        all
    }

    /// Carries a first message of a transaction to a shard, at once if the shard is here. (What
    /// follows when all its shards are here is taken when the turn settles.)
    pub(super) fn send_errand(
        &mut self,
        destination: Destination,
        message: Message,
        world: &World<'_>,
    ) {
        match destination {
            Destination::Shard(shard) if self.placement.core_of(shard) == self.id => {
                if matches!(message, Message::Go { .. } | Message::Withdraw { .. }) {
                    self.desk.messages.push_back((destination, message));
                } else {
                    self.hand_to_shard(shard, message, world);
                }
            }
            _ => self.send_message(destination, message),
        }
    }

    /// A shard of this core takes a message.
    fn hand_to_shard(&mut self, id: ShardId, message: Message, world: &World<'_>) {
        let veto = self.veto(&message, world);
        let stopwatch = || world.clock.mono_ns();
        let (placement, hasher, veto) = (&self.placement, &self.hasher, veto.as_ref());
        let surroundings = Surroundings { placement, hasher, stopwatch: &stopwatch, veto };
        let shard = self.shards[id.index()].as_mut();
        self.queues[id.index()].handle(shard, message, surroundings, &mut self.desk.messages);
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
                self.hand_to_shard(shard, message, world);
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
            if let Some((destination, message)) = next {
                if self.core_of(destination) == self.id {
                    self.take_message(destination, message, world);
                } else {
                    self.send_message(destination, message);
                }
            } else if let Some((txn, until)) = self.desk.coordinator.poll_blocked() {
                self.waits_for_keys(txn, until, world);
            } else if let Some(txn) = self.desk.coordinator.poll_ready() {
                self.begin_house(txn);
            } else if !self.go_on_in_house(world) {
                break;
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
    pub(super) fn send_message(&mut self, destination: Destination, message: Message) {
        self.post(self.core_of(destination), Post::Txn(destination, message));
    }

    /// Hands the replies of finished transactions to their sessions, which may go on.
    fn finish_transactions(&mut self, world: &mut World<'_>) {
        let mut has_finished = false;
        while let Some(Finished { txn, ending }) = self.desk.coordinator.poll_finished() {
            has_finished = true;
            match (self.desk.asked.remove(&txn.number), ending) {
                (Some(Asked::Command(pending, bytes, is_waited_for)), ending) => {
                    self.desk.credit.give_back(1, bytes);
                    self.finish_command(&pending, ending, world);
                    if is_waited_for {
                        self.release(pending.asker);
                    }
                }
                (Some(Asked::Patient(patient)), ending) => {
                    self.finish_patient(txn, *patient, ending, world);
                }
                (Some(Asked::Exec(exec)), ending) => self.finish_exec(exec, ending, world),
                (Some(Asked::Watch(pending, words)), Ending::Watched(sightings)) => {
                    self.finish_watch((pending, words), sightings, world);
                }
                (Some(Asked::Train(train)), Ending::Train(wagons)) => {
                    self.finish_train(train, wagons, world);
                }
                // The EXEC has been answered as soon as it was done with the house.
                (None, Ending::House) => {}
                _ => unreachable!("a transaction ends with what it began for"),
            }
        }
        if has_finished {
            self.let_stalled_go_on();
        }
    }

    pub(super) fn finish_command(&mut self, pending: &Pending, ending: Ending, world: &World<'_>) {
        let Pending { asker, id, since_ns } = *pending;
        let nanoseconds = world.clock.mono_ns().saturating_sub(since_ns);
        let (mut reply, error, words) = ending.into_single();
        let run = meter::Run { command: id, calls: 1, nanoseconds };
        self.account(run, (asker.key as usize, asker.client), Some(words.as_args()));
        if let Some(error) = &error {
            self.count_failure(id, error);
        }
        self.deliver(asker, &mut reply);
    }

    /// The session that waited for this may go on, if it is still there.
    pub(super) fn release(&mut self, asker: Asker) {
        let key = asker.key as usize;
        if self.sessions.get(key).is_some_and(|session| session.client.id == asker.client) {
            self.let_go_on(key, Standing::Waiting);
        }
    }
}
