//! The declarations of SLOWLOG and its subcommands.
//!
//! What runs them is in `commands::slowlog`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::integer;
use command::flags::{ADMIN, LOADING, STALE};
use command::tips::{
    NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_AGG_SUM, RESPONSE_ALL_SUCCEEDED,
};
use command::{Group, Spec};

pub(crate) const SLOWLOG: Spec = Spec::new("SLOWLOG", Group::Server, AtLeast(2))
    .since("2.2.12")
    .summary("Holds the commands about commands that took long.")
    .complexity("That of the subcommand.")
    .acl(acl::SLOW);

pub(crate) const SLOWLOG_GET: Spec = Spec::new("GET", Group::Server, AtLeast(2))
    .since("2.2.12")
    .summary("Answers the latest commands that took long.")
    .complexity("O(N) for N entries answered.")
    .history(&[("4.0.0", "Shows the client's address and name.")])
    .flags(ADMIN | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[REQUEST_ALL_NODES, NONDETERMINISTIC_OUTPUT])
    .args(&[integer("count").optional()]);

pub(crate) const SLOWLOG_LEN: Spec = Spec::new("LEN", Group::Server, Exactly(2))
    .since("2.2.12")
    .summary("Counts the entries of the slow log.")
    .complexity("O(1).")
    .flags(ADMIN | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[REQUEST_ALL_NODES, RESPONSE_AGG_SUM, NONDETERMINISTIC_OUTPUT]);

pub(crate) const SLOWLOG_RESET: Spec = Spec::new("RESET", Group::Server, Exactly(2))
    .since("2.2.12")
    .summary("Empties the slow log.")
    .complexity("O(N) for N entries.")
    .flags(ADMIN | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED]);

pub(crate) const SLOWLOG_HELP: Spec = Spec::new("HELP", Group::Server, Exactly(2))
    .since("6.2.0")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW);
