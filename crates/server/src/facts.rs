//! Facts of the process and its machine, read from the kernel when INFO asks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use runtime::listen::reason;
use runtime::process::raise_open_files;
use session::{ConfigFile, CpuFacts, Facts, MachineFacts, MemoryFacts};

use crate::memory::{own_bytes, used_bytes};

/// Ticks of `/proc/self/stat` per second; Linux has had this value on every machine for decades.
const TICKS_PER_SECOND: u64 = 100;

/// Fields of `/proc/self/stat` behind the command's name, counted from 0: own user time.
const UTIME: usize = 11;

/// Asks the operating system.
#[derive(Debug)]
pub(crate) struct SystemFacts {
    cores: usize,
    machine: MachineFacts,
    used_at_start: u64,
    peak: AtomicU64,
}

impl SystemFacts {
    /// Takes what memory is used now as that of the start.
    pub(crate) fn new(cores: usize) -> Self {
        let machine =
            MachineFacts { os: os(), memory: total_memory(), allocator: "mimalloc".to_owned() };
        let used = used_bytes();
        Self { cores, machine, used_at_start: used, peak: AtomicU64::new(used) }
    }
}

impl Facts for SystemFacts {
    fn memory(&self) -> MemoryFacts {
        let used = used_bytes();
        let used_peak = self.peak.fetch_max(used, Ordering::Relaxed).max(used);
        let used_at_start = self.used_at_start;
        let resident = resident();
        // Mimalloc commits a gibibyte at once: of what it holds only what is resident matters.
        MemoryFacts { used, used_peak, used_at_start, held: resident, resident }
    }

    fn allocated(&self, _: usize) -> i64 {
        used_bytes().cast_signed()
    }

    fn allocated_here(&self, _: usize) -> i64 {
        own_bytes() as i64
    }

    fn cpu(&self) -> CpuFacts {
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // The command's name may hold anything; the fields begin behind its last parenthesis.
        let fields: Vec<u64> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(|field| field.parse().unwrap_or(0))
            .collect();
        let us = |field: usize| fields.get(field).map_or(0, |t| t * 1_000_000 / TICKS_PER_SECOND);
        CpuFacts {
            user_us: us(UTIME),
            system_us: us(UTIME + 1),
            children_user_us: us(UTIME + 2),
            children_system_us: us(UTIME + 3),
        }
    }

    fn machine(&self) -> &MachineFacts {
        &self.machine
    }

    fn purge(&self) {
        crate::memory::purge();
    }

    fn room_for(&self, clients: u32) -> Result<(), u32> {
        let reserved = crate::open_files::reserved(self.cores);
        let limit = raise_open_files(u64::from(clients) + reserved).now;
        let room = limit.saturating_sub(reserved);
        if room >= u64::from(clients) { Ok(()) } else { Err(room as u32) }
    }

    fn enter(&self, dir: &Path) -> Result<(), String> {
        std::env::set_current_dir(dir).map_err(|error| reason(&error))
    }

    fn working_dir(&self) -> Option<PathBuf> {
        std::env::current_dir().ok()
    }
}

fn os() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    let (kind, release) = (read("/proc/sys/kernel/ostype"), read("/proc/sys/kernel/osrelease"));
    format!("{kind} {release} {}", std::env::consts::ARCH)
}

fn total_memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    kilobytes(&text, "MemTotal:") * 1024
}

fn resident() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    kilobytes(&text, "VmRSS:") * 1024
}

fn kilobytes(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The file that CONFIG REWRITE changes: the new text is written beside it and takes its place by
/// rename.
#[derive(Debug)]
pub(crate) struct FileOnDisk(pub PathBuf);

impl ConfigFile for FileOnDisk {
    fn read(&self) -> io::Result<Vec<u8>> {
        fs::read(&self.0)
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let mut beside = self.0.clone().into_os_string();
        beside.push(".tmp");
        fs::write(&beside, text)?;
        fs::File::open(&beside)?.sync_all()?;
        fs::rename(&beside, &self.0)
    }
}
