//! Where an entry was found, so that a second look costs no second search.
//!
//! A lookup that may end in deleting what it found (an expired key) needs the table back in
//! between, so it cannot hold a reference. It holds a place.

use super::meta::fingerprint;
use super::{Occupied, Table, chain};

/// Where an entry is, until the next insertion or removal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    index: usize,
    /// Links between the head of the chain and the bucket with the entry.
    depth: u32,
    slot: u32,
}

impl<H> Table<H> {
    /// Where the entry of this hash is that `is_wanted` agrees to.
    #[inline]
    pub fn locate(&self, hash: u64, is_wanted: impl FnMut(&H) -> bool) -> Option<Place> {
        let (depth, slot) = chain::locate(self.head(hash)?, fingerprint(hash), is_wanted)?;
        Some(Place { index: self.storage.address(hash), depth, slot: slot as u32 })
    }

    /// The entry at a place that [`Table::locate`] gave since the last insertion or removal.
    #[inline]
    pub fn at(&self, place: Place) -> &H {
        let mut bucket = self.storage.bucket(place.index);
        for _ in 0..place.depth {
            bucket = bucket.link().expect("nothing was removed since the entry was located");
        }
        bucket.handle(place.slot as usize)
    }

    /// Like [`Table::at`], with the entry's mark in reach, and the entry to be changed.
    #[inline]
    pub fn occupied_at(&mut self, place: Place) -> Occupied<'_, H> {
        let head = self.storage.bucket_mut(place.index);
        let bucket = chain::nth_bucket(head, place.depth)
            .expect("nothing was removed since the entry was located");
        Occupied { bucket, slot: place.slot as usize }
    }
}
