//! What came of a transaction.

use std::sync::Arc;

use keyspace::Sighting;
use resp::{Argv, ReplyBuffer, ReplyError};

use crate::{Done, Program, Wagon, Why};

/// What a transaction ended with.
pub enum Ending {
    /// One reply, with the error that it is, if it is one.
    Reply { reply: ReplyBuffer, error: Option<ReplyError>, words: Arc<Argv> },
    /// A program has run: the replies of its steps, one behind the other.
    Program { program: Box<Program>, replies: ReplyBuffer, done: Vec<Done> },
    /// A watched key was touched, so nothing has run.
    Touched,
    /// These keys are watched from now on.
    Watched(Vec<Sighting>),
    /// The house is given back.
    House,
    /// It has waited in vain.
    Cancelled(Why),
    /// A train has run: its wagons, in any order.
    Train(Vec<Box<Wagon>>),
}

impl Ending {
    /// The reply of a single command, with its error and its words.
    ///
    /// # Panics
    /// If it was not a single command.
    #[must_use]
    pub fn into_single(self) -> (ReplyBuffer, Option<ReplyError>, Arc<Argv>) {
        match self {
            Self::Reply { reply, error, words } => (reply, error, words),
            Self::Program { program, replies, mut done } => {
                let only = done.pop().expect("a command is a step");
                assert!(done.is_empty(), "it was a single command");
                (replies, only.error, Arc::new(program.words))
            }
            _ => unreachable!("it was no command of its own"),
        }
    }
}
