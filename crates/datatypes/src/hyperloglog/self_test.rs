//! What PFSELFTEST tries: that registers keep what is written, and that estimates are near.

use super::registers::{REGISTERS, Registers};
use super::{Encoding, HEADER, add, count, dense, encoding, make_dense, new};

/// How often all registers are written.
const ROUNDS: usize = 20;

/// Elements that are counted at most.
///
/// LIMIT: Redis counts ten millions, which takes it a second; a shard has other clients.
const ELEMENTS: u64 = 100_000;

/// Up to so many elements a HyperLogLog of [`SPARSE_BYTES_MAX`] stays sparse.
const SPARSE_ELEMENTS: u64 = 1000;

const SPARSE_BYTES_MAX: usize = 3000;

/// Six times the standard error, 1.04 / sqrt(16384).
const ERROR_MAX: f64 = 6.0 * 1.04 / 128.0;

/// Tests this module on itself, with numbers by chance.
///
/// # Errors
/// A sentence about the first thing that is wrong.
pub fn self_test(mut random: impl FnMut() -> u64) -> Result<(), String> {
    for _ in 0..ROUNDS {
        test_registers(&mut random)?;
    }
    test_estimates(random())
}

fn test_registers(random: &mut impl FnMut() -> u64) -> Result<(), String> {
    let (mut bytes, mut expected) = (dense_one(), vec![0; REGISTERS]);
    for (index, rank) in expected.iter_mut().enumerate() {
        *rank = (random() % 64) as u8;
        dense::raise(&mut bytes[HEADER..], index, *rank);
    }
    let mut registers = Registers::new();
    dense::join(&bytes[HEADER..], registers.as_array_mut());
    let mut pairs = registers.as_array().iter().zip(&expected).enumerate();
    match pairs.find(|(_, (rank, expected))| rank != expected) {
        None => Ok(()),
        Some((index, (rank, expected))) => {
            Err(format!("TESTFAILED Register {index} should be {expected} but is {rank}"))
        }
    }
}

fn test_estimates(seed: u64) -> Result<(), String> {
    let (mut dense, mut other) = (dense_one(), new());
    let mut checkpoint = 1;
    for number in 1..=ELEMENTS {
        let element = (number ^ seed).to_le_bytes();
        let _ = add(&mut dense, &element, 0);
        let is_corrupted = add(&mut other, &element, SPARSE_BYTES_MAX).is_err();
        if number != checkpoint {
            continue;
        }
        checkpoint *= 10;
        if number <= SPARSE_ELEMENTS && encoding(&other) == Encoding::Dense {
            return Err("TESTFAILED sparse encoding not used".to_owned());
        }
        let estimate = count(&dense).unwrap_or(0);
        if is_corrupted || count(&other) != Ok(estimate) {
            return Err("TESTFAILED dense/sparse disagree".to_owned());
        }
        let error = estimate.abs_diff(number);
        // Of ten elements one may fall upon another's register.
        let most = (number as f64 * ERROR_MAX).ceil().max(1.0);
        if error as f64 > most {
            return Err(format!("TESTFAILED Too big error. card:{number} abserr:{error}"));
        }
    }
    Ok(())
}

fn dense_one() -> Vec<u8> {
    let mut bytes = new();
    make_dense(&mut bytes).expect("it is empty");
    bytes
}

#[cfg(test)]
mod tests {
    use stdx::prng::Prng;

    use super::*;

    #[test]
    fn all_is_well() {
        for seed in 0..20 {
            let mut prng = Prng::new(seed);
            assert_eq!(self_test(|| prng.next_u64()), Ok(()));
        }
    }
}
