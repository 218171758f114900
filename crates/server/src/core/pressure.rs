//! `maxmemory`: whether there is room for a command, and making room.
//!
//! Memory is one for all cores; what is evicted belongs to one of them.
//!
//! **Steps** while more is used than `maxmemory`
//! 1. Before a command that may need memory, and at the end of every turn, a core frees what waits
//!    to be freed here, then evicts: until there is room, or its time is up.
//! 2. It leaves that to another core, which it wakes, if that one has a better key to do without;
//!    so the worst keys of the house go, wherever new ones are written. Beyond a slack every core
//!    takes part.
//! 3. A command is refused only if no core has anything to free, or nothing is left here and more
//!    than twice the limit is used.
//!
//! **Invariants**
//! - The limit is looked at as a bound of this thread's own count, from which what the others
//!   used at the last look is subtracted already: one comparison a command. A turn begins with a
//!   new look.
//! - Without `maxmemory` nothing of this happens.
//! - A shard that stands still for somebody's EXEC is left alone: what that EXEC was told of
//!   watched keys stays true.

use commands::errors::OUT_OF_MEMORY;
use config::Config;
use keyspace::{Eviction, EvictionPool, EvictionRules, Shard, evict_one, refill};
use resp::ReplyError;
use session::{Facts, House};
use txn::Message;

use super::{Core, World};
use crate::mailbox::Post;

/// Keys that are evicted between two looks at memory and clock.
const KEYS_PER_LOOK: usize = 16;

/// How much may be used beyond the limit while another core is to free it: a part of the limit,
/// and never more than so many bytes.
const SLACK_PART: i64 = 128;
const SLACK_BYTES_MAX: i64 = 1 << 20;

/// A core that has something to free but has not looked at its keys yet.
const READY_FOR_ANYTHING: u64 = u64::MAX;

/// One core's part in keeping the limit.
#[derive(Default)]
pub(super) struct Pressure {
    /// `maxmemory`; none if there is no limit.
    limit: Option<i64>,
    /// The own count above which too much is used, as of the last look.
    full_above: i64,
    pool: EvictionPool,
    /// How long making room may take, nanoseconds.
    budget_ns: u64,
    /// There is more to free here.
    has_more: bool,
}

/// The limit as it is compared command by command.
#[derive(Clone, Copy)]
pub(super) struct Brim<'a> {
    facts: &'a dyn Facts,
    core: usize,
    full_above: i64,
}

impl Brim<'_> {
    /// Whether too much is used.
    #[inline]
    pub(super) fn is_reached(&self) -> bool {
        self.facts.allocated_here(self.core) > self.full_above
    }
}

impl Pressure {
    /// Whether there is a limit.
    #[inline]
    pub(super) fn is_limited(&self) -> bool {
        self.limit.is_some()
    }

    /// The limit as those see it who compare it command by command; none without one.
    #[inline]
    pub(super) fn brim<'a>(&self, house: &'a House, core: usize) -> Option<Brim<'a>> {
        let full_above = self.full_above;
        self.limit.map(|_| Brim { facts: house.facts.as_ref(), core, full_above })
    }

    /// Whether room is being made, so that the core must not sleep.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// Learns the configuration.
    pub(super) fn configure(&mut self, config: &Config) {
        let limit = i64::try_from(config.maxmemory).unwrap_or(i64::MAX);
        self.limit = (limit > 0).then_some(limit);
        self.budget_ns = budget_ns(config.maxmemory_eviction_tenacity);
        // Ranks of another policy mean something else.
        self.pool.clear();
    }

    /// Looks at how much all threads use. Answers by how much it is too much.
    fn look(&mut self, facts: &dyn Facts, core: usize) -> i64 {
        let Some(limit) = self.limit else { return 0 };
        let (all, own) = (facts.allocated(core), facts.allocated_here(core));
        self.full_above = limit.saturating_sub(all.saturating_sub(own));
        all.saturating_sub(limit)
    }

    /// How much too much may be used when nothing can be freed here, so that all must come from
    /// others: nobody believes that they can give up more than there may be.
    fn hope(&self) -> i64 {
        self.limit.unwrap_or(0)
    }

    /// How much too much may be used while another core is to free it.
    fn slack(&self) -> i64 {
        self.limit.map_or(0, |limit| (limit / SLACK_PART).min(SLACK_BYTES_MAX))
    }
}

