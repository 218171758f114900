//! Time that passes only when the schedule says so.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use runtime::{Clock, Now};

/// The wall time at which every simulation begins, in milliseconds since 1970.
pub const BEGIN_UNIX_MS: i64 = 1_700_000_000_000;

/// The clock of a simulation; clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct VirtualClock {
    elapsed_ns: Rc<Cell<u64>>,
}

impl VirtualClock {
    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let time_ns = u64::try_from(time.as_nanos()).expect("a simulation takes no centuries");
        self.elapsed_ns.set(self.elapsed_ns.get() + time_ns);
    }

    /// Lets time pass until a moment, if that lies ahead.
    pub(crate) fn advance_to(&self, mono_ns: u64) {
        self.elapsed_ns.set(self.elapsed_ns.get().max(mono_ns));
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Now {
        let elapsed_ms = (self.mono_ns() / 1_000_000).cast_signed();
        let us_rest = (self.mono_ns() / 1_000 % 1_000) as u16;
        Now { unix_ms: BEGIN_UNIX_MS + elapsed_ms, us_rest, mono_ns: self.mono_ns() }
    }

    fn mono_ns(&self) -> u64 {
        self.elapsed_ns.get()
    }

    fn stand_still(&self, time: Duration) {
        self.advance(time);
    }
}
