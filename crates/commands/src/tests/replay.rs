//! Durable forms make the same data: the changes of a random run, played into empty shards.

use datatypes::hash::Field;
use datatypes::list::End;
use datatypes::listpack::Element;
use datatypes::{Entry, Object, ValueRef};
use keyspace::{Change, DbIndex};
use resp::Argv;
use stdx::prng::Prng;

use super::harness::House;
use crate::text::text_of;

const REQUESTS: usize = 4000;

/// Lines in which `K` is a key, `S` and `Z` ones that are likely to hold a set or a sorted set, `V`
/// a value, `M` a member, `N` a number, `T` a moment near now and `D` a database.
const TEMPLATES: &[&str] = &[
    "SET K V",
    "SET K V EX N",
    "SET K V PXAT T",
    "SET K V KEEPTTL",
    "SET K V NX GET",
    "SETNX K V",
    "SETEX K N V",
    "GET K",
    "GETSET K V",
    "GETDEL K",
    "GETEX K PXAT T",
    "GETEX K PERSIST",
    "MSET K V K V K V",
    "MSETNX K V K V",
    "APPEND K V",
    "SETRANGE K N V",
    "INCR K",
    "DECRBY K N",
    "INCRBYFLOAT K 0.1",
    "DEL K K",
    "UNLINK K",
    "EXPIRE K N",
    "PEXPIREAT K T GT",
    "PEXPIREAT K T",
    "PERSIST K",
    "RENAME K K",
    "RENAMENX K K",
    "COPY K K REPLACE",
    "COPY K K DB D",
    "MOVE K D",
    "SCAN 0",
    "SADD S M M M",
    "SADD S M M",
    "SADD S N N N",
    "SREM S M M",
    "SMOVE S S M",
    "SPOP S",
    "SPOP S N",
    "SRANDMEMBER S N",
    "SUNIONSTORE S S S",
    "SINTERSTORE S S S",
    "SDIFFSTORE S S S",
    "SADD K M",
    "RENAME S S",
    "COPY S S",
    "COPY S S REPLACE",
    "COPY S S DB D REPLACE",
    "EXPIRE S N",
    "DEL S",
];

/// The same for bitmaps and HyperLogLogs.
const BITS: &[&str] = &[
    "SETBIT K N 1",
    "SETBIT K N 0",
    "BITOP OR K K K",
    "BITOP AND K K K",
    "BITOP XOR K K K K",
    "BITOP NOT K K",
    "BITFIELD K SET u8 N N INCRBY i5 3 N",
    "BITFIELD K OVERFLOW FAIL INCRBY u3 300 N",
    "BITFIELD K GET u8 0",
    "PFADD K V V",
    "PFADD K",
    "PFCOUNT K",
    "PFCOUNT K K",
    "PFMERGE K K K",
    "PFMERGE K",
    "PFDEBUG TODENSE K",
    "SETRANGE K 17 V",
];

/// The same for lists.
const LISTS: &[&str] = &[
    "LPUSH K V V",
    "RPUSH K V V V",
    "LPUSHX K V",
    "RPUSHX K V",
    "LPOP K",
    "RPOP K 2",
    "LPOP K 0",
    "LSET K N V",
    "LINSERT K BEFORE V V",
    "LINSERT K AFTER V V",
    "LREM K 0 V",
    "LREM K -1 V",
    "LTRIM K 0 -1",
    "LTRIM K 1 -2",
    "LMOVE K K LEFT RIGHT",
    "LMOVE K K LEFT LEFT",
    "RPOPLPUSH K K",
    "LMPOP 2 K K LEFT",
    "LMPOP 2 K K RIGHT COUNT 3",
];

