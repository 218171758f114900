//! Who waits is served by whatever makes the key a list, in order, and by nothing else.

use super::check_everywhere;

#[test]
fn any_way_to_a_list_will_do() {
    for way in [
        &["LPUSH K:q 1"][..],
        &["RPUSH K:q 1 2 3", "LPUSHX K:q 0"],
        &["RPUSH K:other 1 2", "RENAME K:other K:q"],
        &["RPUSH K:other 1 2", "RENAMENX K:other K:q"],
        &["RPUSH K:other 1 2", "COPY K:other K:q"],
        &["RPUSH K:other 1 2", "SET K:q x", "COPY K:other K:q REPLACE"],
        &["SELECT 1", "RPUSH K:q 1", "MOVE K:q 0"],
        &["SELECT 1", "RPUSH K:q 1 2", "COPY K:q K:q DB 0"],
        &["SELECT 1", "RPUSH K:q 1 2", "SWAPDB 0 1"],
        &["SELECT 1", "RPUSH K:q 1 2", "SWAPDB 1 0", "LLEN K:q", "SELECT 0"],
        &["RPUSH K:other 1 2", "LMOVE K:other K:q LEFT LEFT"],
        &["RPUSH K:other 1 2", "RPOPLPUSH K:other K:q"],
        &["RPUSH K:other 1 2", "BLMOVE K:other K:q RIGHT LEFT 0"],
        &["MULTI", "RPUSH K:q 1", "EXEC"],
        &["MULTI", "RPUSH K:q 1 2", "LPOP K:q", "EXEC"],
        &["MULTI", "SET K:x y", "RPUSH K:other 1 2", "RENAME K:other K:q", "DBSIZE", "EXEC"],
        &["MULTI", "DBSIZE", "RPUSH K:q 1 2", "EXEC"],
        &["SET K:q x", "DEL K:q", "RPUSH K:q 1"],
        &["SADD K:q x", "FLUSHALL", "RPUSH K:q 1"],
        &["MULTI", "RPUSH K:q 1", "DEL K:q", "EXEC", "RPUSH K:q 2"],
        &["MULTI", "RPUSH K:q 1", "RENAME K:q K:q2", "EXEC", "RENAME K:q2 K:q"],
    ] {
        for command in [
            "@b> BLPOP K:q 0",
            "@b> BRPOP K:none K:q 0",
            "@b> BLMPOP 0 2 K:none K:q LEFT COUNT 10",
            "@b> BLMOVE K:q K:to LEFT RIGHT 0",
            "@b> BRPOPLPUSH K:q K:q 0",
        ] {
            let mut script = vec!["FLUSHALL", "SELECT 0", command, "blocked 1"];
            script.extend(way);
            let end = ["@b<", "blocked 0", "SELECT 0", "LRANGE K:q 0 -1", "LRANGE K:to 0 -1"];
            script.extend(end);
            check_everywhere(&script);
        }
    }
}

#[test]
fn nothing_else_will() {
    check_everywhere(&[
        "@b> BLPOP K:q K:p 0",
        "blocked 1",
        "SET K:q x",
        "APPEND K:q y",
        "SADD K:p x",
        "DEL K:q K:p",
        "LPUSHX K:q 1",
        "MULTI",
        "RPUSH K:q 1",
        "LPOP K:q",
        "EXEC",
        "MULTI",
        "RPUSH K:q 1",
        "SET K:q x",
        "EXEC",
        "SELECT 1",
        "RPUSH K:q other",
        "SELECT 0",
        "FLUSHDB",
        "blocked 1",
        "RPUSH K:p at-last",
        "@b<",
        "SELECT 1",
        "LLEN K:q",
    ]);
}

