//! WAIT and WAITAOF, on a server that has no replicas: nobody ever acknowledges anything.

use command::Command;
use commands::Outcome;
use commands::args::integer;
use commands::errors::{NOT_POSITIVE, TIMEOUT_NEGATIVE};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number::parse_i64;

use crate::declared::replication as declared;
use crate::{Patience, Run, SessionCx};

/// What this file's commands are and do.
pub(super) static COMMANDS: &[Command<Run>] =
    &[declared::WAIT.run(Run::Session(wait)), declared::WAITAOF.run(Run::Session(wait_aof))];

/// WAITAOF with something else than 0 or 1 local files.
const NUMLOCAL_RANGE: ReplyError =
    ReplyError::new("ERR value is out of range, value must between 0 and 1");
/// WAITAOF for a file that is not written.
const NO_AOF: ReplyError =
    ReplyError::new("ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
/// A timeout that is no whole number of milliseconds.
const TIMEOUT_NOT_AN_INTEGER: ReplyError =
    ReplyError::new("ERR timeout is not an integer or out of range");

/// The moment at which a timeout in milliseconds ends; 0 is none.
///
/// REDIS: 7.0 waits for ever where the sum with the clock overflows.
fn until_ms(cx: &SessionCx<'_>, word: &[u8]) -> Result<Option<i64>, ReplyError> {
    match parse_i64(word).ok_or(TIMEOUT_NOT_AN_INTEGER)? {
        ms if ms < 0 => Err(TIMEOUT_NEGATIVE),
        0 => Ok(None),
        ms => Ok(cx.front.now_ms.checked_add(ms)),
    }
}

/// `WAIT numreplicas timeout`
fn wait(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let replicas = integer(args.at(1))?;
    let until_ms = until_ms(cx, args.at(2))?;
    answer_or_wait(cx, writer, replicas > 0, Patience { until_ms, answer: none_has });
    Ok(())
}

fn none_has(writer: &mut ReplyWriter<'_>) {
    writer.integer(0);
}

/// `WAITAOF numlocal numreplicas timeout`
fn wait_aof(cx: &mut SessionCx<'_>, args: Args<'_>, writer: &mut ReplyWriter<'_>) -> Outcome {
    let local = integer(args.at(1))?;
    if !(0..=1).contains(&local) {
        return Err(NUMLOCAL_RANGE);
    }
    let replicas = parse_i64(args.at(2)).filter(|&count| count >= 0).ok_or(NOT_POSITIVE)?;
    let until_ms = until_ms(cx, args.at(3))?;
    if local > 0 {
        return Err(NO_AOF);
    }
    answer_or_wait(cx, writer, replicas > 0, Patience { until_ms, answer: neither_has });
    Ok(())
}

fn neither_has(writer: &mut ReplyWriter<'_>) {
    writer.array(2);
    writer.integer(0);
    writer.integer(0);
}

/// Waits for what will not come, unless it has to answer at once.
fn answer_or_wait(
    cx: &mut SessionCx<'_>,
    writer: &mut ReplyWriter<'_>,
    waits: bool,
    patience: Patience,
) {
    if waits && cx.client.multi.is_none() {
        cx.front.patience = Some(patience);
    } else {
        (patience.answer)(writer);
    }
}
