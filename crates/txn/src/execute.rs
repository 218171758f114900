//! Runs a data command on one shard that has all its keys, whatever its shape.
//!
//! Shapes for several shards collapse into a single part there, whose fold makes the reply.

use commands::{Outcome, Part, PartFn, Partial, Run, Walk};
use keyspace::{Shard, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};

use crate::{Caller, ShardId};

/// What is to be run on one shard.
pub struct Job<'a> {
    /// How the command runs.
    pub run: Run,
    /// The shard, and how many there are.
    pub place: (ShardId, u16),
    /// In whose name.
    pub caller: Caller,
    /// Its words.
    pub args: Args<'a>,
    /// The hash of a key that was worked out ahead, and that key.
    pub hint: Option<(u64, &'a [u8])>,
}

/// Runs a data command on one shard that has all its keys. An error is written in the place of
/// whatever the handler has written, and answered as well.
#[inline]
pub fn execute(
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
    writer.attempt(|writer| match *run {
        Run::Shard(run)
        | Run::BetweenDbs(run)
        | Run::Together { run, .. }
        | Run::GatherWhole { whole: run, .. } => run(&mut cx, *args, writer),
        _ => execute_parts(&mut cx, *run, *place, *args, writer),
    })
}

/// The other shapes, collapsed into one part.
fn execute_parts(
    cx: &mut ShardCx<'_>,
    run: Run,
    place: (ShardId, u16),
    args: Args<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let (partial, fold) = match run {
        Run::Gather { check, part, fold } | Run::Scatter { check, part, fold } => {
            check(args)?;
            (part(cx, args), fold)
        }
        Run::OneShard { walk: Walk::Cursor, part, fold } => {
            (scan_step(cx, part, place, args), fold)
        }
        Run::EveryShard { part, fold } | Run::OneShard { part, fold, .. } => (part(cx, args), fold),
        Run::Shard(_) | Run::BetweenDbs(_) | Run::Together { .. } | Run::GatherWhole { .. } => {
            unreachable!("these run as they are")
        }
    };
    fold(args, &[Part::whole(partial)], writer)
}

/// One step of a walk by cursor: the client's cursor names shard and position, the part sees the
/// position.
fn scan_step(
    cx: &mut ShardCx<'_>,
    part: PartFn,
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
