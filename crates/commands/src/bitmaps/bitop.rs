//! BITOP: a key becomes several strings combined bit by bit.

use std::borrow::Cow;

use datatypes::bits::{Operation, combine};
use datatypes::{Entry, Object, StringObject};
use keyspace::{Event, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};
use smallvec::SmallVec;

use crate::Outcome;
use crate::errors::{BITOP_NOT_OF_SEVERAL, SYNTAX};
use crate::record::delete_key;
use crate::text::{Text, text_of};

/// `BITOP AND|OR|XOR|NOT destination key [key ...]`
pub(super) fn bitop(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (operation, target, sources) = (operation(args.at(1))?, args.at(2), args.tail(3));
    if operation == Operation::Not && sources.len() > 1 {
        return Err(BITOP_NOT_OF_SEVERAL);
    }
    let made = {
        let strings = read_strings(cx, sources)?;
        let strings: SmallVec<[&[u8]; 8]> = strings.iter().map(AsRef::as_ref).collect();
        combine(operation, &strings)
    };
    reply.integer(made.len() as i64);
    if made.is_empty() {
        delete_key(cx, target, "DEL");
        return Ok(());
    }
    let (object, lru) = (Object::String(StringObject::from(made)), cx.fresh_lru());
    cx.put(Entry::new_object(target, object, None, lru));
    let db = cx.db;
    cx.changed_all(
        || Touches::Made { db, key: target.into(), of: sources.iter().map(Box::from).collect() },
        &[Event::string("set")],
        |words| words.extend_from_args(args),
    );
    Ok(())
}

fn operation(word: &[u8]) -> Result<Operation, ReplyError> {
    let names = [
        ("AND", Operation::And),
        ("OR", Operation::Or),
        ("XOR", Operation::Xor),
        ("NOT", Operation::Not),
    ];
    let named = names.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
    named.map(|(_, operation)| *operation).ok_or(SYNTAX)
}

/// The strings at several keys; empty ones where there is no such key.
///
/// Each key counts as read, in order, up to the first that is of another type.
fn read_strings<'a>(
    cx: &'a mut ShardCx<'_>,
    keys: Args<'_>,
) -> Result<SmallVec<[Cow<'a, [u8]>; 8]>, ReplyError> {
    for key in keys.iter() {
        cx.read_with(key, |entry| entry.map_or(Ok(()), |entry| text_of(entry).map(|_| ())))?;
    }
    // Whatever was expired is gone by now.
    let cx = &*cx;
    let string = |key| match cx.find_any(key).and_then(|entry| text_of(entry).ok()) {
        Some(Text::Bytes(bytes)) => Cow::Borrowed(bytes),
        Some(Text::Int(number)) => {
            Cow::Owned(itoa::Buffer::new().format(number).as_bytes().to_vec())
        }
        None => Cow::Borrowed(&[][..]),
    };
    Ok(keys.iter().map(string).collect())
}
