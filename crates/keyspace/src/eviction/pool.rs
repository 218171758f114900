//! The best candidates for eviction that were met lately, kept from one sample to the next.
//!
//! A few entries are looked at for each eviction; those that are better than what is in the pool
//! take a place in it. So the pool comes to hold about the best of all keys, though nobody has
//! ever looked at all of them (the idea is Redis', since 3.0).
//!
//! **Invariants**
//! - Candidates stand by rank, the best one last.
//! - A candidate is a name, not a promise: its key may be gone by now, or in use again.

use crate::DbIndex;

/// Candidates that are kept.
const CANDIDATES_MAX: usize = 16;

/// A key that might be evicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The higher, the better to do without: see [`Shard::rank`](crate::Shard).
    pub(crate) rank: u64,
    /// Its shard, by the number that the caller gave it.
    pub(crate) shard: usize,
    pub(crate) db: DbIndex,
    pub(crate) key: Vec<u8>,
}

/// See the head of this file.
#[derive(Debug, Default)]
pub struct EvictionPool {
    candidates: Vec<Candidate>,
    /// The name of a candidate that is gone, for the next one.
    spare: Vec<u8>,
}

impl EvictionPool {
    /// Forgets everything: ranks of another policy cannot be compared.
    pub fn clear(&mut self) {
        self.candidates.clear();
    }

    /// The rank of the best candidate.
    #[must_use]
    pub fn best_rank(&self) -> Option<u64> {
        self.candidates.last().map(|best| best.rank)
    }

    /// Takes a key in, if it is better than what is there, or there is room.
    pub(crate) fn offer(&mut self, rank: u64, shard: usize, db: DbIndex, key: &[u8]) {
        let is_full = self.candidates.len() == CANDIDATES_MAX;
        if is_full && self.candidates[0].rank >= rank {
            return;
        }
        let is_known =
            |it: &Candidate| it.rank == rank && it.shard == shard && it.db == db && it.key == key;
        if self.candidates.iter().any(is_known) {
            return;
        }
        if is_full {
            self.spare = self.candidates.remove(0).key;
        }
        let mut name = std::mem::take(&mut self.spare);
        name.clear();
        name.extend_from_slice(key);
        let place = self.candidates.partition_point(|it| it.rank <= rank);
        self.candidates.insert(place, Candidate { rank, shard, db, key: name });
    }

    /// Takes the best candidate out.
    pub(crate) fn take_best(&mut self) -> Option<Candidate> {
        self.candidates.pop()
    }

    /// Takes the memory of a candidate back.
    pub(crate) fn recycle(&mut self, candidate: Candidate) {
        self.spare = candidate.key;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DB: DbIndex = DbIndex(0);

    proptest! {
        /// The pool gives the best of what it was offered since, as a sorted list would.
        #[test]
        fn it_keeps_the_best(script in prop::collection::vec((0_u8..5, 0_u64..40), 1..200)) {
            let mut pool = EvictionPool::default();
            let mut model: Vec<(u64, Vec<u8>)> = Vec::new();
            for (serial, (action, rank)) in script.into_iter().enumerate() {
                if action == 0 {
                    let best = pool.take_best();
                    prop_assert_eq!(best.map(|it| it.rank), model.pop().map(|it| it.0));
                    continue;
                }
                let key = serial.to_string().into_bytes();
                pool.offer(rank, 0, DB, &key);
                if model.len() < CANDIDATES_MAX || model[0].0 < rank {
                    if model.len() == CANDIDATES_MAX {
                        model.remove(0);
                    }
                    model.push((rank, key));
                    model.sort_by_key(|it| it.0);
                }
                prop_assert_eq!(pool.best_rank(), model.last().map(|it| it.0));
                let ranks: Vec<u64> = pool.candidates.iter().map(|it| it.rank).collect();
                let expected: Vec<u64> = model.iter().map(|it| it.0).collect();
                prop_assert_eq!(ranks, expected);
            }
        }
    }

    #[test]
    fn a_key_stands_in_it_once() {
        let mut pool = EvictionPool::default();
        for _ in 0..3 {
            pool.offer(7, 0, DB, b"k");
        }
        pool.offer(7, 1, DB, b"k");
        assert_eq!(pool.candidates.len(), 2);
    }
}
