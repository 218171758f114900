//! The checksum of payloads and files: CRC-64 with Jones' polynomial, as Redis computes it.

use crc::{CRC_64_REDIS, Crc, Digest, Table};

/// Eight kilobytes of tables, so that sixteen bytes go in one step.
type Tables = Table<16>;

static CRC: Crc<u64, Tables> = Crc::<u64, Tables>::new(&CRC_64_REDIS);

/// The checksum of these bytes.
#[must_use]
pub fn of(bytes: &[u8]) -> u64 {
    CRC.checksum(bytes)
}

/// The checksum of bytes that come in pieces.
#[derive(Clone)]
pub struct Checksum(Digest<'static, u64, Tables>);

impl Checksum {
    /// That of no bytes.
    #[must_use]
    pub fn new() -> Self {
        Self(CRC.digest())
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all bytes so far.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.0.clone().finalize()
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Checksum, of};

    #[test]
    fn the_known_check_value() {
        assert_eq!(of(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
        assert_eq!(of(b""), 0);
    }

    /// Bit by bit: the polynomial reflected, nothing inverted.
    fn slow(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0, |crc, byte| {
            (0..8).fold(crc ^ u64::from(*byte), |crc, _| {
                crc >> 1 ^ if crc & 1 == 1 { 0x95ac_9329_ac4b_c9b5 } else { 0 }
            })
        })
    }

    proptest! {
        #[test]
        fn pieces_make_the_sum_of_the_whole(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            cut in 0..200_usize,
        ) {
            let (front, back) = bytes.split_at(cut.min(bytes.len()));
            let mut sum = Checksum::new();
            sum.add(front);
            sum.add(back);
            prop_assert_eq!(sum.sum(), slow(&bytes));
            prop_assert_eq!(of(&bytes), slow(&bytes));
        }
    }
}
