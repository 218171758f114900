//! EXEC: what MULTI has queued runs at once, on one shard, over several, or in the whole house.
//!
//! **Steps**
//! 1. `plan` says which keys the queue needs, and where they are.
//! 2. The data commands run as one program where most of the keys live, with the others on loan;
//!    watched keys are checked in the step in which their shards are locked.
//! 3. Commands about the client run here when the program has come back, and their replies go
//!    between its replies. Nobody can tell when they ran: they touch nothing but the client.
//!
//! What cannot be planned runs command by command in the `house`.

pub(super) mod house;
mod plan;
#[cfg(test)]
mod tests;
mod watch;

use command::CommandId;
use command::flags::DENYOOM;
use keyspace::Author;
use resp::{Args, Protocol, ReplyBuffer, ReplyError, ReplyWriter};
use session::{Outlook, Queue, Queued, ReplyMode, Run, SessionCx, SessionFn, Standing};
use txn::{Claim, Done, Ending, Kind, Program, Stop};

use super::desk::Asked;
use super::{Core, World, meter};
use crate::mailbox::Asker;
use plan::{Given, Need, plan};

const EXEC_WITHOUT_MULTI: ReplyError = ReplyError::new("ERR EXEC without MULTI");
const ABORTED: ReplyError =
    ReplyError::new("EXECABORT Transaction discarded because of previous errors.");

/// An EXEC under way.
pub(super) struct Exec {
    asker: Asker,
    id: CommandId,
    /// What runs; its words are with the program while that is away.
    queue: Queue,
    /// One of the queued commands may need memory.
    needs_room: bool,
    /// CLIENT REPLY SKIP came before it.
    is_skipped: bool,
    since_ns: u64,
}

impl Exec {
    /// Whether one of the queued commands may need memory.
    pub(super) fn needs_room(&self) -> bool {
        self.needs_room
    }
}

/// What EXEC answers that is refused itself. An error without a code of its own is told without
/// the general one.
fn abort(error: &ReplyError) -> ReplyError {
    let reason = error.line().strip_prefix(b"ERR ").unwrap_or(error.line());
    let text = b"EXECABORT Transaction discarded because of: ";
    ReplyError::from([text, reason].concat())
}

impl Core {
    /// Queues a command for EXEC.
    pub(super) fn enqueue(&mut self, key: usize, id: CommandId, args: Args<'_>) {
        let session = &mut self.sessions[key];
        let client = &mut session.client;
        client.last_command = Some(id);
        let multi = client.multi.as_mut().expect("the gate has seen it");
        multi.push(id, self.front.table.get(id).spec.flags, args);
        match client.reply_mode {
            ReplyMode::On => session.replies.here(client.protocol, |it| it.simple("QUEUED")),
            ReplyMode::Off => {}
            ReplyMode::Skip | ReplyMode::SkipNext => client.reply_mode = ReplyMode::On,
        }
    }

    /// The error of a refused request; after it, EXEC will be refused as well. A refused EXEC ends
    /// what MULTI began.
    pub(super) fn poison(
        &mut self,
        key: usize,
        id: Option<CommandId>,
        error: &ReplyError,
    ) -> Option<ReplyError> {
        let run = id.and_then(|id| self.front.table.get(id).run);
        if matches!(run, Some(Run::Exec)) {
            self.end_multi(key);
            return Some(abort(error));
        }
        if let Some(multi) = &mut self.sessions[key].client.multi {
            multi.poison();
        }
        None
    }

    /// Forgets what was queued and watched.
    fn end_multi(&mut self, key: usize) {
        let client = &mut self.sessions[key].client;
        client.multi = None;
        let watched = client.watched.take();
        self.forget(watched);
    }

    /// `EXEC`
    pub(super) fn exec(
        &mut self,
        key: usize,
        id: CommandId,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        let client = &mut self.sessions[key].client;
        let Some(multi) = &mut client.multi else {
            return self.fail_early(key, id, &EXEC_WITHOUT_MULTI);
        };
        if multi.is_poisoned() {
            self.end_multi(key);
            return self.fail_early(key, id, &ABORTED);
        }
        let needs_room = multi.has(DENYOOM);
        let queue = multi.take();
        let watched = client.watched.take();
        let outlook = Outlook { db: client.db, databases: self.front.config.databases };
        let given = Given { table: self.front.table, placement: &self.placement, outlook };
        let (steps, need) = plan(&queue, watched, &given);
        let caller = self.caller(key);
        let mut exec = Exec { needs_room, ..self.new_exec(key, id, queue) };
        let program = |exec: &mut Exec| {
            let words = std::mem::take(&mut exec.queue.words);
            Box::new(Program { words, steps: steps.clone(), ..Program::empty(caller) })
        };
        match need {
            Need::Nothing => {
                self.begin_run(key, id, world);
                let program = program(&mut exec);
                let ending =
                    Ending::Program { program, replies: ReplyBuffer::new(), done: Vec::new() };
                self.answer_exec_here(key, exec, ending, (args, world));
            }
            Need::Shards(mut stops) => {
                let program = program(&mut exec);
                if stops.len() > 1 {
                    return self.begin_exec(key, exec, Kind::Together { stops, program }, world);
                }
                let stop = stops.pop().expect("a program has a home");
                if self.is_free_here(stop.shard, &self.claim_of_stop(&stop), caller.author) {
                    self.begin_run(key, id, world);
                    let ending = self.run_program_here(&stop, program, world);
                    self.answer_exec_here(key, exec, ending, (args, world));
                } else {
                    self.begin_exec(key, exec, Kind::Solo { stop, program }, world);
                }
            }
            Need::House(stops) => self.begin_exec(key, exec, Kind::House { stops }, world),
        }
    }

