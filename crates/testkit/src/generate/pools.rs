//! The words that generated lines are made of: few, so that lines meet, and many of them awkward.

use stdx::prng::Prng;

/// The keys; two pairs of them share a slot by their hash tags.
pub(super) const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "{t}1",
    "{t}2",
    "x{u}",
    "y{u}",
    "",
    "k\r\n",
    "{}z",
    "long:key:1",
];
/// The databases that lines select.
pub(super) const DATABASES: &[&str] = &["0", "1", "9"];

const WRONG_DATABASES: &[&str] = &["16", "-1", "x", "99999999999999999999"];
const VALUES: &[&str] = &[
    "v",
    "",
    "1",
    "-1",
    "10",
    "3.14",
    "hello world",
    "0x10",
    "ohmytext",
    "mynewtext",
    "\0\r\n",
    "9223372036854775807",
    "-9223372036854775808",
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHI",
    "1e5",
    "007",
    "20",
];
const MEMBERS: &[&str] = &[
    "1",
    "2",
    "3",
    "-7",
    "40000",
    "9223372036854775807",
    "007",
    "a",
    "b",
    "c",
    "",
    "\0\r\n",
    "hello world",
    "a member of more bytes than the 64 that are the most that a listpack takes",
];
const LIMIT_OPTIONS: &[&str] = &["LIMIT 0", "LIMIT 1", "LIMIT 2", "LIMIT -1", "LIMIT", "limit 9"];
const WALK_OPTIONS: &[&str] =
    &["COUNT 1000", "MATCH *", "MATCH [a-c]", "MATCH 4*", "COUNT 0", "COUNT x", "TYPE set"];
const SCORES: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "10",
    "1.5",
    "0.1",
    "-0.25",
    "inf",
    "-inf",
    "-0",
    "+5",
    "3.0e3",
    "1e17",
    "4611686018427387904",
    "123456789012345678",
    "0x1p3",
];
const WRONG_SCORES: &[&str] = &["nan", "abc", "", "1e400", " 1", "(1"];
const SCORE_ENDS: &[&str] = &[
    "-inf", "+inf", "-inf", "inf", "0", "1", "(1", "2", "(2", "10", "(inf", "(-inf", "1e999", " 1",
    "", "(", "x", "nan",
];
const LEX_ENDS: &[&str] =
    &["-", "+", "-", "+", "[a", "(a", "[b", "(c", "[1", "[", "(", "[hello", "x", "", "b"];
const ZADD_OPTIONS: &[&str] = &["NX", "XX", "GT", "LT", "CH", "INCR", "ch", "wrong"];
const ZRANGE_OPTIONS: &[&str] = &[
    "REV",
    "WITHSCORES",
    "LIMIT 0 2",
    "LIMIT 1 -1",
    "LIMIT -1 3",
    "LIMIT 2",
    "LIMIT x 1",
    "withscores",
    "BYLEX",
    "wrong",
];
const ZUNION_OPTIONS: &[&str] = &[
    "WITHSCORES",
    "WEIGHTS 2 -1",
    "WEIGHTS 0.1 inf",
    "WEIGHTS 1",
    "WEIGHTS 1 x",
    "AGGREGATE MIN",
    "AGGREGATE MAX",
    "aggregate sum",
    "AGGREGATE",
    "LIMIT 1",
    "wrong",
];
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "100",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "-9223372036854775809",
    "1.5",
    "abc",
    "",
    " 1",
    "1 ",
    "+1",
    "01",
    "-0",
];
const FLOATS: &[&str] = &[
    "0",
    "1",
    "-1.5",
    "0.1",
    "3.0e3",
    "1e-3",
    "-0.25",
    "5.0",
    "inf",
    "-inf",
    "nan",
    "abc",
    "",
    " 1",
    "0x1p3",
    "1e400",
    "123456789.123",
];
const INDEXES: &[&str] =
    &["0", "1", "2", "5", "-1", "-2", "-100", "100", "x", "-9223372036854775808"];
const OFFSETS: &[&str] = &["0", "1", "3", "8", "50", "-1", "536870911", "536870912", "x"];
const BITS: &[&str] =
    &["0", "1", "7", "8", "15", "63", "64", "100", "1000", "9", "3", "-1", "x", "4294967296"];
