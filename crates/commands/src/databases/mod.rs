//! Commands on whole databases: what is declared of them.
//!
//! The handlers stand beside, in files of their commands' names (`flush`: FLUSHDB and FLUSHALL).

mod dbsize;
pub mod debug;
pub mod digest;
mod flush;
pub mod memory;
mod swapdb;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{Arg, integer, one_of, token};
use command::flags::{FAST, READONLY, WRITE};
use command::tips::{REQUEST_ALL_SHARDS, RESPONSE_AGG_SUM, RESPONSE_ALL_SUCCEEDED};
use command::{Group, Spec};

use crate::{Command, Run};

const FLUSH_TYPE: Arg = one_of(
    "async",
    &[token("async", "ASYNC").since("4.0.0"), token("sync", "SYNC").since("6.2.0")],
)
.optional();

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("DBSIZE", Group::Server, Exactly(1))
        .since("1.0.0")
        .summary("Counts the keys in the selected database.")
        .complexity("O(1).")
        .flags(READONLY | FAST)
        .acl(acl::KEYSPACE | acl::READ | acl::FAST)
        .tips(&[REQUEST_ALL_SHARDS, RESPONSE_AGG_SUM])
        .run(Run::EveryShard { part: dbsize::dbsize_part, fold: dbsize::dbsize_fold }),
    Spec::new("FLUSHDB", Group::Server, AtLeast(1))
        .since("1.0.0")
        .summary("Deletes all keys of the selected database.")
        .complexity("O(N) for N keys in it.")
        .history(&[("4.0.0", "Takes `ASYNC`."), ("6.2.0", "Takes `SYNC`.")])
        .flags(WRITE)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW | acl::DANGEROUS)
        .tips(&[REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED])
        .args(&[FLUSH_TYPE])
        .run(Run::EveryShard { part: flush::flushdb_part, fold: flush::flush_fold }),
    Spec::new("FLUSHALL", Group::Server, AtLeast(1))
        .since("1.0.0")
        .summary("Deletes all keys of all databases.")
        .complexity("O(N) for N keys in all of them.")
        .history(&[("4.0.0", "Takes `ASYNC`."), ("6.2.0", "Takes `SYNC`.")])
        .flags(WRITE)
        .acl(acl::KEYSPACE | acl::WRITE | acl::SLOW | acl::DANGEROUS)
        .tips(&[REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED])
        .args(&[FLUSH_TYPE])
        .run(Run::EveryShard { part: flush::flushall_part, fold: flush::flush_fold }),
    Spec::new("SWAPDB", Group::Server, Exactly(3))
        .since("4.0.0")
        .summary("Lets two databases change places.")
        .complexity("O(N) for N clients that watch keys in them or wait for some.")
        .flags(WRITE | FAST)
        .acl(acl::KEYSPACE | acl::WRITE | acl::FAST | acl::DANGEROUS)
        .args(&[integer("index1"), integer("index2")])
        .run(Run::EveryShard { part: swapdb::swapdb_part, fold: swapdb::swapdb_fold }),
];
