//! Calls: commands of other cores' clients, block by block, and what waits for its turn on a shard.
//!
//! **Steps**
//! 1. The buckets of the keys of some blocks are fetched, then their entries.
//! 2. A block runs at once if nobody means to use any of its keys, and is answered.
//! 3. If somebody does, its calls run or wait one by one; the block is answered with the last.

use std::ops::Range;

use command::CommandId;
use commands::errors::OUT_OF_MEMORY;
use keyspace::Author;
use resp::{Args, Argv, ReplyBuffer, ReplyWriter};
use session::Run;
use txn::{Caller, Claim, Destination, Job, Message, Mode, ShardId, Surroundings, Turn, execute};

use super::direct::Brief;
use super::execute::is_brief;
use super::{Core, World};
use crate::mailbox::{Answers, Asker, Block, Call, CallHead, Calls};

/// Calls whose keys are fetched before the first of them runs.
const FETCHED_AHEAD: usize = 64;

/// A call that waits for its turn on a shard.
pub(super) struct Deferred {
    head: CallHead,
    shard: ShardId,
    words: Argv,
    /// Which block it belongs to, and which of its calls it is.
    block: usize,
    place: usize,
}

/// A block of which some calls wait.
pub(super) struct Unfinished {
    asker: Asker,
    /// The core that it came from, which may be this one.
    from: usize,
    /// What it took of the credit.
    bytes: usize,
    replies: Vec<ReplyBuffer>,
    /// Replies that are not made yet.
    missing: usize,
}

impl Unfinished {
    fn new(asker: Asker, from: usize, bytes: usize, calls: usize) -> Self {
        let replies = std::iter::repeat_with(ReplyBuffer::new).take(calls).collect();
        Self { asker, from, bytes, replies, missing: calls }
    }
}

impl Core {
    /// Runs those blocks of an envelope that nothing is in the way of; the others wait.
    pub(super) fn run_blocks(
        &mut self,
        from: usize,
        calls: &Calls,
        blocks: Range<usize>,
        world: &mut World<'_>,
    ) {
        if blocks.is_empty() {
            return;
        }
        let mut fetched = blocks.start;
        for index in blocks.clone() {
            if index == fetched {
                fetched = self.fetch_ahead(calls, index..blocks.end);
            }
            let block = calls.block(index);
            // What one call makes ready may be held for a waiter when the next one comes.
            let is_touchy = block.len() > 1 && self.are_awaited(calls.calls_of(block));
            if is_touchy || self.meets_intents(calls, block) {
                self.run_apart(from, calls, block, world);
            } else {
                self.run_block(from, calls, block, world);
            }
        }
        self.end_calls(world);
    }

    /// Fetches the buckets of the keys of the first blocks, then their entries. Answers the first
    /// block that was left out.
    fn fetch_ahead(&self, calls: &Calls, blocks: Range<usize>) -> usize {
        let (mut end, mut ahead) = (blocks.start, 0);
        while end < blocks.end && ahead < FETCHED_AHEAD {
            ahead += calls.block(end).len();
            end += 1;
        }
        let each = |fetch: fn(&keyspace::Shard, keyspace::DbIndex, u64)| {
            for block in (blocks.start..end).map(|index| calls.block(index)) {
                for call in calls.calls_of(block) {
                    let shard = self.shards[call.shard.index()].as_ref();
                    if let Some((hash, shard)) = call.hash().zip(shard) {
                        fetch(shard, block.head.db, hash);
                    }
                }
            }
        };
        each(keyspace::Shard::prefetch_bucket);
        each(keyspace::Shard::prefetch_entry);
        end
    }

    /// Whether a call of a block must wait.
    #[inline]
    fn meets_intents(&self, calls: &Calls, block: &Block) -> bool {
        let list = calls.calls_of(block);
        if list.iter().all(|call| self.queues[call.shard.index()].is_idle()) {
            return false;
        }
        let (id, client) = (block.head.command, Author(block.head.asker.client));
        let met =
            |(call, args): (&Call, _)| self.must_wait(call.shard, (id, client, args), call.hash());
        list.iter().zip(calls.words_of(block)).any(met)
    }

