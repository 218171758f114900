//! Strings as bits: single ones, how many are set, where the first is, and strings combined.
//!
//! Bit 0 is the most significant one of the first byte, as everywhere in Redis; beyond the end of a
//! string all bits are 0. What walks over a whole string takes it in words and in blocks, in loops
//! that compilers turn into vector instructions.

mod combine;
mod count;
mod field;
mod find;

use std::ops::Range;

pub use combine::{Operation, combine};
pub use count::count;
pub use field::{Field, Overflow};
pub use find::find;

/// The bit at an offset.
#[must_use]
pub fn get(bytes: &[u8], offset: u64) -> bool {
    let byte = usize::try_from(offset / 8).ok().and_then(|at| bytes.get(at));
    byte.is_some_and(|byte| byte & mask(offset) != 0)
}

/// Sets or clears the bit at an offset, which must lie in the string. Answers what it was.
pub fn set(bytes: &mut [u8], offset: u64, bit: bool) -> bool {
    let byte = &mut bytes[(offset / 8) as usize];
    let mask = mask(offset);
    let old = *byte & mask != 0;
    *byte = if bit { *byte | mask } else { *byte & !mask };
    old
}

/// How many bits of a range are set; the range must lie in the string.
#[must_use]
pub fn count_in(bytes: &[u8], range: Range<u64>) -> u64 {
    if range.is_empty() {
        return 0;
    }
    let touched = &bytes[touched(&range)];
    let before = touched[0] & !(u8::MAX >> (range.start % 8));
    let behind = match range.end % 8 {
        0 => 0,
        used => touched[touched.len() - 1] & (u8::MAX >> used),
    };
    count(touched) - u64::from(before.count_ones() + behind.count_ones())
}

/// The first bit of a range that is `bit`; the range must lie in the string.
#[must_use]
pub fn find_in(bytes: &[u8], bit: bool, range: Range<u64>) -> Option<u64> {
    let whole = range.start.next_multiple_of(8);
    let head = (range.start..whole.min(range.end)).find(|at| get(bytes, *at) == bit);
    if head.is_some() || whole >= range.end {
        return head;
    }
    let found = whole + find(&bytes[touched(&(whole..range.end))], bit)?;
    (found < range.end).then_some(found)
}

/// The bytes in which a range has bits.
fn touched(range: &Range<u64>) -> Range<usize> {
    (range.start / 8) as usize..range.end.div_ceil(8) as usize
}

fn mask(offset: u64) -> u8 {
    0x80 >> (offset % 8)
}

#[cfg(test)]
mod tests;
