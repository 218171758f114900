//! Single bits: SETBIT and GETBIT; and how strings are opened to have their bits changed.

use datatypes::{Entry, Object, StringObject, bits};
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use stdx::number::parse_i64;

use crate::Outcome;
use crate::errors::{BIT_OFFSET_OUT_OF_RANGE, NO_BIT, WRONGTYPE};
use crate::text::text_of;

/// `SETBIT key offset value`
pub(super) fn setbit(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let key = args.at(1);
    let offset = bit_offset(args.at(2), cx.shard.string_bytes_max)?;
    let bit = match parse_i64(args.at(3)) {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(NO_BIT),
    };
    let (old, has_changed) = edit(cx, key, offset, |bytes, has_grown| {
        let old = bits::set(bytes, offset, bit);
        (old, has_grown || old != bit)
    })?;
    if has_changed {
        cx.changed(key, Event::string("setbit"), |words| words.extend_from_args(args));
    }
    reply.integer(i64::from(old));
    Ok(())
}

/// `GETBIT key offset`
pub(super) fn getbit(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let offset = bit_offset(args.at(2), cx.shard.string_bytes_max)?;
    let bit = read(cx, args.at(1), |bytes| Ok(bits::get(bytes, offset)))?;
    reply.integer(i64::from(bit.unwrap_or(false)));
    Ok(())
}

/// The bit that a word names.
fn bit_offset(word: &[u8], bytes_max: u64) -> Result<u64, ReplyError> {
    check_offset(parse_i64(word).ok_or(BIT_OFFSET_OUT_OF_RANGE)?, bytes_max)
}

/// A bit of a string that is not too long.
pub(super) fn check_offset(offset: i64, bytes_max: u64) -> Result<u64, ReplyError> {
    match u64::try_from(offset) {
        Ok(offset) if offset / 8 < bytes_max => Ok(offset),
        _ => Err(BIT_OFFSET_OUT_OF_RANGE),
    }
}

/// Hands the string at a key, if there is one, to `then`.
pub(super) fn read<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    then: impl FnOnce(&[u8]) -> Result<T, ReplyError>,
) -> Result<Option<T>, ReplyError> {
    cx.read_with(key, |entry| match entry {
        Some(entry) => text_of(entry)?.with_bytes(then).map(Some),
        None => Ok(None),
    })
}

/// Hands the string at a key to `then`, made or filled up with zeros so that it has a bit, and
/// whether that was necessary.
pub(super) fn edit<T>(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    last_bit: u64,
    then: impl FnOnce(&mut [u8], bool) -> T,
) -> Result<T, ReplyError> {
    let length = (last_bit / 8) as usize + 1;
    if let Some(entry) = cx.lookup_write(key) {
        let string = entry.string_mut().ok_or(WRONGTYPE)?;
        let is_short = string.len() < length;
        if is_short {
            string.resize(length, 0);
        }
        return Ok(then(string, is_short));
    }
    let mut string = vec![0; length];
    let answer = then(&mut string, true);
    let (object, lru) = (Object::String(StringObject::from(string)), cx.fresh_lru());
    cx.insert(Entry::new_object(key, object, None, lru));
    Ok(answer)
}
