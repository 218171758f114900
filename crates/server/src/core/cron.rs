//! What happens by time: expiry, idle clients, pauses, samples for INFO, freeing in slices.
//!
//! A core that has nothing of the kind to do has no timer at all, so that an idle server sleeps.

use command::CommandId;
use resp::Args;
use session::{SlowEntry, Standing, shortened};

use super::meter::Run;
use super::{Core, World};

/// How long runs go on after the last traffic, so that the samples of INFO come to rest at zero.
const AFTER_TRAFFIC_NS: u64 = 2_000_000_000;

/// Share of a period that expiry may take, in percent: so much, and more for every step of
/// `active-expire-effort` (Redis' `ACTIVE_EXPIRE_CYCLE_SLOW_TIME_PERC`).
const EXPIRE_PERCENT: u64 = 25;
const EXPIRE_PERCENT_PER_EFFORT: u64 = 2;

/// Expiry goes on within a run while more than this share of what it looks at has expired, in
/// percent; one less for every step of effort (Redis' `ACTIVE_EXPIRE_CYCLE_ACCEPTABLE_STALE`).
const EXPIRE_GOES_ON_PERCENT: u32 = 10;

/// When the core's timers run.
#[derive(Default)]
pub(super) struct Cron {
    /// When the next run is due; none while nothing needs it.
    due_ns: Option<u64>,
    commands_seen: u64,
    /// When traffic was seen last.
    traffic_ns: Option<u64>,
    /// A client's output is past the soft limit, which closes it after some time.
    pub(super) watches_output: bool,
}

impl Cron {
    /// Nanoseconds until the next run.
    pub(super) fn until_next(&self, now_ns: u64) -> Option<u64> {
        self.due_ns.map(|due| due.saturating_sub(now_ns))
    }
}

impl Core {
    /// Runs what is due.
    pub(super) fn run_cron(&mut self, world: &mut World<'_>) {
        for shard in self.shards.iter_mut().flatten() {
            shard.free_slice();
        }
        self.relieve(world);
        let now_ns = self.front.mono_ns;
        match self.cron.due_ns {
            Some(due) if due <= now_ns => {
                self.expire(world);
                self.check_clients(world);
                if self.front.pause.is_some() {
                    self.check_pause();
                }
                self.front.stats.sample(now_ns);
                self.schedule(now_ns);
            }
            Some(_) => {}
            None => self.schedule(now_ns),
        }
    }

    /// Decides whether there is a next run.
    fn schedule(&mut self, now_ns: u64) {
        let commands = self.front.stats.commands_processed;
        if commands != self.cron.commands_seen {
            self.cron.commands_seen = commands;
            self.cron.traffic_ns = Some(now_ns);
        }
        let seen = self.cron.traffic_ns;
        let wanted = seen.is_some_and(|seen| now_ns.saturating_sub(seen) < AFTER_TRAFFIC_NS)
            || self.front.pause.is_some()
            || self.cron.watches_output
            || self
                .shards
                .iter()
                .flatten()
                .any(|shard| shard.active_expire && shard.has_volatile())
            || (self.front.config.timeout > 0 && !self.sessions.is_empty());
        self.cron.due_ns = wanted.then_some(now_ns + self.period_ns());
    }

    /// Time between two runs while something needs them, by `hz`.
    fn period_ns(&self) -> u64 {
        1_000_000_000 / u64::from(self.front.config.hz.max(1))
    }

    /// Lets keys vanish that nobody asks for, within the share of time that is allowed.
    fn expire(&mut self, world: &mut World<'_>) {
        let started_ns = world.clock.mono_ns();
        let effort = self.front.config.active_expire_effort.saturating_sub(1);
        let percent = EXPIRE_PERCENT + u64::from(effort) * EXPIRE_PERCENT_PER_EFFORT;
        let budget_ns = self.period_ns() * percent / 100;
        let goes_on_percent = EXPIRE_GOES_ON_PERCENT.saturating_sub(effort);
        for shard in self.shards.iter_mut().flatten() {
            while shard.has_volatile() {
                let slice = shard.expire_slice();
                if world.clock.mono_ns().saturating_sub(started_ns) > budget_ns {
                    shard.stats.cycle_time_cap_reached += 1;
                    return;
                }
                if !slice.goes_on && slice.expired * 100 <= slice.sampled * goes_on_percent {
                    break;
                }
            }
        }
    }

