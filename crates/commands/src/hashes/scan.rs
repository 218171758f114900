//! HSCAN: a walk over the fields of a hash.
//!
//! A cursor is a position in the hash's table, told as SCAN tells one of a single shard. Hashes
//! that are no tables are answered whole.

use datatypes::Position;
use keyspace::ShardCx;
use resp::{Args, Argv, ReplyWriter};

use super::lookup::{push, read_hash};
use crate::Outcome;
use crate::errors::INVALID_CURSOR;
use crate::generic::scan::{Options, Takes};
use crate::generic::{decode_cursor, encode_cursor};

/// LIMIT: buckets that are visited for each field asked for, as Redis has it.
const BUCKETS_PER_FIELD: usize = 10;

/// `HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]`
pub(super) fn hscan(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (_, position) = decode_cursor(args.at(2), 1).ok_or(INVALID_CURSOR)?;
    let mut next = Some(Position::from_number(position).ok_or(INVALID_CURSOR)?);
    let now = cx.now().0;
    let mut found = Argv::new();
    read_hash(cx, args.at(1), |hash| {
        // REDIS: the options of a walk over nothing are not looked at.
        let Some(hash) = hash else {
            next = None;
            return Outcome::Ok(());
        };
        let options = Options::parse(args, 3, Takes::NoValues)?;
        let mut buckets = options.count.saturating_mul(BUCKETS_PER_FIELD);
        let mut met = 0;
        while let Some(at) = next
            && buckets > 0
            && met < options.count
        {
            buckets -= 1;
            next = hash.scan(at, |field| {
                met += 1;
                let mut text = itoa::Buffer::new();
                if field.is_dead(now) || !options.want_name(field.name.as_bytes(&mut text)) {
                    return;
                }
                push(&mut found, field.name);
                if !options.no_values {
                    push(&mut found, field.value);
                }
            });
        }
        Ok(())
    })??;
    let cursor = next.map_or(0, |position| encode_cursor(0, position.number(), 1));
    reply.array(2);
    reply.bulk(cursor.to_string().as_bytes());
    reply.array(found.len());
    found.as_args().iter().for_each(|text| reply.bulk(text));
    Ok(())
}
