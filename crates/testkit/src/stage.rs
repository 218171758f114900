//! Servers that many scripts share: one oracle and one Shoal for each cell of the matrix.
//!
//! **Steps** of a check: empty the oracle and play the script on it in each protocol; then, for
//! every cell and each of its protocols, empty that cell's Shoal, play the script and compare.
//!
//! A server starts when it is first asked for and ends with the test process. Scripts take turns on
//! it, each on connections of its own; one that changes the configuration changes it back. A server
//! that somebody panicked on, or that fell silent, is replaced by a fresh one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::Outcome;
use crate::compare::{Pace, differences, play_at};
use crate::script::Step;
use crate::{Launch, Reply, Server, matrix};

/// A server that may have to be started.
type Place = Arc<Mutex<Option<Server>>>;

/// The servers of one test process.
#[derive(Debug)]
pub struct Stage {
    executable: &'static str,
    arguments: &'static [&'static str],
    /// By runtime and shards; the oracle is `("oracle", 1)`.
    places: Mutex<BTreeMap<(&'static str, usize), Place>>,
}

impl Stage {
    /// A stage; tests pass `env!("CARGO_BIN_EXE_shoal")` and keep it in a static.
    #[must_use]
    pub const fn new(executable: &'static str) -> Self {
        Self::with_args(executable, &[])
    }

    /// A stage whose servers, the oracle included, are started with these arguments.
    #[must_use]
    pub const fn with_args(executable: &'static str, arguments: &'static [&'static str]) -> Self {
        Self { executable, arguments, places: Mutex::new(BTreeMap::new()) }
    }

    /// Plays the script on the oracle and on all of Shoal, line by line.
    ///
    /// # Panics
    /// If a reply differs.
    #[track_caller]
    pub fn check(&self, script: &[Step]) {
        self.check_at(Pace::STEPS, "", script);
    }

    /// The same at another pace; a failure says `title` first.
    ///
    /// # Panics
    /// If a reply differs.
    #[track_caller]
    pub fn check_at(&self, pace: Pace, title: &str, script: &[Step]) {
        let play = |server: &Server, protocol| play_at(server.address(), protocol, script, pace);
        let cells = matrix::cells();
        let mut expected = BTreeMap::new();
        for &protocol in cells.iter().flat_map(|cell| cell.protocols) {
            let played = || self.on_oracle(|server| play(server, protocol));
            expected.entry(protocol as u8).or_insert_with(played);
        }
        for cell in &cells {
            for &protocol in cell.protocols {
                let actual = self.on_shoal(cell, |server| play(server, protocol));
                if actual.last() == Some(&Some(Outcome::Silent)) {
                    self.dismiss(cell);
                }
                if let Some(report) = differences(script, &expected[&(protocol as u8)], &actual) {
                    panic!("{title} {cell:?} {protocol:?}\n{report}");
                }
            }
        }
    }

    /// Hands out the oracle, empty.
    pub fn on_oracle<T>(&self, turn: impl FnOnce(&Server) -> T) -> T {
        self.take_turn(("oracle", 1), Launch::oracle, turn)
    }

    /// Hands out a cell's Shoal, empty.
    pub fn on_shoal<T>(&self, cell: &matrix::Cell, turn: impl FnOnce(&Server) -> T) -> T {
        self.take_turn((cell.runtime, cell.shards), || cell.launch(self.executable), turn)
    }

    /// Lets one user at a time have a server.
    fn take_turn<T>(
        &self,
        who: (&'static str, usize),
        launch: impl FnOnce() -> Launch,
        turn: impl FnOnce(&Server) -> T,
    ) -> T {
        let place = self.place(who);
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        // While it is out of its place a panic ends the server, and shows what it printed.
        let server = place.take().unwrap_or_else(|| launch().args(self.arguments).start());
        assert_eq!(server.client().cmd(&["FLUSHALL"]), Reply::ok());
        let result = turn(&server);
        *place = Some(server);
        result
    }

    fn dismiss(&self, cell: &matrix::Cell) {
        let place = self.place((cell.runtime, cell.shards));
        drop(place.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn place(&self, who: (&'static str, usize)) -> Place {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry(who).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The oracle stands in for itself, and is started once.
    #[test]
    fn scripts_share_a_server_and_find_it_empty() {
        let stage = Stage::new("unused");
        let pids = [(); 2].map(|()| {
            stage.on_oracle(|server| {
                let mut client = server.client();
                assert_eq!(client.cmd(&["DBSIZE"]), Reply::Int(0));
                assert_eq!(client.cmd(&["SET", "key", "value"]), Reply::ok());
                server.pid()
            })
        });
        assert_eq!(pids[0], pids[1]);
    }
}
