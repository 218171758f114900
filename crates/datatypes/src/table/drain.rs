//! Taking the entries of a whole table out in slices, so that no turn pays for all of them.

use super::{Table, chain};

impl<H> Table<H> {
    /// Hands entries to `give` until about `budget` steps are done, where a step is an entry or a
    /// bucket; returns whether anything is left. Memory is returned as the slices go, and what is
    /// left is a table like any other.
    pub fn take_slice(&mut self, budget: usize, mut give: impl FnMut(H)) -> bool {
        let mut steps = 0;
        while steps < budget && self.storage.count() > 0 {
            let last = self.storage.count() - 1;
            let mut given = 0;
            self.overflow_buckets -= chain::drain(self.storage.bucket_mut(last), |entry| {
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
