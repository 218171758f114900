//! A rate per second, the mean of the last samples: INFO's `instantaneous_ops_per_sec` and its kin.

/// Samples that the mean is taken over; with ten a second, about the last second and a half.
const SAMPLES: usize = 16;

/// Watches one growing counter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    per_second: [u64; SAMPLES],
    next: usize,
    last: Option<(u64, u64)>,
}

impl Rate {
    /// Takes the counter's value at a moment, nanoseconds of a clock that only goes forward.
    pub fn sample(&mut self, now_ns: u64, value: u64) {
        if let Some((last_ns, last_value)) = self.last {
            let elapsed_ns = now_ns.saturating_sub(last_ns);
            if elapsed_ns == 0 {
                return;
            }
            let grown = u128::from(value.saturating_sub(last_value));
            let rate = grown * 1_000_000_000 / u128::from(elapsed_ns);
            self.per_second[self.next] = u64::try_from(rate).unwrap_or(u64::MAX);
            self.next = (self.next + 1) % SAMPLES;
        }
        self.last = Some((now_ns, value));
    }

    /// Adds another counter's rate; the sum is for reading, not for sampling.
    pub fn add(&mut self, other: &Self) {
        for (sum, sample) in self.per_second.iter_mut().zip(other.per_second) {
            *sum += sample;
        }
    }

    /// The mean of the samples.
    #[must_use]
    pub fn per_second(&self) -> u64 {
        self.per_second.iter().sum::<u64>() / SAMPLES as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_counter_has_its_rate_after_all_samples() {
        let mut rate = Rate::default();
        for sample in 0..=16 {
            rate.sample(sample * 100_000_000, sample * 50);
        }
        assert_eq!(rate.per_second(), 500);
        for sample in 17..=24 {
            rate.sample(sample * 100_000_000, 16 * 50);
        }
        assert_eq!(rate.per_second(), 250);
    }

    #[test]
    fn the_first_value_is_no_growth() {
        let mut rate = Rate::default();
        rate.sample(5, 1_000_000);
        rate.sample(5, 2_000_000);
        assert_eq!(rate.per_second(), 0);
    }
}
