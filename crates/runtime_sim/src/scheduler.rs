//! Who does the next thing: one seeded choice per step.
//!
//! A step is one of these, drawn among all that are possible:
//! - a turn of a core that has something to do: it was busy, was woken, has a ready socket, or its
//!   deadline has passed;
//! - some of the bytes that a client has sent arrive.
//!
//! If none is possible, the clock moves to the next deadline; if there is none, the house rests.
//!
//! Before time passes, every sleeping core is asked whether a message waits for it. One that says
//! yes was not woken for it: that is a lost wake-up, and the simulation panics with its seed.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, ErrorKind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runtime::{Clock, CoreTask, MeshEnd, Net, NetEvent, Next, Wait, Waker, mesh};
use stdx::prng::Prng;

use crate::clock::VirtualClock;
use crate::link::{Link, SharedLink, lock};
use crate::network::{Arrival, Chance, SimNet, some_of};

/// What one turn takes.
const TURN_TIME: Duration = Duration::from_micros(1);

/// A client of the simulated house.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ClientId(usize);

/// Why a run ended before what it was waiting for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfinished {
    /// Nothing will ever happen again unless a client does something.
    AtRest {
        seed: u64,
    },
    OutOfSteps {
        seed: u64,
    },
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtRest { seed } => write!(f, "seed {seed}: the house rests, it never happens"),
            Self::OutOfSteps { seed } => write!(f, "seed {seed}: not within the steps allowed"),
        }
    }
}

impl std::error::Error for Unfinished {}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Awake,
    Asleep { until_ns: Option<u64> },
    Ended,
}

struct Core {
    task: Box<dyn CoreTask>,
    net: SimNet,
    woken: Arc<AtomicBool>,
    state: State,
    events: Vec<NetEvent>,
    turns: u64,
}

#[derive(Clone, Copy)]
enum Step {
    Turn { core: usize },
    Arrive { client: usize },
}

/// A house of simulated cores with its clients.
pub struct Sim {
    seed: u64,
    chance: Chance,
    clock: VirtualClock,
    cores: Vec<Core>,
    clients: Vec<SharedLink>,
}

impl Sim {
    /// A house of `cores` cores; `build` makes each from its end of the corridors.
    pub fn new<M: Send>(
        seed: u64,
        cores: usize,
        corridor_capacity: usize,
        build: impl FnMut(MeshEnd<M>) -> Box<dyn CoreTask>,
    ) -> Self {
        let chance: Chance = Rc::new(RefCell::new(Prng::new(seed)));
        let flags: Vec<_> = (0..cores).map(|_| Arc::new(AtomicBool::new(false))).collect();
        let wakers = flags.iter().map(|woken| {
            let woken = Arc::clone(woken);
            Waker::calling(move || woken.store(true, Ordering::Relaxed))
        });
        let tasks = mesh(cores, corridor_capacity, wakers.collect()).into_iter().map(build);
        let cores = tasks
            .zip(flags)
            .map(|(task, woken)| Core {
                task,
                net: SimNet::new(Rc::clone(&chance), Arc::clone(&woken)),
                woken,
                state: State::Awake,
                events: Vec::new(),
                turns: 0,
            })
            .collect();
        Self { seed, chance, clock: VirtualClock::default(), cores, clients: Vec::new() }
    }

    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// How many turns that core has made.
    pub fn turns(&self, core: usize) -> u64 {
        self.cores[core].turns
    }

    /// Whether all cores have stopped.
    pub fn is_ended(&self) -> bool {
        self.cores.iter().all(|core| core.state == State::Ended)
    }

    /// Wakes a core, as a helper thread would.
    pub fn wake(&self, core: usize) {
        self.cores[core].woken.store(true, Ordering::Relaxed);
    }

