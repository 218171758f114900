//! Parts of strings, and their length: APPEND, STRLEN, GETRANGE, SETRANGE.

use datatypes::{Entry, Object, StringObject};
use keyspace::{Event, ShardCx};
use resp::{Args, BIG_VALUE, ReplyWriter};

use crate::Outcome;
use crate::args::integer;
use crate::errors::{OFFSET_OUT_OF_RANGE, STRING_TOO_LONG, WRONGTYPE};
use crate::text::{Text, put_word, text_of};

/// `STRLEN key`
pub(super) fn strlen(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let length = match cx.lookup_read(args.at(1)) {
        Some(entry) => text_of(entry)?.len(),
        None => 0,
    };
    reply.integer(length as i64);
    Ok(())
}

/// `APPEND key value`
pub(super) fn append(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (key, suffix) = (args.at(1), args.at(2));
    let bytes_max = cx.shard.string_bytes_max;
    let length = match cx.lookup_write(key) {
        Some(entry) => {
            check_length(text_of(entry)?.len(), suffix.len(), bytes_max)?;
            let string = entry.string_mut().ok_or(WRONGTYPE)?;
            string.extend_from_slice(suffix);
            string.len()
        }
        None => {
            put_word(cx, key, (args, 2), None);
            suffix.len()
        }
    };
    cx.changed(key, Event::string("append"), |words| words.extend_from_args(args));
    reply.integer(length as i64);
    Ok(())
}

/// `SETRANGE key offset value`
pub(super) fn setrange(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (key, patch) = (args.at(1), args.at(3));
    let offset = usize::try_from(integer(args.at(2))?).map_err(|_| OFFSET_OUT_OF_RANGE)?;
    let (bytes_max, lru) = (cx.shard.string_bytes_max, cx.fresh_lru());
    let found = cx.lookup_write(key);
    if patch.is_empty() {
        // Nothing is written, so nothing is created or padded either.
        let length = found.map_or(Ok(0), |entry| text_of(entry).map(Text::len))?;
        reply.integer(length as i64);
        return Ok(());
    }
    let length = match found {
        Some(entry) => {
            text_of(entry)?;
            check_length(offset, patch.len(), bytes_max)?;
            let string = entry.string_mut().ok_or(WRONGTYPE)?;
            overwrite(string, offset, patch);
            string.len()
        }
        None => {
            check_length(offset, patch.len(), bytes_max)?;
            let mut string = Vec::with_capacity(offset + patch.len());
            overwrite(&mut string, offset, patch);
            let length = string.len();
            let object = Object::String(StringObject::from(string));
            cx.insert(Entry::new_object(key, object, None, lru));
            length
        }
    };
    cx.changed(key, Event::string("setrange"), |words| words.extend_from_args(args));
    reply.integer(length as i64);
    Ok(())
}

fn overwrite(string: &mut Vec<u8>, offset: usize, patch: &[u8]) {
    let end = offset + patch.len();
    if string.len() < end {
        string.resize(end, 0);
    }
    string[offset..end].copy_from_slice(patch);
}

fn check_length(length: usize, added: usize, bytes_max: u64) -> Outcome {
    match length.checked_add(added) {
        Some(total) if total as u64 <= bytes_max => Ok(()),
        _ => Err(STRING_TOO_LONG),
    }
}

/// `GETRANGE key start end`
pub(super) fn getrange(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let (start, end) = (integer(args.at(2))?, integer(args.at(3))?);
    let key = args.at(1);
    let Some(entry) = cx.lookup_read(key) else {
        reply.bulk(b"");
        return Ok(());
    };
    let text = text_of(entry)?;
    let range = byte_range(start, end, text.len());
    if range.len() < BIG_VALUE {
        text.with_bytes(|bytes| reply.bulk(&bytes[range]));
        return Ok(());
    }
    let shared = cx.share_bytes(key).expect("the lookup before found a big string");
    reply.bulk_shared(&shared.slice(range));
    Ok(())
}

/// `SUBSTR key start end`, the old name of GETRANGE
pub(super) fn substr(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    getrange(cx, args, reply)
}

/// The bytes from `start` to `end` inclusive, both counted from the end if negative.
fn byte_range(start: i64, end: i64, length: usize) -> std::ops::Range<usize> {
    let length = length as i64;
    // REDIS: both before the beginning are the first byte, `GETRANGE k -100 -90`, but not if they
    // are the wrong way round.
    if start < 0 && end < 0 && start > end {
        return 0..0;
    }
    let from_end = |index: i64| if index < 0 { (length + index).max(0) } else { index };
    let (start, end) = (from_end(start), from_end(end).min(length - 1));
    if start > end { 0..0 } else { start as usize..end as usize + 1 }
}
