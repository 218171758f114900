//! What a runtime drives: one core of the server.

use std::time::Duration;

use crate::clock::Clock;
use crate::net::{Net, NetEvent};

/// What a core wants after a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// There is work left: call again at once, with whatever is ready by then.
    Busy,
    /// Nothing to do until something is ready, or until so much time has passed.
    Idle(Option<Duration>),
    /// The core has ended.
    Stop,
}

/// A core, seen from the runtime.
pub trait CoreTask {
    /// Does what there is to do, and never waits.
    fn turn(&mut self, net: &mut dyn Net, events: &[NetEvent], clock: &dyn Clock) -> Next;

    /// Announces that the core goes to sleep, so that others wake it from now on.
    ///
    /// False when a message has come in meanwhile: then the core must not sleep, and is not parked.
    fn prepare_park(&mut self) -> bool;

    /// The core is awake again; called after every successful `prepare_park`.
    fn unpark(&mut self);
}
