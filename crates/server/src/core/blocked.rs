//! Clients whose command waits: for keys to have something (BLPOP), or for what never comes (WAIT).
//!
//! Such a client's requests behind the command stay in its buffer, and its replies before it leave.
//! It is *blocked* from the moment at which its command is on its way; that it really waits is
//! known here as soon as the command's shards have said so, and only then does CLIENT LIST tell it.
//!
//! **Invariants**
//! - A session that is `Standing::Blocked` has an entry here, until it is let go or has gone.
//! - A core sleeps until the first deadline; who waits for ever needs no timer.

use std::collections::BTreeSet;
use std::sync::Arc;

use command::CommandId;
use keyspace::UnixMillis;
use resp::{Argv, ReplyBuffer, ReplyError, ReplyWriter};
use session::{Blocked, Effect, Front, ReplyMode, Standing};
use stdx::HashMap;
use txn::{Ending, Job, Kind, Order, Program, ShardId, Stop, TxnId, Waiter, Why, execute};

use super::desk::{Asked, Pending};
use super::dispatch::{Request, Way};
use super::{Core, World, meter};
use crate::mailbox::{Asker, Question};

/// CLIENT UNBLOCK ... ERROR.
const UNBLOCKED: ReplyError = ReplyError::new("UNBLOCKED client unblocked via CLIENT UNBLOCK");

/// LIMIT: a core looks at its clock once a day, however far away the first deadline is: clients
/// name moments that no clock can count to.
const SLEEP_US_MAX: i64 = 24 * 3600 * 1_000_000;

/// A command under way that may wait for its keys.
pub(super) struct Patient {
    pending: Pending,
    /// Its call is in the statistics.
    is_counted: bool,
    /// Questions (core and number) that are answered when it is known what became of it.
    tellers: Vec<(u16, u64)>,
}

