//! The hash table of keyspaces, large hashes and large sets: linear hashing over cache lines.
//!
//! An entry is an owning handle of eight bytes (`entry::Entry`, say), and its hash is handed in by
//! whoever looks for it. The table never hashes by itself, save that an insertion is given the
//! means to hash the entries of the one bucket that it splits.
//!
//! **Promises**
//!
//! - An insertion splits at most one bucket and a removal merges at most one, at any size; memory
//!   comes and goes in chunks of constant size. Nothing is ever rehashed as a whole.
//! - A bucket covers one interval of the *positions*, the reversed hashes. Splitting cuts an
//!   interval in two, merging joins two neighbours, so a walk in the order of positions meets every
//!   entry that stays, however the table grows and shrinks meanwhile ([`Position`]).
//! - Looking for an entry costs one cache line of the table and the entry itself; sometimes an
//!   overflow bucket between them.
//!
//! **Load.** Buckets not yet split in the present round hold twice as many entries as the others,
//! so they overflow first. At four entries per bucket, averaged over a round, an entry costs 17.3
//! bytes and 6 of 100 entries lie in an overflow bucket; at five it would be 15.0 bytes and 11.
//!
//! **Not here:** what an entry is, expiry, which hash function.

mod bucket;
mod chain;
mod drain;
mod iter;
mod meta;
mod place;
mod sample;
mod scan;
mod storage;
#[cfg(test)]
mod tests;

use bucket::{Bucket, Tagged};
pub use iter::Iter;
use meta::fingerprint;
pub use place::Place;
pub use sample::SampleSize;
pub use scan::Position;
use storage::Storage;

/// Entries per 16 buckets at which the table grows.
const LOAD: usize = 64;

/// The table shrinks when its load has fallen to this fraction of `LOAD`.
const SHRINK: usize = 4;

/// What a table holds: an owning pointer, as small as one.
pub trait Handle {
    /// Where the bytes that a lookup compares begin, for prefetching them.
    fn address(&self) -> *const u8;
}

/// See the head of this file.
pub struct Table<H> {
    storage: Storage<H>,
    len: usize,
    overflow_buckets: usize,
}

/// What [`Table::probe`] found.
pub enum Probe<'a, H> {
    /// The entry is there.
    Found(Occupied<'a, H>),
    /// It is not, and may be inserted.
    Vacant(Vacant<'a, H>),
}

/// An entry in its place.
pub struct Occupied<'a, H> {
    bucket: &'a mut Bucket<H>,
    slot: usize,
}

/// The absence of an entry.
pub struct Vacant<'a, H> {
    table: &'a mut Table<H>,
    hash: u64,
}

impl<H> Table<H> {
    /// An empty table, which has allocated nothing.
    pub const fn new() -> Self {
        Self { storage: Storage::new(), len: 0, overflow_buckets: 0 }
    }

    /// How many entries there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many buckets there are, overflow buckets not counted.
    pub fn buckets(&self) -> usize {
        self.storage.count()
    }

    /// Bytes that the table has allocated for itself, those of its entries not counted.
    pub fn memory_bytes(&self) -> usize {
        self.storage.memory_bytes() + self.overflow_buckets * size_of::<Bucket<H>>()
    }

    /// The entry of this hash that `is_wanted` agrees to.
    #[inline]
    pub fn find(&self, hash: u64, is_wanted: impl FnMut(&H) -> bool) -> Option<&H> {
        chain::find(self.head(hash)?, fingerprint(hash), is_wanted)
    }

    /// The entry of this hash that `is_wanted` agrees to, to be changed. Its hash must stay.
    #[inline]
    pub fn find_mut(&mut self, hash: u64, is_wanted: impl FnMut(&H) -> bool) -> Option<&mut H> {
        Some(self.find_occupied(hash, is_wanted)?.into_mut())
    }

