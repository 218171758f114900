//! A shard's side of a transaction: it stands still, lends, runs its part, and goes on.

use commands::{Outcome, Partial};
use keyspace::{Guest, Shard};
use resp::{Args, ReplyBuffer, ReplyError, ReplyWriter};

use crate::loan::changes_elsewhere;
use crate::message::{Caller, Hosted};
use crate::{Message, Placement, TxnId};

/// Whether a shard stands still, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardLock {
    holder: Option<TxnId>,
}

impl ShardLock {
    /// Whether commands must wait.
    #[inline]
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.holder.is_some()
    }

    fn hold(&mut self, txn: TxnId) {
        assert_eq!(self.holder, None, "one transaction at a time asks a shard");
        self.holder = Some(txn);
    }

    fn release(&mut self, txn: TxnId) {
        assert_eq!(self.holder, Some(txn), "only the holder lets a shard go on");
        self.holder = None;
    }
}

/// Lets a shard take part in a transaction. Answers the message for the coordinator.
///
/// After a `Run`, `Host` or `Return` the shard is free again: commands that waited may run.
///
/// # Panics
/// If the message is not one to a shard, or comes out of turn: that would be our own error.
pub fn serve(
    shard: &mut Shard,
    lock: &mut ShardLock,
    placement: &Placement,
    message: Message,
) -> Message {
    match message {
        Message::Prepare { txn, shard: id, lend } => {
            lock.hold(txn);
            Message::Prepared { txn, shard: id, veto: None, guests: shard.lend(lend) }
        }
        Message::Run { txn, shard: id, part, words, caller } => {
            lock.release(txn);
            Message::Ran {
                txn,
                shard: id,
                partial: run_part(shard, part, &caller, words.as_args()),
            }
        }
        Message::Ask { txn, shard: id, part, words, caller } => {
            assert!(!lock.is_held(), "a held shard is asked later");
            Message::Ran {
                txn,
                shard: id,
                partial: run_part(shard, part, &caller, words.as_args()),
            }
        }
        Message::Host { txn, shard: id, run, words, caller, guests } => {
            lock.release(txn);
            let reply = host(shard, run, words.as_args(), &caller, guests, |key| {
                placement.shard_of(key) == id
            });
            Message::Hosted { txn, reply }
        }
        Message::Return { txn, mut guests, changes, .. } => {
            lock.release(txn);
            shard.admit(&mut guests);
            for change in changes {
                shard.changes.push(change);
            }
            Message::Returned { txn }
        }
        _ => unreachable!("only messages to shards come here"),
    }
}

fn run_part(
    shard: &mut Shard,
    part: fn(&mut keyspace::ShardCx<'_>, Args<'_>) -> Partial,
    caller: &Caller,
    words: Args<'_>,
) -> Partial {
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    part(&mut cx, words)
}

/// Runs a whole command with guests among the shard's own keys.
fn host(
    shard: &mut Shard,
    run: commands::ShardFn,
    words: Args<'_>,
    caller: &Caller,
    mut guests: Vec<Guest>,
    is_ours: impl Fn(&[u8]) -> bool,
) -> Hosted {
    shard.admit(&mut guests);
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    let mut reply = ReplyBuffer::new();
    let error = write_reply(&mut ReplyWriter::new(&mut reply, caller.protocol), |writer| {
        run(&mut cx, words, writer)
    });
    let changes = changes_elsewhere(shard, is_ours);
    shard.dismiss(&mut guests);
    Hosted { reply, error, guests, changes }
}

/// Writes what `run` writes, or its error in the place of everything that it wrote.
pub(crate) fn write_reply(
    writer: &mut ReplyWriter<'_>,
    run: impl FnOnce(&mut ReplyWriter<'_>) -> Outcome,
) -> Option<ReplyError> {
    let mark = writer.mark();
    let error = run(writer).err()?;
    writer.truncate_to(mark);
    writer.error(&error);
    Some(error)
}
