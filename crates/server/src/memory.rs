//! The allocator: mimalloc, with a count of what it has given out.
//!
//! Every thread counts in a cell of its own, so that counting costs no shared cache line. A block
//! that one thread allocates and another frees makes one cell too large and the other too small;
//! their sum is right.
//!
//! # Safety
//! The counting changes nothing of what mimalloc promises: every call is passed on as it is.

#![expect(unsafe_code, reason = "implementing GlobalAlloc is unsafe by its nature")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

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
    let sum: isize = COUNTS.iter().map(|count| count.0.load(Ordering::Relaxed)).sum();
    sum.max(0).unsigned_abs() as u64
}

#[inline]
fn count(bytes: isize) {
    // A thread that is ending counts in the shared cell.
    let cell = CELL.try_with(|cell| match cell.get() {
        usize::MAX => {
            let mine = NEXT_CELL.fetch_add(1, Ordering::Relaxed).min(CELLS - 1);
            cell.set(mine);
            mine
        }
        mine => mine,
    });
    let cell = cell.unwrap_or(CELLS - 1);
    let count = &COUNTS[cell].0;
    if cell == CELLS - 1 {
        count.fetch_add(bytes, Ordering::Relaxed);
    } else {
        // Only this thread writes here, so no read-modify-write is needed.
        count.store(count.load(Ordering::Relaxed).wrapping_add(bytes), Ordering::Relaxed);
    }
}

// SAFETY: all four functions pass their arguments to mimalloc unchanged and answer what it answers.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller keeps GlobalAlloc's contract.
        unsafe { MiMalloc.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller keeps GlobalAlloc's contract.
        unsafe { MiMalloc.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller keeps GlobalAlloc's contract.
        unsafe { MiMalloc.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: the caller keeps GlobalAlloc's contract.
        unsafe { MiMalloc.realloc(block, layout, size) }
    }
}

/// Gives free memory of this thread's heap back to the system.
pub(crate) fn purge() {
    // SAFETY: mi_collect may be called at any time from any thread.
    unsafe { libmimalloc_sys::mi_collect(true) }
}
