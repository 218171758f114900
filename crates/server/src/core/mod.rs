//! One core: its clients, its shards, its end of the corridors, and the turn that serves them all.
//!
//! **Steps** of a turn
//! 1. Mail from other cores: their calls are run, their answers go to the sessions that wait.
//! 2. Sockets: each readable one is read once, and what it brought is parsed and run.
//! 3. Timers: expiry, timeouts, pauses; a slice of what is to be freed.
//! 4. Envelopes leave, then replies, one write per connection. Cores that sleep are woken a little
//!    later (`bell.rs`).
//!
//! The core is synchronous and knows its world by [`Net`], [`Clock`] and [`MeshEnd`]: it is the
//! same on glommio, on the bare epoll loop and in the simulator.

mod bell;
mod blocked;
mod calls;
mod connections;
mod cron;
mod desk;
mod direct;
mod dispatch;
mod everywhere;
mod execute;
mod input;
mod mail;
mod meter;
mod multi;
mod output;
mod pressure;
mod strict;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use config::Config;
use keyspace::{KeyHasher, Shard, UnixMillis};
use resp::Batch;
use runtime::{Clock, ConnId, CoreTask, MeshEnd, Net, NetEvent, Next};
use session::{Front, House, ReplyRun, Sessions};
use slab::Slab;
use stdx::prng::Prng;
use txn::{Coordinator, Numbers, Placement, ShardQueue};

use crate::mailbox::{CallLimits, Corridor, Credit, Envelope};
use bell::Bell;
use blocked::Waiting;
use calls::{Deferred, Unfinished};
use cron::Cron;
use desk::Desk;
use everywhere::Everywhere;
use meter::Meter;
pub(crate) use multi::house::Guest;
use pressure::Pressure;
pub(crate) use strict::Leg;

/// Bytes of the buffer into which sockets are read.
const READ_BYTES: usize = 64 * 1024;

/// What a turn may use of the world.
pub(crate) struct World<'a> {
    /// The core's sockets.
    pub net: &'a mut dyn Net,
    /// Time.
    pub clock: &'a dyn Clock,
}

/// One core.
pub struct Core {
    id: usize,
    front: Front,
    sessions: Sessions,
    /// By session key.
    conns: Vec<ConnId>,
    /// By connection: the session's key.
    session_of: Vec<Option<usize>>,
    placement: Placement,
    hasher: KeyHasher,
    /// By shard; only those of this core are there.
    shards: Vec<Option<Shard>>,
    /// By shard: what waits for its turn there. Those of other cores' shards stay idle.
    queues: Vec<ShardQueue<Deferred>>,
    desk: Desk,
    /// Clients whose command may wait for something to happen.
    waiting: Waiting,
    everywhere: Everywhere,
    strict: strict::Strict,
    /// The EXEC of this core that has all shards, if there is one.
    house: Option<multi::house::HouseRun>,
    mesh: MeshEnd<Corridor>,
    /// By core: what leaves at the end of the turn.
    #[expect(clippy::vec_box, reason = "envelopes travel as boxes")]
    outbox: Vec<Box<Envelope>>,
    credits: Vec<Credit>,
    /// Envelopes that have arrived and were emptied.
    #[expect(clippy::vec_box, reason = "envelopes travel as boxes")]
    spare: Vec<Box<Envelope>>,
    /// Sessions with output.
    flush: Vec<usize>,
    /// Sessions that may go on.
    resume: Vec<usize>,
    /// Sessions without credit.
    stalled: Vec<usize>,
    /// Sessions held by CLIENT PAUSE.
    paused: Vec<usize>,
    /// Sessions that should move.
    movers: Vec<connections::Mover>,
    read_buffer: Vec<u8>,
    batch: Batch,
    plans: Vec<dispatch::Plan>,
    /// Where the requests run that are being dealt to the cores.
    runs: Vec<ReplyRun>,
    /// Blocks of calls that are answered later.
    unfinished: Slab<Unfinished>,
    /// By command.
    quick: Vec<direct::Quick>,
    meter: Meter,
    cron: Cron,
    pressure: Pressure,
    prng: Prng,
    bell: Bell,
}

/// What a core is made of.
pub struct Parts {
    /// The process.
    pub house: Arc<House>,
    /// The configuration at the start.
    pub config: Config,
    /// Where keys live.
    pub placement: Placement,
    /// Hashes keys, alike on all cores.
    pub hasher: KeyHasher,
    /// Numbers of transactions, for all cores.
    pub numbers: Numbers,
    /// Seeds the shards' generators of chance.
    pub seed: u64,
    /// How much the cores may have asked of each other.
    pub call_limits: CallLimits,
}

