//! Making an executor: small, because a core's sockets do not use it.
//!
//! LIMIT: the sizes below. glommio keeps three rings and one arena for file I/O, which it registers
//! with each of them; registered memory counts against `RLIMIT_MEMLOCK` on most machines, so the
//! default arena of 10 MiB would forbid more than a few cores.

use std::io;
use std::time::Duration;

use glommio::{LocalExecutor, LocalExecutorBuilder, Placement};
use rustix::process::{Resource, getrlimit};

/// The least that glommio takes; a checkpoint that wants more gets it from the allocator.
const IO_MEMORY_BYTES: usize = 64 << 10;
/// How many operations of a core's jobs can be handed to the kernel at once.
const RING_DEPTH: usize = 32;
/// Practically never: if this timer fires before the executor has run anything, as it can on a
/// crowded machine, the executor takes the interrupted round for an idle one and sleeps with its
/// task runnable, for good if nothing else wakes it. The core loop gives way by itself.
const PREEMPT_AFTER: Duration = Duration::from_secs(3600);

/// glommio refuses to start under a lower `RLIMIT_MEMLOCK`.
const LOCKED_BYTES_MIN: u64 = 512 << 10;

/// An executor for the calling thread, which is pinned already if it is to be.
pub(crate) fn make() -> io::Result<LocalExecutor> {
    let builder = LocalExecutorBuilder::new(Placement::Unbound)
        .io_memory(IO_MEMORY_BYTES)
        .ring_depth(RING_DEPTH)
        .preempt_timer(PREEMPT_AFTER);
    Ok(builder.make()?)
}

/// Whether this machine lets us have executors for so many cores, or in words why not.
///
/// It asks by making them: containers forbid the system call, kernels are too old, and each of
/// these shows only then.
pub fn io_uring_available(cores: usize) -> Result<(), String> {
    let limit = getrlimit(Resource::Memlock).current;
    if let Some(limit) = limit.filter(|limit| *limit < LOCKED_BYTES_MIN) {
        return Err(format!("only {limit} bytes may be locked, of {LOCKED_BYTES_MIN} needed"));
    }
    let executors: Result<Vec<_>, _> = (0..cores).map(|_| make()).collect();
    executors.map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executors_of_this_machine_run_or_say_why_not() {
        match io_uring_available(2) {
            Ok(()) => assert_eq!(make().unwrap().run(async { 7 }), 7),
            Err(reason) => assert!(!reason.is_empty()),
        }
    }
}
