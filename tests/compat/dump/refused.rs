//! Payloads that break a rule, and odd ones that break none.

use testkit::compare::Comparison;
use testkit::oracle::Packaged;
use testkit::script::Step;
use testkit::{Reply, Server, matrix};

use super::{intset, listpack, restore, sealed, string, ziplist};
use crate::{STAGE, check, each_shoal};

/// Restores every value, and looks at what has become of it.
fn tried(values: &[Vec<u8>]) -> Vec<Step> {
    let mut steps = Vec::new();
    for value in values {
        steps.push(restore("k", value));
        steps.extend(["TYPE k", "DEBUG DIGEST-VALUE k", "DEL k"].map(Step::from));
    }
    steps
}

#[test]
fn values_that_break_a_rule() {
    let of = |kind: u8, parts: &[&[u8]]| [&[kind][..], &parts.concat()].concat();
    check(&tried(&[
        // Lengths and strings.
        of(0, &[b"\xc4\0"]),
        of(0, &[b"\x82\0\0\0\0"]),
        of(0, &[b"\x40\x40abc"]),
        of(0, &[b"\x80\xff\xff\xff\xffabc"]),
        of(0, &[b"\x81\xff\xff\xff\xff\xff\xff\xff\xffabc"]),
        of(0, &[b"\xc3\x02\x05\0a"]),
        of(0, &[b"\xc3\x04\x05\0a\x20\x05"]),
        of(0, &[b"\xc3\x02\x80\x7f\xff\xff\xff\0a"]),
        // Counts.
        of(1, &[b"\0"]),
        of(2, &[b"\0"]),
        of(14, &[b"\0"]),
        of(18, &[b"\0"]),
        of(18, &[b"\xc0\x01"]),
        of(2, &[b"\x80\xff\xff\xff\xff\x01a"]),
        // Members that are there twice.
        of(2, &[b"\x03\x01a\x01b\x01a"]),
        of(2, &[b"\x02\x011\xc0\x01"]),
        // Nodes.
        of(18, &[b"\x01\x03\x01a"]),
        of(18, &[b"\x01\x01\0"]),
        of(18, &[b"\x01\x02", &string(&listpack(&[]))]),
        of(18, &[b"\x01\x02", &string(&listpack(&[b"a"])[..8])]),
        of(10, &[&string(&ziplist(&[]))]),
        of(10, &[&string(&ziplist(&[b"a"])[..12])]),
        of(14, &[b"\x01", &string(&ziplist(&[]))]),
        // Integers.
        of(11, &[&string(&intset(&[]))]),
        of(11, &[&string(&intset(&[1, 2])[..11])]),
        of(11, &[&string(b"\x03\0\0\0\x01\0\0\0abc")]),
        // Scores.
        of(3, &[b"\0"]),
        of(5, &[b"\0"]),
        of(5, &[b"\x01\x01a\xff\xff\xff\xff\xff\xff\xff\xff"]),
        of(5, &[b"\x02\x01a", &[0; 8], b"\x01a", &[0; 8]]),
        of(3, &[b"\x01\x01a\xfd"]),
        of(12, &[&string(&ziplist(&[]))]),
        of(17, &[&string(&listpack(&[]))]),
        of(17, &[&string(&listpack(&[b"a"]))]),
        // Fields.
        of(4, &[b"\0"]),
        of(4, &[b"\x02\x01a\x011\x01b"]),
        of(13, &[&string(&ziplist(&[]))]),
        of(16, &[&string(&listpack(&[]))]),
        // Kinds.
        vec![8, 0],
        vec![99, 0],
        vec![255, 0],
        vec![],
    ]));
}

#[test]
fn odd_values_that_break_no_rule() {
    let of = |kind: u8, parts: &[&[u8]]| [&[kind][..], &parts.concat()].concat();
    check(&tried(&[
        of(0, &[b"\0"]),
        of(0, &[b"\x80\0\0\0\x01a"]),
        of(0, &[b"\x81\0\0\0\0\0\0\0\x01a"]),
        of(0, &[b"\xc1\x05\0"]),
        of(0, &[b"\x05hello and what nobody asks for"]),
        of(0, &[b"\x0fhello"]),
        of(1, &[b"\x02\xc0\x05\x05hello"]),
        of(18, &[b"\x01\x01\xc0\x05"]),
        of(18, &[b"\x02\x02", &string(&listpack(&[])), b"\x02", &string(&listpack(&[b"a"]))]),
        of(14, &[b"\x02", &string(&ziplist(&[])), &string(&ziplist(&[b"a", b"b"]))]),
        of(10, &[&string(&ziplist(&[b"one", b"two", &[b'x'; 60]]))]),
        of(2, &[b"\x02\x011\x01a"]),
        of(11, &[&string(&intset(&[-5, 0, 300]))]),
        of(3, &[b"\x04\x01a\x03-.5\x01b\xfe\x01c\xff\xc0\x05\x011"]),
        of(5, &[b"\x02\x01b", &1.0_f64.to_le_bytes(), b"\x01a", &1.0_f64.to_le_bytes()]),
        of(12, &[&string(&ziplist(&[b"a", b"-0.5", b"b", b"7"]))]),
        of(17, &[&string(&listpack(&[b"a", b"-0.5", b"b", b"7"]))]),
        of(4, &[b"\x02\x01a\xc0\x05\x01b\x01x"]),
        of(13, &[&string(&ziplist(&[b"a", b"x", b"b", b"y"]))]),
        of(16, &[&string(&listpack(&[b"a", b"x", b"b", b"y"]))]),
    ]));
}

