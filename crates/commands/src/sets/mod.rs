//! Set commands: what is declared of them.
//!
//! The handlers stand beside: `members` (what is about single members), `random` (SPOP and
//! SRANDMEMBER), `algebra` (SUNION and its kin), `store` (the same into a key), `scan`; `lookup` is
//! how they find sets.

mod algebra;
mod lookup;
mod members;
mod parts;
mod random;
mod scan;
mod store;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{integer, key, pattern, string};
use command::flags::{DENYOOM, FAST, MOVABLE_KEYS, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, INSERT, LAST, OW, RO, RW, UPDATE, counted, one, range};
use command::tips::{NONDETERMINISTIC_OUTPUT, NONDETERMINISTIC_OUTPUT_ORDER};
use command::{Group, Spec};

use crate::{Command, Run, no_check, own_db};

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("SADD", Group::Set, AtLeast(3))
        .since("1.0.0")
        .summary("Adds members to a set, which is created if it is missing.")
        .complexity("O(1) for each member.")
        .history(&[("2.4.0", "Takes several members.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::SET | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::sadd)),
    Spec::new("SREM", Group::Set, AtLeast(3))
        .since("1.0.0")
        .summary("Takes members out of a set; a set without members is deleted.")
        .complexity("O(N) for N members to be taken out.")
        .history(&[("2.4.0", "Takes several members.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SET | acl::FAST)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::srem)),
    Spec::new("SISMEMBER", Group::Set, Exactly(3))
        .since("1.0.0")
        .summary("Says whether something is a member of a set.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SET | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key"), string("member")])
        .run(Run::Shard(members::sismember)),
    Spec::new("SMISMEMBER", Group::Set, AtLeast(3))
        .since("6.2.0")
        .summary("Says of several things whether they are members of a set.")
        .complexity("O(N) for N things asked about.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SET | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("member").many()])
        .run(Run::Shard(members::smismember)),
    Spec::new("SMEMBERS", Group::Set, Exactly(2))
        .since("1.0.0")
        .summary("Answers all members of a set.")
        .complexity("O(N) for N members.")
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(members::smembers)),
    Spec::new("SCARD", Group::Set, Exactly(2))
        .since("1.0.0")
        .summary("Counts the members of a set.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::SET | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(members::scard)),
    Spec::new("SMOVE", Group::Set, Exactly(4))
        .since("1.0.0")
        .summary("Moves a member from one set to another.")
        .complexity("O(1).")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SET | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(RW | INSERT, 2)])
        .args(&[key("source"), key("destination").key_spec(1), string("member")])
        .run(Run::Together { run: members::smove, db_of: own_db }),
    Spec::new("SPOP", Group::Set, AtLeast(2))
        .since("1.0.0")
        .summary("Takes members out of a set by chance and answers them.")
        .complexity("O(1), or O(N) for a count of N.")
        .history(&[("3.2.0", "Takes a count.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::SET | acl::FAST)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), integer("count").since("3.2.0").optional()])
        .run(Run::Shard(random::spop)),
    Spec::new("SRANDMEMBER", Group::Set, AtLeast(2))
        .since("1.0.0")
        .summary("Answers members of a set by chance.")
        .complexity("O(1), or O(N) for a count of N or -N.")
        .history(&[("2.6.0", "Takes a count.")])
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("count").since("2.6.0").optional()])
        .run(Run::Shard(random::srandmember)),
    Spec::new("SUNION", Group::Set, AtLeast(2))
        .since("1.0.0")
        .summary("Answers the members of any of several sets.")
        .complexity("O(N) for N members in all of the sets.")
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[range(RO | ACCESS, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::GatherWhole {
            whole: algebra::sunion,
            check: no_check,
            part: parts::sunion_part,
            fold: parts::sunion_fold,
        }),
    Spec::new("SINTER", Group::Set, AtLeast(2))
        .since("1.0.0")
        .summary("Answers the members that several sets have in common.")
        .complexity("O(N*M) at worst, for N members of the smallest of M sets.")
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[range(RO | ACCESS, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::GatherWhole {
            whole: algebra::sinter,
            check: no_check,
            part: parts::sinter_part,
            fold: parts::sinter_fold,
        }),
    Spec::new("SINTERCARD", Group::Set, AtLeast(3))
        .since("7.0.0")
        .summary("Counts the members that several sets have in common.")
        .complexity("O(N*M) at worst, for N members of the smallest of M sets.")
        .flags(READONLY | MOVABLE_KEYS)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .keys(&[counted(RO | ACCESS, 1)])
        .args(&[integer("numkeys"), key("key").many(), integer("limit").token("LIMIT").optional()])
        .run(Run::GatherWhole {
            whole: algebra::sintercard,
            check: algebra::sintercard_check,
            part: parts::sinter_part,
            fold: parts::sintercard_fold,
        }),
    Spec::new("SDIFF", Group::Set, AtLeast(2))
        .since("1.0.0")
        .summary("Answers the members of a set that none of several others has.")
        .complexity("O(N) for N members in all of the sets.")
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[range(RO | ACCESS, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::GatherWhole {
            whole: algebra::sdiff,
            check: no_check,
            part: parts::sdiff_part,
            fold: parts::sdiff_fold,
        }),
    Spec::new("SUNIONSTORE", Group::Set, AtLeast(3))
        .since("1.0.0")
        .summary("Sets a key to the set of the members of any of several sets.")
        .complexity("O(N) for N members in all of the sets.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), range(RO | ACCESS, 2, LAST, 1)])
        .args(&[key("destination"), key("key").key_spec(1).many()])
        .run(Run::Together { run: store::sunionstore, db_of: own_db }),
    Spec::new("SINTERSTORE", Group::Set, AtLeast(3))
        .since("1.0.0")
        .summary("Sets a key to the set of the members that several sets have in common.")
        .complexity("O(N*M) at worst, for N members of the smallest of M sets.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::SET | acl::SLOW)
        .keys(&[one(RW | UPDATE, 1), range(RO | ACCESS, 2, LAST, 1)])
        .args(&[key("destination"), key("key").key_spec(1).many()])
        .run(Run::Together { run: store::sinterstore, db_of: own_db }),
    Spec::new("SDIFFSTORE", Group::Set, AtLeast(3))
        .since("1.0.0")
        .summary("Sets a key to the set of the members of a set that none of several others has.")
        .complexity("O(N) for N members in all of the sets.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::SET | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1), range(RO | ACCESS, 2, LAST, 1)])
        .args(&[key("destination"), key("key").key_spec(1).many()])
        .run(Run::Together { run: store::sdiffstore, db_of: own_db }),
    Spec::new("SSCAN", Group::Set, AtLeast(3))
        .since("2.8.0")
        .summary("Walks over the members of a set, some at a time.")
        .complexity("O(1) for a call, O(N) for a whole walk over N members.")
        .flags(READONLY)
        .acl(acl::READ | acl::SET | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            integer("cursor"),
            pattern("pattern").token("MATCH").optional(),
            integer("count").token("COUNT").optional(),
        ])
        .run(Run::Shard(scan::sscan)),
];
