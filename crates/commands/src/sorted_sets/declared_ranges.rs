//! Ranges of ranks, scores and members.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, block, double, integer, key, one_of, string, token};
use command::flags::{DENYOOM, FAST, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, OW, RO, RW, UPDATE, one};
use command::{Group, Spec};

use super::range;
use crate::{Command, Run, own_db};

const SORTBY: Arg =
    one_of("sortby", &[token("byscore", "BYSCORE"), token("bylex", "BYLEX")]).optional();
const REV: Arg = token("rev", "REV").optional();
const LIMIT: Arg =
    block("offset_count", &[integer("offset"), integer("count")]).token("LIMIT").optional();
const WITHSCORES: Arg = token("withscores", "WITHSCORES").optional();

const LOGARITHMIC: &str = "O(log N) in a sorted set of N members.";
const OF_RANGE: &str = "O(log N + M) for M members of N.";

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("ZRANGE", Group::SortedSet, AtLeast(4))
        .since("1.2.0")
        .summary("Answers the members of a range of ranks, scores or members.")
        .complexity(OF_RANGE)
        .history(&[("6.2.0", "Knows REV, BYSCORE, BYLEX and LIMIT.")])
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            string("start"),
            string("stop"),
            SORTBY.since("6.2.0"),
            REV.since("6.2.0"),
            LIMIT.since("6.2.0"),
            WITHSCORES,
        ])
        .run(Run::Shard(range::zrange)),
    Spec::new("ZREVRANGE", Group::SortedSet, AtLeast(4))
        .since("1.2.0")
        .deprecated("6.2.0")
        .replaced_by("`ZRANGE` with the `REV` argument")
        .summary("Answers the members of a range of ranks, the highest score first.")
        .complexity(OF_RANGE)
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("start"), integer("stop"), WITHSCORES])
        .run(Run::Shard(range::zrevrange)),
    Spec::new("ZRANGEBYSCORE", Group::SortedSet, AtLeast(4))
        .since("1.0.5")
        .deprecated("6.2.0")
        .replaced_by("`ZRANGE` with the `BYSCORE` argument")
        .summary("Answers the members whose scores lie in a range.")
        .complexity(OF_RANGE)
        .history(&[("2.0.0", "Knows WITHSCORES.")])
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), double("min"), double("max"), WITHSCORES.since("2.0.0"), LIMIT])
        .run(Run::Shard(range::zrangebyscore)),
    Spec::new("ZREVRANGEBYSCORE", Group::SortedSet, AtLeast(4))
        .since("2.2.0")
        .deprecated("6.2.0")
        .replaced_by("`ZRANGE` with the `REV` and `BYSCORE` arguments")
        .summary("Answers the members whose scores lie in a range, the highest first.")
        .complexity(OF_RANGE)
        .history(&[("2.1.6", "Ends may be left out themselves.")])
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), double("max"), double("min"), WITHSCORES, LIMIT])
        .run(Run::Shard(range::zrevrangebyscore)),
    Spec::new("ZRANGEBYLEX", Group::SortedSet, AtLeast(4))
        .since("2.8.9")
        .deprecated("6.2.0")
        .replaced_by("`ZRANGE` with the `BYLEX` argument")
        .summary("Answers the members that lie in a range themselves, if all scores are equal.")
        .complexity(OF_RANGE)
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("min"), string("max"), LIMIT])
        .run(Run::Shard(range::zrangebylex)),
    Spec::new("ZREVRANGEBYLEX", Group::SortedSet, AtLeast(4))
        .since("2.8.9")
        .deprecated("6.2.0")
        .replaced_by("`ZRANGE` with the `REV` and `BYLEX` arguments")
        .summary("Answers the members that lie in a range themselves, the last one first.")
        .complexity(OF_RANGE)
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("max"), string("min"), LIMIT])
        .run(Run::Shard(range::zrevrangebylex)),
    Spec::new("ZRANGESTORE", Group::SortedSet, AtLeast(5))
        .since("6.2.0")
        .summary("Sets a key to a part of a sorted set.")
        .complexity(OF_RANGE)
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), one(RO | ACCESS, 2)])
        .args(&[
            key("dst"),
            key("src").key_spec(1),
            string("min"),
            string("max"),
            SORTBY,
            REV,
            LIMIT,
        ])
        .run(Run::Together { run: range::zrangestore, db_of: own_db }),
    Spec::new("ZCOUNT", Group::SortedSet, Exactly(4))
        .since("2.0.0")
        .summary("Counts the members whose scores lie in a range.")
        .complexity(LOGARITHMIC)
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), double("min"), double("max")])
        .run(Run::Shard(range::zcount)),
    Spec::new("ZLEXCOUNT", Group::SortedSet, Exactly(4))
        .since("2.8.9")
        .summary("Counts the members that lie in a range themselves, if all scores are equal.")
        .complexity(LOGARITHMIC)
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("min"), string("max")])
        .run(Run::Shard(range::zlexcount)),
    Spec::new("ZREMRANGEBYRANK", Group::SortedSet, Exactly(4))
        .since("2.0.0")
        .summary("Takes the members of a range of ranks out of a sorted set.")
        .complexity(OF_RANGE)
        .flags(WRITE)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), integer("start"), integer("stop")])
        .run(Run::Shard(range::zremrangebyrank)),
    Spec::new("ZREMRANGEBYSCORE", Group::SortedSet, Exactly(4))
        .since("1.2.0")
        .summary("Takes the members whose scores lie in a range out of a sorted set.")
        .complexity(OF_RANGE)
        .flags(WRITE)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), double("min"), double("max")])
        .run(Run::Shard(range::zremrangebyscore)),
    Spec::new("ZREMRANGEBYLEX", Group::SortedSet, Exactly(4))
        .since("2.8.9")
        .summary("Takes the members that lie in a range out, if all scores are equal.")
        .complexity(OF_RANGE)
        .flags(WRITE)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), string("min"), string("max")])
        .run(Run::Shard(range::zremrangebylex)),
];
