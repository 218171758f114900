//! A field of a large hash: eight bytes that own its name, its value and its expiry.
//!
//! **Layout** of the word, least significant bit first, and of what it points to:
//!
//! ```text
//! bits 0 to 47   48 to 54     55 to 61      62     63
//! +------------+------------+-------------+------+----------+
//! | address    | name bytes | value bytes | LONG | VOLATILE |
//! +------------+------------+-------------+------+----------+
//!
//! +----------------------+-------------------------+----------+-----------+
//! | expiry, if VOLATILE  | both lengths, if LONG   | name ... | value ... |
//! +----------------------+-------------------------+----------+-----------+
//! ```
//!
//! So a field with a name and a value of 16 bytes each takes 32 bytes beside its place in the
//! table. Expiry and lengths are words of eight bytes; short lengths are in the word itself.
//!
//! # Safety
//!
//! All that is unsafe here follows from the tag in the upper 16 bits, which is set together with
//! what it describes: it says in which layout the allocation was made and what of it is
//! initialised. Addresses come from the allocator and are given back to it once, when the field is
//! dropped. User-space addresses have at most 48 bits on the processors that we run on (x86-64 with
//! four-level tables and AArch64 alike), which is asserted for every address.
#![expect(unsafe_code, reason = "lengths and an owning pointer share one word")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

use super::Field;
use crate::listpack::Element;
use crate::table::Handle;

const _: () = assert!(size_of::<usize>() == 8);

const ADDRESS_BITS: u32 = 48;
const ADDRESS: usize = (1 << ADDRESS_BITS) - 1;
/// The longest name, and the longest value, whose length is in the word.
const SHORT_MAX: usize = 127;
const VALUE_BITS: u32 = ADDRESS_BITS + 7;
const LONG: usize = 1 << 62;
const VOLATILE: usize = 1 << 63;
/// Bytes of an expiry, and of a length.
const WORD: usize = 8;

/// See the head of this file.
#[repr(transparent)]
pub(super) struct Pair {
    word: NonNull<u8>,
}

// SAFETY: a field owns all it points to, which is plain bytes.
unsafe impl Send for Pair {}

/// What a tag says.
#[derive(Clone, Copy)]
struct Shape {
    name: usize,
    value: usize,
    is_long: bool,
    is_volatile: bool,
}

impl Shape {
    fn new(name: usize, value: usize, is_volatile: bool) -> Self {
        Self { name, value, is_long: name.max(value) > SHORT_MAX, is_volatile }
    }

    fn tag(self) -> usize {
        let lengths = match self.is_long {
            true => LONG,
            false => self.name << ADDRESS_BITS | self.value << VALUE_BITS,
        };
        lengths | if self.is_volatile { VOLATILE } else { 0 }
    }

    /// Where the lengths begin, if they are long.
    #[inline]
    fn lengths_at(self) -> usize {
        usize::from(self.is_volatile) * WORD
    }

    /// Where the name begins.
    #[inline]
    fn name_at(self) -> usize {
        self.lengths_at() + usize::from(self.is_long) * 2 * WORD
    }

    /// Where the value begins.
    #[inline]
    fn value_at(self) -> usize {
        self.name_at() + self.name
    }

    fn layout(self) -> Layout {
        // No allocation has no bytes.
        Layout::from_size_align((self.value_at() + self.value).max(1), WORD)
            .expect("a field is far smaller than the address space")
    }
}

impl Pair {
    /// A field.
    pub(super) fn new(name: &[u8], value: &[u8], expire_at: Option<i64>) -> Self {
        let shape = Shape::new(name.len(), value.len(), expire_at.is_some());
        let layout = shape.layout();
        // SAFETY: the layout has the size of at least one byte.
        let at = NonNull::new(unsafe { alloc(layout) });
        let Some(at) = at else { handle_alloc_error(layout) };
        assert!(at.addr().get() & !ADDRESS == 0, "user-space addresses have 48 bits");
        if let Some(expire_at) = expire_at {
            // SAFETY: the layout begins with room for an expiry and is aligned for it.
            unsafe { at.cast::<i64>().write(expire_at) };
        }
        if shape.is_long {
            // SAFETY: the layout has room for two lengths here, eight-byte aligned.
            unsafe { at.add(shape.lengths_at()).cast().write([name.len(), value.len()]) };
        }
        for (bytes, place) in [(name, shape.name_at()), (value, shape.value_at())] {
            // SAFETY: the layout has room for these bytes here, and is new.
            unsafe { at.add(place).as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        }
        Self { word: at.map_addr(|address| address | shape.tag()) }
    }

    #[inline]
    fn tag(&self) -> usize {
        self.word.addr().get() & !ADDRESS
    }

    /// Where the allocation begins.
    #[inline]
    fn allocation(&self) -> *mut u8 {
        self.word.as_ptr().map_addr(|address| address & ADDRESS)
    }

    #[inline]
    fn shape(&self) -> Shape {
        let tag = self.tag();
        let (is_long, is_volatile) = (tag & LONG != 0, tag & VOLATILE != 0);
        let (name, value) = (tag >> ADDRESS_BITS & SHORT_MAX, tag >> VALUE_BITS & SHORT_MAX);
        let mut shape = Shape { name, value, is_long, is_volatile };
        if is_long {
            // SAFETY: the tag says that two lengths were written here.
            [shape.name, shape.value] =
                unsafe { self.allocation().add(shape.lengths_at()).cast::<[usize; 2]>().read() };
        }
        shape
    }

    /// The name.
    #[inline]
    pub(super) fn name(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: the name lies here for as long as the field lives.
        unsafe { std::slice::from_raw_parts(self.allocation().add(shape.name_at()), shape.name) }
    }

    /// The value.
    #[inline]
    pub(super) fn value(&self) -> &[u8] {
        let shape = self.shape();
        // SAFETY: the value lies here for as long as the field lives.
        unsafe { std::slice::from_raw_parts(self.allocation().add(shape.value_at()), shape.value) }
    }

    /// When it expires, in milliseconds of Unix time.
    #[inline]
    pub(super) fn expire_at(&self) -> Option<i64> {
        // SAFETY: the tag says that the allocation begins with an expiry.
        self.is_volatile().then(|| unsafe { self.allocation().cast::<i64>().read() })
    }

    /// Whether it has an expiry.
    #[inline]
    pub(super) fn is_volatile(&self) -> bool {
        self.tag() & VOLATILE != 0
    }

    /// All of it.
    #[inline]
    pub(super) fn field(&self) -> Field<'_> {
        let (name, value) = (Element::Bytes(self.name()), Element::Bytes(self.value()));
        Field { name, value, expire_at: self.expire_at() }
    }