const FIELD_OPTIONS: &[&str] = &[
    "GET u8 0",
    "GET i5 3",
    "GET u63 #1",
    "GET i64 7",
    "SET u8 0 255",
    "SET i8 #2 -129",
    "SET u4 #3 20",
    "SET i64 3 -1",
    "SET u63 1 9223372036854775807",
    "INCRBY u8 0 100",
    "INCRBY i8 #1 -100",
    "INCRBY u2 5 1",
    "INCRBY i64 0 9223372036854775807",
    "INCRBY u1 900 1",
    "OVERFLOW WRAP",
    "OVERFLOW SAT",
    "OVERFLOW FAIL",
    "OVERFLOW wrong",
    "GET u64 0",
    "GET i0 0",
    "GET x8 0",
    "GET u8 -1",
    "SET u8 0 x",
    "SET u8 0",
    "get U8 0",
    "wrong",
];
const PLACES: &[&str] = &[
    "13.361389 38.115556",
    "15.087269 37.502669",
    "14 37",
    "14.5 37.9",
    "-0.1275 51.507",
    "-179.9 -40",
    "179.9 -40",
    "0 0",
    "180 85",
    "181 0",
    "x 1",
];
const MIDDLES: &[&str] = &[
    "FROMMEMBER a",
    "FROMMEMBER 2",
    "FROMLONLAT 14 37.5",
    "FROMLONLAT 179 -40",
    "FROMLONLAT 0 0",
    "FROMLONLAT x 0",
    "FROMMEMBER",
];
const AREAS: &[&str] = &[
    "BYRADIUS 200 km",
    "BYRADIUS 0 m",
    "BYRADIUS 9000 km",
    "BYBOX 400 200 km",
    "BYBOX 30000 30000 mi",
    "BYBOX 1 1",
    "BYRADIUS -1 m",
    "BYRADIUS 1 x",
];
const SEARCH_OPTIONS: &[&str] =
    &["ASC", "DESC", "WITHDIST", "WITHHASH", "WITHCOORD", "COUNT 2 ANY", "COUNT 0", "STOREDIST"];
/// What is written into the middle of a HyperLogLog.
const HOLES: &[&str] = &["\0", "\u{7f}", "@", "?", "\u{7f}\u{7f}\u{7f}", "\u{c2}\u{80}", "\x01"];
const WRONG_SECONDS: &[&str] =
    &["0", "-1", "x", "9223372036854775807", "-9223372036854775808", "1.5", ""];
const MOMENTS: &[&str] = &["4102444800", "4133980800", "4165516800"];
const WRONG_MOMENTS: &[&str] = &["0", "-1", "1", "x", "9223372036854775807"];
const MOMENTS_MS: &[&str] = &["4102444800000", "4133980800000", "4165516800000"];
const PATTERNS: &[&str] = &["*", "?", "[a-c]", "{t}*", "[^a]", "k*", "", "long:*:?", "\\a", "[z-"];
const SET_OPTIONS: &[&str] = &[
    "NX",
    "XX",
    "GET",
    "KEEPTTL",
    "EX 1000",
    "PX 1000000",
    "EXAT 4102444800",
    "PXAT 4102444800000",
    "EX 0",
    "EX -1",
    "PX x",
    "EX",
    "EX 9223372036854775807",
    "wrong",
    "nx",
    "get",
    "EXAT 0",
];
const GETEX_OPTIONS: &[&str] = &[
    "PERSIST",
    "EX 1000",
    "PX 1000000",
    "EXAT 4102444800",
    "PXAT 4102444800000",
    "EX 0",
    "PX -5",
    "EX x",
    "persist",
    "KEEPTTL",
    "NX",
    "EX",
];
const EXPIRE_OPTIONS: &[&str] = &["NX", "XX", "GT", "LT", "gt", "wrong"];
const LCS_OPTIONS: &[&str] =
    &["LEN", "IDX", "WITHMATCHLEN", "MINMATCHLEN 2", "MINMATCHLEN x", "wrong"];
const LPOS_OPTIONS: &[&str] = &[
    "RANK 1",
    "RANK 2",
    "RANK -1",
    "RANK -2",
    "RANK 0",
    "RANK x",
    "RANK -9223372036854775808",
    "COUNT 0",
    "COUNT 1",
    "COUNT 2",
    "COUNT -1",
    "MAXLEN 0",
    "MAXLEN 2",
    "MAXLEN x",
    "count",
    "wrong",
];
const LMPOP_OPTIONS: &[&str] = &["COUNT 1", "COUNT 2", "COUNT 100", "COUNT 0", "COUNT", "wrong"];
const COPY_OPTIONS: &[&str] = &["REPLACE", "DB 1", "DB 0", "DB 16", "DB x", "wrong", "replace"];
const RESTORE_OPTIONS: &[&str] = &[
    "REPLACE",
    "replace",
    "ABSTTL",
    "IDLETIME 5",
    "IDLETIME -1",
    "FREQ 7",
    "FREQ 256",
    "IDLETIME",
    "wrong",
];
/// What DUMP answers for a string, a list, a set of integers and one of texts; and a broken one.
const PAYLOADS: &[&[u8]] = &[
    b"\0\x05hello\n\0cr\xdfve4 \n",
    b"\x12\x01\x02\x12\x12\0\0\0\x03\0\x81a\x02\x01\x01\x84text\x05\xff\n\0\xea\x853#\xbdoe\x9f",
    b"\x0b\x0c\x02\0\0\0\x02\0\0\0\xff\xff\x05\0\n\0\x83W\xa6S\xf5\xbf\x13\xd5",
    b"\x02\x03\x04text\x01a\xc0\x05\n\0\x87.\xc9b\x1d\xb8\x18\x09",
    b"\0\x05hello\n\0cr\xdfve4 \0",
];
const FLUSH_OPTIONS: &[&str] = &["SYNC", "ASYNC", "wrong"];

