//! One core's counters. INFO, LATENCY HISTOGRAM and the others add up those of all cores.

use command::CommandId;
use hdrhistogram::Histogram;
use resp::ReplyError;
use stdx::HashMap;

use crate::rate::Rate;

/// Highest duration that the histograms tell apart, nanoseconds (as Redis: one second).
const HISTOGRAM_NS_MAX: u64 = 1_000_000_000;

/// Error codes that are counted by name; past these everything is counted under one.
const ERROR_CODES_MAX: usize = 128;

/// Commands over several shards that are not over, and what they hold. All zero at rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnderWay {
    /// Commands that wait for their reply.
    pub transactions: u64,
    /// Keys that somebody means to use.
    pub intents: u64,
    /// Places in the queues of shards: transactions, and commands that wait for them.
    pub places: u64,
    /// Shards of which keys are on loan.
    pub loans: u64,
    /// Commands that wait on shards until a key has something, once for each shard.
    pub waiters: u64,
}

impl UnderWay {
    fn add(&mut self, other: Self) {
        self.transactions += other.transactions;
        self.intents += other.intents;
        self.places += other.places;
        self.loans += other.loans;
        self.waiters += other.waiters;
    }
}

/// For how long more than `maxmemory` was used, although everything was done against it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exceeded {
    /// Since when it is so now, nanoseconds.
    since_ns: Option<u64>,
    /// How long it was so before.
    before_ns: u64,
}

impl Exceeded {
    /// Too much is used, or not any more.
    pub fn tell(&mut self, is_exceeded: bool, now_ns: u64) {
        match (is_exceeded, self.since_ns) {
            (true, None) => self.since_ns = Some(now_ns),
            (false, Some(since_ns)) => {
                self.before_ns += now_ns.saturating_sub(since_ns);
                self.since_ns = None;
            }
            _ => {}
        }
    }

    /// Milliseconds that it is so now.
    #[must_use]
    pub fn current_ms(&self, now_ns: u64) -> u64 {
        self.since_ns.map_or(0, |since_ns| now_ns.saturating_sub(since_ns)) / 1_000_000
    }

    /// Milliseconds in all.
    #[must_use]
    pub fn total_ms(&self, now_ns: u64) -> u64 {
        self.before_ns / 1_000_000 + self.current_ms(now_ns)
    }

    /// All cores use one memory: what one of them has seen, the others have not seen elsewhere.
    fn join(&mut self, other: Self) {
        self.since_ns = match (self.since_ns, other.since_ns) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        self.before_ns = self.before_ns.max(other.before_ns);
    }
}

/// One command's counters.
#[derive(Clone, Debug, Default)]
pub struct CommandStats {
    /// Times it ran.
    pub calls: u64,
    /// Time that it took, nanoseconds.
    pub nanoseconds: u64,
    /// Times it was refused before it ran.
    pub rejected: u64,
    /// Times it ran and answered an error.
    pub failed: u64,
    /// Durations; there once it has run while `latency-tracking` was on.
    pub histogram: Option<Box<Histogram<u64>>>,
}

impl CommandStats {
    /// Adds what another core has counted.
    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.nanoseconds += other.nanoseconds;
        self.rejected += other.rejected;
        self.failed += other.failed;
        if let Some(of_core) = other.histogram {
            match &mut self.histogram {
                None => self.histogram = Some(of_core),
                Some(sum) => sum.add(&*of_core).expect("all histograms have the same bounds"),
            }
        }
    }
}

/// One core's counters since the start or CONFIG RESETSTAT.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// By command id.
    pub commands: Vec<CommandStats>,
    /// Error replies by code.
    pub errors: HashMap<Box<str>, u64>,
    /// Error replies of all codes.
    pub error_replies: u64,
    /// Connections accepted.
    pub connections_received: u64,
    /// Connections refused because of `maxclients`.
    pub rejected_connections: u64,
    /// Commands run.
    pub commands_processed: u64,
    /// Bytes received.
    pub input_bytes: u64,
    /// Bytes sent.
    pub output_bytes: u64,
    /// Calls of `recv` that brought something.
    pub reads: u64,
    /// Calls of `send`.
    pub writes: u64,
    /// Connections closed because of the query buffer limit.
    pub query_buffer_limit_disconnections: u64,
    /// Connections closed because of the output buffer limits.
    pub output_buffer_limit_disconnections: u64,
    /// Largest query buffer seen, bytes.
    pub recent_max_input_buffer: u64,
    /// Largest output seen, bytes.
    pub recent_max_output_buffer: u64,
    /// Requests that went to another core.
    pub hops: u64,
    /// Commands over several shards.
    pub transactions: u64,
    /// What of them is not over; looked up when somebody asks.
    pub under_way: UnderWay,
    /// Of these, EXECs that needed all shards at once.
    pub house_transactions: u64,
    /// Pipelines, or parts of them, whose writes were seen at one moment (`pipeline-order`).
    pub trains: u64,
    /// Of these, those that somebody was in the way of, so that they became transactions.
    pub trains_met: u64,
    /// Connections that moved to another core.
    pub migrations: u64,
    /// AUTH and HELLO AUTH that were refused.
    pub auth_failures: u64,
    /// Time beyond `maxmemory`.
    pub exceeded: Exceeded,
    /// Commands per second.
    pub command_rate: Rate,
    /// Bytes received per second.
    pub input_rate: Rate,
    /// Bytes sent per second.
    pub output_rate: Rate,
}

