//! Members and their scores: adding, asking, taking out.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, block, double, integer, key, one_of, pattern, string, token};
use command::flags::{BLOCKING, DENYOOM, FAST, MOVABLE_KEYS, NOSCRIPT, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, RO, RW, UPDATE, counted, one, range};
use command::tips::NONDETERMINISTIC_OUTPUT;
use command::{Group, Spec};

use super::{add, blocking, members, pop, random, scan};
use crate::{Command, Run, own_db};

const CONDITION: Arg =
    one_of("condition", &[token("nx", "NX"), token("xx", "XX")]).since("3.0.2").optional();

const COMPARISON: Arg =
    one_of("comparison", &[token("gt", "GT"), token("lt", "LT")]).since("6.2.0").optional();

const WITHSCORE: Arg = token("withscore", "WITHSCORE").since("7.2.0").optional();

const WHERE: Arg = one_of("where", &[token("min", "MIN"), token("max", "MAX")]);

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("ZADD", Group::SortedSet, AtLeast(4))
        .since("1.2.0")
        .summary("Adds members to a sorted set, or gives them other scores.")
        .complexity("O(log N) for each member, in a sorted set of N.")
        .history(&[
            ("2.4.0", "Takes several members."),
            ("3.0.2", "Knows XX, NX, CH and INCR."),
            ("6.2.0", "Knows GT and LT."),
        ])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[
            key("key"),
            CONDITION,
            COMPARISON,
            token("change", "CH").since("3.0.2").optional(),
            token("increment", "INCR").since("3.0.2").optional(),
            block("score_member", &[double("score"), string("member")]).many(),
        ])
        .run(Run::Shard(add::zadd)),
    Spec::new("ZINCRBY", Group::SortedSet, Exactly(4))
        .since("1.2.0")
        .summary("Adds to the score of a member, which is 0 if it is missing.")
        .complexity("O(log N) in a sorted set of N members.")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), integer("increment"), string("member")])
        .run(Run::Shard(add::zincrby)),
    Spec::new("ZREM", Group::SortedSet, AtLeast(3))
        .since("1.2.0")
        .summary("Takes members out of a sorted set; one without members is deleted.")
        .complexity("O(M*log N) for M members to be taken out of N.")
        .history(&[("2.4.0", "Takes several members.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::zrem)),
    Spec::new("ZCARD", Group::SortedSet, Exactly(2))
        .since("1.2.0")
        .summary("Counts the members of a sorted set.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(members::zcard)),
    Spec::new("ZSCORE", Group::SortedSet, Exactly(3))
        .since("1.2.0")
        .summary("Answers the score of a member.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member")])
        .run(Run::Shard(members::zscore)),
    Spec::new("ZMSCORE", Group::SortedSet, AtLeast(3))
        .since("6.2.0")
        .summary("Answers the scores of several members.")
        .complexity("O(N) for N members asked about.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::zmscore)),
    Spec::new("ZRANK", Group::SortedSet, AtLeast(3))
        .since("2.0.0")
        .summary("Answers how many members come before one.")
        .complexity("O(log N) in a sorted set of N members.")
        .history(&[("7.2.0", "Knows WITHSCORE.")])
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member"), WITHSCORE])
        .run(Run::Shard(members::zrank)),
    Spec::new("ZREVRANK", Group::SortedSet, AtLeast(3))
        .since("2.0.0")
        .summary("Answers how many members come behind one.")
        .complexity("O(log N) in a sorted set of N members.")
        .history(&[("7.2.0", "Knows WITHSCORE.")])
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member"), WITHSCORE])
        .run(Run::Shard(members::zrevrank)),
    Spec::new("ZPOPMIN", Group::SortedSet, AtLeast(2))
        .since("5.0.0")
        .summary("Takes the members with the lowest scores out and answers them.")
        .complexity("O(M*log N) for M members of N.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), integer("count").optional()])
        .run(Run::Shard(pop::zpopmin)),
    Spec::new("ZPOPMAX", Group::SortedSet, AtLeast(2))
        .since("5.0.0")
        .summary("Takes the members with the highest scores out and answers them.")
        .complexity("O(M*log N) for M members of N.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), integer("count").optional()])
        .run(Run::Shard(pop::zpopmax)),
    Spec::new("ZMPOP", Group::SortedSet, AtLeast(4))
        .since("7.0.0")
        .summary("Takes members out of the first of several sorted sets that there is.")
        .complexity("O(K)+O(M*log N) for K keys and M members of N.")
        .flags(WRITE | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW)
        .keys(&[counted(RW | ACCESS | DELETE, 1)])
        .args(&[
            integer("numkeys"),
            key("key").many(),
            WHERE,
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Together { run: pop::zmpop, db_of: own_db }),
    Spec::new("BZPOPMIN", Group::SortedSet, AtLeast(3))
        .since("5.0.0")
        .summary(
            "Takes the lowest member out of the first of several sorted sets, or waits for one.",
        )
        .complexity("O(log N) in a sorted set of N members.")
        .history(&[("6.0.0", "Takes fractions of a second.")])
        .flags(WRITE | NOSCRIPT | BLOCKING | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST | acl::BLOCKING)
        .keys(&[range(RW | ACCESS | DELETE, 1, -2, 1)])
        .args(&[key("key").many(), double("timeout")])
        .run(Run::Together { run: blocking::bzpopmin, db_of: own_db }),
    Spec::new("BZPOPMAX", Group::SortedSet, AtLeast(3))
        .since("5.0.0")
        .summary(
            "Takes the highest member out of the first of several sorted sets, or waits for one.",
        )
        .complexity("O(log N) in a sorted set of N members.")
        .history(&[("6.0.0", "Takes fractions of a second.")])
        .flags(WRITE | NOSCRIPT | BLOCKING | FAST)
        .acl(acl::WRITE | acl::SORTED_SET | acl::FAST | acl::BLOCKING)
        .keys(&[range(RW | ACCESS | DELETE, 1, -2, 1)])
        .args(&[key("key").many(), double("timeout")])
        .run(Run::Together { run: blocking::bzpopmax, db_of: own_db }),
    Spec::new("BZMPOP", Group::SortedSet, AtLeast(5))
        .since("7.0.0")
        .summary("Takes members out of the first of several sorted sets that there is, or waits.")
        .complexity("O(K)+O(M*log N) for K keys and M members of N.")
        .flags(WRITE | BLOCKING | MOVABLE_KEYS)
        .acl(acl::WRITE | acl::SORTED_SET | acl::SLOW | acl::BLOCKING)
        .keys(&[counted(RW | ACCESS | DELETE, 2)])
        .args(&[
            double("timeout"),
            integer("numkeys"),
            key("key").many(),
            WHERE,
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Together { run: blocking::bzmpop, db_of: own_db }),
    Spec::new("ZRANDMEMBER", Group::SortedSet, AtLeast(2))
        .since("6.2.0")
        .summary("Answers members of a sorted set by chance.")
        .complexity("O(N) for N members that are answered.")
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            block("options", &[integer("count"), token("withscores", "WITHSCORES").optional()])
                .optional(),
        ])
        .run(Run::Shard(random::zrandmember)),
    Spec::new("ZSCAN", Group::SortedSet, AtLeast(3))
        .since("2.8.0")
        .summary("Walks over the members of a sorted set and their scores, some at a time.")
        .complexity("O(1) for a call, O(N) for a whole walk over N members.")
        .flags(READONLY)
        .acl(acl::READ | acl::SORTED_SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            integer("cursor"),
            pattern("pattern").token("MATCH").optional(),
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Shard(scan::zscan)),
];
