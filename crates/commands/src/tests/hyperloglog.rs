//! HyperLogLogs, and strings that were to be some.

use super::harness::House;
use super::{script, script_on};

#[test]
fn elements_are_added_and_counted() {
    script(
        "PFADD h -> 1
         PFADD h -> 0
         GET h -> \"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x7f\\xff\"
         PFADD h a b c -> 1
         PFADD h a -> 0
         PFCOUNT h -> 3
         PFADD g c d -> 1
         PFCOUNT h g none -> 4
         PFCOUNT none -> 0
         PFMERGE h g -> OK
         PFCOUNT h -> 4
         PFMERGE new -> OK
         PFCOUNT new -> 0
         OBJECT ENCODING h -> \"raw\"
         PFDEBUG ENCODING h -> sparse
         PFDEBUG TODENSE h -> 1
         PFDEBUG TODENSE h -> 0
         PFDEBUG ENCODING h -> dense
         PFCOUNT h -> 4
         PFDEBUG DECODE h -> ERR HLL encoding is not sparse
         PFDEBUG DECODE new -> \"Z:16384\"
         PFDEBUG x new -> ERR Unknown PFDEBUG subcommand 'x'
         PFDEBUG DECODE none -> ERR The specified key does not exist
         PFMERGE new h -> OK
         PFDEBUG ENCODING new -> dense
         PFSELFTEST -> OK",
    );
}

#[test]
fn other_values() {
    script(
        "SET s HYLL
         SET n 12
         RPUSH l a
         PFADD s a -> WRONGTYPE Key is not a valid HyperLogLog string value.
         PFCOUNT n -> WRONGTYPE Key is not a valid HyperLogLog string value.
         PFCOUNT l -> WRONGTYPE Operation against a key holding the wrong kind of value
         PFCOUNT none l s -> WRONGTYPE Operation against a key holding the wrong kind of value
         PFCOUNT none s l -> WRONGTYPE Key is not a valid HyperLogLog string value.
         PFMERGE d s l -> WRONGTYPE Key is not a valid HyperLogLog string value.
         PFMERGE l d -> WRONGTYPE Operation against a key holding the wrong kind of value
         EXISTS d -> 0
         PFADD h a
         SETRANGE h 16 !
         PFCOUNT h -> INVALIDOBJ Corrupted HLL object detected
         PFCOUNT none h -> INVALIDOBJ Corrupted HLL object detected
         PFMERGE d h -> INVALIDOBJ Corrupted HLL object detected
         PFDEBUG TODENSE h -> INVALIDOBJ Corrupted HLL object detected
         PFDEBUG GETREG h -> INVALIDOBJ Corrupted HLL object detected",
    );
}

/// What was added before an error is recorded as what it has made of the string.
#[test]
fn an_error_halfway_is_recorded() {
    let mut house = House::new(1);
    // The registers end behind number 5938, which is that of an empty element.
    house.run("PFADD h a");
    house.run("SETRANGE h 16 W");
    let before = house.shards[0].changes.dirty();
    house.changes();
    script_on(&mut house, "PFADD h \"\" a b -> INVALIDOBJ Corrupted HLL object detected");
    let changes = house.changes();
    assert_eq!(house.shards[0].changes.dirty(), before);
    let words: Vec<&[u8]> = changes[0].durable.as_args().iter().collect();
    let value = house.run("GET h");
    assert_eq!((changes.len(), words[0], words[3]), (1, &b"SET"[..], &b"KEEPTTL"[..]));
    assert_eq!(value, format!("\"{}\"", words[2].escape_ascii()));
}
