//! What a compatibility test runs on: shard counts, runtimes and protocols.
//!
//! | runtime | shards on cores | protocols |
//! |---|---|---|
//! | glommio | 1 on 1, 2 on 2, 7 on 3 | RESP2, RESP3 |
//! | epoll | 2 on 2 | RESP3 |
//!
//! Seven shards on three cores: some are neighbours and some are not.
//!
//! `SHOAL_MATRIX=full` asks for every combination, `SHOAL_MATRIX=epoll` leaves glommio out where
//! the machine forbids io_uring; a test never leaves anything out by itself.

use std::ffi::OsStr;

use crate::{Launch, Protocol};

use Protocol::{Resp2, Resp3};

/// One way to run Shoal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// `glommio` or `epoll`.
    pub runtime: &'static str,
    /// How many shards.
    pub shards: usize,
    /// How many cores share them.
    pub cores: usize,
    /// The protocols to speak with it.
    pub protocols: &'static [Protocol],
}

const BOTH: &[Protocol] = &[Resp2, Resp3];

const USUAL: &[Cell] = &[
    Cell { runtime: "glommio", shards: 1, cores: 1, protocols: BOTH },
    Cell { runtime: "glommio", shards: 2, cores: 2, protocols: BOTH },
    Cell { runtime: "glommio", shards: 7, cores: 3, protocols: BOTH },
    Cell { runtime: "epoll", shards: 2, cores: 2, protocols: &[Resp3] },
];

const EPOLL: &[Cell] = &[
    Cell { runtime: "epoll", shards: 1, cores: 1, protocols: BOTH },
    Cell { runtime: "epoll", shards: 2, cores: 2, protocols: BOTH },
    Cell { runtime: "epoll", shards: 7, cores: 3, protocols: BOTH },
];

/// Every combination.
#[must_use]
pub fn full() -> Vec<Cell> {
    let glommio = USUAL.iter().filter(|cell| cell.runtime == "glommio");
    glommio.chain(EPOLL).copied().collect()
}

/// The cells to run now.
///
/// # Panics
/// If `SHOAL_MATRIX` asks for something unknown.
#[must_use]
pub fn cells() -> Vec<Cell> {
    match std::env::var("SHOAL_MATRIX").as_deref() {
        Err(_) | Ok("") => USUAL.to_vec(),
        Ok("epoll") => EPOLL.to_vec(),
        Ok("full") => full(),
        Ok(other) => panic!("SHOAL_MATRIX is {other:?}: full, epoll or nothing"),
    }
}

impl Cell {
    /// Shoal, to be started in this way.
    #[must_use]
    pub fn launch(&self, executable: impl AsRef<OsStr>) -> Launch {
        let (shards, cores) = (self.shards.to_string(), self.cores.to_string());
        Launch::shoal(executable)
            .args(["--runtime", self.runtime])
            .args(["--cores", &cores])
            .args(["--shards", &shards])
    }
}
