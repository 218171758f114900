//! A hint to the processor that a cache line will be read soon.
//!
//! # Safety
//!
//! A prefetch never faults and changes nothing that a program can observe, whatever the address:
//! so the function is safe although the intrinsic takes a raw pointer.
#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "the prefetch intrinsic is unsafe to call")
)]

/// Asks for the cache line at `address`; does nothing where the processor offers no such hint.
#[inline(always)]
pub fn prefetch<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the instruction is part of every x86_64 processor and ignores bad addresses.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(address.cast::<i8>()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
