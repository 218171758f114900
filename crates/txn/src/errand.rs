//! Errands: what a transaction does on one shard when its turn has come.

use commands::{PartFn, Partial};
use keyspace::{Author, Change, LentKey, Shard, Sighting, Touches, Wait};
use resp::{Args, ReplyBuffer};

use crate::intents::Claim;
use crate::loan::changes_elsewhere;
use crate::message::{Caller, Hosted, Lent, Stop};
use crate::queue::{Messages, Surroundings};
use crate::waiters::{Waiter, Waiters, keys_of, waiter_at};
use crate::{Destination, Message, Placement, Program, ShardId, TxnId, Wagon, Words};

/// What a transaction wants of one shard.
pub struct Errand {
    /// Which transaction.
    pub txn: TxnId,
    /// Whose.
    pub client: Author,
    /// The number that it has drawn.
    pub number: u64,
    /// The shard.
    pub shard: ShardId,
    /// What it means to use there.
    pub claim: Claim,
    /// Its command may need memory, so that the shard may have something against it.
    pub needs_room: bool,
    /// What it does when its turn has come.
    pub work: Work,
    /// A waiter runs again: its place is held, and its program is on the shard.
    pub is_held: bool,
    /// All other shards have confirmed: if it is in order here, it is decided by that.
    pub is_last: bool,
}

/// What a transaction does on one shard.
pub enum Work {
    /// Runs a part.
    Part { part: PartFn, words: Words, caller: Caller },
    /// Lends keys to the home shard.
    Lend { keys: Vec<LentKey>, watched: Vec<Sighting>, home: ShardId },
    /// Runs the whole program, once so many lenders have lent.
    Host {
        program: Box<Program>,
        watched: Vec<Sighting>,
        lenders: usize,
        lent: Vec<Lent>,
        /// Others who wait for this key have their turn afterwards.
        then_look_at: Option<LentKey>,
    },
    /// Stands still while somebody has the house.
    Hold { watched: Vec<Sighting> },
    /// Lets whoever has the shard run the wagon of a train.
    Wagon(Box<Wagon>),
}

impl Work {
    /// The keys that its client watches there.
    pub(crate) fn into_watched(self) -> Vec<Sighting> {
        match self {
            Self::Part { .. } | Self::Wagon(_) => Vec::new(),
            Self::Lend { watched, .. } | Self::Host { watched, .. } | Self::Hold { watched } => {
                watched
            }
        }
    }
}

/// Runs what need not wait for anybody any more, and answers its coordinator.
pub(crate) fn run_errand(
    (shard, waiters): (&mut Shard, &mut Waiters),
    errand: Errand,
    surroundings: Surroundings<'_>,
    out: &mut Messages,
) {
    let Errand { txn, number: asked, shard: id, work, .. } = errand;
    match work {
        Work::Part { part, words, caller } => {
            let partial = run_part(shard, part, &caller, words.as_args());
            out.push_back((
                Destination::Coordinator(txn),
                Message::Ran { txn, shard: id, partial },
            ));
        }
        Work::Host { program, watched, mut lent, then_look_at, .. } => {
            let untouched = unwatch(shard, &watched) && !lent.iter().any(|lent| lent.is_touched);
            let (outcome, changes) = if untouched {
                host(shard, id, program, &mut lent, surroundings)
            } else {
                (Outcome::Done(Hosted::nothing(program, None)), Vec::new())
            };
            let waiter = tell(txn, asked, outcome, out);
            send_home((txn, lent), changes, waiter.as_ref(), surroundings.placement, out);
            if let Some(mut waiter) = waiter {
                waiter.keys = keys_of(&waiter.program, &waiter.wait, |key| {
                    surroundings.placement.shard_of(key) == id
                });
                waiters.add(shard, waiter);
            }
            if let Some(LentKey { db, key }) = then_look_at {
                shard.look_at(db, &key);
            }
        }
        Work::Lend { .. } | Work::Hold { .. } => unreachable!("it ends when a message comes"),
        Work::Wagon(_) => unreachable!("it is handed out"),
    }
}

/// What came of a program.
enum Outcome {
    /// It has run.
    Done(Hosted),
    /// It has found nothing.
    Waits(Box<Program>, Wait),
}

