//! What commands record: the durable form by Redis' rules of propagation, and the events in order.

use keyspace::{Author, Change, DbIndex, EventClass, On, Touches};
use resp::Argv;

use super::harness::House;

/// `durable words | events | what it touches`
fn show(change: &Change) -> String {
    let words: Vec<String> =
        change.durable.as_args().iter().map(|word| word.escape_ascii().to_string()).collect();
    let events: Vec<String> = change
        .events
        .iter()
        .map(|event| match event.on {
            On::Key => event.name.to_owned(),
            On::Target => format!("{}>", event.name),
        })
        .collect();
    let place = |db: &DbIndex, key: &[u8]| format!("{}@{}", key.escape_ascii(), db.0);
    let touches = match &change.touches {
        Touches::Key { db, key } => place(db, key),
        Touches::Move { from, to } => {
            format!("{}>{}", place(&from.0, &from.1), place(&to.0, &to.1))
        }
        Touches::Made { db, key, of } => {
            let of = of.iter().map(|key| key.escape_ascii().to_string());
            format!("{} of {}", place(db, key), of.collect::<Vec<_>>().join(" "))
        }
        other => format!("{other:?}"),
    };
    format!("{} | {} | {touches}", words.join(" "), events.join(" "))
}

/// Runs lines of the form `request => changes`, where `; ` parts several, and nothing is none.
#[track_caller]
fn records(lines: &str) {
    let mut house = House::new(1);
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(ms) = line.strip_prefix("@ ") {
            house.advance(ms.parse().expect("milliseconds"));
            continue;
        }
        let (request, expected) = line.split_once(" =>").expect("request => changes");
        let before = house.shards[0].changes.dirty();
        house.run(request);
        let changes = house.changes();
        let shown: Vec<String> = changes.iter().map(show).collect();
        assert_eq!(shown.join("; ").trim_start(), expected.trim_start(), "{request}");
        let is_expiry = |change: &&Change| change.events[..].iter().any(is_expired);
        let repeats = |change: &&Change| !change.durable.is_empty() && !is_expiry(change);
        let counted = changes.iter().filter(repeats).count();
        let dirty = house.shards[0].changes.dirty() - before;
        assert_eq!(dirty > 0, counted > 0, "{request}: expiry does not count, the rest does");
    }
}

fn is_expired(event: &keyspace::Event) -> bool {
    event.class == EventClass::Expired
}

#[test]
fn hashes() {
    records(
        "HSET h a 1 a 2 => HSET h a 1 a 2 | hset | h@0
         HSET h a 2 => HSET h a 2 | hset | h@0
         HMSET h b 1 => HMSET h b 1 | hset | h@0
         HSETNX h a 1 =>
         HSETNX h c 1 => HSET h c 1 | hset | h@0
         HINCRBY h a 1 => HINCRBY h a 1 | hincrby | h@0
         HINCRBYFLOAT h a 0.5 => HSET h a 3.5 | hincrbyfloat | h@0
         HINCRBY h a 1 =>
         HDEL h none =>
         HDEL h b none => HDEL h b none | hdel | h@0
         HGETDEL h FIELDS 2 c x => HDEL h c | hdel | h@0
         HGETDEL h FIELDS 1 a => HDEL h a | hdel del | h@0
         HSETEX h FIELDS 1 a 1 => HSETEX h FIELDS 1 a 1 | hset | h@0
         HSETEX h FNX FIELDS 1 a 1 =>
         HSETEX h FXX KEEPTTL FIELDS 1 a 2 => HSETEX h KEEPTTL FIELDS 1 a 2 | hset | h@0
         HPERSIST h FIELDS 1 a =>
         HPEXPIREAT h 4102444800000 FIELDS 2 a x => \
         HPEXPIREAT h 4102444800000 FIELDS 1 a | hexpire | h@0
         HPEXPIREAT h 4102444800000 NX FIELDS 2 a x =>
         HGETEX h FIELDS 1 a =>
         HGETEX h EXAT 4102444801 FIELDS 2 a x => \
         HPEXPIREAT h 4102444801000 FIELDS 1 a | hexpire | h@0
         HINCRBYFLOAT h a 1 => HSETEX h KEEPTTL FIELDS 1 a 3 | hincrbyfloat | h@0
         HGETEX h PERSIST FIELDS 2 a x => HPERSIST h FIELDS 1 a | hpersist | h@0
         HGETEX h PERSIST FIELDS 2 a x =>
         HSETEX h PXAT 4102444800000 FIELDS 1 b 1 => \
         HSETEX h PXAT 4102444800000 FIELDS 1 b 1 | hset hexpire | h@0
         COPY h i => COPY h i | copy_to | i@0 of h
         HPERSIST h FIELDS 1 b => HPERSIST h FIELDS 1 b | hpersist | h@0
         HEXPIRE h 0 FIELDS 1 b => HDEL h b | hdel | h@0
         HSETEX h PXAT 1 FIELDS 1 a 1 => HDEL h a | hset hdel del | h@0",
    );
}

