//! HyperLogLog commands: what is declared of them.
//!
//! The handlers stand beside: `add` (PFADD), `count` (PFCOUNT), `merge` (PFMERGE), `debug`
//! (PFDEBUG and PFSELFTEST).

mod add;
mod count;
mod debug;
mod merge;

use command::Arity::{AtLeast, Exactly};
use command::acl_category as acl;
use command::arg::{key, string};
use command::flags::{ADMIN, DENYOOM, FAST, MAY_REPLICATE, READONLY, WRITE};
use command::key_spec::{ACCESS, INSERT, LAST, RO, RW, one, pfmerge_keys, range};
use command::{Group, SYSCMD, Spec};
use datatypes::{Entry, Object, ValueRef, hyperloglog};
use resp::ReplyError;

use crate::errors::{NOT_A_HYPERLOGLOG, WRONGTYPE};
use crate::{Command, Run, no_check, own_db};

/// The declarations.
pub static COMMANDS: &[Command] = &[
    Spec::new("PFADD", Group::HyperLogLog, AtLeast(2))
        .since("2.8.9")
        .summary("Adds elements to a HyperLogLog, which is made if it is missing.")
        .complexity("O(1) for each element.")
        .flags(WRITE | DENYOOM | FAST)
        .acl(acl::WRITE | acl::HYPERLOGLOG | acl::FAST)
        .keys(&[one(RW | INSERT, 1)])
        .args(&[key("key"), string("element").optional().many()])
        .run(Run::Shard(add::pfadd)),
    Spec::new("PFCOUNT", Group::HyperLogLog, AtLeast(2))
        .since("2.8.9")
        .summary("Estimates how many different elements were added to one or several HyperLogLogs.")
        .complexity(
            "O(1), and often nothing for one key, which keeps its estimate; O(N) for N keys.",
        )
        .flags(READONLY | MAY_REPLICATE)
        .acl(acl::READ | acl::HYPERLOGLOG | acl::SLOW)
        .keys(&[range(RW | ACCESS, 1, LAST, 1).notes(
            "RW because it may change the internal representation of the key, and propagate to \
             replicas",
        )])
        .args(&[key("key").many()])
        .run(Run::GatherWhole {
            whole: count::pfcount,
            check: no_check,
            part: count::pfcount_part,
            fold: count::pfcount_fold,
        }),
    Spec::new("PFMERGE", Group::HyperLogLog, AtLeast(2))
        .since("2.8.9")
        .summary("Adds what several HyperLogLogs have seen to one, which is made if it is missing.")
        .complexity("O(N) for N keys, and never little.")
        .flags(WRITE | DENYOOM)
        .acl(acl::WRITE | acl::HYPERLOGLOG | acl::SLOW)
        .keys(&[one(RW | ACCESS | INSERT, 1), range(RO | ACCESS, 2, LAST, 1)])
        .special_keys(pfmerge_keys)
        .args(&[key("destkey"), key("sourcekey").key_spec(1).many()])
        .run(Run::Together { run: merge::pfmerge, db_of: own_db }),
    Spec::new("PFDEBUG", Group::HyperLogLog, Exactly(3))
        .since("2.8.9")
        .summary("Shows how a HyperLogLog is kept.")
        .complexity("N/A")
        .doc_flags(SYSCMD)
        .flags(WRITE | DENYOOM | ADMIN)
        .acl(acl::WRITE | acl::HYPERLOGLOG | acl::ADMIN | acl::SLOW | acl::DANGEROUS)
        .keys(&[one(RW | ACCESS, 2)])
        .args(&[string("subcommand"), key("key")])
        .run(Run::Shard(debug::pfdebug)),
    Spec::new("PFSELFTEST", Group::HyperLogLog, Exactly(1))
        .since("2.8.9")
        .summary("Tests HyperLogLogs on themselves.")
        .complexity("N/A")
        .doc_flags(SYSCMD)
        .flags(ADMIN)
        .acl(acl::HYPERLOGLOG | acl::ADMIN | acl::SLOW | acl::DANGEROUS)
        .run(Run::Shard(debug::pfselftest)),
];

/// An entry's HyperLogLog; an error if it is none.
fn hyperloglog_of(entry: &Entry) -> Result<&[u8], ReplyError> {
    let bytes = match entry.value() {
        ValueRef::Int(_) => return Err(NOT_A_HYPERLOGLOG),
        ValueRef::Bytes(bytes) => bytes,
        ValueRef::Object(Object::String(string)) => string.as_bytes(),
        ValueRef::Hash(_) | ValueRef::Object(_) => return Err(WRONGTYPE),
    };
    if hyperloglog::is_valid(bytes) { Ok(bytes) } else { Err(NOT_A_HYPERLOGLOG) }
}

/// An entry's HyperLogLog, to be changed; an error if it is none.
///
/// REDIS: `SET k` to a HyperLogLog, `PFCOUNT k`, `OBJECT ENCODING k` answers `raw`: whatever looks
/// at a single one opens it for editing.
fn hyperloglog_in(entry: &mut Entry) -> Result<&mut Vec<u8>, ReplyError> {
    hyperloglog_of(entry)?;
    entry.string_mut().ok_or(WRONGTYPE)
}
