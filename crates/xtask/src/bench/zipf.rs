//! Zipf's law: the n-th most popular of all keys is asked for in proportion to `1 / n^s`.

/// The law for so many keys.
pub(super) struct Zipf {
    /// Up to each key, the most popular first: the share of all requests.
    shares: Vec<f64>,
}

impl Zipf {
    /// The law with this exponent.
    pub(super) fn new(keys: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let weights = (1..=keys).map(|rank| (rank as f64).powf(-exponent));
        let sums: Vec<f64> = weights
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Self { shares: sums.into_iter().map(|upto| upto / sum).collect() }
    }

    /// Keys drawn by the law, the same for the same seed.
    pub(super) fn draws(&self, seed: u64) -> impl Iterator<Item = usize> {
        let mut state = seed;
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let share = ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
            self.shares.partition_point(|upto| *upto < share).min(self.shares.len() - 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Zipf;

    #[test]
    fn the_first_is_asked_for_twice_as_often_as_the_second() {
        let zipf = Zipf::new(1_000, 1.0);
        let mut counts = vec![0_u32; 1_000];
        zipf.draws(1).take(100_000).for_each(|key| counts[key] += 1);
        let ratio = f64::from(counts[0]) / f64::from(counts[1]);
        assert!((1.8..2.2).contains(&ratio), "{ratio}");
        // The harmonic number of 1000 is 7.485.
        assert!((12_500..14_300).contains(&counts[0]), "{}", counts[0]);
    }
}
