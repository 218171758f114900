//! From registers to the estimate: Ertl's improved raw estimator.
//!
//! See O. Ertl, *New cardinality estimation algorithms for HyperLogLog sketches*, 2017
//! (arXiv:1702.01284), algorithm 6. The steps are in Redis' order, so that the last bit is the
//! same.

use super::registers::{INDEX_BITS, REGISTERS};

/// How many registers have each of the ranks that six bits can say.
pub(super) type Histogram = [u32; 64];

/// Bits of a hash that make ranks: one more is the highest rank.
const RANK_BITS: usize = (u64::BITS - INDEX_BITS) as usize;

/// 1 / (2 ln 2).
const ALPHA: f64 = 0.721_347_520_444_481_7;

/// How many elements made these registers.
pub(super) fn estimate(histogram: &Histogram) -> u64 {
    let registers = REGISTERS as f64;
    let count = |rank: usize| f64::from(histogram[rank]);
    let mut sum = registers * tau((registers - count(RANK_BITS + 1)) / registers);
    for rank in (1..=RANK_BITS).rev() {
        sum += count(rank);
        sum *= 0.5;
    }
    sum += registers * sigma(count(0) / registers);
    let estimate = (ALPHA * registers * registers / sum).round();
    // REDIS: what is beyond all numbers becomes the smallest one: `SETRANGE` a dense HyperLogLog
    // full of ones, and PFCOUNT answers -9223372036854775808.
    if estimate < i64::MAX as f64 { estimate as u64 } else { i64::MIN as u64 }
}

/// What the registers that are still zero say.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut sum) = (1.0, x);
    loop {
        x *= x;
        let before = sum;
        sum += x * y;
        y += y;
        if sum == before {
            return sum;
        }
    }
}

/// What the registers that cannot grow say.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut sum) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = sum;
        y *= 0.5;
        sum -= (1.0 - x) * (1.0 - x) * y;
        if sum == before {
            return sum / 3.0;
        }
    }
}
