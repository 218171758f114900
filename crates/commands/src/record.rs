//! Changes that commands of several families make, each with the record of it.

use keyspace::{Event, ShardCx, UnixMillis};
use resp::Argv;

use crate::text::peek_bytes;

/// Writes a number.
pub(crate) fn push_i64(words: &mut Argv, number: i64) {
    words.push(itoa::Buffer::new().format(number).as_bytes());
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

/// Writes a command that makes a key what it is now: SET with its value and expiry.
pub(crate) fn push_value(cx: &mut ShardCx<'_>, key: &[u8], words: &mut Argv) {
    let value = peek_bytes(cx, key).unwrap_or_default();
    words.push(b"SET");
    words.push(key);
    words.push_bytes(value);
    if let Some(at) = cx.expire_at(key) {
        words.push(b"PXAT");
        push_i64(words, at.0);
    }
}