    /// Runs a block and puts its answer into the envelope of the core that it came from.
    fn run_block(&mut self, from: usize, calls: &Calls, block: &Block, world: &mut World<'_>) {
        let head = &block.head;
        let mut answers = std::mem::take(&mut self.outbox[from].answers);
        let list = calls.calls_of(block);
        let mut words = calls.words_of(block);
        let quick = self.quick[head.command.index()];
        let may_lack_room = quick.needs_room && self.pressure.is_limited();
        if let Some(run) = quick.run.filter(|_| !may_lack_room && self.are_brief(list)) {
            self.count_calls(head.command, block.len() as u64, world);
            let brief = Brief { id: head.command, run, key_at: quick.key_at };
            for calls in list.chunk_by(|one, next| one.shard == next.shard) {
                let target = self.shards[calls[0].shard.index()].as_mut().expect(IS_HERE);
                let mut cx = target.cx(head.db, Author(head.asker.client));
                cx.touch = head.touch;
                let hash = |call: &Call| call.hash().expect("a brief command has one key");
                let requests = calls.iter().map(hash).zip(&mut words);
                let Answers { reply, ends, .. } = &mut answers;
                let mut writer = ReplyWriter::new(reply, head.protocol);
                let made = (&mut writer, &mut self.front.stats);
                brief.run_all(&mut cx, requests, made, |reply| ends.push(reply.len()));
            }
        } else {
            for (call, args) in list.iter().zip(words) {
                self.run_call(head, (call.shard, call.hash(), args), &mut answers.reply, world);
                answers.ends.push(answers.reply.len());
            }
        }
        answers.push(head.asker, block.len(), block.bytes);
        self.outbox[from].answers = answers;
    }

    /// Whether calls of a brief command may run in a row, with nothing between them.
    #[inline]
    fn are_brief(&self, calls: &[Call]) -> bool {
        // The keys of subcommands are not looked up ahead.
        let is_hashed = calls.first().is_some_and(|call| call.hash().is_some());
        is_hashed && !self.meter.exact && !self.are_awaited(calls)
    }

    /// Whether somebody waits for keys where these calls go: who does has its turn after each of
    /// them.
    #[inline]
    fn are_awaited(&self, calls: &[Call]) -> bool {
        let is_awaited = |call: &Call| {
            self.shards[call.shard.index()].as_ref().is_some_and(|it| it.awaited_keys() > 0)
        };
        calls.iter().any(is_awaited)
    }

    /// Runs a block some of whose keys somebody means to use.
    #[cold]
    fn run_apart(&mut self, from: usize, calls: &Calls, block: &Block, world: &mut World<'_>) {
        let head = &block.head;
        let new = Unfinished::new(head.asker, from, block.bytes, block.len());
        let unfinished = self.unfinished.insert(new);
        let client = Author(head.asker.client);
        let list = calls.calls_of(block).iter().zip(calls.words_of(block));
        for (place, (call, args)) in list.enumerate() {
            if self.must_wait(call.shard, (head.command, client, args), call.hash()) {
                self.wait(head, (call.shard, args), (unfinished, place));
            } else {
                let mut reply = ReplyBuffer::new();
                self.run_call(head, (call.shard, call.hash(), args), &mut reply, world);
                self.finish_call((unfinished, place), reply);
            }
        }
    }

    /// A call of a client of this core takes its place in the queue of a shard that is here.
    pub(super) fn defer_call(&mut self, head: &CallHead, shard: ShardId, args: Args<'_>) {
        let block = self.unfinished.insert(Unfinished::new(head.asker, self.id, 0, 1));
        self.wait(head, (shard, args), (block, 0));
    }

