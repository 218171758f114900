//! Facts of the whole process that every core may read: set before the cores start, or atomic.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::{ConfigFile, Facts, FixedFacts};

/// How readily a core could free memory, and whether it shall: 0 if it cannot, otherwise the rank
/// of its best candidate for eviction and one more. On a cache line of its own; written by its
/// core, read by all while `maxmemory` is exceeded.
#[derive(Debug, Default)]
#[repr(align(64))]
pub struct Spare {
    readiness: AtomicU64,
    is_called: AtomicBool,
}

impl Spare {
    /// Tells the others.
    pub fn tell(&self, readiness: u64) {
        if self.readiness.load(Ordering::Relaxed) != readiness {
            self.readiness.store(readiness, Ordering::Relaxed);
        }
    }

    /// What the core has told last.
    #[must_use]
    pub fn readiness(&self) -> u64 {
        self.readiness.load(Ordering::Relaxed)
    }

    /// Somebody wants the core to free something. Answers whether it has to be woken: not if it was
    /// called before and has not had a turn since.
    #[must_use]
    pub fn call(&self) -> bool {
        !self.is_called.swap(true, Ordering::Relaxed)
    }

    /// The core has a turn.
    pub fn answer(&self) {
        if self.is_called.load(Ordering::Relaxed) {
            self.is_called.store(false, Ordering::Relaxed);
        }
    }
}

/// The house that all cores live in.
#[derive(Debug)]
pub struct House {
    /// 40 hexadecimal digits, new at every start (INFO's `run_id`).
    pub run_id: String,
    /// 40 hexadecimal digits that name this data set (INFO's `master_replid`).
    pub replid: String,
    /// When the server started, milliseconds since 1970.
    pub started_ms: i64,
    /// Cores that run.
    pub cores: usize,
    /// Shards that the keys are dealt over.
    pub shards: usize,
    /// Process id.
    pub pid: u32,
    /// Path of the executable.
    pub executable: PathBuf,
    /// Path of the configuration file, if one was given.
    pub config_file: Option<PathBuf>,
    /// The way to it: CONFIG REWRITE changes it.
    pub config_text: Option<Box<dyn ConfigFile>>,
    /// What only the operating system knows.
    pub facts: Box<dyn Facts>,
    /// `glommio` or `epoll` (or `sim`).
    pub runtime: &'static str,
    /// By core: what it could give up for the others.
    pub spare: Vec<Spare>,
    /// Clients connected now, over all cores.
    pub connected: AtomicUsize,
    /// Set by SHUTDOWN and signals; every core stops when it sees it.
    pub stopping: AtomicBool,
    next_client_id: AtomicU64,
    next_slow_id: AtomicU64,
}

impl House {
    /// A house before its cores start.
    #[must_use]
    pub fn new(run_id: String, started_ms: i64, cores: usize, shards: usize) -> Self {
        Self {
            replid: run_id.clone(),
            run_id,
            started_ms,
            cores,
            shards,
            pid: std::process::id(),
            executable: std::env::current_exe().unwrap_or_default(),
            config_file: None,
            config_text: None,
            facts: Box::new(FixedFacts::default()),
            runtime: "epoll",
            spare: std::iter::repeat_with(Spare::default).take(cores).collect(),
            connected: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
            next_client_id: AtomicU64::new(1),
            next_slow_id: AtomicU64::new(0),
        }
    }

    /// An id that no client had before.
    pub fn next_client_id(&self) -> u64 {
        self.next_client_id.fetch_add(1, Ordering::Relaxed)
    }

    /// An id that no entry of the slow log had before.
    pub fn next_slow_id(&self) -> u64 {
        self.next_slow_id.fetch_add(1, Ordering::Relaxed)
    }
}
