//! Hashes, of which not only the whole may expire but each field.
//!
//! A hash is changed by [`ShardCx::write_hash`], which keeps the mark of its entry in step. Expired
//! fields are there until somebody takes them out: a command that meets one, or the expire cycle.

use datatypes::{Entry, HashMut, HashRef};
use resp::Argv;
use smallvec::SmallVec;

use super::ShardCx;
use crate::{Author, Event, Touches};

impl ShardCx<'_> {
    /// Looks a hash up for a command that changes it, as [`lookup_write`](Self::lookup_write)
    /// does, and hands it to `then`; `None` if the key holds another type.
    ///
    /// A hash that is left without fields is the caller's to delete.
    #[inline]
    pub fn write_hash<T>(
        &mut self,
        key: &[u8],
        then: impl FnOnce(Option<HashMut<'_>>) -> T,
    ) -> Option<T> {
        let hash = self.hash(key);
        let shard = &mut *self.shard;
        let db = &mut shard.dbs[self.db.index()];
        let Some(mut place) = db.table.find_occupied(hash, |entry| entry.key() == key) else {
            return Some(then(None));
        };
        let entry = place.get_mut();
        if entry.expire_at().is_some_and(|at| at <= shard.now.0) {
            self.expire(key, hash);
            return Some(then(None));
        }
        if self.touch {
            shard.access_clock.touch(entry, &mut shard.prng);
        }
        let was_volatile = entry.has_volatile_fields();
        let answer = then(Some(entry.hash_mut()?));
        let is_volatile = entry.has_volatile_fields();
        if was_volatile != is_volatile {
            let is_marked = entry.may_expire();
            place.set_mark(is_marked);
            db.field_volatile -= usize::from(was_volatile);
            db.field_volatile += usize::from(is_volatile);
        }
        Some(answer)
    }

    /// Takes those of these fields out that have expired, and the hash if none is left.
    ///
    /// REDIS: `HGET` and others delete the expired fields that they meet, `HGETALL` does not.
    #[cold]
    pub fn expire_fields(&mut self, key: &[u8], names: &[&[u8]]) {
        let (now, rules) = (self.now().0, self.shard.hash_rules());
        let dead = self.write_hash(key, |hash| {
            let Some(mut hash) = hash else { return SmallVec::new() };
            let is_dead =
                |name: &&&[u8]| hash.as_ref().get(name, &rules).is_some_and(|it| it.is_dead(now));
            let mut dead: SmallVec<[&[u8]; 4]> = names.iter().filter(is_dead).copied().collect();
            dead.retain(|name| hash.remove(name, &rules));
            dead
        });
        let dead = dead.unwrap_or_default();
        if !dead.is_empty() {
            let mut durable = Argv::from_words(&[b"HDEL", key]);
            dead.iter().for_each(|name| durable.push(name));
            self.record_dead(key, dead.len(), durable);
        }
    }

    /// Takes some of the fields out that have expired; how many those were. The work is bounded:
    /// whether that were all says the hash's next expiry.
    pub fn take_dead_fields(&mut self, key: &[u8]) -> usize {
        let (now, rules) = (self.now().0, self.shard.hash_rules());
        let mut durable = Argv::from_words(&[b"HDEL", key]);
        let mut count = 0;
        self.write_hash(key, |hash| {
            let Some(mut hash) = hash else { return };
            hash.take_dead(now, &rules, |name| {
                count += 1;
                durable.push(name);
            });
        });
        if count > 0 {
            self.record_dead(key, count, durable);
        }
        count
    }

    /// Records that fields have expired, which no client did, and deletes the hash if they were its
    /// last ones.
    fn record_dead(&mut self, key: &[u8], count: usize, durable: Argv) {
        self.shard.stats.expired_fields += count as u64;
        let is_empty = self.peek(key).and_then(Entry::hash).is_some_and(HashRef::is_empty);
        if is_empty {
            self.delete(key);
        }
        let events = [Event::hash("hexpired"), Event::generic("del")];
        let events = if is_empty { &events[..] } else { &events[..1] };
        let (db, author) = (self.db, std::mem::replace(&mut self.author, Author::SERVER));
        let touches = || Touches::Key { db, key: key.into() };
        self.changed_many(0, touches, events, |words| *words = durable);
        self.author = author;
    }
}
