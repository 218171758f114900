//! String commands: what is declared of them.
//!
//! The handlers stand beside: `basic` (whole values), `counters` (values that are numbers),
//! `ranges` (parts of values, and their length), `multi` (several keys), `lcs`.

mod basic;
mod counters;
mod lcs;
mod multi;
mod ranges;
mod set_options;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{block, double, integer, key, one_of, string, token, unix_time};
use command::flags::{DENYOOM, FAST, READONLY, WRITE};
use command::key_spec::{
    ACCESS, DELETE, INSERT, LAST, OW, RO, RW, UPDATE, VARIABLE_FLAGS, one, range, set_keys,
};
use command::tips::{REQUEST_MULTI_SHARD, RESPONSE_AGG_MIN, RESPONSE_ALL_SUCCEEDED};
use command::{Group, Spec};

use crate::{Command, Run, no_check, own_db};

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("GET", Group::String, Exactly(2))
        .since("1.0.0")
        .summary("Answers the string at a key.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::STRING | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(basic::get)),
    Spec::new("SET", Group::String, AtLeast(3))
        .since("1.0.0")
        .summary("Sets a key to a string, whatever was there before.")
        .complexity("O(1).")
        .history(&[
            ("2.6.12", "Takes `EX`, `PX`, `NX` and `XX`."),
            ("6.0.0", "Takes `KEEPTTL`."),
            ("6.2.0", "Takes `GET`, `EXAT` and `PXAT`."),
            ("7.0.0", "Takes `NX` and `GET` together."),
        ])
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .keys(&[one(RW | ACCESS | UPDATE | VARIABLE_FLAGS, 1)
            .notes("RW and ACCESS due to the optional `GET` argument")])
        .special_keys(set_keys)
        .args(&[
            key("key"),
            string("value"),
            one_of("condition", &[token("nx", "NX"), token("xx", "XX")]).since("2.6.12").optional(),
            token("get", "GET").since("6.2.0").optional(),
            one_of(
                "expiration",
                &[
                    integer("seconds").token("EX").since("2.6.12"),
                    integer("milliseconds").token("PX").since("2.6.12"),
                    unix_time("unix-time-seconds").token("EXAT").since("6.2.0"),
                    unix_time("unix-time-milliseconds").token("PXAT").since("6.2.0"),
                    token("keepttl", "KEEPTTL").since("6.0.0"),
                ],
            )
            .optional(),
        ])
        .run(Run::Shard(basic::set)),
    Spec::new("GETDEL", Group::String, Exactly(2))
        .since("6.2.0")
        .summary("Answers the string at a key and deletes the key.")
        .complexity("O(1).")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1)])
        .args(&[key("key")])
        .run(Run::Shard(basic::getdel)),
    Spec::new("GETEX", Group::String, AtLeast(2))
        .since("6.2.0")
        .summary("Answers the string at a key and may change when the key expires.")
        .complexity("O(1).")
        .flags(WRITE | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
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
        ])
        .run(Run::Shard(basic::getex)),
    Spec::new("GETSET", Group::String, Exactly(3))
        .since("1.0.0")
        .summary("Sets the string at a key and answers the one that was there.")
        .complexity("O(1).")
        .deprecated("6.2.0")
        .replaced_by("`SET` with the `!GET` argument")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), string("value")])
        .run(Run::Shard(basic::getset)),
    Spec::new("SETEX", Group::String, Exactly(4))
        .since("2.0.0")
        .summary("Sets a key to a string that expires after so many seconds.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1)])
        .args(&[key("key"), integer("seconds"), string("value")])
        .run(Run::Shard(basic::setex)),
    Spec::new("PSETEX", Group::String, Exactly(4))
        .since("2.6.0")
        .summary("Sets a key to a string that expires after so many milliseconds.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .keys(&[one(OW | UPDATE, 1)])
        .args(&[key("key"), integer("milliseconds"), string("value")])
        .run(Run::Shard(basic::psetex)),
    Spec::new("SETNX", Group::String, Exactly(3))
        .since("1.0.0")
        .summary("Sets a key to a string, but only if the key does not exist.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(OW | INSERT, 1)])
        .args(&[key("key"), string("value")])
        .run(Run::Shard(basic::setnx)),
    Spec::new("INCR", Group::String, Exactly(2))
        .since("1.0.0")
        .summary("Adds one to the integer at a key; a missing key counts as zero.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key")])
        .run(Run::Shard(counters::incr)),
    Spec::new("INCRBY", Group::String, Exactly(3))
        .since("1.0.0")
        .summary("Adds a number to the integer at a key; a missing key counts as zero.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), integer("increment")])
        .run(Run::Shard(counters::incrby)),
    Spec::new("DECR", Group::String, Exactly(2))
        .since("1.0.0")
        .summary("Takes one from the integer at a key; a missing key counts as zero.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key")])
        .run(Run::Shard(counters::decr)),
    Spec::new("DECRBY", Group::String, Exactly(3))
        .since("1.0.0")
        .summary("Takes a number from the integer at a key; a missing key counts as zero.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), integer("decrement")])
        .run(Run::Shard(counters::decrby)),
    Spec::new("INCRBYFLOAT", Group::String, Exactly(3))
        .since("2.6.0")
        .summary("Adds a fraction to the number at a key; a missing key counts as zero.")
        .complexity("O(1).")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), double("increment")])
        .run(Run::Shard(counters::incrbyfloat)),
    Spec::new("APPEND", Group::String, Exactly(3))
        .since("2.0.0")
        .summary("Adds text to the end of a string, which is created if it is missing.")
        .complexity("O(1) amortized: a string that has to grow gets room to spare.")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::STRING | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("value")])
        .run(Run::Shard(ranges::append)),
    Spec::new("STRLEN", Group::String, Exactly(2))
        .since("2.2.0")
        .summary("Answers how many bytes the string at a key has.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::STRING | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(ranges::strlen)),
    Spec::new("GETRANGE", Group::String, Exactly(4))
        .since("2.4.0")
        .summary("Answers the bytes of a string between two positions.")
        .complexity("O(N) for N bytes answered; next to nothing for short pieces.")
        .flags(READONLY)
        .acl(acl::READ | acl::STRING | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("start"), integer("end")])
        .run(Run::Shard(ranges::getrange)),
    Spec::new("SUBSTR", Group::String, Exactly(4))
        .since("1.0.0")
        .summary("Answers the bytes of a string between two positions.")
        .complexity("O(N) for N bytes answered; next to nothing for short pieces.")
        .deprecated("2.0.0")
        .replaced_by("`GETRANGE`")
        .flags(READONLY)
        .acl(acl::READ | acl::STRING | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key"), integer("start"), integer("end")])
        .run(Run::Shard(ranges::substr)),
    Spec::new("SETRANGE", Group::String, Exactly(4))
        .since("2.2.0")
        .summary("Writes over a part of a string, padding it with zeros where it is too short.")
        .complexity("O(M) for M bytes written; next to nothing for short pieces.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), integer("offset"), string("value")])
        .run(Run::Shard(ranges::setrange)),
    Spec::new("MGET", Group::String, AtLeast(2))
        .since("1.0.0")
        .summary("Answers the strings at several keys.")
        .complexity("O(N) for N keys.")
        .flags(READONLY | FAST)
        .acl(acl::READ | acl::STRING | acl::FAST)
        .tips(&[REQUEST_MULTI_SHARD])
        .keys(&[range(RO | ACCESS, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::GatherWhole {
            whole: multi::mget,
            check: no_check,
            part: multi::mget_part,
            fold: multi::mget_fold,
        }),
    Spec::new("MSET", Group::String, AtLeast(3))
        .since("1.0.1")
        .summary("Sets several keys to a string each.")
        .complexity("O(N) for N keys.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_ALL_SUCCEEDED])
        .keys(&[range(OW | UPDATE, 1, LAST, 2)])
        .args(&[block("key_value", &[key("key"), string("value")]).many()])
        .run(Run::Scatter {
            check: multi::mset_check,
            part: multi::mset_part,
            fold: multi::mset_fold,
        }),
    Spec::new("MSETNX", Group::String, AtLeast(3))
        .since("1.0.1")
        .summary("Sets several keys to a string each, but only if none of them exists.")
        .complexity("O(N) for N keys.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::STRING | acl::SLOW)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_AGG_MIN])
        .keys(&[range(OW | INSERT, 1, LAST, 2)])
        .args(&[block("key_value", &[key("key"), string("value")]).many()])
        .run(Run::Together { run: multi::msetnx, db_of: own_db }),
    Spec::new("LCS", Group::String, AtLeast(3))
        .since("7.0.0")
        .summary("Finds the longest sequence of bytes that two strings have in common.")
        .complexity("O(N*M) for strings of N and M bytes.")
        .flags(READONLY)
        .acl(acl::READ | acl::STRING | acl::SLOW)
        .keys(&[range(RO | ACCESS, 1, 1, 1)])
        .args(&[
            key("key1"),
            key("key2"),
            token("len", "LEN").optional(),
            token("idx", "IDX").optional(),
            integer("len").token("MINMATCHLEN").optional(),
            token("withmatchlen", "WITHMATCHLEN").optional(),
        ])
        .run(Run::Gather { check: no_check, part: lcs::lcs_part, fold: lcs::lcs_fold }),
];
