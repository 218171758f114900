//! Lists by command text; what Redis answers is compared in `tests/compat/lists`.

use super::harness::House;
use super::{script, script_on};

#[test]
fn pushing_and_popping() {
    script(
        "LPUSHX l a -> 0
         EXISTS l -> 0
         RPUSH l a b c -> 3
         LPUSH l 1 2 -> 5
         LRANGE l 0 -1 -> [\"2\" \"1\" \"a\" \"b\" \"c\"]
         RPUSHX l d -> 6
         LPOP l -> \"2\"
         RPOP l 2 -> [\"d\" \"c\"]
         LPOP l 0 -> []
         LPOP l -1 -> ERR value is out of range, must be positive
         LPOP l 1 2 -> ERR wrong number of arguments for 'lpop' command
         LLEN l -> 3
         LPOP l 99 -> [\"1\" \"a\" \"b\"]
         EXISTS l -> 0
         LPOP l -> nil
         LLEN l -> 0
         TYPE l -> none",
    );
}

#[test]
fn looking_inside() {
    script(
        "RPUSH l a b a c a
         LINDEX l 0 -> \"a\"
         LINDEX l -2 -> \"c\"
         LINDEX l 5 -> nil
         LRANGE l -2 9 -> [\"c\" \"a\"]
         LRANGE l 3 1 -> []
         LPOS l a -> 0
         LPOS l a RANK -1 -> 4
         LPOS l a RANK 2 COUNT 0 -> [2 4]
         LPOS l a COUNT 2 -> [0 2]
         LPOS l a COUNT 0 MAXLEN 2 -> [0]
         LPOS l z -> nil
         LPOS l z COUNT 0 -> []
         LPOS l a RANK 0 -> ERR RANK can't be zero: use 1 to start from the first match, 2 from \
         the second ... or use negative to start from the end of the list",
    );
}

#[test]
fn changing_inside() {
    script(
        "RPUSH l a b a c a
         LSET l 1 B -> OK
         LSET l 5 x -> ERR index out of range
         LSET none 0 x -> ERR no such key
         LINSERT l BEFORE c x -> 6
         LINSERT l AFTER none x -> -1
         LINSERT l NEAR c x -> ERR syntax error
         LRANGE l 0 -1 -> [\"a\" \"B\" \"a\" \"x\" \"c\" \"a\"]
         LREM l -2 a -> 2
         LRANGE l 0 -1 -> [\"a\" \"B\" \"x\" \"c\"]
         LTRIM l 1 2 -> OK
         LRANGE l 0 -1 -> [\"B\" \"x\"]
         LTRIM l 5 9 -> OK
         EXISTS l -> 0",
    );
}

/// The keys live on one shard or on three.
#[test]
fn moving() {
    script(
        "RPUSH a 1 2 3
         EXPIRE a 100
         LMOVE a b LEFT RIGHT -> \"1\"
         RPOPLPUSH a b -> \"3\"
         LRANGE b 0 -1 -> [\"3\" \"1\"]
         RPOPLPUSH a a -> \"2\"
         TTL a -> 100
         TTL b -> -1
         LMOVE a c RIGHT LEFT -> \"2\"
         EXISTS a -> 0
         LMOVE a b LEFT LEFT -> nil
         SET s x
         LMOVE c s LEFT LEFT -> WRONGTYPE Operation against a key holding the wrong kind of value
         LMPOP 3 a b c LEFT COUNT 5 -> [\"b\" [\"3\" \"1\"]]
         LMPOP 3 a b c LEFT -> [\"c\" [\"2\"]]
         LMPOP 3 a b c LEFT -> nil
         LMPOP 0 a LEFT -> ERR numkeys should be greater than 0
         LMPOP 9 a LEFT -> ERR syntax error
         LMPOP 2 a s LEFT -> WRONGTYPE Operation against a key holding the wrong kind of value",
    );
}

#[test]
fn encodings() {
    let mut house = House::new(1);
    for shard in &mut house.shards {
        shard.set_list_max_listpack_size(4);
    }
    script_on(
        &mut house,
        "RPUSH l 1 2 3 4
         OBJECT ENCODING l -> \"listpack\"
         COPY l c
         RPUSH l 5
         OBJECT ENCODING l -> \"quicklist\"
         COPY l d
         OBJECT ENCODING d -> \"quicklist\"
         RPOP l 2
         OBJECT ENCODING l -> \"quicklist\"
         LPOP l
         OBJECT ENCODING l -> \"listpack\"
         LRANGE l 0 -1 -> [\"2\" \"3\"]
         LRANGE c 0 -1 -> [\"1\" \"2\" \"3\" \"4\"]
         LRANGE d 0 -1 -> [\"1\" \"2\" \"3\" \"4\" \"5\"]",
    );
}

/// A word that came in memory of its own is kept in it, and goes from list to list.
#[test]
fn large_elements_are_not_copied() {
    let mut house = House::new(1);
    let element = bytes::Bytes::from(vec![b'e'; 50_000]);
    let mut words = resp::Argv::from_words(&[b"RPUSH", b"a"]);
    words.push_bytes(element.clone());
    house.call(words.as_args());
    house.run("LMOVE a b LEFT RIGHT");
    let mut shared = 0;
    for change in house.changes() {
        let args = change.durable.as_args();
        shared += (0..args.len()).filter_map(|at| args.big(at)).count();
        assert!(
            (0..args.len())
                .filter_map(|at| args.big(at))
                .all(|big| big.as_ptr() == element.as_ptr())
        );
    }
    assert_eq!(shared, 2);
}