/// Tells the coordinator. Answers the waiter, if the program waits.
fn tell(txn: TxnId, asked: u64, outcome: Outcome, out: &mut Messages) -> Option<Waiter> {
    let (message, waiter) = match outcome {
        Outcome::Done(hosted) => (Message::Hosted { txn, hosted: Box::new(hosted) }, None),
        Outcome::Waits(program, wait) => {
            let until = wait.until;
            let keys = Vec::new();
            let waiter = Waiter { txn, asked, program, wait, keys, is_alone: false };
            (Message::Blocked { txn, asked, until }, Some(waiter))
        }
    };
    out.push_back((Destination::Coordinator(txn), message));
    waiter
}

/// Runs a walk's part, and answers its coordinator.
pub(crate) fn run_ask(shard: &mut Shard, ask: Message, out: &mut Messages) {
    let Message::Ask { txn, shard: id, part, words, caller } = ask else {
        unreachable!("only a walk asks")
    };
    let partial = run_part(shard, part, &caller, words.as_args());
    out.push_back((Destination::Coordinator(txn), Message::Ran { txn, shard: id, partial }));
}

/// Runs a program on the shard that has all its keys, unless a watched one was touched.
pub(crate) fn run_solo(
    (shard, waiters): (&mut Shard, &mut Waiters),
    (txn, stop, program): (TxnId, &Stop, Box<Program>),
    surroundings: Surroundings<'_>,
    out: &mut Messages,
) {
    let mut replies = ReplyBuffer::new();
    let place = (stop.shard, surroundings.placement.shards() as u16);
    let stopwatch = surroundings.stopwatch;
    let (done, wait) = if unwatch(shard, &stop.watched) {
        let (done, wait) = program
            .with_patience(shard, |shard| program.run(shard, place, &mut replies, stopwatch));
        (Some(done), wait)
    } else {
        (None, None)
    };
    let outcome = match wait {
        None => Outcome::Done(Hosted { program, replies, done, veto: None }),
        Some(wait) => Outcome::Waits(program, wait),
    };
    if let Some(waiter) = tell(txn, 0, outcome, out) {
        waiters.add(shard, Waiter::alone(txn, waiter.program, waiter.wait));
    }
}

/// Ends the watching of these keys. Answers whether all of them were left alone.
pub fn unwatch(shard: &mut Shard, sightings: &[Sighting]) -> bool {
    let mut is_intact = true;
    // Each of them has to be told, whatever became of those before it.
    for sighting in sightings {
        is_intact &= shard.unwatch(sighting);
    }
    is_intact
}

pub(crate) fn run_part(
    shard: &mut Shard,
    part: PartFn,
    caller: &Caller,
    words: Args<'_>,
) -> Partial {
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    part(&mut cx, words)
}

/// Runs a whole program with guests among the shard's own keys. Answers what its coordinator is
/// told, and the changes of keys that live elsewhere.
fn host(
    shard: &mut Shard,
    id: ShardId,
    program: Box<Program>,
    lent: &mut [Lent],
    surroundings: Surroundings<'_>,
) -> (Outcome, Vec<Change>) {
    let Surroundings { placement, stopwatch, .. } = surroundings;
    for lent in lent.iter_mut() {
        shard.admit(&mut lent.guests);
    }
    let mut replies = ReplyBuffer::new();
    let place = (id, placement.shards() as u16);
    let mut changes = Vec::new();
    let (done, wait) = program.with_patience(shard, |shard| {
        program.run_and_tell(shard, place, (&mut replies, stopwatch), |shard, first| {
            changes.extend(changes_elsewhere(shard, first, |key| placement.shard_of(key) == id));
        })
    });
    for lent in lent.iter_mut() {
        shard.dismiss(&mut lent.guests);
    }
    let outcome = match wait {
        None => Outcome::Done(Hosted { program, replies, done: Some(done), veto: None }),
        Some(wait) => Outcome::Waits(program, wait),
    };
    (outcome, changes)
}

/// Guests go home with what happened to them, and with who waits for them.
fn send_home(
    (txn, lent): (TxnId, Vec<Lent>),
    mut changes: Vec<Change>,
    waiter: Option<&Waiter>,
    placement: &Placement,
    out: &mut Messages,
) {
    for Lent { lender: shard, guests, .. } in lent {
        let is_its = |change: &mut Change| match &change.touches {
            Touches::Key { key, .. } => placement.shard_of(key) == shard,
            _ => unreachable!("what goes home touches single keys"),
        };
        let changes = changes.extract_if(.., is_its).collect();
        let waits = waiter.and_then(|it| waiter_at(shard, it, |key| placement.shard_of(key)));
        let home = Message::Return { txn, shard, guests, changes, waits };
        out.push_back((Destination::Shard(shard), home));
    }
    assert!(changes.is_empty(), "only lent keys were changed");
}
