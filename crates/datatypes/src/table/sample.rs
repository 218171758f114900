//! Samples of a table: a few entries that lie together, from a place by chance on.
//!
//! Neighbours in a table are strangers to each other, for it is their hashes that brought them
//! together. So a sample of neighbours is as good as one of entries from all over, and costs a
//! fraction of its cache misses.

use super::Table;

/// How far a sample goes.
#[derive(Clone, Copy, Debug)]
pub struct SampleSize {
    /// About so many entries shall be met.
    pub entries: usize,
    /// So many are there that may be met.
    pub among: usize,
    /// It ends after so many buckets in any case.
    pub buckets_max: usize,
}

impl<H> Table<H> {
    /// Visits the entries of a few buckets, in the order of storage, beginning at the one that
    /// `from` leads to. With `marked_only` the others are passed by untouched. Answers how many
    /// were met: about as many as were asked for, or none.
    ///
    /// How many buckets that takes follows from the mean. So every bucket is as likely to be met as
    /// any other, and so is every entry, however full its bucket and the ones before it are.
    pub fn sample(
        &self,
        from: u64,
        size: SampleSize,
        marked_only: bool,
        mut visit: impl FnMut(&H),
    ) -> usize {
        let buckets = self.storage.count();
        if self.len == 0 || size.among == 0 {
            return 0;
        }
        let wanted = size.entries.saturating_mul(buckets).div_ceil(size.among);
        let mut met = 0;
        let mut index = (from % buckets as u64) as usize;
        for _ in 0..wanted.min(size.buckets_max).min(buckets) {
            let mut next = Some(self.storage.bucket(index));
            while let Some(bucket) = next {
                let meta = bucket.meta();
                let slots = if marked_only { meta.marked() } else { meta.occupied() };
                for slot in slots {
                    visit(bucket.handle(slot));
                    met += 1;
                }
                next = bucket.link();
            }
            index = if index + 1 == buckets { 0 } else { index + 1 };
        }
        met
    }
}
