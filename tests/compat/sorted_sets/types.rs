//! Sorted sets under commands for all keys, and other types under theirs.

use testkit::script;
use testkit::script::Step;

use super::{ZSETS, each_key, fill};
use crate::check;

#[test]
fn commands_for_all_keys() {
    let mut steps = fill();
    steps.extend(each_key(
        ZSETS,
        &[
            "TYPE ?",
            "OBJECT ENCODING ?",
            "OBJECT REFCOUNT ?",
            "COPY ? copy",
            "COPY ? copy REPLACE",
            "OBJECT ENCODING copy",
            "ZADD copy 3 added",
            "ZRANK ? added",
            "ZCARD copy",
            "DEBUG DIGEST-VALUE ? copy",
            "RENAME copy other",
            "RENAMENX other ?",
            "MOVE other 1",
            "EXPIRE ? 1000",
            "ZADD ? 1 x",
            "TTL ?",
            "PERSIST ?",
        ],
    ));
    steps.extend(script![
        "SELECT 1",
        "ZRANGE other 0 3 WITHSCORES",
        "SELECT 0",
        "COPY m1000 m1000 DB 1",
        "SCAN 0 TYPE zset COUNT 1000" => testkit::normalise::WALK_STEP,
        "TOUCH few none",
        "DEBUG DIGEST",
        "UNLINK m1000 m129",
        "DEL few",
        "SET m128 x",
        "GET m128",
        "SADD lex x",
        "DBSIZE",
        "DEBUG DIGEST",
    ]);
    check(&steps);
}

#[test]
fn other_types_are_refused() {
    let mut steps = script!["ZADD z 1 a 2 b", "SET text 1", "SADD set a", "RPUSH list a"];
    for line in [
        "GET z",
        "APPEND z x",
        "INCR z",
        "SETRANGE z 0 x",
        "GETSET z x",
        "SADD z a",
        "SUNION set z",
        "SMOVE set z a",
        "LPUSH z a",
        "LRANGE z 0 -1",
        "MGET z text",
    ] {
        steps.push(Step::from(line));
    }
    for key in ["text", "set", "list"] {
        for line in [
            "ZADD ? 1 a",
            "ZINCRBY ? 1 a",
            "ZREM ? a",
            "ZCARD ?",
            "ZSCORE ? a",
            "ZMSCORE ? a",
            "ZRANK ? a",
            "ZREVRANK ? a",
            "ZRANGE ? 0 -1",
            "ZRANGE ? - + BYLEX",
            "ZREVRANGE ? 0 -1",
            "ZRANGEBYSCORE ? 0 1",
            "ZREVRANGEBYSCORE ? 0 1",
            "ZRANGEBYLEX ? - +",
            "ZREVRANGEBYLEX ? + -",
            "ZRANGESTORE z ? 0 -1",
            "ZCOUNT ? 0 1",
            "ZLEXCOUNT ? - +",
            "ZREMRANGEBYRANK ? 0 1",
            "ZREMRANGEBYSCORE ? 0 1",
            "ZREMRANGEBYLEX ? - +",
            "ZPOPMIN ?",
            "ZPOPMAX ? 1",
            "ZMPOP 2 ? z MIN",
            "ZRANDMEMBER ?",
            "ZRANDMEMBER ? 2",
            "ZSCAN ? 0",
            "ZUNION 2 z ?",
            "ZINTER 2 z ? WITHSCORES",
            "ZINTERCARD 2 ? z",
            "ZDIFF 2 z ?",
            "ZUNIONSTORE d 2 z ?",
            "ZINTERSTORE d 2 ? z",
            "ZDIFFSTORE d 2 z ?",
        ] {
            steps.push(Step::from(line.replace('?', key)));
        }
    }
    check(&steps);
}
