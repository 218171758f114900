//! The search for an order, after Wing and Gong, with Lowe's memory of what was tried.
//!
//! **Steps** at each point of an order, where some operations have taken effect:
//! 1. *Pending* are those that may come next in time: asked before any that has not taken effect
//!    yet was answered.
//! 2. If one of them leaves everything as it is and its reply fits, it is taken, and no other
//!    choice need be tried: whatever order there is stays one when it comes first.
//! 3. Else some operation, the *next*, is the first of them that was answered. Only its *circle* is
//!    tried: the operations that may touch what it touches, those that may touch what these touch,
//!    and so on, with those that must come before one of them. What is outside of the circle
//!    commutes with all in it, so in any order the first of the circle may come at once. (This is a
//!    stubborn set; independent keys are thus searched apart from each other.)
//! 4. A choice whose reply does not fit is taken back. A set of done operations with a keyspace
//!    that was met before is not followed again.
//!
//! **Invariants**
//! - Undone operations form a list by `invoked`, from which they are unhooked, and into which they
//!   are hooked again in the reverse order.
//! - Those without an answer may be done and need not.

use stdx::HashMap;

use super::command::EVERY_KEY;
use super::model::print::print_of;
use super::model::{Keyspace, Value};
use super::operation::{Operation, Order};
use super::verdict::Stuck;

/// Operations that a report shows before and after the place where it ends.
const SHOWN: usize = 25;
/// The end of the list of undone operations, and its beginning.
const NONE: usize = usize::MAX;

/// A set of keys, as bits.
type Keys = u64;

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Any order: what comes after it does not matter, or all orders end alike.
    Any,
    /// Every keyspace that an order may lead to.
    All,
}

/// What was found.
pub(super) enum Found {
    /// Orders that lead to these.
    Ends(Vec<Keyspace>),
    /// No order, or not with this effort.
    Nothing { stuck: Box<Stuck>, is_certain: bool },
}

/// What the search knows of an operation.
struct Facts {
    keys: Keys,
    written: Keys,
    is_idle: bool,
    /// Done before it in any order.
    after: Vec<usize>,
    returned: u64,
    /// When the first one of its pipeline was answered, then its place there: a server tends to do
    /// pipelines one after another.
    rank: (u64, u64),
    print: u128,
    is_done: bool,
}

/// A point of the order.
struct Frame {
    /// What leads here; nothing at the beginning.
    taken: Option<usize>,
    mark: usize,
    choices: Vec<usize>,
    next: usize,
    /// What decides that there is no order from here on, as far as it has been tried.
    reason: Keys,
}

/// See the head of this file.
pub(super) struct Search<'a> {
    operations: &'a [Operation],
    facts: Vec<Facts>,
    /// The undone neighbours of each, and the first one.
    later: Vec<usize>,
    earlier: Vec<usize>,
    first: usize,
    keyspace: Keyspace,
    /// What it held in the beginning.
    start: Vec<Option<Value>>,
    frames: Vec<Frame>,
    /// Of the done operations.
    print: u128,
    /// Operations that must be done.
    left: usize,
    done: usize,
    /// What was tried before, and why there was no order: [`EVERY_KEY`] if there was one.
    seen: HashMap<u128, Keys>,
    ends: Ends,
    found: Vec<Keyspace>,
    best: Option<Box<Stuck>>,
    effort: u64,
}

impl<'a> Search<'a> {
    /// A search among these operations, which are sorted by `invoked`.
    pub(super) fn new(operations: &'a [Operation], order: Order, ends: Ends, effort: u64) -> Self {
        let mut facts: Vec<Facts> =
            (0..operations.len()).map(|it| facts(operations, it, order)).collect();
        for index in 0..facts.len() {
            if let Some(before) = facts[index].after.first() {
                facts[index].rank.0 = facts[*before].rank.0;
            }
        }
        let count = operations.len();
        Self {
            operations,
            facts,
            later: (0..count).map(|it| if it + 1 < count { it + 1 } else { NONE }).collect(),
            earlier: (0..count).map(|it| it.checked_sub(1).unwrap_or(NONE)).collect(),
            first: if count > 0 { 0 } else { NONE },
            keyspace: Keyspace::empty(0),
            start: Vec::new(),
            frames: Vec::new(),
            print: 0,
            left: operations.iter().filter(|it| it.answer.is_some()).count(),
            done: 0,
            seen: HashMap::default(),
            ends,
            found: Vec::new(),
            best: None,
            effort,
        }
    }

