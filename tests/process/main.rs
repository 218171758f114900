//! The executable as its operator meets it: starting, refusing to start, limits, signals, tools.
//!
//! What clients are answered is compared in `tests/compat`; here are the process, its files and its
//! sockets. Every wait is for something that happens, with an end to patience.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run in the real world: they read its clock and wait for it"
)]

mod background;
mod configuration;
mod connections;
mod limits;
mod memory;
mod migration;
mod output_limits;
mod start;
mod stop;
mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use testkit::{Address, Launch};

const SHOAL: &str = env!("CARGO_BIN_EXE_shoal");

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Both runtimes: what the process does must not depend on how it waits.
const RUNTIMES: [&str; 2] = ["glommio", "epoll"];

/// Shoal on two cores with a runtime.
fn launch(runtime: &str) -> Launch {
    Launch::shoal(SHOAL).args(["--cores", "2", "--shards", "7", "--runtime", runtime])
}

/// Waits until something is there.
#[track_caller]
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs the executable to its end, which must come by itself.
#[track_caller]
fn run_to_end(words: &[&str], stdin: &str) -> Output {
    let mut child = Command::new("timeout")
        .args(["30", SHOAL])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the executable starts");
    let mut pipe = child.stdin.take().expect("it was asked for");
    std::io::Write::write_all(&mut pipe, stdin.as_bytes()).expect("it reads its input");
    drop(pipe);
    child.wait_with_output().expect("it ends")
}

/// All that a process has printed.
fn printed(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("shoal-process-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("the folder can be written");
        path.to_str().expect("a plain path").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server that the test has started by itself, killed at its end.
struct Started {
    pid: String,
}

impl Started {
    fn from_pidfile(path: &Path) -> Self {
        let pid = eventually("the pid file", || {
            let text = std::fs::read_to_string(path).ok()?;
            text.ends_with('\n').then(|| text.trim().to_owned())
        });
        Self { pid }
    }

    fn is_running(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    }

    fn signal(&self, signal: &str) {
        send_signal(&self.pid, signal);
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if self.is_running() {
            self.signal("KILL");
        }
    }
}

fn send_signal(pid: &str, signal: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), pid]).status();
    assert!(sent.expect("kill can be run").success(), "kill -{signal} {pid}");
}

/// A free port as a word for the command line.
fn free_port() -> String {
    Address::free().port().to_string()
}

/// A note in the test's output about something that this machine does not allow to test.
#[expect(
    clippy::print_stderr,
    reason = "whoever reads the test's output must see what was left out"
)]
fn note(text: &str) {
    eprintln!("note: {text}");
}
