//! Set commands on one shard and on three; `a`, `b` and `c` live on different ones.

use stdx::HashSet;

use super::harness::House;
use super::{script, script_on};

/// The elements of a reply that is an array or a set, in order.
fn sorted(reply: &str) -> Vec<String> {
    let list = reply.split_once('[').expect("a list").1.strip_suffix(']').expect("a list");
    let mut members: Vec<String> =
        list.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    members.sort();
    members
}

#[track_caller]
fn check_members(lines: &[(&str, &str)]) {
    for shards in [1, 3] {
        let mut house = House::new(shards);
        for (request, members) in lines {
            let reply = house.run(request);
            if members.is_empty() && !reply.contains('[') {
                continue;
            }
            let expected: Vec<String> = members
                .split(' ')
                .filter(|it| !it.is_empty())
                .map(|it| format!("\"{it}\""))
                .collect();
            assert_eq!(sorted(&reply), expected, "{request} on {shards} shards");
        }
    }
}

#[test]
fn members_come_and_go() {
    script(
        "SADD s 1 2 2 3 -> 3
         SADD s 3 4 -> 1
         OBJECT ENCODING s -> \"intset\"
         SISMEMBER s 4 -> 1
         SISMEMBER s 04 -> 0
         SISMEMBER none 4 -> 0
         SMISMEMBER s 1 x 2 -> [1 0 1]
         SMISMEMBER none 1 x -> [0 0]
         SCARD s -> 4
         SCARD none -> 0
         SADD s x -> 1
         OBJECT ENCODING s -> \"listpack\"
         SREM s 1 2 9 -> 2
         SREM none 1 -> 0
         SREM s 3 4 x -> 3
         EXISTS s -> 0
         TYPE s -> none
         SADD s 1 -> 1
         TYPE s -> set",
    );
}

#[test]
fn other_types_are_refused() {
    let mut lines = String::from("SET str 1\n SADD a 1\n");
    for request in [
        "SADD str x",
        "SREM str x",
        "SISMEMBER str x",
        "SMISMEMBER str x",
        "SMEMBERS str",
        "SCARD str",
        "SMOVE str a x",
        "SMOVE a str none",
        "SPOP str",
        "SPOP str 0",
        "SRANDMEMBER str",
        "SRANDMEMBER str 0",
        "SUNION a none str",
        "SINTER none str a",
        "SDIFF none a str",
        "SINTERCARD 3 a none str",
        "SUNIONSTORE b a str",
        "SINTERSTORE b none str",
        "SDIFFSTORE b none str",
        "SSCAN str 0",
        "APPEND a 1",
        "INCR a",
        "GET a",
        "GETSET a 1",
        "GETDEL a",
        "GETEX a",
        "GETRANGE a 0 1",
        "SETRANGE a 1 x",
        "SETRANGE a 1 \"\"",
        "STRLEN a",
        "SET a 1 GET",
        "INCRBYFLOAT a 1",
    ] {
        lines.push_str(request);
        lines.push_str(" -> WRONGTYPE Operation against a key holding the wrong kind of value\n");
    }
    lines.push_str("MGET a str -> [nil \"1\"]\n SMOVE none str x -> 0\n SCARD a -> 1");
    script(&lines);
}

#[test]
fn a_member_moves() {
    script(
        "SADD a 1 2
         SMOVE a b 1 -> 1
         SMOVE a b 9 -> 0
         SMOVE a a 2 -> 1
         SMOVE a a 9 -> 0
         SMISMEMBER b 1 2 -> [1 0]
         SADD b 2
         SMOVE a b 2 -> 1
         EXISTS a -> 0
         SCARD b -> 2
         SMOVE a b 1 -> 0",
    );
}

#[test]
fn algebra() {
    check_members(&[
        ("SADD a 1 2 3 x", ""),
        ("SADD b 2 3 4 y", ""),
        ("SADD c 3 4 5 x", ""),
        ("SUNION a b c", "1 2 3 4 5 x y"),
        ("SUNION a", "1 2 3 x"),
        ("SUNION none a", "1 2 3 x"),
        ("SUNION none other", ""),
        ("SINTER a b c", "3"),
        ("SINTER a c", "3 x"),
        ("SINTER a c a", "3 x"),
        ("SINTER a c none", ""),
        ("SDIFF a b c", "1"),
        ("SDIFF a b", "1 x"),
        ("SDIFF b c a", "y"),
        ("SDIFF a b none a", ""),
        ("SDIFF none a", ""),
        ("SDIFF a none", "1 2 3 x"),
        ("SUNIONSTORE d a b c", ""),
        ("SMEMBERS d", "1 2 3 4 5 x y"),
        ("SINTERSTORE d a c", ""),
        ("SMEMBERS d", "3 x"),
        ("SDIFFSTORE b b a", ""),
        ("SMEMBERS b", "4 y"),
    ]);
    script(
        "SADD a 1 2 3 x
         SADD c 3 4 5 x
         SINTERCARD 2 a c -> 2
         SINTERCARD 2 a c LIMIT 0 -> 2
         SINTERCARD 2 a c LIMIT 1 -> 1
         SINTERCARD 3 a c none -> 0
         SINTERCARD 1 a limit 9 -> 4
         SINTERCARD 0 a -> ERR numkeys should be greater than 0
         SINTERCARD x a -> ERR numkeys should be greater than 0
         SINTERCARD 2 a -> ERR Number of keys can't be greater than number of args
         SINTERCARD 1 a LIMIT -> ERR syntax error
         SINTERCARD 1 a LIMIT -1 -> ERR LIMIT can't be negative
         SINTERCARD 1 a LIMIT x -> ERR LIMIT can't be negative
         SINTERCARD 2 a c b -> ERR syntax error
         SET b text
         SUNIONSTORE b none -> 0
         EXISTS b -> 0
         SET b text EX 100
         SUNIONSTORE b a c -> 6
         TTL b -> -1
         SINTERSTORE b a none -> 0
         EXISTS b -> 0",
    );
}

