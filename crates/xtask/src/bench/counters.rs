//! What the kernel knows of a process: its CPU time and its memory.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// The CPU time of a process, user and system, all its threads.
///
/// From `schedstat`, which counts nanoseconds where `stat` counts ticks. The kernel brings it up to
/// date when a thread goes to sleep, so it is read while the server is idle. A thread that has
/// ended is not counted any more.
pub(super) fn cpu_time(pid: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = tasks.filter_map(|task| thread_time(&task.path())).sum();
    Duration::from_nanos(nanoseconds)
}

fn thread_time(task: &Path) -> Option<u64> {
    let line = fs::read_to_string(task.join("schedstat")).ok()?;
    line.split_whitespace().next()?.parse().ok()
}

/// A field of `/proc/PID/status` that counts KiB, in bytes.
pub(super) fn memory(pid: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    kibibytes(&status, field) * 1024
}

fn kibibytes(status: &str, field: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_fields_are_found() {
        let status = "VmRSS:\t   20264 kB\nRssAnon:\t   10812 kB\n";
        assert_eq!(kibibytes(status, "RssAnon"), 10_812);
        assert_eq!(kibibytes(status, "Rss"), 0);
    }

    #[test]
    fn work_takes_time() {
        let before = cpu_time(std::process::id());
        let sum: u64 = (0..50_000_000_u64).map(std::hint::black_box).sum();
        std::hint::black_box(sum);
        std::thread::yield_now();
        let after = cpu_time(std::process::id());
        assert!(after > before, "{before:?} {after:?}");
    }
}
