//! ZSCAN: a walk over the members of a sorted set and their scores.
//!
//! A cursor is a position in the table of a large sorted set, told as SCAN tells one of a single
//! shard. A listpack is answered whole, score by score as it is kept there.

use datatypes::{Position, Zset};
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyError, ReplyWriter};
use stdx::number::format_f64;

use super::lookup::read_zset;
use crate::Outcome;
use crate::errors::INVALID_CURSOR;
use crate::generic::scan::{Options, Takes};
use crate::generic::{decode_cursor, encode_cursor};

/// LIMIT: buckets that are visited for each member asked for, as Redis has it.
const BUCKETS_PER_MEMBER: usize = 10;

/// `ZSCAN key cursor [MATCH pattern] [COUNT count]`
pub(super) fn zscan(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (_, position) = decode_cursor(args.at(2), 1).ok_or(INVALID_CURSOR)?;
    let from = Position::from_number(position).ok_or(INVALID_CURSOR)?;
    let mut found = Argv::new();
    let next = read_zset(cx, args.at(1), |zset| {
        // REDIS: the options of a walk over nothing are not looked at.
        let Some(zset) = zset else { return Ok::<_, ReplyError>(None) };
        let options = Options::parse(args, 3, Takes::Nothing)?;
        Ok(walk(zset, from, &options, &mut found))
    })??;
    let cursor = next.map_or(0, |position: Position| encode_cursor(0, position.number(), 1));
    reply.array(2);
    reply.bulk(cursor.to_string().as_bytes());
    reply.array(found.len());
    found.as_args().iter().for_each(|word| reply.bulk(word));
    Ok(())
}

/// One step of a walk; where it goes on.
fn walk(zset: &Zset, from: Position, options: &Options<'_>, found: &mut Argv) -> Option<Position> {
    let mut text = itoa::Buffer::new();
    if let Some(listpack) = zset.as_listpack() {
        let mut elements = listpack.iter();
        while let (Some(member), Some(score)) = (elements.next(), elements.next()) {
            if options.want_name(member.as_bytes(&mut text)) {
                found.push(member.as_bytes(&mut text));
                found.push(score.as_bytes(&mut text));
            }
        }
        return None;
    }
    let mut buckets = options.count.saturating_mul(BUCKETS_PER_MEMBER);
    let (mut next, mut met) = (Some(from), 0);
    while let Some(at) = next
        && buckets > 0
        && met < options.count
    {
        buckets -= 1;
        next = zset.scan(at, |member, score| {
            met += 1;
            let member = member.as_bytes(&mut text);
            if options.want_name(member) {
                found.push(member);
                found.push(format_f64(score).as_bytes());
            }
        });
    }
    next
}
