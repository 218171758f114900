//! Fields that expire: the oracle knows none, so Redis 8.0 decides.

use testkit::awkward::{INTEGERS, each_with};
use testkit::compare::Comparison;
use testkit::matrix;
use testkit::normalise::NEAR_TIMES;
use testkit::oracle::Packaged;
use testkit::script;
use testkit::script::Step;

use crate::ways::{NEWER_DOCS, TREE};

/// Plays the script on Redis 8.0 and on a few of Shoal's cells.
#[track_caller]
fn check(script: &[Step]) {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards != 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(script);
}

/// The same with hashes as tables. The order of their fields means nothing, so no script shows it.
#[track_caller]
fn check_both(script: &[Step]) {
    check(script);
    let mut large = script!["CONFIG SET hash-max-listpack-entries 0"];
    large.extend(script.iter().cloned());
    check(&large);
}

/// The commands that came with Redis 7.4 and 8.0.
pub(crate) const ALL: &[&str] = &[
    "HEXPIRE",
    "HPEXPIRE",
    "HEXPIREAT",
    "HPEXPIREAT",
    "HTTL",
    "HPTTL",
    "HEXPIRETIME",
    "HPEXPIRETIME",
    "HPERSIST",
    "HGETDEL",
    "HGETEX",
    "HSETEX",
];

#[test]
fn descriptions() {
    let describe = |name: &&str| {
        let step = |what: &str| Step::from(format!("COMMAND {what} {name}"));
        [step("INFO").by(&TREE), step("DOCS").by(&NEWER_DOCS)]
    };
    check(&ALL.iter().chain(&["HSCAN"]).flat_map(describe).collect::<Vec<_>>());
}

#[test]
fn moments_of_fields() {
    check_both(&script![
        "HSET h a 1 b 2 c 3",
        "HEXPIRE h 100 FIELDS 2 a nope",
        "HEXPIRE none 100 FIELDS 2 a nope",
        "HTTL h FIELDS 4 a b nope a" => NEAR_TIMES,
        "HPTTL h FIELDS 1 a" => NEAR_TIMES,
        "HEXPIRETIME h FIELDS 2 a b" => NEAR_TIMES,
        "HPEXPIREAT h 4102444800001 FIELDS 2 a b",
        "HEXPIRETIME h FIELDS 2 a b",
        "HPEXPIRETIME h FIELDS 2 a b",
        "HEXPIREAT h 4102444800 FIELDS 1 a",
        "HEXPIRETIME h FIELDS 1 a",
        "HPEXPIRETIME h FIELDS 1 a",
        "DEBUG DIGEST-VALUE h",
        "HPERSIST h FIELDS 4 a b c nope",
        "HPERSIST h FIELDS 1 a",
        "HPERSIST none FIELDS 2 a b",
        "HTTL none FIELDS 2 a b",
        "DEBUG DIGEST-VALUE h",
        "HPEXPIREAT h 1 FIELDS 2 a nope",
        "HGET h a",
        "HEXPIRE h 0 FIELDS 2 b c",
        "EXISTS h",
    ]);
}

#[test]
fn conditions() {
    let mut steps = script!["HSET h a 1 b 2"];
    for moment in ["4102444800", "4102444900", "4102444700", "1"] {
        for condition in ["NX", "XX", "GT", "LT", "gt"] {
            steps.push(Step::from(format!("HEXPIREAT h {moment} {condition} FIELDS 3 a b nope")));
            steps.push(Step::from("HEXPIRETIME h FIELDS 2 a b"));
            steps.push(Step::from("HPERSIST h FIELDS 1 b"));
            steps.push(Step::from("HSETNX h b 2"));
            steps.push(Step::from("HSETNX h a 2"));
        }
    }
    check_both(&steps);
}

#[test]
fn small_hashes_are_kept_by_moment() {
    let mut steps = script!["HSET h a 1 b 2 c 3 d 4"];
    for line in [
        "HEXPIREAT h 4102444800 FIELDS 1 d",
        "HEXPIREAT h 4102444800 FIELDS 1 c",
        "HEXPIREAT h 4102444700 FIELDS 1 b",
        "HPERSIST h FIELDS 1 d",
        "HSET h c 9",
        "HEXPIREAT h 4102444900 FIELDS 4 a b c d",
        "HEXPIREAT h 4102444900 FIELDS 2 a c",
        "HSETEX h KEEPTTL FIELDS 2 c 7 e 8",
        "HPERSIST h FIELDS 2 a b",
        "HSETEX h EXAT 4102444800 FIELDS 3 x 1 a 2 y 3",
        "HGETEX h PXAT 4102444800500 FIELDS 2 e x",
        "HGETEX h PERSIST FIELDS 2 e x",
        "HINCRBY h a 5",
        "HINCRBYFLOAT h a 0.5",
        "HGETDEL h FIELDS 2 c y",
        "HSETNX h c 1",
        "COPY h i REPLACE",
        "RENAME i h",
    ] {
        steps.push(Step::from(line));
        for look in ["HGETALL h", "HPEXPIRETIME h FIELDS 5 a b c d e", "DEBUG DIGEST-VALUE h"] {
            steps.push(Step::from(look));
        }
        for look in ["HRANDFIELD h 100 WITHVALUES", "HSCAN h 0", "OBJECT ENCODING h"] {
            steps.push(Step::from(look));
        }
    }
    check(&steps);
}

