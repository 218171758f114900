//! What a handler is given: the shard's databases and the verbs of Redis' keyspace on them.
//!
//! The names follow Redis: `lookup_read` counts hits and misses, `lookup_write` does not, both
//! touch the access clock and let an expired key vanish (with its change) before anybody sees it.
//!
//! **Invariant:** whatever sets or takes away an expiry keeps the entry's mark and the counts of
//! what is volatile in step with it (see [`Db`]). So expiries are changed by the verbs here only,
//! and hashes, whose fields may expire, by those in `fields`.

use bytes::Bytes;
use datatypes::list::NodeLimit;
use datatypes::{Entry, Place};

use crate::{Author, Db, DbIndex, KeyspaceStats, Shard, UnixMillis};

mod fields;
mod record;

/// What a new string met under its key.
enum Old {
    /// Nothing.
    Absent,
    /// An entry that took it in place.
    Overwritten,
    /// An entry that has to go: one of another layout, or a collection; used like this lately.
    Unlike(u32),
}

/// A handler's view of its shard.
pub struct ShardCx<'a> {
    /// The shard. Handlers of whole databases (FLUSHALL, SWAPDB, SCAN) use it; others go by the
    /// verbs.
    pub shard: &'a mut Shard,
    /// The client's database.
    pub db: DbIndex,
    /// The client.
    pub author: Author,
    /// False under CLIENT NO-TOUCH: lookups leave the access clock alone.
    pub touch: bool,
    /// Address, length and hash of a key that was hashed before (the pipeline's prefetch).
    pub(crate) hint: Option<(*const u8, usize, u64)>,
}

