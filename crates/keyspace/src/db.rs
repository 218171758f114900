//! One numbered database of a shard: its table and what is counted beside it.
//!
//! **Invariants**
//! - An entry's mark in the table is set iff the entry has an expiry.
//! - `volatile` is the number of marked entries.

use datatypes::{Entry, Position, Table};

/// One database.
pub struct Db {
    pub(crate) table: Table<Entry>,
    pub(crate) volatile: usize,
    /// Where the expire cycle goes on.
    pub(crate) cycle_cursor: Position,
    /// Running mean of the remaining life of entries that the cycle met, milliseconds.
    pub(crate) avg_ttl_ms: i64,
}

impl Default for Db {
    fn default() -> Self {
        Self { table: Table::new(), volatile: 0, cycle_cursor: Position::START, avg_ttl_ms: 0 }
    }
}

impl Db {
    /// Keys, expired ones that nobody met yet included.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether the database has no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.len() == 0
    }

    /// Keys that have an expiry.
    #[must_use]
    pub fn volatile(&self) -> usize {
        self.volatile
    }

    /// Mean remaining life of keys with an expiry, milliseconds; an estimate.
    #[must_use]
    pub fn avg_ttl_ms(&self) -> i64 {
        if self.volatile == 0 { 0 } else { self.avg_ttl_ms }
    }

    /// Calls `visit` with every entry, expired ones that nobody met yet included.
    pub fn for_each(&self, mut visit: impl FnMut(&Entry)) {
        self.table.for_each(|entry, _| visit(entry));
    }

    /// Bytes of the table itself, entries not included.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        self.table.memory_bytes()
    }
}
