//! Long histories, part by part: each part begins where all earlier operations have been answered.
//!
//! What passes from one part to the next is the set of keyspaces that some order may have led to,
//! so a history is checked in the time that its parts need, one after another. After a census (see
//! [`Action::Census`]) there is only one such keyspace, and any order will do.

use super::model::Keyspace;
use super::operation::{Action, Operation, Order};
use super::search::{Ends, Found, Search};
use super::verdict::Verdict;

/// Operations that may be tried in one part, if nothing else is said.
const EFFORT: u64 = 5_000_000;
/// The same where all orders are asked for, and one with what follows may do as well.
const EFFORT_FOR_ALL: u64 = 50_000;

/// Checks a history as it grows.
pub struct Checker {
    order: Order,
    effort: u64,
    /// Where the history may stand.
    stands: Vec<Keyspace>,
    checked: usize,
}

impl Checker {
    /// A checker for a history that begins with an empty keyspace.
    #[must_use]
    pub fn new(keys: usize, order: Order) -> Self {
        let stands = vec![Keyspace::empty(keys)];
        Self { order, effort: EFFORT, stands, checked: 0 }
    }

    /// The same with another limit for the operations to be tried in one part.
    #[must_use]
    pub fn effort(mut self, effort: u64) -> Self {
        self.effort = effort;
        self
    }

    /// How many operations have been found in order.
    #[must_use]
    pub fn checked(&self) -> usize {
        self.checked
    }

    /// How the keys may stand now.
    #[must_use]
    pub fn stands(&self) -> &[Keyspace] {
        &self.stands
    }

    /// Goes on with operations all of which were asked after the last ones were answered, and that
    /// are all answered now, or have no effect later than this.
    ///
    /// After anything but [`Verdict::Linearizable`] the checker has not moved.
    pub fn take(&mut self, operations: Vec<Operation>) -> Verdict {
        self.go_on(operations, Ends::All)
    }

    /// The same for the end of a history: nothing comes after it.
    pub fn take_last(&mut self, operations: Vec<Operation>) -> Verdict {
        self.go_on(operations, Ends::Any)
    }

    fn go_on(&mut self, mut operations: Vec<Operation>, last: Ends) -> Verdict {
        operations.sort_by_key(|operation| operation.invoked);
        let count = operations.len();
        let mut stands: Option<Vec<Keyspace>> = None;
        let (mut from, mut to) = (0, 0);
        while from < count {
            to = end_of_part(&operations, to);
            let part = &operations[from..to];
            let is_counted = matches!(part[part.len() - 1].action, Action::Census(_));
            let ends = if is_counted {
                Ends::Any
            } else if to == count {
                last
            } else {
                Ends::All
            };
            let effort =
                if ends == Ends::All { self.effort.min(EFFORT_FOR_ALL) } else { self.effort };
            let search = Search::new(part, self.order, ends, effort);
            match search.from(stands.as_ref().unwrap_or(&self.stands)) {
                Found::Ends(ends) => {
                    stands = Some(ends);
                    from = to;
                }
                Found::Nothing { stuck, is_certain: true } => return Verdict::Violation(stuck),
                // It may be easier to find any order with what follows than all without it.
                Found::Nothing { .. } if to < count => {}
                Found::Nothing { stuck, .. } => return Verdict::Undecided(stuck),
            }
        }
        self.stands = stands.unwrap_or_else(|| std::mem::take(&mut self.stands));
        self.checked += count;
        Verdict::Linearizable
    }
}

/// The end of the part that goes on at `from`: behind the next census, where any order will do, or
/// else the next place where nothing is open.
fn end_of_part(operations: &[Operation], from: usize) -> usize {
    let (mut returned, mut first_end) = (0, None);
    for (index, operation) in operations.iter().enumerate().skip(from) {
        if index > from && returned < operation.invoked {
            if matches!(operation.action, Action::Census(_)) {
                return index + 1;
            }
            first_end = first_end.or(Some(index));
        }
        returned = returned.max(operation.returned());
    }
    match operations.last().map(|last| &last.action) {
        Some(Action::Census(_)) => operations.len(),
        _ => first_end.unwrap_or(operations.len()),
    }
}

/// Checks a whole history that begins with an empty keyspace.
pub fn check(operations: Vec<Operation>, keys: usize, order: Order) -> Verdict {
    Checker::new(keys, order).take_last(operations)
}