    fn new_exec(&mut self, key: usize, id: CommandId, queue: Queue) -> Exec {
        let client = &self.sessions[key].client;
        let asker =
            Asker { key: key as u32, ticket: session::Ticket(0), client: client.id, muted: false };
        let is_skipped = client.reply_mode == ReplyMode::Skip;
        let since_ns = self.front.mono_ns;
        Exec { asker, id, queue, needs_room: false, is_skipped, since_ns }
    }

    /// Whether a shard is here, and nobody is in the way of who wants this of it.
    fn is_free_here(&self, shard: txn::ShardId, claim: &Claim, client: Author) -> bool {
        self.placement.core_of(shard) == self.id
            && !self.queues[shard.index()].is_met(claim, client)
    }

    fn claim_of_stop(&self, stop: &Stop) -> Claim {
        txn::claim_of_stop(stop, |key| self.hasher.hash(key))
    }

    /// Hands an EXEC in at the desk. The session waits until it is over.
    fn begin_exec(&mut self, key: usize, mut exec: Exec, kind: Kind, world: &World<'_>) {
        // What is muted of the reply is left out of it; there is a reply in any case.
        exec.asker.ticket = self.asker(key).ticket;
        let spec = &self.front.table.get(exec.id).spec;
        let order = (spec, resp::Argv::new(), kind);
        self.begin_order(key, order, Asked::Exec(Box::new(exec)), world);
        self.sessions[key].standing = Standing::Waiting;
    }

    fn run_program_here(
        &mut self,
        stop: &Stop,
        program: Box<Program>,
        world: &World<'_>,
    ) -> Ending {
        let shard = self.shards[stop.shard.index()].as_mut().expect("the shard is this core's");
        if !txn::unwatch(shard, &stop.watched) {
            return Ending::Touched;
        }
        let mut replies = ReplyBuffer::new();
        let place = (stop.shard, self.placement.shards() as u16);
        let done = program.run(shard, place, &mut replies, &|| world.clock.mono_ns());
        if shard.has_ready() {
            self.serve(stop.shard, world);
        }
        Ending::Program { program, replies, done }
    }

    /// Answers an EXEC that needed nobody else.
    fn answer_exec_here(
        &mut self,
        key: usize,
        mut exec: Exec,
        ending: Ending,
        (args, world): (Args<'_>, &mut World<'_>),
    ) {
        let mut reply = self.exec_reply(&mut exec, ending, world);
        let session = &mut self.sessions[key];
        session.client.multi = None;
        session.replies.here(session.client.protocol, |it| it.buffer().append(&mut reply));
        self.end_run(key, Some(args), world);
    }

    /// An EXEC that was handed in at the desk is over.
    pub(super) fn finish_exec(
        &mut self,
        mut exec: Box<Exec>,
        ending: Ending,
        world: &mut World<'_>,
    ) {
        let reply = self.exec_reply(&mut exec, ending, world);
        self.deliver_exec(&exec, reply, world);
    }

    fn deliver_exec(&mut self, exec: &Exec, mut reply: ReplyBuffer, world: &World<'_>) {
        let nanoseconds = world.clock.mono_ns().saturating_sub(exec.since_ns);
        let run = meter::Run { command: exec.id, calls: 1, nanoseconds };
        self.account(run, (exec.asker.key as usize, exec.asker.client), None);
        if let Some(client) = self.exec_client(exec) {
            client.multi = None;
        }
        self.deliver(exec.asker, &mut reply);
        self.release(exec.asker);
    }

    /// The client that has sent an EXEC, if it is still there.
    fn exec_client(&mut self, exec: &Exec) -> Option<&mut session::Client> {
        let session = self.sessions.get_mut(exec.asker.key as usize)?;
        (session.client.id == exec.asker.client).then_some(&mut session.client)
    }