    /// Sets value and expiry: in place if they take as much room as those that were there.
    pub(super) fn set(&mut self, value: &[u8], expire_at: Option<i64>) {
        let shape = self.shape();
        if shape.value != value.len() || shape.is_volatile != expire_at.is_some() {
            *self = Self::new(self.name(), value, expire_at);
            return;
        }
        if let Some(expire_at) = expire_at {
            // SAFETY: the tag says that the allocation begins with an expiry.
            unsafe { self.allocation().cast::<i64>().write(expire_at) };
        }
        // SAFETY: the value lies here and has this length; no value of a field can be in it while
        // it is borrowed mutably.
        unsafe {
            let at = self.allocation().add(shape.value_at());
            at.copy_from_nonoverlapping(value.as_ptr(), value.len());
        }
    }

    /// Sets or takes away the expiry.
    pub(super) fn set_expire(&mut self, expire_at: Option<i64>) {
        match expire_at {
            // SAFETY: the tag says that the allocation begins with an expiry.
            Some(at) if self.is_volatile() => unsafe { self.allocation().cast::<i64>().write(at) },
            None if !self.is_volatile() => {}
            _ => *self = Self::new(self.name(), self.value(), expire_at),
        }
    }

    /// Bytes allocated.
    pub(super) fn memory_bytes(&self) -> usize {
        self.shape().layout().size()
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        // SAFETY: it was allocated with the layout of its shape, and ends here.
        unsafe { dealloc(self.allocation(), self.shape().layout()) };
    }
}

impl Clone for Pair {
    fn clone(&self) -> Self {
        Self::new(self.name(), self.value(), self.expire_at())
    }
}

impl Handle for Pair {
    #[inline]
    fn address(&self) -> *const u8 {
        self.allocation()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, SHORT_MAX};

    fn text(length: usize, salt: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 7 + salt) as u8).collect()
    }

    #[track_caller]
    fn check(pair: &Pair, name: &[u8], value: &[u8], expire_at: Option<i64>) {
        assert_eq!((pair.name(), pair.value(), pair.expire_at()), (name, value, expire_at));
        assert_eq!(pair.is_volatile(), expire_at.is_some());
    }

    #[test]
    fn all_lengths_and_changes_come_back() {
        let lengths = [0, 1, 7, 8, SHORT_MAX - 1, SHORT_MAX, SHORT_MAX + 1, 300, 70_000];
        for (first, second) in lengths.iter().flat_map(|a| lengths.iter().map(move |b| (*a, *b))) {
            let (name, value) = (text(first, 1), text(second, 2));
            for expire_at in [None, Some(0), Some(i64::MAX)] {
                let mut pair = Pair::new(&name, &value, expire_at);
                check(&pair.clone(), &name, &value, expire_at);
                let other = text(second, 3);
                pair.set(&other, Some(5));
                check(&pair, &name, &other, Some(5));
                pair.set_expire(Some(6));
                check(&pair, &name, &other, Some(6));
                pair.set_expire(None);
                check(&pair, &name, &other, None);
                pair.set(&name, None);
                check(&pair, &name, &name, None);
                pair.set_expire(Some(7));
                check(&pair, &name, &name, Some(7));
            }
        }
    }

    #[test]
    fn short_fields_have_no_overhead() {
        let bytes = |name, value, at| Pair::new(&text(name, 0), &text(value, 0), at).memory_bytes();
        assert_eq!(bytes(16, 16, None), 32);
        assert_eq!(bytes(16, 16, Some(1)), 40);
        assert_eq!(bytes(SHORT_MAX, SHORT_MAX, None), 2 * SHORT_MAX);
        assert_eq!(bytes(SHORT_MAX + 1, 1, None), SHORT_MAX + 2 + 16);
        assert_eq!(bytes(0, 0, None), 1);
    }
}
