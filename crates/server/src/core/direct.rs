//! The short way: requests of one command with one key each, one after another.
//!
//! In a deep pipeline almost every request is like the one before it. Once `dispatch` has seen the
//! first of a kind, those behind it need no gate (nothing that it asks about can have changed), no
//! new timing run and no search for their place: they run here on a free shard, or go into the
//! envelope of the core that has theirs.
//!
//! **Invariant:** what runs here would have run in `dispatch`, with the same reply and effects.

use command::flags::PROTECTED;
use command::{Arity, CommandId};
use commands::ShardFn;
use keyspace::ShardCx;
use resp::{Args, Batch, ReplyWriter};
use session::{LastWrite, ReplyMode, Run, Session, Standing, Stats, Table};
use txn::{Mode, ShardId, ShardQueue, mode_of};

use super::Core;
use super::dispatch::Plan;
use super::execute::is_brief;
use super::mail::Deferred;
use crate::mailbox::{Asker, CallHead};

/// What the short way needs to know of a command.
#[derive(Clone, Copy)]
pub(super) struct Quick {
    /// The place of its only key among its words; 0 if it has none or several.
    pub key_at: u16,
    /// What runs it, if it is brief and has one key.
    pub run: Option<ShardFn>,
    /// How many words it takes.
    pub arity: Arity,
    /// How it uses its keys.
    pub mode: Mode,
}

impl Quick {
    /// What is known of every command, by id.
    pub(super) fn table(table: &Table) -> Vec<Self> {
        table.all().map(|id| Self::of(table, id)).collect()
    }

    fn of(table: &Table, id: CommandId) -> Self {
        let command = table.get(id);
        let spec = &command.spec;
        let single =
            spec.simple_keys().filter(|keys| i32::from(keys.last) == i32::from(keys.first));
        let key_at = single.map_or(0, |keys| keys.first);
        let run = match command.run {
            Some(Run::Data(commands::Run::Shard(run)))
                if key_at > 0 && is_brief(spec) && !spec.has(PROTECTED) =>
            {
                Some(run)
            }
            _ => None,
        };
        Self { key_at, run, arity: spec.arity, mode: mode_of(spec) }
    }
}

/// A run of requests of one command that go to one shard of this core.
struct Alike<'a> {
    id: CommandId,
    run: ShardFn,
    quick: Quick,
    shard: ShardId,
    /// What waits there, if anything does.
    busy: Option<&'a ShardQueue<Deferred>>,
    /// It writes, and must not pass what its client has written before.
    keeps_order: bool,
}

impl Alike<'_> {
    /// Runs the requests from the first one on, while they are alike. Answers how many.
    #[inline]
    fn run_all<'a>(
        &self,
        cx: &mut ShardCx<'_>,
        plans: &[Plan],
        request: impl Fn(usize) -> Args<'a>,
        (writer, stats): (&mut ReplyWriter<'_>, &mut Stats),
    ) -> usize {
        for (n, plan) in plans.iter().enumerate() {
            let is_alike = plan.id == Some(self.id) && plan.shard == Some(self.shard);
            let Some(hash) = plan.hash.filter(|_| is_alike) else { return n };
            let args = request(n);
            let client = cx.author;
            let is_met = |it: &ShardQueue<_>| {
                it.is_key_met(hash, self.quick.mode, client)
                    || self.keeps_order && it.has_writer_of(client)
            };
            let must_wait = self.busy.is_some_and(is_met);
            if must_wait || !self.quick.arity.accepts(args.len()) {
                return n;
            }
            cx.set_hint(args.at(usize::from(self.quick.key_at)), hash);
            if let Some(error) = writer.attempt(|writer| (self.run)(cx, args, writer)) {
                stats.failed(self.id, &error);
            }
        }
        plans.len()
    }
}

impl Core {
    /// Runs or sends the requests from `at` on that are like the one before them. Answers the first
    /// that is not.
    pub(super) fn run_direct(
        &mut self,
        key: usize,
        bytes: &[u8],
        batch: &Batch,
        from: usize,
        at: usize,
    ) -> usize {
        let Some(id) = self.plans[at - 1 - from].id else { return at };
        let quick = self.quick[id.index()];
        let Some(run) = quick.run.filter(|_| !self.meter.exact) else { return at };
        let Session { client, replies, drift, standing, last_write, .. } = &mut self.sessions[key];
        let is_plain = client.authenticated
            && client.reply_mode == ReplyMode::On
            && client.multi.is_none()
            && *standing == Standing::Running;
        if !is_plain || self.front.pause.is_some() {
            return at;
        }
        let (db, author, touch) = (client.db, client.author(), !client.no_touch);
        let protocol = client.protocol;
        let keeps_order = self.strict.is_on && quick.mode == Mode::Exclusive;
        let (mut index, mut ran, mut verdict, mut last) = (at, 0, None, None);
        while let Some(plan) = self.plans.get(index - from) {
            let Some(shard) = plan.shard.filter(|_| plan.id == Some(id)) else { break };
            let done = if let Some(target) = self.shards[shard.index()].as_mut() {
                // Whoever waits for a key has its turn after each command.
                if self.meter.running() != Some(id) || target.awaited_keys() > 0 {
                    break;
                }
                let mut cx = target.cx(db, author);
                cx.touch = touch;
                let queue = &self.queues[shard.index()];
                let busy = (!queue.is_idle()).then_some(queue);
                let alike = Alike { id, run, quick, shard, busy, keeps_order };
                let plans = &self.plans[index - from..];
                let stats = &mut self.front.stats;
                let done = replies.here(protocol, |writer| {
                    let request = |n| batch.request(bytes, index + n);
                    alike.run_all(&mut cx, plans, request, (writer, stats))
                });
                ran += done as u64;
                done
            } else {
                let args = batch.request(bytes, index);
                let owner = self.placement.core_of(shard);
                // A shard of this core that is not there is out with the house.
                let fits = quick.arity.accepts(args.len()) && owner != self.id;
                if !fits || !self.credits[owner].take(args.total_bytes()) {
                    break;
                }
                let ticket = replies.away();
                last = Some(LastWrite::Call(shard.0, ticket));
                let asker = Asker { key: key as u32, ticket, client: client.id, muted: false };
                let head = CallHead { asker, command: id, shard, db, protocol, touch };
                self.outbox[owner].calls.push(head, args);
                self.front.stats.hops += 1;
                1
            };
            if done == 0 {
                break;
            }
            if self.queues.len() > 1 {
                let owner = self.placement.core_of(shard) as u16;
                verdict = (0..done).fold(verdict, |verdict, _| drift.count(owner).or(verdict));
            }
            index += done;
        }
        client.commands += (index - at) as u64;
        if let Some(last) = last.filter(|_| keeps_order) {
            *last_write = last;
        }
        self.meter.join(ran);
        if let Some(core) = verdict {
            self.should_move(key, usize::from(core));
        }
        index
    }
}
