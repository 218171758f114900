//! A seeded pseudo-random number generator, so that every choice can be replayed from one number.
//!
//! xoshiro256** for the stream, splitmix64 to spread the seed over its state. Not for secrets:
//! whoever sees a few outputs can compute the rest.

/// The generator. Equal seeds give equal streams, on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prng {
    state: [u64; 4],
}

impl Prng {
    /// Starts the stream that belongs to `seed`; every seed is good, 0 included.
    pub fn new(seed: u64) -> Prng {
        let mut splitmix = seed;
        Prng { state: std::array::from_fn(|_| split_mix(&mut splitmix)) }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let result = self.state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = self.state[1] << 17;
        self.state[2] ^= self.state[0];
        self.state[3] ^= self.state[1];
        self.state[1] ^= self.state[2];
        self.state[0] ^= self.state[3];
        self.state[2] ^= shifted;
        self.state[3] = self.state[3].rotate_left(45);
        result
    }

    /// A number below `bound`, each equally likely.
    ///
    /// # Panics
    /// If `bound` is 0: no number lies below it.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number lies below 0");
        // Lemire's method: the high half of a product is the draw; the low half tells the few draws
        // that would favour some numbers, and those are drawn again.
        let mut product = u128::from(self.next_u64()) * u128::from(bound);
        if (product as u64) < bound {
            let unfair_below = bound.wrapping_neg() % bound;
            while (product as u64) < unfair_below {
                product = u128::from(self.next_u64()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// A number in `[0, 1)` with 53 random bits.
    #[inline]
    pub fn unit_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

/// One step of splitmix64.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published first outputs of splitmix64 for seed 1234567.
    #[test]
    fn split_mix_matches_the_published_stream() {
        let mut state = 1_234_567;
        let got: Vec<u64> = (0..3).map(|_| split_mix(&mut state)).collect();
        assert_eq!(got, [6457827717110365317, 3203168211198807973, 9817491932198370423]);
    }

    /// Published first outputs of xoshiro256** for the state 1, 2, 3, 4.
    #[test]
    fn stream_matches_the_published_stream() {
        let mut prng = Prng { state: [1, 2, 3, 4] };
        let got: Vec<u64> = (0..4).map(|_| prng.next_u64()).collect();
        assert_eq!(got, [11520, 0, 1509978240, 1215971899390074240]);
    }

    #[test]
    fn below_stays_below_and_reaches_every_number() {
        let mut prng = Prng::new(7);
        let mut seen = [0u32; 6];
        for _ in 0..6000 {
            seen[prng.below(6) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| (800..1200).contains(&count)), "{seen:?}");
        assert_eq!(prng.below(1), 0);
        assert!(prng.below(u64::MAX) < u64::MAX);
    }

    #[test]
    fn unit_f64_stays_in_its_range() {
        let mut prng = Prng::new(1);
        let draws: Vec<f64> = (0..1000).map(|_| prng.unit_f64()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        assert!(draws.iter().any(|&draw| draw > 0.9) && draws.iter().any(|&draw| draw < 0.1));
    }
}