    /// Begins with each of these keyspaces.
    pub(super) fn from(mut self, starts: &[Keyspace]) -> Found {
        for start in starts {
            self.keyspace = start.copy();
            self.start = start.values().to_vec();
            if !self.run() {
                let stuck = self.best.take().unwrap_or_else(|| self.stuck());
                return Found::Nothing { stuck, is_certain: false };
            }
            if self.ends == Ends::Any && !self.found.is_empty() {
                break;
            }
        }
        if self.found.is_empty() {
            let stuck = self.best.take().expect("there was no order, so it ended somewhere");
            return Found::Nothing { stuck, is_certain: true };
        }
        Found::Ends(self.found)
    }

    /// Tries every order, or as many as needed; false if the effort does not suffice.
    fn run(&mut self) -> bool {
        self.enter(None, self.keyspace.mark());
        while let Some(frame) = self.frames.last_mut() {
            let Some(choice) = frame.choices.get(frame.next).copied() else {
                self.leave();
                continue;
            };
            frame.next += 1;
            let Some(effort) = self.effort.checked_sub(1) else { return false };
            self.effort = effort;
            let mark = self.keyspace.mark();
            let is_fitting = self.fits(choice);
            assert!(is_fitting, "a choice was tried before it was offered");
            self.enter(Some(choice), mark);
            if self.ends == Ends::Any && !self.found.is_empty() {
                return true;
            }
        }
        true
    }

    /// Runs an operation; whether it is answered as it was in the history.
    fn fits(&mut self, index: usize) -> bool {
        let operation = &self.operations[index];
        let reply = operation.action.run(&mut self.keyspace, operation.client);
        operation.reply().is_none_or(|seen| *seen == reply)
    }

    /// Whether an operation would fit here.
    fn would_fit(&mut self, index: usize) -> bool {
        let mark = self.keyspace.mark();
        let is_fitting = self.fits(index);
        self.keyspace.undo_to(mark);
        is_fitting
    }

    /// Goes on from where an operation has been run, unless one has been there before.
    fn enter(&mut self, taken: Option<usize>, mark: usize) {
        if let Some(taken) = taken {
            self.unhook(taken);
        }
        let mut frame = Frame { taken, mark, choices: Vec::new(), next: 0, reason: 0 };
        if let Some(reason) = self.seen.get(&self.place()) {
            frame.reason = *reason;
        } else {
            if self.left == 0 {
                self.note_end();
                frame.reason = EVERY_KEY;
            }
            if self.left > 0 || self.ends == Ends::All {
                let (choices, keys) = self.choices();
                frame.choices = choices;
                frame.reason |= keys;
            }
        }
        self.frames.push(frame);
    }

    /// Takes back the last operation: there is no order from here on, or all of them are known.
    fn leave(&mut self) {
        if self.left > 0 && self.best.as_ref().is_none_or(|best| best.done < self.done) {
            self.best = Some(self.stuck());
        }
        let frame = self.frames.pop().expect("there is one to leave");
        self.seen.insert(self.place(), frame.reason);
        self.keyspace.undo_to(frame.mark);
        let Some(taken) = frame.taken else { return };
        self.hook(taken);
        let parent = self.frames.last_mut().expect("what was taken was taken from somewhere");
        if self.facts[taken].keys & frame.reason == 0 && frame.reason != EVERY_KEY {
            // What was taken has nothing to do with it: no other choice helps either.
            parent.reason = frame.reason;
            parent.next = parent.choices.len();
        } else {
            parent.reason |= frame.reason;
        }
    }

    /// Names the done operations with what they have led to.
    fn place(&self) -> u128 {
        self.print ^ self.keyspace.fingerprint()
    }

    fn unhook(&mut self, index: usize) {
        let (earlier, later) = (self.earlier[index], self.later[index]);
        match earlier {
            NONE => self.first = later,
            earlier => self.later[earlier] = later,
        }
        if later != NONE {
            self.earlier[later] = earlier;
        }
        self.facts[index].is_done = true;
        self.print ^= self.facts[index].print;
        self.left -= usize::from(self.operations[index].answer.is_some());
        self.done += 1;
    }

    fn hook(&mut self, index: usize) {
        let (earlier, later) = (self.earlier[index], self.later[index]);
        match earlier {
            NONE => self.first = index,
            earlier => self.later[earlier] = index,
        }
        if later != NONE {
            self.earlier[later] = index;
        }
        self.facts[index].is_done = false;
        self.print ^= self.facts[index].print;
        self.left += usize::from(self.operations[index].answer.is_some());
        self.done -= 1;
    }