#[test]
fn members_by_chance() {
    script(
        "SPOP none -> nil
         SPOP none 5 -> []
         SRANDMEMBER none -> nil
         SRANDMEMBER none 5 -> []
         SPOP s -1 -> ERR value is out of range, must be positive
         SPOP s x -> ERR value is out of range, must be positive
         SPOP s 1 2 -> ERR syntax error
         SRANDMEMBER s 1 2 -> ERR syntax error
         SRANDMEMBER s x -> ERR value is not an integer or out of range
         SADD s 7
         SPOP s 0 -> []
         SRANDMEMBER s -> \"7\"
         SRANDMEMBER s 5 -> [\"7\"]
         SRANDMEMBER s -3 -> [\"7\" \"7\" \"7\"]
         SRANDMEMBER s 0 -> []
         SPOP s -> \"7\"
         EXISTS s -> 0
         SADD s 7
         SPOP s 9 -> [\"7\"]
         EXISTS s -> 0",
    );
    let mut house = House::new(1);
    for number in 0..1000 {
        house.run(&format!("SADD s m{number}"));
    }
    let mut popped = HashSet::default();
    for count in [1, 10, 500, 400, 80] {
        let members = sorted(&house.run(&format!("SPOP s {count}")));
        assert_eq!(members.len(), count);
        assert!(members.into_iter().all(|member| popped.insert(member)));
    }
    script_on(&mut house, "SCARD s -> 9\n OBJECT ENCODING s -> \"listpack\"");
    assert_eq!(sorted(&house.run("SRANDMEMBER s 20")), sorted(&house.run("SMEMBERS s")));
    let some: HashSet<String> = sorted(&house.run("SRANDMEMBER s 5")).into_iter().collect();
    assert_eq!(some.len(), 5);
}

#[test]
fn a_walk_meets_every_member() {
    script(
        "SSCAN none 0 -> [\"0\" []]
         SSCAN none x -> ERR invalid cursor
         SSCAN none 0 COUNT x -> [\"0\" []]
         SADD s 1 2
         SSCAN s 0 COUNT x -> ERR value is not an integer or out of range
         SSCAN s 0 COUNT 0 -> ERR syntax error
         SSCAN s 0 TYPE set -> ERR syntax error
         SSCAN s 0 -> [\"0\" [\"1\" \"2\"]]
         SSCAN s 77 COUNT 1 MATCH 2* -> [\"0\" [\"2\"]]",
    );
    let mut house = House::new(1);
    for number in 0..3000 {
        house.run(&format!("SADD s m{number}"));
    }
    let (mut found, mut cursor, mut step) = (HashSet::default(), "0".to_owned(), 0);
    loop {
        let reply = house.run(&format!("SSCAN s {cursor} COUNT 7"));
        let (next, members) = reply[1..].split_once(' ').expect("a cursor and members");
        found.extend(sorted(members.strip_suffix(']').expect("two elements")));
        cursor = next.trim_matches('"').to_owned();
        if cursor == "0" {
            break;
        }
        step += 1;
        for number in 0..20 {
            // The set grows to more than twice its size, and loses those again.
            let verb = if step < 200 { "SADD" } else { "SREM" };
            house.run(&format!("{verb} s new:{}:{number}", step % 200));
        }
    }
    assert!((0..3000).all(|number| found.contains(&format!("\"m{number}\""))));
}

#[test]
fn sets_are_copied_moved_and_renamed() {
    script(
        "SADD a 1 x
         COPY a b -> 1
         SADD b y
         SCARD a -> 2
         SCARD b -> 3
         RENAME b c -> OK
         SISMEMBER c y -> 1
         MOVE a 1 -> 1
         @db 1
         SCARD a -> 2
         SET b 1
         COPY a b -> 0
         COPY a b REPLACE -> 1
         SMISMEMBER b 1 x -> [1 1]",
    );
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut house = House::new(1);
    house.shards[0].set_limits =
        keyspace::SetLimits { intset_entries: 2, listpack_entries: 3, listpack_value: 4 };
    script_on(
        &mut house,
        "SADD a 1 2
         OBJECT ENCODING a -> \"intset\"
         SADD a 3
         OBJECT ENCODING a -> \"hashtable\"
         SADD b x y z
         OBJECT ENCODING b -> \"listpack\"
         SADD c abcde
         OBJECT ENCODING c -> \"hashtable\"
         SADD d x y z x
         OBJECT ENCODING d -> \"hashtable\"",
    );
}
