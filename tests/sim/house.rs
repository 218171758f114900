//! A house in a box, and clients that speak to it.
//!
//! Its cores are the real ones; sockets, corridors and time are simulated.
//!
//! Everything that happens is drawn from one seed: the schedule, the pieces in which bytes arrive,
//! and what the test itself draws from [`House::chance`].

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use config::{Config, PipelineOrder};
use keyspace::KeyHasher;
use resp::Reply;
use runtime_sim::clock::BEGIN_UNIX_MS;
use runtime_sim::{ClientId, Sim};
use server::{CallLimits, Core, Corridor, Parts};
use session::{Facts, FixedFacts};
use stdx::prng::Prng;
use txn::{Numbers, Placement};

/// LIMIT: nothing that a test waits for takes so many steps, unless it never ends.
const STEPS_MAX: u64 = 3_000_000;

/// How a house is built.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) cores: usize,
    pub(crate) shards: usize,
    pub(crate) corridor_capacity: usize,
    pub(crate) call_limits: CallLimits,
    pub(crate) pipeline_order: PipelineOrder,
}

impl Plan {
    /// A house of any size that suits a test: 1 to 4 cores, 1 to 7 shards.
    pub(crate) fn any(seed: u64) -> Self {
        let mut chance = Prng::new(!seed);
        let cores = 1 + chance.below(4) as usize;
        Self::new(seed, cores, 1 + chance.below(7) as usize)
    }

    /// A house of this size.
    pub(crate) fn new(seed: u64, cores: usize, shards: usize) -> Self {
        let call_limits = CallLimits::default();
        let pipeline_order = PipelineOrder::Strict;
        Self { seed, cores, shards, corridor_capacity: 64, call_limits, pipeline_order }
    }

    /// The same with relaxed pipelines.
    pub(crate) fn relaxed(self) -> Self {
        Self { pipeline_order: PipelineOrder::Relaxed, ..self }
    }

    /// The same with corridors and credits that are always short.
    pub(crate) fn narrow(self) -> Self {
        let mut chance = Prng::new(self.seed ^ 0x5a5a);
        let calls = 1 + chance.below(8) as usize;
        let bytes = 1 + chance.below(400) as usize;
        let corridor_capacity = 1 + chance.below(2) as usize;
        Self { corridor_capacity, call_limits: CallLimits { calls, bytes }, ..self }
    }
}

/// A client of the house, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Guest(usize);

struct Line {
    id: ClientId,
    received: Vec<u8>,
    replies: VecDeque<Reply>,
    /// Requests without a reply yet.
    awaited: usize,
    /// Whatever it is answered, nobody cares.
    is_ignored: bool,
}

impl Line {
    /// Takes in what has come, and checks that it is nothing but awaited replies.
    fn receive(&mut self, sim: &mut Sim) {
        let received = sim.received(self.id);
        if received.is_empty() || self.is_ignored {
            return;
        }
        self.received.extend(received);
        let mut at = 0;
        while at < self.received.len() {
            let decoded = resp::decode(&self.received[at..]).expect("the house speaks RESP");
            let Some((reply, bytes)) = decoded else { break };
            at += bytes;
            let awaited = self.awaited.checked_sub(1);
            self.awaited = awaited.unwrap_or_else(|| panic!("nobody asked for {reply}"));
            self.replies.push_back(reply);
        }
        self.received.drain(..at);
    }
}

/// The house with its clients.
pub(crate) struct House {
    pub(crate) sim: Sim,
    pub(crate) chance: Prng,
    pub(crate) placement: Placement,
    pub(crate) cores: usize,
    lines: Vec<Line>,
}

