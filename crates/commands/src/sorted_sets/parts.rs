//! ZUNION, ZINTER, ZDIFF and ZINTERCARD over several shards: parts and folds.
//!
//! A part sends what each of its keys holds; the fold works the reply out as one shard would. It
//! needs every key by itself, because scores are weighted key by key and joined in the order of the
//! keys' sizes. The options are read by the fold: Redis looks at the keys' types before them.

use keyspace::ShardCx;
use resp::{Args, Argv, ReplyWriter};

use super::algebra::{CARD, DIFF, Form, INTER, Input, UNION, finish, read_inputs};
use crate::fold::{check_parts, in_order};
use crate::partial::ScoredMembers;
use crate::{Outcome, Part, Partial};

/// `ZUNION key [key ...]`, the keys of one shard; of ZINTER, ZDIFF and ZINTERCARD as well
pub(super) fn inputs_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let inputs = match read_inputs(cx, args.tail(1)) {
        Ok(inputs) => inputs,
        Err(error) => return Partial::Failed(error),
    };
    let sent = inputs.iter().map(|input| {
        let mut sent = ScoredMembers {
            members: Argv::with_capacity(input.len(), 0),
            scores: Vec::with_capacity(input.len()),
        };
        input.for_each(|member, score| {
            sent.members.push(member);
            sent.scores.push(score);
            true
        });
        Some(sent)
    });
    Partial::Scored(sent.collect())
}

fn fold(form: Form, args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let keys = form.keys(args)?.len();
    let options = form.options(args, keys)?;
    let sent = in_order(parts, form.numkeys_at + 1, keys, |partial| match partial {
        Partial::Scored(sent) => sent,
        _ => &[],
    });
    let inputs: Vec<Input<'_>> = sent.into_iter().map(input_of).collect();
    finish(form, &inputs, (&options, None), reply);
    Ok(())
}

fn input_of(sent: Option<&ScoredMembers>) -> Input<'_> {
    match sent {
        Some(sent) if !sent.scores.is_empty() => {
            let scores = sent.scores.iter().copied();
            Input::Sent(sent.members.as_args().iter().zip(scores).collect())
        }
        _ => Input::None,
    }
}

/// The number of keys of ZUNION is one.
pub(super) fn zunion_check(args: Args<'_>) -> Outcome {
    UNION.keys(args).map(|_| ())
}

/// The number of keys of ZINTER is one.
pub(super) fn zinter_check(args: Args<'_>) -> Outcome {
    INTER.keys(args).map(|_| ())
}

/// The number of keys of ZDIFF is one.
pub(super) fn zdiff_check(args: Args<'_>) -> Outcome {
    DIFF.keys(args).map(|_| ())
}

/// The number of keys of ZINTERCARD is one.
pub(super) fn zintercard_check(args: Args<'_>) -> Outcome {
    CARD.keys(args).map(|_| ())
}

/// All keys' members.
pub(super) fn zunion_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    fold(UNION, args, parts, reply)
}

/// The members that all keys have.
pub(super) fn zinter_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    fold(INTER, args, parts, reply)
}

/// The first key's members without the others'.
pub(super) fn zdiff_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    fold(DIFF, args, parts, reply)
}

/// How many members all keys have, up to the limit.
pub(super) fn zintercard_fold(
    args: Args<'_>,
    parts: &[Part],
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    fold(CARD, args, parts, reply)
}
