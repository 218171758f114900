//! The short way: requests of one command with one key each, on shards of this core, one after
//! another.
//!
//! In a deep pipeline almost every request is like the one before it. Once `dispatch` has run the
//! first of a kind, those behind it need no gate (nothing that it asks about can have changed), no
//! new timing run and no search for their place: only a shard that is free.
//!
//! **Invariant:** what runs here would have run in `dispatch`, with the same reply and effects.

use command::flags::PROTECTED;
use command::{Arity, CommandId};
use commands::ShardFn;
use resp::{Batch, ReplyWriter};
use session::{ReplyMode, Run, Session, Table};

use super::Core;
use super::execute::is_brief;

/// What the short way needs to know of a command.
#[derive(Clone, Copy)]
pub(super) struct Quick {
    /// The place of its only key among its words; 0 if it has none or several.
    pub key_at: u16,
    /// What runs it, if it is brief and has one key.
    pub run: Option<ShardFn>,
    /// How many words it takes.
    pub arity: Arity,
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
        Self { key_at, run, arity: spec.arity }
    }
}

impl Core {
    /// Runs the requests from `at` on that are like the one before them. Answers the first that is
    /// not.
    pub(super) fn run_direct(
        &mut self,
        key: usize,
        bytes: &[u8],
        batch: &Batch,
        from: usize,
        at: usize,
    ) -> usize {
        let Some(id) = self.meter.running().filter(|_| !self.meter.exact) else { return at };
        let Session { client, replies, drift, .. } = &mut self.sessions[key];
        let is_plain = client.authenticated && client.reply_mode == ReplyMode::On;
        if !is_plain || !replies.is_settled() || self.front.pause.is_some() {
            return at;
        }
        let (db, author, touch) = (client.db, client.author(), !client.no_touch);
        let quick = self.quick[id.index()];
        let Some(run) = quick.run else { return at };
        let mut writer = ReplyWriter::new(replies.out(), client.protocol);
        let mut index = at;
        while let Some(plan) = self.plans.get(index - from) {
            let (Some(shard), Some(hash)) = (plan.shard, plan.hash) else { break };
            if plan.id != Some(id) || self.gates[shard.index()].lock.is_held() {
                break;
            }
            let args = batch.request(bytes, index);
            let Some(shard) = self.shards[shard.index()].as_mut() else { break };
            if !quick.arity.accepts(args.len()) {
                break;
            }
            let mut cx = shard.cx(db, author);
            cx.touch = touch;
            cx.set_hint(args.at(usize::from(quick.key_at)), hash);
            let mark = writer.mark();
            if let Err(error) = run(&mut cx, args, &mut writer) {
                writer.truncate_to(mark);
                writer.error(&error);
                self.front.stats.failed(id, &error);
            }
            index += 1;
            if self.gates.len() > 1 {
                // Commands that stay here never send the session away; they keep it here.
                drift.count(self.id as u16);
            }
        }
        let ran = (index - at) as u64;
        client.commands += ran;
        self.meter.join(ran);
        index
    }
}
