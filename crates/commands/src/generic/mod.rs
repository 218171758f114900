//! Commands on keys, whatever their values are: what is declared of them.
//!
//! The handlers stand beside: `delete` (DEL, UNLINK, EXISTS, TOUCH), `rename`, `copy` (COPY, MOVE),
//! `scan` (KEYS, SCAN, RANDOMKEY), `expire` (all about time to live), `object` (TYPE, OBJECT),
//! `dump` (DUMP, RESTORE).

mod copy;
mod delete;
mod dump;
mod expire;
mod object;
pub mod rename;
pub(crate) mod scan;

pub use scan::{decode_cursor, encode_cursor};

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, integer, key, one_of, pattern, string, token, unix_time};
use command::flags::{DENYOOM, FAST, LOADING, READONLY, STALE, TOUCHES_ARBITRARY_KEYS, WRITE};
use command::key_spec::{ACCESS, DELETE, INSERT, LAST, OW, RM, RO, RW, UPDATE, one, range};
use command::tips::{
    NONDETERMINISTIC_OUTPUT, NONDETERMINISTIC_OUTPUT_ORDER, REQUEST_ALL_SHARDS,
    REQUEST_MULTI_SHARD, REQUEST_SPECIAL, RESPONSE_AGG_SUM,
};
use command::{Group, Spec};

use crate::{Command, Run, Walk, no_check, own_db};

