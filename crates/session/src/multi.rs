//! What a client has said since MULTI, and which keys it watches.
//!
//! **Invariants**
//! - The words of queued commands are copied once, into one buffer, which EXEC hands on whole.
//! - A key is watched once per client, however often it is named.
//! - What a client watches no more is told to the keys' shards exactly once: it goes through
//!   [`Front::forgotten`](crate::Front), or with EXEC.

use std::ops::Range;
use std::sync::Arc;

use command::CommandId;
use keyspace::{DbIndex, Sighting};
use resp::{Args, Argv};
use stdx::HashSet;

/// What Redis' accounting adds for every queued command beside its words, bytes.
const COMMAND_BYTES: usize = 24;

/// What Redis' accounting adds for every watched key, bytes.
const WATCHED_BYTES: usize = 56;

/// A command that waits for EXEC.
#[derive(Clone, Debug)]
pub struct Queued {
    /// Which one.
    pub id: CommandId,
    /// Its words among those of the queue.
    pub words: Range<usize>,
}

/// The commands between MULTI and EXEC.
#[derive(Debug, Default)]
pub struct Queue {
    /// All words.
    pub words: Argv,
    /// In order.
    pub commands: Vec<Queued>,
}

impl Queue {
    /// The words of a command.
    #[must_use]
    pub fn args(&self, queued: &Queued) -> Args<'_> {
        self.words.as_args().slice(queued.words.clone())
    }
}

/// A client's state between MULTI and EXEC.
#[derive(Debug, Default)]
pub struct Multi {
    queue: Queue,
    /// Commands that were queued; EXEC takes the queue, but CLIENT LIST goes on counting.
    count: usize,
    /// Bytes of their words.
    bytes: usize,
    /// All flags of the queued commands.
    flags: u64,
    /// A command was refused, so EXEC will be.
    is_poisoned: bool,
}

impl Multi {
    /// Queues a command. What follows a refused one is not kept: it will not run.
    pub fn push(&mut self, id: CommandId, flags: u64, args: Args<'_>) {
        if self.is_poisoned {
            return;
        }
        let start = self.queue.words.len();
        self.queue.words.extend_from_args(args);
        self.queue.commands.push(Queued { id, words: start..self.queue.words.len() });
        self.count += 1;
        self.bytes += args.total_bytes();
        self.flags |= flags;
    }

    /// A command was refused.
    pub fn poison(&mut self) {
        self.is_poisoned = true;
    }

    /// Whether EXEC must be refused.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.is_poisoned
    }

    /// Whether a queued command has one of these flags.
    #[must_use]
    pub fn has(&self, flags: u64) -> bool {
        self.flags & flags != 0
    }

    /// Takes the commands, to run them.
    pub fn take(&mut self) -> Queue {
        std::mem::take(&mut self.queue)
    }

    /// Commands queued.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes of the words of the queued commands: they count as input that was not run.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Memory held, as Redis accounts it.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes + self.queue.commands.capacity() * COMMAND_BYTES
    }
}

/// The keys that a client watches.
#[derive(Debug, Default)]
pub struct Watched {
    sightings: Vec<Sighting>,
    keys: HashSet<(DbIndex, Arc<[u8]>)>,
}

impl Watched {
    /// Those of the words that are not watched yet, each of them once.
    #[must_use]
    pub fn new_keys(&self, db: DbIndex, words: Args<'_>) -> Vec<Arc<[u8]>> {
        let mut seen = HashSet::default();
        let keys = words.iter().map(|word| (db, Arc::from(word)));
        let is_new = |key: &(DbIndex, Arc<[u8]>)| {
            !self.keys.contains(key) && seen.insert(Arc::clone(&key.1))
        };
        keys.filter(is_new).map(|(_, key)| key).collect()
    }

    /// Keys are watched from now on.
    pub fn add(&mut self, sightings: Vec<Sighting>) {
        self.keys.extend(sightings.iter().map(|it| (it.db, Arc::clone(&it.key))));
        self.sightings.extend(sightings);
    }

    /// Nothing is watched any more: whoever takes the keys must tell their shards.
    pub fn take(&mut self) -> Vec<Sighting> {
        std::mem::take(self).sightings
    }

    /// How many keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sightings.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sightings.is_empty()
    }

    /// Memory held, as Redis accounts it.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.sightings.len() * WATCHED_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DB: DbIndex = DbIndex(0);

    fn argv(line: &str) -> Argv {
        Argv::from_words(&line.split(' ').map(str::as_bytes).collect::<Vec<_>>())
    }

    fn id() -> CommandId {
        crate::table().all().next().expect("there are commands")
    }

    #[test]
    fn commands_come_out_as_they_went_in() {
        let mut multi = Multi::default();
        for line in ["SET k v", "PING", "GET k"] {
            multi.push(id(), 1, argv(line).as_args());
        }
        assert_eq!((multi.len(), multi.bytes()), (3, 5 + 4 + 4));
        let queue = multi.take();
        let lines: Vec<Argv> =
            queue.commands.iter().map(|it| Argv::from_args(queue.args(it))).collect();
        assert_eq!(lines, [argv("SET k v"), argv("PING"), argv("GET k")]);
        assert_eq!(multi.len(), 3, "CLIENT LIST still counts them");
    }

    #[test]
    fn what_follows_a_refused_command_is_not_kept() {
        let mut multi = Multi::default();
        multi.push(id(), 1, argv("GET k").as_args());
        multi.poison();
        multi.push(id(), 2, argv("SET k v").as_args());
        assert!(multi.is_poisoned() && !multi.has(2));
        assert_eq!(multi.len(), 1);
    }

    #[test]
    fn a_key_is_watched_once_per_database() {
        let mut watched = Watched::default();
        let hasher = keyspace::KeyHasher::with_seed(1);
        let mut shard = keyspace::Shard::new(2, hasher, 1);
        let new = watched.new_keys(DB, argv("a b a").as_args());
        assert_eq!(new.len(), 2);
        watched.add(new.into_iter().map(|key| shard.watch(DB, key)).collect());
        assert!(watched.new_keys(DB, argv("b a").as_args()).is_empty());
        assert_eq!(watched.new_keys(DbIndex(1), argv("b a").as_args()).len(), 2);
        assert_eq!(watched.take().len(), 2);
        assert_eq!(watched.new_keys(DB, argv("b a").as_args()).len(), 2);
    }
}
