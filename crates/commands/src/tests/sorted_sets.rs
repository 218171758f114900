//! Sorted set commands on one shard and on three; `a`, `b` and `c` live on different ones.

use super::harness::House;
use super::{script, script_on};

#[test]
fn members_come_and_go() {
    script(
        "ZADD z 1 a 2 b 3 c -> 3
         ZADD z 1 a 5 d -> 1
         ZADD z CH 9 a 5 d -> 1
         ZADD z NX 1 a 0 e -> 1
         ZADD z XX 7 a 1 f -> 0
         ZADD z GT CH 8 a 1 b -> 1
         ZADD z LT CH 9 a 1 b -> 1
         ZADD z INCR 2.5 b -> \"3.5\"
         ZADD z XX INCR 1 none -> nil
         ZADD none XX INCR 1 m -> nil
         ZADD none XX 1 m -> 0
         EXISTS none -> 0
         ZRANGE z 0 -1 WITHSCORES -> [\"e\" \"0\" \"c\" \"3\" \"b\" \"3.5\" \"d\" \"5\" \"a\" \"8\"]
         ZINCRBY z -8 a -> \"0\"
         ZRANK z e -> 1
         ZREVRANK z e -> 3
         ZRANK z e WITHSCORE -> [1 \"0\"]
         ZRANK z none WITHSCORE -> nil
         ZSCORE z b -> \"3.5\"
         ZMSCORE z b none -> [\"3.5\" nil]
         ZCARD z -> 5
         ZREM z a e none -> 2
         ZPOPMIN z -> [\"c\" \"3\"]
         ZPOPMAX z 5 -> [\"d\" \"5\" \"b\" \"3.5\"]
         EXISTS z -> 0
         ZADD z inf a
         ZINCRBY z -inf a -> ERR resulting score is not a number (NaN)
         TYPE z -> zset
         OBJECT ENCODING z -> \"listpack\"",
    );
}

#[test]
fn parts_of_sorted_sets() {
    script(
        "ZADD z 1 a 2 b 3 c 4 d
         ZRANGE z 1 2 -> [\"b\" \"c\"]
         ZRANGE z 0 1 REV -> [\"d\" \"c\"]
         ZREVRANGE z -2 -1 -> [\"b\" \"a\"]
         ZRANGE z (1 3 BYSCORE -> [\"b\" \"c\"]
         ZRANGE z +inf 2 BYSCORE REV LIMIT 1 2 -> [\"c\" \"b\"]
         ZRANGEBYSCORE z -inf +inf LIMIT 3 5 -> [\"d\"]
         ZRANGEBYSCORE z -inf +inf LIMIT -1 5 -> []
         ZRANGEBYLEX z [b (d -> [\"b\" \"c\"]
         ZREVRANGEBYLEX z + - LIMIT 0 2 -> [\"d\" \"c\"]
         ZCOUNT z (1 4 -> 3
         ZLEXCOUNT z - [c -> 3
         ZRANGESTORE a z 1 2 -> 2
         ZRANGE a 0 -1 -> [\"b\" \"c\"]
         ZRANGESTORE a z 9 9 -> 0
         EXISTS a -> 0
         ZREMRANGEBYRANK z 0 0 -> 1
         ZREMRANGEBYSCORE z 2 (3 -> 1
         ZREMRANGEBYLEX z [d + -> 1
         ZREMRANGEBYRANK z 0 -1 -> 1
         EXISTS z -> 0
         ZADD b 1 x
         ZMPOP 3 a b c MAX COUNT 2 -> [\"b\" [[\"x\" \"1\"]]]
         ZMPOP 3 a b c MAX -> nil",
    );
}

#[test]
fn several_together() {
    script(
        "ZADD a 1 x 2 y 3 z
         ZADD b 10 y 20 z
         SADD c z w
         ZUNION 2 a b -> [\"x\" \"y\" \"z\"]
         ZUNION 3 a b c WITHSCORES -> [\"w\" \"1\" \"x\" \"1\" \"y\" \"12\" \"z\" \"24\"]
         ZUNION 2 a b WEIGHTS 2 -1 AGGREGATE MIN WITHSCORES -> \
         [\"z\" \"-20\" \"y\" \"-10\" \"x\" \"2\"]
         ZINTER 3 a b c WITHSCORES -> [\"z\" \"24\"]
         ZINTER 2 a b AGGREGATE MAX WITHSCORES -> [\"y\" \"10\" \"z\" \"20\"]
         ZINTER 3 a b none -> []
         ZINTERCARD 2 a b -> 2
         ZINTERCARD 2 a b LIMIT 1 -> 1
         ZDIFF 2 a b WITHSCORES -> [\"x\" \"1\"]
         ZDIFF 3 a none c -> [\"x\" \"y\"]
         ZUNIONSTORE d 2 a b -> 3
         ZRANGE d 0 -1 WITHSCORES -> [\"x\" \"1\" \"y\" \"12\" \"z\" \"23\"]
         ZINTERSTORE d 2 a c WEIGHTS 1 7 -> 1
         ZSCORE d z -> \"10\"
         ZDIFFSTORE d 2 a a -> 0
         EXISTS d -> 0
         ZADD b inf x -inf q
         ZADD a -inf x
         ZUNION 2 a b WITHSCORES -> [\"q\" \"-inf\" \"x\" \"0\" \"y\" \"12\" \"z\" \"23\"]
         SET c 1
         ZUNION 2 a c NONSENSE -> WRONGTYPE Operation against a key holding the wrong kind of value
         ZUNION 2 a b NONSENSE -> ERR syntax error
         ZUNION 0 a -> ERR at least 1 input key is needed for 'zunion' command
         ZUNION 3 a b -> ERR syntax error",
    );
}

#[test]
fn other_types_are_refused() {
    let mut lines = String::from("SET str 1\n ZADD a 1 m\n");
    for request in [
        "ZADD str 1 x",
        "ZINCRBY str 1 x",
        "ZREM str x",
        "ZSCORE str x",
        "ZMSCORE str x",
        "ZCARD str",
        "ZRANK str x",
        "ZRANGE str 0 -1",
        "ZCOUNT str 0 1",
        "ZLEXCOUNT str - +",
        "ZRANGESTORE a str 0 -1",
        "ZREMRANGEBYRANK str 0 1",
        "ZPOPMIN str",
        "ZMPOP 2 none str MIN",
        "ZRANDMEMBER str 0",
        "ZSCAN str 0",
        "ZUNION 2 a str",
        "ZDIFFSTORE a 2 a str",
        "SADD a x",
        "GET a",
    ] {
        lines.push_str(request);
        lines.push_str(" -> WRONGTYPE Operation against a key holding the wrong kind of value\n");
    }
    script(&lines);
}

#[test]
fn limits_are_those_of_the_configuration() {
    let mut house = House::new(1);
    house.shards[0].zset_limits = keyspace::ZsetLimits { entries: 2, value: 4 };
    script_on(
        &mut house,
        "ZADD a 1 x 2 y
         OBJECT ENCODING a -> \"listpack\"
         ZADD a 3 z
         OBJECT ENCODING a -> \"skiplist\"
         ZADD b 1 abcde
         OBJECT ENCODING b -> \"skiplist\"
         ZUNIONSTORE c 1 a -> 3
         OBJECT ENCODING c -> \"skiplist\"
         ZREM a z
         OBJECT ENCODING a -> \"skiplist\"
         ZUNIONSTORE c 1 a -> 2
         OBJECT ENCODING c -> \"listpack\"
         ZRANGESTORE c a 0 -1 -> 2
         OBJECT ENCODING c -> \"listpack\"",
    );
}
