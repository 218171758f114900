//! The data commands: declarations and handlers, a folder per page of the Redis manual.
//!
//! A command is an entry in its family's `COMMANDS`; its [`Run`] is its *shape*, which alone
//! decides its way through the house (`docs/ARCHITECTURE.md`). Handlers are ordinary synchronous
//! functions on one shard: they see a [`ShardCx`](keyspace::ShardCx), the words of the request and
//! a reply writer.
//!
//! **Not here:** which shard a key lives on, transactions over shards (`txn`), the checks before a
//! command runs (`session::gate`), sockets, files and the clock.

use command::Command as Declared;
use keyspace::{DbIndex, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};

pub mod args;
pub mod bitmaps;
pub mod databases;
mod element;
pub mod errors;
mod fold;
pub mod generic;
pub mod geo;
pub mod hashes;
pub mod hyperloglog;
pub mod lists;
mod partial;
mod record;
pub mod sets;
pub mod sorted_sets;
pub mod strings;
mod text;
mod waiting;

pub use partial::{Part, Partial, Texts};

/// A data command: its declaration and how it runs.
pub type Command = Declared<Run>;

/// What a handler answers: the reply is in the writer, or the error takes its place.
pub type Outcome = Result<(), ReplyError>;

/// Runs a whole command on one shard. `args[0]` is the command's name.
pub type ShardFn = fn(&mut ShardCx<'_>, Args<'_>, &mut ReplyWriter<'_>) -> Outcome;

/// Answers for those keys of a command that live on one shard.
///
/// The words are the command's name and this shard's keys, each with the words that belong to it
/// (`MSET k v k v`), in the order of the request; or the whole request when one shard has all keys.
pub type PartFn = fn(&mut ShardCx<'_>, Args<'_>) -> Partial;

/// Makes one reply of the parts. The words are the whole request.
pub type FoldFn = fn(Args<'_>, &[Part], &mut ReplyWriter<'_>) -> Outcome;

/// Refuses a request that is wrong whatever the keys hold, before any shard is asked.
pub type CheckFn = fn(Args<'_>) -> Outcome;

/// The database in which the key at a place among the words is looked for, given the client's.
pub type DbOfKeyFn = fn(Args<'_>, usize, DbIndex) -> DbIndex;

/// The [`DbOfKeyFn`] of almost all commands.
pub const fn own_db(_: Args<'_>, _: usize, db: DbIndex) -> DbIndex {
    db
}

/// The shapes of data commands (DESIGN section 6).
#[derive(Clone, Copy)]
pub enum Run {
    /// All keys on one shard; runs there to completion.
    Shard(ShardFn),
    /// The same, and values go from one database of the shard to another (MOVE): inside an EXEC
    /// over several shards the key would have to be lent from both, so such an EXEC takes the
    /// house.
    BetweenDbs(ShardFn),
    /// Reads; each shard answers for its keys, one fold makes the reply.
    Gather { check: CheckFn, part: PartFn, fold: FoldFn },
    /// The same, with a shorter way where one shard has all keys: `whole` does everything there,
    /// the check too. So a part is never given the whole request.
    GatherWhole { whole: ShardFn, check: CheckFn, part: PartFn, fold: FoldFn },
    /// Writes in which each key's part is independent.
    Scatter { check: CheckFn, part: PartFn, fold: FoldFn },
    /// Writes in which keys depend on each other: runs on one shard, with all keys' values there.
    /// `db_of` says in which database the key in a place of the words is looked for.
    Together { run: ShardFn, db_of: DbOfKeyFn },
    /// No keys, all shards.
    EveryShard { part: PartFn, fold: FoldFn },
    /// No keys, one shard after another, until `part` answers [`Partial::Scanned`] with enough.
    OneShard { walk: Walk, part: PartFn, fold: FoldFn },
}

/// In which order a [`Run::OneShard`] command visits the shards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Walk {
    /// From the shard that the cursor in `args[1]` names to the last one; one step per command.
    /// `part` is given the position within the shard in the cursor's place.
    Cursor,
    /// From a random shard round the whole circle, until one of them has something.
    Random,
}

/// The [`CheckFn`] of a command whose arity is all that can be wrong.
///
/// # Errors
/// None.
pub const fn no_check(_: Args<'_>) -> Outcome {
    Ok(())
}

/// Every family's commands.
pub static FAMILIES: &[&[Command]] = &[
    strings::COMMANDS,
    bitmaps::COMMANDS,
    hyperloglog::COMMANDS,
    lists::COMMANDS,
    sets::COMMANDS,
    sorted_sets::MEMBERS,
    sorted_sets::RANGES,
    sorted_sets::ALGEBRA,
    hashes::COMMANDS,
    hashes::expiring::COMMANDS,
    geo::COMMANDS,
    generic::COMMANDS,
    databases::COMMANDS,
];

#[cfg(test)]
mod tests;