#[test]
fn who_came_first_is_served_first() {
    check_everywhere(&[
        "@b> BLPOP K:q 0",
        "blocked 1",
        "@c> BRPOP K:p K:q 0",
        "blocked 2",
        "@d> BLMOVE K:q K:to LEFT RIGHT 0",
        "blocked 3",
        "@e> BLPOP K:q K:p 0",
        "blocked 4",
        "RPUSH K:q 1",
        "@b<",
        "RPUSH K:q 2",
        "@c<",
        "RPUSH K:q 3",
        "@d<",
        "RPUSH K:q 4",
        "@e<",
        "blocked 0",
        "LRANGE K:to 0 -1",
    ]);
    check_everywhere(&[
        "@b> BLPOP K:q 0",
        "blocked 1",
        "@c> BRPOP K:p K:q 0",
        "blocked 2",
        "@d> BLMOVE K:q K:to LEFT RIGHT 0",
        "blocked 3",
        "@e> BLMPOP 0 2 K:q K:p LEFT COUNT 3",
        "blocked 4",
        "@f> BLPOP K:q 0",
        "blocked 5",
        "RPUSH K:q 1 2 3 4 5 6",
        "@b<",
        "@c<",
        "@d<",
        "@e<",
        "blocked 1",
        "LLEN K:q",
        "RPUSH K:q 7 8",
        "@f<",
        "LRANGE K:q 0 -1",
        "LRANGE K:to 0 -1",
    ]);
}

#[test]
fn one_who_is_served_serves_the_next() {
    check_everywhere(&[
        "@b> BLMOVE K:a K:b LEFT RIGHT 0",
        "blocked 1",
        "@c> BLMOVE K:b K:c LEFT RIGHT 0",
        "blocked 2",
        "@d> BRPOPLPUSH K:c K:a 0",
        "blocked 3",
        "@e> BLPOP K:a 0",
        "blocked 4",
        "RPUSH K:a round",
        "@b<",
        "@c<",
        "@d<",
        "@e<",
        "blocked 0",
        "DBSIZE",
    ]);
}

/// Whoever asks next finds the list as it is when all were served.
#[test]
fn nobody_sees_what_was_meant_for_another() {
    check_everywhere(&[
        "@b> BLPOP K:q 0",
        "blocked 1",
        "RPUSH K:q 1",
        "LLEN K:q",
        "LRANGE K:q 0 -1",
        "@b<",
        "@b> BLPOP K:p K:q 0",
        "blocked 1",
        "RPUSH K:q 1",
        "LPOP K:q",
        "@b<",
        "@b> BLMOVE K:q K:to LEFT LEFT 0",
        "blocked 1",
        "RPUSH K:q 1",
        "EXISTS K:q",
        "@b<",
        "LRANGE K:to 0 -1",
        "@b> BLMPOP 0 2 K:p K:q LEFT",
        "blocked 1",
        "MULTI",
        "RPUSH K:q 1",
        "LLEN K:q",
        "EXEC",
        "MGET K:q K:p K:to",
        "@b<",
    ]);
}

#[test]
fn a_destination_of_another_type_is_an_error_then() {
    check_everywhere(&[
        "SET K:s x",
        "@b> BLMOVE K:q K:s LEFT RIGHT 0",
        "blocked 1",
        "@c> BLPOP K:q 0",
        "blocked 2",
        "@d> BRPOPLPUSH K:q K:s 0",
        "blocked 3",
        "RPUSH K:q 1 2",
        "@b<",
        "@c<",
        "@d<",
        "blocked 0",
        "LRANGE K:q 0 -1",
        "GET K:s",
    ]);
}

#[test]
fn a_key_that_is_named_twice_is_waited_for_once() {
    check_everywhere(&[
        "@b> BLPOP K:q K:q K:p K:q 0",
        "blocked 1",
        "RPUSH K:q 1 2",
        "@b<",
        "blocked 0",
        "RPUSH K:q 3",
        "LRANGE K:q 0 -1",
    ]);
}

/// On one shard the key that was filled first is the one that counts, as in 7.0.
#[test]
fn several_keys_that_one_exec_fills() {
    check_everywhere(&[
        "@b> BLPOP {t}1 {t}2 {t}3 0",
        "blocked 1",
        "MULTI",
        "SET {t}1 x",
        "RPUSH {t}3 c",
        "RPUSH {t}2 b",
        "DEL {t}1",
        "RPUSH {t}1 a",
        "EXEC",
        "@b<",
        "LLEN {t}1",
        "LLEN {t}2",
        "LLEN {t}3",
    ]);
}
