//! A listpack: a sequence of small elements in one run of bytes, as in Redis and its RDB files.
//!
//! **Layout** (numbers least significant byte first; entries are drawn in [`encoding`]):
//!
//! ```text
//!  0                 4            6                                    bytes - 1
//! +-----------------+------------+---------+---------+-- - --+---------+------+
//! | bytes, all told | elements   | entry   | entry   |  ...  | entry   | 0xFF |
//! +-----------------+------------+---------+---------+-- - --+---------+------+
//! ```
//!
//! **Invariants**
//!
//! - The bytes are whole and well-formed: they come from the functions here, or [`validate`] has
//!   looked at all of them. So everything else reads them without doubting.
//! - The header counts the elements as long as they are fewer than [`UNCOUNTED`]; from then on it
//!   says just that, and counting takes a walk.
//! - An element that is the text of an integer is kept as that integer. Payloads made by others
//!   may break this, so comparisons ([`Needle`]) do not rely on it.
//!
//! A place in a listpack is an [`At`], which the next change of the listpack makes stale.

mod edit;
mod encoding;
mod room;
#[cfg(test)]
mod tests;
mod validate;

use encoding::{END, back_length};
pub use encoding::{Element, Needle};
pub(crate) use encoding::{Encoded, decode, entry_bytes};
pub(crate) use room::Room;
pub use validate::validate;

/// Bytes in front of the first entry.
const HEADER: usize = 6;
/// Where the header counts the elements.
const COUNT_AT: usize = 4;
/// The count that says that nobody counted.
const UNCOUNTED: u16 = u16::MAX;
/// LIMIT: a listpack of this size takes no more; Redis' own limit for what is well in reach of the
/// header's 32 bits.
pub const BYTES_MAX: usize = 1 << 30;

/// See the head of this file.
#[derive(Clone, PartialEq, Eq)]
pub struct Listpack {
    bytes: Vec<u8>,
}

/// Where an entry of a listpack begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(u32);

impl Default for Listpack {
    fn default() -> Self {
        Self::new()
    }
}

impl Listpack {
    /// A listpack without elements.
    pub fn new() -> Self {
        let mut bytes = vec![0; HEADER + 1];
        bytes[HEADER] = END;
        let mut new = Self { bytes };
        new.write_size();
        new
    }

    /// An empty listpack with room for entries of so many bytes.
    pub fn with_room(entry_bytes: usize) -> Self {
        let mut bytes = Vec::with_capacity(HEADER + entry_bytes + 1);
        bytes.resize(HEADER, 0);
        bytes.push(END);
        let mut new = Self { bytes };
        new.write_size();
        new
    }

    /// A listpack of these entries, of which there are so many.
    pub(crate) fn from_entries(entries: &[u8], count: usize) -> Self {
        let mut new = Self::with_room(entries.len());
        new.stretch(0, 0, entries.len()).copy_from_slice(entries);
        new.count_more(count as isize);
        new
    }

    /// The listpack that these bytes are, which may come from anywhere; `None` if they are none.
    pub fn from_valid_bytes(bytes: Vec<u8>) -> Option<Self> {
        validate(&bytes)?;
        Some(Self { bytes })
    }

