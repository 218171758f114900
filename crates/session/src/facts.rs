//! What this crate wants to know of the process and its machine, and cannot ask: it does no I/O.

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

/// Memory of the process, bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemoryFacts {
    /// What the allocator has given out.
    pub used: u64,
    /// The most that it ever had given out.
    pub used_peak: u64,
    /// What it had given out when the server began to listen.
    pub used_at_start: u64,
    /// What the allocator holds of the machine's memory, in use or not.
    pub held: u64,
    /// What the process occupies in the machine's memory.
    pub resident: u64,
}

/// Processor time of the process, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CpuFacts {
    /// In the process' own code.
    pub user_us: u64,
    /// In the kernel on its behalf.
    pub system_us: u64,
    /// Ended children, own code.
    pub children_user_us: u64,
    /// Ended children, kernel.
    pub children_system_us: u64,
}

/// What does not change while the process runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineFacts {
    /// System, release and architecture as `uname -srm` prints them.
    pub os: String,
    /// Memory of the machine, bytes.
    pub memory: u64,
    /// The allocator's name and version.
    pub allocator: String,
}

/// Answers what only the operating system knows. The server has one that asks it.
pub trait Facts: Debug + Send + Sync {
    /// Memory of the process now.
    fn memory(&self) -> MemoryFacts;

    /// What the allocator has given out to all threads, bytes: cheap enough to be asked every turn.
    /// `core` asks.
    fn allocated(&self, core: usize) -> i64;

    /// The calling thread's own part of that, as far as it is counted: it rises and falls by what
    /// this thread takes and frees. Cheap enough to be asked for every command.
    fn allocated_here(&self, core: usize) -> i64;

    /// Processor time until now.
    fn cpu(&self) -> CpuFacts;

    /// The machine.
    fn machine(&self) -> &MachineFacts;

    /// Gives free memory of the calling thread back to the system (MEMORY PURGE, on every core).
    fn purge(&self);

    /// Makes room for so many clients at a time; if there is not enough, says for how many there
    /// is.
    ///
    /// # Errors
    /// The operating system does not permit so many open files.
    fn room_for(&self, clients: u32) -> Result<(), u32>;

    /// Makes `dir` the working directory of the process.
    ///
    /// # Errors
    /// The system's reason why not.
    fn enter(&self, dir: &Path) -> Result<(), String>;

    /// The working directory of the process, if it is still there.
    fn working_dir(&self) -> Option<PathBuf>;
}

/// The configuration file that CONFIG REWRITE changes.
pub trait ConfigFile: Debug + Send + Sync {
    /// Its text; a file that is not there is an error of kind `NotFound`.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&self) -> io::Result<Vec<u8>>;

    /// Puts another text in its place, wholly or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    fn replace(&self, text: &[u8]) -> io::Result<()>;
}

/// Facts that are set by hand: where no operating system is asked (simulation, tests).
#[derive(Clone, Debug, Default)]
pub struct FixedFacts {
    /// See [`Facts::memory`].
    pub memory: MemoryFacts,
    /// See [`Facts::cpu`].
    pub cpu: CpuFacts,
    /// See [`Facts::machine`].
    pub machine: MachineFacts,
}

impl Facts for FixedFacts {
    fn memory(&self) -> MemoryFacts {
        self.memory
    }

    fn allocated(&self, _: usize) -> i64 {
        self.memory.used.cast_signed()
    }

    fn allocated_here(&self, _: usize) -> i64 {
        0
    }

    fn cpu(&self) -> CpuFacts {
        self.cpu
    }

    fn machine(&self) -> &MachineFacts {
        &self.machine
    }

    fn purge(&self) {}

    fn room_for(&self, _: u32) -> Result<(), u32> {
        Ok(())
    }

    fn enter(&self, _: &Path) -> Result<(), String> {
        Ok(())
    }

    fn working_dir(&self) -> Option<PathBuf> {
        None
    }
}