/// Draws words from the pools.
#[derive(Debug)]
pub(super) struct Dice {
    prng: Prng,
    /// How many relative times were drawn.
    times: u64,
}

impl Dice {
    /// Dice that fall as this seed tells.
    pub(super) fn new(seed: u64) -> Self {
        Self { prng: Prng::new(seed), times: 0 }
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.prng.below(bound)
    }

    /// One of the words.
    pub(super) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let index = self.below(words.len() as u64);
        words[usize::try_from(index).expect("an index below a usize fits one")]
    }

    /// A word from the pool of this name.
    pub(super) fn word(&mut self, pool: &str) -> Vec<u8> {
        let words = match pool {
            "key" => KEYS,
            "value" => VALUES,
            "member" => MEMBERS,
            "score" if self.is_right() => SCORES,
            "score" => WRONG_SCORES,
            "score-end" => SCORE_ENDS,
            "lex-end" => LEX_ENDS,
            "zadd-option" => ZADD_OPTIONS,
            "zrange-option" => ZRANGE_OPTIONS,
            "zunion-option" => ZUNION_OPTIONS,
            "limit-option" => LIMIT_OPTIONS,
            "walk-option" => WALK_OPTIONS,
            "integer" => INTEGERS,
            "float" => FLOATS,
            "nothing" => &[""],
            "bit" => BITS,
            "field-option" => FIELD_OPTIONS,
            "hole" => HOLES,
            "place-option" => PLACES,
            "middle-option" => MIDDLES,
            "area-option" => AREAS,
            "search-option" => SEARCH_OPTIONS,
            "index" => INDEXES,
            "offset" => OFFSETS,
            "seconds" if self.is_right() => return self.seconds().to_string().into_bytes(),
            "milliseconds" if self.is_right() => {
                return (self.seconds() * 1000).to_string().into_bytes();
            }
            "seconds" | "milliseconds" => WRONG_SECONDS,
            "moment" if self.is_right() => MOMENTS,
            "moment-ms" if self.is_right() => MOMENTS_MS,
            "moment" | "moment-ms" => WRONG_MOMENTS,
            "database" if self.is_right() => DATABASES,
            "database" => WRONG_DATABASES,
            "pattern" => PATTERNS,
            "set-option" => SET_OPTIONS,
            "getex-option" => GETEX_OPTIONS,
            "expire-option" => EXPIRE_OPTIONS,
            "lcs-option" => LCS_OPTIONS,
            "lpos-option" => LPOS_OPTIONS,
            "lmpop-option" => LMPOP_OPTIONS,
            "copy-option" => COPY_OPTIONS,
            "flush-option" => FLUSH_OPTIONS,
            "restore-option" => RESTORE_OPTIONS,
            "payload" => {
                let index = self.below(PAYLOADS.len() as u64);
                return PAYLOADS[index as usize].to_vec();
            }
            "pair-option" => return self.pair("key"),
            "member-option" => return self.pair("member"),
            other => panic!("a form has the hole {other:?}, for which there is no pool"),
        };
        self.pick(words).as_bytes().to_vec()
    }

    /// Whether the next word is a right one: five times of six.
    fn is_right(&mut self) -> bool {
        self.below(6) != 0
    }

    /// A relative time that was not drawn before, a thousand seconds from every other one: whether
    /// it ends later than another must not depend on how fast a server plays the script.
    fn seconds(&mut self) -> u64 {
        // The factor and the modulus have no divisor in common, so no number comes twice in a row
        // of draws as long as the modulus.
        const MODULUS: u64 = 9973;
        let number = self.times * 4001 % MODULUS;
        self.times += 1;
        2000 + 1000 * number
    }

    /// A key and a value for MSET, or a field and a value for HSET, in one filling.
    fn pair(&mut self, pool: &str) -> Vec<u8> {
        // The filling is split at spaces, so neither may hold one; now and then the value is
        // missing.
        let mut pair = self.word(pool);
        pair.retain(|&byte| byte != b' ');
        if self.below(12) != 0 {
            pair.push(b' ');
            pair.extend(self.word("value").into_iter().filter(|&byte| byte != b' '));
        }
        pair
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Dice;

    #[test]
    fn relative_times_are_far_apart() {
        let mut dice = Dice::new(1);
        let times: BTreeSet<u64> = (0..5000).map(|_| dice.seconds()).collect();
        assert_eq!(times.len(), 5000);
        assert!(times.iter().all(|time| *time >= 2000 && time % 1000 == 0));
    }
}
