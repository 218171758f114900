//! SADD, SREM, SISMEMBER, SMISMEMBER, SMEMBERS, SCARD, SMOVE; and sets under commands for all keys.

use testkit::awkward::{INTEGERS, each_with};
use testkit::normalise::{NEWER_ENCODING, UNORDERED};
use testkit::script;
use testkit::script::Step;

use super::{KEYS, fill};
use crate::check;

#[test]
fn members_come_and_go() {
    check(&script![
        "SADD s",
        "SADD s a",
        "SADD s a",
        "SADD s a b a c",
        "SREM s",
        "SREM s x",
        "SREM s a a x",
        "SREM none a",
        "SMEMBERS s" => UNORDERED,
        "SMEMBERS none",
        "SMEMBERS s x",
        "SCARD s",
        "SCARD none",
        "SCARD",
        "SISMEMBER s b",
        "SISMEMBER s x",
        "SISMEMBER none x",
        "SISMEMBER s",
        "SMISMEMBER s b x c",
        "SMISMEMBER none b x",
        "SMISMEMBER s",
        "SREM s b c",
        "EXISTS s",
        "TYPE s",
        "SADD s 1",
        "SREM s 1 2",
        "TYPE s",
    ]);
}

#[test]
fn members_look_like_numbers() {
    let mut steps = each_with(&["SADD s ?", "SISMEMBER s ?", "SISMEMBER none ?"], INTEGERS);
    steps.push(Step::from("SMEMBERS s").by(&UNORDERED));
    steps.push(Step::from("DEBUG DIGEST"));
    steps.extend(each_with(&["SADD one ?", "SREM one ?", "EXISTS one"], INTEGERS));
    steps.extend(each_with(&["SREM s ?", "SCARD s"], INTEGERS));
    check(&steps);
}

#[test]
fn sets_of_every_encoding() {
    let mut steps = fill();
    for key in KEYS {
        for line in ["SCARD ?", "TYPE ?", "SISMEMBER ? 2", "SMISMEMBER ? m5 5 7 x", "TTL ?"] {
            steps.push(Step::from(line.replace('?', key)));
        }
        steps.push(Step::from(format!("SMEMBERS {key}")).by(&UNORDERED));
        steps.push(Step::from(format!("OBJECT ENCODING {key}")).by(&NEWER_ENCODING));
        steps.push(Step::from(format!("SREM {key} 2 m7 x 1.0 40000 nothing")));
        steps.push(Step::from(format!("SADD {key} 2 m7 new")));
    }
    steps.push(Step::from("DEBUG DIGEST"));
    for key in KEYS {
        steps.push(Step::from(format!("DEBUG DIGEST-VALUE {key}")));
        steps.push(Step::from(format!("DEL {key}")));
    }
    steps.push(Step::from("DBSIZE"));
    check(&steps);
}

#[test]
fn a_member_moves() {
    check(&script![
        "SADD a 1 2 x",
        "SADD b 2 3",
        "SET text 1",
        "SMOVE a b",
        "SMOVE a b none",
        "SMOVE none b 1",
        "SMOVE none text 1",
        "SMOVE a text none",
        "SMOVE a text 1",
        "SMOVE text a 1",
        "SMOVE text none 1",
        "SMOVE a b 1",
        "SMOVE a b 2",
        "SMOVE a a x",
        "SMOVE a a y",
        "SMOVE none none y",
        "SMOVE text text y",
        "SMOVE a c x",
        "EXISTS a",
        "SMEMBERS b" => UNORDERED,
        "SMEMBERS c",
        "OBJECT ENCODING b",
        "SMOVE c d x",
        "SMOVE b d 1",
        "SMEMBERS d" => UNORDERED,
        "PEXPIREAT b 99999999999999",
        "SMOVE b d 3",
        "PEXPIRETIME b",
    ]);
}

#[test]
fn commands_for_all_keys() {
    check(&script![
        "SADD s 1 2 x",
        "SADD big 1",
        "TYPE s",
        "COPY s t",
        "SADD t y",
        "SMEMBERS s" => UNORDERED,
        "SMEMBERS t" => UNORDERED,
        "COPY s t",
        "COPY s t REPLACE",
        "SMEMBERS t" => UNORDERED,
        "RENAME t u",
        "RENAMENX u s",
        "SMEMBERS u" => UNORDERED,
        "MOVE u 1",
        "COPY s u DB 1",
        "COPY s u DB 1 REPLACE",
        "SELECT 1",
        "SMEMBERS u" => UNORDERED,
        "SELECT 0",
        "EXPIRE s 1000",
        "SADD s z",
        "PERSIST s",
        "OBJECT REFCOUNT s",
        "OBJECT FREQ s",
        "SCAN 0 TYPE list COUNT 1000" => testkit::normalise::WALK_STEP,
        "TOUCH s none",
        "UNLINK s",
        "DEBUG DIGEST",
        "DEBUG DIGEST-VALUE s big",
    ]);
}

#[test]
fn commands_for_strings_refuse_sets() {
    let mut steps = script!["SADD s 1 2", "SET text 1"];
    for line in [
        "GET s",
        "GETSET s x",
        "GETDEL s",
        "GETEX s",
        "APPEND s x",
        "STRLEN s",
        "INCR s",
        "DECRBY s 2",
        "INCRBYFLOAT s 1",
        "GETRANGE s 0 1",
        "SUBSTR s 0 1",
        "SETRANGE s 0 x",
        "SETRANGE s 0 \"\"",
        "SETNX s x",
        "SET s x NX",
        "SET s x GET",
        "SET s x NX GET",
        "MGET s text",
        "MSETNX s 1 t 2",
        "LCS s text",
        "LCS none s",
        "SCARD s",
        "SCARD text",
        "SADD text x",
        "SREM text x",
        "SISMEMBER text x",
        "SMISMEMBER text x",
        "SMEMBERS text",
        "SPOP text",
        "SPOP text 1",
        "SPOP text 0",
        "SPOP text -1",
        "SRANDMEMBER text",
        "SRANDMEMBER text 0",
        "SRANDMEMBER text x",
        "SSCAN text 0",
        "SSCAN text x",
        "SET s x",
        "TYPE s",
    ] {
        steps.push(Step::from(line));
    }
    check(&steps);
}
