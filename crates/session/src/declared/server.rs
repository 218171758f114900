//! The declarations of the commands about the server as a whole.
//!
//! What runs them is in `commands::server`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{integer, one_of, string, token};
use command::flags::{ADMIN, ALLOW_BUSY, FAST, LOADING, NO_MULTI, NOSCRIPT, READONLY, STALE};
use command::tips::{NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_SPECIAL};
use command::{Group, Spec};

pub(crate) const INFO: Spec = Spec::new("INFO", Group::Server, AtLeast(1))
    .since("1.0.0")
    .summary("Answers facts and figures about the server.")
    .complexity("O(1).")
    .history(&[("7.0.0", "Takes several sections.")])
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::DANGEROUS)
    .tips(&[NONDETERMINISTIC_OUTPUT, REQUEST_ALL_SHARDS, RESPONSE_SPECIAL])
    .args(&[string("section").many().optional()]);

pub(crate) const TIME: Spec = Spec::new("TIME", Group::Server, Exactly(1))
    .since("2.6.0")
    .summary("Answers the server's clock.")
    .complexity("O(1).")
    .flags(LOADING | STALE | FAST)
    .acl(acl::FAST)
    .tips(&[NONDETERMINISTIC_OUTPUT]);

pub(crate) const LOLWUT: Spec = Spec::new("LOLWUT", Group::Server, AtLeast(1))
    .since("5.0.0")
    .summary("Draws a picture and tells the version.")
    .flags(READONLY | FAST)
    .acl(acl::READ | acl::FAST)
    .args(&[integer("version").token("VERSION").optional()]);

pub(crate) const SHUTDOWN: Spec = Spec::new("SHUTDOWN", Group::Server, AtLeast(1))
    .since("1.0.0")
    .summary("Saves the data where that is wanted and ends the server.")
    .complexity("O(N) for N keys where they are saved, else O(1).")
    .history(&[("7.0.0", "Takes `NOW`, `FORCE` and `ABORT`.")])
    .flags(ADMIN | NOSCRIPT | LOADING | STALE | NO_MULTI | ALLOW_BUSY)
    .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
    .args(&[
        one_of("nosave_save", &[token("nosave", "NOSAVE"), token("save", "SAVE")]).optional(),
        token("now", "NOW").since("7.0.0").optional(),
        token("force", "FORCE").since("7.0.0").optional(),
        token("abort", "ABORT").since("7.0.0").optional(),
    ]);
