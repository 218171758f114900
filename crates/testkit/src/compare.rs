//! The same script on the oracle and on Shoal: every reply equal, byte by byte.
//!
//! **Steps**: play the script on a fresh oracle in each protocol and keep what it answered; then,
//! for every cell of the matrix and each of its protocols, play it on a fresh Shoal and compare.
//! A difference shows the line, both replies, and the cell it was seen in.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;

use crate::client::Outcome;
use crate::oracle::Packaged;
use crate::script::{Payload, Step};
use crate::{Address, Client, Launch, Protocol, Reply, matrix};

/// How many differences a failure shows: the first one usually causes the others.
const SHOWN: usize = 5;

/// What a server did at each step; `None` where nothing was read.
///
/// Shorter than the script if the server fell silent: the last entry says so.
pub type Transcript = Vec<Option<Outcome>>;

/// Compares Shoal with the oracle on the whole matrix; tests pass `env!("CARGO_BIN_EXE_shoal")`.
///
/// # Panics
/// If a reply differs.
#[track_caller]
pub fn check(executable: &str, script: &[Step]) {
    Comparison::of(executable).check(script);
}

/// A comparison with settings of its own.
#[derive(Debug)]
pub struct Comparison {
    executable: OsString,
    reference: Packaged,
    arguments: Vec<OsString>,
    cells: Vec<matrix::Cell>,
    title: String,
}

impl Comparison {
    /// Shoal against the oracle on the whole matrix.
    #[must_use]
    pub fn of(executable: impl AsRef<OsStr>) -> Self {
        Self {
            executable: executable.as_ref().to_owned(),
            reference: Packaged::Oracle,
            arguments: Vec::new(),
            cells: matrix::cells(),
            title: String::new(),
        }
    }

    /// Compares with another server, for what Redis 7.0 does not know yet.
    #[must_use]
    pub fn with(mut self, reference: Packaged) -> Self {
        self.reference = reference;
        self
    }

    /// Starts both servers with these arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Runs on these cells only.
    #[must_use]
    pub fn on(mut self, cells: impl IntoIterator<Item = matrix::Cell>) -> Self {
        self.cells = cells.into_iter().collect();
        self
    }

    /// Says this at the head of a failure: the seed, for example.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Plays the script on both.
    ///
    /// # Panics
    /// If a reply differs.
    #[track_caller]
    pub fn check(&self, script: &[Step]) {
        let mut expected = BTreeMap::new();
        for cell in &self.cells {
            for &protocol in cell.protocols {
                let expected = expected.entry(protocol as u8).or_insert_with(|| {
                    let launch = Launch::packaged(self.reference).args(&self.arguments);
                    play(launch.start().address(), protocol, script)
                });
                let server = cell.launch(&self.executable).args(&self.arguments).start();
                let actual = play(server.address(), protocol, script);
                if let Some(report) = differences(script, expected, &actual) {
                    panic!("{} {cell:?} {protocol:?}\n{report}", self.title);
                }
            }
        }
    }
}

/// Plays the script against the server at this address.
///
/// # Panics
/// If the server cannot be reached.
#[track_caller]
pub fn play(address: &Address, protocol: Protocol, script: &[Step]) -> Transcript {
    let mut connections = BTreeMap::new();
    let mut transcript = Vec::with_capacity(script.len());
    for step in script {
        let name = step.connection.as_str();
        let client = connections.entry(name).or_insert_with(|| Client::speaking(address, protocol));
        match &step.sends {
            Some(Payload::Words(words)) => client.send(words),
            Some(Payload::Raw(bytes)) => client.raw(bytes),
            None => {}
        }
        let outcome = step.reads.then(|| client.outcome());
        if outcome == Some(Outcome::Closed) {
            // The next step on this connection gets a new one.
            connections.remove(name);
        }
        let silent = outcome == Some(Outcome::Silent);
        transcript.push(outcome);
        if silent {
            break;
        }
    }
    transcript
}

/// What differs between two transcripts of the script, in words; `None` if they agree.
#[must_use]
pub fn differences(script: &[Step], oracle: &Transcript, shoal: &Transcript) -> Option<String> {
    let mut report = String::new();
    let mut count = 0;
    for (number, step) in script.iter().enumerate() {
        let (Some(theirs), Some(ours)) = (oracle.get(number), shoal.get(number)) else { break };
        if agree(step, theirs.as_ref(), ours.as_ref()) {
            continue;
        }
        count += 1;
        if count <= SHOWN {
            let way = step.normaliser.map_or("bytes", |normaliser| normaliser.compares);
            let _ = writeln!(report, "line {}: {}\n  compared: {way}", number + 1, step.text);
            let _ = writeln!(report, "  oracle: {}", shown(theirs.as_ref()));
            let _ = writeln!(report, "  shoal:  {}", shown(ours.as_ref()));
        }
    }
    if count == 0 && oracle.len() == shoal.len() {
        return None;
    }
    let _ = write!(report, "{count} of {} lines differ", script.len());
    Some(report)
}

fn agree(step: &Step, oracle: Option<&Outcome>, shoal: Option<&Outcome>) -> bool {
    match (step.normaliser, oracle, shoal) {
        (Some(normaliser), Some(Outcome::Reply(oracle)), Some(Outcome::Reply(shoal))) => {
            match (Reply::decode(oracle), Reply::decode(shoal)) {
                (Some((oracle, _)), Some((shoal, _))) => (normaliser.agree)(&oracle, &shoal),
                _ => false,
            }
        }
        _ => oracle == shoal,
    }
}

fn shown(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Outcome::Reply(bytes)) => {
            let text = bytes.escape_ascii().to_string();
            if text.len() <= 600 {
                return text;
            }
            let (head, tail) = (&text[..400], &text[text.len() - 100..]);
            format!("{head} ... {tail} ({} bytes)", bytes.len())
        }
        Some(other) => format!("{other:?}"),
        None => "nothing was read".into(),
    }
}

#[cfg(test)]
mod tests;