#[test]
fn encodings() {
    let mut steps = Vec::new();
    for line in [
        "HEXPIRE h 100 FIELDS 1 a",
        "HEXPIRE h 100 XX FIELDS 1 a",
        "HEXPIRE h 100 FIELDS 1 nope",
        "HEXPIRE h 0 FIELDS 1 a",
        "HEXPIRE h x FIELDS 1 a",
        "HPERSIST h FIELDS 1 a",
        "HTTL h FIELDS 1 a",
        "HGETEX h FIELDS 1 a",
        "HGETEX h EX 100 FIELDS 1 nope",
        "HGETEX h PERSIST FIELDS 1 a",
        "HGETDEL h FIELDS 1 a",
        "HSETEX h FIELDS 1 a 1",
        "HSETEX h KEEPTTL FIELDS 1 a 1",
        "HSETEX h EX 100 FIELDS 1 a 1",
        "HSETEX h EX 0 FIELDS 1 a 1",
        "HSETEX h FNX EX 100 FIELDS 1 a 1",
    ] {
        steps.extend(script!["DEL h", "HSET h a 1 b 2"]);
        steps.push(Step::from(line));
        steps.push(Step::from("OBJECT ENCODING h"));
        let long = "x".repeat(65);
        steps.push(Step::from(format!("HSET h c {long}")));
        steps.push(Step::from("OBJECT ENCODING h"));
        steps.push(Step::from("DEL h"));
        steps.push(Step::from(line));
        steps.push(Step::from("OBJECT ENCODING h"));
    }
    for count in [510, 511, 512, 513] {
        let fields: String = (0..count).map(|number| format!(" f{number} v")).collect();
        steps.push(Step::from(format!("HSET many{count}{fields}")));
        steps.push(Step::from(format!("HEXPIRE many{count} 100 FIELDS 1 f7")));
        steps.push(Step::from(format!("HSETEX many{count} EX 100 FIELDS 2 x 1 y 2")));
        steps.push(Step::from(format!("OBJECT ENCODING many{count}")));
    }
    check(&steps);
}

#[test]
fn getting_with_an_expiry() {
    check_both(&script![
        "HSET h a 1 b 2 c 3",
        "HGETEX h FIELDS 2 a nope",
        "HGETEX h EX 100 FIELDS 2 a nope",
        "HTTL h FIELDS 2 a b" => NEAR_TIMES,
        "HGETEX h PERSIST FIELDS 2 a b",
        "HTTL h FIELDS 2 a b",
        "HGETEX h EXAT 4102444800 FIELDS 1 a",
        "HPEXPIRETIME h FIELDS 1 a",
        "HGETEX h pxat 4102444800001 fields 1 a",
        "HPEXPIRETIME h FIELDS 1 a",
        "HGETEX none EX 1 FIELDS 1 a",
        "EXISTS none",
        "HGETEX h PX 0 FIELDS 2 a b",
        "HLEN h",
        "HGETEX h PXAT 1 FIELDS 1 c",
        "EXISTS h",
        "HSET h a 1 b 2 c 3",
        "HGETDEL h FIELDS 2 a nope",
        "HGETDEL h FIELDS 2 a b",
        "HGETDEL none FIELDS 2 a b",
        "HGETDEL h FIELDS 2 c c",
        "EXISTS h",
    ]);
}

#[test]
fn setting_with_an_expiry() {
    check_both(&script![
        "HSETEX h FIELDS 1 a 1",
        "HSETEX h EX 100 FIELDS 2 a 1 b 2",
        "HTTL h FIELDS 2 a b" => NEAR_TIMES,
        "HSETEX h KEEPTTL FIELDS 2 a 1 c 2",
        "HTTL h FIELDS 3 a b c" => NEAR_TIMES,
        "HSETEX h FIELDS 1 a 3",
        "HTTL h FIELDS 3 a b c" => NEAR_TIMES,
        "HSETEX h FNX FIELDS 2 a 1 d 2",
        "HSETEX h FNX FIELDS 2 d 1 e 2",
        "HSETEX h FXX FIELDS 2 d 1 z 2",
        "HSETEX h FXX PXAT 4102444800001 FIELDS 2 d 5 e 6",
        "HPEXPIRETIME h FIELDS 3 d e z",
        "HMGET h a b c d e z",
        "HSETEX h EX 0 FIELDS 2 d 1 x 2",
        "HMGET h d x",
        "HSETEX none FXX FIELDS 1 a 1",
        "EXISTS none",
        "HSETEX none FNX PXAT 1 FIELDS 1 a 1",
        "EXISTS none",
        "HSETEX h FIELDS 2 a 1 a 2",
        "HGET h a",
        "HSETEX h PXAT 1 FIELDS 4 a 1 b 1 c 1 e 1",
        "EXISTS h",
        "HSETEX h FNX FIELDS 2 a 1 a 2",
        "HGET h a",
    ]);
}

