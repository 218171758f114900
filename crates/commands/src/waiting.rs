//! What commands that wait for a key share: trying their keys, and how long they are ready to wait.

use keyspace::{ShardCx, UnixMillis, Wait};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::long_double::LongDouble;

use crate::Outcome;
use crate::errors::{TIMEOUT_NEGATIVE, TIMEOUT_NOT_A_FLOAT};

/// The moment at which a timeout in seconds ends; 0 is none.
///
/// REDIS: 7.0 rounds up to milliseconds, calls what 64 bits cannot hold negative, and waits for
/// ever where the sum with the clock overflows.
pub(crate) fn until(cx: &ShardCx<'_>, word: &[u8]) -> Result<Option<UnixMillis>, ReplyError> {
    let seconds = LongDouble::parse(word).ok_or(TIMEOUT_NOT_A_FLOAT)?;
    let ms = seconds.times_rounded_up(1000).filter(|&ms| ms >= 0).ok_or(TIMEOUT_NEGATIVE)?;
    Ok(if ms == 0 { None } else { cx.now().0.checked_add(ms).map(UnixMillis) })
}

/// Takes something from the first of the keys to wait for that has something. If there is nothing,
/// the command waits, or answers so where it may not.
pub(crate) fn pop_first(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    wait: Wait,
    pop: impl Fn(&mut ShardCx<'_>, &[u8], &mut ReplyWriter<'_>) -> Result<bool, ReplyError>,
) -> Outcome {
    for key in args.slice(wait.keys.clone()).iter() {
        if pop(cx, key, reply)? {
            return Ok(());
        }
    }
    if cx.may_wait() {
        cx.wait(wait);
    } else {
        reply.null_array();
    }
    Ok(())
}
