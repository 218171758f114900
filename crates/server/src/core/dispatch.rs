//! One request: through the gate, and by its shape to where it runs.

use command::flags::BLOCKING;
use command::{CommandId, Spec};
use keyspace::DbIndex;
use resp::{Args, Batch, ReplyError};
use session::{Admission, Client, LastWrite, ReplyMode, Run, SessionCx, Standing, admit};
use txn::{Caller, Hop, Route, ShardId};

use super::{Core, World};
use crate::mailbox::{Asker, Call, CallHead};

/// What is known of a request before it runs: looked up for the whole window at once, so that the
/// table's cache lines are on their way when their turn comes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Plan {
    /// The command or container that the first word names.
    pub id: Option<CommandId>,
    /// The shard of the only key.
    pub shard: Option<ShardId>,
    /// The hash of that key; nothing if there is no shard.
    pub hash: u64,
}

/// A data command's request with all that is known of it.
pub(super) struct Request<'a> {
    /// Its session.
    pub(super) key: usize,
    pub(super) id: CommandId,
    pub(super) spec: &'static Spec,
    pub(super) run: commands::Run,
    pub(super) args: Args<'a>,
    /// The hash of its only key, if that was worked out ahead.
    pub(super) hash: Option<u64>,
}

/// Requests that were parsed together, from the first one that is planned.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) batch: &'a Batch,
    pub(super) from: usize,
}

impl<'a> Window<'a> {
    /// The requests of a range, in order.
    #[inline]
    pub(super) fn requests(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = Args<'a>> {
        self.batch.requests(self.bytes, range)
    }

    /// At least as many bytes as all its requests have.
    pub(super) fn bytes_max(&self) -> usize {
        self.bytes.len() + self.batch.big.iter().map(bytes::Bytes::len).sum::<usize>()
    }
}

/// Where a data command goes.
pub(super) enum Way {
    One(ShardId),
    /// To the shards of these hops, or to all of them if there are none.
    Transaction(Vec<Hop>),
}

/// A request's first word and its length as one number, if it is short and something lies behind
/// it: comparing it with the one before is cheaper than looking it up.
#[inline]
fn short_name(args: Args<'_>) -> Option<u64> {
    let span = args.spans().first().filter(|span| !span.is_big() && span.len() < 8)?;
    let front = args.bytes().get(span.start() as usize..)?.first_chunk()?;
    let (len, word) = (u64::from(span.len()), u64::from_le_bytes(*front));
    Some(len << 56 | word & ((1 << (8 * len)) - 1))
}

impl Core {
    /// Runs the requests `from..`, as far as the session may go. Answers the first that did not
    /// run.
    pub(super) fn run_batch(
        &mut self,
        key: usize,
        bytes: &[u8],
        batch: &Batch,
        from: usize,
        world: &mut World<'_>,
    ) -> usize {
        let has_trains = self.plan(key, bytes, batch, from);
        let mut index = from;
        while index < batch.len() {
            let Some(session) = self.sessions.get(key) else { return batch.len() };
            if session.standing != Standing::Running {
                return index;
            }
            if session.client.close_after_reply || session.client.close_now {
                return batch.len();
            }
            if has_trains {
                index = self.run_train(key, (bytes, batch), (from, index), world);
                continue;
            }
            let ran = self.run_direct(key, &Window { bytes, batch, from }, index, world);
            if ran > index {
                index = ran;
                continue;
            }
            let plan = self.plans[index - from];
            if !self.dispatch(key, batch.request(bytes, index), plan, world) {
                return index;
            }
            index += 1;
        }
        batch.len()
    }

    /// Looks up the commands and keys of a window, and fetches the buckets of the keys, then their
    /// entries. Answers whether its writes must be kept in order by trains; then entries are
    /// fetched when these run.
    fn plan(&mut self, key: usize, bytes: &[u8], batch: &Batch, from: usize) -> bool {
        let db = self.sessions[key].client.db;
        let is_window = batch.len() - from > 1;
        let ahead = is_window.then_some(db);
        let mut plans = std::mem::take(&mut self.plans);
        plans.clear();
        let (mut last, mut id, mut key_at) = (None, None, 0);
        plans.extend(batch.requests(bytes, from..batch.len()).map(|args| {
            let name = short_name(args);
            if name.is_none() || name != last {
                (last, id) = (name, self.front.table.lookup(args.at(0)));
                key_at = id.map_or(0, |id| usize::from(self.quick[id.index()].key_at));
            }
            match args.get(key_at).filter(|_| key_at > 0) {
                Some(key) => self.look_up(id, key, ahead),
                None => Plan { id, ..Plan::default() },
            }
        }));
        self.plans = plans;
        let has_trains = self.strict.is_on && self.writes_are_spread();
        if is_window && !has_trains {
            for plan in &self.plans {
                let shard = plan.shard.and_then(|shard| self.shards[shard.index()].as_ref());
                if let Some(shard) = shard {
                    shard.prefetch_entry(db, plan.hash);
                }
            }
        }
        has_trains
    }

