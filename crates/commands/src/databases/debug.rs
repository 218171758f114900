//! Parts of DEBUG that need the keys: OBJECT and POPULATE.

use datatypes::listpack::Element;
use datatypes::{Entry, List, Object, Set, ValueRef};
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::integer;
use crate::errors::{NO_SUCH_KEY, NOT_POSITIVE};
use crate::text::text_of;

/// `DEBUG OBJECT key`
///
/// # Errors
/// If the key is not there.
pub fn object(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (access, now) = (cx.shard.access(), cx.now());
    let entry = cx.find_any(args.at(2)).ok_or(NO_SUCH_KEY)?;
    let mut line = format!(
        "Value at:{entry:p} refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}",
        entry.encoding(),
        serialized_length(entry),
        entry.lru(),
        access.idle_ms(entry.lru(), now) / 1000,
    );
    if let ValueRef::Object(Object::List(list)) = entry.value() {
        push_nodes(&mut line, list);
    }
    reply.simple(&line);
    Ok(())
}

/// What there is to say of the nodes of a large list; they are never compressed.
fn push_nodes(line: &mut String, list: &List) {
    let Some(limit) = list.node_limit() else { return };
    let (count, bytes) =
        list.node_sizes().fold((0, 0), |(count, sum), (bytes, _)| (count + 1, sum + bytes));
    let mean = list.len() as f64 / f64::from(count.max(1));
    line.push_str(&format!(
        " ql_nodes:{count} ql_avg_node:{mean:.2} ql_listpack_max:{} ql_compressed:0 \
         ql_uncompressed_size:{bytes}",
        limit.value(),
    ));
}

/// RDB has the number of nodes, and each node as its kind and its bytes. A small list is one node.
fn list_length(list: &List) -> usize {
    let node = |bytes: usize| 1 + string_length(bytes);
    match list.as_listpack() {
        Some(listpack) => 1 + node(listpack.bytes().len()),
        None => {
            let nodes = list.node_sizes().map(|(bytes, _)| node(bytes)).sum::<usize>();
            length_prefix(list.node_sizes().count()) + nodes
        }
    }
}

/// Bytes of the value in an RDB file, not compressed.
fn serialized_length(entry: &Entry) -> usize {
    match entry.value() {
        ValueRef::Int(number) => integer_length(number),
        ValueRef::Object(Object::List(list)) => list_length(list),
        ValueRef::Object(Object::Set(set)) => set_length(set),
        _ => text_of(entry).map_or(0, |text| string_length(text.len())),
    }
}

/// A compact encoding is one string, a table a number and as many strings.
fn set_length(set: &Set) -> usize {
    let member_length = |member: Element<'_>| match member {
        Element::Int(number) => integer_length(number),
        Element::Bytes(bytes) => match Element::of(bytes) {
            Element::Int(number) => integer_length(number),
            Element::Bytes(bytes) => string_length(bytes.len()),
        },
    };
    match set.compact_bytes() {
        Some(bytes) => string_length(bytes.len()),
        None => length_prefix(set.len()) + set.iter().map(member_length).sum::<usize>(),
    }
}

/// RDB has integers of 8, 16 and 32 bits behind a byte of type; others are strings.
fn integer_length(number: i64) -> usize {
    if i8::try_from(number).is_ok() {
        2
    } else if i16::try_from(number).is_ok() {
        3
    } else if i32::try_from(number).is_ok() {
        5
    } else {
        string_length(stdx::number::i64_len(number))
    }
}

/// A string's length takes 6, 14 or 32 bits, with two bits or a byte that say which.
fn string_length(bytes: usize) -> usize {
    length_prefix(bytes) + bytes
}

fn length_prefix(length: usize) -> usize {
    match length {
        0..64 => 1,
        64..16_384 => 2,
        _ => 5,
    }
}

/// What DEBUG POPULATE makes: `prefix:0` with the value `value:0`, and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// How many keys.
    pub count: u64,
    prefix: Box<[u8]>,
    /// Bytes of every value, cut or filled up with zeros; 0 leaves them as they are.
    value_bytes: usize,
}

impl Population {
    /// Reads `DEBUG POPULATE count [prefix] [size]`.
    ///
    /// # Errors
    /// If a number is none, or negative.
    pub fn parse(args: Args<'_>) -> Result<Self, ReplyError> {
        let positive = |word| {
            integer(word).ok().and_then(|number| u64::try_from(number).ok()).ok_or(NOT_POSITIVE)
        };
        let count = positive(args.at(2))?;
        let prefix = args.get(3).unwrap_or(b"key").into();
        let value_bytes = args.get(4).map_or(Ok(0), positive)? as usize;
        Ok(Self { count, prefix, value_bytes })
    }

    /// Makes those of the keys `numbers` that belong to this shard and are not there yet.
    pub fn make(
        &self,
        cx: &mut ShardCx<'_>,
        numbers: std::ops::Range<u64>,
        owns: impl Fn(&[u8]) -> bool,
    ) {
        let mut key = Vec::new();
        for number in numbers {
            key.clear();
            key.extend_from_slice(&self.prefix);
            key.push(b':');
            stdx::number::push_u64(&mut key, number);
            if owns(&key) && cx.lookup_write(&key).is_none() {
                self.make_one(cx, &key, number);
            }
        }
    }

    fn make_one(&self, cx: &mut ShardCx<'_>, key: &[u8], number: u64) {
        let mut value = format!("value:{number}").into_bytes();
        if self.value_bytes > 0 {
            value.resize(self.value_bytes, 0);
        }
        cx.set_string(key, &value, None);
        cx.changed(key, Event::string("set"), |words| {
            words.push(b"SET");
            words.push(key);
            words.push(&value);
        });
    }
}
