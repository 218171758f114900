//! How a handler says what it changed.

use resp::Argv;
use smallvec::{SmallVec, smallvec};

use super::ShardCx;
use crate::{Author, Change, Event, EventClass, Touches};

impl ShardCx<'_> {
    /// Records that a key changed. `durable` writes a command that makes the same change.
    #[inline]
    pub fn changed(&mut self, key: &[u8], event: Event, durable: impl FnOnce(&mut Argv)) {
        self.shard.changes.count(1);
        if self.shard.changes.is_observed() {
            self.observe_key(key, event, durable);
        }
    }

    #[cold]
    fn observe_key(&mut self, key: &[u8], event: Event, durable: impl FnOnce(&mut Argv)) {
        self.shard.watch.changed(self.db, key);
        self.shard.look_at(self.db, key);
        if self.shard.changes.is_recording() {
            let touches = Touches::Key { db: self.db, key: key.into() };
            self.record(touches, smallvec![event], durable);
        }
    }

    /// Records one change of any kind, with its events in order.
    #[inline]
    pub fn changed_all(
        &mut self,
        touches: impl FnOnce() -> Touches,
        events: &[Event],
        durable: impl FnOnce(&mut Argv),
    ) {
        self.changed_many(1, touches, events, durable);
    }

    /// Records a change that counts as `count` of them (FLUSHDB: one a key).
    #[inline]
    pub fn changed_many(
        &mut self,
        count: u64,
        touches: impl FnOnce() -> Touches,
        events: &[Event],
        durable: impl FnOnce(&mut Argv),
    ) {
        self.shard.changes.count(count);
        if !self.shard.changes.is_observed() {
            return;
        }
        let touches = touches();
        match &touches {
            Touches::Key { db, key } | Touches::Made { db, key, .. } => {
                self.shard.watch.changed(*db, key);
                self.shard.look_at(*db, key);
            }
            Touches::Move { from, to } => {
                self.shard.watch.changed(from.0, &from.1);
                self.shard.watch.changed(to.0, &to.1);
                self.shard.look_at(to.0, &to.1);
            }
            // Marks and awaited keys were seen to as it happened: what counts is which keys there
            // were, and are.
            Touches::Database(_) | Touches::Swap(..) => {}
        }
        if self.shard.changes.is_recording() {
            self.record(touches, events.into(), durable);
        }
    }

    /// Records a change that counts as `count` of them and of which nobody is told: it has no
    /// event, and who watches the key goes on.
    pub fn changed_quietly(&mut self, count: u64, key: &[u8], durable: impl FnOnce(&mut Argv)) {
        self.shard.changes.count(count);
        if self.shard.changes.is_recording() {
            let touches = Touches::Key { db: self.db, key: key.into() };
            self.record(touches, SmallVec::new(), durable);
        }
    }

    /// Records that a key has expired.
    ///
    /// REDIS: `INFO persistence` does not count it among the changes since the last save.
    pub(super) fn record_expired(&mut self, key: &[u8]) {
        if !self.shard.changes.is_observed() {
            return;
        }
        self.shard.watch.ended(self.db, key);
        if !self.shard.changes.is_recording() {
            return;
        }
        let event = Event { class: EventClass::Expired, ..Event::generic("expired") };
        self.record_gone(key, event, b"DEL");
    }

    /// Records that a key has been evicted; the change says UNLINK if `is_lazy`.
    ///
    /// REDIS: this one is not counted either.
    pub(crate) fn record_evicted(&mut self, key: &[u8], is_lazy: bool) {
        if !self.shard.changes.is_observed() {
            return;
        }
        self.shard.watch.changed(self.db, key);
        if self.shard.changes.is_recording() {
            let event = Event { class: EventClass::Evicted, ..Event::generic("evicted") };
            self.record_gone(key, event, if is_lazy { b"UNLINK" } else { b"DEL" });
        }
    }

    /// Records that the server itself has deleted a key.
    fn record_gone(&mut self, key: &[u8], event: Event, durable: &[u8]) {
        let author = std::mem::replace(&mut self.author, Author::SERVER);
        let touches = Touches::Key { db: self.db, key: key.into() };
        self.record(touches, smallvec![event], |words| {
            words.push(durable);
            words.push(key);
        });
        self.author = author;
    }

    #[cold]
    fn record(
        &mut self,
        touches: Touches,
        events: SmallVec<[Event; 1]>,
        durable: impl FnOnce(&mut Argv),
    ) {
        let mut words = Argv::new();
        durable(&mut words);
        let (db, author) = (self.db, self.author);
        self.shard.changes.push(Change { touches, db, durable: words, events, author });
    }
}