    /// Connects to that core, which has yet to accept.
    pub fn connect(&mut self, core: usize) -> io::Result<ClientId> {
        if !self.cores[core].net.is_listening() || self.cores[core].state == State::Ended {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        let client = self.clients.len();
        let link = SharedLink::default();
        self.cores[core].net.arrive(Arrival { client, link: Arc::clone(&link) });
        self.clients.push(link);
        Ok(ClientId(client))
    }

    /// Sends bytes; they arrive in pieces, while the house runs.
    pub fn send(&mut self, client: ClientId, bytes: &[u8]) {
        self.link(client, |link| link.send(bytes));
    }

    /// Takes what the client has received since it last asked.
    pub fn received(&mut self, client: ClientId) -> Vec<u8> {
        self.link(client, Link::take_received)
    }

    /// The client sends no more, and goes on receiving.
    pub fn finish(&mut self, client: ClientId) {
        self.link(client, Link::finish);
    }

    /// The client is gone, with whatever was on the way.
    pub fn reset(&mut self, client: ClientId) {
        self.link(client, Link::reset);
    }

    /// Whether the house has closed the connection.
    pub fn is_closed(&self, client: ClientId) -> bool {
        lock(&self.clients[client.0]).is_closed_by_core()
    }

    fn link<T>(&mut self, client: ClientId, act: impl FnOnce(&mut Link) -> T) -> T {
        act(&mut lock(&self.clients[client.0]))
    }

    /// Does one thing; false if there is nothing to do, now or later.
    pub fn step(&mut self) -> bool {
        if let Some(step) = self.choose() {
            self.take(step);
            return true;
        }
        self.check_wake_ups();
        let Some(until_ns) = self.next_deadline_ns() else {
            return false;
        };
        self.clock.advance_to(until_ns);
        true
    }

    /// Steps until `is_reached`, at most so many times.
    pub fn run_until(
        &mut self,
        mut is_reached: impl FnMut(&mut Self) -> bool,
        steps_max: u64,
    ) -> Result<(), Unfinished> {
        let seed = self.seed;
        for _ in 0..steps_max {
            if is_reached(self) {
                return Ok(());
            }
            if !self.step() {
                return if is_reached(self) { Ok(()) } else { Err(Unfinished::AtRest { seed }) };
            }
        }
        Err(Unfinished::OutOfSteps { seed })
    }

    /// Steps until so much time has passed.
    pub fn run_for(&mut self, time: Duration) {
        let time_ns = u64::try_from(time.as_nanos()).expect("a simulation takes no centuries");
        let end_ns = self.clock.mono_ns() + time_ns;
        while self.clock.mono_ns() < end_ns {
            if let Some(step) = self.choose() {
                self.take(step);
                continue;
            }
            self.check_wake_ups();
            let next_ns = self.next_deadline_ns().unwrap_or(end_ns);
            self.clock.advance_to(next_ns.min(end_ns));
        }
    }

    fn choose(&mut self) -> Option<Step> {
        let now_ns = self.clock.mono_ns();
        let turns = (0..self.cores.len())
            .filter(|core| self.cores[*core].is_runnable(now_ns))
            .map(|core| Step::Turn { core });
        let arrivals = (0..self.clients.len())
            .filter(|client| lock(&self.clients[*client]).undelivered().1)
            .map(|client| Step::Arrive { client });
        let possible: Vec<_> = turns.chain(arrivals).collect();
        if possible.is_empty() {
            return None;
        }
        let choice = self.chance.borrow_mut().below(possible.len() as u64);
        Some(possible[choice as usize])
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Turn { core } => self.cores[core].turn(&self.clock),
            Step::Arrive { client } => {
                let mut link = lock(&self.clients[client]);
                let bytes = match link.undelivered().0 {
                    0 => 0,
                    bytes => some_of(bytes, &mut self.chance.borrow_mut()),
                };
                link.deliver(bytes);
            }
        }
    }

    fn next_deadline_ns(&self) -> Option<u64> {
        let deadlines = self.cores.iter().filter_map(|core| match core.state {
            State::Asleep { until_ns } => until_ns,
            State::Awake | State::Ended => None,
        });
        deadlines.min()
    }

    /// No core is runnable, so every core that has not ended is asleep and was not woken.
    fn check_wake_ups(&mut self) {
        for (number, core) in self.cores.iter_mut().enumerate() {
            if core.state != State::Ended && !core.task.prepare_park() {
                panic!("seed {}: core {number} sleeps on a message: lost wake-up", self.seed);
            }
        }
    }
}

impl Core {
    fn is_runnable(&self, now_ns: u64) -> bool {
        match self.state {
            State::Awake => true,
            State::Asleep { until_ns } => {
                until_ns.is_some_and(|until_ns| until_ns <= now_ns) || self.net.is_ready()
            }
            State::Ended => false,
        }
    }

    /// What a real runtime does from the end of one wait to the beginning of the next.
    fn turn(&mut self, clock: &VirtualClock) {
        self.events.clear();
        self.net.poll(&mut self.events, Wait::No).expect("a simulated poll does not fail");
        if self.state != State::Awake {
            self.task.unpark();
        }
        let next = self.task.turn(&mut self.net, &self.events, clock);
        self.turns += 1;
        clock.advance(TURN_TIME);
        self.state = match next {
            Next::Stop => {
                self.net.shut_down();
                State::Ended
            }
            Next::Idle(limit) if self.task.prepare_park() => {
                let until_ns = limit.map(|limit| {
                    let limit_ns = u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX);
                    clock.mono_ns().saturating_add(limit_ns)
                });
                State::Asleep { until_ns }
            }
            Next::Busy | Next::Idle(_) => State::Awake,
        };
    }
}

#[cfg(test)]
mod tests;
