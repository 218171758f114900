//! The eighth word of a bucket: what each of its seven slots holds, readable at one glance.
//!
//! **Layout**, least significant byte first:
//!
//! ```text
//! byte   0    1    2    3    4    5    6    7
//!      +----+----+----+----+----+----+----+--------------------+
//!      | f0 | f1 | f2 | f3 | f4 | f5 | f6 | l m6 m5 ... m1 m0  |
//!      +----+----+----+----+----+----+----+--------------------+
//! ```
//!
//! `f` is a slot's fingerprint, 0 for a slot without an entry; `m` is the mark of its entry;
//! `l` says that slot 6 holds the link to an overflow bucket (and then `f6` is 0).
//!
//! All seven fingerprints are compared at once by arithmetic within the word, exactly: no byte's
//! outcome depends on its neighbour, so a slot that is reported to match does hold an entry.

/// Slots of a bucket.
pub(super) const SLOTS: usize = 7;

/// The slot that may hold a link instead of an entry.
pub(super) const LINK_SLOT: usize = SLOTS - 1;

const ONES: u64 = 0x0001_0101_0101_0101;
const TOPS: u64 = 0x0080_8080_8080_8080;
const LINKED: u64 = 1 << 63;
const MARKS: u64 = 0x7f << 56;

/// The byte by which a slot is recognised before its entry is touched; never 0.
///
/// It is taken from the top of the hash, while buckets are addressed from the bottom.
#[inline]
pub(super) fn fingerprint(hash: u64) -> u8 {
    ((hash >> 56) as u8).max(1)
}

/// See the drawing above.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Meta(u64);

impl Meta {
    /// The slots whose fingerprint is `fingerprint`.
    #[inline]
    pub(super) fn matching(self, fingerprint: u8) -> Slots {
        Slots(zero_bytes(self.0 ^ (ONES * u64::from(fingerprint))))
    }

    /// The slots that hold an entry.
    #[inline]
    pub(super) fn occupied(self) -> Slots {
        Slots(zero_bytes(self.0) ^ TOPS)
    }

    /// The slots that hold an entry with a mark.
    #[inline]
    pub(super) fn marked(self) -> Slots {
        // Bit `i` of the marks is spread to the top of byte `i`.
        let mut spread = 0;
        let mut marks = (self.0 & MARKS) >> 56;
        while marks != 0 {
            spread |= 0x80 << (8 * marks.trailing_zeros());
            marks &= marks - 1;
        }
        Slots(spread)
    }

    /// A slot that an entry can be put into.
    #[inline]
    pub(super) fn vacant(self) -> Option<usize> {
        let linked = self.0 >> 63;
        Slots(zero_bytes(self.0) & !(linked << (8 * LINK_SLOT + 7))).next()
    }

    #[inline]
    pub(super) fn is_occupied(self, slot: usize) -> bool {
        self.fingerprint(slot) != 0
    }

    /// Neither an entry nor a link.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[inline]
    pub(super) fn is_linked(self) -> bool {
        self.0 & LINKED != 0
    }

    #[inline]
    pub(super) fn fingerprint(self, slot: usize) -> u8 {
        debug_assert!(slot < SLOTS);
        (self.0 >> (8 * slot)) as u8
    }

    #[inline]
    pub(super) fn is_marked(self, slot: usize) -> bool {
        debug_assert!(slot < SLOTS);
        self.0 >> (56 + slot) & 1 == 1
    }

    /// Enters a fingerprint into a vacant slot.
    #[inline]
    pub(super) fn occupy(&mut self, slot: usize, fingerprint: u8, marked: bool) {
        debug_assert!(fingerprint != 0);
        debug_assert!(!self.is_occupied(slot));
        debug_assert!(!self.is_marked(slot));
        self.0 |= u64::from(fingerprint) << (8 * slot) | u64::from(marked) << (56 + slot);
    }

    #[inline]
    pub(super) fn vacate(&mut self, slot: usize) {
        self.0 &= !(0xff << (8 * slot) | 1 << (56 + slot));
    }

    #[inline]
    pub(super) fn set_mark(&mut self, slot: usize, marked: bool) {
        debug_assert!(self.is_occupied(slot));
        self.0 = self.0 & !(1 << (56 + slot)) | u64::from(marked) << (56 + slot);
    }

    #[inline]
    pub(super) fn set_linked(&mut self, linked: bool) {
        debug_assert!(!self.is_occupied(LINK_SLOT));
        self.0 = self.0 & !LINKED | u64::from(linked) << 63;
    }
}

/// The tops of those of the lower seven bytes of `word` that are 0.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    // A sum of two seven-bit numbers stays within its byte.
    let nonzero = ((word & LOW) + LOW) | word;
    !nonzero & TOPS
}

/// A set of slots, walked from the lowest.
#[derive(Clone, Copy)]
pub(super) struct Slots(u64);

impl Slots {
    /// No slots.
    pub(super) const NONE: Self = Self(0);

    #[inline]
    pub(super) fn count(self) -> usize {
        self.0.count_ones() as usize
    }
}

impl Iterator for Slots {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let slot = self.0.trailing_zeros() as usize / 8;
        self.0 &= self.0 - 1;
        Some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_found_exactly_where_it_is() {
        // Neighbours that differ by one are what inexact byte tricks trip over.
        let all = [1, 2, 1, 0, 0x80, 0x81, 0xff];
        let mut meta = Meta::default();
        for (slot, &fingerprint) in all.iter().enumerate().filter(|(_, f)| **f != 0) {
            meta.occupy(slot, fingerprint, slot % 2 == 0);
        }
        for wanted in 1..=255_u8 {
            let found: Vec<_> = meta.matching(wanted).collect();
            let expected: Vec<_> = (0..SLOTS).filter(|&slot| all[slot] == wanted).collect();
            assert_eq!(found, expected, "fingerprint {wanted}");
        }
        assert_eq!(meta.occupied().collect::<Vec<_>>(), [0, 1, 2, 4, 5, 6]);
        assert_eq!(meta.marked().collect::<Vec<_>>(), [0, 2, 4, 6]);
        assert_eq!(meta.vacant(), Some(3));
    }

    #[test]
    fn a_link_takes_the_last_slot() {
        let mut meta = Meta::default();
        meta.set_linked(true);
        for slot in 0..LINK_SLOT {
            assert_eq!(meta.vacant(), Some(slot));
            meta.occupy(slot, 0xff, true);
        }
        assert_eq!(meta.vacant(), None);
        assert_eq!(meta.occupied().count(), LINK_SLOT);
        meta.set_linked(false);
        assert_eq!(meta.vacant(), Some(LINK_SLOT));
    }

    #[test]
    fn vacating_leaves_the_others_alone() {
        let mut meta = Meta::default();
        for slot in 0..SLOTS {
            meta.occupy(slot, slot as u8 + 1, true);
        }
        meta.set_mark(5, false);
        meta.vacate(2);
        assert_eq!(meta.occupied().collect::<Vec<_>>(), [0, 1, 3, 4, 5, 6]);
        assert_eq!(meta.marked().collect::<Vec<_>>(), [0, 1, 3, 4, 6]);
        assert_eq!(meta.fingerprint(3), 4);
        for slot in [0, 1, 3, 4, 5, 6] {
            meta.vacate(slot);
        }
        assert!(meta.is_empty());
    }
}
