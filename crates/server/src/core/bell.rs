//! When to wake the cores that mail was sent to: not at once, if this core will soon send more.
//!
//! With one request per connection and turn, waking is the largest part of what a hop costs. A core
//! that has sent something looks at its sockets once more before it wakes anybody: what has come in
//! meanwhile goes to the same sleepers by the same wake-up.
//!
//! **Invariant:** mail waits for its ring during a few short turns at most, and never while a call
//! runs that may take long. (A part of a transaction over shards may run in such a turn; what it
//! delays is what a turn before it has sent.)

use runtime::MeshEnd;

use crate::mailbox::Corridor;

/// Turns that a ring is put off at most.
const QUIET_TURNS_MAX: u32 = 4;

/// Ready sockets of a turn that is short.
const SHORT_TURN_EVENTS: usize = 16;

/// Puts rings off.
#[derive(Default)]
pub(super) struct Bell {
    quiet_turns: u32,
}

impl Bell {
    /// A turn with so many events begins: rings for what was sent before, or puts it off.
    #[inline]
    pub(super) fn turn(&mut self, events: usize, mesh: &mut MeshEnd<Corridor>) {
        if !mesh.owes_ring() {
            return;
        }
        self.quiet_turns += 1;
        let is_short = (1..=SHORT_TURN_EVENTS).contains(&events);
        if !is_short || self.quiet_turns == QUIET_TURNS_MAX {
            self.ring(mesh);
        }
    }

    /// Rings for what was sent.
    pub(super) fn ring(&mut self, mesh: &mut MeshEnd<Corridor>) {
        self.quiet_turns = 0;
        mesh.ring();
    }
}