impl House {
    /// A house without clients.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self::with_facts(plan, Box::new(FixedFacts::default()), Config::default())
    }

    /// A house that is told these facts, and configured so.
    pub(crate) fn with_facts(plan: &Plan, facts: Box<dyn Facts>, config: Config) -> Self {
        let Plan { seed, cores, shards, corridor_capacity, call_limits, pipeline_order } = *plan;
        let mut house = session::House::new("0".repeat(40), BEGIN_UNIX_MS, cores, shards);
        house.runtime = "sim";
        house.facts = facts;
        let config = Config { databases: 8, pipeline_order, ..config };
        let placement = Placement::contiguous(shards, cores);
        let parts = Parts {
            house: Arc::new(house),
            config,
            placement: placement.clone(),
            hasher: KeyHasher::with_seed(seed),
            numbers: Numbers::default(),
            seed,
            call_limits,
        };
        let sim = Sim::new::<Corridor>(seed, cores, corridor_capacity, |end| {
            Box::new(Core::new(&parts, end)) as _
        });
        Self { sim, chance: Prng::new(seed.rotate_left(32)), placement, cores, lines: Vec::new() }
    }

    /// A client that connects to that core.
    pub(crate) fn connect(&mut self, core: usize) -> Guest {
        let id = self.sim.connect(core).expect("the house listens");
        self.lines.push(Line {
            id,
            received: Vec::new(),
            replies: VecDeque::new(),
            awaited: 0,
            is_ignored: false,
        });
        Guest(self.lines.len() - 1)
    }

    /// From now on it does not matter whether and how this client is answered.
    pub(crate) fn ignore(&mut self, guest: Guest) {
        let line = &mut self.lines[guest.0];
        (line.awaited, line.is_ignored) = (0, true);
    }

    /// A client that connects to any core and whose replies do not matter.
    pub(crate) fn connect_ignored(&mut self) -> Guest {
        let guest = self.connect_anywhere();
        self.ignore(guest);
        guest
    }

    /// A client that connects to any core.
    pub(crate) fn connect_anywhere(&mut self) -> Guest {
        let core = self.below(self.cores);
        self.connect(core)
    }

    /// Sends requests; they arrive while the house runs.
    pub(crate) fn send<W: AsRef<[u8]>>(&mut self, guest: Guest, words: &[W]) {
        self.send_unanswered(guest, words);
        let line = &mut self.lines[guest.0];
        line.awaited += usize::from(!line.is_ignored);
    }

    /// Sends a request that must not be answered (CLIENT REPLY OFF, or after QUIT).
    pub(crate) fn send_unanswered<W: AsRef<[u8]>>(&mut self, guest: Guest, words: &[W]) {
        self.sim.send(self.lines[guest.0].id, &testkit::client::request(words));
    }

    /// The client sends no more, and goes on receiving.
    pub(crate) fn finish(&mut self, guest: Guest) {
        self.sim.finish(self.lines[guest.0].id);
    }

    /// The client is gone, and its replies with it.
    pub(crate) fn reset(&mut self, guest: Guest) {
        self.sim.reset(self.lines[guest.0].id);
        self.ignore(guest);
    }

    /// Whether the house has closed the connection.
    pub(crate) fn is_closed(&self, guest: Guest) -> bool {
        self.sim.is_closed(self.lines[guest.0].id)
    }

    /// The client's end of its connection.
    pub(crate) fn line_of(&self, guest: Guest) -> ClientId {
        self.lines[guest.0].id
    }

    /// The ends of all connections that were ever made.
    pub(crate) fn lines(&self) -> Vec<ClientId> {
        self.lines.iter().map(|line| line.id).collect()
    }

    /// Takes a reply if one is there.
    pub(crate) fn take(&mut self, guest: Guest) -> Option<Reply> {
        self.lines[guest.0].receive(&mut self.sim);
        self.lines[guest.0].replies.pop_front()
    }

    /// Requests of the client that have no reply yet.
    pub(crate) fn awaited(&mut self, guest: Guest) -> usize {
        self.lines[guest.0].receive(&mut self.sim);
        self.lines[guest.0].awaited
    }

    /// Lets a few things happen, or nothing.
    pub(crate) fn stroll(&mut self, steps_max: usize) {
        for _ in 0..self.below(steps_max + 1) {
            self.sim.step();
        }
    }

    /// Runs until something is so.
    #[track_caller]
    pub(crate) fn run_until(&mut self, mut is_reached: impl FnMut(&mut Sim) -> bool) {
        let lines = &mut self.lines;
        let reached = |sim: &mut Sim| {
            lines.iter_mut().for_each(|line| line.receive(sim));
            is_reached(sim)
        };
        if let Err(error) = self.sim.run_until(reached, STEPS_MAX) {
            let awaited: Vec<usize> = self.lines.iter().map(|line| line.awaited).collect();
            panic!("{error}; replies awaited by client: {awaited:?}");
        }
    }

    /// Runs until every request of every client is answered.
    #[track_caller]
    pub(crate) fn run_until_answered(&mut self) {
        let lines = &mut self.lines;
        // Only the first client that lacks something is looked at: the others cannot end the wait.
        let mut first = 0;
        let reached = |sim: &mut Sim| {
            while let Some(line) = lines.get_mut(first) {
                line.receive(sim);
                if line.awaited > 0 {
                    return false;
                }
                first += 1;
            }
            true
        };
        if let Err(error) = self.sim.run_until(reached, STEPS_MAX) {
            let awaited: Vec<usize> = self.lines.iter().map(|line| line.awaited).collect();
            panic!("{error}; replies awaited by client: {awaited:?}");
        }
    }

    /// The next reply of a client, which must come.
    #[track_caller]
    pub(crate) fn reply(&mut self, guest: Guest) -> Reply {
        let line = &mut self.lines[guest.0];
        assert!(line.awaited + line.replies.len() > 0, "nothing was asked");
        let outcome = self.sim.run_until(
            |sim| {
                line.receive(sim);
                !line.replies.is_empty()
            },
            STEPS_MAX,
        );
        if let Err(error) = outcome {
            panic!("{error}; {} replies of this client are awaited", line.awaited);
        }
        self.lines[guest.0].replies.pop_front().expect("it has come")
    }

    /// Sends one request and answers its reply; the replies before it must have been taken.
    #[track_caller]
    pub(crate) fn ask<W: AsRef<[u8]>>(&mut self, guest: Guest, words: &[W]) -> Reply {
        self.send(guest, words);
        assert!(self.lines[guest.0].replies.is_empty(), "replies before this one were not taken");
        self.reply(guest)
    }

    /// Lets time pass.
    pub(crate) fn run_for_ms(&mut self, ms: u64) {
        self.sim.run_for(Duration::from_millis(ms));
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.chance.below(bound as u64) as usize
    }

    /// A key on that core: `name` with the first number behind it that leads there.
    pub(crate) fn key_on(&self, core: usize, name: &str) -> String {
        let mut keys = (0..).map(|number| format!("{name}:{number}"));
        let on_core =
            |key: &String| self.placement.core_of(self.placement.shard_of(key.as_bytes())) == core;
        keys.find(on_core).expect("every core has a shard")
    }

    /// Keys on as many different shards as there are, `count` at most.
    pub(crate) fn apart(&self, count: usize, name: &str) -> Vec<String> {
        let mut shards = Vec::new();
        let mut keys = Vec::new();
        for key in (0..).map(|number| format!("{name}:{number}")) {
            let shard = self.placement.shard_of(key.as_bytes());
            if shards.len() == self.placement.shards() {
                shards.clear();
            }
            if !shards.contains(&shard) {
                shards.push(shard);
                keys.push(key);
            }
            if keys.len() == count {
                return keys;
            }
        }
        unreachable!("there are keys enough")
    }
}

