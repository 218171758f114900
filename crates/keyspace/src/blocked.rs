//! Keys that clients wait for, and those of them that should be looked at.
//!
//! A handler that finds nothing may ask to [`Wait`]. Who waits, and in which order, is kept where
//! transactions are (`txn`); the shard knows only for which keys.
//!
//! **Invariants**
//! - [`Changes`](crate::Changes) knows whether anybody waits, so that a command that changes a key
//!   pays nothing for this while nobody does.
//! - A key is ready from the change that put a collection under it on, in the order of these
//!   changes, until somebody looks ([`Shard::next_ready`]).
//! - Marks stay here while their keys are on loan: what comes home is looked at.

use std::collections::VecDeque;
use std::ops::Range;

use datatypes::Entry;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::HashMap;

use crate::{DbIndex, Shard, ShardCx, UnixMillis};

/// Runs a command that has waited, on the one of its keys that has something for it now.
pub type ServeFn =
    fn(&mut ShardCx<'_>, Args<'_>, &[u8], &mut ReplyWriter<'_>) -> Result<(), ReplyError>;

/// What a handler that finds nothing asks for.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The words of the request that are keys to wait for.
    pub keys: Range<usize>,
    /// The word that is a key which is used as well.
    pub uses: Option<usize>,
    /// The last moment; none is for ever.
    pub until: Option<UnixMillis>,
    /// Whether there is something for it under a key.
    pub wants: fn(&Entry) -> bool,
    /// What runs then.
    pub serve: ServeFn,
}

/// The keys of one shard that somebody waits for.
#[derive(Default)]
pub(crate) struct Awaited {
    /// By database; whether a key is among those that are ready.
    keys: Vec<HashMap<Box<[u8]>, bool>>,
    count: usize,
    ready: VecDeque<(DbIndex, Box<[u8]>)>,
    /// What the handler that ran last asks for.
    wait: Option<Box<Wait>>,
}

impl Awaited {
    fn find(&mut self, db: DbIndex, key: &[u8]) -> Option<&mut bool> {
        self.keys.get_mut(db.index())?.get_mut(key)
    }
}

impl Shard {
    /// Somebody waits for a key, perhaps not alone.
    pub fn await_key(&mut self, db: DbIndex, key: &[u8]) {
        let keys = &mut self.awaited.keys;
        if keys.len() <= db.index() {
            keys.resize_with(db.index() + 1, HashMap::default);
        }
        if !keys[db.index()].contains_key(key) {
            keys[db.index()].insert(key.into(), false);
            self.awaited.count += 1;
            self.changes.await_any(true);
        }
    }

    /// Nobody waits for a key any more.
    pub fn forget_key(&mut self, db: DbIndex, key: &[u8]) {
        let keys = self.awaited.keys.get_mut(db.index());
        if keys.and_then(|keys| keys.remove(key)).is_some() {
            self.awaited.count -= 1;
            self.changes.await_any(self.awaited.count > 0);
        }
    }

    /// Keys that somebody waits for.
    #[inline]
    #[must_use]
    pub fn awaited_keys(&self) -> usize {
        self.awaited.count
    }

    /// Whether a key should be looked at.
    #[inline]
    #[must_use]
    pub fn has_ready(&self) -> bool {
        !self.awaited.ready.is_empty()
    }

    /// The next key to be looked at.
    pub fn next_ready(&mut self) -> Option<(DbIndex, Box<[u8]>)> {
        let (db, key) = self.awaited.ready.pop_front()?;
        if let Some(is_ready) = self.awaited.find(db, &key) {
            *is_ready = false;
        }
        Some((db, key))
    }

    /// Something happened to a key: it is ready if somebody waits for it and a collection is there.
    pub fn look_at(&mut self, db: DbIndex, key: &[u8]) {
        if self.awaited.count == 0 || self.awaited.find(db, key).is_none_or(|it| *it) {
            return;
        }
        let hash = self.hash(key);
        let entry = self.dbs[db.index()].table.find(hash, |entry| entry.key() == key);
        if entry.is_some_and(Entry::is_collection) {
            *self.awaited.find(db, key).expect("it was there") = true;
            self.awaited.ready.push_back((db, key.into()));
        }
    }

    /// Two databases have changed places.
    pub(crate) fn look_at_all(&mut self, dbs: [DbIndex; 2]) {
        for db in dbs {
            let keys = self.awaited.keys.get(db.index());
            let keys: Vec<Box<[u8]>> = keys.into_iter().flat_map(HashMap::keys).cloned().collect();
            keys.iter().for_each(|key| self.look_at(db, key));
        }
    }

    /// Runs a handler, which may ask to wait. Answers what it asks for, if it does.
    pub fn with_patience<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> (T, Option<Wait>) {
        self.may_wait = true;
        let result = run(self);
        self.may_wait = false;
        (result, self.awaited.wait.take().map(|wait| *wait))
    }
}

impl ShardCx<'_> {
    /// Whether the command may wait where it finds nothing.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        self.shard.may_wait
    }

    /// The command waits: whatever it would answer is not its reply.
    ///
    /// # Panics
    /// If it may not.
    pub fn wait(&mut self, wait: Wait) {
        assert!(self.shard.may_wait, "only who may wait waits");
        self.shard.awaited.wait = Some(Box::new(wait));
    }
}