    /// What is known of a request by its only key; begins to fetch the key's bucket in the database
    /// `ahead`, if others run before it.
    #[inline]
    fn look_up(&self, id: Option<CommandId>, key: &[u8], ahead: Option<DbIndex>) -> Plan {
        let shard = self.placement.shard_of(key);
        let hash = self.hasher.hash(key);
        if let Some((shard, db)) = self.shards[shard.index()].as_ref().zip(ahead) {
            shard.prefetch_bucket(db, hash);
        }
        Plan { id, shard: Some(shard), hash }
    }

    /// Runs or sends one request; false if it must wait and be tried again.
    #[inline]
    pub(super) fn dispatch(
        &mut self,
        key: usize,
        args: Args<'_>,
        plan: Plan,
        world: &mut World<'_>,
    ) -> bool {
        self.weigh(world);
        let session = &mut self.sessions[key];
        let (id, command) = match admit(&self.front, &session.client, args, plan.id) {
            Admission::Run(id, command) => (id, command),
            Admission::Queue(id, _) => {
                self.enqueue(key, id, args);
                return true;
            }
            Admission::Refuse(error, id) => {
                self.refuse(key, &error, id);
                return true;
            }
            Admission::HangUp => {
                self.hang_up(key);
                return true;
            }
            Admission::Postpone => {
                session.standing = Standing::Paused;
                session.client.last_command = plan.id;
                self.paused.push(key);
                return false;
            }
        };
        session.client.last_command = Some(id);
        if session.client.reply_mode == ReplyMode::SkipNext {
            session.client.reply_mode = ReplyMode::Skip;
        }
        let done = match command.run {
            Some(Run::Data(run)) => {
                let hash = plan.shard.map(|_| plan.hash);
                let request = Request { key, id, spec: &command.spec, run, args, hash };
                self.dispatch_data(&request, plan.shard, world)
            }
            Some(Run::Session(run) | Run::Switch { run, .. } | Run::AtOnce(run)) => {
                self.run_session(key, id, run, args, world);
                self.tell_forgotten();
                self.wait_if_asked(key);
                true
            }
            Some(Run::Exec) => {
                if !self.comes_after_writes(key) {
                    return false;
                }
                self.exec(key, id, args, world);
                true
            }
            Some(Run::Watch) => {
                self.watch(key, id, args, world);
                true
            }
            Some(Run::EveryCore { check, .. }) => {
                if !self.sessions[key].replies.is_settled() {
                    // The question would overtake the calls: INFO must count the SET before it.
                    self.stall(key);
                    return false;
                }
                self.ask_every_core(key, id, check, args, world);
                true
            }
            None => unreachable!("the gate refuses containers without a subcommand"),
        };
        if done {
            let client = &mut self.sessions[key].client;
            client.commands += 1;
            if client.reply_mode == ReplyMode::Skip {
                client.reply_mode = ReplyMode::On;
            }
        }
        done
    }

    #[cold]
    fn refuse(&mut self, key: usize, error: &ReplyError, id: Option<CommandId>) {
        let aborted = self.poison(key, id, error);
        let error = aborted.as_ref().unwrap_or(error);
        self.count_error(error);
        if let Some(id) = id {
            self.front.stats.commands[id.index()].rejected += 1;
        }
        self.reply_error(key, error);
        // A refused request uses CLIENT REPLY SKIP up as any other does.
        let mode = &mut self.sessions[key].client.reply_mode;
        if matches!(mode, ReplyMode::Skip | ReplyMode::SkipNext) {
            *mode = ReplyMode::On;
        }
    }

    /// Ends a connection through which a web page tries to reach the server.
    #[cold]
    fn hang_up(&mut self, key: usize) {
        tracing::warn!(
            "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: \
             commands to Redis. This is likely due to an attacker attempting to use Cross Protocol \
             Scripting to compromise your Redis instance. Connection aborted."
        );
        self.sessions[key].client.close_now = true;
        self.front.effects.push(session::Effect::CloseMarked);
    }

    /// Answers a request that has failed before any shard or core was asked.
    pub(super) fn fail_early(&mut self, key: usize, id: CommandId, error: &ReplyError) {
        self.front.stats.ran(id, 1, 0, false);
        self.count_failure(id, error);
        self.reply_error(key, error);
    }

    /// Answers an error on the spot.
    pub(super) fn reply_error(&mut self, key: usize, error: &ReplyError) {
        let session = &mut self.sessions[key];
        if session.client.reply_mode == ReplyMode::On {
            session.replies.here(session.client.protocol, |writer| writer.error(error));
        }
    }

