//! The declarations of LATENCY and its subcommands.
//!
//! What runs them is in `commands::latency`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::string;
use command::flags::{ADMIN, LOADING, NOSCRIPT, STALE};
use command::tips::{
    NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED, RESPONSE_SPECIAL,
};
use command::{Group, Spec};

pub(crate) const LATENCY: Spec = Spec::new("LATENCY", Group::Server, AtLeast(2))
    .since("2.8.13")
    .summary("Holds the commands about moments in which the server was slow.")
    .complexity("That of the subcommand.")
    .acl(acl::SLOW);

pub(crate) const LATENCY_DOCTOR: Spec = Spec::new("DOCTOR", Group::Server, Exactly(2))
    .since("2.8.13")
    .summary("Says in words what has been slow and why that may be.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_SPECIAL]);

pub(crate) const LATENCY_GRAPH: Spec = Spec::new("GRAPH", Group::Server, Exactly(3))
    .since("2.8.13")
    .summary("Draws how slow an event has been.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_SPECIAL])
    .args(&[string("event")]);

pub(crate) const LATENCY_HISTOGRAM: Spec = Spec::new("HISTOGRAM", Group::Server, AtLeast(2))
    .since("7.0.0")
    .summary("Answers how many calls of commands took how long.")
    .complexity("O(N) for N commands that were called.")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_SPECIAL])
    .args(&[string("command").many().optional()]);

pub(crate) const LATENCY_HISTORY: Spec = Spec::new("HISTORY", Group::Server, Exactly(3))
    .since("2.8.13")
    .summary("Answers when an event was slow, and how slow.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_SPECIAL])
    .args(&[string("event")]);

pub(crate) const LATENCY_LATEST: Spec = Spec::new("LATEST", Group::Server, Exactly(2))
    .since("2.8.13")
    .summary("Answers the last slow moment of every event.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_NODES, RESPONSE_SPECIAL]);

pub(crate) const LATENCY_RESET: Spec = Spec::new("RESET", Group::Server, AtLeast(2))
    .since("2.8.13")
    .summary("Forgets the slow moments of events.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED])
    .args(&[string("event").many().optional()]);

pub(crate) const LATENCY_HELP: Spec = Spec::new("HELP", Group::Server, Exactly(2))
    .since("2.8.13")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW);
