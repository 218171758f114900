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

impl SessionCx<'_> {
    /// The client watches nothing any more.
    pub fn forget_watched(&mut self) {
        let watched = self.client.watched.take();
        self.front.forgotten.extend(watched);
    }
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
    /// The same; later commands depend on it in a way that can be told before it runs, or cannot.
    Switch { run: SessionFn, foresee: ForeseeFn },
    /// The same, and MULTI does not queue it.
    AtOnce(SessionFn),
    /// Runs what MULTI has queued.
    Exec,
    /// Watches keys.
    Watch,
    /// Connections, counters, configuration of all cores. `check` refuses a bad request before any
    /// core is asked; the reply comes after all cores have applied it, in one order for all such
    /// commands.
    EveryCore { check: SessionCheckFn, part: CorePartFn, fold: CoreFoldFn },
    /// A data command.
    Data(commands::Run),
}

/// What later commands of a client depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The client's database.
    pub db: DbIndex,
    /// How many there are.
    pub databases: u32,
}

/// Tells what later commands will meet after this one; nothing if that cannot be told.
pub type ForeseeFn = fn(Args<'_>, Outlook) -> Option<Outlook>;

impl Run {
    /// Whether MULTI lets it wait for EXEC.
    #[must_use]
    pub fn is_queued(self) -> bool {
        !matches!(self, Self::AtOnce(_) | Self::Exec | Self::Watch)
    }
}

/// Refuses a request that is wrong on every core.
pub type SessionCheckFn = fn(&mut SessionCx<'_>, Args<'_>) -> Outcome;
