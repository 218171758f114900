//! Time, handed in: the only place from which a core learns what time it is.

use std::sync::OnceLock;
use std::time::{Duration, Instant, UNIX_EPOCH};

/// One moment on both clocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// Wall time in milliseconds since 1970; it may jump when the machine's clock is set.
    pub unix_ms: i64,
    /// The microseconds beyond `unix_ms`, below 1000.
    pub us_rest: u16,
    /// Time since some fixed moment; it never goes back.
    pub mono_ns: u64,
}

/// A source of time.
pub trait Clock {
    /// Both clocks; a core asks once per turn.
    fn now(&self) -> Now;

    /// The monotonic clock alone, cheap enough to time single commands with.
    fn mono_ns(&self) -> u64;

    /// Lets the whole core stand still (DEBUG SLEEP); a virtual clock moves on instead.
    fn stand_still(&self, time: Duration);
}

/// The clocks of the machine, read without a system call where the kernel offers that.
#[derive(Clone, Copy, Default, Debug)]
pub struct SystemClock;

#[expect(clippy::disallowed_methods, reason = "here the clock is read, and nowhere else")]
impl Clock for SystemClock {
    fn now(&self) -> Now {
        let wall = UNIX_EPOCH.elapsed().unwrap_or_default();
        let us_rest = (wall.subsec_micros() % 1000) as u16;
        Now { unix_ms: wall.as_millis() as i64, us_rest, mono_ns: self.mono_ns() }
    }

    #[inline]
    fn mono_ns(&self) -> u64 {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    }

    fn stand_still(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_agrees_with_std_and_never_goes_back() {
        let first = SystemClock.now();
        let wall = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let second = SystemClock.now();
        assert!(i128::from(first.unix_ms) <= i128::try_from(wall).unwrap());
        assert!(second.mono_ns >= first.mono_ns);
        assert!(SystemClock.mono_ns() >= second.mono_ns);
    }
}
