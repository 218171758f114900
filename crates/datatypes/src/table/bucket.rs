//! One cache line of the table: seven slots and the word that describes them.
//!
//! **Layout** (64 bytes, aligned to 64):
//!
//! ```text
//! +--------+--------+--------+--------+--------+--------+-----------------+--------+
//! | slot 0 | slot 1 | slot 2 | slot 3 | slot 4 | slot 5 | slot 6 or link  |  meta  |
//! +--------+--------+--------+--------+--------+--------+-----------------+--------+
//! ```
//!
//! **Invariants**
//!
//! - Slot `i` holds an initialised handle iff fingerprint `i` of `meta` is not 0.
//! - Slot 6 holds an initialised link iff `meta` is linked, and then fingerprint 6 is 0.
//! - So a bucket of zero bytes is an empty bucket, and fresh memory need not be written.
//!
//! # Safety
//!
//! A slot is a union whose field in use is told by `meta` alone. Every function here that reads a
//! slot asks `meta` first, and every function that fills or empties one changes `meta` in the same
//! breath, with no foreign code (a destructor that may panic) in between. Comparisons, which are
//! foreign, run under a shared borrow of the bucket. Outside of this file neither can be reached.
#![expect(unsafe_code, reason = "slots are unions of a handle and a link, told apart by meta")]

use std::mem::{ManuallyDrop, size_of};

use super::meta::{LINK_SLOT, Meta, SLOTS};

/// Buckets of a chunk, the unit in which a large table gets and returns memory (64 KiB).
pub(super) const CHUNK: usize = 1024;

/// See the head of this file.
#[repr(C, align(64))]
pub(super) struct Bucket<H> {
    slots: [Slot<H>; SLOTS],
    meta: Meta,
}

union Slot<H> {
    vacant: (),
    handle: ManuallyDrop<H>,
    link: ManuallyDrop<Box<Bucket<H>>>,
}

/// A handle together with what its slot knew of it.
pub(super) struct Tagged<H> {
    pub(super) handle: H,
    pub(super) fingerprint: u8,
    pub(super) marked: bool,
}

impl<H> Bucket<H> {
    const LAYOUT: () = {
        assert!(size_of::<H>() == 8, "a slot has room for a pointer");
        assert!(size_of::<Slot<H>>() == 8);
        assert!(size_of::<Bucket<H>>() == 64);
    };

    #[inline]
    pub(super) fn new() -> Self {
        const { Self::LAYOUT };
        Self { slots: [const { Slot { vacant: () } }; SLOTS], meta: Meta::default() }
    }

    #[inline]
    pub(super) fn meta(&self) -> Meta {
        self.meta
    }

    /// The slot of the entry with this fingerprint that `is_wanted` agrees to.
    #[inline]
    pub(super) fn position(
        &self,
        fingerprint: u8,
        mut is_wanted: impl FnMut(&H) -> bool,
    ) -> Option<usize> {
        debug_assert!(fingerprint != 0);
        // SAFETY: a slot that matches a fingerprint other than 0 is occupied.
        self.meta
            .matching(fingerprint)
            .find(|&slot| is_wanted(unsafe { self.slots[slot].handle_ref() }))
    }

    /// The handle in an occupied slot.
    #[inline]
    pub(super) fn handle(&self, slot: usize) -> &H {
        assert!(self.meta.is_occupied(slot));
        // SAFETY: the slot is occupied, as was just asserted.
        unsafe { self.slots[slot].handle_ref() }
    }

    /// The handle in an occupied slot.
    #[inline]
    pub(super) fn handle_mut(&mut self, slot: usize) -> &mut H {
        assert!(self.meta.is_occupied(slot));
        // SAFETY: the slot is occupied, as was just asserted.
        unsafe { &mut self.slots[slot].handle }
    }