/// The encodings are those that Redis 7.2 and later give.
#[test]
fn values_of_all_kinds_are_kept_as_redis_8_keeps_them() {
    let of = |kind: u8, parts: &[&[u8]]| [&[kind][..], &parts.concat()].concat();
    let many: Vec<String> = (1000..2100).map(|number| number.to_string()).collect();
    let many: Vec<&[u8]> = many.iter().map(String::as_bytes).collect();
    let strings = |words: &[&[u8]]| -> Vec<u8> {
        let mut bytes = Vec::new();
        rdb::push_length(&mut bytes, words.len() as u64);
        words.iter().for_each(|word| bytes.extend(string(word)));
        bytes
    };
    let long = [&b"l"[..]; 70].concat();
    let values = [
        of(1, &[&strings(&many[..3])]),
        of(1, &[&strings(&many.repeat(9))]),
        of(1, &[&strings(&[&[b'y'; 9_000]])]),
        of(10, &[&string(&ziplist(&[b"a", b"b"]))]),
        of(14, &[b"\x01", &string(&ziplist(&[b"a", b"b"]))]),
        of(14, &[b"\x02", &string(&ziplist(&[b"a"])), &string(&ziplist(&[b"b"]))]),
        of(18, &[b"\x01\x02", &string(&listpack(&many))]),
        of(18, &[b"\x01\x02", &string(&listpack(&[&many[..], &many].concat()))]),
        of(18, &[b"\x02\x02", &string(&listpack(&[b"a"])), b"\x02", &string(&listpack(&[b"b"]))]),
        of(18, &[b"\x01\x01\x01a"]),
        of(2, &[&strings(&many[..512])]),
        of(2, &[&strings(&many[..513])]),
        of(2, &[&strings(&[&many[..100], &[b"x"]].concat())]),
        of(2, &[&strings(&[&[&b"x"[..]], &many[..127]].concat())]),
        of(2, &[&strings(&[&[&b"x"[..]], &many[..128]].concat())]),
        of(2, &[&strings(&[&many[..140], &[b"x"]].concat())]),
        of(2, &[&strings(&[&long, b"1"])]),
        of(2, &[&strings(&[b"1", &long])]),
        of(11, &[&string(&intset(&(0..512).collect::<Vec<_>>()))]),
        of(11, &[&string(&intset(&(0..513).collect::<Vec<_>>()))]),
        of(20, &[&string(&listpack(&many[..128]))]),
        of(20, &[&string(&listpack(&many[..129]))]),
        of(20, &[&string(&listpack(&[b"1", b"a"]))]),
        of(20, &[&string(&listpack(&[]))]),
        of(4, &[b"\x02", &strings(&[&long, b"1", b"2"])[1..], b"\x013"]),
        [&[4][..], &strings(&many[..512])[..2], &strings(&many[..1024])[2..]].concat(),
        [&[4][..], &strings(&many[..513])[..2], &strings(&many[..1026])[2..]].concat(),
        of(16, &[&string(&listpack(&many[..512]))]),
        of(16, &[&string(&listpack(&[b"a", b"1"]))]),
        of(13, &[&string(&ziplist(&[b"a", b"1"]))]),
    ];
    let mut steps = Vec::new();
    for value in &values {
        steps.push(restore("k", value));
        steps.extend(["OBJECT ENCODING k", "DEBUG DIGEST-VALUE k", "DEL k"].map(Step::from));
    }
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards != 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(&steps);
}

/// Shoal looks at all bytes of a payload, as the oracle does with `sanitize-dump-payload yes`.
#[test]
fn payloads_are_always_looked_at_whole() {
    let mut overlong = listpack(&[b"a", b"b"]);
    overlong[6] = 0x85;
    let mut miscounted = listpack(&[b"a", b"b"]);
    miscounted[4] = 7;
    let values = [
        [b"\x12\x01\x02", &*string(&overlong)].concat(),
        [b"\x12\x01\x02", &*string(&miscounted)].concat(),
        [b"\x0b", &*string(&intset(&[3, 2]))].concat(),
        [b"\x0b", &*string(&intset(&[3, 3]))].concat(),
        b"\x04\x02\x01a\x011\x01a\x012".to_vec(),
        [b"\x10", &*string(&listpack(&[b"a", b"1", b"a", b"2"]))].concat(),
        [b"\x10", &*string(&listpack(&[b"a", b"1", b"b"]))].concat(),
    ];
    let play = |server: &Server, value: &[u8]| {
        server.client().cmd(&[&b"RESTORE"[..], b"k", b"0", &sealed(value, 10), b"REPLACE"])
    };
    let refused = Reply::Error("ERR Bad data format".into());
    STAGE.on_oracle(|server| {
        server.client().line("CONFIG SET sanitize-dump-payload yes");
        for value in &values {
            assert_eq!(play(server, value), refused);
        }
        server.client().line("CONFIG SET sanitize-dump-payload no");
        assert_eq!(play(server, &values[2]), Reply::ok());
    });
    each_shoal(|server| {
        for value in &values {
            assert_eq!(play(server, value), refused);
        }
    });
}