    /// Like [`Table::find_mut`], with the entry's mark in reach.
    #[inline]
    pub fn find_occupied(
        &mut self,
        hash: u64,
        is_wanted: impl FnMut(&H) -> bool,
    ) -> Option<Occupied<'_, H>> {
        let (bucket, slot) = chain::find_mut(self.head_mut(hash)?, fingerprint(hash), is_wanted)?;
        Some(Occupied { bucket, slot })
    }

    /// Sets or clears the mark of an entry; says whether the entry is there.
    pub fn set_mark(&mut self, hash: u64, is_wanted: impl FnMut(&H) -> bool, marked: bool) -> bool {
        self.find_occupied(hash, is_wanted).map(|mut entry| entry.set_mark(marked)).is_some()
    }

    /// Takes an entry out. At most one bucket is merged into another.
    #[inline]
    pub fn remove(&mut self, hash: u64, is_wanted: impl FnMut(&H) -> bool) -> Option<H> {
        let (entry, freed) = chain::remove(self.head_mut(hash)?, fingerprint(hash), is_wanted)?;
        self.overflow_buckets -= freed;
        self.len -= 1;
        if self.len * 16 * SHRINK < self.storage.count() * LOAD {
            self.shrink();
        }
        Some(entry.handle)
    }

    /// An entry, picked almost uniformly; `random` gives the randomness.
    ///
    /// A bucket and a place in it are drawn until there is an entry in that place, so a full bucket
    /// is not preferred to an emptier one. The number of attempts is bounded.
    pub fn random(&self, mut random: impl FnMut() -> u64) -> Option<&H> {
        // LIMIT: more than these in one chain are rare, and then only a little too seldom picked.
        const PLACES: usize = 16;
        // LIMIT: at the lowest load one attempt in fifteen succeeds, so one pick in ten million
        // falls through to the first entry of some bucket.
        const ATTEMPTS: usize = 256;
        if self.len == 0 {
            return None;
        }
        for _ in 0..ATTEMPTS {
            let draw = random();
            let head = self.storage.bucket(((draw >> 32) as usize) % self.storage.count());
            let count = chain::for_each(head, |_, _| {});
            let place = draw as u32 as usize % count.max(PLACES);
            if place < count {
                return chain::nth(head, place);
            }
        }
        let from = random() as usize % self.storage.count();
        (0..self.storage.count())
            .map(|step| self.storage.bucket((from + step) % self.storage.count()))
            .find_map(|head| chain::nth(head, 0))
    }

    /// Calls `visit` with every entry and whether it is marked, in the order of storage.
    pub fn for_each(&self, mut visit: impl FnMut(&H, bool)) {
        for index in 0..self.storage.count() {
            chain::for_each(self.storage.bucket(index), &mut visit);
        }
    }

    /// The bucket of a hash, if there are buckets at all.
    #[inline]
    fn head(&self, hash: u64) -> Option<&Bucket<H>> {
        if self.len == 0 {
            return None;
        }
        Some(self.storage.bucket(self.storage.address(hash)))
    }

    #[inline]
    fn head_mut(&mut self, hash: u64) -> Option<&mut Bucket<H>> {
        if self.len == 0 {
            return None;
        }
        Some(self.storage.bucket_mut(self.storage.address(hash)))
    }

    /// Merges the last bucket into the one it was split from; its entries are not touched.
    #[cold]
    fn shrink(&mut self) {
        let last = self.storage.count() - 1;
        if last > 0 {
            let mut twin = std::mem::replace(self.storage.bucket_mut(last), Bucket::new());
            let origin = self.storage.bucket_mut(Storage::<H>::origin(last));
            let mut added = 0;
            self.overflow_buckets -= chain::drain(&mut twin, |entry| {
                added += usize::from(chain::put(origin, entry).overflowed);
            });
            self.overflow_buckets += added;
        } else if self.len > 0 {
            return;
        }
        self.storage.pop();
    }
}

