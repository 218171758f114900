//! Mail: what comes in from other cores, what waits for its turn on a shard, what leaves.

use command::CommandId;
use keyspace::{Author, UnixMillis};
use resp::{Args, Argv, ReplyBuffer, ReplyWriter};
use session::{Run, Standing};
use txn::{Caller, Claim, Destination, Job, Message, Mode, ShardId, Surroundings, Turn, execute};

use super::execute::is_brief;
use super::{Core, World};
use crate::mailbox::{Asker, CallHead, Calls, Corridor, Envelope, Post};

/// Emptied envelopes that are kept for the next turns.
const SPARE_MAX: usize = 8;

/// A call that waits for its turn on a shard, and the core that it came from.
pub(super) struct Deferred {
    head: CallHead,
    words: Argv,
    from: usize,
}

impl Core {
    /// Takes in all mail.
    pub(super) fn receive_mail(&mut self, world: &mut World<'_>) {
        for from in 0..self.mesh.cores() {
            while let Some(Corridor(mut envelope)) = self.mesh.try_recv_from(from) {
                self.open_envelope(from, &mut envelope, world);
                envelope.clear();
                if self.spare.len() < SPARE_MAX {
                    self.spare.push(envelope);
                }
            }
        }
    }

    fn open_envelope(&mut self, from: usize, envelope: &mut Envelope, world: &mut World<'_>) {
        for shard in self.shards.iter_mut().flatten() {
            shard.set_now(envelope.now);
        }
        self.take_answers(from, envelope);
        let calls = &envelope.calls;
        let hashes = self.fetch_ahead(calls);
        let mut next = 0;
        for (before, post) in envelope.posts.drain(..) {
            self.run_calls(from, (calls, &hashes), next..before as usize, world);
            next = before as usize;
            self.take_post(from, post, world);
        }
        self.run_calls(from, (calls, &hashes), next..calls.len(), world);
        self.call_hashes = hashes;
    }

    fn take_answers(&mut self, from: usize, envelope: &mut Envelope) {
        let answers = &mut envelope.answers;
        // Answers of one pipeline lie together: its session is looked after once.
        let mut last = None;
        for (asker, bytes, credit) in answers.heads.drain(..) {
            self.credits[from].give_back(credit);
            if let Some(before) = last.replace(asker.key).filter(|key| *key != asker.key) {
                self.has_replies(before as usize);
            }
            self.hand_over(asker, &mut answers.reply, bytes);
        }
        if let Some(key) = last {
            self.has_replies(key as usize);
        }
        self.let_stalled_go_on();
    }

    /// Those that were without credit may try again.
    pub(super) fn let_stalled_go_on(&mut self) {
        for key in std::mem::take(&mut self.stalled) {
            self.let_go_on(key, Standing::Stalled);
        }
    }

    /// Hands a reply to the session that waits for it, or drops it with the session gone.
    pub(super) fn deliver(&mut self, asker: Asker, reply: &mut ReplyBuffer, bytes: usize) {
        self.hand_over(asker, reply, bytes);
        self.has_replies(asker.key as usize);
    }

    fn hand_over(&mut self, asker: Asker, reply: &mut ReplyBuffer, bytes: usize) {
        let key = asker.key as usize;
        let session = self.sessions.get_mut(key).filter(|it| it.client.id == asker.client);
        if session.is_none() || asker.muted {
            reply.consume(bytes);
        }
        let Some(session) = session else { return };
        session.replies.arrived(asker.ticket, reply, if asker.muted { 0 } else { bytes });
    }

    /// A session, if it is still there, was handed replies that it has waited for.
    fn has_replies(&mut self, key: usize) {
        self.queue_flush(key);
        self.let_go_on(key, Standing::Stalled);
    }

    /// Ends a session's wait, if that is what it waits for.
    pub(super) fn let_go_on(&mut self, key: usize, from: Standing) {
        if let Some(session) = self.sessions.get_mut(key).filter(|it| it.standing == from) {
            session.standing = Standing::Running;
            self.resume.push(key);
        }
    }