    /// Puts an entry into a vacant slot, or gives it back if there is none.
    #[inline]
    pub(super) fn put(&mut self, entry: Tagged<H>) -> Result<usize, Tagged<H>> {
        let Some(slot) = self.meta.vacant() else { return Err(entry) };
        self.meta.occupy(slot, entry.fingerprint, entry.marked);
        self.slots[slot].handle = ManuallyDrop::new(entry.handle);
        Ok(slot)
    }

    /// Takes the entry out of a slot, if it has one.
    #[inline]
    pub(super) fn take(&mut self, slot: usize) -> Option<Tagged<H>> {
        let fingerprint = self.meta.fingerprint(slot);
        if fingerprint == 0 {
            return None;
        }
        let marked = self.meta.is_marked(slot);
        self.meta.vacate(slot);
        // SAFETY: the slot was occupied until the line above, and is not read again.
        let handle = unsafe { ManuallyDrop::take(&mut self.slots[slot].handle) };
        Some(Tagged { handle, fingerprint, marked })
    }

    /// Takes all entries out.
    #[inline]
    pub(super) fn take_all(&mut self, mut give: impl FnMut(Tagged<H>)) {
        for slot in self.meta.occupied() {
            if let Some(entry) = self.take(slot) {
                give(entry);
            }
        }
    }

    #[inline]
    pub(super) fn set_mark(&mut self, slot: usize, marked: bool) {
        self.meta.set_mark(slot, marked);
    }

    #[inline]
    pub(super) fn link(&self) -> Option<&Bucket<H>> {
        if !self.meta.is_linked() {
            return None;
        }
        // SAFETY: a linked bucket's slot 6 holds the link.
        Some(unsafe { &self.slots[LINK_SLOT].link })
    }

    #[inline]
    pub(super) fn link_mut(&mut self) -> Option<&mut Bucket<H>> {
        if !self.meta.is_linked() {
            return None;
        }
        // SAFETY: a linked bucket's slot 6 holds the link.
        Some(unsafe { &mut self.slots[LINK_SLOT].link })
    }

    /// Hangs an overflow bucket onto one that has none and whose slot 6 is vacant.
    pub(super) fn set_link(&mut self, bucket: Box<Bucket<H>>) {
        assert!(!self.meta.is_linked());
        assert!(!self.meta.is_occupied(LINK_SLOT));
        self.meta.set_linked(true);
        self.slots[LINK_SLOT].link = ManuallyDrop::new(bucket);
    }

    pub(super) fn take_link(&mut self) -> Option<Box<Bucket<H>>> {
        if !self.meta.is_linked() {
            return None;
        }
        self.meta.set_linked(false);
        // SAFETY: slot 6 held the link until the line above, and is not read again.
        Some(unsafe { ManuallyDrop::take(&mut self.slots[LINK_SLOT].link) })
    }
}

impl<H> Slot<H> {
    /// # Safety
    ///
    /// The slot is occupied.
    #[inline]
    unsafe fn handle_ref(&self) -> &H {
        // SAFETY: the caller's promise.
        unsafe { &self.handle }
    }
}

impl<H> Drop for Bucket<H> {
    fn drop(&mut self) {
        if self.meta.is_empty() {
            return;
        }
        drop(self.take_link());
        self.take_all(drop);
    }
}

/// A run of buckets that is allocated as one piece.
pub(super) type Chunk<H> = [Bucket<H>; CHUNK];

/// A chunk of empty buckets, in memory that the allocator knows to be zero.
pub(super) fn empty_chunk<H>() -> Box<Chunk<H>> {
    const { Bucket::<H>::LAYOUT };
    // SAFETY: zero bytes are an empty bucket: a meta word of 0 and slots that nobody reads.
    unsafe { Box::<Chunk<H>>::new_zeroed().assume_init() }
}

/// Room for `count` chunks, none there yet, in memory that the allocator knows to be zero.
pub(super) fn empty_directory<H>(count: usize) -> Box<[Option<Box<Chunk<H>>>]> {
    // SAFETY: zero bytes are `None` of an optional box; std guarantees that representation.
    unsafe { Box::<[Option<Box<Chunk<H>>>]>::new_zeroed_slice(count).assume_init() }
}