/// What is wrong whatever the key holds, or only where there are such fields.
const WRONG: &[&str] = &[
    "HEXPIRE ? x FIELDS 0 a",
    "HEXPIRE ? -1 NX XX 1 a",
    "HEXPIRE ? 99999999999999999 FIELDS 0 a",
    "HEXPIRE ? 10 NX XX FIELDS 1 a",
    "HEXPIRE ? 10 wrong FIELDS 1 a",
    "HEXPIRE ? 10 NX FIELDS",
    "HEXPIRE ? 10 NX FIELDS 1",
    "HEXPIRE ? 10 FIELDS 0 a",
    "HEXPIRE ? 10 FIELDS x a",
    "HEXPIRE ? 10 FIELDS 2 a",
    "HEXPIRE ? 10 FIELDS 1 a b",
    "HEXPIRE ? 10 FIELDS 1 a NX",
    "HEXPIRE ? 10 FIELDS 9223372036854775807 a",
    "HPEXPIRE ? 70368744177663 FIELDS 1 a",
    "HPEXPIREAT ? 70368744177664 FIELDS 1 a",
    "HPEXPIREAT ? 70368744177663 FIELDS 1 a",
    "HEXPIREAT ? 70368744178 FIELDS 1 a",
    "HEXPIREAT ? 70368744177 FIELDS 1 a",
    "HTTL ? WRONG 0 a",
    "HTTL ? FIELDS 0 a",
    "HTTL ? FIELDS x a",
    "HTTL ? FIELDS 2 a",
    "HTTL ? FIELDS 1",
    "HPTTL ? FIELDS 1 a b",
    "HEXPIRETIME ? WRONG 1 a",
    "HPEXPIRETIME ? FIELDS -1 a",
    "HPERSIST ? WRONG 0 a",
    "HPERSIST ? FIELDS 0 a",
    "HPERSIST ? FIELDS 2 a",
    "HGETDEL ? WRONG 0 a",
    "HGETDEL ? FIELDS 0 a",
    "HGETDEL ? FIELDS 2 a",
    "HGETEX ? WRONG 1 a",
    "HGETEX ? EX x FIELDS 1 a",
    "HGETEX ? EX -5 FIELDS 0 a",
    "HGETEX ? EX 5 FIELDS 0 a",
    "HGETEX ? EX 99999999999999999 FIELDS 1 a",
    "HGETEX ? EXAT 1 EX 1 FIELDS 1 a",
    "HGETEX ? KEEPTTL FIELDS 1 a",
    "HGETEX ? EX FIELDS 1 a",
    "HGETEX ? EX 1 FIELDS",
    "HGETEX ? PERSIST FIELDS 1",
    "HGETEX ? FIELDS 1 a EX 5",
    "HGETEX ? FIELDS 1 a b",
    "HSETEX ? FXX FNX FIELDS 1 a 1",
    "HSETEX ? FNX FNX FIELDS 1 a 1",
    "HSETEX ? EX 10 PX x FIELDS 1 a 1",
    "HSETEX ? EX x PX 1 FIELDS 1 a 1",
    "HSETEX ? KEEPTTL KEEPTTL FIELDS 1 a 1",
    "HSETEX ? EX 1 KEEPTTL FIELDS 1 a 1",
    "HSETEX ? EX -1 FIELDS 0 a 1",
    "HSETEX ? EX 99999999999999999 FIELDS 0 a 1",
    "HSETEX ? WRONG FIELDS 1 a 1",
    "HSETEX ? PERSIST FIELDS 1 a 1",
    "HSETEX ? \"wr\\x00ong\" FIELDS 1 a 1",
    "HSETEX ? FNX EX 10 FIELDS",
    "HSETEX ? EX 10 FNX FIELDS 1",
    "HSETEX ? FNX KEEPTTL FXX x",
    "HSETEX ? a b c d",
    "HSETEX ? FIELDS 1 a",
    "HSETEX ? FIELDS 2 a 1 b",
    "HSETEX ? FIELDS 1 a 1 b 2",
    "HSETEX ? FIELDS 0 a 1",
    "HSETEX ? FIELDS x a 1",
    "HSETEX ? FIELDS 2147483647 a 1",
    "HSETEX ? FIELDS 2147483648 a 1",
    "HSETEX ? FIELDS 1 a 1 EX 5",
    "HSETEX ? FIELDS 1 a 1",
];

