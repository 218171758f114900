//! The simulator keeps the contract of a runtime, whatever its seed draws.
//!
//! The same echo core as on the real runtimes, over simulated connections.

use std::sync::Arc;
use std::time::Duration;

use runtime::Clock;
use runtime_sim::{ClientId, Sim};

use self::echo::{Echo, Stats};

#[path = "../../runtime/tests/contract/echo.rs"]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod echo;

const SEEDS: u64 = 200;
/// LIMIT: no exchange of these tests takes so many steps unless it never ends.
const STEPS_MAX: u64 = 1_000_000;

struct House {
    sim: Sim,
    stats: Arc<Stats>,
}

impl House {
    fn new(seed: u64, cores: usize) -> Self {
        let stats = Arc::new(Stats::default());
        let shared = Arc::clone(&stats);
        let sim =
            Sim::new(seed, cores, 64, |end| Box::new(Echo::new(end, Arc::clone(&shared))) as _);
        Self { sim, stats }
    }

    /// Runs until so many lines have come, and returns them.
    #[track_caller]
    fn lines(&mut self, client: ClientId, count: usize) -> Vec<String> {
        let mut received = Vec::new();
        let outcome = self.sim.run_until(
            |sim| {
                received.extend(sim.received(client));
                received.iter().filter(|byte| **byte == b'\n').count() >= count
            },
            STEPS_MAX,
        );
        if let Err(error) = outcome {
            panic!("{error}; received {:?}", String::from_utf8_lossy(&received));
        }
        String::from_utf8_lossy(&received).lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn ask(&mut self, client: ClientId, line: &str) -> String {
        self.sim.send(client, format!("{line}\n").as_bytes());
        self.lines(client, 1).remove(0)
    }
}

/// Runs a test once per seed, in a fresh house.
fn for_each_seed(cores: usize, test: impl Fn(&mut House)) {
    for seed in 0..SEEDS {
        test(&mut House::new(seed, cores));
    }
}

#[test]
fn echoes_in_pieces_of_any_size() {
    for_each_seed(2, |house| {
        let clients: Vec<_> = (0..5).map(|index| house.sim.connect(index % 2).unwrap()).collect();
        let text: String = (0..50).map(|number| format!("line {number}\n")).collect();
        for client in &clients {
            house.sim.send(*client, text.as_bytes());
        }
        for client in clients {
            assert_eq!(house.lines(client, 50).join("\n") + "\n", text);
        }
    });
}

#[test]
fn a_client_that_does_not_read_holds_up_only_itself() {
    let mut house = House::new(7, 1);
    let (lazy, other) = (house.sim.connect(0).unwrap(), house.sim.connect(0).unwrap());
    let mut line = vec![b'x'; 300_000];
    line.push(b'\n');
    house.sim.send(lazy, &line);
    while house.sim.step() {}
    assert!(house.stats.partial_sends() > 0);
    assert_eq!(house.ask(other, "hello"), "hello");
    assert_eq!(house.lines(lazy, 1)[0].len(), 300_000);
}

#[test]
fn answers_after_a_half_close() {
    for_each_seed(1, |house| {
        let client = house.sim.connect(0).unwrap();
        house.sim.send(client, b"last words\n");
        house.sim.finish(client);
        assert_eq!(house.lines(client, 1), ["last words"]);
        house.sim.run_until(|sim| sim.is_closed(client), STEPS_MAX).unwrap();
    });
}

#[test]
fn a_reset_client_is_let_go() {
    for_each_seed(1, |house| {
        let client = house.sim.connect(0).unwrap();
        assert_eq!(house.ask(client, "hello"), "hello");
        house.sim.send(client, b"never seen");
        house.sim.reset(client);
        house.sim.run_until(|sim| sim.is_closed(client), STEPS_MAX).unwrap();
    });
}

#[test]
fn moves_connections_with_what_they_have_sent() {
    for_each_seed(2, |house| {
        let client = house.sim.connect(0).unwrap();
        house.sim.send(client, b"!move 1\none\n!move 0\ntwo\n!core\n!move 1\n!core\n");
        assert_eq!(house.lines(client, 4), ["one", "two", "0", "1"]);
    });
}

#[test]
fn cores_wake_each_other() {
    for_each_seed(2, |house| {
        let client = house.sim.connect(0).unwrap();
        for _ in 0..5 {
            assert_eq!(house.ask(client, "!bounce 20"), "bounced");
        }
    });
}

#[test]
fn a_woken_core_hears_of_it() {
    let mut house = House::new(3, 1);
    let client = house.sim.connect(0).unwrap();
    assert_eq!(house.ask(client, "!count wakes"), "0");
    house.sim.wake(0);
    assert_eq!(house.lines(client, 1), ["woken"]);
}

#[test]
fn an_idle_core_makes_no_turns() {
    let mut house = House::new(5, 2);
    let (busy, idle) = (house.sim.connect(0).unwrap(), house.sim.connect(1).unwrap());
    assert_eq!(house.ask(idle, "hello"), "hello");
    while house.sim.step() {}
    let before = house.stats.turns(1);
    for _ in 0..100 {
        assert_eq!(house.ask(busy, "work"), "work");
    }
    assert_eq!(house.stats.turns(1), before);
    assert_eq!(house.sim.turns(1), before);
}

#[test]
fn time_passes_to_the_next_deadline_at_once() {
    let mut house = House::new(11, 1);
    let client = house.sim.connect(0).unwrap();
    let begin_ns = house.sim.clock().mono_ns();
    assert_eq!(house.ask(client, "!alarm 3600000"), "alarm");
    let elapsed = Duration::from_nanos(house.sim.clock().mono_ns() - begin_ns);
    assert!(elapsed >= Duration::from_secs(3600));
    assert!(elapsed < Duration::from_secs(3601));
}

#[test]
fn a_stopped_house_closes_its_connections_and_refuses_new_ones() {
    let mut house = House::new(13, 2);
    let clients = [house.sim.connect(0).unwrap(), house.sim.connect(1).unwrap()];
    house.sim.send(clients[0], b"!stop\n");
    house.sim.run_until(|sim| sim.is_ended(), STEPS_MAX).unwrap();
    assert!(clients.iter().all(|client| house.sim.is_closed(*client)));
    assert!(house.sim.connect(0).is_err());
}