    /// A call that meets an intent takes its place in the shard's queue.
    fn wait(
        &mut self,
        head: &CallHead,
        (shard, args): (ShardId, Args<'_>),
        (block, place): (usize, usize),
    ) {
        let claim = self.claim(head.command, args);
        let words = Argv::from_args(args);
        let call = Deferred { head: *head, shard, words, block, place };
        self.queues[shard.index()].wait(claim, Author(head.asker.client), call);
    }

    /// One more reply of a block is made.
    fn finish_call(&mut self, (block, place): (usize, usize), reply: ReplyBuffer) {
        let unfinished = &mut self.unfinished[block];
        unfinished.replies[place] = reply;
        unfinished.missing -= 1;
        if unfinished.missing > 0 {
            return;
        }
        let Unfinished { asker, from, bytes, mut replies, .. } = self.unfinished.remove(block);
        if from == self.id {
            return self.deliver(asker, &mut replies[0]);
        }
        let answers = &mut self.outbox[from].answers;
        for reply in &mut replies {
            answers.reply.append(reply);
            answers.ends.push(answers.reply.len());
        }
        answers.push(asker, replies.len(), bytes);
    }

    /// Whether a command of one shard of this core meets an intent there.
    #[inline]
    pub(super) fn must_wait(
        &self,
        shard: ShardId,
        (id, client, args): (CommandId, Author, Args<'_>),
        hash: Option<u64>,
    ) -> bool {
        let queue = &self.queues[shard.index()];
        if queue.is_idle() {
            return false;
        }
        let mode = self.quick[id.index()].mode;
        let is_met = match hash {
            Some(hash) => queue.is_key_met(hash, mode, client),
            None => queue.is_met(&self.claim(id, args), client),
        };
        // With strict pipelines a write passes none of its own client.
        is_met || self.strict.is_on && mode == Mode::Exclusive && queue.has_writer_of(client)
    }

    /// What a command means to use on the shard that has all its keys.
    fn claim(&self, id: CommandId, args: Args<'_>) -> Claim {
        txn::claim(&self.front.table.get(id).spec, args, |key| self.hasher.hash(key))
    }

    /// Runs a call.
    fn run_call(
        &mut self,
        head: &CallHead,
        (shard, hash, args): (ShardId, Option<u64>, Args<'_>),
        reply: &mut ReplyBuffer,
        world: &mut World<'_>,
    ) {
        let needs_room = self.quick[head.command.index()].needs_room;
        if needs_room && self.pressure.is_limited() && !self.has_room(world) {
            return self.refuse_call(head, reply);
        }
        self.count_calls(head.command, 1, world);
        let command = self.front.table.get(head.command);
        let Some(Run::Data(run)) = command.run else {
            unreachable!("only data commands are called on other cores")
        };
        let client = head.asker.client;
        let CallHead { db, protocol, touch, .. } = *head;
        let caller = Caller { db, author: Author(client), protocol, touch };
        let place = (shard, self.placement.shards() as u16);
        let hint = hash.zip(args.get(usize::from(self.quick[head.command.index()].key_at)));
        let job = Job { run, place, caller, args, hint };
        let target = self.shards[shard.index()].as_mut().expect(IS_HERE);
        let failed = execute(target, &job, &mut ReplyWriter::new(reply, protocol));
        let has_ready = target.has_ready();
        if let Some(error) = failed {
            self.count_failure(head.command, &error);
        }
        if self.meter.exact || !is_brief(&command.spec) {
            self.end_call(client, args, world);
        }
        if has_ready {
            self.serve(shard, world);
        }
    }

    /// Refuses a call for lack of memory.
    #[cold]
    fn refuse_call(&mut self, head: &CallHead, reply: &mut ReplyBuffer) {
        self.count_error(&OUT_OF_MEMORY);
        self.front.stats.commands[head.command.index()].rejected += 1;
        ReplyWriter::new(reply, head.protocol).error(&OUT_OF_MEMORY);
    }

    /// Begins to time calls of a command, or lets them join the run of the same one.
    pub(super) fn count_calls(&mut self, id: CommandId, calls: u64, world: &mut World<'_>) {
        if self.meter.running() == Some(id) {
            return self.meter.join(calls);
        }
        self.end_calls(world);
        self.start_run(id);
        self.meter.join(calls - 1);
    }

    /// Lets everything run on a shard whose turn has come.
    pub(super) fn run_queue(&mut self, id: ShardId, world: &mut World<'_>) {
        let mut has_run = false;
        loop {
            let stopwatch = || world.clock.mono_ns();
            let surroundings = Surroundings {
                placement: &self.placement,
                hasher: &self.hasher,
                stopwatch: &stopwatch,
                veto: None,
            };
            let shard = self.shards[id.index()].as_mut();
            let queue = &mut self.queues[id.index()];
            let next = queue.advance(shard, surroundings, &mut self.desk.messages);
            match next {
                None => break,
                Some(Turn::Call(Deferred { head, shard, words, block, place })) => {
                    let mut reply = ReplyBuffer::new();
                    self.run_call(&head, (shard, None, words.as_args()), &mut reply, world);
                    self.finish_call((block, place), reply);
                    has_run = true;
                }
                Some(Turn::Wagon(txn, mut wagon)) => {
                    self.serve_wagon(&mut wagon, world);
                    let served = Message::Served { txn, wagon };
                    self.desk.messages.push_back((Destination::Coordinator(txn), served));
                }
            }
        }
        if has_run {
            self.end_calls(world);
        }
    }
}

/// A shard that is away has a claim on all of it, so that no call runs there.
const IS_HERE: &str = "the shard is this core's";
