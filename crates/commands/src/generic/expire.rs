//! Time to live: EXPIRE and its kin, TTL and its kin, PERSIST.

use keyspace::{ShardCx, UnixMillis};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{EXPIRE_GT_WITH_LT, EXPIRE_NX_WITH_OTHERS, invalid_expire, unsupported_option};
use crate::record::{delete_key, expire_key, persist_key};

/// `EXPIRE key seconds [NX | XX | GT | LT]`
pub(super) fn expire(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let from = cx.now().0;
    set_ttl(cx, args, &Clock { command: "expire", ms_each: 1000, from }, reply)
}

/// `PEXPIRE key milliseconds [NX | XX | GT | LT]`
pub(super) fn pexpire(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let from = cx.now().0;
    set_ttl(cx, args, &Clock { command: "pexpire", ms_each: 1, from }, reply)
}

/// `EXPIREAT key unix-time-seconds [NX | XX | GT | LT]`
pub(super) fn expireat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_ttl(cx, args, &Clock { command: "expireat", ms_each: 1000, from: 0 }, reply)
}

/// `PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT]`
pub(super) fn pexpireat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    set_ttl(cx, args, &Clock { command: "pexpireat", ms_each: 1, from: 0 }, reply)
}

/// How the number of such a command is meant.
struct Clock {
    command: &'static str,
    ms_each: i64,
    /// The moment that it is counted from, Unix milliseconds.
    from: i64,
}

impl Clock {
    /// REDIS: unlike SET's, these moments may lie before 1970; the key is deleted then.
    fn moment(&self, word: &[u8]) -> Result<UnixMillis, ReplyError> {
        let at = integer(word)?.checked_mul(self.ms_each).and_then(|ms| ms.checked_add(self.from));
        at.map(UnixMillis).ok_or_else(|| invalid_expire(self.command))
    }
}

fn set_ttl(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    clock: &Clock,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let conditions = Conditions::parse(args)?;
    let at = clock.moment(args.at(2))?;
    let key = args.at(1);
    let is_set = match cx.lookup_write(key) {
        Some(entry) => conditions.allow(entry.expire_at(), at.0),
        None => false,
    };
    if is_set && at <= cx.now() {
        delete_key(cx, key, "DEL");
    } else if is_set {
        expire_key(cx, key, at);
    }
    reply.integer(i64::from(is_set));
    Ok(())
}

/// When an expiry is set at all.
#[derive(Default)]
struct Conditions {
    /// The key has none.
    nx: bool,
    /// The key has one.
    xx: bool,
    /// It is later than the one that is there; none is latest of all.
    gt: bool,
    /// It is earlier than the one that is there.
    lt: bool,
}

impl Conditions {
    fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let mut words = Cursor::new(args, 3);
        let mut conditions = Self::default();
        while !words.is_at_end() {
            if words.keyword("NX") {
                conditions.nx = true;
            } else if words.keyword("XX") {
                conditions.xx = true;
            } else if words.keyword("GT") {
                conditions.gt = true;
            } else if words.keyword("LT") {
                conditions.lt = true;
            } else {
                return Err(unsupported_option(words.word()?));
            }
        }
        let Self { nx, xx, gt, lt } = conditions;
        if nx && (xx || gt || lt) {
            return Err(EXPIRE_NX_WITH_OTHERS);
        }
        if gt && lt { Err(EXPIRE_GT_WITH_LT) } else { Ok(conditions) }
    }

    fn allow(&self, current: Option<i64>, at: i64) -> bool {
        match current {
            None => !self.xx && !self.gt,
            Some(current) => !self.nx && (!self.gt || at > current) && (!self.lt || at < current),
        }
    }
}

/// `TTL key`
pub(super) fn ttl(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    answer_ttl(cx, args, reply, |at| seconds(at - now))
}

/// `PTTL key`
pub(super) fn pttl(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let now = cx.now().0;
    answer_ttl(cx, args, reply, |at| at - now)
}

/// `EXPIRETIME key`
pub(super) fn expiretime(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_ttl(cx, args, reply, seconds)
}

/// `PEXPIRETIME key`
pub(super) fn pexpiretime(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    answer_ttl(cx, args, reply, |at| at)
}

fn answer_ttl(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    shown: impl Fn(i64) -> i64,
) -> Outcome {
    let answer = match cx.lookup_read_no_touch(args.at(1)) {
        None => -2,
        Some(entry) => entry.expire_at().map_or(-1, shown),
    };
    reply.integer(answer);
    Ok(())
}

/// Milliseconds that are not negative as seconds, rounded half up.
fn seconds(ms: i64) -> i64 {
    ((ms as u64 + 500) / 1000) as i64
}

/// `PERSIST key`
pub(super) fn persist(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let is_there = cx.lookup_write(key).is_some();
    let is_changed = is_there && persist_key(cx, key);
    reply.integer(i64::from(is_changed));
    Ok(())
}
