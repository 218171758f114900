//! Garbage: detached values and tables, freed in slices so that no command waits for it.
//!
//! UNLINK, FLUSHALL, overwriting and expiry of something big put it here; the core frees a bounded
//! slice a turn. What is small is dropped at once: queueing it would cost more.

use std::collections::VecDeque;

use datatypes::{Entry, Table};

/// Entries of a dropped table that one step frees, and the largest table that is dropped at once.
const ENTRIES_PER_STEP: usize = 256;

/// The effort from which on freeing a single value can wait (Redis' LAZYFREE_THRESHOLD).
const EFFORT_AT_ONCE: usize = 64;

/// Steps of a single value's effort that one slice frees.
const EFFORT_PER_SLICE: usize = 256;

/// What waits to be freed.
#[derive(Default)]
pub(crate) struct Garbage {
    tables: VecDeque<Table<Entry>>,
    entries: VecDeque<Entry>,
}

impl Garbage {
    /// Takes a whole table; small ones are dropped here and now.
    pub(crate) fn push_table(&mut self, table: Table<Entry>) {
        if table.len() > ENTRIES_PER_STEP {
            self.tables.push_back(table);
        }
    }

    /// Takes an entry; most are dropped here and now.
    #[inline]
    pub(crate) fn push_entry(&mut self, entry: Entry) {
        if entry.free_effort() > EFFORT_AT_ONCE {
            self.entries.push_back(entry);
        }
    }

    /// Entries that wait to be freed.
    pub(crate) fn pending(&self) -> u64 {
        let in_tables: usize = self.tables.iter().map(Table::len).sum();
        (in_tables + self.entries.len()) as u64
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.entries.is_empty()
    }

    /// Frees one slice; returns the number of entries freed.
    pub(crate) fn free_slice(&mut self) -> u64 {
        if let Some(entry) = self.entries.front_mut() {
            if entry.free_slice(EFFORT_PER_SLICE) {
                return 0;
            }
            self.entries.pop_front();
            return 1;
        }
        let Some(table) = self.tables.front_mut() else { return 0 };
        let entries = &mut self.entries;
        let mut freed = 0;
        let is_left = table.take_slice(ENTRIES_PER_STEP, |entry| {
            // A big value in a dropped table is a slice of its own.
            if entry.free_effort() > EFFORT_AT_ONCE {
                entries.push_back(entry);
            } else {
                freed += 1;
            }
        });
        if !is_left {
            self.tables.pop_front();
        }
        freed
    }
}
