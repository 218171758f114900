//! What start-up asks of the process itself: how many files it may open, and a life of its own.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, setsid};

/// How far the limit of open files could be raised.
#[derive(Debug)]
pub struct OpenFiles {
    /// What the limit was before.
    pub before: u64,
    /// What it is now.
    pub now: u64,
    /// Why it is less than what was wanted.
    pub error: Option<io::Error>,
}

/// Raises the limit of open files to `wanted`, or as far as the system permits; never lowers it.
pub fn raise_open_files(wanted: u64) -> OpenFiles {
    let limit = getrlimit(Resource::Nofile);
    // No limit at all is as good as a huge one.
    let before = limit.current.unwrap_or(u64::MAX);
    if before >= wanted {
        return OpenFiles { before, now: before, error: None };
    }
    let hard = limit.maximum.unwrap_or(u64::MAX);
    // Whoever may raise the hard limit too gets all that was asked for.
    let whole = Rlimit { current: Some(wanted), maximum: Some(hard.max(wanted)) };
    let Err(errno) = setrlimit(Resource::Nofile, whole) else {
        return OpenFiles { before, now: wanted, error: None };
    };
    let part = wanted.min(hard);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(part), ..limit });
    let now = if raised.is_ok() { part } else { before };
    OpenFiles { before, now, error: (now < wanted).then(|| errno.into()) }
}

/// Leaves the terminal: this process becomes the leader of a session without one.
pub fn leave_terminal() -> io::Result<()> {
    setsid()?;
    Ok(())
}

/// Keeps the kernel from backing this process' memory with transparent huge pages.
///
/// Whatever is touched once would take two megabytes, which a small server feels: some 10 MiB more
/// for nothing. To be called before threads are started.
pub fn disable_transparent_huge_pages() -> io::Result<()> {
    Ok(rustix::thread::disable_transparent_huge_pages(true)?)
}

#[cfg(test)]
mod tests {
    use super::raise_open_files;

    #[test]
    fn the_limit_rises_and_never_falls() {
        let was = raise_open_files(0);
        assert_eq!((was.before, was.error.is_none()), (was.now, true));
        let same = raise_open_files(was.now);
        assert_eq!((same.now, same.error.is_none()), (was.now, true));
        let absurd = raise_open_files(1 << 60);
        assert!(absurd.now >= was.now);
        assert_eq!(absurd.error.is_some(), absurd.now < 1 << 60);
    }
}
