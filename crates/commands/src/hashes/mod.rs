//! Hash commands: what is declared of them.
//!
//! The handlers stand beside: `fields` (what is about single fields), `whole` (HGETALL and its
//! kin), `counters` (values that are numbers), `random` (HRANDFIELD), `scan`; `lookup` is how they
//! find hashes. Fields that expire came with Redis 7.4 and are declared in `expiring`: `expire`,
//! `ttl` and `with_expiry` have the handlers, `clauses` reads the words that they have in common.

mod clauses;
mod counters;
mod expire;
pub mod expiring;
mod fields;
mod lookup;
mod random;
mod scan;
mod ttl;
mod whole;
mod with_expiry;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{block, double, integer, key, pattern, string, token};
use command::flags::{DENYOOM, FAST, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, INSERT, RO, RW, UPDATE, one};
use command::tips::{NONDETERMINISTIC_OUTPUT, NONDETERMINISTIC_OUTPUT_ORDER};
use command::{Group, Spec};

use crate::{Command, Run};

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("HSET", Group::Hash, AtLeast(4))
        .since("2.0.0")
        .summary("Sets fields of a hash, which is created if it is missing.")
        .complexity("O(1) for each field.")
        .history(&[("4.0.0", "Takes several fields.")])
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), block("field_value", &[string("field"), string("value")]).many()])
        .run(Run::Shard(fields::hset)),
    Spec::new("HSETNX", Group::Hash, Exactly(4))
        .since("2.0.0")
        .summary("Sets a field of a hash if it is not there.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("field"), string("value")])
        .run(Run::Shard(fields::hsetnx)),
    Spec::new("HGET", Group::Hash, Exactly(3))
        .since("2.0.0")
        .summary("Answers the value of a field.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("field")])
        .run(Run::Shard(fields::hget)),
    Spec::new("HMSET", Group::Hash, AtLeast(4))
        .since("2.0.0")
        .summary("Sets fields of a hash, which is created if it is missing.")
        .complexity("O(N) for N fields.")
        .deprecated("4.0.0")
        .replaced_by("`HSET` with multiple field-value pairs")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), block("field_value", &[string("field"), string("value")]).many()])
        .run(Run::Shard(fields::hmset)),
    Spec::new("HMGET", Group::Hash, AtLeast(3))
        .since("2.0.0")
        .summary("Answers the values of several fields.")
        .complexity("O(N) for N fields asked for.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), string("field").many()])
        .run(Run::Shard(fields::hmget)),
    Spec::new("HDEL", Group::Hash, AtLeast(3))
        .since("2.0.0")
        .summary("Takes fields out of a hash; a hash without fields is deleted.")
        .complexity("O(N) for N fields to be taken out.")
        .history(&[("2.4.0", "Takes several fields.")])
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | DELETE, 1)])
        .args(&[key("key"), string("field").many()])
        .run(Run::Shard(fields::hdel)),
    Spec::new("HLEN", Group::Hash, Exactly(2))
        .since("2.0.0")
        .summary("Counts the fields of a hash.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(fields::hlen)),
    Spec::new("HSTRLEN", Group::Hash, Exactly(3))
        .since("3.2.0")
        .summary("Answers how many bytes the value of a field has.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key"), string("field")])
        .run(Run::Shard(fields::hstrlen)),
    Spec::new("HEXISTS", Group::Hash, Exactly(3))
        .since("2.0.0")
        .summary("Says whether a hash has a field.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key"), string("field")])
        .run(Run::Shard(fields::hexists)),
    Spec::new("HKEYS", Group::Hash, Exactly(2))
        .since("2.0.0")
        .summary("Answers the names of all fields of a hash.")
        .complexity("O(N) for N fields.")
        .flags(READONLY)
        .acl(acl::READ | acl::HASH | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(whole::hkeys)),
    Spec::new("HVALS", Group::Hash, Exactly(2))
        .since("2.0.0")
        .summary("Answers the values of all fields of a hash.")
        .complexity("O(N) for N fields.")
        .flags(READONLY)
        .acl(acl::READ | acl::HASH | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(whole::hvals)),
    Spec::new("HGETALL", Group::Hash, Exactly(2))
        .since("2.0.0")
        .summary("Answers all fields of a hash with their values.")
        .complexity("O(N) for N fields.")
        .flags(READONLY)
        .acl(acl::READ | acl::HASH | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(whole::hgetall)),
    Spec::new("HINCRBY", Group::Hash, Exactly(4))
        .since("2.0.0")
        .summary("Adds to the integer that the value of a field is; 0 if it is missing.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), string("field"), integer("increment")])
        .run(Run::Shard(counters::hincrby)),
    Spec::new("HINCRBYFLOAT", Group::Hash, Exactly(4))
        .since("2.6.0")
        .summary("Adds to the number that the value of a field is; 0 if it is missing.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), string("field"), double("increment")])
        .run(Run::Shard(counters::hincrbyfloat)),
    Spec::new("HRANDFIELD", Group::Hash, AtLeast(2))
        .since("6.2.0")
        .summary("Answers fields of a hash by chance.")
        .complexity("O(N) for N fields that are answered.")
        .flags(READONLY)
        .acl(acl::READ | acl::HASH | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            block("options", &[integer("count"), token("withvalues", "WITHVALUES").optional()])
                .optional(),
        ])
        .run(Run::Shard(random::hrandfield)),
    Spec::new("HSCAN", Group::Hash, AtLeast(3))
        .since("2.8.0")
        .summary("Walks over the fields of a hash, some at a time.")
        .complexity("O(1) for a call, O(N) for a whole walk over N fields.")
        .flags(READONLY)
        .acl(acl::READ | acl::HASH | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[
            key("key"),
            integer("cursor"),
            pattern("pattern").token("MATCH").optional(),
            integer("count").token("COUNT").optional(),
            token("novalues", "NOVALUES").optional(),
        ])
        .run(Run::Shard(scan::hscan)),
];
