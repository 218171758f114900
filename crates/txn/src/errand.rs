//! Errands: what a transaction does on one shard when its turn has come.

use commands::{PartFn, Partial};
use keyspace::{Author, Change, LentKey, Shard, Sighting, Touches};
use resp::{Args, Argv, ReplyBuffer};

use crate::intents::Claim;
use crate::loan::changes_elsewhere;
use crate::message::{Caller, Hosted, Lent, Stop};
use crate::queue::{Messages, Surroundings};
use crate::{Destination, Message, Placement, Program, ShardId, TxnId};

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
    /// What it does when its turn has come.
    pub work: Work,
}

/// What a transaction does on one shard.
pub enum Work {
    /// Runs a part.
    Part { part: PartFn, words: Argv, caller: Caller },
    /// Lends keys to the home shard.
    Lend { keys: Vec<LentKey>, watched: Vec<Sighting>, home: ShardId },
    /// Runs the whole program, once so many lenders have lent.
    Host { program: Box<Program>, watched: Vec<Sighting>, lenders: usize, lent: Vec<Lent> },
    /// Stands still while somebody has the house.
    Hold { watched: Vec<Sighting> },
}

/// Runs what need not wait for anybody any more, and answers its coordinator.
pub(crate) fn run_errand(
    shard: &mut Shard,
    errand: Errand,
    surroundings: Surroundings<'_>,
    out: &mut Messages,
) {
    let Errand { txn, shard: id, work, .. } = errand;
    match work {
        Work::Part { part, words, caller } => {
            let partial = run_part(shard, part, &caller, words.as_args());
            out.push_back((
                Destination::Coordinator(txn),
                Message::Ran { txn, shard: id, partial },
            ));
        }
        Work::Host { program, watched, mut lent, .. } => {
            let untouched = unwatch(shard, &watched) && !lent.iter().any(|lent| lent.is_touched);
            let (hosted, changes) = if untouched {
                host(shard, id, program, &mut lent, surroundings)
            } else {
                (Hosted { program, replies: ReplyBuffer::new(), done: None }, Vec::new())
            };
            let hosted = Message::Hosted { txn, hosted: Box::new(hosted) };
            out.push_back((Destination::Coordinator(txn), hosted));
            send_home(txn, lent, changes, surroundings.placement, out);
        }
        Work::Lend { .. } | Work::Hold { .. } => unreachable!("it ends when a message comes"),
    }
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
    shard: &mut Shard,
    (txn, stop, program): (TxnId, &Stop, Box<Program>),
    surroundings: Surroundings<'_>,
    out: &mut Messages,
) {
    let mut replies = ReplyBuffer::new();
    let place = (stop.shard, surroundings.placement.shards() as u16);
    let done = unwatch(shard, &stop.watched)
        .then(|| program.run(shard, place, &mut replies, surroundings.stopwatch));
    let hosted = Box::new(Hosted { program, replies, done });
    out.push_back((Destination::Coordinator(txn), Message::Hosted { txn, hosted }));
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
) -> (Hosted, Vec<Change>) {
    let Surroundings { placement, stopwatch, .. } = surroundings;
    for lent in lent.iter_mut() {
        shard.admit(&mut lent.guests);
    }
    let mut replies = ReplyBuffer::new();
    let place = (id, placement.shards() as u16);
    let mut changes = Vec::new();
    let done = program.run_and_tell(shard, place, (&mut replies, stopwatch), |shard, first| {
        changes.extend(changes_elsewhere(shard, first, |key| placement.shard_of(key) == id));
    });
    for lent in lent.iter_mut() {
        shard.dismiss(&mut lent.guests);
    }
    (Hosted { program, replies, done: Some(done) }, changes)
}

/// Guests go home with what happened to them.
fn send_home(
    txn: TxnId,
    lent: Vec<Lent>,
    mut changes: Vec<Change>,
    placement: &Placement,
    out: &mut Messages,
) {
    for Lent { lender: shard, guests, .. } in lent {
        let is_its = |change: &mut Change| match &change.touches {
            Touches::Key { key, .. } => placement.shard_of(key) == shard,
            _ => unreachable!("what goes home touches single keys"),
        };
        let changes = changes.extract_if(.., is_its).collect();
        let home = Message::Return { txn, shard, guests, changes };
        out.push_back((Destination::Shard(shard), home));
    }
    assert!(changes.is_empty(), "only lent keys were changed");
}
