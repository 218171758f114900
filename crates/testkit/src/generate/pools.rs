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
const SECONDS: &[&str] = &["1000", "2000", "5000", "100000"];
const WRONG_SECONDS: &[&str] =
    &["0", "-1", "x", "9223372036854775807", "-9223372036854775808", "1.5", ""];
const MILLISECONDS: &[&str] = &["1000000", "2000000", "7777777"];
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
const COPY_OPTIONS: &[&str] = &["REPLACE", "DB 1", "DB 0", "DB 16", "DB x", "wrong", "replace"];
const FLUSH_OPTIONS: &[&str] = &["SYNC", "ASYNC", "wrong"];

/// A word from the pool of this name.
pub(super) fn word(pool: &str, prng: &mut Prng) -> Vec<u8> {
    let words = match pool {
        "key" => KEYS,
        "value" => VALUES,
        "integer" => INTEGERS,
        "float" => FLOATS,
        "nothing" => &[""],
        "index" => INDEXES,
        "offset" => OFFSETS,
        "seconds" => mostly(SECONDS, WRONG_SECONDS, prng),
        "milliseconds" => mostly(MILLISECONDS, WRONG_SECONDS, prng),
        "moment" => mostly(MOMENTS, WRONG_MOMENTS, prng),
        "moment-ms" => mostly(MOMENTS_MS, WRONG_MOMENTS, prng),
        "database" => mostly(DATABASES, WRONG_DATABASES, prng),
        "pattern" => PATTERNS,
        "set-option" => SET_OPTIONS,
        "getex-option" => GETEX_OPTIONS,
        "expire-option" => EXPIRE_OPTIONS,
        "lcs-option" => LCS_OPTIONS,
        "copy-option" => COPY_OPTIONS,
        "flush-option" => FLUSH_OPTIONS,
        "pair-option" => return pair(prng),
        other => panic!("a form has the hole {other:?}, for which there is no pool"),
    };
    words[index(words.len(), prng)].as_bytes().to_vec()
}

/// An index below `count`.
pub(super) fn index(count: usize, prng: &mut Prng) -> usize {
    let index = prng.below(count as u64);
    usize::try_from(index).expect("an index below a usize fits one")
}

/// The good words five times of six, else the wrong ones.
fn mostly(
    good: &'static [&'static str],
    wrong: &'static [&'static str],
    prng: &mut Prng,
) -> &'static [&'static str] {
    if prng.below(6) == 0 { wrong } else { good }
}

/// A key and a value for MSET, in one filling.
fn pair(prng: &mut Prng) -> Vec<u8> {
    // The filling is split at spaces, so neither may hold one; now and then the value is missing.
    let mut pair = word("key", prng);
    if prng.below(12) != 0 {
        pair.push(b' ');
        pair.extend(word("value", prng).into_iter().filter(|&byte| byte != b' '));
    }
    pair
}
