//! Counters of keys by their hash: open addressing without removal marks, and no hashing at all.
//!
//! ```text
//!   slots   | . | 17: 2 shared | 33: 1 exclusive | . | 4: ... |      a key lies at its home or
//!                 ^ home of 17 and 33                                 behind it, with no gap
//! ```
//!
//! **Invariants**
//! - At most half of the slots are taken, so that a search ends soon.
//! - Between a counter and its home no slot is free: removing one moves those behind it up.
//! - Counters that are zero are not kept.

use super::{Count, Mode};

/// Slots of the smallest table.
const SLOTS_MIN: usize = 16;

/// Slots that a table keeps when its last counter has gone.
const SLOTS_KEPT: usize = 1024;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u64,
    count: Count,
}

/// See the head of this file.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// A power of two of them, or none.
    slots: Vec<Slot>,
    len: usize,
}

impl Counters {
    /// How many mean to use a key.
    #[inline]
    pub(super) fn get(&self, hash: u64) -> Count {
        self.find(hash).map_or_else(Count::default, |index| self.slots[index].count)
    }

    /// One more means to use a key.
    #[inline]
    pub(super) fn add(&mut self, hash: u64, mode: Mode) {
        if self.len * 2 >= self.slots.len() {
            self.grow();
        }
        let mut index = self.home(hash);
        loop {
            let slot = &mut self.slots[index];
            if slot.count.is_zero() {
                slot.hash = hash;
                self.len += 1;
            }
            if slot.hash == hash {
                *slot.count.of(mode) += 1;
                return;
            }
            index = self.after(index);
        }
    }

    /// One less means to use a key.
    ///
    /// # Panics
    /// If nobody did.
    #[inline]
    pub(super) fn take(&mut self, hash: u64, mode: Mode) {
        let index = self.find(hash).expect(IS_THERE);
        let count = &mut self.slots[index].count;
        *count.of(mode) = count.of(mode).checked_sub(1).expect(IS_THERE);
        if count.is_zero() {
            self.close_gap(index);
        }
    }

    /// Keys that somebody means to use.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn find(&self, hash: u64) -> Option<usize> {
        if self.len == 0 {
            return None;
        }
        let mut index = self.home(hash);
        loop {
            let slot = &self.slots[index];
            if slot.count.is_zero() {
                return None;
            }
            if slot.hash == hash {
                return Some(index);
            }
            index = self.after(index);
        }
    }

    /// Where a hash belongs. The keys of a shard differ in all bits.
    #[inline]
    fn home(&self, hash: u64) -> usize {
        (hash >> 32) as usize & (self.slots.len() - 1)
    }

    #[inline]
    fn after(&self, index: usize) -> usize {
        (index + 1) & (self.slots.len() - 1)
    }

    /// Moves up what would have been found behind a slot that is free now.
    fn close_gap(&mut self, mut gap: usize) {
        let mask = self.slots.len() - 1;
        let mut index = self.after(gap);
        while !self.slots[index].count.is_zero() {
            let home = self.home(self.slots[index].hash);
            let (from_home, from_gap) = (index.wrapping_sub(home), index.wrapping_sub(gap));
            if from_home & mask >= from_gap & mask {
                self.slots[gap] = self.slots[index];
                gap = index;
            }
            index = self.after(index);
        }
        self.slots[gap] = Slot::default();
        self.len -= 1;
        if self.len == 0 && self.slots.len() > SLOTS_KEPT {
            self.slots = Vec::new();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(SLOTS_MIN);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots]);
        for slot in old.into_iter().filter(|slot| !slot.count.is_zero()) {
            let mut index = self.home(slot.hash);
            while !self.slots[index].count.is_zero() {
                index = self.after(index);
            }
            self.slots[index] = slot;
        }
    }
}

const IS_THERE: &str = "what is removed was added";

#[cfg(test)]
mod tests {
    use stdx::HashMap;
    use stdx::prng::Prng;

    use super::*;

    /// Hashes that share a few homes, so that they lie in each other's way.
    fn hash(prng: &mut Prng, homes: u64) -> u64 {
        prng.below(homes) << 32 | prng.below(3)
    }

    #[test]
    fn counters_are_those_of_a_map() {
        for (seed, homes) in [(1, 3), (2, 16), (3, 40), (4, 5_000)] {
            let mut prng = Prng::new(seed);
            let (mut counters, mut model) = (Counters::default(), HashMap::default());
            let mut added = Vec::new();
            for step in 0..20_000 {
                let fills = step % 4_000 < 1_500;
                if added.is_empty() || prng.below(10) < if fills { 8 } else { 3 } {
                    let mode = [Mode::Shared, Mode::Exclusive][prng.below(2) as usize];
                    let one = (hash(&mut prng, homes), mode);
                    added.push(one);
                    counters.add(one.0, mode);
                    *model.entry(one.0).or_insert_with(Count::default).of(mode) += 1;
                } else {
                    let (hash, mode) = added.swap_remove(prng.below(added.len() as u64) as usize);
                    counters.take(hash, mode);
                    *model.entry(hash).or_insert_with(Count::default).of(mode) -= 1;
                    if model[&hash].is_zero() {
                        model.remove(&hash);
                    }
                }
                let probe = hash(&mut prng, homes);
                assert_eq!(counters.get(probe), model.get(&probe).copied().unwrap_or_default());
                assert_eq!(counters.len(), model.len());
            }
            for (hash, mode) in added {
                counters.take(hash, mode);
            }
            assert!(counters.len() == 0 && counters.slots.len() <= SLOTS_KEPT);
        }
    }

    #[test]
    #[should_panic(expected = "was added")]
    fn what_was_not_added_is_not_removed() {
        let mut counters = Counters::default();
        counters.add(7, Mode::Shared);
        counters.take(7, Mode::Exclusive);
    }
}
