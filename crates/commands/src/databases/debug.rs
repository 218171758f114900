//! Parts of DEBUG that need the keys: OBJECT and POPULATE.

use datatypes::{Entry, List, Object, ValueRef};
use keyspace::{Event, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};

use crate::Outcome;
use crate::args::integer;
use crate::errors::{NO_SUCH_KEY, NOT_POSITIVE};

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
    let count = list.node_count();
    let bytes: usize = list.nodes().map(|node| node.as_bytes().len()).sum();
    let mean = list.len() as f64 / count.max(1) as f64;
    line.push_str(&format!(
        " ql_nodes:{count} ql_avg_node:{mean:.2} ql_listpack_max:{} ql_compressed:0 \
         ql_uncompressed_size:{bytes}",
        limit.value(),
    ));
}

/// Bytes of the value in an RDB file.
fn serialized_length(entry: &Entry) -> usize {
    let mut bytes = Vec::new();
    rdb::Encoder::new(true).push(entry.value(), &mut bytes);
    bytes.len()
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
