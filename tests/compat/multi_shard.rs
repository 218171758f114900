//! Commands whose keys live on several shards.
//!
//! With seven shards, a dozen keys of one letter meet every mixture of here and elsewhere.

use testkit::compare::Pace;
use testkit::normalise::{SAME_KIND, UNORDERED};
use testkit::script;
use testkit::script::Step;

use crate::{STAGE, check};

#[test]
fn reading_and_writing_many() {
    check(&script![
        "MGET a b c d e f g h i j k l",
        "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 i 9 j 10 k 11 l 12",
        "MGET a b c d e f g h i j k l",
        "MGET l k j i h g f e d c b a",
        "MGET a a b a",
        "MGET a none b none",
        "MSET a x a y b x a z",
        "MGET a b",
        "MSET a 1 b",
        "MSET a 1 b 2 c",
        "mset {t}1 x {t}2 y {u}1 z",
        "MGET {t}1 {t}2 {u}1",
        "MSET \"\" empty \"\\x00\" zero",
        "MGET \"\" \"\\x00\"",
        "MSETNX a 1 new 2",
        "EXISTS new",
        "MSETNX new 1 newer 2 newest 3",
        "MGET new newer newest",
        "MSETNX new 5",
        "MSETNX x 1 x 2 y 3",
        "MGET x y",
        "MSETNX p 1 q",
        "EXISTS p q",
        "DBSIZE",
    ]);
}

#[test]
fn counting_many() {
    check(&script![
        "MSET a 1 b 2 c 3 d 4 e 5 f 6 g 7 h 8 i 9 j 10 k 11 l 12",
        "EXISTS a b c d e f g h i j k l m",
        "EXISTS a a a b b m m",
        "TOUCH a b c d e f g h i j k l m a",
        "DEL a b c none",
        "DEL a b c",
        "DEL d d e d",
        "UNLINK f g f none",
        "DBSIZE",
        "KEYS *" => UNORDERED,
        "UNLINK h i j k l",
        "DBSIZE",
        "KEYS *",
    ]);
}

#[test]
fn names_change_over_all_pairs_of_shards() {
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h", "{a}x"];
    let mut steps = Vec::new();
    for from in keys {
        for to in keys {
            let lines = [
                format!("SET {from} one EX 1000"),
                format!("RENAME {from} {to}"),
                format!("MGET {from} {to}"),
                format!("PERSIST {to}"),
                format!("RENAMENX {to} {from}"),
                format!("SET {from} two"),
                format!("SET {to} three"),
                format!("RENAMENX {from} {to}"),
                format!("COPY {from} {to}"),
                format!("COPY {from} {to} REPLACE"),
                format!("COPY {from} {to} DB 1 REPLACE"),
                format!("MGET {from} {to}"),
                format!("LCS {from} {to} IDX WITHMATCHLEN"),
                format!("MSETNX {from} x {to} y"),
                format!("DEL {from}"),
                format!("RENAME {from} {to}"),
                format!("COPY {from} {to} REPLACE"),
                format!("MSETNX {from} 1 {to} 2"),
                format!("DEL {from} {to}"),
                format!("MSETNX {from} 1 {to} 2"),
                "KEYS *".into(),
                format!("DEL {from} {to}"),
            ];
            let by = |line: String| match line.as_str() {
                "KEYS *" => Step::from(line).by(&UNORDERED),
                _ => Step::from(line),
            };
            steps.extend(lines.map(by));
        }
    }
    check(&steps);
    STAGE.check_at(Pace { depth: 200, cuts: None }, "pipelined", &steps);
}

#[test]
fn errors_leave_everything_as_it_was() {
    check(&script![
        "MSET a 1 b 2 c 3",
        "MSET a 9 b 9 c",
        "MSETNX d 9 b 9 e 9",
        "RENAME none a",
        "COPY a b DB 99 REPLACE",
        "COPY a b wrong",
        "LCS a b wrong",
        "LCS a b LEN IDX",
        "MGET",
        "MGET a b c d e",
        "SWAPDB 0 99",
        "FLUSHALL wrong",
        "DBSIZE",
    ]);
}

#[test]
fn keys_and_random_keys() {
    let mut steps = script![
        "RANDOMKEY",
        "KEYS *",
        "SET only 1",
        "RANDOMKEY",
        "KEYS *",
        "MSET one 1 two 2 three 3 four 4 five 5 six 6 seven 7 \"a*b\" 8 \"a\\\\b\" 9 \"\" 10",
        "RANDOMKEY" => SAME_KIND,
        "MSET h[llo 1 hello 2 hallo 3 hxllo 4 h-llo 5 \"h\\xffllo\" 6 HELLO 7 {t}a 8 {t}b 9",
        "SELECT 1",
        "RANDOMKEY",
        "KEYS *",
        "SELECT 0",
    ];
    for pattern in [
        "*",
        "**",
        "?",
        "t*",
        "*e",
        "*e*",
        "o?e",
        "[ot]*",
        "[^ot]*",
        "[a-m]*",
        "h[a-e]llo",
        "h[^a]llo",
        "h[e-a]llo",
        "h[-x]llo",
        "h[[]llo",
        "h?llo",
        "h\\\\[llo",
        "a\\\\*b",
        "a*b",
        "a\\\\\\\\b",
        "",
        "h[",
        "h[a",
        "[",
        "\\\\",
        "nothing",
        "only",
        "only*",
        "{t}*",
        "{t}?",
        "{t}a",
        "*{*",
        "h[\\xff]llo",
        "hello\\x00",
        "*l*l*",
        "*************z",
    ] {
        steps.push(Step::from(format!("KEYS \"{pattern}\"")).by(&UNORDERED));
    }
    check(&steps);
}

#[test]
fn many_keys_in_one_command() {
    let keys: Vec<String> = (0..2000).map(|number| format!("key:{number}")).collect();
    let pairs = keys.iter().flat_map(|key| [key.clone(), format!("value of {key}")]);
    let with = |name: &str, words: Vec<String>| {
        Step::words(&std::iter::once(name.to_owned()).chain(words).collect::<Vec<_>>())
    };
    let pairs: Vec<String> = pairs.collect();
    check(&[
        with("MSET", pairs.clone()),
        with("MGET", keys.clone()),
        with("EXISTS", keys.clone()),
        with("MSETNX", pairs.clone()),
        with("TOUCH", keys.clone()),
        "DBSIZE".into(),
        with("DEL", keys[..1000].to_vec()),
        with("UNLINK", keys.clone()),
        "DBSIZE".into(),
        with("MSETNX", pairs),
        with("MGET", keys),
        "FLUSHALL".into(),
    ]);
}
