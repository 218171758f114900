//! Where the packaged reference servers are: unpacked under `target/`, never installed.
//!
//! `cargo xtask oracle` and `cargo xtask peers` bring them. Each comes with a small program `run`
//! that starts one of the package's executables with the package's own libraries.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A packaged server to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packaged {
    /// Redis 7.0.15, which decides how Shoal behaves.
    Oracle,
    /// Redis 8.0, which decides what 7.0 does not know yet.
    Redis8,
    /// Valkey 9, compared in speed, and asked whether it understands what is dumped here.
    Valkey,
}

impl Packaged {
    /// The name to print.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "redis 7.0",
            Self::Redis8 => "redis 8.0",
            Self::Valkey => "valkey 9.1",
        }
    }

    /// The name of the package's server program.
    #[must_use]
    pub fn server(self) -> &'static str {
        match self {
            Self::Oracle | Self::Redis8 => "redis-server",
            Self::Valkey => "valkey-server",
        }
    }

    /// The environment variable that names another `run` than the one under `target/`.
    fn variable(self) -> &'static str {
        match self {
            Self::Oracle => "SHOAL_ORACLE",
            Self::Redis8 => "SHOAL_PEER_REDIS",
            Self::Valkey => "SHOAL_PEER_VALKEY",
        }
    }

    /// The task that fetches it.
    fn chore(self) -> &'static str {
        match self {
            Self::Oracle => "cargo xtask oracle",
            Self::Redis8 | Self::Valkey => "cargo xtask peers",
        }
    }

    /// The folder it is unpacked into.
    #[must_use]
    pub fn folder(self) -> PathBuf {
        let target = workspace().join("target");
        match self {
            Self::Oracle => target.join("oracle"),
            Self::Redis8 => target.join("peers/redis"),
            Self::Valkey => target.join("peers/valkey"),
        }
    }

    /// Its `run` program, if it has been fetched.
    #[must_use]
    pub fn find(self) -> Option<PathBuf> {
        let run = std::env::var_os(self.variable())
            .map_or_else(|| self.folder().join("run"), PathBuf::from);
        run.exists().then_some(run)
    }

    /// A command that runs one of its programs, `redis-cli` for example.
    ///
    /// # Panics
    /// If it has not been fetched.
    #[must_use]
    pub fn command(self, program: &str) -> Command {
        let Some(run) = self.find() else {
            panic!("{} is not under target/: run `{}`", self.name(), self.chore())
        };
        let mut command = Command::new(run);
        command.arg(program);
        command
    }
}

/// The root of the checkout.
#[must_use]
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
