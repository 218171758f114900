//! Where the entries of a listpack are kept, for those who edit them without caring where.
//!
//! A small hash keeps its entries inside its key's entry, without a header: there they are edited
//! by the same code as in a [`Listpack`].

use super::{HEADER, Listpack};

/// A run of entries that may grow and shrink. Places are counted from the first entry.
pub(crate) trait Room {
    /// The entries.
    fn entries(&self) -> &[u8];

    /// Makes the bytes from `start` to `end` so many, to be written by the caller, and moves what
    /// is behind them.
    fn stretch(&mut self, start: usize, end: usize, bytes: usize) -> &mut [u8];

    /// Takes note that there are so many elements more, or fewer.
    fn count_more(&mut self, added: isize);
}

impl Room for Listpack {
    #[inline]
    fn entries(&self) -> &[u8] {
        self.entries()
    }

    fn stretch(&mut self, start: usize, end: usize, bytes: usize) -> &mut [u8] {
        self.stretch_bytes(HEADER + start, HEADER + end, bytes)
    }

    fn count_more(&mut self, added: isize) {
        match usize::try_from(added) {
            Ok(added) => self.add_to_count(added),
            Err(_) => self.subtract_from_count(added.unsigned_abs()),
        }
    }
}
