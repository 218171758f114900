//! A small hash: the entries of a listpack, two for each field, or three.
//!
//! ```text
//! plain            name value | name value | ...
//! with moments     name value moment | name value moment | ...     0: never
//! ```
//!
//! Moments are Unix time in milliseconds. Fields that have one come first, the earliest in front;
//! of equal ones the one that was given its moment last. So what has expired is in front, and the
//! order is Redis', which RDB files of `listpackex` and HGETALL show.

use super::Field;
use crate::listpack::{self, Element, Encoded, Needle, Room, decode, entry_bytes};

/// The most that an entry of a listpack adds to a text of up to 64 KiB.
pub(super) const FRAME_MAX: usize = 2;

/// What a pack has no room for: a field more, or so many bytes.
#[derive(Debug)]
pub(crate) struct Full;

/// See the head of this file.
#[derive(Clone, Copy)]
pub(crate) struct Pack<'a> {
    entries: &'a [u8],
    stride: usize,
}

/// Where a field is.
pub(crate) struct Place {
    /// Where its name begins.
    start: usize,
    /// Where its value begins.
    value: usize,
    /// Where the value ends: what comes then is a moment, or the next field.
    value_end: usize,
}

impl<'a> Pack<'a> {
    /// Names and values in turn.
    #[inline]
    pub(crate) fn plain(entries: &'a [u8]) -> Self {
        Self { entries, stride: 2 }
    }

    /// Names, values and moments in turn.
    #[inline]
    pub(super) fn with_moments(entries: &'a [u8]) -> Self {
        Self { entries, stride: 3 }
    }

    pub(super) fn entries(self) -> &'a [u8] {
        self.entries
    }

    pub(super) fn stride(self) -> usize {
        self.stride
    }

    pub(super) fn has_moments(self) -> bool {
        self.stride == 3
    }

    pub(super) fn is_empty(self) -> bool {
        self.entries.is_empty()
    }

    /// How many fields.
    pub(super) fn len(self) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < self.entries.len() {
            at += entry_bytes(self.entries, at);
            count += 1;
        }
        count / self.stride
    }

    /// Where the field of this name is, or how many fields there are.
    #[inline]
    pub(crate) fn find(self, name: &[u8]) -> Result<Place, usize> {
        let needle = Needle::new(name);
        let (mut start, mut count) = (0, 0);
        while start < self.entries.len() {
            let (element, bytes) = decode(self.entries, start);
            let value = start + bytes;
            let value_end = value + entry_bytes(self.entries, value);
            if needle.is(element) {
                return Ok(Place { start, value, value_end });
            }
            start = self.end_of(value_end);
            count += 1;
        }
        Err(count)
    }

    /// Where a field ends whose value ends here.
    #[inline]
    fn end_of(self, value_end: usize) -> usize {
        match self.stride {
            2 => value_end,
            _ => value_end + entry_bytes(self.entries, value_end),
        }
    }

    #[inline]
    pub(super) fn get(self, name: &[u8]) -> Option<Field<'a>> {
        self.find(name).ok().map(|place| self.at(&place))
    }

    fn at(self, place: &Place) -> Field<'a> {
        let element = |at| decode(self.entries, at).0;
        let expire_at = if self.has_moments() { moment(element(place.value_end)) } else { None };
        Field { name: element(place.start), value: element(place.value), expire_at }
    }

    /// The field at an index.
    pub(super) fn nth(self, index: usize) -> Option<Field<'a>> {
        self.iter().nth(index)
    }

    pub(super) fn iter(self) -> Iter<'a> {
        Iter { elements: listpack::Iter::of_entries(self.entries), has_moments: self.has_moments() }
    }
}

/// The moment that an element means.
#[inline]
fn moment(element: Element<'_>) -> Option<i64> {
    match element {
        Element::Int(at) if at > 0 => Some(at),
        _ => None,
    }
}

/// The fields of a pack.
pub(super) struct Iter<'a> {
    elements: listpack::Iter<'a>,
    has_moments: bool,
}

impl<'a> Iterator for Iter<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        let (name, value) = (self.elements.next()?, self.elements.next()?);
        let expire_at = if self.has_moments { moment(self.elements.next()?) } else { None };
        Some(Field { name, value, expire_at })
    }
}

