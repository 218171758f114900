//! A large hash: a table of fields, those with an expiry marked, and what is counted beside it.
//!
//! **Invariants**
//!
//! - A field's mark in the table is set iff it has an expiry; `volatile` counts the marks.
//! - No field expires before `next_expiry`. It is a bound and not the moment itself: taking fields
//!   out leaves it, and the walk for expired fields brings it up to date when it has come round.

use super::pair::Pair;
use super::{BytesHasher, Field};
use crate::table::{self, Position, Probe, Table};

/// The moment that never comes.
const NEVER: i64 = i64::MAX;

/// See the head of this file.
#[derive(Clone)]
pub(super) struct HashTable {
    table: Table<Pair>,
    /// Bytes that the fields have allocated.
    bytes: usize,
    volatile: usize,
    next_expiry: i64,
    /// Where the walk for expired fields goes on, and the earliest moment that it has left behind
    /// or that came in since it began.
    walk_at: Position,
    walk_earliest: i64,
}

impl Default for HashTable {
    fn default() -> Self {
        Self {
            table: Table::new(),
            bytes: 0,
            volatile: 0,
            next_expiry: NEVER,
            walk_at: Position::START,
            walk_earliest: NEVER,
        }
    }
}

impl HashTable {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    #[inline]
    pub(super) fn get(&self, name: &[u8], hasher: &impl BytesHasher) -> Option<&Pair> {
        self.table.find(hasher.hash_bytes(name), |pair| pair.name() == name)
    }

    /// Sets a field, which keeps its expiry or loses it; whether it is new.
    #[inline]
    pub(super) fn set(
        &mut self,
        (name, value, keep): (&[u8], &[u8], bool),
        hasher: &impl BytesHasher,
    ) -> bool {
        let hash = hasher.hash_bytes(name);
        match self.table.probe(hash, |pair| pair.name() == name) {
            Probe::Found(mut place) => {
                let expire_at = place.get().expire_at().filter(|_| keep);
                let pair = place.get_mut();
                self.volatile -= usize::from(pair.is_volatile() && expire_at.is_none());
                self.bytes -= pair.memory_bytes();
                pair.set(value, expire_at);
                self.bytes += pair.memory_bytes();
                place.set_mark(expire_at.is_some());
                false
            }
            Probe::Vacant(place) => {
                let pair = Pair::new(name, value, None);
                self.bytes += pair.memory_bytes();
                place.insert(pair, false, |pair| hasher.hash_bytes(pair.name()));
                true
            }
        }
    }

    /// Sets or takes away a field's expiry; whether the field is there.
    pub(super) fn set_expire(
        &mut self,
        name: &[u8],
        expire_at: Option<i64>,
        hasher: &impl BytesHasher,
    ) -> bool {
        let hash = hasher.hash_bytes(name);
        let Some(mut place) = self.table.find_occupied(hash, |pair| pair.name() == name) else {
            return false;
        };
        self.volatile -= usize::from(place.is_marked());
        self.bytes -= place.get().memory_bytes();
        place.get_mut().set_expire(expire_at);
        self.bytes += place.get().memory_bytes();
        place.set_mark(expire_at.is_some());
        if let Some(at) = expire_at {
            self.volatile += 1;
            self.next_expiry = self.next_expiry.min(at);
            self.walk_earliest = self.walk_earliest.min(at);
        }
        true
    }

    #[inline]
    pub(super) fn remove(&mut self, name: &[u8], hasher: &impl BytesHasher) -> bool {
        let hash = hasher.hash_bytes(name);
        let Some(pair) = self.table.remove(hash, |pair| pair.name() == name) else { return false };
        self.forget(&pair);
        true
    }

    /// Adds a field that is known not to be there.
    pub(super) fn insert_new(&mut self, pair: Pair, hasher: &impl BytesHasher) {
        self.bytes += pair.memory_bytes();
        if let Some(at) = pair.expire_at() {
            self.volatile += 1;
            self.next_expiry = self.next_expiry.min(at);
            self.walk_earliest = self.walk_earliest.min(at);
        }
        let (hash, is_volatile) = (hasher.hash_bytes(pair.name()), pair.is_volatile());
        self.table.insert_new(hash, pair, is_volatile, |pair| hasher.hash_bytes(pair.name()));
    }

    fn forget(&mut self, pair: &Pair) {
        self.bytes -= pair.memory_bytes();
        self.volatile -= usize::from(pair.is_volatile());
    }

    /// No field expires before; `None` if none ever does.
    pub(super) fn next_expiry(&self) -> Option<i64> {
        (self.volatile > 0).then_some(self.next_expiry)
    }

    /// Looks at the fields with an expiry in so many buckets and hands the names of those that have
    /// expired to `give`; whether the walk has come to its end. The caller takes them out.
    pub(super) fn walk_expired(
        &mut self,
        now: i64,
        buckets: usize,
        mut give: impl FnMut(&[u8]),
    ) -> bool {
        for _ in 0..buckets {
            let earliest = &mut self.walk_earliest;
            let next = self.table.scan_marked(self.walk_at, |pair| match pair.expire_at() {
                Some(at) if at <= now => give(pair.name()),
                Some(at) => *earliest = (*earliest).min(at),
                None => {}
            });
            self.walk_at = next.unwrap_or(Position::START);
            if next.is_none() {
                self.next_expiry = std::mem::replace(&mut self.walk_earliest, NEVER);
                return true;
            }
        }
        false
    }

    /// A field picked almost uniformly.
    pub(super) fn random(&self, random: impl FnMut() -> u64) -> Option<&Pair> {
        self.table.random(random)
    }

    pub(super) fn iter(&self) -> table::Iter<'_, Pair> {
        self.table.iter()
    }

    pub(super) fn scan(&self, at: Position, mut visit: impl FnMut(Field<'_>)) -> Option<Position> {
        self.table.scan(at, |pair, _| visit(pair.field()))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.table.memory_bytes() + self.bytes
    }

    /// Frees about so many fields; whether any are left.
    pub(super) fn free_slice(&mut self, steps: usize) -> bool {
        let (bytes, volatile) = (&mut self.bytes, &mut self.volatile);
        self.table.take_slice(steps, |pair| {
            *bytes -= pair.memory_bytes();
            *volatile -= usize::from(pair.is_volatile());
        })
    }
}
