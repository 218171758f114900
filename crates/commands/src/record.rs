//! Changes that commands of several families make, each with the record of it.

use datatypes::list::End;
use datatypes::{Object, ValueRef};
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

/// The commands that make a key what it is now, whatever it was: none if there is no such key.
///
/// A string is one SET. A list or a set is deleted, made anew and given its expiry; with the key
/// known to be free (`is_free`) there is nothing to delete.
pub(crate) fn value_commands(cx: &mut ShardCx<'_>, key: &[u8], is_free: bool) -> Vec<Argv> {
    let expire = cx.expire_at(key);
    let Some(entry) = cx.peek(key) else { return Vec::new() };
    let value = match entry.value() {
        ValueRef::Object(Object::List(list)) => {
            let mut words = Argv::from_words(&[b"RPUSH", key]);
            list.iter(End::Front).for_each(|item| words.push_bytes(item.to_shared()));
            words
        }
        ValueRef::Object(Object::Set(set)) => {
            let mut words = Argv::from_words(&[b"SADD", key]);
            for member in set {
                words.push(member.as_bytes(&mut itoa::Buffer::new()));
            }
            words
        }
        _ => return vec![set_command(cx, key, expire)],
    };
    let mut commands = Vec::new();
    if !is_free {
        commands.push(Argv::from_words(&[b"DEL", key]));
    }
    commands.push(value);
    if let Some(at) = expire {
        let mut words = Argv::from_words(&[b"PEXPIREAT", key]);
        push_i64(&mut words, at.0);
        commands.push(words);
    }
    commands
}

fn set_command(cx: &mut ShardCx<'_>, key: &[u8], expire: Option<UnixMillis>) -> Argv {
    let mut words = Argv::from_words(&[b"SET", key]);
    words.push_bytes(peek_bytes(cx, key).unwrap_or_default());
    if let Some(at) = expire {
        words.push(b"PXAT");
        push_i64(&mut words, at.0);
    }
    words
}
