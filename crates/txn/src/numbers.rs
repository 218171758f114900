//! Numbers of transactions: one counter for the whole house.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counter. Its clones draw from the same numbers, each of which is drawn once.
#[derive(Clone, Debug, Default)]
pub struct Numbers(Arc<AtomicU64>);

impl Numbers {
    /// A number above all that were drawn before.
    ///
    /// "Before" is meant across cores: who draws after it has received a message draws above what
    /// its sender had drawn, because all draws of one counter stand in one order and corridors
    /// carry that order along.
    #[must_use]
    pub fn draw(&self) -> u64 {
        1 + self.0.fetch_add(1, Ordering::Relaxed)
    }

    /// The highest number drawn so far: at least that of everything whose effect was told here.
    #[must_use]
    pub fn latest(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
