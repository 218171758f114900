//! Single members: ZREM, ZSCORE, ZMSCORE, ZCARD, ZRANK, ZREVRANK, ZCOUNT of what is there.

use testkit::compare::Comparison;
use testkit::matrix;
use testkit::oracle::Packaged;
use testkit::script;

use super::{OTHERS, ZSETS, each_key, fill};
use crate::check;

#[test]
fn members_of_every_encoding() {
    let lines = [
        "ZCARD ?",
        "ZSCORE ? m5",
        "ZSCORE ? x",
        "ZSCORE ? none",
        "ZMSCORE ? m1 x none \"\" 007",
        "ZRANK ? m5",
        "ZRANK ? x",
        "ZREVRANK ? m5",
        "ZREVRANK ? none",
        "ZREM ? none m5 x m5",
        "ZREM ? m0 m1 m2 m3 m4 m6 m7",
        "ZRANK ? m9",
        "ZREM ? \"\" \"\\x00\\r\\n\" 007 +1 -0 1.0 7",
        "ZCARD ?",
        "EXISTS ?",
        "TYPE ?",
    ];
    let mut steps = fill();
    steps.extend(each_key(ZSETS, &lines));
    steps.extend(each_key(OTHERS, &lines));
    steps.extend(script!["DEBUG DIGEST"]);
    check(&steps);
}

#[test]
fn errors() {
    check(&script![
        "ZCARD",
        "ZCARD a b",
        "ZSCORE a",
        "ZSCORE a b c",
        "ZMSCORE a",
        "ZRANK a",
        "ZREVRANK a",
        "ZREM a",
        "ZREM none a",
        "ZADD a 1 b",
        "ZREM a b",
        "EXISTS a",
    ]);
}

/// The oracle does not know WITHSCORE yet.
#[test]
fn ranks_with_scores_as_redis_8_answers_them() {
    let cells = matrix::cells().into_iter().filter(|cell| cell.shards != 2);
    Comparison::of(env!("CARGO_BIN_EXE_shoal")).with(Packaged::Redis8).on(cells).check(&script![
        "ZADD z 1 a 2.5 b 3 c",
        "SET text 1",
        "ZRANK z b WITHSCORE",
        "ZREVRANK z c withscore",
        "ZRANK z none WITHSCORE",
        "ZRANK none a WITHSCORE",
        "ZREVRANK none a WITHSCORE",
        "ZRANK z none",
        "ZRANK text a WITHSCORE",
        "ZRANK z a x",
        "ZRANK text a x",
        "ZRANK z a WITHSCORE x",
        "ZREVRANK z a WITHSCORE x",
        "ZRANK z",
        "COMMAND INFO zrank zrevrank" => crate::ways::TREE,
    ]);
}
