//! Bits of strings.

use super::harness::House;
use super::{script, script_on};

#[test]
fn single_bits() {
    script(
        "SETBIT k 7 1 -> 0
         GET k -> \"\\x01\"
         SETBIT k 7 1 -> 1
         SETBIT k 0 1 -> 0
         GETBIT k 0 -> 1
         GETBIT k 1 -> 0
         GETBIT k 4294967295 -> 0
         SETBIT k 15 0 -> 0
         STRLEN k -> 2
         SET n 12
         GETBIT n 2 -> 1
         SETBIT n 6 0 -> 0
         OBJECT ENCODING n -> \"raw\"
         SETBIT n 6 2 -> ERR bit is not an integer or out of range
         SETBIT n -1 1 -> ERR bit offset is not an integer or out of range
         GETBIT n x -> ERR bit offset is not an integer or out of range
         RPUSH l a
         SETBIT l 1 1 -> WRONGTYPE Operation against a key holding the wrong kind of value
         GETBIT l 1 -> WRONGTYPE Operation against a key holding the wrong kind of value",
    );
}

#[test]
fn counts_and_positions() {
    script(
        "SET k foobar
         BITCOUNT k -> 26
         BITCOUNT k 0 0 -> 4
         BITCOUNT k 1 1 BYTE -> 6
         BITCOUNT k 5 30 BIT -> 17
         BITCOUNT k -100 -90 -> 4
         BITCOUNT k -1 -2 wrong -> 0
         BITCOUNT none wrong -> 0
         BITCOUNT k 1 -> ERR syntax error
         BITPOS k 1 -> 1
         BITPOS k 0 -> 0
         BITPOS k 1 2 -> 17
         BITPOS k 1 16 20 BIT -> 17
         BITPOS k 1 16 16 BIT -> -1
         BITPOS k 2 -> ERR The bit argument must be 1 or 0.
         BITPOS none 1 -> -1
         BITPOS none 0 wrong wrong -> 0
         BITOP NOT z none -> 0
         SETBIT full 7 1
         BITFIELD full SET i16 0 -1 -> [256]
         BITPOS full 0 -> 16
         BITPOS full 0 0 -1 -> -1
         BITPOS full 0 5 -> -1",
    );
}

#[test]
fn strings_are_combined() {
    script(
        "MSET a abc b ab n 12 e \"\"
         BITOP AND d a b -> 3
         GET d -> \"ab\\x00\"
         BITOP OR d a n none -> 3
         GET d -> \"qrc\"
         BITOP XOR d a a -> 3
         GET d -> \"\\x00\\x00\\x00\"
         BITOP NOT d n -> 2
         GET d -> \"\\xce\\xcd\"
         OBJECT ENCODING d -> \"raw\"
         BITOP NOT d a b -> ERR BITOP NOT must be called with a single source key.
         BITOP NAND d a b -> ERR syntax error
         BITOP AND d e none -> 0
         EXISTS d -> 0
         RPUSH l x
         BITOP OR d a l -> WRONGTYPE Operation against a key holding the wrong kind of value
         BITOP OR l a -> 3
         TYPE l -> string",
    );
}

#[test]
fn fields() {
    script(
        "BITFIELD k INCRBY i5 100 1 GET u4 0 -> [1 0]
         STRLEN k -> 14
         BITFIELD k SET u8 0 255 OVERFLOW SAT INCRBY u8 0 9 SET u8 0 -1 -> [0 255 255]
         BITFIELD k OVERFLOW FAIL INCRBY u8 0 9 GET u8 0 -> [nil 255]
         BITFIELD k OVERFLOW WRAP INCRBY u8 0 9 INCRBY u8 #0 1 -> [8 9]
         BITFIELD k -> []
         BITFIELD none GET u8 0 -> [0]
         EXISTS none -> 0
         BITFIELD_RO k GET u8 0 -> [9]
         BITFIELD_RO k SET u8 0 1 -> ERR BITFIELD_RO only supports the GET subcommand
         BITFIELD k OVERFLOW x -> ERR Invalid OVERFLOW type specified
         BITFIELD k GET u8 -> ERR syntax error
         BITFIELD k GET u8 #-1 -> ERR bit offset is not an integer or out of range
         BITFIELD k SET u8 0 x -> ERR value is not an integer or out of range",
    );
}

#[test]
fn strings_have_a_limit() {
    let mut house = House::new(1);
    house.shards[0].string_bytes_max = 10;
    script_on(
        &mut house,
        "SETBIT k 79 1 -> 0
         SETBIT k 80 1 -> ERR bit offset is not an integer or out of range
         GETBIT k 80 -> ERR bit offset is not an integer or out of range
         BITFIELD k SET u8 79 1 -> [128]
         STRLEN k -> 11",
    );
}
