//! DEBUG DIGEST and DEBUG DIGEST-VALUE: equal data gives equal digests, here and on Redis.
//!
//! **Scheme**, with `h` for SHA1, `^` for exclusive or and `mix(d, x) = h(d ^ h(x))`:
//! ```text
//! value digest  v = mix(start, type)
//!               v = mix(v, string), or for each element of a list in order: v = mix(v, element)
//!               v = v ^ h(member) for each member of a set
//!               v = v ^ h(mix(mix(0, member), score)) for each member of a sorted set
//!               v = v ^ h(f) for each field of a hash: f = mix(mix(0, name), value), and
//!                   f = f ^ h("!!hexpire!!") if it expires
//!               v = v ^ h("!!expire!!") if it expires
//! key digest    start = mix(0, key), its value's digest v; DIGEST-VALUE starts from 0
//! database      x = exclusive or of h(v) over its keys, in any order: so shards' parts add up
//! all           d = 0; for each database that is not empty: d = mix(d, number) ^ x
//! ```
//! Numbers are 32 bits, most significant byte first.

use datatypes::list::End;
use datatypes::{Entry, HashRef, List, Object, Set, ValueRef, Zset};
use keyspace::{Db, ShardCx};
use resp::{Args, ReplyWriter};
use sha1::{Digest as _, Sha1};
use stdx::number::format_f64;

use crate::fold::{check_parts, in_order};
use crate::text::text_of;
use crate::{Outcome, Part, Partial};

/// A SHA1 sum.
pub type Digest = [u8; 20];

/// Redis' numbers of the types.
const TYPE_STRING: u32 = 0;
const TYPE_LIST: u32 = 1;
const TYPE_SET: u32 = 2;
const TYPE_ZSET: u32 = 3;
const TYPE_HASH: u32 = 4;

/// `DEBUG DIGEST` of one shard: a digest for each database that is not empty
pub fn digest_part(cx: &mut ShardCx<'_>, _: Args<'_>) -> Partial {
    // REDIS: keys past their expiry count until somebody meets them.
    let digest = |db: &Db| {
        let mut sum = None;
        db.for_each(|entry| {
            let key = mix(&[0; 20], entry.key());
            xor(sum.get_or_insert([0; 20]), &hash(&entry_digest(key, entry)));
        });
        sum
    };
    Partial::Digests(cx.shard.dbs().iter().map(digest).collect())
}

/// The digest of all databases.
///
/// # Errors
/// None.
pub fn digest_fold(_: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let databases = parts.iter().map(|part| digests(&part.partial).len()).max().unwrap_or(0);
    let mut all = [0; 20];
    for db in 0..databases {
        let of_shards = parts.iter().filter_map(|part| digests(&part.partial).get(db)?.as_ref());
        let sum = of_shards.fold(None, |sum, digest| {
            let mut sum = sum.unwrap_or([0; 20]);
            xor(&mut sum, digest);
            Some(sum)
        });
        if let Some(sum) = sum {
            all = mix(&all, &(db as u32).to_be_bytes());
            xor(&mut all, &sum);
        }
    }
    reply.simple(&hex(&all));
    Ok(())
}

/// `DEBUG DIGEST-VALUE key [key ...]`, the keys of one shard; the first key is word 2
pub fn digest_value_part(cx: &mut ShardCx<'_>, args: Args<'_>) -> Partial {
    let digest = |key| cx.find_any(key).map(|entry| entry_digest([0; 20], entry));
    Partial::Digests(args.tail(2).iter().map(digest).collect())
}

/// The digests in the order of the keys; zeros for keys that are not there.
///
/// # Errors
/// None.
pub fn digest_value_fold(args: Args<'_>, parts: &[Part], reply: &mut ReplyWriter<'_>) -> Outcome {
    check_parts(parts)?;
    let count = args.len().saturating_sub(2);
    reply.array(count);
    for digest in in_order(parts, 2, count, digests) {
        reply.simple(&hex(digest.unwrap_or(&[0; 20])));
    }
    Ok(())
}

fn digests(partial: &Partial) -> &[Option<Digest>] {
    match partial {
        Partial::Digests(digests) => digests,
        _ => &[],
    }
}

fn entry_digest(start: Digest, entry: &Entry) -> Digest {
    let mut digest = match entry.value() {
        ValueRef::Object(Object::List(list)) => list_digest(start, list),
        ValueRef::Object(Object::Set(set)) => set_digest(start, set),
        ValueRef::Object(Object::Zset(zset)) => zset_digest(start, zset),
        ValueRef::Hash(hash) => hash_digest(start, hash),
        _ => {
            let digest = mix(&start, &TYPE_STRING.to_be_bytes());
            text_of(entry).map_or(digest, |text| text.with_bytes(|bytes| mix(&digest, bytes)))
        }
    };
    if entry.is_volatile() {
        xor(&mut digest, &hash(b"!!expire!!"));
    }
    digest
}

fn list_digest(start: Digest, list: &List) -> Digest {
    let mut text = itoa::Buffer::new();
    let start = mix(&start, &TYPE_LIST.to_be_bytes());
    list.iter(End::Front).fold(start, |digest, item| mix(&digest, item.as_bytes(&mut text)))
}

fn set_digest(start: Digest, set: &Set) -> Digest {
    let mut digest = mix(&start, &TYPE_SET.to_be_bytes());
    for member in set {
        xor(&mut digest, &hash(member.as_bytes(&mut itoa::Buffer::new())));
    }
    digest
}

fn zset_digest(start: Digest, zset: &Zset) -> Digest {
    let mut digest = mix(&start, &TYPE_ZSET.to_be_bytes());
    for (member, score) in zset {
        let pair = mix(&[0; 20], member.as_bytes(&mut itoa::Buffer::new()));
        xor(&mut digest, &hash(&mix(&pair, format_f64(score).as_bytes())));
    }
    digest
}

fn hash_digest(start: Digest, fields: HashRef<'_>) -> Digest {
    let mut digest = mix(&start, &TYPE_HASH.to_be_bytes());
    for field in fields {
        let name = mix(&[0; 20], field.name.as_bytes(&mut itoa::Buffer::new()));
        let mut pair = mix(&name, field.value.as_bytes(&mut itoa::Buffer::new()));
        if field.expire_at.is_some() {
            xor(&mut pair, &hash(b"!!hexpire!!"));
        }
        xor(&mut digest, &hash(&pair));
    }
    digest
}

fn hash(bytes: &[u8]) -> Digest {
    Sha1::digest(bytes).into()
}

fn mix(digest: &Digest, bytes: &[u8]) -> Digest {
    let mut mixed = *digest;
    xor(&mut mixed, &hash(bytes));
    hash(&mixed)
}

fn xor(digest: &mut Digest, other: &Digest) {
    for (byte, other) in digest.iter_mut().zip(other) {
        *byte ^= other;
    }
}

fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