    /// Closes clients that were silent too long, or that do not take their output.
    fn check_clients(&mut self, world: &mut World<'_>) {
        let now_ms = self.front.now_ms;
        let timeout_ms = i64::from(self.front.config.timeout) * 1000;
        let late: Vec<usize> = self
            .sessions
            .iter()
            .filter(|(_, session)| {
                // Who waits for the server is not silent.
                session.standing == Standing::Running
                    && session.replies.is_settled()
                    && timeout_ms > 0
                    && now_ms - session.client.last_interaction_ms > timeout_ms
            })
            .map(|(key, _)| key)
            .collect();
        for key in late {
            tracing::debug!(client = self.sessions[key].client.id, "closing idle client");
            self.close(key, world);
        }
        let full: Vec<usize> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.soft_limit_since_ms.is_some())
            .map(|(key, _)| key)
            .collect();
        self.cron.watches_output = false;
        for key in full {
            self.check_output(key, world);
        }
    }

    /// Ends the timing of a run of commands of one client.
    pub(super) fn end_run(&mut self, key: usize, args: Option<Args<'_>>, world: &mut World<'_>) {
        if !self.meter.is_running() {
            return;
        }
        let Some(run) = self.meter.end(world.clock.mono_ns()) else { return };
        let client = self.sessions.get(key).map_or(0, |session| session.client.id);
        self.account(run, (key, client), args);
    }

    /// Counts a run of a client's commands (its session's key if it is on this core, its id), and
    /// notes it if it took long.
    pub(super) fn account(&mut self, run: Run, whose: (usize, u64), args: Option<Args<'_>>) {
        let tracked = self.front.config.latency_tracking;
        self.front.stats.ran(run.command, run.calls, run.nanoseconds, tracked);
        let each_us = run.nanoseconds / run.calls / 1000;
        let threshold_us = self.front.config.slowlog_log_slower_than;
        if threshold_us >= 0 && each_us >= threshold_us as u64 {
            self.log_slow(whose, run.command, each_us, args);
        }
        let spike_ms = self.front.config.latency_monitor_threshold;
        if spike_ms > 0 && each_us / 1000 >= spike_ms {
            let is_fast = self.front.table.get(run.command).spec.has(command::flags::FAST);
            let event = if is_fast { "fast-command" } else { "command" };
            self.front.latency.add(event, self.front.now_ms / 1000, each_us / 1000);
        }
    }

    /// Ends the timing of one call of a client of another core.
    pub(super) fn end_call(&mut self, client: u64, args: Args<'_>, world: &mut World<'_>) {
        if let Some(run) = self.meter.end(world.clock.mono_ns()) {
            self.account(run, (usize::MAX, client), Some(args));
        }
    }

    /// Ends the timing of a run of other cores' commands.
    pub(super) fn end_calls(&mut self, world: &mut World<'_>) {
        if self.meter.is_running() {
            self.end_run(usize::MAX, None, world);
        }
    }

    #[cold]
    fn log_slow(
        &mut self,
        (key, client_id): (usize, u64),
        id: CommandId,
        duration_us: u64,
        args: Option<Args<'_>>,
    ) {
        if self.front.table.get(id).spec.has(command::flags::SKIP_SLOWLOG) {
            return;
        }
        let client = self.sessions.get(key).map(|session| &session.client);
        let client = client.filter(|client| client.id == client_id);
        let name: Box<[u8]> = self.front.table.full_name(id).as_bytes().into();
        let entry = SlowEntry {
            id: self.front.house.next_slow_id(),
            at_ms: self.front.now_ms,
            duration_us,
            words: args.map_or_else(|| vec![name], shortened),
            client: client_id,
            peer: client.map_or_else(Box::default, |client| client.peer.clone()),
            name: client.map_or_else(Box::default, |client| client.name.clone()),
        };
        let len_max = usize::try_from(self.front.config.slowlog_max_len).unwrap_or(usize::MAX);
        self.front.slowlog.push(entry, len_max);
    }
}
