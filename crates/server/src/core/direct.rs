//! The short way: requests of one command with one key each, one after another.
//!
//! In a deep pipeline almost every request is like the one before it. Such requests need no gate
//! one by one (nothing that it asks about can change between them), no timing of their own and no
//! search for their place. They are dealt to the cores that have their keys: those of other cores
//! leave as one block of calls for each, those of this core run at once, and one weave keeps the
//! replies in order.
//!
//! **Invariant:** what runs here would have run in `dispatch`, with the same reply and effects.

use std::ops::Range;

use command::flags::{DENYOOM, PROTECTED};
use command::{Arity, CommandId};
use commands::ShardFn;
use keyspace::{Author, ShardCx};
use resp::{Args, ReplyBuffer, ReplyWriter};
use session::{
    Client, LastWrite, ReplyMode, ReplyRun, Run, Session, Standing, Stats, Strand, Table,
};
use smallvec::SmallVec;
use txn::{Mode, ShardId, mode_of};

use super::dispatch::{Plan, Window};
use super::execute::is_brief;
use super::{Core, World};
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
    /// It may need memory.
    pub needs_room: bool,
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
        let needs_room = spec.has(DENYOOM);
        Self { key_at, run, arity: spec.arity, mode: mode_of(spec), needs_room }
    }
}

/// A brief command with one key, which is run many times in a row.
#[derive(Clone, Copy)]
pub(super) struct Brief {
    pub(super) id: CommandId,
    pub(super) run: ShardFn,
    /// The place of its key.
    pub(super) key_at: u16,
}

impl Brief {
    /// Runs requests, each with the hash of its key. `after` is called behind each reply.
    #[inline]
    pub(super) fn run_all<'a>(
        self,
        cx: &mut ShardCx<'_>,
        requests: impl Iterator<Item = (u64, Args<'a>)>,
        (writer, stats): (&mut ReplyWriter<'_>, &mut Stats),
        mut after: impl FnMut(&ReplyBuffer),
    ) {
        for (hash, args) in requests {
            cx.set_hint(args.at(usize::from(self.key_at)), hash);
            if let Some(error) = writer.attempt(|writer| (self.run)(cx, args, writer)) {
                stats.failed(self.id, &error);
            }
            after(writer.buffer());
        }
    }
}

/// Requests of one command and one client, and how they run.
struct Kind {
    brief: Brief,
    quick: Quick,
    head: CallHead,
    /// They write, and must not pass what their client has written before.
    keeps_order: bool,
}

impl Core {
    /// Runs or sends the requests from `at` on that are alike. Answers the first that is not; the
    /// first of all may be one that has to take the long way.
    #[inline]
    pub(super) fn run_direct(
        &mut self,
        key: usize,
        window: &Window<'_>,
        at: usize,
        world: &mut World<'_>,
    ) -> usize {
        let Some(id) = self.plans[at - window.from].id else { return at };
        let quick = self.quick[id.index()];
        let Some(run) = quick.run.filter(|_| !self.meter.exact) else { return at };
        let Session { client, replies, standing, .. } = &mut self.sessions[key];
        let is_plain = client.authenticated
            && client.reply_mode == ReplyMode::On
            && client.multi.is_none()
            && *standing == Standing::Running;
        // Where memory is limited, each command that may need some is asked for by itself.
        let may_lack_room = quick.needs_room && self.pressure.is_limited();
        if !is_plain || self.front.pause.is_some() || may_lack_room {
            return at;
        }
        let ticket = replies.next_ticket();
        let asker = Asker { key: key as u32, ticket, client: client.id, muted: false };
        let Client { db, protocol, no_touch, .. } = *client;
        let head = CallHead { asker, command: id, db, protocol, touch: !no_touch };
        let keeps_order = self.strict.is_on && quick.mode == Mode::Exclusive;
        if keeps_order && !self.may_follow_writes(key, self.plans[at - window.from].shard) {
            return at;
        }
        let kind =
            Kind { brief: Brief { id, run, key_at: quick.key_at }, quick, head, keeps_order };
        let end = if let [Some(_)] = &self.shards[..] {
            let end = at + self.stretch(&kind, window, at, ShardId(0));
            if end > at {
                self.run_stretches(&kind, window, at..end, (true, world));
            }
            end
        } else {
            let end = self.send_alike(&kind, window, at);
            self.run_dealt(&kind, window, at, world);
            end
        };
        let client = &mut self.sessions[key].client;
        client.commands += (end - at) as u64;
        client.last_command = if end > at { Some(id) } else { client.last_command };
        end
    }

    /// How many requests from `index` on are of this kind, and go to this shard, and need not wait
    /// if that is here.
    #[inline]
    fn stretch(&self, kind: &Kind, window: &Window<'_>, index: usize, shard: ShardId) -> usize {
        let queue = &self.queues[shard.index()];
        let (id, client) = (Some(kind.brief.id), Author(kind.head.asker.client));
        // Whoever waits for a key has its turn after each command.
        if self.shards[shard.index()].as_ref().is_some_and(|it| it.awaited_keys() > 0) {
            return 0;
        }
        let must_wait = |plan: &Plan| {
            queue.is_key_met(plan.hash, kind.quick.mode, client)
                || kind.keeps_order && queue.has_writer_of(client)
        };
        let is_busy = !queue.is_idle();
        let plans = self.plans[index - window.from..].iter();
        let belongs = |(plan, args): &(&Plan, Args<'_>)| {
            plan.id == id
                && plan.shard == Some(shard)
                && kind.quick.arity.accepts(args.len())
                && !(is_busy && must_wait(plan))
        };
        plans.zip(window.requests(index..window.batch.len())).take_while(belongs).count()
    }