#[test]
fn expired_fields() {
    let mut house = House::new(1);
    let mut shown = |line: &str| {
        house.run("HPEXPIRE h 1 FIELDS 1 a");
        house.changes();
        house.advance(1);
        house.run(line);
        let shown: Vec<String> = house.changes().iter().map(show).collect();
        house.run("HSET h a 1 b 2");
        shown.join("; ")
    };
    shown("PING");
    for (line, expected) in [
        ("HGET h a", "HDEL h a | hexpired | h@0"),
        ("HMGET h a b", "HDEL h a | hexpired | h@0"),
        ("HGETALL h", ""),
        ("HSETNX h a 1", "HSET h a 1 | hexpired hset | h@0"),
        ("HINCRBY h a 1", "HSET h a 1 | hexpired hincrby | h@0"),
        ("HINCRBYFLOAT h a 1", "HSET h a 1 | hexpired hincrbyfloat | h@0"),
        ("HGETDEL h FIELDS 2 a b", "HDEL h b | hdel | h@0; HDEL h a | hexpired del | h@0"),
        ("HGETEX h EX 9 FIELDS 1 a", "HDEL h a | hexpired | h@0"),
        ("HRANDFIELD h", "HDEL h a | hexpired | h@0"),
    ] {
        assert_eq!(shown(line), expected, "{line}");
    }
}

#[test]
fn sets() {
    records(
        "SADD s 1 2 1 => SADD s 1 2 1 | sadd | s@0
         SADD s 1 2 =>
         SREM s 1 9 => SREM s 1 9 | srem | s@0
         SREM s 9 =>
         SMOVE s d 9 =>
         SMOVE s s 2 =>
         SMOVE s d 2 => SREM s 2 | srem del | s@0; SADD d 2 | sadd | d@0
         SADD s 2 => SADD s 2 | sadd | s@0
         SMOVE s d 2 => SREM s 2 | srem del | s@0
         SPOP none =>
         SPOP d 0 =>
         SPOP d => SREM d 2 | spop del | d@0
         SADD d 2 3 => SADD d 2 3 | sadd | d@0
         SPOP d 7 => DEL d | spop del | d@0
         SADD a 5 => SADD a 5 | sadd | a@0
         SRANDMEMBER a =>
         COPY a b => COPY a b | copy_to | b@0 of a
         SUNIONSTORE c a b => SUNIONSTORE c a b | sunionstore | c@0 of a b
         SDIFFSTORE c a b => DEL c | del | c@0
         SDIFFSTORE c a b =>
         SINTERSTORE a a b => SINTERSTORE a a b | sinterstore | a@0 of a b
         SREM a 5 => SREM a 5 | srem del | a@0",
    );
}

