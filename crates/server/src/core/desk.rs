//! The desk: where this core's clients hand in commands over several shards, and get their replies.

use std::collections::VecDeque;

use command::CommandId;
use resp::Argv;
use session::Standing;
use stdx::HashMap;
use txn::{Arbiter, Coordinator, Destination, Kind, Message, Order, ShardId};

use super::dispatch::Request;
use super::mail::Deferred;
use super::meter;
use super::{Core, World};
use crate::mailbox::{Asker, Post};

/// Transactions of this core's clients, and on core 0 the arbiter of all.
pub(super) struct Desk {
    pub coordinator: Coordinator,
    pub arbiter: Arbiter,
    /// By transaction number: who waits for it, with which command, since when (nanoseconds).
    pub asked: HashMap<u64, (Asker, CommandId, u64)>,
    /// Messages from this core to itself, in order.
    pub local: VecDeque<(Destination, Message)>,
}

impl Core {
    /// Begins a command over several shards. The session waits until it is over.
    pub(super) fn begin_transaction(&mut self, request: &Request<'_>) {
        let Request { key, id, spec, run, args, .. } = *request;
        let checked = match run {
            commands::Run::Gather { check, .. } | commands::Run::Scatter { check, .. } => {
                check(args)
            }
            _ => Ok(()),
        };
        if let Err(error) = checked {
            return self.fail_early(key, id, &error);
        }
        let hops = || txn::hops(spec, args, &self.placement);
        let kind = match run {
            commands::Run::Gather { part, fold, .. }
            | commands::Run::Scatter { part, fold, .. } => Kind::Parts { hops: hops(), part, fold },
            commands::Run::Together { run, db_of } => Kind::Together { hops: hops(), run, db_of },
            commands::Run::EveryShard { part, fold } => Kind::Every { part, fold },
            commands::Run::OneShard { part, fold, .. } => {
                Kind::Walk { first: self.shard_by_chance(), part, fold }
            }
            commands::Run::Shard(_) => {
                // Its keys are on several shards though the shape says one: no declaration does
                // that.
                unreachable!("{} has its keys on one shard", spec.name)
            }
        };
        let order = Order { spec, words: Argv::from_args(args), caller: self.caller(key), kind };
        let asker = self.asker(key);
        let txn = self.desk.coordinator.begin(order);
        self.desk.asked.insert(txn.number, (asker, id, self.front.mono_ns));
        self.front.stats.transactions += 1;
        self.sessions[key].standing = Standing::Waiting;
    }

    fn shard_by_chance(&mut self) -> ShardId {
        ShardId((self.prng.below(self.placement.shards() as u64)) as u16)
    }

    /// A transaction's message has arrived where it belongs.
    pub(super) fn take_message(
        &mut self,
        destination: Destination,
        message: Message,
        world: &mut World<'_>,
    ) {
        match (destination, message) {
            (Destination::Arbiter, message) => self.take_arbiter_message(&message),
            (Destination::Coordinator(_), message) => self.desk.coordinator.handle(message),
            (Destination::Shard(shard), message @ Message::Ask { .. })
                if self.gates[shard.index()].lock.is_held() =>
            {
                self.gates[shard.index()].deferred.push_back(Deferred::Ask(message));
            }
            (Destination::Shard(shard), message) => {
                self.serve_shard(shard, message);
                self.run_deferred(shard, world);
            }
        }
    }

    fn take_arbiter_message(&mut self, message: &Message) {
        assert_eq!(self.id, 0, "the arbiter sits on core 0");
        let granted = match message {
            Message::Lock(txn) => self.desk.arbiter.lock(*txn),
            Message::Unlock(txn) => self.desk.arbiter.unlock(*txn),
            _ => unreachable!("the arbiter hears of nothing else"),
        };
        if let Some(txn) = granted {
            self.send_message(Destination::Coordinator(txn), Message::Granted(txn));
        }
    }

    /// Lets a shard of this core take part in a transaction.
    pub(super) fn serve_shard(&mut self, id: ShardId, message: Message) {
        let shard = self.shards[id.index()].as_mut().expect("the shard is this core's");
        let lock = &mut self.gates[id.index()].lock;
        let answer = txn::serve(shard, lock, &self.placement, message);
        let txn = match &answer {
            Message::Prepared { txn, .. }
            | Message::Ran { txn, .. }
            | Message::Hosted { txn, .. }
            | Message::Returned { txn } => *txn,
            _ => unreachable!("a shard answers to a coordinator"),
        };
        self.send_message(Destination::Coordinator(txn), answer);
    }

    /// Carries what transactions have to say, here and to other cores, until all is said.
    ///
    /// Messages of this core to itself go through a queue as well, so that a thousand transactions
    /// in a row are a loop and not a recursion.
    pub(super) fn settle(&mut self, world: &mut World<'_>) {
        loop {
            if let Some((destination, message)) = self.desk.local.pop_front() {
                self.take_message(destination, message, world);
            } else if let Some((destination, message)) = self.desk.coordinator.poll_message() {
                self.send_message(destination, message);
            } else {
                break;
            }
        }
        self.finish_transactions(world);
    }

    /// Sends a transaction's message to where it belongs, which may be here.
    fn send_message(&mut self, destination: Destination, message: Message) {
        let core = match destination {
            Destination::Arbiter => 0,
            Destination::Shard(shard) => self.placement.core_of(shard),
            Destination::Coordinator(txn) => usize::from(txn.core),
        };
        if core == self.id {
            self.desk.local.push_back((destination, message));
        } else {
            self.post(core, Post::Txn(destination, message));
        }
    }

    /// Hands the replies of finished transactions to their sessions, which may go on.
    fn finish_transactions(&mut self, world: &mut World<'_>) {
        while let Some(mut finished) = self.desk.coordinator.poll_finished() {
            let asked = self.desk.asked.remove(&finished.txn.number);
            let (asker, id, since_ns) = asked.expect("a transaction has somebody who asked");
            let nanoseconds = world.clock.mono_ns().saturating_sub(since_ns);
            let run = meter::Run { command: id, calls: 1, nanoseconds };
            self.account(run, (asker.key as usize, asker.client), Some(finished.words.as_args()));
            if let Some(error) = &finished.error {
                self.count_failure(id, error);
            }
            let bytes = finished.reply.len();
            self.deliver(asker, &mut finished.reply, bytes);
            self.release(asker);
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
