//! BZPOPMIN, BZPOPMAX and BZMPOP: at once, later, and never.

use testkit::script;

use super::check_everywhere;
use crate::check;

const COMMANDS: &[&str] = &[
    "BZPOPMIN k 0.01",
    "BZPOPMAX k 0.01",
    "BZPOPMIN none k other 0.01",
    "BZPOPMAX {k}1 k {k}2 0.01",
    "BZMPOP 0.01 1 k MIN",
    "BZMPOP 0.01 2 none k MAX COUNT 2",
    "BZMPOP 0.01 2 {k}1 k MIN COUNT 100",
];

#[test]
fn there_is_something_or_nothing() {
    let mut steps = Vec::new();
    for command in COMMANDS {
        for pairs in ["1 x", "1 x 2.5 y 3 z", "inf a -inf b 0 c 0 d"] {
            steps.extend(script!["FLUSHALL", format!("ZADD k {pairs}"), *command]);
            steps.extend(script!["ZRANGE k 0 -1 WITHSCORES", "DBSIZE"]);
        }
        steps.extend(script!["FLUSHALL", *command, "MULTI", *command, "EXEC", "DBSIZE"]);
        steps.extend(script!["SET k x", *command, "DEL k", "SADD k x", *command]);
        let patient = command.replace("0.01", "0");
        steps.extend(script!["FLUSHALL", "MULTI", patient.clone(), "ZADD k 1 a", patient, "EXEC"]);
    }
    check(&steps);
}

#[test]
fn words_and_errors() {
    check(&script![
        "BZPOPMIN",
        "BZPOPMIN k",
        "BZPOPMIN k x",
        "BZPOPMAX k -1",
        "SET text 1",
        "BZPOPMIN text x",
        "BZPOPMIN none text 0.01",
        "BZMPOP",
        "BZMPOP 0 1 k",
        "BZMPOP x 1 k MIN",
        "BZMPOP x 1 k wrong",
        "BZMPOP x 0 k MIN",
        "BZMPOP x 1 k MIN COUNT 0",
        "BZMPOP -1 1 k MIN",
        "BZMPOP 0.01 2 k MIN",
        "BZMPOP 0.01 1 k MIN COUNT",
        "BZMPOP 0.01 1 text MIN",
    ]);
}

#[test]
fn any_way_to_a_sorted_set_will_do() {
    for way in [
        &["ZADD K:q 1 a"][..],
        &["ZADD K:q 1 a 2 b 3 c"],
        &["ZINCRBY K:q 5 a"],
        &["ZADD K:o 1 a 2 b", "RENAME K:o K:q"],
        &["ZADD K:o 1 a 2 b", "COPY K:o K:q"],
        &["ZADD K:o 1 a 2 b", "ZRANGESTORE K:q K:o 0 -1"],
        &["ZADD K:o 1 a 2 b", "ZUNIONSTORE K:q 2 K:o K:none"],
        &["SADD K:o a b", "ZINTERSTORE K:q 1 K:o"],
        &["SELECT 1", "ZADD K:q 1 a", "MOVE K:q 0"],
        &["SELECT 1", "ZADD K:q 1 a 2 b", "SWAPDB 0 1"],
        &["MULTI", "ZADD K:q 1 a 2 b", "ZPOPMIN K:q", "EXEC"],
        &["SET K:q x", "DEL K:q", "ZADD K:q 1 a"],
        &["RPUSH K:q x", "FLUSHALL", "ZADD K:q 1 a"],
        &["MULTI", "ZADD K:q 1 a", "DEL K:q", "EXEC", "ZADD K:q 2 b"],
    ] {
        for command in [
            "@b> BZPOPMIN K:q 0",
            "@b> BZPOPMAX K:none K:q 0",
            "@b> BZMPOP 0 2 K:none K:q MAX COUNT 2",
        ] {
            let mut script = vec!["FLUSHALL", "SELECT 0", command, "blocked 1"];
            script.extend(way);
            script.extend(["@b<", "blocked 0", "SELECT 0", "ZRANGE K:q 0 -1 WITHSCORES"]);
            check_everywhere(&script);
        }
    }
}

#[test]
fn in_order_and_only_by_sorted_sets() {
    check_everywhere(&[
        "@b> BZPOPMIN K:q 0",
        "blocked 1",
        "@c> BZPOPMAX K:p K:q 0",
        "blocked 2",
        "@d> BLPOP K:q 0",
        "blocked 3",
        "@e> BZMPOP 0 1 K:q MIN COUNT 2",
        "blocked 4",
        "SADD K:q x",
        "DEL K:q",
        "SET K:p x",
        "DEL K:p",
        "blocked 4",
        "ZADD K:q 1 a",
        "@b<",
        "ZADD K:q 1 a 2 b 3 c 4 d",
        "@c<",
        "@e<",
        "ZRANGE K:q 0 -1",
        "DEL K:q",
        "RPUSH K:q list",
        "@d<",
        "blocked 0",
    ]);
}