    /// Runs those calls of an envelope that nothing is in the way of; the others wait.
    fn run_calls(
        &mut self,
        from: usize,
        (calls, hashes): (&Calls, &[Option<u64>]),
        range: std::ops::Range<usize>,
        world: &mut World<'_>,
    ) {
        if range.is_empty() {
            return;
        }
        for index in range {
            let (head, args) = calls.get(index);
            let hash = hashes[index];
            let call = (head.command, Author(head.asker.client), args);
            if self.must_wait(head.shard, call, hash) {
                self.defer_call(head, args, from);
            } else {
                self.answer_call(&head, args, hash, (from, world));
            }
        }
        self.end_calls(world);
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

    /// Fetches the buckets of all calls' keys, then their entries. Answers the hashes of the keys.
    fn fetch_ahead(&mut self, calls: &Calls) -> Vec<Option<u64>> {
        let mut hashes = std::mem::take(&mut self.call_hashes);
        hashes.clear();
        for index in 0..calls.len() {
            let (head, args) = calls.get(index);
            let key_at = usize::from(self.quick[head.command.index()].key_at);
            let key = if key_at == 0 { None } else { args.get(key_at) };
            let shard = self.shards[head.shard.index()].as_ref();
            hashes.push(key.zip(shard).map(|(key, shard)| {
                let hash = shard.hash(key);
                shard.prefetch_bucket(head.db, hash);
                hash
            }));
        }
        for (index, hash) in hashes.iter().enumerate() {
            let (head, _) = calls.get(index);
            if let Some((hash, shard)) = hash.zip(self.shards[head.shard.index()].as_ref()) {
                shard.prefetch_entry(head.db, hash);
            }
        }
        hashes
    }

    /// Runs a call and puts its answer into the envelope of the core that it came from.
    fn answer_call(
        &mut self,
        head: &CallHead,
        args: Args<'_>,
        hash: Option<u64>,
        (from, world): (usize, &mut World<'_>),
    ) {
        self.count_call(head.command, world);
        let command = self.front.table.get(head.command);
        let Some(Run::Data(run)) = command.run else {
            unreachable!("only data commands are called on other cores")
        };
        let caller = Caller {
            db: head.db,
            author: Author(head.asker.client),
            protocol: head.protocol,
            touch: head.touch,
        };
        let place = (head.shard, self.placement.shards() as u16);
        let shard = self.shards[head.shard.index()].as_mut().expect("the shard is this core's");
        let answers = &mut self.outbox[from].answers;
        let before = answers.reply.len();
        let mut writer = ReplyWriter::new(&mut answers.reply, head.protocol);
        let hint = hash.zip(args.get(usize::from(self.quick[head.command.index()].key_at)));
        let job = Job { run, place, caller, args, hint };
        let failed = execute(shard, &job, &mut writer);
        let has_ready = shard.has_ready();
        let bytes = answers.reply.len() - before;
        if from == self.id {
            let mut reply = ReplyBuffer::new();
            std::mem::swap(&mut reply, &mut answers.reply);
            self.deliver(head.asker, &mut reply, bytes);
        } else {
            answers.heads.push((head.asker, bytes, args.total_bytes()));
        }
        if let Some(error) = failed {
            self.count_failure(head.command, &error);
        }
        if self.meter.exact || !is_brief(&command.spec) {
            self.end_call(head.asker.client, args, world);
        }
        if has_ready {
            self.serve(head.shard, world);
        }
    }

    pub(super) fn count_call(&mut self, id: CommandId, world: &mut World<'_>) {
        if !self.meter.joins(id) {
            self.end_calls(world);
            self.start_run(id);
        }
    }

    /// A call that meets an intent takes its place in the shard's queue.
    pub(super) fn defer_call(&mut self, head: CallHead, args: Args<'_>, from: usize) {
        let claim = self.claim(head.command, args);
        let call = Deferred { head, words: Argv::from_args(args), from };
        let client = Author(head.asker.client);
        self.queues[head.shard.index()].wait(claim, client, call);
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
            };
            let shard = self.shards[id.index()].as_mut();
            let queue = &mut self.queues[id.index()];
            let next = queue.advance(shard, surroundings, &mut self.desk.messages);
            match next {
                None => break,
                Some(Turn::Call(Deferred { head, words, from })) => {
                    self.answer_call(&head, words.as_args(), None, (from, world));
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

    fn take_post(&mut self, from: usize, post: Post, world: &mut World<'_>) {
        match post {
            Post::Txn(destination, message) => self.take_message(destination, message, world),
            Post::Leg(leg) => self.take_leg(from, leg, world),
            Post::LegBack(leg) => self.take_leg_back(*leg, world),
            Post::Ask(question) => self.hand_out(question, world),
            Post::Question(question) => self.answer_question(&question, world),
            Post::Told { number, core, part } => self.told(number, usize::from(core), part, world),
            Post::Claim { from } => self.take_claim(usize::from(from)),
            Post::Borrow { to } => self.lend_shards(usize::from(to)),
            Post::Guests(shards) => self.take_guests(shards),
            Post::Home(shards) => self.take_home(shards, world),
            Post::Over => self.take_over(world),
            Post::Adopt(moved) => self.adopt(*moved, world),
        }
    }

    /// Puts a post into the envelope of another core, behind the calls that are in there.
    pub(super) fn post(&mut self, to: usize, post: Post) {
        debug_assert_ne!(to, self.id, "a core does not write to itself");
        let envelope = &mut self.outbox[to];
        envelope.posts.push((envelope.calls.len() as u32, post));
    }

    /// Lets the envelopes go that have something in them, one per destination.
    ///
    /// A corridor that is full keeps its envelope here, where it grows until there is room: calls
    /// are bounded by their credits, posts by those of the desks, and nothing waits.
    pub(super) fn send_mail(&mut self) {
        for to in 0..self.outbox.len() {
            if self.outbox[to].is_empty() || self.mesh.room(to) == 0 {
                continue;
            }
            let next = self.spare.pop().unwrap_or_default();
            let mut envelope = std::mem::replace(&mut self.outbox[to], next);
            envelope.now = UnixMillis(self.front.now_ms);
            self.mesh.send(to, Corridor(envelope));
        }
    }
}