/// The same for hashes, on the keys of sets.
const HASHES: &[&str] = &[
    "HSET S M V M V",
    "HSET S M V",
    "HMSET S M V",
    "HSETNX S M V",
    "HINCRBY S M N",
    "HINCRBYFLOAT S M 0.1",
    "HDEL S M M",
    "HGET S M",
    "HMGET S M M",
    "HRANDFIELD S 2",
    "HEXPIRE S N FIELDS 1 M",
    "HPEXPIREAT S T FIELDS 2 M M",
    "HPEXPIREAT S T GT FIELDS 1 M",
    "HPEXPIRE S 150 LT FIELDS 1 M",
    "HPERSIST S FIELDS 2 M M",
    "HGETEX S PXAT T FIELDS 2 M M",
    "HGETEX S PERSIST FIELDS 1 M",
    "HGETDEL S FIELDS 2 M M",
    "HSETEX S PXAT T FIELDS 1 M V",
    "HSETEX S KEEPTTL FIELDS 2 M V M V",
    "HSETEX S FNX EX N FIELDS 1 M V",
    "COPY S S REPLACE",
    "RENAME S S",
    "DEL S",
];

/// The same for sorted sets, with `F` for a score.
const SORTED_SETS: &[&str] = &[
    "GEOADD Z 13.3 38.1 M 15.1 37.5 M",
    "GEOSEARCHSTORE Z Z FROMLONLAT 15 37 BYRADIUS 9000 km",
    "GEORADIUS Z 15 37 300 km STOREDIST Z",
    "ZADD Z F M F M F M",
    "ZADD Z F M F M",
    "ZADD Z CH GT F M F M",
    "ZADD Z NX F M F M",
    "ZADD Z XX LT F M",
    "ZADD Z INCR F M",
    "ZINCRBY Z F M",
    "ZREM Z M M",
    "ZPOPMIN Z",
    "ZPOPMAX Z N",
    "ZMPOP 2 Z Z MIN COUNT 2",
    "ZMPOP 2 Z Z MAX",
    "ZREMRANGEBYRANK Z 1 2",
    "ZREMRANGEBYSCORE Z F F",
    "ZREMRANGEBYLEX Z - (b",
    "ZRANGESTORE Z Z 0 2 REV",
    "ZRANGESTORE Z Z -inf 2 BYSCORE",
    "ZUNIONSTORE Z 2 Z Z",
    "ZUNIONSTORE Z 2 Z S WEIGHTS 2 -1",
    "ZINTERSTORE Z 2 Z Z AGGREGATE MAX",
    "ZINTERSTORE S 2 Z S",
    "ZDIFFSTORE Z 2 Z Z",
    "RENAME Z Z",
    "COPY Z Z REPLACE",
    "COPY Z Z DB D REPLACE",
    "EXPIRE Z N",
    "DEL Z",
    "ZADD K F M",
];

/// Rarer ones, because they leave little behind.
const SWEEPING: &[&str] = &["FLUSHDB", "FLUSHALL", "SWAPDB D D", "SWAPDB 0 D"];

