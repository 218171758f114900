//! Walking a table in the order of positions while it changes.
//!
//! The position of an entry is its hash read backwards: the low bits, which address buckets, come
//! first. So every bucket covers one interval of positions, and buckets side by side in this order
//! are those that were split from each other.
//!
//! ```text
//! buckets, by their low bits     00        10        01        11
//! positions                  0 |---------|---------|---------|---------| 2^48
//! after merging 11 into 01     |   00    |   10    |         01        |
//! after splitting 00           | 000 100 |   10    |   01    |   11    |
//! ```
//!
//! A walk needs no more state than the position it has come to. After a merge that position can
//! lie inside a bucket's interval: then the bucket is visited whole, entries before the position
//! too. Whoever must not meet an entry twice skips those whose own position lies before it.

use super::{Table, chain};

/// Bits of a position: a shard's number beside it still leaves a cursor below 2^53.
const BITS: u32 = 48;

/// A place in the order in which a table is walked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position(u64);

impl Position {
    /// Where a walk begins.
    pub const START: Self = Self(0);

    /// Where the entries of this hash are met.
    #[inline]
    pub fn of_hash(hash: u64) -> Self {
        Self(hash.reverse_bits() >> (u64::BITS - BITS))
    }

    /// The position with this number, if there is one.
    pub fn from_number(number: u64) -> Option<Self> {
        (number >> BITS == 0).then_some(Self(number))
    }

    /// The position's number, below 2^48.
    pub fn number(self) -> u64 {
        self.0
    }

    /// A hash whose entries are met here.
    fn to_hash(self) -> u64 {
        (self.0 << (u64::BITS - BITS)).reverse_bits()
    }

    /// The end of the interval of 2^-`bits` of all positions in which this one lies.
    fn next_interval(self, bits: u32) -> Option<Self> {
        let width = 1 << (BITS - bits);
        Self::from_number((self.0 & !(width - 1)) + width)
    }
}

impl<H> Table<H> {
    /// Calls `visit` with every entry of the bucket at `at` and whether it is marked; returns where
    /// the walk goes on, or `None` at its end.
    pub fn scan(&self, at: Position, mut visit: impl FnMut(&H, bool)) -> Option<Position> {
        let index = self.index_at(at)?;
        chain::for_each(self.storage.bucket(index), &mut visit);
        at.next_interval(self.storage.bits(index))
    }

    /// Like [`Table::scan`], but with the marked entries only; the others are not touched.
    pub fn scan_marked(&self, at: Position, mut visit: impl FnMut(&H)) -> Option<Position> {
        let index = self.index_at(at)?;
        let mut bucket = self.storage.bucket(index);
        loop {
            bucket.meta().marked().for_each(|slot| visit(bucket.handle(slot)));
            match bucket.link() {
                Some(next) => bucket = next,
                None => return at.next_interval(self.storage.bits(index)),
            }
        }
    }

    fn index_at(&self, at: Position) -> Option<usize> {
        (self.storage.count() > 0).then(|| self.storage.address(at.to_hash()))
    }
}
