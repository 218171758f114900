//! One request: through the gate, and by its shape to where it runs.

use command::{Command, CommandId};
use resp::{Args, Argv, Batch, ReplyError};
use session::{Admission, ReplyMode, Run, SessionCx, Standing, Ticket, admit};
use txn::{Caller, Route, ShardId};

use super::{Core, World};
use crate::mailbox::{Asker, CallHead};

/// What is known of a request before it runs: looked up for the whole window at once, so that the table's
/// cache lines are on their way when their turn comes.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// The hash of the request's only key, if it is on a shard of this core.
    hash: Option<u64>,
}

/// Where a data command goes.
enum Way {
    One(ShardId),
    Transaction,
}

impl Core {
    /// Runs the requests `from..`, as far as the session may go. Answers the first that did not run.
    pub(super) fn run_batch(
        &mut self,
        key: usize,
        bytes: &[u8],
        batch: &Batch,
        from: usize,
        world: &mut World<'_>,
    ) -> usize {
        self.plan(key, bytes, batch, from);
        for index in from..batch.len() {
            let Some(session) = self.sessions.get(key) else { return batch.len() };
            if session.standing != Standing::Running {
                return index;
            }
            if session.client.close_after_reply || session.client.close_now {
                return batch.len();
            }
            let plan = self.plans[index - from];
            if !self.dispatch(key, batch.request(bytes, index), plan, world) {
                return index;
            }
        }
        batch.len()
    }

    /// Fetches the buckets of all keys of a window, then their entries.
    fn plan(&mut self, key: usize, bytes: &[u8], batch: &Batch, from: usize) {
        self.plans.clear();
        if batch.len() - from < 2 {
            self.plans.resize(batch.len() - from, Plan { hash: None });
            return;
        }
        let db = self.sessions[key].client.db;
        for index in from..batch.len() {
            let found = self.local_key(batch.request(bytes, index));
            let hash = found.map(|(shard, key)| {
                let hash = shard.hash(key);
                shard.prefetch_bucket(db, hash);
                hash
            });
            self.plans.push(Plan { hash });
        }
        for index in from..batch.len() {
            if let Some(hash) = self.plans[index - from].hash
                && let Some((shard, _)) = self.local_key(batch.request(bytes, index))
            {
                shard.prefetch_entry(db, hash);
            }
        }
    }

    /// The only key of a request, with its shard if that is here.
    #[inline]
    fn local_key<'a>(&self, args: Args<'a>) -> Option<(&keyspace::Shard, &'a [u8])> {
        let id = self.front.table.lookup(args.at(0))?;
        let keys = self.front.table.get(id).spec.simple_keys()?;
        let key = args.get(usize::from(keys.first))?;
        let shard = self.shards[self.placement.shard_of(key).index()].as_ref()?;
        Some((shard, key))
    }

    /// Runs or sends one request; false if it must wait and be tried again.
    #[inline]
    fn dispatch(&mut self, key: usize, args: Args<'_>, plan: Plan, world: &mut World<'_>) -> bool {
        let session = &mut self.sessions[key];
        let (id, command) = match admit(&self.front, &session.client, args) {
            Admission::Run(id, command) => (id, command),
            Admission::Refuse(error, id) => {
                self.refuse(key, &error, id);
                return true;
            }
            Admission::Postpone => {
                session.standing = Standing::Paused;
                self.paused.push(key);
                return false;
            }
        };
        session.client.last_command = Some(id);
        if session.client.reply_mode == ReplyMode::SkipNext {
            session.client.reply_mode = ReplyMode::Skip;
        }
        let done = match command.run {
            Some(Run::Data(run)) => self.dispatch_data(key, id, command, run, args, plan, world),
            Some(Run::Session(run)) => {
                self.run_session(key, id, run, args, world);
                true
            }
            Some(Run::EveryCore { check, .. }) => {
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
        self.count_error(error);
        if let Some(id) = id {
            self.front.stats.commands[id.index()].rejected += 1;
        }
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
        self.end_unless_fast(key, id, args, world);
    }

    #[inline]
    #[expect(clippy::too_many_arguments, reason = "one request with all that is known of it")]
    fn dispatch_data(
        &mut self,
        key: usize,
        id: CommandId,
        command: &'static Command<Run>,
        run: commands::Run,
        args: Args<'_>,
        plan: Plan,
        world: &mut World<'_>,
    ) -> bool {
        let shard = match self.way(command, run, args) {
            Way::One(shard) => shard,
            Way::Transaction => {
                self.begin_transaction(key, command, id, run, args);
                return true;
            }
        };
        let owner = self.placement.core_of(shard);
        if owner == self.id && !self.gates[shard.index()].lock.is_held() {
            self.run_here(key, id, command, run, shard, args, plan.hash, world);
            return true;
        }
        self.call(key, id, shard, owner, args)
    }

    #[inline]
    fn way(&self, command: &Command<Run>, run: commands::Run, args: Args<'_>) -> Way {
        match run {
            commands::Run::EveryShard { .. } | commands::Run::OneShard { .. } => {
                self.way_without_keys(run, args)
            }
            _ => match txn::route(&command.spec, args, &self.placement) {
                Route::One(shard) => Way::One(shard),
                Route::Many => Way::Transaction,
            },
        }
    }

    fn way_without_keys(&self, run: commands::Run, args: Args<'_>) -> Way {
        let shards = self.placement.shards();
        match run {
            commands::Run::OneShard { walk: commands::Walk::Cursor, .. } => {
                // A bad cursor is refused by whichever shard sees it.
                let at = args.get(1).and_then(|text| commands::generic::decode_cursor(text, shards as u16));
                Way::One(at.map_or(ShardId(0), |(shard, _)| ShardId(shard)))
            }
            _ if shards == 1 => Way::One(ShardId(0)),
            _ => Way::Transaction,
        }
    }

    /// Sends a request to the owner of its shard, or lets it wait for the shard here.
    fn call(
        &mut self,
        key: usize,
        id: CommandId,
        shard: ShardId,
        owner: usize,
        args: Args<'_>,
    ) -> bool {
        let bytes = args.total_bytes();
        if owner != self.id && !self.credits[owner].take(bytes) {
            self.sessions[key].standing = Standing::Stalled;
            self.stalled.push(key);
            return false;
        }
        let asker = self.asker(key);
        let client = &self.sessions[key].client;
        let head = CallHead {
            asker,
            command: id,
            shard,
            db: client.db,
            protocol: client.protocol,
            touch: !client.no_touch,
        };
        if owner == self.id {
            self.defer_call(head, Argv::from_args(args), self.id);
        } else {
            self.front.stats.hops += 1;
            self.outbox[owner].calls.push(head, args);
            self.drift(key, owner);
        }
        true
    }

    /// The place of a reply that is made elsewhere.
    pub(super) fn asker(&mut self, key: usize) -> Asker {
        let session = &mut self.sessions[key];
        let ticket: Option<Ticket> =
            (session.client.reply_mode == ReplyMode::On).then(|| session.replies.away());
        Asker { key: key as u32, ticket, client: session.client.id }
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
