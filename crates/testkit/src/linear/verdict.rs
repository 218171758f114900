//! What a check found, written so that a reader can see what went wrong.

use std::fmt;

use super::model::Value;
use super::operation::{Action, Operation};

/// What came out.
#[derive(Debug)]
#[must_use]
pub enum Verdict {
    /// There is an order.
    Linearizable,
    /// There is none: no order gets further than this.
    Violation(Box<Stuck>),
    /// None was found with the effort allowed; the best one got so far.
    Undecided(Box<Stuck>),
}

impl Verdict {
    /// Whether there is an order.
    #[must_use]
    pub fn is_linearizable(&self) -> bool {
        matches!(self, Self::Linearizable)
    }

    /// Whether it is certain that there is none.
    #[must_use]
    pub fn is_violation(&self) -> bool {
        matches!(self, Self::Violation(_))
    }

    /// Fails a test unless there is an order.
    ///
    /// # Panics
    /// With the place where every order ends, and what was tried there.
    #[track_caller]
    pub fn demand(&self, names: &[String], title: &str) {
        let (what, stuck) = match self {
            Self::Linearizable => return,
            Self::Violation(stuck) => ("not linearizable", stuck),
            Self::Undecided(stuck) => ("undecided: too many orders to try", stuck),
        };
        panic!("{title}: {what}\n{}", Told { stuck, names });
    }
}

/// Where the best order ends.
#[derive(Debug)]
pub struct Stuck {
    /// The last operations of that order.
    pub(super) order: Vec<Operation>,
    /// What the keys held before the first operation.
    pub(super) start: Vec<Option<Value>>,
    /// How many it has, and of how many.
    pub(super) done: usize,
    pub(super) all: usize,
    /// What the keys hold then.
    pub(super) values: Vec<Option<Value>>,
    /// What would have to come next; one of these cannot wait any longer.
    pub(super) pending: Vec<Operation>,
}

impl Stuck {
    /// How many operations could be ordered.
    #[must_use]
    pub fn done(&self) -> usize {
        self.done
    }
}

struct Told<'a> {
    stuck: &'a Stuck,
    names: &'a [String],
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stuck { order, start, done, all, values, pending } = self.stuck;
        writeln!(f, "in the beginning the keys held:")?;
        self.tell_values(start, f)?;
        writeln!(f, "the best order has {done} of {all} operations; its last ones:")?;
        order.iter().try_for_each(|operation| self.tell(operation, f))?;
        writeln!(f, "the keys hold then:")?;
        self.tell_values(values, f)?;
        writeln!(f, "and what comes next does not fit; the first ones to be answered:")?;
        pending.iter().try_for_each(|operation| self.tell(operation, f))
    }
}

impl Told<'_> {
    fn tell_values(&self, values: &[Option<Value>], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.names.iter().zip(values) {
            if let Some(value) = value {
                writeln!(f, "  {name} = {value:?}")?;
            }
        }
        Ok(())
    }

    fn tell(&self, operation: &Operation, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { client, action, invoked, answer } = operation;
        match client {
            &usize::MAX => write!(f, "  census")?,
            client => write!(f, "  client {client}")?,
        }
        match answer {
            Some((returned, _)) => write!(f, " [{invoked}..{returned}]")?,
            None => write!(f, " [{invoked}..")?,
        }
        for (number, words) in action.requests(self.names).iter().enumerate() {
            write!(f, "{}{}", if number == 0 { " " } else { "; " }, words.join(" "))?;
        }
        match (action, answer) {
            (Action::Census(values), _) => writeln!(f, " found {values:?}"),
            (_, Some((_, reply))) => writeln!(f, " -> {reply:?}"),
            (_, None) => writeln!(f, " -> no answer"),
        }
    }
}
