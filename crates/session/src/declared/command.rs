//! The declarations of COMMAND and its subcommands.
//!
//! What runs them is in `commands::command`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{one_of, pattern, string};
use command::flags::{LOADING, STALE};
use command::tips::NONDETERMINISTIC_OUTPUT_ORDER;
use command::{Group, Spec};

pub(crate) const COMMAND: Spec = Spec::new("COMMAND", Group::Server, AtLeast(1))
    .since("2.8.13")
    .summary("Describes all commands.")
    .complexity("O(N) for N commands.")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT_ORDER]);

pub(crate) const COMMAND_COUNT: Spec = Spec::new("COUNT", Group::Server, Exactly(2))
    .since("2.8.13")
    .summary("Counts the commands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);

pub(crate) const COMMAND_DOCS: Spec = Spec::new("DOCS", Group::Server, AtLeast(2))
    .since("7.0.0")
    .summary("Answers what a manual says about commands.")
    .complexity("O(N) for N commands named.")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
    .args(&[string("command-name").many().optional()]);

pub(crate) const COMMAND_GETKEYS: Spec = Spec::new("GETKEYS", Group::Server, AtLeast(4))
    .since("2.8.13")
    .summary("Answers the keys in a request.")
    .complexity("O(N) for N words.")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);

pub(crate) const COMMAND_GETKEYSANDFLAGS: Spec =
    Spec::new("GETKEYSANDFLAGS", Group::Server, AtLeast(4))
        .since("7.0.0")
        .summary("Answers the keys in a request and what would happen to them.")
        .complexity("O(N) for N words.")
        .flags(LOADING | STALE)
        .acl(acl::SLOW | acl::CONNECTION);

pub(crate) const COMMAND_INFO: Spec = Spec::new("INFO", Group::Server, AtLeast(2))
    .since("2.8.13")
    .summary("Describes commands.")
    .complexity("O(N) for N commands named.")
    .history(&[("7.0.0", "Describes all commands where none is named.")])
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
    .args(&[string("command-name").many().optional()]);

pub(crate) const COMMAND_LIST: Spec = Spec::new("LIST", Group::Server, AtLeast(2))
    .since("7.0.0")
    .summary("Answers the names of commands.")
    .complexity("O(N) for N commands.")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[NONDETERMINISTIC_OUTPUT_ORDER])
    .args(&[one_of(
        "filterby",
        &[
            string("module-name").token("MODULE"),
            string("category").token("ACLCAT"),
            pattern("pattern").token("PATTERN"),
        ],
    )
    .token("FILTERBY")
    .optional()]);

pub(crate) const COMMAND_HELP: Spec = Spec::new("HELP", Group::Server, Exactly(2))
    .since("5.0.0")
    .summary("Explains the subcommands.")
    .complexity("O(1).")
    .flags(LOADING | STALE)
    .acl(acl::SLOW | acl::CONNECTION);