#[test]
fn errors() {
    let mut steps = script!["SET s x", "HSET h a 1"];
    for line in WRONG {
        steps.extend(["h", "s", "none"].map(|key| Step::from(line.replace('?', key))));
    }
    for command in ALL {
        steps.push(Step::from(*command));
        steps.push(Step::from(format!("{command} h")));
        steps.push(Step::from(format!("{command} h FIELDS 1")));
    }
    let numbers = [
        "HEXPIREAT h ? FIELDS 1 nope",
        "HEXPIRE h ? FIELDS 1 nope",
        "HPERSIST h FIELDS ? nope",
        "HSETEX n EXAT ? FIELDS 1 a 1",
        "HGETEX h PX ? FIELDS 1 nope",
    ];
    steps.extend(each_with(&numbers, INTEGERS));
    check_both(&steps);
}

/// Expired fields that nobody has met are there for some commands and not for others.
#[test]
fn the_dead_among_the_living() {
    let mut steps = script!["DEBUG SET-ACTIVE-EXPIRE 0"];
    for line in [
        "HGET h a",
        "HMGET h a b c",
        "HSTRLEN h a",
        "HEXISTS h a",
        "HLEN h",
        "HSETNX h a 5",
        "HSET h a 5",
        "HINCRBY h a 5",
        "HINCRBYFLOAT h a 5",
        "HDEL h a b",
        "HTTL h FIELDS 2 a c",
        "HEXPIRE h 100 FIELDS 2 a c",
        "HPERSIST h FIELDS 2 a c",
        "HGETEX h FIELDS 2 a c",
        "HGETEX h PERSIST FIELDS 2 a c",
        "HGETDEL h FIELDS 2 a c",
        "HSETEX h FNX FIELDS 1 a 7",
        "HSETEX h FXX FIELDS 1 a 7",
        "HSETEX h FIELDS 1 a 7",
        "HGETALL h",
        "HKEYS h",
        "HVALS h",
        "HSCAN h 0",
        "HRANDFIELD h 10",
        "OBJECT ENCODING h",
        "TYPE h",
        "EXISTS h",
        "COPY h copy REPLACE",
    ] {
        for alive in ["c 3", ""] {
            steps.push(Step::from("DEL h"));
            steps.push(Step::from(format!("HSET h a 1 b 2 {alive}")));
            steps.push(Step::from("HPEXPIRE h 1 FIELDS 2 a b"));
            // The next command comes when the moment has passed.
            steps.push(Step::from("DEBUG SLEEP 0.003"));
            steps.push(Step::from(line));
            steps.push(Step::from("HLEN h"));
            steps.push(Step::from("EXISTS h"));
            steps.push(Step::from("HMGET h a b c"));
        }
    }
    check_both(&steps);
}

/// Redis 8.0 gives the new value the moment that has passed, so the field is gone.
#[test]
fn an_expired_field_is_made_anew() {
    crate::each_shoal(|server| {
        let mut client = server.client();
        client.line("DEBUG SET-ACTIVE-EXPIRE 0");
        client.pipeline(&["HSET h a 1 b 2", "HPEXPIRE h 1 FIELDS 1 a"]);
        client.cmd(&["DEBUG", "SLEEP", "0.003"]);
        client.pipeline(&["HSETEX h KEEPTTL FIELDS 1 a 7"]);
        assert_eq!(client.cmd(&["HGET", "h", "a"]).text(), "7");
        client.pipeline(&["DEBUG SET-ACTIVE-EXPIRE 1"]);
    });
}

/// Fields that nobody looks at vanish, and hashes with their last one.
#[test]
fn fields_vanish_by_themselves() {
    crate::each_shoal(|server| {
        let mut client = server.client();
        let fields: String = (0..2000).map(|number| format!(" f{number} v")).collect();
        client.pipeline(&[
            "HSETEX small PX 20 FIELDS 2 a 1 b 2".to_owned(),
            "HSET kept a 1 b 2".to_owned(),
            "HPEXPIRE kept 20 FIELDS 1 a".to_owned(),
            format!("HSETEX large PX 20 FIELDS 2000{fields}"),
        ]);
        let is_gone = |client: &mut testkit::Client| {
            let lengths = ["small", "kept", "large"].map(|key| client.cmd(&["HLEN", key]).int());
            lengths == [0, 1, 0]
        };
        let begun = std::time::Instant::now();
        while !is_gone(&mut client) {
            assert!(begun.elapsed().as_secs() < 60, "they do not vanish");
        }
        assert_eq!(client.cmd(&["EXISTS", "small", "large"]).int(), 0);
    });
}
