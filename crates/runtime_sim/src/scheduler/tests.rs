//! The schedule itself: repeatable, and it finds what it is there to find.

use super::*;

/// A core that passes every message on; core 0 begins with one that makes a hundred hops.
struct Relay {
    end: MeshEnd<u32>,
    trace: Rc<RefCell<Trace>>,
    begin_ns: Option<u64>,
}

impl CoreTask for Relay {
    fn turn(&mut self, _net: &mut dyn Net, _events: &[NetEvent], clock: &dyn Clock) -> Next {
        let (core, now_ns) = (self.end.core(), clock.mono_ns());
        self.trace.borrow_mut().push((core, now_ns));
        let mut hops = self.begin_ns.take_if(|begin_ns| *begin_ns <= now_ns).map(|_| 100);
        for from in 0..self.end.cores() {
            hops = hops.or(self.end.try_recv_from(from));
        }
        if let Some(left) = hops.and_then(|hops| hops.checked_sub(1)) {
            self.end.send((core + 1) % self.end.cores(), left);
        }
        Next::Idle(self.begin_ns.map(|begin_ns| Duration::from_nanos(begin_ns - now_ns)))
    }

    fn prepare_park(&mut self) -> bool {
        self.end.prepare_park()
    }

    fn unpark(&mut self) {
        self.end.unpark();
    }
}

/// Which core had a turn, and when.
type Trace = Vec<(usize, u64)>;

/// Three cores that relay a message, and what they did.
fn relay(seed: u64) -> (Sim, Trace) {
    let trace = Rc::<RefCell<Trace>>::default();
    let mut sim = Sim::new(seed, 3, 4, |end| {
        let begin_ns = (end.core() == 0).then_some(0);
        Box::new(Relay { end, trace: Rc::clone(&trace), begin_ns })
    });
    while sim.step() {}
    let done = trace.borrow().clone();
    (sim, done)
}

#[test]
fn equal_seeds_give_equal_runs() {
    for seed in 0..20 {
        assert_eq!(relay(seed).1, relay(seed).1);
    }
    assert!((1..20).any(|seed| relay(seed).1 != relay(0).1), "the seed decides nothing");
}

#[test]
fn nobody_runs_without_a_reason() {
    let (sim, trace) = relay(1);
    // The first turn of each, a hundred hops, and perhaps a wake-up that came for nothing.
    assert!((103..=203).contains(&trace.len()), "{}", trace.len());
    assert_eq!((0..3).map(|core| sim.turns(core)).sum::<u64>(), trace.len() as u64);
}

#[test]
fn a_house_at_rest_says_so_with_its_seed() {
    let (mut sim, _) = relay(42);
    let error = sim.run_until(|_| false, 1_000).unwrap_err();
    assert_eq!(error, Unfinished::AtRest { seed: 42 });
    assert!(error.to_string().contains("seed 42"));
}

#[test]
#[should_panic(expected = "seed 9: core 1 sleeps on a message: lost wake-up")]
fn a_lost_wake_up_is_found() {
    // Corridors whose wake-ups go nowhere.
    let deaf = (0..2).map(|_| Waker::calling(|| {})).collect();
    let mut ends = mesh(2, 4, deaf).into_iter();
    let mut sim = Sim::new(9, 2, 4, |end: MeshEnd<u32>| {
        // Core 0 begins when core 1 has long been asleep.
        let begin_ns = (end.core() == 0).then_some(1_000_000_000);
        let deaf_end = ends.next().unwrap();
        Box::new(Relay { end: deaf_end, trace: Rc::default(), begin_ns })
    });
    sim.run_for(Duration::from_secs(3));
}

#[test]
fn time_passes_even_if_nothing_happens() {
    let (mut sim, _) = relay(3);
    let begin_ns = sim.clock().mono_ns();
    sim.run_for(Duration::from_secs(5));
    assert_eq!(sim.clock().mono_ns() - begin_ns, 5_000_000_000);
}
