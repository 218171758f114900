//! The declarations of CONFIG and its subcommands.
//!
//! What runs them is in `commands::config`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{block, string};
use command::flags::{ADMIN, LOADING, NOSCRIPT, STALE};
use command::tips::{REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED};
use command::{Group, Spec};

pub(crate) const CONFIG: Spec = Spec::new("CONFIG", Group::Server, AtLeast(2))
    .since("2.0.0")
    .summary("Holds the commands about configuration.")
    .complexity("That of the subcommand.")
    .acl(acl::SLOW);

pub(crate) const CONFIG_GET: Spec = Spec::new("GET", Group::Server, AtLeast(3))
    .since("2.0.0")
    .summary("Answers the parameters whose names match.")
    .complexity("O(N) for N patterns.")
    .history(&[("7.0.0", "Takes several patterns.")])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .args(&[block("parameter", &[string("parameter")]).many()]);

pub(crate) const CONFIG_SET: Spec = Spec::new("SET", Group::Server, AtLeast(4))
    .since("2.0.0")
    .summary("Changes parameters, all of them or none.")
    .complexity("O(N) for N parameters.")
    .history(&[("7.0.0", "Takes several parameters.")])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .tips(&[REQUEST_ALL_NODES, RESPONSE_ALL_SUCCEEDED])
    .args(&[block("parameter_value", &[string("parameter"), string("value")]).many()]);

pub(crate) const CONFIG_RESETSTAT: Spec = Spec::new("RESETSTAT", Group::Server, Exactly(2))
    .since("2.0.0")
    .summary("Sets the counters that INFO shows to zero.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS);

pub(crate) const CONFIG_REWRITE: Spec = Spec::new("REWRITE", Group::Server, Exactly(2))
    .since("2.8.0")
    .summary("Writes the parameters in force into the configuration file.")
    .complexity("O(1).")
    .flags(ADMIN | NOSCRIPT | LOADING | STALE)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS);

pub(crate) const CONFIG_HELP: Spec = Spec::new("HELP", Group::Server, Exactly(2))
    .since("5.0.0")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW);
