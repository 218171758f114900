//! `daemonize yes`: the process that was started leaves another one behind, in the background.
//!
//! A process with threads cannot be forked safely, and what forks would have to be unsafe code. So
//! the first process reads the configuration, to tell the user of mistakes, and then starts the
//! same executable again with the same words; the second one leaves the terminal and serves.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

/// Set in the environment of the process in the background, so that it does not start yet another
/// one.
const MARK: &str = "SHOAL_DETACHED";

/// Whether this is the process in the background.
pub(crate) fn is_detached() -> bool {
    std::env::var_os(MARK).is_some()
}

/// Starts the process in the background. `stdin` is the configuration that came from standard
/// input.
pub(crate) fn start(words: &[OsString], stdin: Option<&[u8]>) -> io::Result<()> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(words)
        .env(MARK, "1")
        .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let (Some(mut pipe), Some(text)) = (child.stdin.take(), stdin) {
        pipe.write_all(text)?;
    }
    Ok(())
}

/// Lets go of the terminal.
pub(crate) fn detach() {
    // This fails only for the leader of a process group, which has been detached by whoever made it
    // one.
    let _ = runtime::process::leave_terminal();
}
