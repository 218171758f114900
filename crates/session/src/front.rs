//! A core's front: everything of it that is about clients and the server rather than about keys.

use std::sync::Arc;

use config::Config;
use keyspace::Sighting;
use resp::ReplyWriter;

use crate::{House, LatencyMonitor, Pause, Slowlog, Stats, Table};

/// Something that a session command wants done by those who can reach sockets, cores and time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Sessions were marked `close_now`: sweep them.
    CloseMarked,
    /// The configuration changed: shards, sockets and timers must learn it.
    Reconfigured,
    /// The pause was set, changed or lifted.
    PauseChanged,
    /// This core stands still so long (DEBUG SLEEP), microseconds.
    Sleep(u64),
    /// This session of the core shall wait no longer (CLIENT UNBLOCK), by its key.
    Unblock { key: usize, as_error: bool },
    /// All cores stop (SHUTDOWN).
    Stop,
}

/// What a session command that has to wait asks for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The last moment, milliseconds since 1970; none is for ever.
    pub until_ms: Option<i64>,
    /// What it answers then.
    pub answer: fn(&mut ReplyWriter<'_>),
}

/// One core's front.
pub struct Front {
    /// Which core this is.
    pub core: usize,
    /// The process.
    pub house: Arc<House>,
    /// Every command.
    pub table: &'static Table,
    /// This core's copy of the configuration; CONFIG SET changes all copies in the same order.
    pub config: Config,
    /// Counters.
    pub stats: Stats,
    /// SLOWLOG.
    pub slowlog: Slowlog,
    /// LATENCY.
    pub latency: LatencyMonitor,
    /// CLIENT PAUSE.
    pub pause: Option<Pause>,
    /// More than `maxmemory` is used, and nothing can be evicted.
    pub is_out_of_memory: bool,
    /// This turn's wall time, milliseconds since 1970.
    pub now_ms: i64,
    /// Microseconds of this turn's wall time past `now_ms`, 0 to 999.
    pub now_us_rest: u16,
    /// This turn's monotonic time, nanoseconds.
    pub mono_ns: u64,
    /// What session commands of this turn want done.
    pub effects: Vec<Effect>,
    /// Keys that clients watch no more: their shards must learn it.
    pub forgotten: Vec<Sighting>,
    /// The session command that has just run waits, and is not answered yet.
    pub patience: Option<Patience>,
}

impl Front {
    /// The front of a core that has not begun.
    #[must_use]
    pub fn new(core: usize, house: Arc<House>, table: &'static Table, config: Config) -> Self {
        Self {
            core,
            house,
            table,
            stats: Stats::new(table.len()),
            slowlog: Slowlog::default(),
            latency: LatencyMonitor::default(),
            pause: None,
            is_out_of_memory: false,
            now_ms: 0,
            now_us_rest: 0,
            mono_ns: 0,
            effects: Vec::new(),
            forgotten: Vec::new(),
            patience: None,
            config,
        }
    }

    /// This turn's wall time, microseconds since 1970.
    #[must_use]
    pub fn now_us(&self) -> i64 {
        self.now_ms * 1000 + i64::from(self.now_us_rest)
    }
}
