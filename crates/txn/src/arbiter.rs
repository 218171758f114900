//! The arbiter: one lock for all transactions of the house, first come, first served.
//!
//! It sits on core 0.

use std::collections::VecDeque;

use crate::TxnId;

/// The lock and the queue before it.
#[derive(Debug, Default)]
pub struct Arbiter {
    holder: Option<TxnId>,
    queue: VecDeque<TxnId>,
}

impl Arbiter {
    /// A transaction wants the lock. Answers it if it may begin at once.
    pub fn lock(&mut self, txn: TxnId) -> Option<TxnId> {
        if self.holder.is_some() {
            self.queue.push_back(txn);
            return None;
        }
        self.holder = Some(txn);
        Some(txn)
    }

    /// The holder is done. Answers the transaction that may begin.
    ///
    /// # Panics
    /// If another transaction holds the lock.
    pub fn unlock(&mut self, txn: TxnId) -> Option<TxnId> {
        assert_eq!(self.holder, Some(txn), "only the holder gives the lock back");
        self.holder = self.queue.pop_front();
        self.holder
    }

    /// Whether nobody holds or wants the lock.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.holder.is_none()
    }
}
