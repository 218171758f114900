//! The declarations of MEMORY and its subcommands.
//!
//! What runs them is in `commands::memory`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{integer, key};
use command::flags::{LOADING, READONLY, STALE};
use command::key_spec::{RO, one};
use command::tips::{
    NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED, RESPONSE_SPECIAL,
};
use command::{Group, Spec};

pub(crate) const MEMORY: Spec = Spec::new("MEMORY", Group::Server, AtLeast(2))
    .since("4.0.0")
    .summary("Holds the commands about memory.")
    .complexity("That of the subcommand.")
    .acl(acl::SLOW);

pub(crate) const MEMORY_USAGE: Spec = Spec::new("USAGE", Group::Server, AtLeast(3))
    .since("4.0.0")
    .summary("Estimates how many bytes a key and its value take.")
    .complexity("O(N) for N elements looked at.")
    .flags(READONLY)
    .acl(acl::READ | acl::SLOW)
    .keys(&[one(RO, 2)])
    .args(&[key("key"), integer("count").token("SAMPLES").optional()]);

pub(crate) const MEMORY_STATS: Spec = Spec::new("STATS", Group::Server, Exactly(2))
    .since("4.0.0")
    .summary("Answers what the memory is used for.")
    .complexity("O(1).")
    .acl(acl::SLOW)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_SPECIAL]);

pub(crate) const MEMORY_DOCTOR: Spec = Spec::new("DOCTOR", Group::Server, Exactly(2))
    .since("4.0.0")
    .summary("Says in words whether something is wrong with the memory.")
    .complexity("O(1).")
    .acl(acl::SLOW)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_SPECIAL]);

pub(crate) const MEMORY_PURGE: Spec = Spec::new("PURGE", Group::Server, Exactly(2))
    .since("4.0.0")
    .summary("Asks the allocator to give unused memory back.")
    .complexity("Grows with the memory that is in use and may take long.")
    .acl(acl::SLOW)
    .tips(&[REQUEST_ALL_SHARDS, RESPONSE_ALL_SUCCEEDED]);

pub(crate) const MEMORY_MALLOC_STATS: Spec = Spec::new("MALLOC-STATS", Group::Server, Exactly(2))
    .since("4.0.0")
    .summary("Answers what the allocator tells about itself.")
    .complexity("Grows with the memory that is in use and may take long.")
    .acl(acl::SLOW)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_SPECIAL]);

pub(crate) const MEMORY_HELP: Spec = Spec::new("HELP", Group::Server, Exactly(2))
    .since("4.0.0")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW);