/// Writes elements in the place of the bytes from `start` to `end`.
fn write(room: &mut impl Room, (start, end): (usize, usize), elements: &[Element<'_>]) {
    let total = elements.iter().map(|element| Encoded::new(*element).len()).sum();
    let mut rest = room.stretch(start, end, total);
    for element in elements {
        let encoded = Encoded::new(*element);
        let (here, behind) = rest.split_at_mut(encoded.len());
        encoded.write(here);
        rest = behind;
    }
}

/// Sets a field of a plain pack; whether it is new. An error, and nothing done, if that would make
/// more than so many fields, or bytes.
pub(crate) fn set(
    room: &mut impl Room,
    (name, value): (&[u8], &[u8]),
    (fields_max, bytes_max): (usize, usize),
) -> Result<bool, Full> {
    let bytes = room.entries().len();
    let value_bytes = Encoded::new(Element::of(value)).len();
    match Pack::plain(room.entries()).find(name) {
        Ok(place) => {
            if bytes + value_bytes > bytes_max + (place.value_end - place.value) {
                return Err(Full);
            }
            write(room, (place.value, place.value_end), &[Element::of(value)]);
            Ok(false)
        }
        Err(count) => {
            let name = Element::of(name);
            if count >= fields_max || bytes + value_bytes + Encoded::new(name).len() > bytes_max {
                return Err(Full);
            }
            write(room, (bytes, bytes), &[name, Element::of(value)]);
            room.count_more(2);
            Ok(true)
        }
    }
}

/// Takes a field of a plain pack out; whether it was there.
pub(crate) fn remove(room: &mut impl Room, name: &[u8]) -> bool {
    let Ok(place) = Pack::plain(room.entries()).find(name) else { return false };
    room.stretch(place.start, place.value_end, 0);
    room.count_more(-2);
    true
}

/// Sets a field of a pack with moments, which keeps its moment or loses it; whether it is new. An
/// error, and nothing done, if that would make more than so many fields, or bytes.
pub(super) fn set_with_moments(
    room: &mut impl Room,
    (name, value, keep): (&[u8], &[u8], bool),
    (fields_max, bytes_max): (usize, usize),
) -> Result<bool, Full> {
    let pack = Pack::with_moments(room.entries());
    let elements = [Element::of(name), Element::of(value), Element::Int(0)];
    let new_bytes: usize = elements.iter().map(|element| Encoded::new(*element).len()).sum();
    let end = pack.entries.len();
    if end + new_bytes > bytes_max {
        return Err(Full);
    }
    match pack.find(name) {
        Ok(place) => {
            let loses = !keep && pack.at(&place).expire_at.is_some();
            write(room, (place.value, place.value_end), &elements[1..2]);
            if loses {
                set_moment(room, name, None);
            }
            Ok(false)
        }
        Err(count) if count >= fields_max => Err(Full),
        Err(_) => {
            write(room, (end, end), &elements);
            room.count_more(3);
            Ok(true)
        }
    }
}

/// Gives a field of a pack with moments another moment, or none; whether it is there.
pub(super) fn set_moment(room: &mut impl Room, name: &[u8], at: Option<i64>) -> bool {
    let pack = Pack::with_moments(room.entries());
    let Ok(place) = pack.find(name) else { return false };
    let end = pack.end_of(place.value_end);
    let kept = pack.entries[place.start..place.value_end].to_vec();
    room.stretch(place.start, end, 0);
    let moment = Encoded::new(Element::Int(at.unwrap_or(0)));
    let to = place_of(Pack::with_moments(room.entries()), at);
    let (texts, behind) = room.stretch(to, to, kept.len() + moment.len()).split_at_mut(kept.len());
    texts.copy_from_slice(&kept);
    moment.write(behind);
    true
}

/// Where a field with this moment belongs: before those that do not expire earlier.
fn place_of(pack: Pack<'_>, at: Option<i64>) -> usize {
    let Some(at) = at else { return pack.entries.len() };
    let mut start = 0;
    while start < pack.entries.len() {
        let value = start + entry_bytes(pack.entries, start);
        let value_end = value + entry_bytes(pack.entries, value);
        let (element, bytes) = decode(pack.entries, value_end);
        if moment(element).is_none_or(|other| other >= at) {
            break;
        }
        start = value_end + bytes;
    }
    start
}

/// Takes a field of a pack with moments out; whether it was there.
pub(super) fn remove_with_moments(room: &mut impl Room, name: &[u8]) -> bool {
    let pack = Pack::with_moments(room.entries());
    let Ok(place) = pack.find(name) else { return false };
    let end = pack.end_of(place.value_end);
    room.stretch(place.start, end, 0);
    room.count_more(-3);
    true
}
