//! The declarations of DEBUG and its subcommands, which COMMAND does not show.
//!
//! What runs them is in `commands::debug`.

use command::Arity::{self, AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::key;
use command::flags::{ADMIN, LOADING, NO_MANDATORY_KEYS, NOSCRIPT, PROTECTED, READONLY, STALE};
use command::key_spec::{LAST, RO, one, range};
use command::{Group, PRIVATE_SUBCOMMANDS, SYSCMD, Spec};

const ANY: u64 = ADMIN | NOSCRIPT | LOADING | STALE | PROTECTED;
const READING: u64 = READONLY | ANY;

pub(crate) const DEBUG: Spec = base("DEBUG", AtLeast(2))
    .summary("Holds the commands for tests of the server itself.")
    .complexity("That of the subcommand.")
    .doc_flags(SYSCMD | PRIVATE_SUBCOMMANDS);

pub(crate) const DEBUG_DIGEST: Spec =
    base("DIGEST", Exactly(2)).summary("Answers a digest of all data.");

pub(crate) const DEBUG_DIGEST_VALUE: Spec = reading("DIGEST-VALUE", AtLeast(2))
    .summary("Answers a digest of each key's value.")
    .flags(READING | NO_MANDATORY_KEYS)
    .keys(&[range(RO, 2, LAST, 1)])
    .args(&[key("key").optional().many()]);

pub(crate) const DEBUG_ERROR: Spec =
    base("ERROR", Exactly(3)).summary("Answers an error of this text.");

pub(crate) const DEBUG_HELP: Spec = base("HELP", Exactly(2)).summary("Explains the subcommands.");

pub(crate) const DEBUG_LOG: Spec =
    base("LOG", Exactly(3)).summary("Writes a text into the server's log.");

pub(crate) const DEBUG_OBJECT: Spec = reading("OBJECT", Exactly(3))
    .summary("Says how a key's value is kept.")
    .keys(&[one(RO, 2)])
    .args(&[key("key")]);

pub(crate) const DEBUG_POPULATE: Spec = base("POPULATE", AtLeast(3)).summary("Makes many keys.");

pub(crate) const DEBUG_PROTOCOL: Spec =
    base("PROTOCOL", Exactly(3)).summary("Answers an example of a type of reply.");

pub(crate) const DEBUG_SET_ACTIVE_EXPIRE: Spec = base("SET-ACTIVE-EXPIRE", Exactly(3))
    .summary("Decides whether expired keys vanish that nobody asks for.");

pub(crate) const DEBUG_SLEEP: Spec =
    base("SLEEP", Exactly(3)).summary("Lets the server stand still.");

const fn base(name: &'static str, arity: Arity) -> Spec {
    Spec::new(name, Group::Server, arity)
        .since("1.0.0")
        .flags(ANY)
        .acl(acl::ADMIN | acl::SLOW | acl::DANGEROUS)
}

const fn reading(name: &'static str, arity: Arity) -> Spec {
    Spec::new(name, Group::Server, arity)
        .since("1.0.0")
        .flags(READING)
        .acl(acl::READ | acl::ADMIN | acl::SLOW | acl::DANGEROUS)
}
