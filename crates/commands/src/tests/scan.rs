//! Walks over all keys.

use stdx::HashSet;

use super::harness::House;
use super::script;
use crate::generic::{decode_cursor, encode_cursor};

#[test]
fn keys() {
    script(
        "KEYS * -> []
         MSET abc 1 abd 2 xyz 3
         KEYS x?z -> [\"xyz\"]
         KEYS none -> []
         KEYS [x-z]* -> [\"xyz\"]
         RANDOMKEY",
    );
}

#[test]
fn randomkey_finds_the_only_key() {
    script(
        "RANDOMKEY -> nil
         SET a 1
         RANDOMKEY -> \"a\"
         RANDOMKEY -> \"a\"",
    );
}

#[test]
fn scan_checks_its_words_in_order() {
    script(
        "SCAN x COUNT x -> ERR invalid cursor
         SCAN 18446744073709551616 -> ERR invalid cursor
         SCAN 0 COUNT x -> ERR value is not an integer or out of range
         SCAN 0 COUNT 0 -> ERR syntax error
         SCAN 0 COUNT -1 -> ERR syntax error
         SCAN 0 COUNT -> ERR syntax error
         SCAN 0 MATCH -> ERR syntax error
         SCAN 0 FOO -> ERR syntax error",
    );
}

/// The empty key is one of all keys, though no pattern but the empty one matches it.
#[test]
fn the_empty_key_is_among_all() {
    script(
        "SET \"\" 1
         KEYS * -> [\"\"]
         KEYS ** -> []
         EXISTS \"\" -> 1",
    );
    let mut house = House::new(1);
    house.run("SET \"\" 1");
    assert_eq!(house.run("SCAN 0 MATCH *"), "[\"0\" [\"\"]]");
    assert_eq!(house.run("SCAN 0 MATCH **"), "[\"0\" []]");
}

/// Walks to the end; also tells how many steps it took.
fn walk(house: &mut House, options: &str) -> (Vec<String>, usize) {
    let (mut keys, mut cursor, mut steps) = (Vec::new(), "0".to_owned(), 0);
    loop {
        let reply = house.run(&format!("SCAN {cursor}{options}"));
        let (next, found) = reply
            .strip_prefix("[\"")
            .and_then(|rest| rest.strip_suffix("]]"))
            .and_then(|rest| rest.split_once("\" ["))
            .expect("a cursor and keys");
        keys.extend(found.split(' ').filter(|key| !key.is_empty()).map(str::to_owned));
        next.clone_into(&mut cursor);
        steps += 1;
        if cursor == "0" {
            return (keys, steps);
        }
    }
}

#[test]
fn scan_finds_every_key() {
    for shards in [1, 3] {
        let mut house = House::new(shards);
        let expected: HashSet<String> = (0..1000)
            .map(|number| {
                house.run(&format!("SET key:{number} {number}"));
                format!("\"key:{number}\"")
            })
            .collect();
        let (keys, steps) = walk(&mut house, "");
        assert!(steps > 20, "a step visits about ten keys");
        assert_eq!(keys.len(), 1000, "nothing moved meanwhile, so no key comes twice");
        assert_eq!(keys.into_iter().collect::<HashSet<_>>(), expected);
        let (keys, steps) = walk(&mut house, " COUNT 100000");
        assert_eq!((keys.len(), steps), (1000, shards));
        assert_eq!(walk(&mut house, " MATCH key:77?").0.len(), 10);
        assert_eq!(walk(&mut house, " TYPE STRING COUNT 50").0.len(), 1000);
        assert_eq!(walk(&mut house, " TYPE list").0.len(), 0);
    }
}

#[test]
fn cursors_are_numbers_below_2_to_53() {
    let position_max = ((1 << 48) - 1) & !0x7f;
    for shards in [1, 2, 7, 4096] {
        for shard in [0, shards - 1] {
            for position in [0, 1 << 7, 1 << 47, position_max] {
                let cursor = encode_cursor(shard, position, shards);
                assert!(cursor < 1 << 53);
                let text = cursor.to_string();
                assert_eq!(decode_cursor(text.as_bytes(), shards), Some((shard, position)));
            }
        }
    }
    assert_eq!(encode_cursor(0, 0, 7), 0, "the beginning is 0");
    assert_ne!(encode_cursor(0, 1 << 7, 7), 0, "and nothing else is");
}

#[test]
fn cursors_are_read_as_c_reads_them() {
    assert_eq!(decode_cursor(b"", 3), Some((0, 0)));
    assert_eq!(decode_cursor(b"+0", 3), Some((0, 0)));
    assert_eq!(decode_cursor(b"002", 3), Some((2, 0)));
    assert!(decode_cursor(b"-1", 3).is_some());
    assert!(decode_cursor(b"18446744073709551615", 3).is_some());
    for text in [&b"x"[..], b" 0", b"0 ", b"0x10", b"-", b"18446744073709551616"] {
        assert_eq!(decode_cursor(text, 3), None, "{}", text.escape_ascii());
    }
}