/// REDIS: half a millisecond at 10; less in proportion below it, and above it fifteen percent more
/// for every step.
fn budget_ns(tenacity: u32) -> u64 {
    match tenacity {
        0..=10 => 50_000 * u64::from(tenacity),
        11..=99 => (500_000.0 * 1.15_f64.powi(tenacity.cast_signed() - 10)) as u64,
        _ => u64::MAX,
    }
}

/// What came of freeing.
enum Freed {
    /// There is room now.
    Enough,
    /// The time is up, and there is more to free.
    Some,
    /// There is nothing to free here.
    Nothing,
}

impl Core {
    /// A turn begins: what do the others use, and what can be given up here?
    pub(super) fn weigh_turn(&mut self) {
        if self.pressure.is_limited() {
            self.front.house.spare[self.id].answer();
            self.look();
            self.tell_readiness();
        }
    }

    /// Before a request: is there memory for what needs some?
    #[inline]
    pub(super) fn weigh(&mut self, world: &World<'_>) {
        if self.pressure.is_limited() {
            self.front.is_out_of_memory = !self.has_room(world);
        }
    }

    /// Whether a command that may need memory may run; makes room first, if need be.
    pub(super) fn has_room(&mut self, world: &World<'_>) -> bool {
        let brim = self.pressure.brim(&self.front.house, self.id);
        let is_full = brim.is_some_and(|brim| brim.is_reached());
        !is_full || self.make_room(world)
    }

    /// The veto of a shard of this core against what it is asked to take part in.
    pub(super) fn veto(&mut self, message: &Message, world: &World<'_>) -> Option<ReplyError> {
        let is_asked = self.pressure.is_limited() && message.needs_room();
        (is_asked && !self.has_room(world)).then_some(OUT_OF_MEMORY)
    }

    /// The end of a turn: goes on making room.
    pub(super) fn relieve(&mut self, world: &World<'_>) {
        self.pressure.has_more = false;
        if self.pressure.is_limited() {
            let has_room = self.has_room(world);
            self.front.is_out_of_memory &= !has_room;
            self.tell_readiness();
        }
    }

    /// A new limit, or none.
    pub(super) fn configure_pressure(&mut self) {
        let limit = self.pressure.limit;
        self.pressure.configure(&self.front.config);
        self.front.is_out_of_memory = false;
        self.front.house.spare[self.id].tell(0);
        self.front.house.spare[self.id].answer();
        self.weigh_turn();
        // One core speaks for all.
        if self.id == 0 && limit != self.pressure.limit && self.look() > 0 {
            let used = self.front.house.facts.allocated(self.id);
            tracing::warn!(
                "WARNING: the new maxmemory value set via CONFIG SET ({}) is smaller than the \
                 current memory usage ({used}). This will result in key eviction and/or the \
                 inability to accept new write commands depending on the maxmemory-policy.",
                self.front.config.maxmemory
            );
        }
    }

    fn look(&mut self) -> i64 {
        self.pressure.look(self.front.house.facts.as_ref(), self.id)
    }

    /// Tells the other cores what could be freed here.
    fn tell_readiness(&self) {
        self.front.house.spare[self.id].tell(self.readiness());
    }

    fn readiness(&self) -> u64 {
        let mut shards = self.shards.iter().flatten();
        if self.shards.iter().flatten().any(Shard::has_garbage) {
            READY_FOR_ANYTHING
        } else if shards.any(Shard::has_evictable) {
            self.pressure.pool.best_rank().map_or(READY_FOR_ANYTHING, |rank| rank.saturating_add(1))
        } else {
            0
        }
    }

    /// The other core that is most ready to free something; none if no other is.
    fn readiest_other(&self) -> Option<(usize, u64)> {
        let spare = self.front.house.spare.iter().map(session::Spare::readiness).enumerate();
        let others = spare.filter(|(core, readiness)| *core != self.id && *readiness > 0);
        others.max_by_key(|(_, readiness)| *readiness)
    }

