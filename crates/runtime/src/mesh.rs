//! Corridors: a bounded queue each way between every two cores, and the wake-up at its end.
//!
//! **Invariants**
//! - One producer and one consumer per queue: an end belongs to one core and is not shared.
//! - A send never fails and never waits: its user sends only against a credit that reserves the
//!   room (the queue asserts it).
//! - A core that announced its sleep by [`MeshEnd::prepare_park`] is woken by the next
//!   [`MeshEnd::ring`] after a send to it. Who sends rings before it sleeps or does something long.
//!
//! Sending and waking are apart because waking is what a message costs: about ten microseconds on a
//! virtual machine, whatever was sent. Several sends before one ring wake once.

use std::sync::Arc;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::park::Bed;
use crate::waker::Waker;

/// One core's end of all its corridors.
pub struct MeshEnd<M> {
    core: usize,
    /// By core; none for the core itself.
    outbound: Vec<Option<Producer<M>>>,
    inbound: Vec<Option<Consumer<M>>>,
    beds: Arc<[Bed]>,
    wakers: Arc<[Waker]>,
    /// Cores that were sent something since the last ring.
    unrung: Vec<usize>,
}

/// The corridors between `cores` cores, each with room for `capacity` messages; one end per core,
/// in order.
///
/// # Panics
///
/// If there is not one waker per core.
pub fn mesh<M: Send>(cores: usize, capacity: usize, wakers: Vec<Waker>) -> Vec<MeshEnd<M>> {
    assert_eq!(wakers.len(), cores, "one waker per core");
    let beds: Arc<[Bed]> = (0..cores).map(|_| Bed::new()).collect();
    let wakers: Arc<[Waker]> = wakers.into();
    let mut ends: Vec<_> = (0..cores)
        .map(|core| MeshEnd {
            core,
            outbound: (0..cores).map(|_| None).collect(),
            inbound: (0..cores).map(|_| None).collect(),
            beds: Arc::clone(&beds),
            wakers: Arc::clone(&wakers),
            unrung: Vec::new(),
        })
        .collect();
    for from in 0..cores {
        for to in (0..cores).filter(|to| *to != from) {
            let (producer, consumer) = RingBuffer::new(capacity);
            ends[from].outbound[to] = Some(producer);
            ends[to].inbound[from] = Some(consumer);
        }
    }
    ends
}

impl<M: Send> MeshEnd<M> {
    /// Which core this end belongs to.
    pub fn core(&self) -> usize {
        self.core
    }

    pub fn cores(&self) -> usize {
        self.beds.len()
    }

    /// Puts a message into the corridor to another core, which is not woken before the next ring.
    ///
    /// # Panics
    ///
    /// If the corridor is full, which the sender's credits rule out, or leads to this very core.
    pub fn send(&mut self, to: usize, message: M) {
        let Some(corridor) = &mut self.outbound[to] else {
            panic!("core {to} sends to itself");
        };
        assert!(corridor.push(message).is_ok(), "the corridor to core {to} is full: credit rule");
        if self.unrung.last() != Some(&to) {
            self.unrung.push(to);
        }
    }

    /// Wakes those cores that sleep and were sent something since the last ring.
    pub fn ring(&mut self) {
        for to in self.unrung.drain(..) {
            if self.beds[to].must_wake() {
                self.wakers[to].wake();
            }
        }
    }

    /// Whether something was sent since the last ring.
    pub fn owes_ring(&self) -> bool {
        !self.unrung.is_empty()
    }

    /// How many messages fit into the corridor to `to` now, at least.
    pub fn room(&self, to: usize) -> usize {
        self.outbound[to].as_ref().map_or(0, Producer::slots)
    }

    /// The oldest message from that core; none from the core itself.
    pub fn try_recv_from(&mut self, from: usize) -> Option<M> {
        self.inbound[from].as_mut()?.pop().ok()
    }

    /// Rings, then announces sleep; false when a message is there, and then the core is not parked.
    pub fn prepare_park(&mut self) -> bool {
        self.ring();
        let inbound = &self.inbound;
        self.beds[self.core].prepare_park(|| has_mail(inbound))
    }

    /// The core is awake again.
    pub fn unpark(&mut self) {
        self.beds[self.core].unpark();
    }

    /// Whether a message waits in any corridor to this core.
    pub fn has_mail(&self) -> bool {
        has_mail(&self.inbound)
    }

    /// What wakes that core, for helper threads and signals.
    pub fn waker(&self, core: usize) -> &Waker {
        &self.wakers[core]
    }
}

fn has_mail<M>(inbound: &[Option<Consumer<M>>]) -> bool {
    inbound.iter().flatten().any(|corridor| !corridor.is_empty())
}

#[cfg(test)]
mod tests;
