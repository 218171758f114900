//! Where an element goes: MurmurHash64A of its bytes, with Redis' seed.

use super::registers::{INDEX_BITS, REGISTERS};

const SEED: u64 = 0xadc8_3b19;
const FACTOR: u64 = 0xc6a4_a793_5bd1_e995;
const SHIFT: u32 = 47;

/// Bits of a hash that do not choose the register.
const RANK_BITS: u32 = u64::BITS - INDEX_BITS;

/// The register of an element and the rank that it has there: how many zeros the rest of its hash
/// begins with, plus one.
pub(super) fn place_of(element: &[u8]) -> (usize, u8) {
    let hash = murmur(element);
    let index = (hash % REGISTERS as u64) as usize;
    // A one beyond the end: a rank is 51 at most.
    let rest = hash >> INDEX_BITS | 1 << RANK_BITS;
    (index, rest.trailing_zeros() as u8 + 1)
}

fn murmur(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(FACTOR);
    for word in words {
        let word = u64::from_le_bytes(*word).wrapping_mul(FACTOR);
        let word = (word ^ word >> SHIFT).wrapping_mul(FACTOR);
        hash = (hash ^ word).wrapping_mul(FACTOR);
    }
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
    }
    hash = (hash ^ hash >> SHIFT).wrapping_mul(FACTOR);
    hash ^ hash >> SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PFADD of these words to Redis, and PFDEBUG DECODE.
    #[test]
    fn places_are_those_of_redis() {
        for (word, index, rank) in EXPECTED {
            assert_eq!(place_of(word.as_bytes()), (*index, *rank), "{word}");
        }
    }

    const EXPECTED: &[(&str, usize, u8)] = &[
        ("", 5938, 2),
        ("a", 12_711, 2),
        ("b", 15_780, 1),
        ("abc", 9474, 1),
        ("12345678", 10_579, 3),
        ("123456789", 9293, 2),
        ("hello world, this is long", 796, 1),
    ];
}
