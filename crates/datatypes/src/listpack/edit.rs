//! Changes of a listpack.
//!
//! Every change is a replacement of a range of bytes by others ([`Listpack::splice`]); header and
//! memory are looked after there.

use super::encoding::{Element, Encoded, Needle, decode, entry_bytes};
use super::{At, BYTES_MAX, COUNT_AT, HEADER, Listpack, UNCOUNTED};

/// Bytes of memory beyond what is needed that growing takes at most: pushes move the bytes to a
/// larger place every now and then, not every time.
const SLACK_MAX: usize = 512;

impl Listpack {
    /// Whether an element of so many bytes can be added at all.
    pub fn has_room_for(&self, element_bytes: usize) -> bool {
        self.bytes.len().saturating_add(element_bytes) < BYTES_MAX
    }

    /// Adds an element behind the last one.
    pub fn push_back(&mut self, element: &[u8]) -> At {
        self.insert_at(self.end(), Element::of(element))
    }

    /// Adds an element that was kept by another listpack behind the last one.
    pub(crate) fn push_element(&mut self, element: Element<'_>) -> At {
        self.insert_at(self.end(), element)
    }

    /// Adds an element before the first one.
    pub fn push_front(&mut self, element: &[u8]) -> At {
        self.insert_at(HEADER, Element::of(element))
    }

    /// Adds an element before the one at a place.
    pub fn insert_before(&mut self, at: At, element: &[u8]) -> At {
        self.insert_at(at.offset(), Element::of(element))
    }

    /// Adds an element behind the one at a place.
    pub fn insert_after(&mut self, at: At, element: &[u8]) -> At {
        self.insert_at(self.after(at), Element::of(element))
    }

    fn insert_at(&mut self, offset: usize, element: Element<'_>) -> At {
        self.splice(offset, offset, &Encoded::new(element));
        self.add_to_count(1);
        At::new(offset)
    }

    /// Puts another element in the place of one.
    pub fn replace(&mut self, at: At, element: &[u8]) {
        self.splice(at.offset(), self.after(at), &Encoded::new(Element::of(element)));
    }

    /// Takes the element at a place out; the place of the one that was behind it.
    pub fn delete(&mut self, at: At) -> Option<At> {
        self.cut(at.offset(), self.after(at));
        self.subtract_from_count(1);
        self.entry_at(at.offset())
    }

    /// Takes out so many elements from index `start` on (counted from the end if negative), or as
    /// many as there are; how many those were.
    pub fn delete_range(&mut self, start: i64, count: usize) -> usize {
        let Some(from) = self.seek(start) else { return 0 };
        let (mut end, mut deleted) = (from.offset(), 0);
        while deleted < count && end < self.end() {
            end += entry_bytes(&self.bytes, end);
            deleted += 1;
        }
        self.cut(from.offset(), end);
        self.subtract_from_count(deleted);
        deleted
    }

    /// Takes out up to `most` elements with these bytes, the first ones, or the last ones if
    /// `from_back`; how many those were.
    pub fn delete_equal(&mut self, needle: &Needle<'_>, most: usize, from_back: bool) -> usize {
        let met = |listpack: &Self| listpack.iter().filter(|element| needle.is(*element)).count();
        // From the back, the matches to be spared are the ones in front.
        let mut spared = if from_back { met(self).saturating_sub(most) } else { 0 };
        let (mut read, mut write, mut deleted) = (HEADER, HEADER, 0);
        while read < self.end() && deleted < most {
            let (element, bytes) = decode(&self.bytes, read);
            let is_match = needle.is(element);
            if is_match && spared == 0 {
                deleted += 1;
            } else {
                spared -= usize::from(is_match);
                if write < read {
                    self.bytes.copy_within(read..read + bytes, write);
                }
                write += bytes;
            }
            read += bytes;
        }
        self.cut(write, read);
        self.subtract_from_count(deleted);
        deleted
    }

    /// Takes the elements from a place on out, into a listpack of their own.
    pub fn split_off(&mut self, at: At) -> Self {
        let (offset, end) = (at.offset(), self.end());
        let moved = self.iter_from(at).count();
        let mut bytes = Vec::with_capacity(HEADER + self.bytes.len() - offset);
        bytes.resize(HEADER, 0);
        bytes.extend_from_slice(&self.bytes[offset..]);
        let mut back = Self { bytes };
        back.write_size();
        back.add_to_count(moved);
        self.cut(offset, end);
        self.subtract_from_count(moved);
        back
    }

    /// Adds all elements of another listpack behind the last one.
    pub fn append(&mut self, other: &Self) {
        let added = other.len();
        self.reserve(other.bytes.len() - HEADER);
        self.bytes.pop();
        self.bytes.extend_from_slice(&other.bytes[HEADER..]);
        self.write_size();
        self.add_to_count(added);
    }

    /// The bytes, header and end included.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Gives back memory that was taken in advance.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// Replaces the bytes from `start` to `end` by an entry.
    fn splice(&mut self, start: usize, end: usize, entry: &Encoded<'_>) {
        entry.write(self.stretch_bytes(start, end, entry.len()));
    }

    /// Makes the bytes from `start` to `end` so many, and moves what is behind them.
    pub(super) fn stretch_bytes(&mut self, start: usize, end: usize, bytes: usize) -> &mut [u8] {
        let old = self.bytes.len();
        let new_end = start + bytes;
        let new = old - end + new_end;
        assert!(new <= u32::MAX as usize, "callers ask `has_room_for`");
        if new > old {
            self.reserve(new - old);
            self.bytes.resize(new, 0);
        }
        self.bytes.copy_within(end..old, new_end);
        self.bytes.truncate(new);
        self.write_size();
        self.give_back();
        &mut self.bytes[start..new_end]
    }

    /// Takes the bytes from `start` to `end` out.
    fn cut(&mut self, start: usize, end: usize) {
        if start == end {
            return;
        }
        self.bytes.drain(start..end);
        self.write_size();
        self.give_back();
    }

    /// Returns memory of which much is not used any more.
    fn give_back(&mut self) {
        let bytes = self.bytes.len();
        let wanted = bytes + slack(bytes);
        // What was cut often comes back, but not as much as this.
        if self.bytes.capacity() / 2 > wanted {
            self.bytes.shrink_to(wanted);
        }
    }

    fn reserve(&mut self, more: usize) {
        if self.bytes.capacity() - self.bytes.len() < more {
            self.bytes.reserve_exact(more + slack(self.bytes.len()));
        }
    }

    pub(super) fn write_size(&mut self) {
        let bytes = u32::try_from(self.bytes.len()).expect("a listpack is smaller than 4 GiB");
        self.bytes[..COUNT_AT].copy_from_slice(&bytes.to_le_bytes());
    }

    pub(super) fn add_to_count(&mut self, added: usize) {
        let counted = self.counted();
        if counted != UNCOUNTED {
            let sum = usize::from(counted) + added;
            self.write_count(u16::try_from(sum).unwrap_or(UNCOUNTED));
        }
    }

    pub(super) fn subtract_from_count(&mut self, taken: usize) {
        let counted = self.counted();
        if counted != UNCOUNTED {
            let taken = u16::try_from(taken).expect("not more than were counted");
            self.write_count(counted - taken);
        } else if self.is_empty() {
            // An empty one needs no walk to be counted again.
            self.write_count(0);
        }
    }

    fn write_count(&mut self, count: u16) {
        self.bytes[COUNT_AT..HEADER].copy_from_slice(&count.to_le_bytes());
    }
}

/// Memory to take beside what `bytes` need.
fn slack(bytes: usize) -> usize {
    (bytes / 8).min(SLACK_MAX)
}
