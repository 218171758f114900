//! BITFIELD and BITFIELD_RO: integers of any width at any bit of a string.

use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyWriter};

use super::bits::{edit, read};
use super::field_steps::{Step, Steps};
use crate::Outcome;
use crate::errors::BITFIELD_RO_WRITES;

/// `BITFIELD key [GET type offset | [OVERFLOW WRAP|SAT|FAIL] SET|INCRBY type offset number ...]`
pub(super) fn bitfield(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let steps = Step::parse_all(args, cx.shard.string_bytes_max)?;
    match steps.iter().filter_map(Step::last_written).max() {
        Some(last) => write(cx, args, (&steps, last), reply),
        None => answer(cx, args, &steps, reply),
    }
}

/// `BITFIELD_RO key [GET type offset ...]`
pub(super) fn bitfield_ro(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let steps = Step::parse_all(args, cx.shard.string_bytes_max)?;
    if steps.iter().any(|step| step.last_written().is_some()) {
        return Err(BITFIELD_RO_WRITES);
    }
    answer(cx, args, &steps, reply)
}

fn answer(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    steps: &Steps,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let mut answer = |bytes: &[u8]| {
        reply.array(steps.len());
        steps.iter().for_each(|step| reply.integer(step.read(bytes)));
        Ok(())
    };
    match read(cx, args.at(1), &mut answer)? {
        Some(()) => Ok(()),
        None => answer(&[]),
    }
}

fn write(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    (steps, last): (&Steps, u64),
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let (changes, has_grown) = edit(cx, key, last, |bytes, has_grown| {
        let mut changes = 0;
        reply.array(steps.len());
        for step in steps {
            match step.take(bytes) {
                Some((answer, has_changed)) => {
                    let counts = step.last_written().is_some() && (has_grown || has_changed);
                    changes += u64::from(counts);
                    reply.integer(answer);
                }
                None => reply.null(),
            }
        }
        (changes, has_grown)
    })?;
    let db = cx.db;
    if changes > 0 {
        cx.changed_many(
            changes,
            || Touches::Key { db, key: key.into() },
            &[Event::string("setbit")],
            |words| words.extend_from_args(args),
        );
    } else if has_grown {
        // REDIS: `BITFIELD none OVERFLOW FAIL SET u8 0 300` makes a string of one zero and tells
        // nobody.
        cx.changed_quietly(0, key, |words| words.extend_from_args(args));
    }
    Ok(())
}