    /// The bytes, header and end included.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Bytes allocated.
    pub fn memory_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        match self.counted() {
            UNCOUNTED => self.iter().count(),
            count => usize::from(count),
        }
    }

    /// Whether there is no element.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEADER + 1
    }

    /// The place of the first element.
    #[inline]
    pub fn first(&self) -> Option<At> {
        self.entry_at(HEADER)
    }

    /// The place of the last element.
    #[inline]
    pub fn last(&self) -> Option<At> {
        self.entry_before(self.end())
    }

    /// The place of the next element.
    #[inline]
    pub fn next(&self, at: At) -> Option<At> {
        self.entry_at(self.after(at))
    }

    /// The place of the element before.
    #[inline]
    pub fn previous(&self, at: At) -> Option<At> {
        self.entry_before(at.offset())
    }

    /// The place of element `index`, counted from the end if negative (-1 is the last).
    pub fn seek(&self, index: i64) -> Option<At> {
        let count = self.counted();
        if count == UNCOUNTED {
            return if index < 0 { self.back(index) } else { self.forth(index) };
        }
        let count = i64::from(count);
        let from_start = if index < 0 { count + index } else { index };
        if !(0..count).contains(&from_start) {
            None
        } else if from_start > count / 2 {
            self.back(from_start - count)
        } else {
            self.forth(from_start)
        }
    }

    fn forth(&self, index: i64) -> Option<At> {
        let mut at = self.first()?;
        for _ in 0..index {
            at = self.next(at)?;
        }
        Some(at)
    }

    fn back(&self, index: i64) -> Option<At> {
        let mut at = self.last()?;
        for _ in index..-1 {
            at = self.previous(at)?;
        }
        Some(at)
    }

    /// The element at a place.
    #[inline]
    pub fn get(&self, at: At) -> Element<'_> {
        decode(&self.bytes, at.offset()).0
    }

    /// The elements in order, from either side.
    pub fn iter(&self) -> Iter<'_> {
        Iter { bytes: &self.bytes, front: HEADER, back: self.end() }
    }

    /// The entries alone, without header and end mark.
    #[inline]
    pub fn entries(&self) -> &[u8] {
        &self.bytes[HEADER..self.end()]
    }

    /// The elements from a place on.
    pub fn iter_from(&self, at: At) -> Iter<'_> {
        Iter { bytes: &self.bytes, front: at.offset(), back: self.end() }
    }

    /// The elements up to a place, it included.
    pub fn iter_up_to(&self, at: At) -> Iter<'_> {
        Iter { bytes: &self.bytes, front: HEADER, back: self.after(at) }
    }

    /// The place of the first element from `from` on that is `wanted`; `skip` elements are passed
    /// by between two looks (1 finds keys among keys and values).
    pub fn find(&self, from: Option<At>, wanted: &[u8], skip: usize) -> Option<At> {
        let needle = Needle::new(wanted);
        let mut at = from?;
        loop {
            if needle.is(self.get(at)) {
                return Some(at);
            }
            for _ in 0..=skip {
                at = self.next(at)?;
            }
        }
    }

    #[inline]
    fn counted(&self) -> u16 {
        u16::from_le_bytes([self.bytes[COUNT_AT], self.bytes[COUNT_AT + 1]])
    }

    /// Where the end mark is.
    #[inline]
    fn end(&self) -> usize {
        self.bytes.len() - 1
    }

    /// Where the entry behind this one begins, or the end mark.
    #[inline]
    fn after(&self, at: At) -> usize {
        at.offset() + entry_bytes(&self.bytes, at.offset())
    }

    #[inline]
    fn entry_at(&self, offset: usize) -> Option<At> {
        (offset < self.end()).then(|| At::new(offset))
    }

    #[inline]
    fn entry_before(&self, offset: usize) -> Option<At> {
        (offset > HEADER).then(|| At::new(offset - back_length(&self.bytes, offset)))
    }
}

impl At {
    #[inline]
    fn new(offset: usize) -> Self {
        debug_assert!(offset >= HEADER);
        Self(u32::try_from(offset).expect("a listpack is smaller than 4 GiB"))
    }

    #[inline]
    fn offset(self) -> usize {
        self.0 as usize
    }
}

impl<'a> Iter<'a> {
    /// The elements of entries that lie elsewhere than in a listpack.
    #[inline]
    pub(crate) fn of_entries(entries: &'a [u8]) -> Self {
        Self { bytes: entries, front: 0, back: entries.len() }
    }
}

/// Elements of a listpack in order.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    front: usize,
    back: usize,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Element<'a>;

    #[inline]
    fn next(&mut self) -> Option<Element<'a>> {
        if self.front >= self.back {
            return None;
        }
        let (element, bytes) = decode(self.bytes, self.front);
        self.front += bytes;
        Some(element)
    }
}

impl DoubleEndedIterator for Iter<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        self.back -= back_length(self.bytes, self.back);
        Some(decode(self.bytes, self.back).0)
    }
}

impl<'a> IntoIterator for &'a Listpack {
    type Item = Element<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl std::fmt::Debug for Listpack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