    /// The undone operations that may come next in time, with the first of them to be answered.
    fn pending(&self) -> (Vec<usize>, usize) {
        let (mut pending, mut next, mut horizon) = (Vec::new(), NONE, u64::MAX);
        let mut index = self.first;
        while index != NONE && self.operations[index].invoked < horizon {
            pending.push(index);
            if self.facts[index].returned < horizon {
                (next, horizon) = (index, self.facts[index].returned);
            }
            index = self.later[index];
        }
        (pending, next)
    }

    fn is_ready(&self, index: usize) -> bool {
        self.facts[index].after.iter().all(|before| self.facts[*before].is_done)
    }

    /// The operations to be tried next, the likeliest first, and the keys that decide about them.
    fn choices(&mut self) -> (Vec<usize>, Keys) {
        let (pending, next) = self.pending();
        for index in &pending {
            if self.facts[*index].is_idle && self.is_ready(*index) && self.would_fit(*index) {
                return (vec![*index], self.facts[*index].keys);
            }
        }
        let circle = match next {
            // All is done but what was never answered.
            NONE => pending.clone(),
            next => vec![next],
        };
        let (mut choices, keys) = self.widen(circle, &pending);
        choices.sort_by_key(|index| self.facts[*index].rank);
        (choices, keys)
    }

    /// Widens a circle to all that matters to its members. Answers those that may come at once, and
    /// the keys of all members.
    fn widen(&mut self, mut circle: Vec<usize>, pending: &[usize]) -> (Vec<usize>, Keys) {
        let mut outside: Vec<usize> =
            pending.iter().copied().filter(|index| !circle.contains(index)).collect();
        let (mut choices, mut keys, mut at) = (Vec::new(), 0, 0);
        while let Some(&member) = circle.get(at) {
            at += 1;
            keys |= self.facts[member].keys;
            let mut before = self.facts[member].after.iter();
            let before = before.find(|it| !self.facts[**it].is_done).copied();
            let Facts { keys, written, .. } = self.facts[member];
            // One that must wait is helped by the first it waits for, one that does not fit only by
            // those who write what it looks at.
            let (must_come, written) = match before {
                Some(before) => (Some(before), None),
                None if self.would_fit(member) => {
                    choices.push(member);
                    (None, Some(written))
                }
                None => (None, Some(0)),
            };
            outside.retain(|other| {
                let facts = &self.facts[*other];
                let is_touching = written
                    .is_some_and(|written| facts.written & keys != 0 || facts.keys & written != 0);
                let is_joining = is_touching || must_come == Some(*other);
                if is_joining {
                    circle.push(*other);
                }
                !is_joining
            });
        }
        (choices, keys)
    }

    fn note_end(&mut self) {
        let print = self.keyspace.fingerprint();
        if self.found.iter().all(|found| found.fingerprint() != print) {
            self.found.push(self.keyspace.copy());
        }
    }

    fn stuck(&self) -> Box<Stuck> {
        let copy = |index: usize| self.operations[index].clone();
        let latest = self.frames.iter().rev().filter_map(|frame| frame.taken);
        let mut order: Vec<Operation> = latest.take(SHOWN).map(copy).collect();
        order.reverse();
        let mut pending = self.pending().0;
        pending.sort_by_key(|index| self.facts[*index].returned);
        Box::new(Stuck {
            order,
            start: self.start.clone(),
            done: self.done,
            all: self.operations.len(),
            values: self.keyspace.values().to_vec(),
            pending: pending.into_iter().take(SHOWN).map(copy).collect(),
        })
    }
}

fn facts(operations: &[Operation], index: usize, order: Order) -> Facts {
    let operation = &operations[index];
    let (action, reply) = (&operation.action, operation.reply());
    let keys = action.keys();
    Facts {
        keys,
        written: action.written_keys(reply),
        is_idle: action.is_idle(reply),
        after: before_in_pipeline(operations, index, order),
        returned: operation.returned(),
        rank: (operation.returned(), operation.invoked),
        print: print_of(&index),
        is_done: false,
    }
}

/// The operations of the same client that come first although they are answered later than this
/// one is asked.
fn before_in_pipeline(operations: &[Operation], index: usize, order: Order) -> Vec<usize> {
    let Operation { client, invoked, .. } = operations[index];
    let writes = operations[index].action.may_write();
    let mut before = Vec::new();
    for (earlier, other) in operations[..index].iter().enumerate().rev() {
        if other.client != client {
            continue;
        }
        if other.returned() < invoked {
            break;
        }
        match order {
            Order::Strict => return vec![earlier],
            Order::Writes if writes && other.action.may_write() => before.push(earlier),
            _ if operations[index].action.follows(&other.action) => before.push(earlier),
            _ => {}
        }
    }
    before
}
