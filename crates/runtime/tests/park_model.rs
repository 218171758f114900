//! The protocol of going to sleep, in every interleaving that loom finds.
//!
//! The model: cores send by raising a counter and then doing what [`Bed::must_wake`] says; the
//! sleeping core stops when it has parked. Afterwards there must be a wake-up for it, or no mail.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use loom::sync::atomic::{AtomicBool, AtomicUsize, fence};
use runtime::park::{Atomics, Bed, Flag};

/// Loom's atomics, with the fence of the protocol.
struct Modelled;

impl Atomics for Modelled {
    type Flag = ModelledFlag;

    fn fence() {
        fence(Ordering::SeqCst);
    }
}

/// The planted bug: the same without the fence.
struct Unfenced;

impl Atomics for Unfenced {
    type Flag = ModelledFlag;

    fn fence() {}
}

struct ModelledFlag(AtomicBool);

impl Flag for ModelledFlag {
    fn new(value: bool) -> Self {
        Self(AtomicBool::new(value))
    }

    fn load(&self, order: Ordering) -> bool {
        self.0.load(order)
    }

    fn swap(&self, value: bool, order: Ordering) -> bool {
        self.0.swap(value, order)
    }
}

/// What the cores of one run of the model share.
struct House<A: Atomics> {
    bed: Bed<A>,
    /// One queue per sender, as a count of what was pushed.
    sent: Vec<AtomicUsize>,
    wakes: AtomicUsize,
}

impl<A: Atomics> House<A> {
    fn new(senders: usize) -> Self {
        let sent = (0..senders).map(|_| AtomicUsize::new(0)).collect();
        Self { bed: Bed::new(), sent, wakes: AtomicUsize::new(0) }
    }

    fn send(&self, sender: usize) {
        self.sent[sender].fetch_add(1, Ordering::Release);
        if self.bed.must_wake() {
            self.wakes.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn mail(&self) -> usize {
        self.sent.iter().map(|sent| sent.load(Ordering::Acquire)).sum()
    }
}

/// `senders` cores send one message each to a core that reads, sleeps, wakes once if it is told to,
/// and sleeps again. It must never end asleep on mail that it has not read.
///
/// LIMIT: a core is taken off its processor at most `preemptions` times in one run, because all
/// interleavings of three cores take hours; nearly all such bugs need two.
fn explore<A>(senders: usize, preemptions: Option<usize>)
where
    A: Atomics + 'static,
    A::Flag: Send + Sync,
{
    let mut model = loom::model::Builder::new();
    model.preemption_bound = preemptions;
    model.check(move || {
        let house = Arc::new(House::<A>::new(senders));
        let threads: Vec<_> = (0..senders)
            .map(|sender| {
                let house = Arc::clone(&house);
                loom::thread::spawn(move || house.send(sender))
            })
            .collect();
        let mut read = house.mail();
        let mut woken = 0;
        // Every refused park and every wake-up has read something more, so this ends.
        loop {
            if !house.bed.prepare_park(|| house.mail() > read) {
                read = house.mail();
            } else if house.wakes.load(Ordering::Acquire) > woken {
                woken += 1;
                house.bed.unpark();
                read = house.mail();
            } else {
                break;
            }
        }
        for thread in threads {
            thread.join().expect("a core of the model failed");
        }
        let is_woken = house.wakes.load(Ordering::Acquire) > woken;
        assert!(is_woken || house.mail() == read, "asleep on unread mail");
    });
}

#[test]
fn one_sender_never_leaves_the_core_asleep() {
    explore::<Modelled>(1, None);
}

#[test]
fn two_senders_never_leave_the_core_asleep() {
    explore::<Modelled>(2, Some(3));
}

#[test]
#[should_panic(expected = "asleep on unread mail")]
fn without_the_fence_the_model_finds_the_lost_wake_up() {
    explore::<Unfenced>(1, None);
}