impl ShardCx<'_> {
    /// The shard's time.
    #[inline]
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.shard.now
    }

    /// How large lists and their nodes get.
    #[inline]
    #[must_use]
    pub fn list_limit(&self) -> NodeLimit {
        self.shard.list_limit
    }

    /// Tells the hash of a key that the handler will look up. `key` must be the very slice that it
    /// will use.
    #[inline]
    pub fn set_hint(&mut self, key: &[u8], hash: u64) {
        debug_assert_eq!(hash, self.shard.hash(key));
        self.hint = Some((key.as_ptr(), key.len(), hash));
    }

    #[inline]
    fn hash(&self, key: &[u8]) -> u64 {
        match self.hint {
            // The same memory while the request is borrowed is the same key.
            Some((address, len, hash)) if address == key.as_ptr() && len == key.len() => hash,
            _ => self.shard.hasher.hash(key),
        }
    }

    #[inline]
    fn table(&mut self) -> &mut Db {
        &mut self.shard.dbs[self.db.index()]
    }

    #[inline]
    fn at(&self, place: Place) -> &Entry {
        self.shard.dbs[self.db.index()].table.at(place)
    }

    #[inline]
    fn at_mut(&mut self, place: Place) -> &mut Entry {
        self.table().table.occupied_at(place).into_mut()
    }

    /// Where a live key is. An expired one is deleted first.
    #[inline]
    fn locate(&mut self, key: &[u8], hash: u64) -> Option<Place> {
        let mut expire_at = None;
        let is_it = |entry: &Entry| {
            let found = entry.key() == key;
            if found {
                expire_at = entry.expire_at();
            }
            found
        };
        let place = self.table().table.locate(hash, is_it)?;
        match expire_at {
            Some(at) if at <= self.shard.now.0 => {
                self.expire(key, hash);
                None
            }
            _ => Some(place),
        }
    }

    #[cold]
    fn expire(&mut self, key: &[u8], hash: u64) {
        drop(self.detach(key, hash));
        self.shard.stats.expired_keys += 1;
        self.record_expired(key);
    }

    /// Takes an entry out, expired or not, without a change.
    pub(crate) fn detach(&mut self, key: &[u8], hash: u64) -> Option<Entry> {
        let db = self.table();
        let entry = db.table.remove(hash, |entry| entry.key() == key)?;
        db.count_out(&entry);
        Some(entry)
    }

    /// The entry at a place, with its access clock set.
    #[inline]
    fn touched(&mut self, place: Place) -> &mut Entry {
        let touch = self.touch;
        let shard = &mut *self.shard;
        let entry = shard.dbs[self.db.index()].table.occupied_at(place).into_mut();
        if touch {
            shard.access_clock.touch(entry, &mut shard.prng);
        }
        entry
    }

    /// Finds a live entry, sets its access clock, and hands it to `then` with the counters: one
    /// walk of the table where a place would take two. An expired key vanishes first, and `then`
    /// sees none.
    #[inline]
    fn find_with<T>(
        &mut self,
        key: &[u8],
        hash: u64,
        then: impl FnOnce(Option<&mut Entry>, &mut KeyspaceStats) -> T,
    ) -> T {
        let shard = &mut *self.shard;
        let table = &mut shard.dbs[self.db.index()].table;
        let Some(entry) = table.find_mut(hash, |entry| entry.key() == key) else {
            return then(None, &mut shard.stats);
        };
        if entry.expire_at().is_none_or(|at| at > shard.now.0) {
            if self.touch {
                shard.access_clock.touch(entry, &mut shard.prng);
            }
            return then(Some(entry), &mut shard.stats);
        }
        self.expire(key, hash);
        then(None, &mut self.shard.stats)
    }

    /// Looks a key up for a command that reads, as [`lookup_read`](Self::lookup_read) does, and
    /// hands the entry to `then`: the hot path of GET.
    #[inline]
    pub fn read_with<T>(&mut self, key: &[u8], then: impl FnOnce(Option<&mut Entry>) -> T) -> T {
        let hash = self.hash(key);
        self.find_with(key, hash, |entry, stats| {
            match entry {
                Some(_) => stats.hits += 1,
                None => stats.misses += 1,
            }
            then(entry)
        })
    }

    /// Looks a key up for a command that changes its value in place, as
    /// [`lookup_write`](Self::lookup_write) does, and hands the entry to `then`: the hot path of
    /// INCR.
    #[inline]
    pub fn write_with<T>(&mut self, key: &[u8], then: impl FnOnce(Option<&mut Entry>) -> T) -> T {
        let hash = self.hash(key);
        self.find_with(key, hash, |entry, _| then(entry))
    }

    /// A key's entry, for a command that reads. Counts a hit or a miss.
    #[inline]
    pub fn lookup_read(&mut self, key: &[u8]) -> Option<&Entry> {
        let place = self.locate_counted(key)?;
        Some(self.touched(place))
    }

    /// The same without touching the access clock, for commands that do not look at the value (TTL,
    /// TYPE, EXISTS, OBJECT).
    pub fn lookup_read_no_touch(&mut self, key: &[u8]) -> Option<&Entry> {
        let place = self.locate_counted(key)?;
        Some(self.at(place))
    }

    #[inline]
    fn locate_counted(&mut self, key: &[u8]) -> Option<Place> {
        let hash = self.hash(key);
        let found = self.locate(key, hash);
        match found {
            Some(_) => self.shard.stats.hits += 1,
            None => self.shard.stats.misses += 1,
        }
        found
    }

    /// A key's entry, for looking at it without any trace (no counters, no clock).
    pub fn peek(&mut self, key: &[u8]) -> Option<&Entry> {
        let hash = self.hash(key);
        let place = self.locate(key, hash)?;
        Some(self.at(place))
    }

    /// A key's entry, expired or not, for debugging.
    #[must_use]
    pub fn find_any(&self, key: &[u8]) -> Option<&Entry> {
        let table = &self.shard.dbs[self.db.index()].table;
        table.find(self.hash(key), |entry| entry.key() == key)
    }

    /// The value of a large string by reference, for a reply; `None` for all other values.
    pub fn share_bytes(&mut self, key: &[u8]) -> Option<Bytes> {
        let hash = self.hash(key);
        let place = self.locate(key, hash)?;
        self.at_mut(place).share_bytes()
    }

    /// A key's entry, for a command that changes its value in place.
    ///
    /// The expiry must not be changed through it: use [`set_expire`](Self::set_expire).
    #[inline]
    pub fn lookup_write(&mut self, key: &[u8]) -> Option<&mut Entry> {
        let hash = self.hash(key);
        let place = self.locate(key, hash)?;
        Some(self.touched(place))
    }

    /// Whether a live key is there (no counters, no clock).
    pub fn contains(&mut self, key: &[u8]) -> bool {
        let hash = self.hash(key);
        self.locate(key, hash).is_some()
    }

    /// The 24 bits of an entry that is made now.
    #[inline]
    #[must_use]
    pub fn fresh_lru(&self) -> u32 {
        self.shard.access_clock.fresh
    }

    /// Sets a string, whatever was there. `expire` replaces the expiry.
    #[inline]
    pub fn set_string(&mut self, key: &[u8], value: &[u8], expire: Option<UnixMillis>) {
        let expire = expire.map(|at| at.0);
        let hash = self.hash(key);
        let old = self.find_with(key, hash, |entry, _| match entry {
            None => Old::Absent,
            // A collection is not dropped here: it may be large, and then it goes in slices.
            Some(entry) if entry.is_volatile() == expire.is_some() && !entry.is_collection() => {
                entry.set_expire(expire);
                entry.set_string(value);
                Old::Overwritten
            }
            Some(entry) => Old::Unlike(entry.lru()),
        });
        match old {
            Old::Overwritten => {}
            Old::Absent => {
                let entry = Entry::new_string(key, value, expire, self.fresh_lru());
                self.add(hash, entry);
            }
            Old::Unlike(lru) => self.put(Entry::new_string(key, value, expire, lru)),
        }
    }

    /// Sets a big string without copying it.
    pub fn set_bytes(&mut self, key: &[u8], value: Bytes, expire: Option<UnixMillis>) {
        let hash = self.hash(key);
        let lru = match self.locate(key, hash) {
            Some(place) => self.touched(place).lru(),
            None => self.fresh_lru(),
        };
        self.put(Entry::new_bytes(key, value, expire.map(|at| at.0), lru));
    }

    /// Puts an entry under its key, in the place of what was there.
    pub fn put(&mut self, entry: Entry) {
        let hash = self.hash(entry.key());
        match self.locate(entry.key(), hash) {
            Some(place) => self.replace(place, entry),
            None => self.add(hash, entry),
        }
    }

    fn replace(&mut self, place: Place, entry: Entry) {
        let db = self.table();
        db.count_in(&entry);
        let is_marked = entry.may_expire();
        let old = db.table.occupied_at(place).replace(entry, is_marked);
        db.count_out(&old);
        self.shard.garbage.push_entry(old);
    }

    #[inline]
    fn add(&mut self, hash: u64, entry: Entry) {
        let shard = &mut *self.shard;
        let db = &mut shard.dbs[self.db.index()];
        db.count_in(&entry);
        let is_marked = entry.may_expire();
        let hasher = &shard.hasher;
        db.table.insert_new(hash, entry, is_marked, |entry| hasher.hash(entry.key()));
    }

    /// Adds an entry under a key that is not there.
    pub fn insert(&mut self, entry: Entry) {
        let hash = self.hash(entry.key());
        debug_assert!(self.locate(entry.key(), hash).is_none(), "the key was free");
        self.add(hash, entry);
    }

    /// Takes a live entry out.
    pub fn remove(&mut self, key: &[u8]) -> Option<Entry> {
        let hash = self.hash(key);
        self.locate(key, hash)?;
        self.detach(key, hash)
    }

    /// Deletes a live key, a big value in slices; whether it was there.
    pub fn delete(&mut self, key: &[u8]) -> bool {
        let removed = self.remove(key);
        let is_there = removed.is_some();
        if let Some(entry) = removed {
            self.shard.garbage.push_entry(entry);
        }
        is_there
    }

    /// A live key's expiry.
    pub fn expire_at(&mut self, key: &[u8]) -> Option<UnixMillis> {
        self.peek(key)?.expire_at().map(UnixMillis)
    }

    /// Sets or takes away a live key's expiry; false if the key is not there.
    pub fn set_expire(&mut self, key: &[u8], expire: Option<UnixMillis>) -> bool {
        let hash = self.hash(key);
        let Some(place) = self.locate(key, hash) else { return false };
        let db = self.table();
        let mut occupied = db.table.occupied_at(place);
        db.volatile -= usize::from(occupied.get().is_volatile());
        db.volatile += usize::from(expire.is_some());
        occupied.get_mut().set_expire(expire.map(|at| at.0));
        let is_marked = occupied.get().may_expire();
        occupied.set_mark(is_marked);
        true
    }

    /// A view of another database of the shard, with the same author.
    pub fn in_db(&mut self, db: DbIndex) -> ShardCx<'_> {
        ShardCx { shard: self.shard, db, author: self.author, touch: self.touch, hint: None }
    }

    /// The shard's generator of chance.
    pub fn random(&mut self) -> u64 {
        self.shard.prng.next_u64()
    }
}