fn request(prng: &mut Prng, now: i64) -> String {
    let templates = match prng.below(100) {
        0 => SWEEPING,
        1..30 => LISTS,
        30..40 => BITS,
        40..57 => HASHES,
        57..77 => SORTED_SETS,
        _ => TEMPLATES,
    };
    let template = templates[prng.below(templates.len() as u64) as usize];
    let fill = |word: &str| match word {
        "K" => format!("key:{}", prng.below(12)),
        "S" => format!("key:{}", 10 + prng.below(8)),
        "Z" => format!("key:{}", 16 + prng.below(6)),
        "F" => ["1", "2", "-0", "0.1", "inf", "-inf", "-7.25", "1e300"][prng.below(8) as usize]
            .to_owned(),
        "M" => [
            "1",
            "-7",
            "40000",
            "text",
            "",
            "a-member-that-is-too-long-for-a-listpack-by-\
                far-because-it-has-more-than-64-bytes",
        ][prng.below(6) as usize]
            .to_owned(),
        "V" => ["1", "-7", "text", "3.5", "", "a-somewhat-longer-text-that-is-no-number-at-all"]
            [prng.below(6) as usize]
            .to_owned(),
        "N" => prng.below(20).to_string(),
        "T" => (now - 2000 + prng.below(10_000) as i64).to_string(),
        "D" => prng.below(3).to_string(),
        word => word.to_owned(),
    };
    template
        .split(' ')
        .map(fill)
        .map(|word| if word.is_empty() { "\"\"".into() } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Database, key, type with value, and expiry of an entry.
type Datum = (u16, Vec<u8>, (&'static str, Vec<Vec<u8>>), Option<i64>);

/// A string, the elements of a list, the members of a set or the live fields of a hash in order, or
/// members with their scores.
fn value(entry: &Entry, now: i64) -> Vec<Vec<u8>> {
    match entry.value() {
        ValueRef::Object(Object::List(list)) => {
            list.iter(End::Front).map(|item| item.to_shared().to_vec()).collect()
        }
        ValueRef::Object(Object::Set(set)) => {
            let mut members: Vec<Vec<u8>> = set.iter().map(Element::to_vec).collect();
            members.sort();
            members
        }
        ValueRef::Object(Object::Zset(zset)) => zset
            .iter()
            .flat_map(|(member, score)| [member.to_vec(), format!("{score:?}").into_bytes()])
            .collect(),
        ValueRef::Hash(hash) => {
            let field = |it: Field<'_>| {
                let at = it.expire_at.unwrap_or(0).to_string().into_bytes();
                [it.name.to_vec(), it.value.to_vec(), at].join(&b'|')
            };
            let mut fields: Vec<Vec<u8>> = hash.live(now).map(field).collect();
            fields.sort();
            fields
        }
        _ => {
            let text = text_of(entry).expect("all others are strings");
            vec![text.with_bytes(<[u8]>::to_vec)]
        }
    }
}

/// All live entries.
fn data(house: &mut House) -> Vec<Datum> {
    let mut data = Vec::new();
    for shard in &mut house.shards {
        let now = shard.now().0;
        for db in 0..16 {
            shard.cx(DbIndex(db), keyspace::Author(0)).for_each(|entry| {
                let value = (entry.type_name(), value(entry, now));
                data.push((db, entry.key().to_vec(), value, entry.expire_at()));
            });
        }
    }
    data.sort();
    data
}

fn play(house: &mut House, changes: &[Change]) {
    for change in changes {
        if change.durable.is_empty() {
            continue;
        }
        house.db = change.db;
        let reply = house.call(change.durable.as_args());
        assert_ne!(reply[0], b'-', "{change:?} was refused");
    }
}

#[test]
fn replayed_changes_make_the_same_data() {
    let mut compared = 0;
    for seed in 0..8 {
        let mut prng = Prng::new(seed);
        let mut house = House::new(1);
        let mut changes = Vec::new();
        for step in 0..REQUESTS {
            let now = house.shards[0].now().0;
            house.db = DbIndex(prng.below(3) as u16);
            let line = request(&mut prng, now);
            house.run(&line);
            changes.extend(house.changes());
            if step % 5 == 0 {
                house.advance(prng.below(300) as i64);
            }
        }
        let expected = data(&mut house);
        compared += expected.len();

        // Whoever plays a log keeps the clock before all moments in it: what expired meanwhile was
        // recorded as deleted, and what did not expire yet must not do so halfway.
        let mut copy = House::new(1);
        play(&mut copy, &changes);
        copy.advance(house.shards[0].now().0 - copy.shards[0].now().0);
        assert_eq!(data(&mut copy), expected, "seed {seed}");
    }
    assert!(compared > 50, "little was left to compare: {compared}");
}

/// Nothing is recorded where nothing changed, so a replay has as much to do as there was to
/// remember.
#[test]
fn replaying_records_the_same_changes_again() {
    let mut house = House::new(1);
    let mut prng = Prng::new(99);
    let mut changes = Vec::new();
    for _ in 0..500 {
        house.run(&request(&mut prng, super::harness::START_MS + 1_000_000));
        changes.extend(house.changes());
    }
    let mut copy = House::new(1);
    play(&mut copy, &changes);
    let durable = |changes: &[Change]| -> Vec<Argv> {
        changes.iter().map(|change| change.durable.clone()).collect()
    };
    let changes = changes.into_iter().filter(|change| !change.durable.is_empty());
    assert_eq!(durable(&copy.changes()), durable(&changes.collect::<Vec<_>>()));
}