const CONDITION: Arg = one_of(
    "condition",
    &[token("nx", "NX"), token("xx", "XX"), token("gt", "GT"), token("lt", "LT")],
)
.since("7.0.0")
.optional();

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("DEL", Group::Generic, AtLeast(2))
        .since("1.0.0")
        .summary("Deletes keys with their values.")
        .complexity("O(N) for N keys, and O(M) more for each value of M elements.")
        .flags(WRITE)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_AGG_SUM])
        .keys(&[range(RM | DELETE, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::Scatter { check: no_check, part: delete::del_part, fold: delete::count_fold }),
    Spec::new("UNLINK", Group::Generic, AtLeast(2))
        .since("4.0.0")
        .summary("Deletes keys at once and frees their values little by little.")
        .complexity("O(1) for each key; the memory comes back later.")
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_AGG_SUM])
        .keys(&[range(RM | DELETE, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::Scatter { check: no_check, part: delete::unlink_part, fold: delete::count_fold }),
    Spec::new("EXISTS", Group::Generic, AtLeast(2))
        .since("1.0.0")
        .summary("Counts how many of the named keys exist.")
        .complexity("O(N) for N keys.")
        .history(&[("3.0.3", "Takes several keys.")])
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_AGG_SUM])
        .keys(&[range(RO, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::Gather { check: no_check, part: delete::exists_part, fold: delete::count_fold }),
    Spec::new("TOUCH", Group::Generic, AtLeast(2))
        .since("3.2.1")
        .summary("Counts how many of the named keys exist and marks them as just used.")
        .complexity("O(N) for N keys.")
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .tips(&[REQUEST_MULTI_SHARD, RESPONSE_AGG_SUM])
        .keys(&[range(RO, 1, LAST, 1)])
        .args(&[key("key").many()])
        .run(Run::Scatter { check: no_check, part: delete::touch_part, fold: delete::count_fold }),
    Spec::new("TYPE", Group::Generic, Exactly(2))
        .since("1.0.0")
        .summary("Answers the type of the value at a key.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .keys(&[one(RO, 1)])
        .args(&[key("key")])
        .run(Run::Shard(object::type_of)),
    Spec::new("RENAME", Group::Generic, Exactly(3))
        .since("1.0.0")
        .summary("Gives a key another name, replacing a key that has it.")
        .complexity("O(1).")
        .flags(WRITE)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(OW | UPDATE, 2)])
        .args(&[key("key"), key("newkey").key_spec(1)])
        .run(Run::Together { run: rename::rename, db_of: own_db }),
    Spec::new("RENAMENX", Group::Generic, Exactly(3))
        .since("1.0.0")
        .summary("Gives a key another name, but only if no key has it.")
        .complexity("O(1).")
        .history(&[("3.2.0", "Accepts a key's own name as its new one.")])
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | ACCESS | DELETE, 1), one(OW | INSERT, 2)])
        .args(&[key("key"), key("newkey").key_spec(1)])
        .run(Run::Together { run: rename::renamenx, db_of: own_db }),
    Spec::new("COPY", Group::Generic, AtLeast(3))
        .since("6.2.0")
        .summary("Copies the value of a key to another key or another database.")
        .complexity("O(N) for a value of N elements, O(1) for a string.")
        .flags(WRITE | DENYOOM)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW)
        .keys(&[one(RO | ACCESS, 1), one(OW | UPDATE, 2)])
        .args(&[
            key("source"),
            key("destination").key_spec(1),
            integer("destination-db").token("DB").optional(),
            token("replace", "REPLACE").optional(),
        ])
        .run(Run::Together { run: copy::copy, db_of: copy::db_of_key }),
    Spec::new("MOVE", Group::Generic, Exactly(3))
        .since("1.0.0")
        .summary("Moves a key to another database.")
        .complexity("O(1).")
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | ACCESS | UPDATE, 1)])
        .args(&[key("key"), integer("db")])
        .run(Run::BetweenDbs(copy::move_key)),
    Spec::new("DUMP", Group::Generic, Exactly(2))
        .since("2.6.0")
        .summary("Answers the value of a key as bytes that RESTORE makes a value of.")
        .complexity("O(N) for a value of N bytes.")
        .flags(READONLY)
        .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(dump::dump)),
    Spec::new("RESTORE", Group::Generic, AtLeast(4))
        .since("2.6.0")
        .summary("Makes a key of bytes that DUMP has answered.")
        .complexity("O(N) for a value of N bytes.")
        .history(&[
            ("3.0.0", "Takes `REPLACE`."),
            ("5.0.0", "Takes `ABSTTL`."),
            ("5.0.0", "Takes `IDLETIME` and `FREQ`."),
        ])
        .flags(WRITE | DENYOOM)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW | acl::DANGEROUS)
        .keys(&[one(OW | UPDATE, 1)])
        .args(&[
            key("key"),
            integer("ttl"),
            string("serialized-value"),
            token("replace", "REPLACE").since("3.0.0").optional(),
            token("absttl", "ABSTTL").since("5.0.0").optional(),
            integer("seconds").token("IDLETIME").since("5.0.0").optional(),
            integer("frequency").token("FREQ").since("5.0.0").optional(),
        ])
        .run(Run::Shard(dump::restore)),
    Spec::new("KEYS", Group::Generic, Exactly(2))
        .since("1.0.0")
        .summary("Answers the names of all keys that match a pattern.")
        .complexity("O(N) for N keys in the database, the matching ones or not.")
        .flags(READONLY | TOUCHES_ARBITRARY_KEYS)
        .acl(acl::KEYSPACE | acl::READ | acl::SLOW | acl::DANGEROUS)
        .tips(&[REQUEST_ALL_SHARDS, NONDETERMINISTIC_OUTPUT_ORDER])
        .args(&[pattern("pattern")])
        .run(Run::EveryShard { part: scan::keys_part, fold: scan::keys_fold }),
    Spec::new("SCAN", Group::Generic, AtLeast(2))
        .since("2.8.0")
        .summary("Walks over the names of all keys, some at a time.")
        .complexity("O(1) for a call, O(N) for a whole walk over N keys.")
        .history(&[("6.0.0", "Takes `TYPE`.")])
        .flags(READONLY | TOUCHES_ARBITRARY_KEYS)
        .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
        .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_SPECIAL])
        .args(&[
            integer("cursor"),
            pattern("pattern").token("MATCH").optional(),
            integer("count").token("COUNT").optional(),
            string("type").token("TYPE").since("6.0.0").optional(),
        ])
        .run(Run::OneShard { walk: Walk::Cursor, part: scan::scan_part, fold: scan::scan_fold }),
    Spec::new("RANDOMKEY", Group::Generic, Exactly(1))
        .since("1.0.0")
        .summary("Answers the name of some key, chosen by chance.")
        .complexity("O(1).")
        .flags(READONLY | TOUCHES_ARBITRARY_KEYS)
        .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
        .tips(&[REQUEST_ALL_SHARDS, NONDETERMINISTIC_OUTPUT])
        .run(Run::OneShard {
            walk: Walk::Random,
            part: scan::randomkey_part,
            fold: scan::randomkey_fold,
        }),
    Spec::new("EXPIRE", Group::Generic, AtLeast(3))
        .since("1.0.0")
        .summary("Lets a key expire after so many seconds.")
        .complexity("O(1).")
        .history(&[("7.0.0", "Takes `NX`, `XX`, `GT` and `LT`.")])
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), integer("seconds"), CONDITION])
        .run(Run::Shard(expire::expire)),
    Spec::new("EXPIREAT", Group::Generic, AtLeast(3))
        .since("1.2.0")
        .summary("Lets a key expire at a moment given in Unix seconds.")
        .complexity("O(1).")
        .history(&[("7.0.0", "Takes `NX`, `XX`, `GT` and `LT`.")])
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), unix_time("unix-time-seconds"), CONDITION])
        .run(Run::Shard(expire::expireat)),
    Spec::new("PEXPIRE", Group::Generic, AtLeast(3))
        .since("2.6.0")
        .summary("Lets a key expire after so many milliseconds.")
        .complexity("O(1).")
        .history(&[("7.0.0", "Takes `NX`, `XX`, `GT` and `LT`.")])
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), integer("milliseconds"), CONDITION])
        .run(Run::Shard(expire::pexpire)),
    Spec::new("PEXPIREAT", Group::Generic, AtLeast(3))
        .since("2.6.0")
        .summary("Lets a key expire at a moment given in Unix milliseconds.")
        .complexity("O(1).")
        .history(&[("7.0.0", "Takes `NX`, `XX`, `GT` and `LT`.")])
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key"), unix_time("unix-time-milliseconds"), CONDITION])
        .run(Run::Shard(expire::pexpireat)),
    Spec::new("TTL", Group::Generic, Exactly(2))
        .since("1.0.0")
        .summary("Answers in how many seconds a key expires.")
        .complexity("O(1).")
        .history(&[("2.8.0", "Answers -2 where there is no such key.")])
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(expire::ttl)),
    Spec::new("PTTL", Group::Generic, Exactly(2))
        .since("2.6.0")
        .summary("Answers in how many milliseconds a key expires.")
        .complexity("O(1).")
        .history(&[("2.8.0", "Answers -2 where there is no such key.")])
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .tips(&[NONDETERMINISTIC_OUTPUT])
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(expire::pttl)),
    Spec::new("EXPIRETIME", Group::Generic, Exactly(2))
        .since("7.0.0")
        .summary("Answers at which Unix second a key expires.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(expire::expiretime)),
    Spec::new("PEXPIRETIME", Group::Generic, Exactly(2))
        .since("7.0.0")
        .summary("Answers at which Unix millisecond a key expires.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .keys(&[one(RO | ACCESS, 1)])
        .args(&[key("key")])
        .run(Run::Shard(expire::pexpiretime)),
    Spec::new("PERSIST", Group::Generic, Exactly(2))
        .since("2.2.0")
        .summary("Lets a key live for ever again.")
        .complexity("O(1).")
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST)
        .keys(&[one(RW | UPDATE, 1)])
        .args(&[key("key")])
        .run(Run::Shard(expire::persist)),
    Spec::new("OBJECT", Group::Generic, AtLeast(2))
        .since("2.2.3")
        .summary("Holds the commands that look into the value at a key.")
        .complexity("That of the subcommand.")
        .acl(acl::SLOW)
        .subcommands(&[
            Spec::new("ENCODING", Group::Generic, Exactly(3))
                .since("2.2.3")
                .summary("Answers the form in which the value at a key is kept.")
                .complexity("O(1).")
                .flags(READONLY)
                .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
                .tips(&[NONDETERMINISTIC_OUTPUT])
                .keys(&[one(RO, 2)])
                .args(&[key("key")])
                .run(Run::Shard(object::encoding)),
            Spec::new("FREQ", Group::Generic, Exactly(3))
                .since("4.0.0")
                .summary("Answers how often a key is used, on a logarithmic scale.")
                .complexity("O(1).")
                .flags(READONLY)
                .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
                .tips(&[NONDETERMINISTIC_OUTPUT])
                .keys(&[one(RO, 2)])
                .args(&[key("key")])
                .run(Run::Shard(object::freq)),
            Spec::new("IDLETIME", Group::Generic, Exactly(3))
                .since("2.2.3")
                .summary("Answers for how many seconds a key has not been used.")
                .complexity("O(1).")
                .flags(READONLY)
                .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
                .tips(&[NONDETERMINISTIC_OUTPUT])
                .keys(&[one(RO, 2)])
                .args(&[key("key")])
                .run(Run::Shard(object::idletime)),
            Spec::new("REFCOUNT", Group::Generic, Exactly(3))
                .since("2.2.3")
                .summary("Answers how many references there are to the value at a key.")
                .complexity("O(1).")
                .flags(READONLY)
                .acl(acl::KEYSPACE | acl::READ | acl::SLOW)
                .tips(&[NONDETERMINISTIC_OUTPUT])
                .keys(&[one(RO, 2)])
                .args(&[key("key")])
                .run(Run::Shard(object::refcount)),
            Spec::new("HELP", Group::Generic, Exactly(2))
                .since("6.2.0")
                .summary("Explains the subcommands.")
                .complexity("O(1).")
                .flags(LOADING | STALE)
                .acl(acl::KEYSPACE | acl::SLOW)
                .run(Run::Shard(object::help)),
        ]),
];
