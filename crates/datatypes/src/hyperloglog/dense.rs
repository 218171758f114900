//! Dense registers: six bits each, four of them in three bytes.
//!
//! **Layout**: the digits say which register a bit belongs to, the highest bit of a byte first.
//! ```text
//! | byte 0   | byte 1   | byte 2   |
//! | 11000000 | 22221111 | 33333322 |
//! ```

use super::estimate::Histogram;
use super::registers::REGISTERS;

/// Bytes of all registers.
pub(super) const BYTES: usize = REGISTERS * BITS / 8;

/// Bits of a register.
const BITS: usize = 6;

const MASK: u32 = 0x3f;

/// Sets a register to a rank if that is larger; whether it is.
pub(super) fn raise(registers: &mut [u8], index: usize, rank: u8) -> bool {
    let at = index / 4 * 3;
    let (word, shift) = (word(&registers[at..at + 3]), index % 4 * BITS);
    if word >> shift & MASK >= u32::from(rank) {
        return false;
    }
    let word = word & !(MASK << shift) | u32::from(rank) << shift;
    registers[at..at + 3].copy_from_slice(&word.to_le_bytes()[..3]);
    true
}

/// Writes all registers behind what is there.
pub(super) fn push(bytes: &mut Vec<u8>, registers: &[u8; REGISTERS]) {
    let (quads, _) = registers.as_chunks::<4>();
    for [a, b, c, d] in quads {
        let word = [a, b, c, d].map(|rank| u32::from(*rank));
        let word = word[0] | word[1] << BITS | word[2] << (2 * BITS) | word[3] << (3 * BITS);
        bytes.extend_from_slice(&word.to_le_bytes()[..3]);
    }
}

/// Raises registers to these.
pub(super) fn join(dense: &[u8], registers: &mut [u8; REGISTERS]) {
    let (quads, _) = registers.as_chunks_mut::<4>();
    for (quad, bytes) in quads.iter_mut().zip(dense.chunks_exact(3)) {
        for (register, rank) in quad.iter_mut().zip(ranks(bytes)) {
            *register = (*register).max(rank as u8);
        }
    }
}

/// How many registers have each rank.
pub(super) fn histogram(dense: &[u8]) -> Histogram {
    // One histogram for each of four neighbours: equal ranks follow each other often, and no count
    // has to wait for the one before it.
    let mut four = [[0; 64]; 4];
    for bytes in dense.chunks_exact(3) {
        for (histogram, rank) in four.iter_mut().zip(ranks(bytes)) {
            histogram[rank as usize] += 1;
        }
    }
    std::array::from_fn(|rank| four.iter().map(|histogram| histogram[rank]).sum())
}

/// The four ranks of three bytes.
#[inline]
fn ranks(bytes: &[u8]) -> [u32; 4] {
    let word = word(bytes);
    [0, 1, 2, 3].map(|at| word >> (at * BITS) & MASK)
}

/// Three bytes as a number.
#[inline]
fn word(bytes: &[u8]) -> u32 {
    u32::from(bytes[0]) | u32::from(bytes[1]) << 8 | u32::from(bytes[2]) << 16
}
