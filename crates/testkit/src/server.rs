//! The real executables: a server is started with the test and ends with it.
//!
//! **Steps** of a start: take a port that is free now, start the process with its output going to
//! a file, start its leash, connect and PING until it answers. If the port was taken meanwhile the
//! process ends by itself and the next attempt draws another one.
//!
//! The *leash* is a shell that waits for the end of its input, then kills the server and removes
//! its temporary directory. Only this process holds the other end, so the server ends even when the
//! test is killed or never drops its handle.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::oracle::Packaged;
use crate::{Address, Client, Protocol, Reply};

/// How long a server may take until it answers PING.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two attempts to connect.
const RETRY: Duration = Duration::from_millis(2);
/// How often a start is repeated because somebody took the port.
const ATTEMPTS: usize = 5;

/// How to start a server.
#[derive(Debug)]
pub struct Launch {
    program: Command,
    arguments: Vec<OsString>,
    dir: Option<PathBuf>,
    wrapper: Vec<OsString>,
}

impl Launch {
    /// Shoal; tests pass `env!("CARGO_BIN_EXE_shoal")`.
    #[must_use]
    pub fn shoal(executable: impl AsRef<OsStr>) -> Self {
        Self::program(Command::new(executable))
    }

    /// The oracle.
    #[must_use]
    pub fn oracle() -> Self {
        Self::packaged(Packaged::Oracle)
    }

    /// One of the packaged servers.
    #[must_use]
    pub fn packaged(which: Packaged) -> Self {
        Self::program(which.command(which.server()))
    }

    fn program(program: Command) -> Self {
        Self { program, arguments: Vec::new(), dir: None, wrapper: Vec::new() }
    }

    /// Adds arguments; a later `--name value` overrides an earlier one.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Uses this data directory, and leaves it behind, instead of one that ends with the server.
    #[must_use]
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Starts the server through another program that takes it as its last arguments and becomes
    /// it: `["taskset", "-c", "0"]`.
    #[must_use]
    pub fn through<A: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = A>) -> Self {
        self.wrapper = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        self
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Panics
    /// With its output, if it ends or stays silent.
    #[must_use]
    #[track_caller]
    pub fn start(self) -> Server {
        for _ in 0..ATTEMPTS {
            let mut server = self.spawn();
            match server.wait_until_ready() {
                Ok(()) => return server,
                Err(_) if server.output().contains("in use") => {}
                Err(why) => panic!("{:?} {why}\n{}", self.program, server.output()),
            }
        }
        panic!("{:?}: found no free port in {ATTEMPTS} attempts", self.program)
    }

    fn spawn(&self) -> Server {
        let dir = match &self.dir {
            Some(dir) => Dir { path: dir.clone(), temporary: false },
            None => Dir::temporary(),
        };
        let output = dir.path.join("output.log");
        let log = File::create(&output).expect("the server's directory can be written");
        let address = Address::free();
        let mut words: Vec<&OsStr> = self.wrapper.iter().map(OsString::as_os_str).collect();
        words.push(self.program.get_program());
        words.extend(self.program.get_args());
        let child = Command::new(words[0])
            .args(&words[1..])
            .args(["--port", &address.port().to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--enable-debug-command", "yes"])
            .arg("--dir")
            .arg(&dir.path)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file handle can be copied"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {words:?}: {error}"));
        let leash = Leash::hold(child.id(), &dir);
        Server { child, leash, address, dir, output }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    leash: Leash,
    address: Address,
    dir: Dir,
    output: PathBuf,
}

impl Server {
    /// Its TCP address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// A new connection to it.
    #[must_use]
    #[track_caller]
    pub fn client(&self) -> Client {
        Client::connect(&self.address)
    }

    /// A new connection to it in this protocol.
    #[must_use]
    #[track_caller]
    pub fn client_speaking(&self, protocol: Protocol) -> Client {
        Client::speaking(&self.address, protocol)
    }

    /// Its data directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir.path
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    #[must_use]
    pub fn output(&self) -> String {
        let bytes = std::fs::read(&self.output).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until it ends by itself, after SHUTDOWN for example.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            match self.child.try_wait().expect("a child can be waited for") {
                Some(status) => return status,
                None if Instant::now() > deadline => panic!("it does not end\n{}", self.output()),
                None => std::thread::sleep(RETRY),
            }
        }
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START_PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("ended with {status}"));
            }
            if let Ok(mut client) = Client::try_connect(&self.address) {
                match client.cmd(&["PING"]) {
                    Reply::Error(text) if text.starts_with("LOADING") => {}
                    // An error too shows that it is up and talking: it wants a password, say.
                    Reply::Simple(_) | Reply::Error(_) => return Ok(()),
                    other => return Err(format!("answers PING by {other:?}")),
                }
            }
            if Instant::now() > deadline {
                return Err("does not answer".into());
            }
            std::thread::sleep(RETRY);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The leash goes first: it must not kill whoever gets this process id next.
        self.leash.release();
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            report(&format!("{} said:\n{}", self.address, self.output()));
        }
    }
}

#[expect(clippy::print_stderr, reason = "the test harness shows it with the failed test")]
fn report(text: &str) {
    eprintln!("{text}");
}

/// Kills a process and cleans up after it when this one ends, however it ends.
#[derive(Debug)]
struct Leash(Child);

impl Leash {
    fn hold(pid: u32, dir: &Dir) -> Self {
        let shell = Command::new("sh")
            .args([
                "-c",
                "read -r _; kill -9 \"$0\"; [ -z \"$1\" ] || rm -rf \"$1\"",
                &pid.to_string(),
            ])
            .arg(if dir.temporary { dir.path.as_os_str() } else { OsStr::new("") })
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(shell.expect("a shell can be started"))
    }

    fn release(&mut self) {
        // `kill` does not close the pipe, and the shell has no chance to act on it.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A data directory.
#[derive(Debug)]
struct Dir {
    path: PathBuf,
    temporary: bool,
}

impl Dir {
    fn temporary() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shoal-test-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self { path, temporary: true }
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests;