#[test]
fn sorted_sets() {
    records(
        "ZADD z 1 a 2 b => ZADD z 1 a 2 b | zadd | z@0
         ZADD z 1 a 2 b =>
         ZADD z NX 5 a =>
         ZADD z CH 2 a => ZADD z CH 2 a | zadd | z@0
         ZADD z INCR 2 a => ZADD z INCR 2 a | zincr | z@0
         ZADD z INCR 0 a =>
         ZINCRBY z 1 b => ZINCRBY z 1 b | zincr | z@0
         ZADD none XX 1 a =>
         ZREM z none =>
         ZREM z a none => ZREM z a none | zrem | z@0
         ZPOPMIN z 0 =>
         ZPOPMIN none =>
         ZPOPMIN z => ZPOPMIN z | zpopmin del | z@0
         ZADD z 1 a 2 b 3 c => ZADD z 1 a 2 b 3 c | zadd | z@0
         ZPOPMAX z 1 => ZPOPMAX z 1 | zpopmax | z@0
         ZMPOP 2 none z MIN COUNT 9 => ZPOPMIN z 2 | zpopmin del | z@0
         ZADD z 1 a 2 b 3 c 4 d => ZADD z 1 a 2 b 3 c 4 d | zadd | z@0
         ZREMRANGEBYRANK z 9 9 =>
         ZREMRANGEBYRANK z 0 0 => ZREMRANGEBYRANK z 0 0 | zremrangebyrank | z@0
         ZREMRANGEBYSCORE z 2 2 => ZREMRANGEBYSCORE z 2 2 | zremrangebyscore | z@0
         ZREMRANGEBYLEX z [c [c => ZREMRANGEBYLEX z [c [c | zremrangebylex | z@0
         ZRANGESTORE y z 0 -1 => ZRANGESTORE y z 0 -1 | zrangestore | y@0 of z
         ZRANGESTORE y z 7 8 => DEL y | del | y@0
         ZRANGESTORE y z 7 8 =>
         COPY z y => COPY z y | copy_to | y@0 of z
         ZUNIONSTORE x 2 y z => ZUNIONSTORE x 2 y z | zunionstore | x@0 of y z
         ZINTERSTORE x 1 y => ZINTERSTORE x 1 y | zinterstore | x@0 of y
         ZDIFFSTORE x 2 y z => DEL x | del | x@0
         ZDIFFSTORE x 1 y => ZDIFFSTORE x 1 y | zdiffstore | x@0 of y
         ZREMRANGEBYRANK z 0 -1 => ZREMRANGEBYRANK z 0 -1 | zremrangebyrank del | z@0
         ZRANDMEMBER x 5 =>
         ZUNION 1 x =>",
    );
}

#[test]
fn strings() {
    records(
        "SET a 1 => SET a 1 | set | a@0
         SET a 1 NX =>
         SET a 1 XX => SET a 1 | set | a@0
         SET a 2 EX 10 GET => SET a 2 PXAT 1700000010000 | set expire | a@0
         SET a 3 KEEPTTL => SET a 3 KEEPTTL | set | a@0
         SETEX a 10 x => SET a x PXAT 1700000010000 | set expire | a@0
         PSETEX a 10 x => SET a x PXAT 1700000000010 | set expire | a@0
         SETNX a x =>
         SETNX b x => SET b x | set | b@0
         GETSET b y => SET b y | set | b@0
         GET b =>
         GETDEL b => DEL b | del | b@0
         GETDEL b =>
         GETEX a =>
         GETEX a EX 10 => PEXPIREAT a 1700000010000 | expire | a@0
         GETEX a PERSIST => PERSIST a | persist | a@0
         GETEX a PERSIST =>
         GETEX a PXAT 1 => DEL a | del | a@0
         MSET a 1 b 2 => SET a 1 | set | a@0; SET b 2 | set | b@0
         MSETNX b 1 c 1 =>
         MSETNX c 1 d 2 => SET c 1 | set | c@0; SET d 2 | set | d@0
         APPEND a x => APPEND a x | append | a@0
         SETRANGE a 1 y => SETRANGE a 1 y | setrange | a@0
         SETRANGE a 1 \"\" =>
         SETRANGE a -1 x =>
         INCR n => INCR n | incrby | n@0
         DECRBY n 5 => DECRBY n 5 | incrby | n@0
         INCR a =>
         INCRBYFLOAT n 0.5 => SET n -3.5 KEEPTTL | incrbyfloat | n@0
         INCRBYFLOAT n x =>",
    );
}

#[test]
fn keys() {
    records(
        "MSET a 1 b 2 => SET a 1 | set | a@0; SET b 2 | set | b@0
         EXISTS a =>
         TOUCH a =>
         EXPIRE a 10 => PEXPIREAT a 1700000010000 | expire | a@0
         EXPIRE a 10 NX =>
         PERSIST a => PERSIST a | persist | a@0
         PERSIST a =>
         EXPIREAT a 1 => DEL a | del | a@0
         RENAME b c => RENAME b c | rename_from rename_to> | b@0>c@0
         RENAME c c =>
         RENAMENX c c =>
         RENAMENX c b => RENAME c b | rename_from rename_to> | c@0>b@0
         EXPIRE b 10 => PEXPIREAT b 1700000010000 | expire | b@0
         COPY b c => COPY b c | copy_to | c@0 of b
         COPY b c =>
         COPY b c DB 3 => COPY b c DB 3 | copy_to | c@3 of b
         MOVE b 2 => MOVE b 2 | move_from move_to> | b@0>b@2
         MOVE b 2 =>
         DEL none c => DEL c | del | c@0
         SET a 1 => SET a 1 | set | a@0
         UNLINK a => UNLINK a | del | a@0",
    );
}

#[test]
fn lists() {
    records(
        "RPUSH l a b c => RPUSH l a b c | rpush | l@0
         LPUSH l x y => LPUSH l x y | lpush | l@0
         LPUSHX none x =>
         RPUSHX l z => RPUSHX l z | rpush | l@0
         LPOP l => LPOP l | lpop | l@0
         RPOP l 2 => RPOP l 2 | rpop | l@0
         RPOP l 0 =>
         LPOP none =>
         LSET l 0 q => LSET l 0 q | lset | l@0
         LSET l 9 q =>
         LINSERT l AFTER q r => LINSERT l AFTER q r | linsert | l@0
         LINSERT l AFTER none r =>
         LREM l 1 r => LREM l 1 r | lrem | l@0
         LREM l 1 none =>
         LTRIM l 0 -1 =>  | ltrim | l@0
         LTRIM l 1 -1 => LTRIM l 1 -1 | ltrim | l@0
         LRANGE l 0 -1 =>
         LPOS l a =>
         LTRIM l 1 0 => LTRIM l 1 0 | ltrim del | l@0
         LTRIM l 1 0 =>
         RPUSH l a => RPUSH l a | rpush | l@0
         LREM l 0 a => LREM l 0 a | lrem del | l@0
         RPUSH l a => RPUSH l a | rpush | l@0
         RPOP l => RPOP l | rpop del | l@0
         RPUSH l a a => RPUSH l a a | rpush | l@0
         LPOP l 9 => LPOP l 9 | lpop del | l@0",
    );
}

/// What goes from key to key is one change for each of them; together they count once.
#[test]
fn moving_between_lists() {
    records(
        "RPUSH l a b c => RPUSH l a b c | rpush | l@0
         LMOVE l l LEFT RIGHT => LMOVE l l LEFT RIGHT | rpush lpop | l@0
         RPOPLPUSH l l => RPOPLPUSH l l | lpush rpop | l@0
         LMOVE l m LEFT RIGHT => RPUSH m a | rpush | m@0; LPOP l | lpop | l@0
         RPOPLPUSH l m => LPUSH m c | lpush | m@0; RPOP l | rpop | l@0
         LMOVE l m LEFT LEFT => LPUSH m b | lpush | m@0; LPOP l | lpop del | l@0
         LMOVE l m LEFT LEFT =>
         LMPOP 2 l m LEFT COUNT 2 => LPOP m 2 | lpop | m@0
         LMPOP 2 l m RIGHT COUNT 2 => RPOP m 1 | rpop del | m@0
         LMPOP 2 l m RIGHT =>",
    );
    let mut house = House::new(1);
    house.run("RPUSH l a b c");
    let before = house.shards[0].changes.dirty();
    house.run("LMOVE l m LEFT RIGHT");
    assert_eq!(house.shards[0].changes.dirty() - before, 1);
    house.run("LMPOP 1 l LEFT COUNT 2");
    assert_eq!(house.shards[0].changes.dirty() - before, 3);
}

#[test]
fn copies_of_lists() {
    records(
        "RPUSH l a b => RPUSH l a b | rpush | l@0
         COPY l m => COPY l m | copy_to | m@0 of l
         EXPIRE l 10 => PEXPIREAT l 1700000010000 | expire | l@0
         COPY l m REPLACE => COPY l m REPLACE | copy_to | m@0 of l
         RENAME m l => RENAME m l | rename_from rename_to> | m@0>l@0",
    );
}

/// A payload is repeated as it came; the moment at which it expires is worked out.
#[test]
fn restored_values() {
    let mut house = House::new(1);
    let payload = b"\0\x05hello\n\0cr\xdfve4 \n";
    let mut records = |words: &[&[u8]], expected: &[&str]| {
        house.call(Argv::from_words(words).as_args());
        let shown: Vec<String> = house.changes().iter().map(show).collect();
        let payload = payload.escape_ascii().to_string();
        let expected: Vec<String> =
            expected.iter().map(|line| line.replace("BYTES", &payload)).collect();
        assert_eq!(shown, expected);
    };
    records(&[b"RESTORE", b"k", b"0", payload], &["RESTORE k 0 BYTES | restore | k@0"]);
    records(&[b"RESTORE", b"k", b"0", payload], &[]);
    records(
        &[b"restore", b"k", b"10", payload, b"idletime", b"5", b"replace"],
        &["restore k 1700000000010 BYTES idletime 5 replace ABSTTL | restore | k@0"],
    );
    records(
        &[b"RESTORE", b"m", b"1700000000010", payload, b"ABSTTL"],
        &["RESTORE m 1700000000010 BYTES ABSTTL | restore | m@0"],
    );
    records(&[b"RESTORE", b"m", b"1", payload, b"ABSTTL", b"REPLACE"], &["DEL m | del | m@0"]);
    records(&[b"RESTORE", b"m", b"1", payload, b"ABSTTL"], &[]);
    records(&[b"RESTORE", b"m", b"0", &payload[1..]], &[]);
}

#[test]
fn databases() {
    records(
        "FLUSHDB =>
         SET a 1 => SET a 1 | set | a@0
         SWAPDB 0 1 => SWAPDB 0 1 |  | Swap(DbIndex(0), DbIndex(1))
         FLUSHDB =>
         FLUSHALL => FLUSHALL |  | Database(None)
         SET a 1 => SET a 1 | set | a@0
         FLUSHDB SYNC => FLUSHDB |  | Database(Some(DbIndex(0)))",
    );
}

#[test]
fn expiry_is_a_change_before_that_of_the_command() {
    records(
        "SET a 1 PX 10 => SET a 1 PXAT 1700000000010 | set expire | a@0
         @ 10
         GET a => DEL a | expired | a@0
         GET a =>
         SET a 1 PX 10 => SET a 1 PXAT 1700000000020 | set expire | a@0
         @ 10
         SET a 2 => DEL a | expired | a@0; SET a 2 | set | a@0",
    );
}

#[test]
fn changes_name_their_author_and_database() {
    let mut house = House::new(1);
    house.db = DbIndex(5);
    house.run("SET a 1 PX 10");
    house.advance(10);
    house.run("GET a");
    let changes = house.changes();
    assert_eq!(changes.iter().map(|change| change.db.0).collect::<Vec<_>>(), [5, 5]);
    assert_eq!(changes[0].author, Author(1));
    assert_eq!(changes[1].author, Author::SERVER, "time, not the reader, made it expire");
}

#[test]
fn flushing_counts_its_keys() {
    let mut house = House::new(1);
    house.run("MSET a 1 b 2 c 3");
    let before = house.shards[0].changes.dirty();
    house.run("FLUSHALL");
    assert_eq!(house.shards[0].changes.dirty() - before, 3);
}

/// A big value is referred to by its change, not copied.
#[test]
fn durable_forms_share_big_values() {
    let mut house = House::new(1);
    let value = bytes::Bytes::from(vec![b'v'; 50_000]);
    let mut words = Argv::from_words(&[b"SET", b"a"]);
    words.push_bytes(value.clone());
    house.call(words.as_args());
    let changes = house.changes();
    assert_eq!(changes[0].durable.as_args().at(2).as_ptr(), value.as_ptr());
}

#[test]
fn bitmaps() {
    records(
        "SETBIT k 1 1 => SETBIT k 1 1 | setbit | k@0
         SETBIT k 1 1 =>
         SETBIT k 15 0 => SETBIT k 15 0 | setbit | k@0
         BITFIELD k SET u8 0 64 GET u8 0 =>
         BITFIELD k SET u8 0 1 SET u8 8 1 => BITFIELD k SET u8 0 1 SET u8 8 1 | setbit | k@0
         BITFIELD none GET u8 0 =>
         BITFIELD_RO k GET u8 0 =>
         BITCOUNT k =>
         BITOP OR d k => BITOP OR d k | set | d@0 of k
         BITOP XOR d d k => BITOP XOR d d k | set | d@0 of d k
         BITOP OR d none => DEL d | del | d@0
         BITOP OR d none =>",
    );
}

#[test]
fn hyperloglogs() {
    records(
        "PFADD h => PFADD h | pfadd | h@0
         PFADD h =>
         PFADD h a b => PFADD h a b | pfadd | h@0
         PFADD h b =>
         PFCOUNT h => PFCOUNT h |  | h@0
         PFCOUNT h =>
         PFCOUNT h none =>
         PFMERGE m h => PFMERGE m h | pfadd | m@0 of h
         PFMERGE m h => PFMERGE m h | pfadd | m@0 of h
         PFDEBUG ENCODING m =>
         PFDEBUG TODENSE m => PFDEBUG TODENSE m |  | m@0
         PFDEBUG GETREG m =>
         PFCOUNT m => PFCOUNT m |  | m@0",
    );
}

/// A string that was made and then not written to is a change all the same, though none that is
/// counted.
#[test]
fn an_overflow_leaves_a_string_behind() {
    let mut house = House::new(1);
    assert_eq!(house.run("BITFIELD k OVERFLOW FAIL SET u8 0 300"), "[nil]");
    assert_eq!(house.shards[0].changes.dirty(), 0);
    let shown: Vec<String> = house.changes().iter().map(show).collect();
    assert_eq!(shown, ["BITFIELD k OVERFLOW FAIL SET u8 0 300 |  | k@0"]);
}

#[test]
fn places() {
    records(
        "GEOADD g 13.361389 38.115556 p => ZADD g 3479099956230698 p | zadd | g@0
         GEOADD g NX 1 1 p =>
         GEOADD g CH 15.087269 37.502669 c => ZADD g CH 3479447370796909 c | zadd | g@0
         GEOSEARCH g FROMMEMBER p BYRADIUS 1 km =>
         GEORADIUS g 15 37 1 km =>
         GEOSEARCHSTORE d g FROMMEMBER p BYRADIUS 1 km => \
         GEOSEARCHSTORE d g FROMMEMBER p BYRADIUS 1 km | geosearchstore | d@0 of g
         GEORADIUS g 15 37 1 km STORE d => DEL d | del | d@0
         GEORADIUS g 15 37 300 km STORE d => \
         GEORADIUS g 15 37 300 km STORE d | georadiusstore | d@0 of g",
    );
}