    fn run_session(
        &mut self,
        key: usize,
        id: CommandId,
        run: session::SessionFn,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        self.begin_run(key, id, world);
        let session = &mut self.sessions[key];
        let (client, replies) = (&mut session.client, &mut session.replies);
        let front = &mut self.front;
        let failed = replies.here(client.protocol, |writer| {
            let mark = writer.mark();
            let mut cx = SessionCx { client: &mut *client, front, command: id };
            let failed = run(&mut cx, args, writer).err();
            if let Some(error) = &failed {
                writer.truncate_to(mark);
                writer.error(error);
            }
            // CLIENT REPLY decides about its own reply as well.
            if client.reply_mode != ReplyMode::On {
                writer.truncate_to(mark);
            }
            failed
        });
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        self.end_unless_brief(key, id, args, world);
    }

    #[inline]
    fn dispatch_data(
        &mut self,
        request: &Request<'_>,
        shard: Option<ShardId>,
        world: &mut World<'_>,
    ) -> bool {
        let way = match shard {
            Some(shard) => Way::One(shard),
            None if request.spec.has(BLOCKING) => {
                return self.comes_after_writes(request.key)
                    && self.begin_patiently(request, world);
            }
            None => self.way(request),
        };
        let shard = match way {
            Way::One(shard) => shard,
            Way::Transaction(hops) => {
                return self.may_write(request, None)
                    && self.begin_transaction(request, hops, world);
            }
        };
        if !self.may_write(request, Some(shard)) {
            return false;
        }
        let owner = self.placement.core_of(shard);
        if owner == self.id {
            let author = self.sessions[request.key].client.author();
            if !self.must_wait(shard, (request.id, author, request.args), request.hash) {
                self.run_here(request, shard, world);
                return true;
            }
        }
        self.call(request, shard, owner)
    }

    pub(super) fn way(&self, request: &Request<'_>) -> Way {
        match request.run {
            commands::Run::EveryShard { .. } | commands::Run::OneShard { .. } => {
                self.way_without_keys(request.run, request.args)
            }
            _ => match txn::route(request.spec, request.args, &self.placement) {
                Route::One(shard) => Way::One(shard),
                Route::Many(hops) => Way::Transaction(hops),
            },
        }
    }

    fn way_without_keys(&self, run: commands::Run, args: Args<'_>) -> Way {
        let shards = self.placement.shards();
        match run {
            commands::Run::OneShard { walk: commands::Walk::Cursor, .. } => {
                // A bad cursor is refused by whichever shard sees it.
                let at = args
                    .get(1)
                    .and_then(|text| commands::generic::decode_cursor(text, shards as u16));
                Way::One(at.map_or(ShardId(0), |(shard, _)| ShardId(shard)))
            }
            _ if shards == 1 => Way::One(ShardId(0)),
            _ => Way::Transaction(Vec::new()),
        }
    }

    /// Sends a request to the owner of its shard, or lets it wait for its turn here.
    fn call(&mut self, request: &Request<'_>, shard: ShardId, owner: usize) -> bool {
        let Request { key, id, args, hash, .. } = *request;
        if owner != self.id && !self.credits[owner].admits(args.total_bytes()) {
            self.stall(key);
            return false;
        }
        let asker = self.asker(key);
        self.note_write(key, id, LastWrite::Call(shard.0, asker.ticket));
        let Client { db, protocol, no_touch, .. } = self.sessions[key].client;
        let head = CallHead { asker, command: id, db, protocol, touch: !no_touch };
        if owner == self.id {
            self.defer_call(&head, shard, args);
        } else {
            self.front.stats.hops += 1;
            let calls = &mut self.outbox[owner].calls;
            calls.open(head);
            calls.push(Call::new(shard, hash), args);
            self.credits[owner].take(1, calls.last().map_or(0, |block| block.bytes));
            self.drift(key, owner);
        }
        true
    }

    /// The next request of a session must wait until answers have come.
    pub(super) fn stall(&mut self, key: usize) {
        self.sessions[key].standing = Standing::Stalled;
        self.stalled.push(key);
    }

    /// The place of a reply that is made elsewhere.
    pub(super) fn asker(&mut self, key: usize) -> Asker {
        let session = &mut self.sessions[key];
        let muted = session.client.reply_mode != ReplyMode::On;
        let ticket = session.replies.away(1);
        Asker { key: key as u32, ticket, client: session.client.id, muted }
    }

    /// In whose name a client's handlers run.
    pub(super) fn caller(&self, key: usize) -> Caller {
        let client = &self.sessions[key].client;
        Caller {
            db: client.db,
            author: client.author(),
            protocol: client.protocol,
            touch: !client.no_touch,
        }
    }
}
