//! A member of a large set: eight bytes, which hold it if it is short, and else own its memory.
//!
//! **Layout** of the word, least significant byte first:
//!
//! ```text
//!          bytes 0 to 5                bytes 6 and 7
//! +------------------------------+---------------------+
//! | address of the bytes         | length, below LONG  |   outside
//! | address of length and bytes  | LONG                |   outside, the length in front
//! +------------------------------+---------------------+
//! | the bytes themselves, up to seven     | 0x80 + len |   inside
//! +---------------------------------------+------------+
//! ```
//!
//! So a member of 16 bytes takes 16 bytes of memory beside its place in the table, and one of up to
//! seven none.
//!
//! # Safety
//!
//! All that is unsafe here follows from the tag in the upper bytes, which is set when a member is
//! made and never changed: it says whether the word holds bytes or an address, and how many bytes
//! there are, in front of which of two layouts. Addresses come from the allocator and are given
//! back to it once, when the member is dropped. User-space addresses have at most 48 bits on the
//! processors that we run on (x86-64 with four-level tables and AArch64 alike), which is asserted
//! for every address.
#![expect(unsafe_code, reason = "a length and an owning pointer share one word")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

use crate::table::Handle;

const _: () = assert!(cfg!(target_endian = "little") && size_of::<usize>() == 8);

/// The longest member that is held inside the word.
const INSIDE_MAX: usize = 7;
/// The bit of the last byte that says that the member is inside.
const INSIDE: usize = 1 << 63;
const ADDRESS_BITS: u32 = 48;
const ADDRESS: usize = (1 << ADDRESS_BITS) - 1;
/// The length that says that the real one stands in front of the bytes.
const LONG: usize = (1 << 15) - 1;
/// Bytes of that length.
const PREFIX: usize = size_of::<usize>();

/// See the head of this file.
#[repr(transparent)]
pub(super) struct Member {
    word: NonNull<u8>,
}

// SAFETY: a member owns all it points to, which is plain bytes.
unsafe impl Send for Member {}

impl Member {
    /// A member with these bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        if bytes.len() <= INSIDE_MAX {
            let mut word = [0; size_of::<usize>()];
            word[..bytes.len()].copy_from_slice(bytes);
            let word = usize::from_le_bytes(word) | INSIDE | bytes.len() << 56;
            let word = NonNull::new(std::ptr::without_provenance_mut(word));
            return Self { word: word.expect("the tag is not zero") };
        }
        let prefix = prefix_of(bytes.len());
        let layout = layout(bytes.len());
        // SAFETY: the layout has the size of more than seven bytes.
        let at = NonNull::new(unsafe { alloc(layout) });
        let Some(at) = at else { handle_alloc_error(layout) };
        assert!(at.addr().get() & !ADDRESS == 0, "user-space addresses have 48 bits");
        if prefix > 0 {
            // SAFETY: the layout has room for the prefix and is aligned for it.
            unsafe { at.cast::<usize>().write(bytes.len()) };
        }
        // SAFETY: the layout has room for the bytes behind the prefix, and is new.
        unsafe { at.add(prefix).as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        let tag = bytes.len().min(LONG) << ADDRESS_BITS;
        Self { word: at.map_addr(|address| address | tag) }
    }

    /// The bytes.
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        let word = self.word.addr().get();
        if word & INSIDE != 0 {
            let at = (&raw const self.word).cast::<u8>();
            // SAFETY: the word holds as many bytes as it says, from its first byte on, for as long
            // as it is borrowed; it has no provenance to lose.
            return unsafe { std::slice::from_raw_parts(at, word >> 56 & INSIDE_MAX) };
        }
        let (at, len) = (self.allocation(), self.outside_len());
        // SAFETY: that many bytes lie behind the prefix for as long as the member lives.
        unsafe { std::slice::from_raw_parts(at.add(prefix_of(len)), len) }
    }

    /// Bytes allocated.
    pub(super) fn memory_bytes(&self) -> usize {
        if self.is_inside() { 0 } else { layout(self.outside_len()).size() }
    }

    #[inline]
    fn is_inside(&self) -> bool {
        self.word.addr().get() & INSIDE != 0
    }

    /// Where the allocation begins, if there is one.
    #[inline]
    fn allocation(&self) -> *mut u8 {
        self.word.as_ptr().map_addr(|address| address & ADDRESS)
    }

    /// How many bytes lie outside.
    #[inline]
    fn outside_len(&self) -> usize {
        debug_assert!(!self.is_inside());
        match self.word.addr().get() >> ADDRESS_BITS {
            // SAFETY: the tag says that the length was written in front.
            LONG => unsafe { self.allocation().cast::<usize>().read() },
            len => len,
        }
    }
}

/// Bytes in front of a member of this length.
#[inline]
fn prefix_of(len: usize) -> usize {
    if len < LONG { 0 } else { PREFIX }
}

fn layout(len: usize) -> Layout {
    Layout::from_size_align(prefix_of(len) + len, PREFIX)
        .expect("a member is far smaller than the address space")
}

impl Drop for Member {
    fn drop(&mut self) {
        if !self.is_inside() {
            // SAFETY: it was allocated with the layout of its length, and ends here.
            unsafe { dealloc(self.allocation(), layout(self.outside_len())) };
        }
    }
}

impl Clone for Member {
    fn clone(&self) -> Self {
        Self::new(self.as_bytes())
    }
}

impl Handle for Member {
    #[inline]
    fn address(&self) -> *const u8 {
        self.as_bytes().as_ptr()
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Member, PREFIX};

    #[test]
    fn every_length_comes_back() {
        let lengths = (0..40).chain([LONG - 1, LONG, LONG + 1, 1 << 20]);
        for length in lengths {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 + 255) as u8).collect();
            let member = Member::new(&bytes);
            let moved = std::thread::scope(|scope| {
                scope.spawn(|| (member.clone(), member)).join().expect("it does not panic")
            });
            assert_eq!(moved.0.as_bytes(), bytes);
            assert_eq!(moved.1.as_bytes(), bytes);
        }
    }

    #[test]
    fn memory_is_what_the_bytes_take() {
        let bytes = |length: usize| Member::new(&vec![0; length]).memory_bytes();
        assert_eq!([bytes(0), bytes(7), bytes(8), bytes(16)], [0, 0, 8, 16]);
        assert_eq!(bytes(LONG), LONG + PREFIX);
    }

    #[test]
    fn zero_bytes_are_bytes() {
        for bytes in [&b""[..], b"\0", b"\0\0\0\0\0\0\0", b"\xff\xff\xff\xff\xff\xff\xff"] {
            assert_eq!(Member::new(bytes).as_bytes(), bytes);
        }
    }
}
