//! Whatever the words, a handler answers one whole reply.

use proptest::prelude::{Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use resp::{Argv, decode};

use super::harness::House;
use crate::FAMILIES;

/// Words that mean something to some command, or nearly so.
const WORDS: &[&str] = &[
    "a",
    "b",
    "{a}c",
    "",
    "0",
    "1",
    "-1",
    "7",
    "00",
    "+1",
    "1.5",
    "1e400",
    "inf",
    "nan",
    "0x1p3",
    "x",
    "*",
    "[a-",
    "\\",
    "2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "1700000000001",
    "NX",
    "XX",
    "GT",
    "LT",
    "GET",
    "EX",
    "PX",
    "EXAT",
    "PXAT",
    "KEEPTTL",
    "PERSIST",
    "MATCH",
    "COUNT",
    "TYPE",
    "string",
    "DB",
    "REPLACE",
    "LEN",
    "IDX",
    "MINMATCHLEN",
    "WITHMATCHLEN",
    "SYNC",
    "ASYNC",
    "FREQ",
    "FIELDS",
    "FNX",
    "FXX",
    "WITHVALUES",
    "NOVALUES",
    "ENCODING",
    "LEFT",
    "RIGHT",
    "BEFORE",
    "AFTER",
    "RANK",
    "MAXLEN",
    "2",
    "LIMIT",
    "-3",
    "BIT",
    "SET",
    "INCRBY",
    "u8",
    "i64",
    "#1",
    "OVERFLOW",
    "FAIL",
    "AND",
    "NOT",
    "TODENSE",
    "FROMMEMBER",
    "FROMLONLAT",
    "BYRADIUS",
    "BYBOX",
    "km",
    "STOREDIST",
    "GETREG",
    "MIN",
    "WEIGHTS",
    "AGGREGATE",
    "WITHSCORES",
    "BYSCORE",
    "BYLEX",
    "REV",
    "INCR",
    "(1",
    "[a",
    "+",
];

fn words() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let names: Vec<&str> = FAMILIES.iter().copied().flatten().map(|it| it.spec.name).collect();
    let word = prop_oneof![
        8 => select(WORDS).prop_map(|word| word.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    (select(names), proptest::collection::vec(word, 0..7)).prop_map(|(name, mut words)| {
        words.insert(0, name.as_bytes().to_vec());
        words
    })
}

proptest! {
    #[test]
    fn any_words_are_answered(requests in proptest::collection::vec(words(), 1..40)) {
        for shards in [1, 3] {
            let mut house = House::new(shards);
            for shard in &mut house.shards {
                // Large strings are tested elsewhere; here they would only take time.
                shard.string_bytes_max = 4096;
            }
            for words in &requests {
                let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
                let reply = house.call(Argv::from_words(&words).as_args());
                let (_, length) = decode(&reply).expect("it is a reply").expect("it is whole");
                assert_eq!(length, reply.len(), "{words:?} has one reply");
            }
        }
    }
}
