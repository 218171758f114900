//! The declarations of the transaction commands.
//!
//! What runs them is in `commands::transactions`, and what needs the shards in `server`.

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::key;
use command::flags::{ALLOW_BUSY, ENDS_MULTI, FAST, LOADING, NOSCRIPT, SKIP_SLOWLOG, STALE};
use command::key_spec::{LAST, RO, range};
use command::{Group, Spec};

pub(crate) const MULTI: Spec = Spec::new("MULTI", Group::Transactions, Exactly(1))
    .since("1.2.0")
    .summary("Lets the commands that follow wait for EXEC.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE | FAST | ALLOW_BUSY)
    .acl(acl::FAST | acl::TRANSACTION);

pub(crate) const EXEC: Spec = Spec::new("EXEC", Group::Transactions, Exactly(1))
    .since("1.2.0")
    .summary("Runs what MULTI has let wait, with nobody between.")
    .complexity("That of the commands that waited.")
    .flags(NOSCRIPT | LOADING | STALE | SKIP_SLOWLOG | ENDS_MULTI)
    .acl(acl::SLOW | acl::TRANSACTION);

pub(crate) const DISCARD: Spec = Spec::new("DISCARD", Group::Transactions, Exactly(1))
    .since("2.0.0")
    .summary("Forgets what MULTI has let wait.")
    .complexity("O(N) for N commands that waited.")
    .flags(NOSCRIPT | LOADING | STALE | FAST | ALLOW_BUSY | ENDS_MULTI)
    .acl(acl::FAST | acl::TRANSACTION);

pub(crate) const WATCH: Spec = Spec::new("WATCH", Group::Transactions, AtLeast(2))
    .since("2.2.0")
    .summary("Lets the next EXEC run only if nobody has touched these keys.")
    .complexity("O(1) for each key.")
    .flags(NOSCRIPT | LOADING | STALE | FAST | ALLOW_BUSY)
    .acl(acl::FAST | acl::TRANSACTION)
    .keys(&[range(RO, 1, LAST, 1)])
    .args(&[key("key").many()]);

pub(crate) const UNWATCH: Spec = Spec::new("UNWATCH", Group::Transactions, Exactly(1))
    .since("2.2.0")
    .summary("Forgets what WATCH was told.")
    .complexity("O(1).")
    .flags(NOSCRIPT | LOADING | STALE | FAST | ALLOW_BUSY)
    .acl(acl::FAST | acl::TRANSACTION);