    /// Puts the requests whose keys are on other cores into the envelopes, and notes in `runs`
    /// where each of them goes. Answers the first request that is not dealt.
    fn send_alike(&mut self, kind: &Kind, window: &Window<'_>, at: usize) -> usize {
        let (mut last, mut begun) = (usize::MAX, SmallVec::<[usize; 8]>::new());
        self.runs.clear();
        let mut index = at;
        while let Some(shard) = self.plans.get(index - window.from).and_then(|plan| plan.shard) {
            let end = index + self.stretch(kind, window, index, shard);
            if end == index {
                break;
            }
            let owner = self.placement.core_of(shard);
            let is_away = owner != self.id;
            if is_away && owner != last && !begun.contains(&owner) {
                let calls = window.batch.len() - index;
                if !self.credits[owner].has_room(calls, window.bytes_max()) {
                    break;
                }
                begun.push(owner);
                self.outbox[owner].calls.open(kind.head);
            }
            if is_away {
                let plans = &self.plans[index - window.from..end - window.from];
                let words = (window.bytes, window.batch, index..end);
                let hashes = plans.iter().map(|plan| plan.hash);
                if kind.keeps_order {
                    let asker = kind.head.asker;
                    let last = LastWrite::Call(shard.0, asker.ticket);
                    self.sessions[asker.key as usize].last_write = last;
                }
                self.outbox[owner].calls.push_all(shard, hashes, words);
            }
            let replies = (end - index) as u32;
            match self.runs.last_mut() {
                Some(run) if owner == last => run.replies += replies,
                _ => {
                    let strand = if is_away { Strand::of_core(owner) } else { Strand::HERE };
                    self.runs.push(ReplyRun { strand, replies, bytes: 0 });
                }
            }
            (last, index) = (owner, end);
        }
        for owner in begun {
            if let Some(block) = self.outbox[owner].calls.last() {
                self.credits[owner].take(block.len(), block.bytes);
            }
        }
        index
    }

    /// Runs those of the requests that were dealt to this core, and keeps the places of all
    /// replies.
    fn run_dealt(&mut self, kind: &Kind, window: &Window<'_>, at: usize, world: &mut World<'_>) {
        let key = kind.head.asker.key as usize;
        let mut runs = std::mem::take(&mut self.runs);
        let is_alone = runs.len() == 1;
        let (mut next, mut done, mut verdict) = (at, 0, None);
        for (index, run) in runs.iter_mut().enumerate() {
            let range = next..next + run.replies as usize;
            next = range.end;
            let owner = run.strand.core().unwrap_or(self.id);
            let session = &mut self.sessions[key];
            verdict = session.drift.count(owner as u16, run.replies as u16).or(verdict);
            if run.strand == Strand::HERE {
                // What nothing is awaited before may leave.
                let is_first = index == 0 && (is_alone || session.replies.is_settled());
                run.bytes = self.run_stretches(kind, window, range, (is_first, world));
                done += usize::from(is_first);
            } else {
                self.front.stats.hops += u64::from(run.replies);
            }
        }
        let replies = &mut self.sessions[key].replies;
        match &runs[done..] {
            [] => {}
            [only] => {
                replies.away(only.replies);
            }
            several => {
                replies.weave(several);
            }
        }
        self.runs = runs;
        if let Some(core) = verdict {
            self.should_move(key, usize::from(core));
        }
    }

    /// Runs requests on shards of this core. Answers how many bytes their replies are, if they wait
    /// for their weave.
    fn run_stretches(
        &mut self,
        kind: &Kind,
        window: &Window<'_>,
        range: Range<usize>,
        (is_first, world): (bool, &mut World<'_>),
    ) -> usize {
        let Kind { brief, head, .. } = kind;
        let key = head.asker.key as usize;
        self.join_run((key, brief.id), range.len() as u64, world);
        let plans = &self.plans[range.start - window.from..range.end - window.from];
        let (shards, stats) = (&mut self.shards, &mut self.front.stats);
        let mut requests = window.requests(range);
        let write = |writer: &mut ReplyWriter<'_>| {
            for plans in plans.chunk_by(|one, next| one.shard == next.shard) {
                let shard = plans[0].shard.and_then(|shard| shards[shard.index()].as_mut());
                let shard = shard.expect("nobody has a claim on all of the shard");
                let mut cx = shard.cx(head.db, Author(head.asker.client));
                cx.touch = head.touch;
                let requests = plans.iter().map(|plan| plan.hash).zip(&mut requests);
                brief.run_all(&mut cx, requests, (&mut *writer, &mut *stats), |_| {});
            }
        };
        let replies = &mut self.sessions[key].replies;
        if is_first {
            replies.here(head.protocol, write);
            return 0;
        }
        replies.aside(head.protocol, write).1
    }

    /// Counts calls of a client of this core in the run that is being timed.
    #[inline]
    fn join_run(&mut self, (key, id): (usize, CommandId), calls: u64, world: &mut World<'_>) {
        if self.meter.running() == Some(id) {
            return self.meter.join(calls);
        }
        if self.meter.is_running() {
            self.end_run(key, None, world);
        }
        self.start_run(id);
        self.meter.join(calls - 1);
    }
}
