//! How long a client is ready to wait.

use keyspace::{ShardCx, UnixMillis};
use resp::ReplyError;
use stdx::long_double::LongDouble;

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
