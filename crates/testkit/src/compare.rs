//! The same script on the oracle and on Shoal: every reply equal, byte by byte.
//!
//! **Steps**: play the script on a fresh oracle in each protocol and keep what it answered; then,
//! for every cell of the matrix and each of its protocols, play it on a fresh Shoal and compare.
//! A difference shows the line, both replies, and the cell it was seen in.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;

use stdx::prng::Prng;

use crate::client::Outcome;
use crate::oracle::Packaged;
use crate::script::Step;
use crate::{Address, Client, Launch, Protocol, Reply, matrix};

/// How many differences a failure shows: the first one usually causes the others.
const SHOWN: usize = 5;

/// What a server did at each step; `None` where nothing was read.
///
/// Shorter than the script if the server fell silent: the last entry says so.
pub type Transcript = Vec<Option<Outcome>>;

/// How a script is sent.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Up to so many lines at once, where they follow each other on one connection.
    pub depth: usize,
    /// A seed: what is sent at once leaves in pieces, cut at random places.
    pub cuts: Option<u64>,
}

impl Pace {
    /// Line by line.
    pub const STEPS: Self = Self { depth: 1, cuts: None };
}

/// A piece that is cut off is at most this long.
const PIECE_BYTES_MAX: u64 = 80;

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
    depth: usize,
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
            depth: 1,
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

    /// Sends up to this many lines at once where they follow each other on one connection.
    #[must_use]
    pub fn pipelined(mut self, depth: usize) -> Self {
        self.depth = depth;
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
                    play_pipelined(launch.start().address(), protocol, script, self.depth)
                });
                let server = cell.launch(&self.executable).args(&self.arguments).start();
                let actual = play_pipelined(server.address(), protocol, script, self.depth);
                if let Some(report) = differences(script, expected, &actual) {
                    panic!("{} {cell:?} {protocol:?}\n{report}", self.title);
                }
            }
        }
    }
}

/// Plays the script, line by line, against the server at this address.
///
/// # Panics
/// If the server cannot be reached.
#[track_caller]
pub fn play(address: &Address, protocol: Protocol, script: &[Step]) -> Transcript {
    play_pipelined(address, protocol, script, 1)
}

/// Plays the script and sends up to `depth` lines at once.
///
/// # Panics
/// If the server cannot be reached.
#[track_caller]
pub fn play_pipelined(
    address: &Address,
    protocol: Protocol,
    script: &[Step],
    depth: usize,
) -> Transcript {
    play_at(address, protocol, script, Pace { depth, cuts: None })
}

/// Plays the script at this pace.
///
/// # Panics
/// If the server cannot be reached.
#[track_caller]
pub fn play_at(address: &Address, protocol: Protocol, script: &[Step], pace: Pace) -> Transcript {
    let mut cuts = pace.cuts.map(Prng::new);
    let mut connections = BTreeMap::new();
    let mut transcript = Vec::with_capacity(script.len());
    let mut rest = script;
    while !rest.is_empty() {
        let (batch, others) = rest.split_at(batch_length(rest, pace.depth));
        rest = others;
        let name = batch[0].connection.as_str();
        let client = connections.entry(name).or_insert_with(|| Client::speaking(address, protocol));
        if let Some(line) = &batch[0].until {
            transcript.push(ask_until(client, &batch[0].bytes(), line));
            if transcript.last() == Some(&Some(Outcome::Silent)) {
                return transcript;
            }
            continue;
        }
        send(client, &batch.iter().flat_map(Step::bytes).collect::<Vec<u8>>(), cuts.as_mut());
        for step in batch {
            transcript.push(step.reads.then(|| client.outcome()));
            if transcript.last() == Some(&Some(Outcome::Silent)) {
                return transcript;
            }
        }
        if transcript.last() == Some(&Some(Outcome::Closed)) {
            // The next step on this connection gets a new one.
            connections.remove(name);
        }
    }
    transcript
}

/// How often a line is asked until its answer is as expected.
const ASKED_MAX: usize = 20_000;

/// Asks until a line of the reply is this one. Nothing is left to compare then, unless it never is.
fn ask_until(client: &mut Client, request: &[u8], line: &str) -> Option<Outcome> {
    for _ in 0..ASKED_MAX {
        client.raw(request);
        let outcome = client.outcome();
        let Outcome::Reply(bytes) = &outcome else { return Some(outcome) };
        if String::from_utf8_lossy(bytes).lines().any(|it| it == line) {
            return None;
        }
    }
    Some(Outcome::Silent)
}

/// Sends the bytes at once or in pieces.
fn send(client: &mut Client, mut bytes: &[u8], cuts: Option<&mut Prng>) {
    if let Some(cuts) = cuts {
        while !bytes.is_empty() {
            let length = 1 + cuts.below(PIECE_BYTES_MAX) as usize;
            let (piece, others) = bytes.split_at(length.min(bytes.len()));
            client.raw(piece);
            bytes = others;
        }
    }
    client.raw(bytes);
}

/// How many steps from the first one on can be sent together.
fn batch_length(steps: &[Step], depth: usize) -> usize {
    let plain = |step: &Step| step.sends.is_some() && step.reads && step.until.is_none();
    let together = steps
        .iter()
        .take(depth)
        .take_while(|step| plain(step) && step.connection == steps[0].connection);
    together.count().max(1)
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