impl Core {
    /// A core at its end of the corridors, without clients and with empty shards.
    #[must_use]
    pub fn new(parts: &Parts, mesh: MeshEnd<Corridor>) -> Self {
        let Parts { house, config, placement, hasher, numbers, seed, call_limits } = parts;
        let id = mesh.core();
        let mut shards: Vec<Option<Shard>> = (0..placement.shards()).map(|_| None).collect();
        for shard in placement.shards_of(id) {
            let seed = seed.wrapping_add(shard.index() as u64);
            let databases = config.databases as usize;
            shards[shard.index()] = Some(Shard::new(databases, hasher.clone(), seed));
        }
        let cores = mesh.cores();
        let mut core = Self {
            id,
            front: Front::new(id, Arc::clone(house), session::table(), config.clone()),
            sessions: Sessions::new(),
            conns: Vec::new(),
            session_of: Vec::new(),
            placement: placement.clone(),
            hasher: hasher.clone(),
            queues: (0..shards.len()).map(|_| ShardQueue::new(numbers.clone())).collect(),
            shards,
            desk: Desk::new(
                Coordinator::new(id as u16, placement.clone(), hasher.clone(), numbers.clone()),
                *call_limits,
            ),
            waiting: Waiting::default(),
            everywhere: Everywhere::default(),
            strict: strict::Strict::new(id as u16, numbers.clone()),
            house: None,
            mesh,
            outbox: (0..cores).map(|_| Box::default()).collect(),
            credits: vec![Credit::new(*call_limits); cores],
            spare: Vec::new(),
            flush: Vec::new(),
            resume: Vec::new(),
            stalled: Vec::new(),
            paused: Vec::new(),
            movers: Vec::new(),
            read_buffer: Vec::with_capacity(READ_BYTES),
            batch: Batch::new(),
            plans: Vec::new(),
            runs: Vec::new(),
            unfinished: Slab::new(),
            quick: direct::Quick::table(session::table()),
            meter: Meter::default(),
            cron: Cron::default(),
            pressure: Pressure::default(),
            prng: Prng::new(seed.rotate_left(17).wrapping_add(id as u64)),
            bell: Bell::default(),
        };
        core.apply_config();
        core
    }

    fn begin_turn(&mut self, clock: &dyn Clock) {
        let now = clock.now();
        self.front.now_ms = now.unix_ms;
        self.front.now_us_rest = now.us_rest;
        self.front.mono_ns = now.mono_ns;
        self.meter.begin(now.mono_ns);
        for shard in self.shards.iter_mut().flatten() {
            shard.set_now(UnixMillis(now.unix_ms));
        }
        self.weigh_turn();
    }

    fn on_event(&mut self, event: NetEvent, world: &mut World<'_>) {
        match event {
            NetEvent::Accepted(conn) => self.accepted(conn, world),
            NetEvent::Readable(conn) | NetEvent::Hangup(conn) => self.readable(conn, world),
            NetEvent::Writable(conn) => self.writable(conn, world),
            NetEvent::Woken => {}
        }
    }

    /// Lets sessions go on whose wait has ended, until none is left.
    fn resume_all(&mut self, world: &mut World<'_>) {
        self.settle(world);
        while let Some(key) = self.resume.pop() {
            self.go_on(key, world);
            self.settle(world);
        }
    }

    fn next(&mut self) -> Next {
        if self.front.house.stopping.load(Ordering::Acquire) {
            return Next::Stop;
        }
        let garbage = self.shards.iter().flatten().any(Shard::has_garbage);
        let mail_waits = self.outbox.iter().any(|envelope| !envelope.is_empty());
        if garbage || mail_waits || self.pressure.has_more() || !self.resume.is_empty() {
            return Next::Busy;
        }
        if self.mesh.owes_ring() {
            return Next::Busy;
        }
        let timers =
            [self.cron.until_next(self.front.mono_ns), self.waiting.until_next(&self.front)];
        Next::Idle(timers.into_iter().flatten().min().map(Duration::from_nanos))
    }
}

impl CoreTask for Core {
    fn turn(&mut self, net: &mut dyn Net, events: &[NetEvent], clock: &dyn Clock) -> Next {
        let world = &mut World { net, clock };
        self.begin_turn(clock);
        self.bell.turn(events.len(), &mut self.mesh);
        self.receive_mail(world);
        // Who waited for mail goes on before anything newer of the same client is read.
        self.resume_all(world);
        for event in events {
            self.on_event(*event, world);
        }
        self.resume_all(world);
        self.run_cron(world);
        self.end_waits(world);
        self.apply_effects(world);
        self.send_mail();
        self.flush_all(world);
        self.next()
    }

    fn prepare_park(&mut self) -> bool {
        self.mesh.prepare_park()
    }

    fn unpark(&mut self) {
        self.mesh.unpark();
    }
}
