//! The strings behind keys: how handlers read, answer and set them.

use bytes::Bytes;
use datatypes::{Entry, Object, ValueRef};
use keyspace::{Event, ShardCx, Touches, UnixMillis};
use resp::{Args, Argv, BIG_VALUE, ReplyError, ReplyWriter};
use stdx::number::{i64_len, parse_i64};

use crate::Texts;
use crate::errors::{NOT_AN_INTEGER, WRONGTYPE};
use crate::record::push_i64;

/// A string as it is kept.
#[derive(Clone, Copy)]
pub(crate) enum Text<'a> {
    /// The text of this number.
    Int(i64),
    /// These bytes.
    Bytes(&'a [u8]),
}

impl Text<'_> {
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Int(number) => i64_len(number),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Calls `then` with the bytes.
    pub(crate) fn with_bytes<T>(self, then: impl FnOnce(&[u8]) -> T) -> T {
        match self {
            Self::Int(number) => then(itoa::Buffer::new().format(number).as_bytes()),
            Self::Bytes(bytes) => then(bytes),
        }
    }

    /// The number that the string is.
    pub(crate) fn integer(self) -> Result<i64, ReplyError> {
        match self {
            Self::Int(number) => Ok(number),
            Self::Bytes(bytes) => parse_i64(bytes).ok_or(NOT_AN_INTEGER),
        }
    }
}

/// An entry's string; an error if it is of another type.
#[inline]
pub(crate) fn text_of(entry: &Entry) -> Result<Text<'_>, ReplyError> {
    match entry.value() {
        ValueRef::Int(number) => Ok(Text::Int(number)),
        ValueRef::Bytes(bytes) => Ok(Text::Bytes(bytes)),
        ValueRef::Object(Object::String(string)) => Ok(Text::Bytes(string.as_bytes())),
        ValueRef::Hash(_) | ValueRef::Object(_) => Err(WRONGTYPE),
    }
}

/// Answers the string at a key, or null; whether it is there.
#[inline]
pub(crate) fn answer(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    reply: &mut ReplyWriter<'_>,
) -> Result<bool, ReplyError> {
    cx.read_with(key, |entry| {
        let Some(entry) = entry else {
            reply.null();
            return Ok(false);
        };
        match text_of(entry)? {
            Text::Int(number) => reply.bulk_integer(number),
            Text::Bytes(bytes) if bytes.len() < BIG_VALUE => reply.bulk(bytes),
            Text::Bytes(_) => answer_big(entry, reply),
        }
        Ok(true)
    })
}

/// Answers a big value by reference.
#[cold]
fn answer_big(entry: &mut Entry, reply: &mut ReplyWriter<'_>) {
    let shared = entry.share_bytes().expect("a string of this size has memory of its own");
    reply.bulk_shared(&shared);
}

/// Adds the string at a key to others: copied or, if it is big, shared. One of another type counts
/// as missing.
#[inline]
pub(crate) fn collect(cx: &mut ShardCx<'_>, key: &[u8], texts: &mut Texts) {
    cx.read_with(key, |entry| {
        let Some(entry) = entry else { return texts.push_none() };
        match text_of(entry) {
            Ok(text) if text.len() < BIG_VALUE => text.with_bytes(|bytes| texts.push(bytes)),
            Ok(_) => match entry.share_bytes() {
                Some(shared) => texts.push_shared(shared),
                None => texts.push_none(),
            },
            Err(_) => texts.push_none(),
        }
    });
}

/// The string at a key without any trace of a use, copied or, if it is big, shared; `None` if there
/// is none, or no string.
pub(crate) fn peek_bytes(cx: &mut ShardCx<'_>, key: &[u8]) -> Option<Bytes> {
    let copied = copy_short(text_of(cx.peek(key)?).ok()?);
    copied.or_else(|| cx.share_bytes(key))
}

/// A copy of a string, unless it is one of those that are shared.
fn copy_short(text: Text<'_>) -> Option<Bytes> {
    (text.len() < BIG_VALUE).then(|| text.with_bytes(Bytes::copy_from_slice))
}

/// Sets a key to word `at` of the request, which is moved if it has memory of its own.
#[inline]
pub(crate) fn put_word(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    (args, at): (Args<'_>, usize),
    expire: Option<UnixMillis>,
) {
    match args.big(at) {
        Some(shared) => cx.set_bytes(key, shared.clone(), expire),
        None => cx.set_string(key, args.at(at), expire),
    }
}

/// Sets a key to word `at` of the request, for ever, and records that.
#[inline]
pub(crate) fn set_word(cx: &mut ShardCx<'_>, key: &[u8], word: (Args<'_>, usize)) {
    put_word(cx, key, word, None);
    cx.changed(key, Event::string("set"), |words| push_set(words, key, word));
}

/// Sets a key to word `at` of the request until a moment, and records that.
pub(crate) fn set_word_until(
    cx: &mut ShardCx<'_>,
    key: &[u8],
    word: (Args<'_>, usize),
    expire: UnixMillis,
) {
    put_word(cx, key, word, Some(expire));
    let db = cx.db;
    cx.changed_all(
        || Touches::Key { db, key: key.into() },
        &[Event::string("set"), Event::generic("expire")],
        |words| {
            push_set(words, key, word);
            words.push(b"PXAT");
            push_i64(words, expire.0);
        },
    );
}

/// Writes `SET key word`.
pub(crate) fn push_set(words: &mut Argv, key: &[u8], (args, at): (Args<'_>, usize)) {
    words.push(b"SET");
    words.push(key);
    words.extend_from_args(args.slice(at..at + 1));
}
