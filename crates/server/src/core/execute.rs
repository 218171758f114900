//! Runs a data command on a shard of this core, and keeps its statistics.

use command::flags::FAST;
use command::{CommandId, Spec};
use resp::{Args, ReplyError};
use session::ReplyMode;
use txn::{Job, ShardId, execute};

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
        let has_ready = target.has_ready();
        if let Some(error) = failed {
            self.count_failure(id, &error);
        }
        if !is_brief(spec) || self.meter.exact {
            self.end_run(key, Some(args), world);
        }
        if has_ready {
            self.serve(shard, world);
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
