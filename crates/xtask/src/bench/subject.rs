//! The servers that are measured, and how each is started.

use std::path::PathBuf;

use testkit::oracle::Packaged;
use testkit::{Launch, Server};

use super::machine;
use super::options::Options;
use crate::build;

/// Where a server may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cores {
    /// On core 0 alone, the client on core 1.
    One,
    /// Anywhere, Shoal with two shards and relaxed pipelines; the client anywhere too.
    Two,
    /// The same with strict pipelines.
    TwoStrict,
}

/// A server to measure.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// Ours, by its executable and its runtime.
    Shoal(PathBuf, String),
    /// Somebody else's.
    Peer(Packaged),
}

impl Subject {
    /// The name in the report.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Shoal(..) => "shoal",
            Self::Peer(packaged) => packaged.name(),
        }
    }

    /// Starts it on these cores.
    pub(super) fn start(&self, cores: Cores) -> Server {
        let launch = self.launch(cores);
        let pinned = cores == Cores::One && machine::can_pin();
        if pinned { launch.through(["taskset", "-c", "0"]).start() } else { launch.start() }
    }

    /// How it is started, without its place.
    pub(super) fn launch(&self, cores: Cores) -> Launch {
        match self {
            Self::Shoal(executable, runtime) => {
                let count = if cores == Cores::One { "1" } else { "2" };
                let order = if cores == Cores::TwoStrict { "strict" } else { "relaxed" };
                Launch::shoal(executable)
                    .args(["--runtime", runtime])
                    .args(["--cores", count, "--shards", count])
                    .args(["--pipeline-order", order])
            }
            Self::Peer(packaged) => Launch::packaged(*packaged),
        }
    }
}

/// Builds Shoal and names it and the peers.
pub(super) fn all(options: &Options) -> Result<Vec<Subject>, String> {
    let executable = match &options.executable {
        Some(executable) => executable.clone(),
        None => build::shoal(&options.profile)?,
    };
    let mut subjects = vec![Subject::Shoal(executable, options.runtime.clone())];
    if options.peers {
        let peers = [Packaged::Oracle, Packaged::Redis8, Packaged::Valkey];
        subjects.extend(peers.map(Subject::Peer));
    }
    Ok(subjects)
}