    /// Makes room as far as time and keys permit; false if nothing can be freed anywhere.
    #[cold]
    fn make_room(&mut self, world: &World<'_>) -> bool {
        let excess = self.look();
        let has_room = excess <= 0 || self.free_here_or_elsewhere(excess, world);
        // What another core is about to free is no failure yet.
        let is_exceeded = !has_room || excess > 0 && self.look() > self.pressure.slack();
        self.front.stats.exceeded.tell(is_exceeded, self.front.mono_ns);
        has_room
    }

    fn free_here_or_elsewhere(&mut self, excess: i64, world: &World<'_>) -> bool {
        let other = self.readiest_other();
        if let Some((core, readiness)) = other
            && excess <= self.pressure.slack()
            && readiness > self.own_readiness()
        {
            self.wake_to_make_room(core);
            return true;
        }
        match self.free_until_room(world) {
            Freed::Enough => true,
            Freed::Some => {
                self.pressure.has_more = true;
                true
            }
            Freed::Nothing => {
                let Some((core, _)) = other else { return false };
                self.wake_to_make_room(core);
                excess <= self.pressure.hope()
            }
        }
    }

    /// How ready this core is, after a look at some of its keys if it has had none.
    fn own_readiness(&mut self) -> u64 {
        if self.pressure.pool.best_rank().is_none() {
            let Self { shards, queues, pressure, prng, front, .. } = self;
            let may_use = |shard: usize| !queues[shard].stands_still();
            refill(shards, may_use, &mut pressure.pool, rules(&front.config), prng);
        }
        self.readiness()
    }

    /// Frees until there is room or the time is up. The first command of a turn has the whole time
    /// that is allowed, those after it the time for a few keys: so a turn does not take for ever,
    /// and memory shrinks all the same.
    fn free_until_room(&mut self, world: &World<'_>) -> Freed {
        let began_ns = world.clock.mono_ns();
        let budget_ns = if self.pressure.has_more { 0 } else { self.pressure.budget_ns };
        let mut keys = 0;
        loop {
            let has_found = match self.free_one() {
                Eviction::Evicted => true,
                Eviction::NotFound => false,
                Eviction::Impossible => return Freed::Nothing,
            };
            keys += usize::from(has_found);
            let is_time_to_look = !has_found || keys.is_multiple_of(KEYS_PER_LOOK);
            let brim = self.pressure.brim(&self.front.house, self.id);
            if is_time_to_look || brim.is_some_and(|brim| !brim.is_reached()) {
                if self.look() <= 0 {
                    return Freed::Enough;
                }
                let spent_ns = world.clock.mono_ns().saturating_sub(began_ns);
                if is_time_to_look && spent_ns >= budget_ns {
                    return Freed::Some;
                }
            }
        }
    }

    /// Frees a slice of what waits to be freed, or evicts a key.
    fn free_one(&mut self) -> Eviction {
        let Self { shards, queues, pressure, prng, front, .. } = self;
        if let Some(shard) = shards.iter_mut().flatten().find(|shard| shard.has_garbage()) {
            shard.free_slice();
            return Eviction::Evicted;
        }
        let may_use = |shard: usize| !queues[shard].stands_still();
        evict_one(shards, may_use, &mut pressure.pool, rules(&front.config), prng)
    }

    fn wake_to_make_room(&mut self, core: usize) {
        // Once, until it has had a turn: it may be long in coming where CPUs are few.
        if self.front.house.spare[core].call() {
            self.post(core, Post::MakeRoom);
        }
    }
}

fn rules(config: &Config) -> EvictionRules {
    EvictionRules {
        samples: config.maxmemory_samples as usize,
        is_lazy: config.lazyfree_lazy_eviction,
    }
}

#[cfg(test)]
mod tests {
    use super::budget_ns;

    #[test]
    fn tenacity_is_time() {
        assert_eq!(budget_ns(0), 0);
        assert_eq!(budget_ns(10), 500_000);
        assert_eq!(budget_ns(11), 575_000);
        // REDIS: "up to about two minutes" at 99.
        assert!((120_000_000_000..150_000_000_000).contains(&budget_ns(99)));
        assert_eq!(budget_ns(100), u64::MAX);
    }
}