/// Runs a test for each of its seeds; for the one in `SHOAL_SEED` alone, or for as many as
/// `SHOAL_SEEDS` says.
pub(crate) fn for_each_seed(seeds: u64, test: impl Fn(u64)) {
    let asked = |name: &str| {
        let value = std::env::var(name).ok()?;
        Some(value.parse::<u64>().unwrap_or_else(|_| panic!("{name} is a number")))
    };
    let all = 0..asked("SHOAL_SEEDS").unwrap_or(seeds);
    for seed in asked("SHOAL_SEED").map_or(all, |seed| seed..seed + 1) {
        let _named = Named(seed);
        test(seed);
    }
}

/// Names the seed of a test that fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was seed {}: SHOAL_SEED={} repeats it", self.0, self.0);
        }
    }
}

/// `+OK`.
pub(crate) fn ok() -> Reply {
    Reply::Simple(b"OK".to_vec())
}

/// A string, or its absence.
pub(crate) fn bulk(text: Option<&[u8]>) -> Reply {
    text.map_or(Reply::NullBulk, |text| Reply::Bulk(text.to_vec()))
}

/// The elements of an array.
#[track_caller]
pub(crate) fn elements(reply: Reply) -> Vec<Reply> {
    match reply {
        Reply::Array(elements) => elements,
        other => panic!("{other} is no array"),
    }
}

/// A number in a reply, whichever way it is written; 0 where there is nothing.
#[track_caller]
pub(crate) fn number(reply: &Reply) -> i64 {
    match reply {
        Reply::Integer(number) => *number,
        Reply::NullBulk => 0,
        other => {
            let text = other.text().unwrap_or_else(|| panic!("{other} is no number"));
            std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).expect("a number")
        }
    }
}
