//! Dropping the entries of a whole table in slices, so that no turn pays for all of them.

use super::chain;
use super::storage::Storage;

/// What is left of a table that was given up: its entries, in no order, to be taken or dropped.
pub struct Drain<H> {
    storage: Storage<H>,
    len: usize,
}

impl<H> Drain<H> {
    pub(super) fn new(storage: Storage<H>, len: usize) -> Self {
        Self { storage, len }
    }

    /// How many entries are left.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no entry is left.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Hands entries to `give` until about `budget` steps are done, where a step is an entry or a
    /// bucket; returns whether anything is left. Memory is returned as the slices go.
    pub fn slice(&mut self, budget: usize, mut give: impl FnMut(H)) -> bool {
        let mut steps = 0;
        while steps < budget && self.storage.count() > 0 {
            let last = self.storage.count() - 1;
            let mut given = 0;
            chain::drain(self.storage.bucket_mut(last), |entry| {
                give(entry.handle);
                given += 1;
            });
            self.storage.pop();
            self.len -= given;
            steps += 1 + given;
        }
        self.storage.count() > 0
    }
}
