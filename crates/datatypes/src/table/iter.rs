//! All entries of a table one after another, and a copy of a whole table.

use super::bucket::{Bucket, Tagged};
use super::meta::Slots;
use super::{Table, chain};

/// The entries of a table, in the order of storage.
pub struct Iter<'a, H> {
    table: &'a Table<H>,
    /// The bucket that comes after this one and its overflow buckets.
    next: usize,
    bucket: Option<&'a Bucket<H>>,
    slots: Slots,
}

impl<H> Table<H> {
    /// The entries, in the order of storage.
    pub fn iter(&self) -> Iter<'_, H> {
        Iter { table: self, next: 0, bucket: None, slots: Slots::NONE }
    }
}

impl<'a, H> Iterator for Iter<'a, H> {
    type Item = &'a H;

    #[inline]
    fn next(&mut self) -> Option<&'a H> {
        loop {
            if let Some(bucket) = self.bucket {
                if let Some(slot) = self.slots.next() {
                    return Some(bucket.handle(slot));
                }
                self.bucket = bucket.link();
            }
            if self.bucket.is_none() {
                if self.next == self.table.storage.count() {
                    return None;
                }
                self.bucket = Some(self.table.storage.bucket(self.next));
                self.next += 1;
            }
            self.slots = self.bucket.map_or(Slots::NONE, |bucket| bucket.meta().occupied());
        }
    }
}

impl<'a, H> IntoIterator for &'a Table<H> {
    type Item = &'a H;
    type IntoIter = Iter<'a, H>;

    fn into_iter(self) -> Iter<'a, H> {
        self.iter()
    }
}

impl<H: Clone> Clone for Table<H> {
    /// Copies bucket by bucket, so no entry is hashed.
    fn clone(&self) -> Self {
        let mut copy = Self::new();
        for index in 0..self.storage.count() {
            let head = copy.storage.push();
            let mut next = Some(self.storage.bucket(index));
            while let Some(bucket) = next {
                let meta = bucket.meta();
                for slot in meta.occupied() {
                    let (handle, marked) = (bucket.handle(slot).clone(), meta.is_marked(slot));
                    let entry = Tagged { handle, fingerprint: meta.fingerprint(slot), marked };
                    copy.overflow_buckets += usize::from(chain::put(head, entry).overflowed);
                }
                next = bucket.link();
            }
        }
        copy.len = self.len;
        copy
    }
}
