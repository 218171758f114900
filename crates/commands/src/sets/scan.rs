//! SSCAN: a walk over the members of a set.
//!
//! A cursor is a position in the set's table, told as SCAN tells one of a single shard. Sets that
//! are no tables are answered whole.

use datatypes::Position;
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyWriter};

use super::lookup::{push, read_set};
use crate::Outcome;
use crate::errors::INVALID_CURSOR;
use crate::generic::scan::{Options, Takes};
use crate::generic::{decode_cursor, encode_cursor};

/// LIMIT: buckets that are visited for each member asked for, as Redis has it.
const BUCKETS_PER_MEMBER: usize = 10;

/// `SSCAN key cursor [MATCH pattern] [COUNT count]`
pub(super) fn sscan(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (_, position) = decode_cursor(args.at(2), 1).ok_or(INVALID_CURSOR)?;
    let mut next = Some(Position::from_number(position).ok_or(INVALID_CURSOR)?);
    let mut found = Argv::new();
    read_set(cx, args.at(1), |set| {
        // REDIS: the options of a walk over nothing are not looked at.
        let Some(set) = set else {
            next = None;
            return Outcome::Ok(());
        };
        let options = Options::parse(args, 3, Takes::Nothing)?;
        let mut buckets = options.count.saturating_mul(BUCKETS_PER_MEMBER);
        let mut met = 0;
        while let Some(at) = next
            && buckets > 0
            && met < options.count
        {
            buckets -= 1;
            next = set.scan(at, |member| {
                met += 1;
                if options.want_name(member.as_bytes(&mut itoa::Buffer::new())) {
                    push(&mut found, member);
                }
            });
        }
        Ok(())
    })??;
    let cursor = next.map_or(0, |position| encode_cursor(0, position.number(), 1));
    reply.array(2);
    reply.bulk(cursor.to_string().as_bytes());
    reply.array(found.len());
    found.as_args().iter().for_each(|member| reply.bulk(member));
    Ok(())
}
