//! The part of MEMORY that needs the keys: USAGE.

use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::Cursor;
use crate::errors::SYNTAX;

/// `MEMORY USAGE key [SAMPLES count]`
///
/// # Errors
/// If the options are not well-formed.
pub fn usage(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    check_options(args)?;
    let db = &cx.shard.dbs()[cx.db.index()];
    let table_share = db.table_bytes() / db.len().max(1);
    match cx.peek(args.at(2)) {
        Some(entry) => reply.integer((entry.memory_bytes() + table_share) as i64),
        None => reply.null(),
    }
    Ok(())
}

/// Strings have no elements to sample, so the count is checked and not used.
fn check_options(args: Args<'_>) -> Result<(), ReplyError> {
    let mut words = Cursor::new(args, 3);
    while !words.is_at_end() {
        if words.keyword("SAMPLES") {
            if words.i64()? < 0 {
                return Err(SYNTAX);
            }
        } else {
            words.finish()?;
        }
    }
    Ok(())
}
