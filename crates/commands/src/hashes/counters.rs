//! Fields whose values are numbers: HINCRBY and HINCRBYFLOAT.

use datatypes::hash::Field;
use datatypes::listpack::Element;
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::long_double::LongDouble;
use stdx::number::parse_i64;

use super::fields::record_set;
use super::lookup::{set_field, write_hash};
use crate::Outcome;
use crate::args::integer;
use crate::errors::{
    HASH_VALUE_NOT_A_FLOAT, HASH_VALUE_NOT_AN_INTEGER, INCREMENT_OVERFLOW, INFINITE_INCREMENT,
    NAN_OR_INFINITY, NOT_A_FLOAT,
};

/// What a field that is to be changed was before.
struct Before<T> {
    number: T,
    /// It was there, expired.
    is_dead: bool,
    /// It has an expiry, which stays.
    is_volatile: bool,
}

/// What the field of a request holds; `none` if it is not there, or not any more.
fn before<T>(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    none: T,
    number: impl FnOnce(Element<'_>) -> Result<T, ReplyError>,
) -> Result<Before<T>, ReplyError> {
    let (now, rules) = (cx.now().0, cx.shard.hash_rules());
    write_hash(cx, args.at(1), |hash| {
        let field = hash.as_ref().and_then(|hash| hash.as_ref().get(args.at(2), &rules));
        match field {
            None => Ok(Before { number: none, is_dead: false, is_volatile: false }),
            Some(field) if field.is_dead(now) => {
                Ok(Before { number: none, is_dead: true, is_volatile: false })
            }
            Some(Field { value, expire_at, .. }) => Ok(Before {
                number: number(value)?,
                is_dead: false,
                is_volatile: expire_at.is_some(),
            }),
        }
    })?
}

/// `HINCRBY key field increment`
///
/// The request is its own durable form: it has no relative part but the value that is there.
pub(super) fn hincrby(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let increment = integer(args.at(3))?;
    let old = before(cx, args, 0, |value| match value {
        Element::Int(number) => Ok(number),
        Element::Bytes(bytes) => parse_i64(bytes).ok_or(HASH_VALUE_NOT_AN_INTEGER),
    })?;
    let sum = old.number.checked_add(increment).ok_or(INCREMENT_OVERFLOW)?;
    let (key, name) = (args.at(1), args.at(2));
    let mut text = itoa::Buffer::new();
    let value = text.format(sum).as_bytes();
    set_field(cx, (key, name, value), !old.is_dead, &cx.shard.hash_rules());
    if old.is_dead {
        record_set(cx, (key, name, value), "hincrby", true);
    } else {
        cx.changed(key, Event::hash("hincrby"), |words| words.extend_from_args(args));
    }
    reply.integer(sum);
    Ok(())
}

/// `HINCRBYFLOAT key field increment`
///
/// REDIS: it is propagated as HSET, because other machines might compute another sum, and where the
/// field has an expiry, which HSET would take away, as HSETEX.
pub(super) fn hincrbyfloat(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let increment = LongDouble::parse(args.at(3)).ok_or(NOT_A_FLOAT)?;
    if !increment.is_finite() {
        return Err(INFINITE_INCREMENT);
    }
    let old = before(cx, args, LongDouble::from(0_i64), |value| match value {
        Element::Int(number) => Ok(LongDouble::from(number)),
        Element::Bytes(bytes) => LongDouble::parse(bytes).ok_or(HASH_VALUE_NOT_A_FLOAT),
    })?;
    let sum = old.number.checked_add(increment).ok_or(NAN_OR_INFINITY)?.to_text();
    let (key, name) = (args.at(1), args.at(2));
    set_field(cx, (key, name, &sum), !old.is_dead, &cx.shard.hash_rules());
    if old.is_volatile {
        cx.changed(key, Event::hash("hincrbyfloat"), |words| {
            for word in [&b"HSETEX"[..], key, b"KEEPTTL", b"FIELDS", b"1", name, &sum] {
                words.push(word);
            }
        });
    } else {
        record_set(cx, (key, name, &sum), "hincrbyfloat", old.is_dead);
    }
    reply.bulk(&sum);
    Ok(())
}
