//! Watched keys: marks beside the tables, which count what happens to a key.
//!
//! A client that watches a key keeps a [`Sighting`]: the counts of the key's mark at that moment.
//! Whether the key was touched since is a comparison, however many clients watch it.
//!
//! **Invariants**
//! - A key has a mark iff somebody watches it: `watchers` counts them.
//! - [`Changes`](crate::Changes) knows whether there is any mark, so that a command that changes a
//!   key pays nothing for this while nobody watches.
//! - A mark goes with its key on loan.
//!
//! REDIS: a key that was already past its expiry when it was watched may vanish without a trace;
//! one that expired since counts as touched, met or not.

use std::sync::Arc;

use stdx::HashMap;

use crate::{DbIndex, Shard};

/// A key, and what its mark counted as a client began to watch it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Its database.
    pub db: DbIndex,
    /// The key.
    pub key: Arc<[u8]>,
    changes: u64,
    /// None if the key was past its expiry: that it vanishes is no news then.
    ends: Option<u64>,
}

/// What happened to a watched key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    watchers: u32,
    changes: u64,
    /// Times that it expired.
    ends: u64,
    /// The entry under the key was past its expiry when SWAPDB brought it: it may vanish unseen.
    came_dead: bool,
}

impl Mark {
    fn changed(&mut self) {
        self.changes += 1;
        self.came_dead = false;
    }

    fn ended(&mut self) {
        self.ends += u64::from(!self.came_dead);
        self.came_dead = false;
    }
}

/// Whether there is an entry under a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Live,
    /// Past its expiry, and met by nobody yet.
    Dead,
}

/// The marks of one shard.
#[derive(Default)]
pub(crate) struct Watch {
    /// By database.
    marks: Vec<HashMap<Box<[u8]>, Mark>>,
    keys: usize,
}

impl Watch {
    fn find(&mut self, db: DbIndex, key: &[u8]) -> Option<&mut Mark> {
        self.marks.get_mut(db.index())?.get_mut(key)
    }

    /// A key was changed.
    pub(crate) fn changed(&mut self, db: DbIndex, key: &[u8]) {
        if let Some(mark) = self.find(db, key) {
            mark.changed();
        }
    }

    /// A key has expired.
    pub(crate) fn ended(&mut self, db: DbIndex, key: &[u8]) {
        if let Some(mark) = self.find(db, key) {
            mark.ended();
        }
    }

    fn remove(&mut self, db: DbIndex, key: &[u8]) -> Option<Mark> {
        let mark = self.marks.get_mut(db.index())?.remove(key)?;
        self.keys -= 1;
        Some(mark)
    }

    fn insert(&mut self, db: DbIndex, key: &[u8], mark: Mark) {
        if self.marks.len() <= db.index() {
            self.marks.resize_with(db.index() + 1, HashMap::default);
        }
        let old = self.marks[db.index()].insert(key.into(), mark);
        assert!(old.is_none(), "a key has one mark");
        self.keys += 1;
    }
}

impl Shard {
    /// A client begins to watch a key.
    pub fn watch(&mut self, db: DbIndex, key: Arc<[u8]>) -> Sighting {
        let is_dead = self.presence(db, &key) == Presence::Dead;
        if self.watch.find(db, &key).is_none() {
            self.watch.insert(db, &key, Mark::default());
            self.changes.watch(true);
        }
        let mark = self.watch.find(db, &key).expect("it is there by now");
        mark.watchers += 1;
        Sighting { db, changes: mark.changes, ends: (!is_dead).then_some(mark.ends), key }
    }

    /// A client watches a key no more. Answers whether the key was left alone.
    ///
    /// # Panics
    /// If the key is not watched: every watching ends once.
    pub fn unwatch(&mut self, sighting: &Sighting) -> bool {
        let Sighting { db, key, changes, ends } = sighting;
        let presence = self.presence(*db, key);
        let mark = self.watch.find(*db, key).expect("the client watches it");
        let has_expired = presence == Presence::Dead && !mark.came_dead;
        let is_unchanged = mark.changes == *changes;
        let is_intact = is_unchanged && ends.is_none_or(|ends| mark.ends == ends && !has_expired);
        mark.watchers -= 1;
        if mark.watchers == 0 {
            self.watch.remove(*db, key);
            self.changes.watch(self.watch.keys > 0);
        }
        is_intact
    }

    /// Keys that somebody watches.
    #[must_use]
    pub fn watched_keys(&self) -> usize {
        self.watch.keys
    }

    /// Takes a key's mark along on loan.
    pub(crate) fn take_mark(&mut self, db: DbIndex, key: &[u8]) -> Option<Mark> {
        if self.watch.keys == 0 {
            return None;
        }
        let mark = self.watch.remove(db, key);
        self.changes.watch(self.watch.keys > 0);
        mark
    }

    /// The mark of a key that comes on loan or home.
    pub(crate) fn put_mark(&mut self, db: DbIndex, key: &[u8], mark: Mark) {
        self.watch.insert(db, key, mark);
        self.changes.watch(true);
    }

    /// A database is about to be emptied.
    pub(crate) fn mark_flush(&mut self, db: DbIndex) {
        self.revise(db, |mark, shard, key| match shard.presence(db, key) {
            Presence::Absent => {}
            Presence::Live => mark.changed(),
            Presence::Dead => mark.ended(),
        });
    }

    /// Two databases are about to change places.
    pub(crate) fn mark_swap(&mut self, a: DbIndex, b: DbIndex) {
        for (from, to) in [(a, b), (b, a)] {
            self.revise(from, |mark, shard, key| {
                match (shard.presence(from, key), shard.presence(to, key)) {
                    (Presence::Absent, Presence::Absent) => {}
                    (Presence::Live, _) | (_, Presence::Live) => mark.changed(),
                    (Presence::Dead, Presence::Absent) => mark.ended(),
                    (Presence::Dead, Presence::Dead) => mark.ends += u64::from(!mark.came_dead),
                    (Presence::Absent, Presence::Dead) => mark.came_dead = true,
                }
            });
        }
    }

    fn revise(&mut self, db: DbIndex, revise: impl Fn(&mut Mark, &Self, &[u8])) {
        let Some(marks) = self.watch.marks.get_mut(db.index()) else { return };
        let mut marks = std::mem::take(marks);
        marks.iter_mut().for_each(|(key, mark)| revise(mark, self, key));
        self.watch.marks[db.index()] = marks;
    }

    fn presence(&self, db: DbIndex, key: &[u8]) -> Presence {
        let table = &self.dbs[db.index()].table;
        match table.find(self.hash(key), |entry| entry.key() == key) {
            None => Presence::Absent,
            Some(entry) if entry.expire_at().is_some_and(|at| at <= self.now.0) => Presence::Dead,
            Some(_) => Presence::Live,
        }
    }
}
