//! Changes that commands of several families make, each with the record of it.

use keyspace::{Event, ShardCx, Touches, UnixMillis};
use rdb::Encoder;
use resp::Argv;

use crate::text::peek_bytes;

/// Writes a number.
pub(crate) fn push_i64(words: &mut Argv, number: i64) {
    words.push(itoa::Buffer::new().format(number).as_bytes());
}

/// Records `count` changes of a collection, and its end if it is empty now.
pub(crate) fn record_loss(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (count, event, is_empty): (usize, Event, bool),
    durable: impl FnOnce(&mut Argv),
) {
    if is_empty {
        cx.delete(key);
    }
    let events = [event, Event::generic("del")];
    let events = if is_empty { &events[..] } else { &events[..1] };
    let db = cx.db;
    cx.changed_many(count as u64, || Touches::Key { db, key: key.into() }, events, durable);
}

/// Deletes a live key by `command` (DEL, UNLINK); whether it was there.
pub(crate) fn delete_key(cx: &mut ShardCx<'_>, key: &[u8], command: &str) -> bool {
    if !cx.delete(key) {
        return false;
    }
    cx.changed(key, Event::generic("del"), |words| {
        words.push(command.as_bytes());
        words.push(key);
    });
    true
}

/// Sets the expiry of a live key.
pub(crate) fn expire_key(cx: &mut ShardCx<'_>, key: &[u8], expire: UnixMillis) {
    cx.set_expire(key, Some(expire));
    cx.changed(key, Event::generic("expire"), |words| {
        words.push(b"PEXPIREAT");
        words.push(key);
        push_i64(words, expire.0);
    });
}

/// Takes the expiry from a live key; whether it had one.
pub(crate) fn persist_key(cx: &mut ShardCx<'_>, key: &[u8]) -> bool {
    if cx.expire_at(key).is_none() {
        return false;
    }
    cx.set_expire(key, None);
    cx.changed(key, Event::generic("persist"), |words| {
        words.push(b"PERSIST");
        words.push(key);
    });
    true
}

/// The command that makes a key what it is now, whatever it was; none if there is no such key.
///
/// LIMIT: the bytes of a list or a set are made at once, as they are kept and not packed, in the
/// turn in which the value goes to another shard; that of a string is the string itself. It takes
/// about as long as copying the value.
pub(crate) fn value_command(cx: &mut ShardCx<'_>, key: &[u8]) -> Option<Argv> {
    let entry = cx.peek(key)?;
    let expire = entry.expire_at();
    if !entry.is_collection() {
        return Some(set_command(cx, key, expire));
    }
    let payload = rdb::dump::dump(entry.value(), &mut Encoder::new(false));
    let mut words = Argv::from_words(&[b"RESTORE", key]);
    push_i64(&mut words, expire.unwrap_or(0));
    words.push_bytes(payload.into());
    words.push(b"REPLACE");
    words.push(b"ABSTTL");
    Some(words)
}

fn set_command(cx: &mut ShardCx<'_>, key: &[u8], expire: Option<i64>) -> Argv {
    let mut words = Argv::from_words(&[b"SET", key]);
    words.push_bytes(peek_bytes(cx, key).unwrap_or_default());
    if let Some(at) = expire {
        words.push(b"PXAT");
        push_i64(&mut words, at);
    }
    words
}
