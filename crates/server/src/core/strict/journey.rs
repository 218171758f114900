//! A train's journey: there and back, or as a transaction where somebody is in its way.
//!
//! ```text
//!   client's core: keeps its own wagons  -- Leg -->  the other core: serves the others
//!                  serves its own        <-- LegBack --
//! ```

use std::sync::Arc;

use keyspace::Author;
use resp::Argv;
use session::Standing;
use smallvec::SmallVec;
use txn::{Kind, Order, ShardId, Wagon};

use super::{Leg, Train};
use crate::core::desk::Asked;
use crate::core::{Core, World};
use crate::mailbox::Post;

/// Where the core stands in the name that stands for a client that has gone.
const CORE_BITS: u32 = 44;

impl Core {
    /// A train goes.
    pub(super) fn depart(&mut self, mut train: Box<Train>, world: &mut World<'_>) {
        self.front.stats.trains += 1;
        let latest = self.strict.numbers.latest();
        let at_home = train.wagons.iter().flatten().filter(|it| self.is_home(it.shard));
        let floor = self.common_floor(at_home.map(|it| &**it), latest);
        let mut others = train.shards.iter().map(|shard| self.placement.core_of(*shard));
        let other = others.find(|core| *core != self.id);
        let is_far = others.any(|core| core != self.id && Some(core) != other);
        let Some(floor) = floor.filter(|_| !is_far) else {
            return self.begin_train(train);
        };
        let Some(other) = other else {
            return self.run_at_home(train, floor, world);
        };
        let mut leg =
            Leg { train: 0, latest, position: floor, has_run: false, wagons: SmallVec::new() };
        for place in 0..train.shards.len() {
            let shard = train.shards[place];
            let wagon = train.wagons[place].take().expect("it has not left");
            if self.is_home(shard) {
                self.queues[shard.index()].keep_wagon(train.txn, latest, wagon);
            } else {
                leg.wagons.push(wagon);
            }
        }
        self.sessions[train.key].standing = Standing::Waiting;
        leg.train = self.strict.away.insert(train);
        self.post(other, Post::Leg(Box::new(leg)));
    }

    fn is_home(&self, shard: ShardId) -> bool {
        self.placement.core_of(shard) == self.id
    }

    /// The highest floor of these wagons' shards, if nobody is in the way of any.
    fn common_floor<'a>(
        &self,
        mut wagons: impl Iterator<Item = &'a Wagon>,
        latest: u64,
    ) -> Option<u64> {
        wagons.try_fold(0, |highest, wagon| {
            let floor = self.queues[wagon.shard.index()].lets_pass(&wagon.claim, latest)?;
            Some(highest.max(floor))
        })
    }

    /// Nobody else takes part, and nobody is in the way: it is one step.
    fn run_at_home(&mut self, mut train: Box<Train>, floor: u64, world: &mut World<'_>) {
        for wagon in train.wagons.iter_mut().flatten() {
            self.queues[wagon.shard.index()].pass(floor);
            self.serve_wagon(wagon, world);
        }
        self.arrive(train, world);
    }

    /// Another core's wagons have come.
    pub(in crate::core) fn take_leg(
        &mut self,
        from: usize,
        mut leg: Box<Leg>,
        world: &mut World<'_>,
    ) {
        if let Some(floor) = self.common_floor(leg.wagons.iter().map(|it| &**it), leg.latest) {
            leg.position = leg.position.max(floor);
            for wagon in &mut leg.wagons {
                self.queues[wagon.shard.index()].pass(leg.position);
                self.serve_wagon(wagon, world);
            }
            leg.has_run = true;
        }
        self.post(from, Post::LegBack(leg));
    }

    /// Wagons of this core's train are back.
    pub(in crate::core) fn take_leg_back(&mut self, leg: Leg, world: &mut World<'_>) {
        let Leg { train, position, has_run, wagons, .. } = leg;
        let mut train = self.strict.away.remove(train);
        train.couple(wagons);
        let mut homes: SmallVec<[ShardId; 8]> = SmallVec::new();
        for place in 0..train.shards.len() {
            let shard = train.shards[place];
            if !self.is_home(shard) {
                continue;
            }
            homes.push(shard);
            let mut wagon = self.queues[shard.index()].release_wagon(train.txn);
            if has_run {
                self.queues[shard.index()].pass(position);
                self.serve_wagon(&mut wagon, world);
            }
            train.wagons[place] = Some(wagon);
        }
        if has_run {
            self.arrive(train, world);
        } else {
            self.begin_train(train);
        }
        for shard in homes {
            self.run_queue(shard, world);
        }
    }

    /// Somebody is in the way, or several other cores take part: it gets a number.
    fn begin_train(&mut self, mut train: Box<Train>) {
        self.front.stats.trains_met += 1;
        let (mut after, mut caller) = (None, train.caller);
        if self.is_there(&train) {
            self.sessions[train.key].standing = Standing::Waiting;
            after = *self.desk.latest(train.key);
        } else {
            // Its client has gone and nothing tells what it follows, so it must not be moved along
            // with what that client has begun before: it stands for nobody else.
            caller.author = Author(train.txn.number | u64::from(train.txn.core) << CORE_BITS);
        }
        let first = train.wagons.iter().flatten().next().expect("there is a wagon").steps[0];
        let spec = &self.front.table.get(first.command).spec;
        let wagons: Vec<Box<Wagon>> = train.wagons.iter_mut().filter_map(Option::take).collect();
        let kind = Kind::Train { wagons, shards: train.shards.clone() };
        let words = Arc::new(Argv::new());
        let order = Order { spec, words, caller, kind, needs_room: false, after };
        // All its errands go as messages.
        let txn = self.desk.coordinator.begin(order, &mut Err);
        if self.is_there(&train) {
            *self.desk.latest(train.key) = Some(txn);
        }
        self.desk.asked.insert(txn.number, Asked::Train(train));
        self.front.stats.transactions += 1;
        // Its errands leave with whatever else the coordinator has to say (`settle`): the session
        // waits, so nothing of it can overtake them.
    }
}
