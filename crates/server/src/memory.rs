//! The allocator: mimalloc, with a count of what it has given out.
//!
//! Every thread counts in a cell of its own, so that counting costs no shared cache line. A block
//! that one thread allocates and another frees makes one cell too large and the other too small;
//! their sum is right. What is counted of a block is what it occupies, as mimalloc says it: more
//! than was asked for, by up to an eighth.
//!
//! # Safety
//! The counting changes nothing of what mimalloc promises: every call is passed on as it is, and a
//! block's size is asked for only while the block is allocated.

#![expect(unsafe_code, reason = "implementing GlobalAlloc is unsafe by its nature")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

use libmimalloc_sys::mi_usable_size;
use mimalloc::MiMalloc;

/// Cells for threads; threads beyond these share the last one.
const CELLS: usize = 64;

/// A counter on a cache line of its own.
#[repr(align(64))]
struct Padded(AtomicIsize);

static COUNTS: [Padded; CELLS] = [const { Padded(AtomicIsize::new(0)) }; CELLS];
static NEXT_CELL: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CELL: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Mimalloc that counts.
pub(crate) struct Counting;

/// Bytes that the process has allocated and not freed.
#[must_use]
pub(crate) fn used_bytes() -> u64 {
    let cells = NEXT_CELL.load(Ordering::Relaxed).min(CELLS - 1);
    let own = COUNTS[..cells].iter().chain(&COUNTS[CELLS - 1..]);
    let sum: isize = own.map(|count| count.0.load(Ordering::Relaxed)).sum();
    sum.max(0).unsigned_abs() as u64
}

/// The part of this thread: what it has allocated less what it has freed, whoever did the other
/// half. Threads that share a cell see what all of them did.
#[inline]
#[must_use]
pub(crate) fn own_bytes() -> isize {
    COUNTS[own_cell()].0.load(Ordering::Relaxed)
}

#[inline]
fn own_cell() -> usize {
    let cell = CELL.try_with(|cell| match cell.get() {
        usize::MAX => {
            let mine = NEXT_CELL.fetch_add(1, Ordering::Relaxed).min(CELLS - 1);
            cell.set(mine);
            mine
        }
        mine => mine,
    });
    // A thread that is ending counts in the shared cell.
    cell.unwrap_or(CELLS - 1)
}

#[inline]
fn count(bytes: isize) {
    let cell = own_cell();
    let count = &COUNTS[cell].0;
    if cell == CELLS - 1 {
        count.fetch_add(bytes, Ordering::Relaxed);
    } else {
        // Only this thread writes here, so no read-modify-write is needed.
        count.store(count.load(Ordering::Relaxed).wrapping_add(bytes), Ordering::Relaxed);
    }
}

/// What a block occupies.
///
/// # Safety
/// The block is one of mimalloc's that is allocated, or null.
#[inline]
unsafe fn size_of_block(block: *mut u8) -> isize {
    // SAFETY: as above.
    unsafe { mi_usable_size(block.cast()) }.cast_signed()
}

// SAFETY: all four functions pass their arguments to mimalloc unchanged and answer what it answers.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps GlobalAlloc's contract; the block is new, or null.
        unsafe {
            let block = MiMalloc.alloc(layout);
            count(size_of_block(block));
            block
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps GlobalAlloc's contract: the block is allocated until the end.
        unsafe {
            count(-size_of_block(block));
            MiMalloc.dealloc(block, layout);
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps GlobalAlloc's contract; the block is new, or null.
        unsafe {
            let block = MiMalloc.alloc_zeroed(layout);
            count(size_of_block(block));
            block
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps GlobalAlloc's contract; the old block is measured while it is
        // there, and still is where there is no new one.
        unsafe {
            let before = size_of_block(block);
            let new = MiMalloc.realloc(block, layout, size);
            if !new.is_null() {
                count(size_of_block(new) - before);
            }
            new
        }
    }
}

/// Gives free memory of this thread's heap back to the system.
pub(crate) fn purge() {
    // SAFETY: mi_collect may be called at any time from any thread.
    unsafe { libmimalloc_sys::mi_collect(true) }
}
