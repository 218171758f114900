//! Fingerprints: 128 bits that tell different things apart, the same in every run.
//!
//! Two different things have the same one by a chance of 1 in 2^128 per pair: far less than that of
//! a broken memory. Not for secrets.

use std::hash::{Hash, Hasher};

/// A fingerprint in the making.
struct Print(u128);

const SEED: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834;
/// A large odd number without a pattern.
const FACTOR: u128 = 0xd6e8_feb8_6659_fd93_a5a3_d7c5_1f0b_b2e3;

impl Print {
    fn mix(&mut self, number: u64) {
        let mixed = (self.0 ^ u128::from(number)).wrapping_mul(FACTOR);
        self.0 = mixed ^ (mixed >> 67) ^ mixed.rotate_left(29);
    }
}

impl Hasher for Print {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut padded = [0; 8];
            padded[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(padded));
        }
        self.mix(bytes.len() as u64);
    }

    fn finish(&self) -> u64 {
        self.0 as u64
    }
}

/// The fingerprint of something.
pub(crate) fn print_of(thing: &impl Hash) -> u128 {
    let mut print = Print(SEED);
    thing.hash(&mut print);
    print.mix(0);
    print.mix(0);
    print.0
}
