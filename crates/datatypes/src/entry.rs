//! A key with its expiry and its value in one allocation, behind one owning pointer.
//!
//! The layout is drawn in [`layout`]. A key and a value of 16 bytes each make 40 bytes, 48 with an
//! expiry. What edits values ([`value`], [`hash`]) is safe code in terms of the functions here.
//!
//! **Invariants**
//!
//! - The header always describes the bytes behind it: they are initialised up to the end of the
//!   value, and the allocation has the size that [`Header::size`] computes.
//! - Under the tag `OBJECT` the value is a `Box<Object>` that belongs to this entry.
//!
//! # Safety
//!
//! All reads and writes behind the pointer are in this file. Places are computed from the header,
//! which only [`Entry::build`] and the value writers set, always together with what it describes.
#![expect(unsafe_code, reason = "one allocation of varying layout behind a thin pointer")]

mod hash;
mod layout;
#[cfg(test)]
mod tests;
mod value;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::fmt;
use std::ptr::NonNull;

use crate::object::Object;
use crate::table::Handle;
pub use hash::HashMut;
use layout::{
    ALIGN, HEADER, Header, INLINE, INT, KIND, LONG_KEY_BYTES, OBJECT, PACK, Stored, lru_bytes,
};
pub use value::{INLINE_MAX, ValueRef};

/// See the head of this file.
#[repr(transparent)]
pub struct Entry {
    at: NonNull<u8>,
}

// SAFETY: an entry owns all it points to, and that (bytes and an `Object`) may change threads.
unsafe impl Send for Entry {}

const _: () = {
    const fn may_change_threads<T: Send>() {}
    may_change_threads::<Object>();
    assert!(size_of::<Header>() == 8);
    assert!(size_of::<Option<Entry>>() == 8);
    assert!(INLINE_MAX <= u16::MAX as usize);
};

