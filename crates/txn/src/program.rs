//! What a shard is given to run at once: one command, or the queue of an EXEC.
//!
//! ```text
//!   words   MULTI's queue, one after the other:  SET k v  PING  GET k
//!   steps   those of its commands that are about data:
//!             0..3 in db 0                       4..6 in db 0
//! ```
//!
//! **Invariants**
//! - Every step runs, whatever became of those before it: an error is that step's reply.
//! - The replies stand one behind the other, so that whoever asked can put others between them.

use std::ops::Range;

use commands::Run;
use keyspace::{DbIndex, Shard, Wait};
use resp::{Args, Argv, ReplyBuffer, ReplyError, ReplyWriter};
use smallvec::{SmallVec, smallvec};

use crate::{Caller, Job, ShardId, execute};

/// Tells the time in nanoseconds, from any beginning.
pub type Stopwatch<'a> = &'a dyn Fn() -> u64;

/// One command of a program.
#[derive(Clone)]
pub struct Step {
    /// How it runs.
    pub run: Run,
    /// In which database.
    pub db: DbIndex,
    /// Its words among those of the program.
    pub words: Range<usize>,
}

/// Whether a command waits where it finds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Patience {
    /// It does not: it answers so.
    #[default]
    None,
    /// It does, behind all who wait by then.
    FromNow,
    /// It does, and has waited before: it keeps this rank.
    Since(u64),
}

/// Commands that run on one shard, one after the other, with nobody between them.
#[derive(Clone)]
pub struct Program {
    /// All words.
    pub words: Argv,
    /// In whose name; each step has a database of its own.
    pub caller: Caller,
    /// In order.
    pub steps: SmallVec<[Step; 1]>,
    /// Whether its only step may wait.
    pub patience: Patience,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub struct Done {
    /// Bytes of its reply.
    pub bytes: usize,
    /// The error that the reply is, if it is one.
    pub error: Option<ReplyError>,
    /// The time that it took.
    pub nanoseconds: u64,
}

impl Program {
    /// One command.
    #[must_use]
    pub fn one(run: Run, caller: Caller, words: Argv) -> Self {
        let step = Step { run, db: caller.db, words: 0..words.len() };
        Self { words, caller, steps: smallvec![step], patience: Patience::None }
    }

    /// The same command, which waits where it finds nothing.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patience = Patience::FromNow;
        self
    }

    /// No command at all.
    #[must_use]
    pub fn empty(caller: Caller) -> Self {
        let steps = SmallVec::new();
        Self { words: Argv::new(), caller, steps, patience: Patience::None }
    }

    /// In the place of a program that has been handed over.
    pub(crate) fn nothing(caller: Caller) -> Box<Self> {
        Box::new(Self::empty(caller))
    }

    /// The words of a step.
    #[must_use]
    pub fn args(&self, step: &Step) -> Args<'_> {
        self.words.as_args().slice(step.words.clone())
    }

    /// Runs all steps on a shard that has all their keys; `place` is its number, and how many
    /// there are.
    pub fn run(
        &self,
        shard: &mut Shard,
        place: (ShardId, u16),
        reply: &mut ReplyBuffer,
        stopwatch: Stopwatch<'_>,
    ) -> Vec<Done> {
        self.run_and_tell(shard, place, (reply, stopwatch), |_, _| {})
    }

    /// The same; behind every step `tell` is given the shard and the number of the first change
    /// that is the step's.
    pub(crate) fn run_and_tell(
        &self,
        shard: &mut Shard,
        place: (ShardId, u16),
        (reply, stopwatch): (&mut ReplyBuffer, Stopwatch<'_>),
        mut tell: impl FnMut(&mut Shard, usize),
    ) -> Vec<Done> {
        let mut started = stopwatch();
        let run = |step: &Step| {
            let before = reply.len();
            let caller = Caller { db: step.db, ..self.caller };
            let job = Job { run: step.run, place, caller, args: self.args(step), hint: None };
            let first = shard.changes.listed();
            let error = execute(shard, &job, &mut ReplyWriter::new(reply, caller.protocol));
            tell(shard, first);
            let ended = stopwatch();
            let nanoseconds = ended.saturating_sub(std::mem::replace(&mut started, ended));
            Done { bytes: reply.len() - before, error, nanoseconds }
        };
        self.steps.iter().map(run).collect()
    }

    /// Lets the program wait, if it may, while `run` runs it. Answers what it waits for, if it
    /// does.
    pub(crate) fn with_patience(
        &self,
        shard: &mut Shard,
        run: impl FnOnce(&mut Shard) -> Vec<Done>,
    ) -> (Vec<Done>, Option<Wait>) {
        if self.patience == Patience::None {
            return (run(shard), None);
        }
        shard.with_patience(run)
    }
}
