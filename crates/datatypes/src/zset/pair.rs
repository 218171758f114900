//! A member of a large sorted set with its score: one allocation behind one word.
//!
//! **Layout** of the word: the address in the lower 48 bits, the member's length (or [`LONG`]) in
//! the upper 16. Of the allocation, aligned to eight bytes:
//!
//! ```text
//! +-------+------------------------+-----------+
//! | score | length, only if LONG   | member ...|
//! +-------+------------------------+-----------+
//!  8 bytes  8 bytes
//! ```
//!
//! So a member of up to sixteen bytes takes 24 bytes with its score. The pair owns the allocation.
//! A [`Link`] is the same word without owning it: what the order of a sorted set is made of.
//!
//! # Safety
//!
//! The tag in the upper bits is set when a pair is made and never changed; it says how long the
//! member is, or that the length stands behind the score. The allocation lives as long as the pair.
//! That a link is not used any longer than that is promised by whoever asks for one
//! ([`Pair::link`]). A score is written through a pair that is borrowed alone, and read by value,
//! so no reference to it is ever held. User-space addresses have at most 48 bits on the processors
//! that we run on (as for the members of sets), which is asserted for every address.
#![expect(unsafe_code, reason = "a length and an owning pointer share one word, and have copies")]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr::NonNull;

use super::tree::Scored;
use crate::table::Handle;

const _: () = assert!(size_of::<usize>() == 8);

const ADDRESS_BITS: u32 = 48;
const ADDRESS: usize = (1 << ADDRESS_BITS) - 1;
/// The length that says that the real one stands behind the score.
const LONG: usize = (1 << 16) - 1;
/// Where that length stands.
const LENGTH_AT: usize = size_of::<f64>();
const ALIGN: usize = 8;

/// See the head of this file.
#[repr(transparent)]
pub(super) struct Pair(Link);

/// A word that leads to a pair.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Link(NonNull<u8>);

// SAFETY: a pair owns all it points to, which is plain bytes.
unsafe impl Send for Pair {}

// SAFETY: it leads to plain bytes; whoever made it sees to it that they live, wherever it goes.
unsafe impl Send for Link {}

impl Pair {
    /// A member with its score.
    pub(super) fn new(score: f64, member: &[u8]) -> Self {
        let layout = layout(member.len());
        // SAFETY: the layout has room for a score at least.
        let at = NonNull::new(unsafe { alloc(layout) });
        let Some(at) = at else { handle_alloc_error(layout) };
        assert!(at.addr().get() & !ADDRESS == 0, "user-space addresses have 48 bits");
        // SAFETY: the layout begins with a score and is aligned for it.
        unsafe { at.cast::<f64>().write(score) };
        if member.len() >= LONG {
            // SAFETY: such a layout has the length behind the score.
            unsafe { at.add(LENGTH_AT).cast::<usize>().write(member.len()) };
        }
        // SAFETY: the layout has room for the member behind all that, and is new.
        unsafe {
            let room = at.add(member_at(member.len())).as_ptr();
            room.copy_from_nonoverlapping(member.as_ptr(), member.len());
        }
        let tag = member.len().min(LONG) << ADDRESS_BITS;
        Self(Link(at.map_addr(|address| address | tag)))
    }

    /// The member.
    #[inline]
    pub(super) fn member(&self) -> &[u8] {
        self.0.member()
    }

    /// The score.
    #[inline]
    pub(super) fn score(&self) -> f64 {
        self.0.score()
    }

    /// Changes the score.
    #[inline]
    pub(super) fn set_score(&mut self, score: f64) {
        // SAFETY: the allocation begins with the score, and nobody holds a reference to it.
        unsafe { self.0.allocation().cast::<f64>().write(score) };
    }

    /// A link to the pair.
    ///
    /// # Safety
    /// Neither the link nor a copy of it is used, other than to be dropped, once the pair has been.
    #[inline]
    pub(super) unsafe fn link(&self) -> Link {
        self.0
    }

    /// Bytes allocated.
    #[inline]
    pub(super) fn memory_bytes(&self) -> usize {
        layout(self.0.len()).size()
    }
}

impl Link {
    /// The member, for no longer than the pair lives.
    #[inline]
    pub(super) fn member<'a>(self) -> &'a [u8] {
        let len = self.len();
        let at = self.allocation().wrapping_add(member_at(len));
        // SAFETY: that many bytes lie there as long as the pair lives, which whoever asked for the
        // link has promised to respect.
        unsafe { std::slice::from_raw_parts(at, len) }
    }

    /// Where the allocation begins.
    #[inline]
    fn allocation(self) -> *mut u8 {
        self.0.as_ptr().map_addr(|address| address & ADDRESS)
    }

    /// How many bytes the member has.
    #[inline]
    fn len(self) -> usize {
        match self.0.addr().get() >> ADDRESS_BITS {
            // SAFETY: the tag says that the length was written behind the score.
            LONG => unsafe { self.allocation().add(LENGTH_AT).cast::<usize>().read() },
            len => len,
        }
    }
}

impl Scored for Link {
    #[inline]
    fn score(self) -> f64 {
        // SAFETY: the allocation begins with the score and lives as long as the pair, which whoever
        // asked for the link has promised to respect.
        unsafe { self.allocation().cast::<f64>().read() }
    }
}

/// Where a member of this length lies in its allocation.
#[inline]
fn member_at(len: usize) -> usize {
    if len < LONG { LENGTH_AT } else { LENGTH_AT + size_of::<usize>() }
}

#[inline]
fn layout(len: usize) -> Layout {
    Layout::from_size_align(member_at(len) + len, ALIGN)
        .expect("a member is far smaller than the address space")
}

impl Drop for Pair {
    fn drop(&mut self) {
        // SAFETY: it was allocated with the layout of its length, and ends here.
        unsafe { dealloc(self.0.allocation(), layout(self.0.len())) };
    }
}

impl Clone for Pair {
    fn clone(&self) -> Self {
        Self::new(self.score(), self.member())
    }
}

impl Handle for Pair {
    #[inline]
    fn address(&self) -> *const u8 {
        self.0.allocation()
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Pair};

    #[test]
    fn every_length_comes_back() {
        let lengths = (0..40).chain([LONG - 1, LONG, LONG + 1, 1 << 20]);
        for length in lengths {
            let member: Vec<u8> = (0..length).map(|at| (at * 7 + 255) as u8).collect();
            let mut pair = Pair::new(length as f64, &member);
            assert_eq!((pair.score(), pair.member()), (length as f64, &member[..]));
            pair.set_score(f64::NEG_INFINITY);
            let (copy, pair) = std::thread::scope(|scope| {
                scope.spawn(|| (pair.clone(), pair)).join().expect("it does not panic")
            });
            assert_eq!((copy.score(), copy.member()), (f64::NEG_INFINITY, &member[..]));
            assert_eq!((pair.score(), pair.member()), (f64::NEG_INFINITY, &member[..]));
        }
    }

    #[test]
    fn memory_is_what_score_and_member_take() {
        let bytes = |length: usize| Pair::new(0.0, &vec![0; length]).memory_bytes();
        assert_eq!([bytes(0), bytes(15), bytes(16), bytes(17)], [8, 23, 24, 25]);
        assert_eq!(bytes(LONG), 16 + LONG);
    }
}
