//! Hash commands on one shard, and what becomes of fields that expire.

use std::collections::BTreeSet;

use super::harness::{House, START_MS};
use super::{script, script_on};

#[test]
fn fields_come_and_go() {
    script(
        "HSET h a 1 b 2 -> 2
         HSET h b 3 c x -> 1
         OBJECT ENCODING h -> \"listpack\"
         TYPE h -> hash
         HGET h b -> \"3\"
         HGET h d -> nil
         HGET none a -> nil
         HMGET h a d c -> [\"1\" nil \"x\"]
         HMGET none a -> [nil]
         HLEN h -> 3
         HSTRLEN h b -> 1
         HSTRLEN h d -> 0
         HEXISTS h a -> 1
         HEXISTS h d -> 0
         HGETALL h -> [\"a\" \"1\" \"b\" \"3\" \"c\" \"x\"]
         HKEYS h -> [\"a\" \"b\" \"c\"]
         HVALS h -> [\"1\" \"3\" \"x\"]
         HSETNX h a 9 -> 0
         HSETNX h d 9 -> 1
         HINCRBY h a 5 -> 6
         HINCRBYFLOAT h a 0.5 -> \"6.5\"
         HDEL h a nope d -> 2
         HDEL h b c -> 2
         EXISTS h -> 0",
    );
}

#[test]
fn hashes_are_copied_moved_and_renamed() {
    for fields in [2, 1000] {
        let mut house = House::new(1);
        for number in 0..fields {
            house.run(&format!("HSET a f{number} v"));
        }
        script_on(
            &mut house,
            &format!(
                "COPY a b -> 1
                 HSET b y 1 -> 1
                 HLEN a -> {fields}
                 RENAME b c -> OK
                 HGET c y -> \"1\"
                 MOVE a 1 -> 1
                 @db 1
                 HLEN a -> {fields}
                 SET b 1
                 COPY a b REPLACE -> 1
                 HGET b f1 -> \"v\"
                 GET b -> WRONGTYPE Operation against a key holding the wrong kind of value"
            ),
        );
    }
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut house = House::new(1);
    house.shards[0].hash_limits = keyspace::HashLimits { entries: 2, value: 4 };
    script_on(
        &mut house,
        "HSET a a 1 b 2
         OBJECT ENCODING a -> \"listpack\"
         HEXPIRE a 100 FIELDS 1 a -> [1]
         OBJECT ENCODING a -> \"listpackex\"
         HSET a c 3
         OBJECT ENCODING a -> \"hashtable\"
         HTTL a FIELDS 2 a c -> [100 -1]
         HSET b abcde 1
         OBJECT ENCODING b -> \"hashtable\"",
    );
}

#[test]
fn a_walk_finds_what_stays() {
    let mut house = House::new(1);
    for number in 0..3000 {
        house.run(&format!("HSET h f{number} {number}"));
    }
    let (mut found, mut cursor) = (BTreeSet::new(), "0".to_owned());
    for step in 0..2000 {
        let reply = house.run(&format!("HSCAN h {cursor} COUNT 5 NOVALUES"));
        let (next, names) = reply[1..].split_once(' ').expect("a cursor and a list");
        cursor = next.trim_matches('"').to_owned();
        let names = names.trim_matches(['[', ']']).split(' ');
        found.extend(names.filter(|name| !name.is_empty()).map(str::to_owned));
        if cursor == "0" {
            break;
        }
        for number in 0..40 {
            // The hash grows to more than twice its size, and loses those again.
            match step {
                ..200 => house.run(&format!("HSET h new:{step}:{number} v")),
                _ => house.run(&format!("HDEL h new:{}:{number}", step % 200)),
            };
        }
    }
    assert_eq!(cursor, "0");
    assert!((0..3000).all(|number| found.contains(&format!("\"f{number}\""))));
}

/// Both encodings that have expiries.
fn houses() -> [House; 2] {
    [512, 1].map(|entries| {
        let mut house = House::new(1);
        house.shards[0].hash_limits.entries = entries;
        house
    })
}

#[test]
fn fields_expire_where_they_are_met() {
    for mut house in houses() {
        script_on(
            &mut house,
            "HSET h a 1 b 2 c 3
             HPEXPIRE h 10 FIELDS 2 a b -> [1 1]
             HPTTL h FIELDS 3 a c d -> [10 -1 -2]
             HPEXPIRE h 10 GT FIELDS 1 a -> [0]
             HPEXPIRE h 5 LT FIELDS 1 a -> [1]",
        );
        house.advance(5);
        script_on(
            &mut house,
            "HLEN h -> 3
             HGET h a -> nil
             HLEN h -> 2
             HGET h b -> \"2\"",
        );
        house.advance(5);
        script_on(
            &mut house,
            "HGETALL h -> [\"c\" \"3\"]
             HLEN h -> 2
             HINCRBY h b 7 -> 7
             HTTL h FIELDS 1 b -> [-1]
             HPEXPIRE h 1 FIELDS 2 b c -> [1 1]",
        );
        house.advance(1);
        script_on(&mut house, "HMGET h b c -> [nil nil]\n EXISTS h -> 0");
        assert_eq!(house.shards[0].stats.expired_fields, 4);
    }
}

#[test]
fn fields_vanish_by_themselves() {
    for mut house in houses() {
        for number in 0..500 {
            house.run(&format!("HSETEX h PX {} FIELDS 1 f{number} v", 100 + number % 2 * 100));
        }
        house.run("HSET h stays v");
        house.advance(100);
        for _ in 0..100 {
            house.shards[0].expire_slice();
        }
        script_on(&mut house, "HLEN h -> 251\n HTTL h FIELDS 1 stays -> [-1]");
        house.advance(100);
        for _ in 0..100 {
            house.shards[0].expire_slice();
        }
        script_on(&mut house, "HLEN h -> 1");
        assert!(!house.shards[0].has_volatile());
        house.run("HPEXPIRE h 5 FIELDS 1 stays");
        house.advance(5);
        house.changes();
        house.shards[0].expire_slice();
        house.shards[0].expire_slice();
        assert_eq!(house.shards[0].dbs()[0].len(), 0, "a hash ends with its last field");
        let changes = house.changes();
        let words: Vec<&[u8]> = changes[0].durable.as_args().iter().collect();
        assert_eq!(words, [&b"HDEL"[..], b"h", b"stays"]);
        let events: Vec<&str> = changes[0].events.iter().map(|event| event.name).collect();
        assert_eq!(events, ["hexpired", "del"]);
    }
}

#[test]
fn moments_are_kept_by_copies_and_by_the_way() {
    for mut house in houses() {
        let at = START_MS + 100_000;
        script_on(
            &mut house,
            &format!(
                "HSET h a 1 b 2
                 HPEXPIREAT h {at} FIELDS 1 a -> [1]
                 COPY h copy
                 RENAME h moved
                 MOVE moved 1
                 HPEXPIRETIME copy FIELDS 2 a b -> [{at} -1]
                 HINCRBY copy a 1
                 HSETEX copy KEEPTTL FIELDS 1 a 7 -> 1
                 HPEXPIRETIME copy FIELDS 1 a -> [{at}]
                 HSET copy a 8
                 HPEXPIRETIME copy FIELDS 1 a -> [-1]
                 @db 1
                 HPEXPIRETIME moved FIELDS 2 a b -> [{at} -1]
                 HPERSIST moved FIELDS 2 a b -> [1 -1]"
            ),
        );
    }
}