/// What a session waits for.
#[derive(Clone, Copy)]
enum What {
    /// The transaction of its command.
    Keys(TxnId),
    /// Nothing that could happen; it is answered at the end.
    Nothing { asker: Asker, answer: fn(&mut ReplyWriter<'_>) },
}

struct Wait {
    what: What,
    until_ms: Option<i64>,
}

/// The sessions of a core that are blocked.
#[derive(Default)]
pub(super) struct Waiting {
    /// By session key.
    all: HashMap<usize, Wait>,
    /// Moments (milliseconds since 1970) and session keys.
    deadlines: BTreeSet<(i64, usize)>,
}

impl Waiting {
    fn insert(&mut self, key: usize, what: What) {
        let old = self.all.insert(key, Wait { what, until_ms: None });
        assert!(old.is_none(), "a session waits for one command");
    }

    fn remove(&mut self, key: usize) -> Option<What> {
        let wait = self.all.remove(&key)?;
        if let Some(until_ms) = wait.until_ms {
            self.deadlines.remove(&(until_ms, key));
        }
        Some(wait.what)
    }

    /// Sets a session's deadline, if it has one.
    fn set_deadline(&mut self, key: usize, until_ms: Option<i64>) {
        let wait = self.all.get_mut(&key).expect("it waits");
        wait.until_ms = until_ms;
        self.deadlines.extend(until_ms.map(|until_ms| (until_ms, key)));
    }

    /// A session whose time is over; its deadline is gone then.
    fn next_over(&mut self, now_ms: i64) -> Option<(usize, What)> {
        let (until_ms, key) = *self.deadlines.first().filter(|(until, _)| *until <= now_ms)?;
        self.deadlines.remove(&(until_ms, key));
        let wait = self.all.get_mut(&key).expect("a deadline is that of a session that waits");
        wait.until_ms = None;
        Some((key, wait.what))
    }

    /// Nanoseconds until the first deadline.
    pub(super) fn until_next(&self, front: &Front) -> Option<u64> {
        let (until_ms, _) = *self.deadlines.first()?;
        let us = until_ms.saturating_mul(1000).saturating_sub(front.now_us());
        Some(us.clamp(0, SLEEP_US_MAX) as u64 * 1000)
    }
}

impl Core {
    /// Begins a command that may wait for its keys. What follows it waits for its reply.
    pub(super) fn begin_patiently(&mut self, request: &Request<'_>, world: &mut World<'_>) -> bool {
        let Request { key, id, spec, args, .. } = *request;
        let kind = match self.way(request) {
            Way::One(shard) => {
                let owner = self.placement.core_of(shard);
                if self.placement.shards() > 1 {
                    self.drift(key, owner);
                }
                let author = self.sessions[key].client.author();
                if owner == self.id && !self.must_wait(shard, (id, author, args), None) {
                    self.run_patiently(request, shard, world);
                    return true;
                }
                let db = self.sessions[key].client.db;
                let hops = txn::hops(spec, args, &self.placement);
                let stop = txn::stops(&hops, args, db, commands::own_db).pop();
                let stop = stop.unwrap_or_else(|| Stop::at(shard));
                Kind::Solo { stop, program: Box::new(self.patient_program(request)) }
            }
            Way::Transaction(hops) => {
                let Kind::Together { stops, program } = self.kind_of(request, hops) else {
                    unreachable!("what may wait runs with all its keys together")
                };
                Kind::Together { stops, program: Box::new(program.patient()) }
            }
        };
        let pending = Pending { asker: self.asker(key), id, since_ns: self.front.mono_ns };
        let patient = Patient { pending, is_counted: false, tellers: Vec::new() };
        let asked = Asked::Patient(Box::new(patient));
        let txn = self.begin_order(key, (spec, Argv::new(), kind), asked, world);
        self.sessions[key].standing = Standing::Blocked;
        self.waiting.insert(key, What::Keys(txn));
        true
    }

    fn patient_program(&self, request: &Request<'_>) -> Program {
        let caller = self.caller(request.key);
        Program::one(request.run, caller, Argv::from_args(request.args)).patient()
    }

    /// Runs a request that may wait on a shard of this core that has all its keys.
    fn run_patiently(&mut self, request: &Request<'_>, shard: ShardId, world: &mut World<'_>) {
        let Request { key, id, spec, run, args, .. } = *request;
        self.begin_run(key, id, world);
        let caller = self.caller(key);
        let place = (shard, self.placement.shards() as u16);
        let job = Job { run, place, caller, args, hint: None };
        let session = &mut self.sessions[key];
        let target = self.shards[shard.index()].as_mut().expect("the shard is this core's");
        let muted = session.client.reply_mode != ReplyMode::On;
        let (failed, wait) = session.replies.here(caller.protocol, |writer| {
            let mark = writer.mark();
            let outcome = target.with_patience(|target| execute(target, &job, writer));
            if muted {
                writer.truncate_to(mark);
            }
            outcome
        });
        let has_ready = target.has_ready();
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        self.end_run(key, Some(args), world);
        if has_ready {
            self.serve(shard, world);
        }
        let Some(wait) = wait else { return };
        let program = Box::new(self.patient_program(request));
        let kind = Kind::Solo { stop: Stop::at(shard), program: Box::new(Program::empty(caller)) };
        let (words, needs_room) = (Arc::new(Argv::new()), false);
        let order = Order { spec, words, caller, kind, needs_room, after: None };
        let txn = self.desk.coordinator.wait_on(shard, order, wait.until);
        let pending = Pending { asker: self.asker(key), id, since_ns: self.front.mono_ns };
        let patient = Patient { pending, is_counted: true, tellers: Vec::new() };
        self.desk.asked.insert(txn.number, Asked::Patient(Box::new(patient)));
        self.sessions[key].standing = Standing::Blocked;
        self.waiting.insert(key, What::Keys(txn));
        let target = self.shards[shard.index()].as_mut().expect("the shard is this core's");
        let waiter = Waiter::alone(txn, program, wait);
        self.queues[shard.index()].wait_for_key(target, waiter);
    }

    /// Serves those who wait for keys of a shard that have got something.
    pub(super) fn serve(&mut self, id: ShardId, world: &World<'_>) {
        let stopwatch = || world.clock.mono_ns();
        let (placement, hasher) = (&self.placement, &self.hasher);
        let surroundings =
            txn::Surroundings { placement, hasher, stopwatch: &stopwatch, veto: None };
        let shard = self.shards[id.index()].as_mut().expect("the shard is this core's");
        self.queues[id.index()].serve(shard, surroundings, &mut self.desk.messages);
    }

    /// A session command has just run that waits.
    pub(super) fn wait_if_asked(&mut self, key: usize) {
        let Some(patience) = self.front.patience.take() else { return };
        let (asker, answer) = (self.asker(key), patience.answer);
        self.sessions[key].standing = Standing::Blocked;
        self.waiting.insert(key, What::Nothing { asker, answer });
        self.is_known_to_wait(key, patience.until_ms);
    }

    fn is_known_to_wait(&mut self, key: usize, until_ms: Option<i64>) {
        self.waiting.set_deadline(key, until_ms);
        self.sessions[key].blocked = match until_ms {
            None => Blocked::ForEver,
            Some(_) => Blocked::ForAWhile,
        };
    }

    /// A command's shards have said that it waits.
    pub(super) fn waits_for_keys(
        &mut self,
        txn: TxnId,
        until: Option<UnixMillis>,
        world: &World<'_>,
    ) {
        let Some(Asked::Patient(patient)) = self.desk.asked.get_mut(&txn.number) else {
            unreachable!("only who may wait waits")
        };
        let was_counted = std::mem::replace(&mut patient.is_counted, true);
        let Pending { asker, id, since_ns } = patient.pending;
        let key = asker.key as usize;
        if !was_counted {
            let nanoseconds = world.clock.mono_ns().saturating_sub(since_ns);
            let run = meter::Run { command: id, calls: 1, nanoseconds };
            self.account(run, (key, asker.client), None);
        }
        // It may have gone meanwhile, or have run again and keep its deadline.
        let wait = self.waiting.all.get(&key);
        if wait.is_some_and(|it| it.until_ms.is_none() && it.is_for(txn)) {
            self.is_known_to_wait(key, until.map(|until| until.0));
        }
    }

    /// A command that may wait is over.
    pub(super) fn finish_patient(
        &mut self,
        txn: TxnId,
        patient: Patient,
        ending: Ending,
        world: &mut World<'_>,
    ) {
        let Patient { pending, is_counted, tellers } = patient;
        let Pending { asker, id, .. } = pending;
        if self.waiting.all.get(&(asker.key as usize)).is_some_and(|wait| wait.is_for(txn)) {
            self.waiting.remove(asker.key as usize);
        }
        let was_unblocked = matches!(ending, Ending::Cancelled(Why::Unblocked { .. }));
        match ending {
            Ending::Cancelled(why) => self.answer_in_vain(asker, id, why),
            ending if !is_counted => self.finish_command(&pending, ending, world),
            ending => {
                let (mut reply, error, _) = ending.into_single();
                error.iter().for_each(|error| self.count_failure(id, error));
                self.deliver(asker, &mut reply);
            }
        }
        self.let_go(asker);
        for question in tellers {
            self.tell(question, Box::new(i64::from(was_unblocked)), world);
        }
    }

    /// Answers a command that has waited in vain.
    ///
    /// REDIS: 7.0 answers all of them with an array that is none, BLMOVE too.
    fn answer_in_vain(&mut self, asker: Asker, id: CommandId, why: Why) {
        let Some(session) = self.sessions.get(asker.key as usize) else { return };
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, session.client.protocol);
        match why {
            Why::TimedOut | Why::Unblocked { as_error: false } => writer.null_array(),
            Why::Unblocked { as_error: true } => {
                writer.error(&UNBLOCKED);
                self.count_failure(id, &UNBLOCKED);
            }
            Why::Gone => {}
        }
        self.deliver(asker, &mut reply);
    }

    /// A client that was blocked goes on, if it is still there.
    fn let_go(&mut self, asker: Asker) {
        let key = asker.key as usize;
        let session = self.sessions.get_mut(key).filter(|it| it.client.id == asker.client);
        if let Some(session) = session {
            session.blocked = Blocked::No;
            self.let_go_on(key, Standing::Blocked);
        }
    }

    /// Who waits for nothing is answered.
    fn answer_nothing(
        &mut self,
        key: usize,
        (asker, answer): (Asker, fn(&mut ReplyWriter<'_>)),
        error: Option<&ReplyError>,
    ) {
        self.waiting.remove(key);
        let mut reply = ReplyBuffer::new();
        let mut writer = ReplyWriter::new(&mut reply, self.sessions[key].client.protocol);
        match error {
            None => answer(&mut writer),
            Some(error) => writer.error(error),
        }
        if let (Some(error), Some(id)) = (error, self.sessions[key].client.last_command) {
            self.count_failure(id, error);
        }
        self.deliver(asker, &mut reply);
        self.let_go(asker);
    }

    /// Lets go of those whose time is over.
    pub(super) fn end_waits(&mut self, world: &mut World<'_>) {
        let mut has_ended = false;
        while let Some((key, what)) = self.waiting.next_over(self.front.now_ms) {
            has_ended = true;
            match what {
                What::Keys(txn) => {
                    self.desk.coordinator.leave(txn, Why::TimedOut);
                }
                What::Nothing { asker, answer } => {
                    self.answer_nothing(key, (asker, answer), None);
                }
            }
        }
        if has_ended {
            self.resume_all(world);
        }
    }

    /// A client has gone, or will send no more: its command waits no longer.
    pub(super) fn stop_waiting(&mut self, key: usize) {
        match self.waiting.remove(key) {
            Some(What::Keys(txn)) => {
                self.desk.coordinator.leave(txn, Why::Gone);
            }
            Some(What::Nothing { asker, .. }) => {
                // It may wait for its replies of before.
                self.deliver(asker, &mut ReplyBuffer::new());
                self.let_go(asker);
            }
            None => {}
        }
    }

    /// Does what CLIENT UNBLOCK has asked this core for. Answers whether it tells what came of it
    /// by itself.
    pub(super) fn unblock_if_asked(&mut self, question: &Question, world: &mut World<'_>) -> bool {
        let mut asked = None;
        self.front.effects.retain(|effect| match effect {
            Effect::Unblock { key, as_error } => {
                asked = Some((*key, *as_error));
                false
            }
            _ => true,
        });
        let Some((key, as_error)) = asked else { return false };
        let question = (question.from, question.number);
        match self.waiting.all.get(&key).map(|wait| wait.what) {
            Some(What::Keys(txn)) => {
                let is_why = self.desk.coordinator.leave(txn, Why::Unblocked { as_error });
                if let Some(Asked::Patient(patient)) = self.desk.asked.get_mut(&txn.number)
                    && is_why
                {
                    patient.tellers.push(question);
                }
                is_why
            }
            Some(What::Nothing { asker, answer }) => {
                self.answer_nothing(key, (asker, answer), as_error.then_some(UNBLOCKED).as_ref());
                self.tell(question, Box::new(1_i64), world);
                true
            }
            None => false,
        }
    }
}

impl Wait {
    fn is_for(&self, txn: TxnId) -> bool {
        matches!(self.what, What::Keys(own) if own == txn)
    }
}