impl<H: Handle> Table<H> {
    /// Looks for an entry in order to insert it if it is absent.
    #[inline]
    pub fn probe(&mut self, hash: u64, is_wanted: impl FnMut(&H) -> bool) -> Probe<'_, H> {
        match self.locate(hash, is_wanted) {
            Some(place) => Probe::Found(self.occupied_at(place)),
            None => Probe::Vacant(Vacant { table: self, hash }),
        }
    }

    /// Inserts an entry that is known to be absent. At most one bucket is split, and `hash_of` is
    /// asked for the entries of that bucket only.
    #[inline]
    pub fn insert_new(
        &mut self,
        hash: u64,
        handle: H,
        marked: bool,
        hash_of: impl Fn(&H) -> u64,
    ) -> &mut H {
        debug_assert!(hash_of(&handle) == hash);
        if (self.len + 1) * 16 > self.storage.count() * LOAD {
            self.grow(hash_of);
        }
        self.len += 1;
        let head = self.storage.bucket_mut(self.storage.address(hash));
        let put = chain::put(head, Tagged { handle, fingerprint: fingerprint(hash), marked });
        self.overflow_buckets += usize::from(put.overflowed);
        put.bucket.handle_mut(put.slot)
    }

    /// Fetches the bucket of a hash into the cache.
    #[inline]
    pub fn prefetch(&self, hash: u64) {
        if let Some(head) = self.head(hash) {
            stdx::prefetch::prefetch(head);
        }
    }

    /// Fetches the entries that a lookup of this hash will compare; the bucket should be cached.
    #[inline]
    pub fn prefetch_candidates(&self, hash: u64) {
        let Some(head) = self.head(hash) else { return };
        let mut candidates = head.meta().matching(fingerprint(hash)).peekable();
        if candidates.peek().is_none()
            && let Some(overflow) = head.link()
        {
            stdx::prefetch::prefetch(overflow);
        }
        for slot in candidates {
            stdx::prefetch::prefetch(head.handle(slot).address());
        }
    }

    /// Adds a bucket and splits the one whose twin it is.
    #[cold]
    fn grow(&mut self, hash_of: impl Fn(&H) -> u64) {
        let twin = self.storage.count();
        self.storage.push();
        if twin == 0 {
            return;
        }
        let bit = Storage::<H>::twin_bit(twin) as u64;
        let origin = self.storage.bucket_mut(Storage::<H>::origin(twin));
        let split = chain::split(origin, |handle| hash_of(handle) & bit != 0);
        self.overflow_buckets = self.overflow_buckets + split.added - split.freed;
        *self.storage.bucket_mut(twin) = split.moved;
        self.prefetch_next_split();
    }

    /// Has the entries of the bucket to be split next on their way when it is, and the line of the
    /// bucket after that, so that the entries in it are known by then.
    #[inline]
    fn prefetch_next_split(&self) {
        let twin = self.storage.count();
        let next = self.storage.bucket(Storage::<H>::origin(twin));
        for slot in next.meta().occupied() {
            stdx::prefetch::prefetch(next.handle(slot).address());
        }
        stdx::prefetch::prefetch(self.storage.bucket(Storage::<H>::origin(twin + 1)));
    }
}

impl<H> Default for Table<H> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a, H> Occupied<'a, H> {
    /// The entry.
    #[inline]
    pub fn get(&self) -> &H {
        self.bucket.handle(self.slot)
    }

    /// The entry, to be changed. Its hash must stay.
    #[inline]
    pub fn get_mut(&mut self) -> &mut H {
        self.bucket.handle_mut(self.slot)
    }

    /// The entry, for as long as the table is borrowed.
    #[inline]
    pub fn into_mut(self) -> &'a mut H {
        self.bucket.handle_mut(self.slot)
    }

    /// Puts another entry of the same hash into the place, and gives back the one that was there.
    #[inline]
    pub fn replace(&mut self, handle: H, marked: bool) -> H {
        self.set_mark(marked);
        std::mem::replace(self.get_mut(), handle)
    }

    /// Whether the entry is marked.
    #[inline]
    pub fn is_marked(&self) -> bool {
        self.bucket.meta().is_marked(self.slot)
    }

    /// Sets or clears the entry's mark.
    #[inline]
    pub fn set_mark(&mut self, marked: bool) {
        self.bucket.set_mark(self.slot, marked);
    }
}

impl<'a, H: Handle> Vacant<'a, H> {
    /// Inserts the entry; see [`Table::insert_new`].
    #[inline]
    pub fn insert(self, handle: H, marked: bool, hash_of: impl Fn(&H) -> u64) -> &'a mut H {
        self.table.insert_new(self.hash, handle, marked, hash_of)
    }
}
