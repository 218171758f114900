//! Changes: what a command did, for all who must know, in one list and one form (law 5).
//!
//! A change says what it touches, its durable form (a command by Redis' rules of propagation), its
//! keyspace events in order, and its author. The log, the replicas, notifications, tracking, WATCH
//! and blocked clients all read this list.
//!
//! **Invariants**
//! - `dirty` counts every change, listed or not: it is `rdb_changes_since_last_save`.
//! - The durable form is only built while somebody reads the list ([`Changes::record`]).

use resp::Argv;
use smallvec::SmallVec;

use crate::{Author, DbIndex};

/// The classes of keyspace events, as `notify-keyspace-events` names them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EventClass {
    /// `g`: commands that are not specific to a type.
    Generic,
    /// `$`: string commands.
    String,
    /// `l`: list commands.
    List,
    /// `s`: set commands.
    Set,
    /// `z`: sorted set commands.
    SortedSet,
    /// `h`: hash commands.
    Hash,
    /// `x`: a key expired.
    Expired,
    /// `e`: a key was evicted.
    Evicted,
}

/// Which key of a change an event is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum On {
    /// The key, or the source of a move.
    Key,
    /// The target of a move.
    Target,
}

/// One keyspace event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    /// Its class.
    pub class: EventClass,
    /// Its name (`set`, `rename_from`).
    pub name: &'static str,
    /// The key that it is about.
    pub on: On,
}

impl Event {
    /// An event of the generic class about the key.
    #[must_use]
    pub const fn generic(name: &'static str) -> Self {
        Self { class: EventClass::Generic, name, on: On::Key }
    }

    /// A string command's event about the key.
    #[must_use]
    pub const fn string(name: &'static str) -> Self {
        Self { class: EventClass::String, name, on: On::Key }
    }

    /// A list command's event about the key.
    #[must_use]
    pub const fn list(name: &'static str) -> Self {
        Self { class: EventClass::List, name, on: On::Key }
    }

    /// A set command's event about the key.
    #[must_use]
    pub const fn set(name: &'static str) -> Self {
        Self { class: EventClass::Set, name, on: On::Key }
    }

    /// A hash command's event about the key.
    #[must_use]
    pub const fn hash(name: &'static str) -> Self {
        Self { class: EventClass::Hash, name, on: On::Key }
    }

    /// A sorted set command's event about the key.
    #[must_use]
    pub const fn sorted_set(name: &'static str) -> Self {
        Self { class: EventClass::SortedSet, name, on: On::Key }
    }

    /// The same event about the target of a move.
    #[must_use]
    pub const fn on_target(mut self) -> Self {
        self.on = On::Target;
        self
    }
}

/// What a change touches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Touches {
    /// One key.
    Key { db: DbIndex, key: Box<[u8]> },
    /// One key, whose value was made of those of other keys (SUNIONSTORE, COPY): the durable form
    /// can be played only where all of them are.
    Made { db: DbIndex, key: Box<[u8]>, of: Vec<Box<[u8]>> },
    /// Two keys of one shard: the value went from one to the other by reference.
    Move { from: (DbIndex, Box<[u8]>), to: (DbIndex, Box<[u8]>) },
    /// A whole database (FLUSHDB), or all of them (FLUSHALL: `None`).
    Database(Option<DbIndex>),
    /// Two databases changed places (SWAPDB).
    Swap(DbIndex, DbIndex),
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it touches.
    pub touches: Touches,
    /// The database in which the durable form is to be played.
    pub db: DbIndex,
    /// A command that makes the same change, whenever it is played; no words where the data is
    /// what it was, and all there is to a change is that it was made (LTRIM of nothing).
    pub durable: Argv,
    /// Keyspace events in order.
    pub events: SmallVec<[Event; 1]>,
    /// Who did it.
    pub author: Author,
}

/// The list of changes since it was last drained, and the count of all.
#[derive(Debug, Default)]
pub struct Changes {
    dirty: u64,
    recording: bool,
    watching: bool,
    waiting: bool,
    /// Any of the three: the only thing that a command looks at.
    observed: bool,
    list: Vec<Change>,
}

impl Changes {
    /// Turns the list on or off. The count goes on in any case.
    pub fn record(&mut self, on: bool) {
        self.recording = on;
        self.look();
    }

    /// Says whether somebody watches a key.
    pub(crate) fn watch(&mut self, on: bool) {
        self.watching = on;
        self.look();
    }

    /// Says whether somebody waits for a key.
    pub(crate) fn await_any(&mut self, on: bool) {
        self.waiting = on;
        self.look();
    }

    fn look(&mut self) {
        self.observed = self.recording || self.watching || self.waiting;
    }

    /// Whether the list is read, a key is watched or somebody waits for one.
    #[inline]
    pub(crate) fn is_observed(&self) -> bool {
        self.observed
    }

    /// Whether somebody reads the list.
    #[inline]
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.recording
    }

    /// Changes since the start (Redis' `dirty`).
    #[inline]
    #[must_use]
    pub fn dirty(&self) -> u64 {
        self.dirty
    }

    /// Counts changes without listing them.
    #[inline]
    pub fn count(&mut self, changes: u64) {
        self.dirty += changes;
    }

    /// Lists a change that was counted.
    pub fn push(&mut self, change: Change) {
        debug_assert!(self.recording, "a change is built only while somebody reads the list");
        self.list.push(change);
    }

    /// Takes the list.
    pub fn drain(&mut self) -> std::vec::Drain<'_, Change> {
        self.drain_from(0)
    }

    /// How many changes are listed.
    #[inline]
    #[must_use]
    pub fn listed(&self) -> usize {
        self.list.len()
    }

    /// Takes the changes from this one on.
    pub fn drain_from(&mut self, first: usize) -> std::vec::Drain<'_, Change> {
        self.list.drain(first..)
    }
}
