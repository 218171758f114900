//! Runs a data command on a shard of this core, and keeps its statistics.

use command::{Command, CommandId, flags::FAST};
use commands::{Part, Partial, Walk};
use keyspace::{Shard, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use session::{ReplyMode, Run};
use txn::{Caller, ShardId};

use super::{Core, World};

impl Core {
    /// Runs a request of a client of this core on a shard of this core.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "one request with all that is known of it")]
    pub(super) fn run_here(
        &mut self,
        key: usize,
        id: CommandId,
        command: &'static Command<Run>,
        run: commands::Run,
        shard: ShardId,
        args: Args<'_>,
        hash: Option<u64>,
        world: &mut World<'_>,
    ) {
        self.begin_run(key, id, world);
        let caller = self.caller(key);
        let shards = self.placement.shards();
        let session = &mut self.sessions[key];
        let target = self.shards[shard.index()].as_mut().expect("the shard is this core's");
        let muted = session.client.reply_mode != ReplyMode::On;
        let failed = session.replies.here(caller.protocol, |writer| {
            let mark = writer.mark();
            let hint = hash.zip(args.get(1));
            let failed = execute(target, run, (shard, shards as u16), &caller, args, hint, writer);
            if let Some(error) = &failed {
                writer.truncate_to(mark);
                writer.error(error);
            }
            if muted {
                writer.truncate_to(mark);
            }
            failed
        });
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        if !command.spec.has(FAST) || self.meter.exact {
            self.end_run(key, Some(args), world);
        }
        if shards > 1 && command.spec.has_keys() {
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
            self.meter.start(id);
        }
    }

    /// Ends the timing of a command that may take long.
    #[inline]
    pub(super) fn end_unless_fast(
        &mut self,
        key: usize,
        id: CommandId,
        args: Args<'_>,
        world: &mut World<'_>,
    ) {
        if self.meter.exact || !self.front.table.get(id).spec.has(FAST) {
            self.end_run(key, Some(args), world);
        }
    }

    pub(super) fn count_failure(&mut self, id: CommandId, error: &ReplyError) {
        self.front.stats.commands[id.index()].failed += 1;
        self.count_error(error);
    }

    pub(super) fn count_error(&mut self, error: &ReplyError) {
        self.front.stats.error(&String::from_utf8_lossy(error.code()));
    }
}

/// Runs a data command on one shard that has all its keys.
#[inline]
pub(super) fn execute(
    shard: &mut Shard,
    run: commands::Run,
    place: (ShardId, u16),
    caller: &Caller,
    args: Args<'_>,
    hint: Option<(u64, &[u8])>,
    writer: &mut ReplyWriter<'_>,
) -> Option<ReplyError> {
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    if let Some((hash, key)) = hint {
        cx.set_hint(key, hash);
    }
    match run {
        commands::Run::Shard(run) | commands::Run::Together { run, .. } => run(&mut cx, args, writer),
        _ => execute_parts(&mut cx, run, place, args, writer),
    }
    .err()
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
        commands::Run::Gather { check, part, fold } | commands::Run::Scatter { check, part, fold } => {
            check(args)?;
            (part(cx, args), fold)
        }
        commands::Run::EveryShard { part, fold } => (part(cx, args), fold),
        commands::Run::OneShard { walk: Walk::Random, part, fold } => (part(cx, args), fold),
        commands::Run::OneShard { walk: Walk::Cursor, part, fold } => {
            (scan_step(cx, part, place, args), fold)
        }
        commands::Run::Shard(_) | commands::Run::Together { .. } => {
            unreachable!("these run as they are")
        }
    };
    fold(args, &[Part::whole(partial)], writer)
}

/// One step of a walk by cursor: the client's cursor names shard and position, the part sees the position.
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
