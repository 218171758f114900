//! How a core goes to sleep without missing a message.
//!
//! The two sides, each in this order:
//!
//! ```text
//!   consumer (the core that sleeps)          producer (a core that sends)
//!   1. parked = true                         1. push the message
//!   2. SeqCst fence                          2. SeqCst fence
//!   3. look at ALL inbound queues again      3. if parked: parked = false, wake
//!   4. anything there: parked = false, work
//!      nothing: sleep
//! ```
//!
//! The two fences are totally ordered. If the consumer's comes first, the producer sees `parked`
//! and wakes it; if the producer's comes first, the consumer sees the message. Without the fences
//! both may look too early, and the core sleeps on a message: `tests/park_model.rs` explores every
//! interleaving with loom, and shows that it would find exactly that.
//!
//! Every write of `parked` is a swap, so that all of them have one order in which each follows from
//! the one before. That costs nothing beside the system call of a sleep.
//!
//! The producer that clears `parked` is the one that wakes, so several messages cost one wake-up. A
//! wake-up may come late, to a core that is awake again; then the next sleep ends at once, for
//! nothing.

use std::sync::atomic::{AtomicBool, Ordering, fence};

/// The atomics that the protocol runs on: those of the machine, or loom's.
pub trait Atomics {
    type Flag: Flag;

    /// A sequentially consistent fence.
    fn fence();
}

/// A boolean shared between threads.
pub trait Flag {
    fn new(value: bool) -> Self;
    fn load(&self, order: Ordering) -> bool;
    fn swap(&self, value: bool, order: Ordering) -> bool;
}

/// The atomics of the machine.
#[derive(Debug)]
pub struct Native;

impl Atomics for Native {
    type Flag = AtomicBool;

    fn fence() {
        fence(Ordering::SeqCst);
    }
}

impl Flag for AtomicBool {
    fn new(value: bool) -> Self {
        Self::new(value)
    }

    fn load(&self, order: Ordering) -> bool {
        self.load(order)
    }

    fn swap(&self, value: bool, order: Ordering) -> bool {
        self.swap(value, order)
    }
}

/// Where one core says that it sleeps. It has a cache line to itself, because every sender reads it
/// after every message and only its own core writes it often.
#[derive(Debug)]
#[repr(align(128))]
pub struct Bed<A: Atomics = Native> {
    parked: A::Flag,
}

impl<A: Atomics> Bed<A> {
    pub fn new() -> Self {
        Self { parked: A::Flag::new(false) }
    }

    /// Consumer: announces sleep. False, with nothing announced, if `has_mail` finds something.
    pub fn prepare_park(&self, has_mail: impl FnOnce() -> bool) -> bool {
        self.parked.swap(true, Ordering::AcqRel);
        A::fence();
        if has_mail() {
            self.unpark();
            return false;
        }
        true
    }

    /// Consumer: awake again.
    pub fn unpark(&self) {
        self.parked.swap(false, Ordering::AcqRel);
    }

    /// Producer, after its push: whether it must wake the core.
    #[must_use]
    pub fn must_wake(&self) -> bool {
        A::fence();
        // The plain load comes first because a core under load is nearly always awake, and a load
        // leaves the cache line shared.
        self.parked.load(Ordering::Relaxed) && self.parked.swap(false, Ordering::AcqRel)
    }
}

impl<A: Atomics> Default for Bed<A> {
    fn default() -> Self {
        Self::new()
    }
}
