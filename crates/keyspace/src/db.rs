//! One numbered database of a shard: its table and what is counted beside it.
//!
//! **Invariants**
//! - An entry's mark in the table is set iff the entry has an expiry, or is a hash with fields that
//!   have one.
//! - `volatile` is the number of entries that have an expiry, `field_volatile` that of hashes with
//!   fields that have one; a hash can be both.

use datatypes::{Entry, Position, Table};

/// One database.
pub struct Db {
    pub(crate) table: Table<Entry>,
    pub(crate) volatile: usize,
    pub(crate) field_volatile: usize,
    /// A hash some of whose fields have expired, and which the expire cycle is not done with.
    pub(crate) dying: Option<Box<[u8]>>,
    /// Where the expire cycle goes on.
    pub(crate) cycle_cursor: Position,
    /// Running mean of the remaining life of entries that the cycle met, milliseconds.
    pub(crate) avg_ttl_ms: i64,
}

impl Default for Db {
    fn default() -> Self {
        Self {
            table: Table::new(),
            volatile: 0,
            field_volatile: 0,
            dying: None,
            cycle_cursor: Position::START,
            avg_ttl_ms: 0,
        }
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

    /// Hashes that have fields with an expiry.
    #[must_use]
    pub fn field_volatile(&self) -> usize {
        self.field_volatile
    }

    /// Whether a key, or a field of one, has an expiry.
    #[must_use]
    pub(crate) fn has_volatile(&self) -> bool {
        self.volatile > 0 || self.field_volatile > 0
    }

    /// Counts an entry that comes in.
    #[inline]
    pub(crate) fn count_in(&mut self, entry: &Entry) {
        self.volatile += usize::from(entry.is_volatile());
        self.field_volatile += usize::from(entry.has_volatile_fields());
    }

    /// Counts an entry that has gone.
    #[inline]
    pub(crate) fn count_out(&mut self, entry: &Entry) {
        self.volatile -= usize::from(entry.is_volatile());
        self.field_volatile -= usize::from(entry.has_volatile_fields());
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
