//! The shapes of all commands, and what the session commands are given.

use command::CommandId;
use commands::Outcome;
use keyspace::{DbIndex, Shard};
use resp::{Args, Protocol, ReplyWriter};
use slab::Slab;

use crate::{Client, Front, Session};

/// A core's sessions. A session's key is used again after it ended; its client id is not.
pub type Sessions = Slab<Session>;

/// What a command that touches no key is given.
pub struct SessionCx<'a> {
    /// Who asks.
    pub client: &'a mut Client,
    /// This core.
    pub front: &'a mut Front,
    /// The command as it was found: a subcommand has an id of its own.
    pub command: CommandId,
}

/// What a part of an `EveryCore` command is given on each core.
pub struct CoreCx<'a> {
    /// This core.
    pub front: &'a mut Front,
    /// Its clients.
    pub sessions: &'a mut Sessions,
    /// Its shards, by shard id; `None` where another core has it.
    pub shards: &'a mut [Option<Shard>],
    /// The id of the client that asked (on whichever core it is).
    pub asker: u64,
    /// The protocol of that client.
    pub protocol: Protocol,
    /// The database of that client.
    pub db: DbIndex,
    /// The shard that a key lives on.
    pub shard_of: &'a dyn Fn(&[u8]) -> usize,
}

/// What one core answers; the fold of the same command knows what is inside.
pub type CorePart = Box<dyn std::any::Any + Send>;

/// Runs a command that touches no key.
pub type SessionFn = fn(&mut SessionCx<'_>, Args<'_>, &mut ReplyWriter<'_>) -> Outcome;

/// Runs a command's part on one core.
pub type CorePartFn = fn(&mut CoreCx<'_>, Args<'_>) -> CorePart;

/// Makes one reply of all cores' answers, in order of cores, on the core of the client.
pub type CoreFoldFn =
    fn(&mut SessionCx<'_>, Args<'_>, Vec<CorePart>, &mut ReplyWriter<'_>) -> Outcome;

/// The shape of a command.
#[derive(Clone, Copy)]
pub enum Run {
    /// Touches no key and nothing beyond this client and this core.
    Session(SessionFn),
    /// Connections, counters, configuration of all cores. `check` refuses a bad request before any
    /// core is asked; the reply comes after all cores have applied it, in one order for all such
    /// commands.
    EveryCore { check: SessionCheckFn, part: CorePartFn, fold: CoreFoldFn },
    /// A data command.
    Data(commands::Run),
}

/// Refuses a request that is wrong on every core.
pub type SessionCheckFn = fn(&mut SessionCx<'_>, Args<'_>) -> Outcome;