/// A value within an entry.
enum StoredRef<'a> {
    Int(i64),
    Inline(&'a [u8]),
    Pack(&'a [u8]),
    Object(&'a Object),
}

impl Entry {
    /// Allocates an entry and fills it.
    fn build(key: &[u8], expire_at: Option<i64>, lru: u32, value: Stored<'_>) -> Self {
        let header = Header::new(key, expire_at.is_some(), lru, &value);
        // Asserted before there is an entry, so that none is ever dropped half built.
        let long_key_bytes = u32::try_from(key.len()).expect("keys are at most 512 MB");
        let layout = layout(header.size(key.len()));
        // SAFETY: the layout's size is at least that of the header.
        let at = NonNull::new(unsafe { alloc(layout) });
        let Some(at) = at else { handle_alloc_error(layout) };
        let mut entry = Self { at };
        // SAFETY: the allocation is aligned for a header and begins with room for one.
        unsafe { at.cast::<Header>().write(header) };
        if let Some(expire_at) = expire_at {
            // SAFETY: the header says that an expiry follows, and counts its bytes.
            unsafe { at.add(HEADER).cast::<i64>().write(expire_at) };
        }
        if header.has_long_key() {
            // SAFETY: the header says that the length follows, and counts its four bytes.
            unsafe { at.add(header.key_offset() - LONG_KEY_BYTES).cast().write(long_key_bytes) };
        }
        // SAFETY: the header counts the key's bytes from this offset, and the memory is new.
        unsafe { copy_to(at.add(header.key_offset()), key) };
        entry.write_value(value);
        entry
    }

    #[inline]
    fn header(&self) -> Header {
        // SAFETY: an entry begins with its header.
        unsafe { self.at.cast::<Header>().read() }
    }

    #[inline]
    fn set_header(&mut self, header: Header) {
        debug_assert!(header.key_offset() == self.header().key_offset());
        // SAFETY: an entry begins with its header, and this one has it alone.
        unsafe { self.at.cast::<Header>().write(header) };
    }

    #[inline]
    fn key_bytes(&self, header: Header) -> usize {
        if !header.has_long_key() {
            return usize::from(header.key_bytes);
        }
        // SAFETY: the header says that the length is in the four bytes in front of the key.
        (unsafe { self.at.add(header.key_offset() - LONG_KEY_BYTES).cast::<u32>().read() }) as usize
    }

    /// The key.
    #[inline]
    pub fn key(&self) -> &[u8] {
        let header = self.header();
        let at = self.at.as_ptr();
        // SAFETY: the key lies at this offset with this length, for as long as the entry does.
        unsafe { std::slice::from_raw_parts(at.add(header.key_offset()), self.key_bytes(header)) }
    }

    /// Whether the entry has an expiry.
    #[inline]
    pub fn is_volatile(&self) -> bool {
        self.header().is_volatile()
    }

    /// When the entry expires, in milliseconds of Unix time.
    #[inline]
    pub fn expire_at(&self) -> Option<i64> {
        if !self.is_volatile() {
            return None;
        }
        // SAFETY: the header says that an expiry follows; its offset is a multiple of eight.
        Some(unsafe { self.at.add(HEADER).cast::<i64>().read() })
    }

    /// Sets or takes away the expiry. Doing so for the first time moves the entry.
    pub fn set_expire(&mut self, expire_at: Option<i64>) {
        match expire_at {
            // SAFETY: the header says that an expiry follows; its offset is a multiple of eight.
            Some(at) if self.is_volatile() => unsafe { self.at.add(HEADER).cast().write(at) },
            None if !self.is_volatile() => {}
            _ => {
                let object = self.take_object();
                let value = stored(self.stored(), object);
                *self = Self::build(self.key(), expire_at, self.lru(), value);
            }
        }
    }

    /// What the eviction policy keeps for this entry, 24 bits.
    #[inline]
    pub fn lru(&self) -> u32 {
        let [low, middle, high] = self.header().lru;
        u32::from_le_bytes([low, middle, high, 0])
    }

    /// Sets the lower 24 bits of `lru`.
    #[inline]
    pub fn set_lru(&mut self, lru: u32) {
        self.set_header(Header { lru: lru_bytes(lru), ..self.header() });
    }

    /// The entry under another name: the value is moved, an object by its pointer.
    pub fn rename(mut self, key: &[u8]) -> Self {
        let object = self.take_object();
        Self::build(key, self.expire_at(), self.lru(), stored(self.stored(), object))
    }

    /// A copy of the entry under another name.
    pub fn copy_as(&self, key: &[u8]) -> Self {
        let value = match self.stored() {
            StoredRef::Int(int) => Stored::Int(int),
            StoredRef::Inline(bytes) => Stored::Inline(bytes),
            StoredRef::Pack(entries) => Stored::Pack(entries),
            StoredRef::Object(object) => Stored::Object(Box::new(object.clone())),
        };
        Self::build(key, self.expire_at(), self.lru(), value)
    }

    /// Bytes allocated, the value included.
    pub fn memory_bytes(&self) -> usize {
        let object = match self.stored() {
            StoredRef::Object(object) => object.memory_bytes(),
            StoredRef::Int(_) | StoredRef::Inline(_) | StoredRef::Pack(_) => 0,
        };
        self.size() + object
    }

    /// Bytes of this allocation.
    #[inline]
    fn size(&self) -> usize {
        let header = self.header();
        header.size(self.key_bytes(header))
    }

    /// Where the value begins.
    #[inline]
    fn value_at(&self) -> NonNull<u8> {
        let header = self.header();
        // SAFETY: the value follows the key within the allocation.
        unsafe { self.at.add(header.key_offset() + self.key_bytes(header)) }
    }

    #[inline]
    fn stored(&self) -> StoredRef<'_> {
        let header = self.header();
        let at = self.value_at();
        match header.tag & KIND {
            // SAFETY: the tag says that the value is an integer.
            INT => StoredRef::Int(unsafe { at.cast::<i64>().read_unaligned() }),
            // SAFETY: the tag says that the value is this many bytes.
            INLINE => StoredRef::Inline(unsafe {
                std::slice::from_raw_parts(at.as_ptr(), usize::from(header.value_bytes))
            }),
            // SAFETY: the same.
            PACK => StoredRef::Pack(unsafe {
                std::slice::from_raw_parts(at.as_ptr(), usize::from(header.value_bytes))
            }),
            _ => {
                // SAFETY: the tag says that the value is a pointer, written by `write_value`.
                let object = unsafe { at.cast::<NonNull<Object>>().read_unaligned() };
                // SAFETY: it came from a box, which belongs to this entry.
                StoredRef::Object(unsafe { object.as_ref() })
            }
        }
    }

    /// The value, if it is an object.
    #[inline]
    pub fn object_mut(&mut self) -> Option<&mut Object> {
        if self.header().tag & KIND != OBJECT {
            return None;
        }
        // SAFETY: the tag says that the value is a pointer, written by `write_value`.
        let mut object = unsafe { self.value_at().cast::<NonNull<Object>>().read_unaligned() };
        // SAFETY: it came from a box, which belongs to this entry alone.
        Some(unsafe { object.as_mut() })
    }

    /// Takes the value out, if it is an object; the entry is left with the integer 0.
    #[inline]
    fn take_object(&mut self) -> Option<Box<Object>> {
        if self.header().tag & KIND != OBJECT {
            return None;
        }
        // SAFETY: the tag says that the value is a pointer that came from a box.
        let object =
            unsafe { Box::from_raw(self.value_at().cast::<*mut Object>().read_unaligned()) };
        self.write_value(Stored::Int(0));
        Some(object)
    }

    /// Replaces the value: in place if the allocation keeps its size, or else by a new one.
    #[inline]
    fn set_stored(&mut self, value: Stored<'_>) {
        drop(self.take_object());
        let header = self.header();
        let key_bytes = self.key_bytes(header);
        let new = Header { value_bytes: value.bytes(), ..header };
        if new.size(key_bytes) == header.size(key_bytes) {
            self.write_value(value);
        } else {
            *self = Self::build(self.key(), self.expire_at(), self.lru(), value);
        }
    }

    /// Makes the bytes from `start` to `end` of a pack so many, and moves what is behind them. What
    /// the caller is to write is zero or what was there.
    fn stretch_pack(&mut self, start: usize, end: usize, bytes: usize) -> &mut [u8] {
        let header = self.header();
        assert!(header.tag & KIND == PACK);
        let old = usize::from(header.value_bytes);
        assert!(start <= end && end <= old);
        let new = old - end + start + bytes;
        let new_header = Header {
            value_bytes: u16::try_from(new).expect("callers keep packs below INLINE_MAX"),
            ..header
        };
        let key_bytes = self.key_bytes(header);
        let (old_size, new_size) = (header.size(key_bytes), new_header.size(key_bytes));
        if new > old && new_size != old_size {
            self.reallocate(old_size, new_size);
        }
        let at = self.value_at().as_ptr();
        // SAFETY: the allocation holds the longer of the two values; both ranges end with one.
        unsafe { at.add(end).copy_to(at.add(start + bytes), old - end) };
        if new > old {
            // SAFETY: the range is within the new value. It may hold bytes never written before.
            unsafe { at.add(end).write_bytes(0, new - old) };
        }
        self.set_header(new_header);
        if new < old && new_size != old_size {
            self.reallocate(old_size, new_size);
        }
        // SAFETY: the range is within the value, all of which is initialised.
        unsafe { std::slice::from_raw_parts_mut(self.value_at().as_ptr().add(start), bytes) }
    }

    /// Gives the allocation another size. What it holds up to the smaller of the two stays; the
    /// caller makes the header fit.
    fn reallocate(&mut self, old: usize, new: usize) {
        // SAFETY: the allocation was made with the old size's layout, and the new size, of an
        // entry too, is neither zero nor near the end of the address space.
        let at =
            NonNull::new(unsafe { realloc(self.at.as_ptr(), layout(old), layout(new).size()) });
        let Some(at) = at else { handle_alloc_error(layout(new)) };
        self.at = at;
    }

    /// Writes a value that fits over one that needs no destructor.
    #[inline]
    fn write_value(&mut self, value: Stored<'_>) {
        let header = self.header();
        let tag = header.tag & !KIND | value.kind();
        let new = Header { tag, value_bytes: value.bytes(), ..header };
        debug_assert!(new.size(self.key_bytes(new)) == self.size());
        self.set_header(new);
        let at = self.value_at();
        match value {
            // SAFETY: the allocation has the size that the new header asks for, as all callers
            // have made sure; that is eight bytes at the value's offset.
            Stored::Int(int) => unsafe { at.cast::<i64>().write_unaligned(int) },
            // SAFETY: the same, for this many bytes, which no value within the entry can be while
            // it is borrowed mutably.
            Stored::Inline(bytes) | Stored::Pack(bytes) => unsafe { copy_to(at, bytes) },
            // SAFETY: as for an integer.
            Stored::Object(object) => unsafe {
                at.cast::<*mut Object>().write_unaligned(Box::into_raw(object));
            },
        }
    }
}

/// The value that `object` was taken out of an entry for, or the one that is still there.
fn stored(left: StoredRef<'_>, object: Option<Box<Object>>) -> Stored<'_> {
    match (object, left) {
        (Some(object), _) => Stored::Object(object),
        (None, StoredRef::Int(int)) => Stored::Int(int),
        (None, StoredRef::Inline(bytes)) => Stored::Inline(bytes),
        (None, StoredRef::Pack(entries)) => Stored::Pack(entries),
        (None, StoredRef::Object(_)) => unreachable!("an object is taken out before"),
    }
}

/// # Safety
///
/// There is room for the bytes, and they do not lie in it.
#[inline]
unsafe fn copy_to(at: NonNull<u8>, bytes: &[u8]) {
    // SAFETY: the caller's promise.
    unsafe { at.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, ALIGN).expect("an entry is far smaller than the address space")
}

impl Drop for Entry {
    fn drop(&mut self) {
        drop(self.take_object());
        // SAFETY: the allocation was made with this size and alignment, and ends here.
        unsafe { dealloc(self.at.as_ptr(), layout(self.size())) };
    }
}

impl Clone for Entry {
    fn clone(&self) -> Self {
        self.copy_as(self.key())
    }
}

impl Handle for Entry {
    #[inline]
    fn address(&self) -> *const u8 {
        self.at.as_ptr()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", &self.key().escape_ascii().to_string())
            .field("expire_at", &self.expire_at())
            .field("value", &self.value())
            .finish()
    }
}
