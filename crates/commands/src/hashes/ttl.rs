//! Time to live of fields: HTTL and its kin.

use keyspace::ShardCx;
use resp::{Args, ReplyWriter};

use super::clauses::fields_clause;
use super::lookup::read_hash;
use crate::Outcome;
use crate::errors::NUMBER_OF_FIELDS_NOT_POSITIVE;

/// The answer for a field that is not there.
pub(super) const NO_FIELD: i64 = -2;
/// The answer for a field that never expires.
pub(super) const NO_EXPIRY: i64 = -1;

/// `HTTL key FIELDS count field [field ...]`
pub(super) fn httl(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    answer_moments(cx, args, reply, |at| seconds(at - now))
}

/// `HPTTL key FIELDS count field [field ...]`
pub(super) fn hpttl(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    answer_moments(cx, args, reply, |at| at - now)
}

/// `HEXPIRETIME key FIELDS count field [field ...]`
pub(super) fn hexpiretime(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_moments(cx, args, reply, seconds)
}

/// `HPEXPIRETIME key FIELDS count field [field ...]`
pub(super) fn hpexpiretime(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_moments(cx, args, reply, |at| at)
}

/// Milliseconds as seconds, rounded up: unlike TTL's.
fn seconds(ms: i64) -> i64 {
    (ms + 999) / 1000
}

fn answer_moments(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    shown: impl Fn(i64) -> i64,
) -> Outcome {
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    read_hash(cx, args.at(1), |hash| {
        let names = fields_clause(args, 2, NUMBER_OF_FIELDS_NOT_POSITIVE)?;
        reply.array(names.len());
        for name in names.iter() {
            let field = hash.and_then(|hash| hash.get(name, &rules));
            reply.integer(match field.filter(|field| !field.is_dead(now)) {
                None => NO_FIELD,
                Some(field) => field.expire_at.map_or(NO_EXPIRY, &shown),
            });
        }
        Ok(())
    })?
}
