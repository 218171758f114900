//! Runs a data command on a shard of this core, and keeps its statistics.

use command::flags::FAST;
use command::{CommandId, Spec};
use commands::{Part, Partial, Walk};
use keyspace::{Shard, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use session::ReplyMode;
use txn::{Caller, ShardId};

use super::dispatch::Request;
use super::{Core, World};

impl Core {
    /// Runs a request of a client of this core on a shard of this core.
    #[inline]
    pub(super) fn run_here(
        &mut self,
        request: &Request<'_>,
        shard: ShardId,
        world: &mut World<'_>,
    ) {
        let Request { key, id, spec, run, args, hash } = *request;
        self.begin_run(key, id, world);
        let caller = self.caller(key);
        let hint = hash.zip(args.get(usize::from(self.quick[id.index()].key_at)));
        let shards = self.placement.shards();
        let job = Job { run, place: (shard, shards as u16), caller, args, hint };
        let session = &mut self.sessions[key];
        let target = self.shards[shard.index()].as_mut().expect("the shard is this core's");
        let muted = session.client.reply_mode != ReplyMode::On;
        let failed = session.replies.here(caller.protocol, |writer| {
            let mark = writer.mark();
            let failed = execute(target, &job, writer);
            if muted {
                writer.truncate_to(mark);
            }
            failed
        });
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        if !is_brief(spec) || self.meter.exact {
            self.end_run(key, Some(args), world);
        }
        if shards > 1 && spec.has_keys() {
            self.drift(key, self.id);
        }
    }

    /// Begins to time a command, or lets it join the run of the same one.
    #[inline]
    pub(super) fn begin_run(&mut self, key: usize, id: CommandId, world: &mut World<'_>) {
        if !self.meter.joins(id) {
            if self.meter.is_running() {
                self.end_run(key, None, world);
            }
            self.start_run(id);
        }
    }

    /// Begins to time a command. Nobody sleeps on mail while it runs, if it may take long.
    pub(super) fn start_run(&mut self, id: CommandId) {
        if self.mesh.owes_ring() && !is_brief(&self.front.table.get(id).spec) {
            self.bell.ring(&mut self.mesh);
        }
        self.meter.start(id);
    }

    /// Ends the timing of a command that may take long.
    #[inline]
    pub(super) fn end_unless_brief(
        &mut self,
        key: usize,
        id: CommandId,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        if self.meter.exact || !is_brief(&self.front.table.get(id).spec) {
            self.end_run(key, Some(args), world);
        }
    }

    pub(super) fn count_failure(&mut self, id: CommandId, error: &ReplyError) {
        self.front.stats.failed(id, error);
    }

    pub(super) fn count_error(&mut self, error: &ReplyError) {
        self.front.stats.error(&String::from_utf8_lossy(error.code()));
    }
}

/// Whether a command cannot take long: it is fast, or of constant cost (SET is not called fast
/// because it may free what it overwrites, which is done in slices here).
#[inline]
pub(super) fn is_brief(spec: &Spec) -> bool {
    spec.has(FAST) || spec.complexity == "O(1)."
}

/// What is to be run on one shard.
pub(super) struct Job<'a> {
    pub(super) run: commands::Run,
    /// The shard, and how many there are.
    pub(super) place: (ShardId, u16),
    pub(super) caller: Caller,
    pub(super) args: Args<'a>,
    /// The hash of a key that was worked out ahead, and that key.
    pub(super) hint: Option<(u64, &'a [u8])>,
}

/// Runs a data command on one shard that has all its keys. An error is written in the place of
/// whatever the handler has written, and answered as well.
#[inline]
pub(super) fn execute(
    shard: &mut Shard,
    job: &Job<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Option<ReplyError> {
    let Job { run, place, caller, args, hint } = job;
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    if let Some((hash, key)) = hint {
        cx.set_hint(key, *hash);
    }
    let mark = writer.mark();
    let done = match *run {
        commands::Run::Shard(run) | commands::Run::Together { run, .. } => {
            run(&mut cx, *args, writer)
        }
        _ => execute_parts(&mut cx, *run, *place, *args, writer),
    };
    let error = done.err()?;
    writer.truncate_to(mark);
    writer.error(&error);
    Some(error)
}

/// The other shapes, collapsed into one part.
fn execute_parts(
    cx: &mut ShardCx<'_>,
    run: commands::Run,
    place: (ShardId, u16),
    args: Args<'_>,
    writer: &mut ReplyWriter<'_>,
) -> commands::Outcome {
    let (partial, fold) = match run {
        commands::Run::Gather { check, part, fold }
        | commands::Run::Scatter { check, part, fold } => {
            check(args)?;
            (part(cx, args), fold)
        }
        commands::Run::OneShard { walk: Walk::Cursor, part, fold } => {
            (scan_step(cx, part, place, args), fold)
        }
        commands::Run::EveryShard { part, fold } | commands::Run::OneShard { part, fold, .. } => {
            (part(cx, args), fold)
        }
        commands::Run::Shard(_) | commands::Run::Together { .. } => {
            unreachable!("these run as they are")
        }
    };
    fold(args, &[Part::whole(partial)], writer)
}

/// One step of a walk by cursor: the client's cursor names shard and position, the part sees the
/// position.
fn scan_step(
    cx: &mut ShardCx<'_>,
    part: commands::PartFn,
    (shard, shards): (ShardId, u16),
    args: Args<'_>,
) -> Partial {
    use commands::generic::{decode_cursor, encode_cursor};
    let Some((_, position)) = decode_cursor(args.at(1), shards) else {
        return Partial::Failed(commands::errors::INVALID_CURSOR);
    };
    let mut words = resp::Argv::new();
    words.push(args.at(0));
    words.push(position.to_string().as_bytes());
    args.tail(2).iter().for_each(|word| words.push(word));
    match part(cx, words.as_args()) {
        Partial::Scanned { next, keys } => {
            let next_shard = shard.0 + 1;
            let next = match next {
                Some(position) => Some(encode_cursor(shard.0, position, shards)),
                None if next_shard < shards => Some(encode_cursor(next_shard, 0, shards)),
                None => None,
            };
            Partial::Scanned { next, keys }
        }
        other => other,
    }
}
