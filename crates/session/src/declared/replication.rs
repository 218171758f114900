//! The declarations of WAIT and WAITAOF.
//!
//! What runs them is in `commands::replication`.

use command::Arity::Exactly;
use command::acl_category as acl;
use command::arg::integer;
use command::flags::{BLOCKING, NOSCRIPT};
use command::tips::{REQUEST_ALL_SHARDS, RESPONSE_AGG_MIN};
use command::{Group, Spec};

pub(crate) const WAIT: Spec = Spec::new("WAIT", Group::Generic, Exactly(3))
    .since("3.0.0")
    .summary("Waits until replicas have all that this connection has written.")
    .complexity("O(1).")
    .flags(NOSCRIPT)
    .acl(acl::SLOW | acl::CONNECTION)
    .tips(&[REQUEST_ALL_SHARDS, RESPONSE_AGG_MIN])
    .args(&[integer("numreplicas"), integer("timeout")]);

pub(crate) const WAITAOF: Spec = Spec::new("WAITAOF", Group::Generic, Exactly(4))
    .since("7.2.0")
    .summary("Waits until all that this connection has written is in the files of the servers.")
    .complexity("O(1).")
    .flags(BLOCKING)
    .acl(acl::SLOW | acl::BLOCKING | acl::CONNECTION)
    .tips(&[REQUEST_ALL_SHARDS, RESPONSE_AGG_MIN])
    .args(&[integer("numlocal"), integer("numreplicas"), integer("timeout")]);
