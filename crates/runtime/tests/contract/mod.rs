//! What every runtime on real sockets must do, as tests over a small echo server.
//!
//! A runtime's own test file includes this folder and says how it runs a house:
//!
//! ```text
//! #[path = "../../runtime/tests/contract/mod.rs"]
//! #[macro_use]
//! mod contract;
//!
//! keeps_the_contract!(Some(run));
//! ```

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod echo;
mod house;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

pub(crate) use self::house::{Build, Runner};
use self::house::{House, ask};

/// A test for every promise, of a runner that this machine may lack.
macro_rules! keeps_the_contract {
    ($run:expr) => {
        keeps_the_contract! {
            $run,
            echoes
            writes_in_parts
            answers_after_a_half_close
            holds_a_thousand_connections
            moves_connections
            is_woken_from_another_thread
            cores_wake_each_other
            idle_costs_nothing
            deadlines_end_a_sleep
        }
    };
    ($run:expr, $($promise:ident)+) => {
        $(
            #[test]
            fn $promise() {
                if let Some(run) = $run {
                    contract::$promise(run);
                }
            }
        )+
    };
}

/// Bytes come back as they went in, on one core and on two.
pub(crate) fn echoes(run: Runner) {
    for cores in [1, 2] {
        let house = House::start(cores, run);
        let mut client = house.connect();
        assert_eq!(ask(&mut client, "hello"), "hello");
        assert_eq!(ask(&mut client, "again"), "again");
    }
}

/// A client that writes much before it reads makes the server write in parts.
pub(crate) fn writes_in_parts(run: Runner) {
    const BYTES: usize = 16 << 20;
    let house = House::start(1, run);
    let mut client = house.connect();
    let mut writer = client.try_clone().unwrap();
    // A line that is long enough to fill every buffer on the way.
    let mut line = vec![b'x'; BYTES];
    line[BYTES - 1] = b'\n';
    let thread = std::thread::Builder::new().spawn(move || writer.write_all(&line).unwrap());
    thread.unwrap().join().unwrap();
    let mut echoed = vec![0; BYTES];
    client.read_exact(&mut echoed).unwrap();
    assert!(echoed[..BYTES - 1].iter().all(|byte| *byte == b'x'));
    assert!(house.stats().partial_sends() > 0, "nothing was ever in the way");
    assert_eq!(ask(&mut client, "after"), "after");
}

/// A client that has said all it has to say still gets its answers.
pub(crate) fn answers_after_a_half_close(run: Runner) {
    let house = House::start(1, run);
    let mut client = house.connect();
    client.write_all(b"last words\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut echoed = String::new();
    client.read_to_string(&mut echoed).unwrap();
    assert_eq!(echoed, "last words\n");
}

/// A thousand connections at once, on two cores.
pub(crate) fn holds_a_thousand_connections(run: Runner) {
    house::raise_descriptor_limit();
    let house = House::start(2, run);
    let mut clients: Vec<TcpStream> = (0..1000).map(|_| house.connect()).collect();
    let mut of_core = [0, 0];
    for (index, client) in clients.iter_mut().enumerate() {
        assert_eq!(ask(client, &format!("client {index}")), format!("client {index}"));
        of_core[core_of(client)] += 1;
    }
    assert_eq!(of_core[0] + of_core[1], 1000);
    assert!(of_core.iter().all(|count| *count > 100), "the kernel deals clients out: {of_core:?}");
}

/// A connection moves between cores with what it has sent already.
pub(crate) fn moves_connections(run: Runner) {
    let house = House::start(2, run);
    let mut client = house.connect();
    for _ in 0..100 {
        let other = 1 - core_of(&mut client);
        client.write_all(format!("!move {other}\nbehind it\n").as_bytes()).unwrap();
        assert_eq!(house::read_line(&mut client), "behind it");
        assert_eq!(core_of(&mut client), other);
    }
}

/// Another thread wakes a sleeping core, which hears of it once.
pub(crate) fn is_woken_from_another_thread(run: Runner) {
    let house = House::start(1, run);
    let mut client = house.connect();
    for round in 1..=100 {
        assert_eq!(ask(&mut client, "!count wakes"), (round - 1).to_string());
        house.wake(0);
        // The core tells all its clients when it is woken.
        assert_eq!(house::read_line(&mut client), "woken");
    }
}

/// Two cores that send each other a message at every turn never sleep on one.
pub(crate) fn cores_wake_each_other(run: Runner) {
    let house = House::start(2, run);
    let mut client = house.connect();
    for _ in 0..200 {
        // Goes to the other core and back ten times, sleeping in between.
        assert_eq!(ask(&mut client, "!bounce 20"), "bounced");
    }
}

/// A core with nothing to do makes no turns, however much goes on beside it.
pub(crate) fn idle_costs_nothing(run: Runner) {
    let house = House::start(2, run);
    let (mut busy, mut idle) = (house.connect_to(0), house.connect_to(1));
    assert_eq!(ask(&mut idle, "settled"), "settled");
    assert_eq!(ask(&mut busy, "settled"), "settled");
    // The answer is written within a turn, so that turn may still end after it was read; and a core
    // may look around once more before it sleeps.
    let before = house.stats().turns(1);
    for _ in 0..2_000 {
        assert_eq!(ask(&mut busy, "work"), "work");
    }
    let turns = house.stats().turns(1) - before;
    assert!(turns <= 2, "an idle core made {turns} turns");
    assert!(house.stats().turns(0) >= 2_000);
}

/// A deadline ends the sleep of a core that nobody else wakes.
pub(crate) fn deadlines_end_a_sleep(run: Runner) {
    let house = House::start(1, run);
    let mut client = house.connect();
    for _ in 0..20 {
        assert_eq!(ask(&mut client, "!alarm 3"), "alarm");
    }
}

fn core_of(client: &mut TcpStream) -> usize {
    ask(client, "!core").parse().unwrap()
}