    /// Whether what is written now is not sent.
    fn is_muted(&mut self, exec: &Exec) -> bool {
        let mode = self.exec_client(exec).map(|client| client.reply_mode);
        exec.is_skipped || mode.is_none_or(|mode| matches!(mode, ReplyMode::Off | ReplyMode::Skip))
    }

    /// Makes one reply of everything.
    fn exec_reply(&mut self, exec: &mut Exec, ending: Ending, world: &World<'_>) -> ReplyBuffer {
        let mut reply = ReplyBuffer::new();
        let (program, mut replies, done) = match ending {
            Ending::Program { program, replies, done } => (program, replies, done),
            Ending::Touched => {
                if !self.is_muted(exec) {
                    self.exec_writer(exec, &mut reply).null_array();
                }
                return reply;
            }
            Ending::Reply { error, .. } => {
                // A shard had something against it.
                let error = abort(&error.expect("only a veto answers for an EXEC"));
                self.count_error(&error);
                self.front.stats.commands[exec.id.index()].rejected += 1;
                if !self.is_muted(exec) {
                    self.exec_writer(exec, &mut reply).error(&error);
                }
                return reply;
            }
            _ => unreachable!("it was an EXEC with a program"),
        };
        exec.queue.words = program.words;
        let queue = std::mem::take(&mut exec.queue);
        self.begin_exec_reply(exec, queue.commands.len(), &mut reply);
        let mut done = done.into_iter();
        for queued in &queue.commands {
            let args = queue.args(queued);
            match self.front.table.get(queued.id).run {
                Some(Run::Session(run) | Run::Switch { run, .. }) => {
                    self.run_queued(exec, (queued.id, run, args), &mut reply, world);
                }
                _ => {
                    let done = done.next().expect("every data command is a step");
                    self.take_done(exec, (queued, args), &done);
                    if self.is_muted(exec) {
                        replies.consume(done.bytes);
                    } else {
                        replies.move_front(done.bytes, &mut reply);
                    }
                }
            }
        }
        reply
    }

    fn exec_writer<'a>(&mut self, exec: &Exec, reply: &'a mut ReplyBuffer) -> ReplyWriter<'a> {
        let protocol = self.exec_client(exec).map(|client| client.protocol);
        ReplyWriter::new(reply, protocol.unwrap_or(Protocol::Resp2))
    }

    fn begin_exec_reply(&mut self, exec: &Exec, count: usize, reply: &mut ReplyBuffer) {
        if !self.is_muted(exec) {
            self.exec_writer(exec, reply).array(count);
        }
    }

    /// Counts a data command that has run.
    fn take_done(&mut self, exec: &Exec, (queued, args): (&Queued, Args<'_>), done: &Done) {
        let run = meter::Run { command: queued.id, calls: 1, nanoseconds: done.nanoseconds };
        self.account(run, (exec.asker.key as usize, exec.asker.client), Some(args));
        if let Some(error) = &done.error {
            self.count_failure(queued.id, error);
        }
    }

    /// Runs a queued command about the client, if that is still there.
    fn run_queued(
        &mut self,
        exec: &mut Exec,
        (id, run, args): (CommandId, SessionFn, Args<'_>),
        reply: &mut ReplyBuffer,
        world: &World<'_>,
    ) {
        let key = exec.asker.key as usize;
        let Some(session) = self.sessions.get_mut(key) else { return };
        if session.client.id != exec.asker.client {
            return;
        }
        let started_ns = world.clock.mono_ns();
        let client = &mut session.client;
        if exec.is_skipped {
            client.reply_mode = ReplyMode::Skip;
        }
        let before = client.reply_mode;
        let mut writer = ReplyWriter::new(reply, client.protocol);
        let mark = writer.mark();
        let mut cx = SessionCx { client: &mut *client, front: &mut self.front, command: id };
        let failed = run(&mut cx, args, &mut writer).err();
        if let Some(error) = &failed {
            writer.truncate_to(mark);
            writer.error(error);
        }
        // CLIENT REPLY SKIP mutes itself, and then nothing up to the command after EXEC.
        let mode = client.reply_mode;
        let skips_itself = mode == ReplyMode::SkipNext && before != ReplyMode::SkipNext;
        if skips_itself || matches!(mode, ReplyMode::Off | ReplyMode::Skip) {
            writer.truncate_to(mark);
        }
        if exec.is_skipped {
            exec.is_skipped = mode == ReplyMode::Skip;
            if exec.is_skipped {
                client.reply_mode = ReplyMode::On;
            }
        }
        let nanoseconds = world.clock.mono_ns().saturating_sub(started_ns);
        let run = meter::Run { command: id, calls: 1, nanoseconds };
        self.account(run, (key, exec.asker.client), Some(args));
        if let Some(error) = &failed {
            self.count_failure(id, error);
        }
    }
}