impl Stats {
    /// Zeroes for so many commands.
    #[must_use]
    pub fn new(commands: usize) -> Self {
        Self { commands: vec![CommandStats::default(); commands], ..Self::default() }
    }

    /// Counts `calls` runs of a command that took `nanoseconds` together.
    #[inline]
    pub fn ran(&mut self, id: CommandId, calls: u64, nanoseconds: u64, tracked: bool) {
        let stats = &mut self.commands[id.index()];
        stats.calls += calls;
        stats.nanoseconds += nanoseconds;
        self.commands_processed += calls;
        if tracked {
            let each = (nanoseconds / calls).clamp(1, HISTOGRAM_NS_MAX);
            let histogram = stats.histogram.get_or_insert_with(|| {
                let made = Histogram::new_with_bounds(1, HISTOGRAM_NS_MAX, 2);
                Box::new(made.expect("the bounds are constants that fit"))
            });
            histogram.saturating_record_n(each, calls);
        }
    }

    /// A copy without the histograms, which make up almost all of it.
    #[must_use]
    pub fn without_histograms(&self) -> Self {
        let plain = |stats: &CommandStats| CommandStats { histogram: None, ..*stats };
        Self {
            commands: self.commands.iter().map(plain).collect(),
            errors: self.errors.clone(),
            ..*self
        }
    }

    /// Adds what another core has counted.
    pub fn add(&mut self, other: Self) {
        for (sum, of_core) in self.commands.iter_mut().zip(other.commands) {
            sum.add(of_core);
        }
        for (code, count) in other.errors {
            *self.errors.entry(code).or_default() += count;
        }
        self.error_replies += other.error_replies;
        self.connections_received += other.connections_received;
        self.rejected_connections += other.rejected_connections;
        self.commands_processed += other.commands_processed;
        self.input_bytes += other.input_bytes;
        self.output_bytes += other.output_bytes;
        self.reads += other.reads;
        self.writes += other.writes;
        self.query_buffer_limit_disconnections += other.query_buffer_limit_disconnections;
        self.output_buffer_limit_disconnections += other.output_buffer_limit_disconnections;
        self.recent_max_input_buffer =
            self.recent_max_input_buffer.max(other.recent_max_input_buffer);
        self.recent_max_output_buffer =
            self.recent_max_output_buffer.max(other.recent_max_output_buffer);
        self.hops += other.hops;
        self.transactions += other.transactions;
        self.under_way.add(other.under_way);
        self.house_transactions += other.house_transactions;
        self.trains += other.trains;
        self.trains_met += other.trains_met;
        self.migrations += other.migrations;
        self.auth_failures += other.auth_failures;
        self.exceeded.join(other.exceeded);
        self.command_rate.add(&other.command_rate);
        self.input_rate.add(&other.input_rate);
        self.output_rate.add(&other.output_rate);
    }

    /// Takes a sample of the rates; ten a second are expected.
    pub fn sample(&mut self, now_ns: u64) {
        self.command_rate.sample(now_ns, self.commands_processed);
        self.input_rate.sample(now_ns, self.input_bytes);
        self.output_rate.sample(now_ns, self.output_bytes);
    }

    /// Counts a command that ran and answered an error.
    #[cold]
    pub fn failed(&mut self, id: CommandId, error: &ReplyError) {
        self.commands[id.index()].failed += 1;
        self.error(&String::from_utf8_lossy(error.code()));
    }

    /// Counts an error reply.
    #[cold]
    pub fn error(&mut self, code: &str) {
        self.error_replies += 1;
        if let Some(count) = self.errors.get_mut(code) {
            *count += 1;
        } else if self.errors.len() < ERROR_CODES_MAX {
            self.errors.insert(code.into(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exceeded;

    const MS: u64 = 1_000_000;

    #[test]
    fn time_beyond_the_limit_is_one_for_all_cores() {
        let (mut one, mut other) = (Exceeded::default(), Exceeded::default());
        one.tell(true, 10 * MS);
        one.tell(true, 20 * MS);
        other.tell(true, 15 * MS);
        assert_eq!((one.current_ms(30 * MS), one.total_ms(30 * MS)), (20, 20));
        one.tell(false, 40 * MS);
        one.tell(false, 50 * MS);
        assert_eq!((one.current_ms(60 * MS), one.total_ms(60 * MS)), (0, 30));
        one.join(other);
        assert_eq!((one.current_ms(60 * MS), one.total_ms(60 * MS)), (45, 75));
    }
}
