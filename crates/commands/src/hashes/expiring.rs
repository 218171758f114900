//! Hash commands of Redis 7.4 and 8.0, about fields that expire: what is declared of them.

use command::Arity::AtLeast;
use command::acl_category as acl;
use command::arg::{Arg, block, integer, key, one_of, string, token, unix_time};
use command::flags::{DENYOOM, FAST, READONLY, WRITE};
use command::key_spec::{ACCESS, DELETE, RO, RW, UPDATE, one};
use command::tips::NONDETERMINISTIC_OUTPUT;
use command::{Group, Spec};

use super::{expire, ttl, with_expiry};
use crate::{Command, Run};

const FIELDS: Arg =
    block("fields", &[integer("numfields"), string("field").many()]).token("FIELDS");

const CONDITION: Arg = one_of(
    "condition",
    &[token("nx", "NX"), token("xx", "XX"), token("gt", "GT"), token("lt", "LT")],
)
.optional();

const fn setting(name: &'static str, summary: &'static str) -> Spec {
    Spec::new(name, Group::Hash, AtLeast(6))
        .since("7.4.0")
        .summary(summary)
        .complexity("O(N) for N fields.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(const { &[one(RW | UPDATE, 1)] })
}

const fn asking(name: &'static str, summary: &'static str) -> Spec {
    Spec::new(name, Group::Hash, AtLeast(5))
        .since("7.4.0")
        .summary(summary)
        .complexity("O(N) for N fields.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::HASH | acl::FAST)
        .keys(const { &[one(RO | ACCESS, 1)] })
        .args(const { &[key("key"), FIELDS] })
}

/// The declarations.
pub static COMMANDS: &[Command] = &[
    setting("HEXPIRE", "Lets fields expire after so many seconds.")
        .args(&[key("key"), integer("seconds"), CONDITION, FIELDS])
        .run(Run::Shard(expire::hexpire)),
    setting("HPEXPIRE", "Lets fields expire after so many milliseconds.")
        .args(&[key("key"), integer("milliseconds"), CONDITION, FIELDS])
        .run(Run::Shard(expire::hpexpire)),
    setting("HEXPIREAT", "Lets fields expire at a moment, in seconds of Unix time.")
        .args(&[key("key"), unix_time("unix-time-seconds"), CONDITION, FIELDS])
        .run(Run::Shard(expire::hexpireat)),
    setting("HPEXPIREAT", "Lets fields expire at a moment, in milliseconds of Unix time.")
        .args(&[key("key"), unix_time("unix-time-milliseconds"), CONDITION, FIELDS])
        .run(Run::Shard(expire::hpexpireat)),
    asking("HTTL", "Answers after how many seconds fields will expire.")
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .run(Run::Shard(ttl::httl)),
    asking("HPTTL", "Answers after how many milliseconds fields will expire.")
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .run(Run::Shard(ttl::hpttl)),
    asking("HEXPIRETIME", "Answers when fields will expire, in seconds of Unix time.")
        .run(Run::Shard(ttl::hexpiretime)),
    asking("HPEXPIRETIME", "Answers when fields will expire, in milliseconds of Unix time.")
        .run(Run::Shard(ttl::hpexpiretime)),
    Spec::new("HPERSIST", Group::Hash, AtLeast(5))
        .since("7.4.0")
        .summary("Lets fields never expire.")
        .complexity("O(N) for N fields.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), FIELDS])
        .run(Run::Shard(expire::hpersist)),
    Spec::new("HGETDEL", Group::Hash, AtLeast(5))
        .since("8.0.0")
        .summary("Answers the values of fields and takes the fields out.")
        .complexity("O(N) for N fields.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key"), FIELDS])
        .run(Run::Shard(with_expiry::hgetdel)),
    Spec::new("HGETEX", Group::Hash, AtLeast(5))
        .since("8.0.0")
        .summary("Answers the values of fields and may change when they expire.")
        .complexity("O(N) for N fields.")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1).notes("RW and UPDATE because it changes the TTL")])
        .args(&[
            key("key"),
            one_of(
                "expiration",
                &[
                    integer("seconds").token("EX"),
                    integer("milliseconds").token("PX"),
                    unix_time("unix-time-seconds").token("EXAT"),
                    unix_time("unix-time-milliseconds").token("PXAT"),
                    token("persist", "PERSIST"),
                ],
            )
            .optional(),
            FIELDS,
        ])
        .run(Run::Shard(with_expiry::hgetex)),
    Spec::new("HSETEX", Group::Hash, AtLeast(6))
        .since("8.0.0")
        .summary("Sets fields and may say when they expire.")
        .complexity("O(N) for N fields.")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HASH | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[
            key("key"),
            one_of("condition", &[token("fnx", "FNX"), token("fxx", "FXX")]).optional(),
            one_of(
                "expiration",
                &[
                    integer("seconds").token("EX"),
                    integer("milliseconds").token("PX"),
                    unix_time("unix-time-seconds").token("EXAT"),
                    unix_time("unix-time-milliseconds").token("PXAT"),
                    token("keepttl", "KEEPTTL"),
                ],
            )
            .optional(),
            block(
                "fields",
                &[integer("numfields"), block("data", &[string("field"), string("value")]).many()],
            )
            .token("FIELDS"),
        ])
        .run(Run::Shard(with_expiry::hsetex)),
];
