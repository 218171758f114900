//! Errands: what a transaction does on one shard when its turn has come.

use commands::{PartFn, Partial, ShardFn};
use keyspace::{Author, Change, Guest, LentKey, Shard, Touches};
use resp::{Args, Argv, ReplyBuffer, ReplyWriter};

use crate::intents::Claim;
use crate::loan::changes_elsewhere;
use crate::message::Caller;
use crate::queue::Messages;
use crate::{Destination, Message, Placement, ShardId, TxnId};

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
    Lend { keys: Vec<LentKey>, home: ShardId },
    /// Runs the whole command, once the guests of so many lenders have come.
    Host { run: ShardFn, words: Argv, caller: Caller, lenders: usize, guests: Guests },
}

/// What was lent, by lender.
pub type Guests = Vec<(ShardId, Vec<Guest>)>;

/// Runs what need not wait for anybody any more, and answers its coordinator.
pub(crate) fn run_errand(
    shard: &mut Shard,
    placement: &Placement,
    errand: Errand,
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
        Work::Host { run, words, caller, mut guests, .. } => {
            let is_ours = |key: &[u8]| placement.shard_of(key) == id;
            let (message, changes) =
                host(shard, (txn, run), (words.as_args(), &caller), &mut guests, is_ours);
            out.push_back((Destination::Coordinator(txn), message));
            send_home(txn, guests, changes, placement, out);
        }
        Work::Lend { .. } => unreachable!("a loan ends when it comes home"),
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

/// Runs a whole command with guests among the shard's own keys. Answers what its coordinator is
/// told, and the changes of keys that live elsewhere.
fn host(
    shard: &mut Shard,
    (txn, run): (TxnId, ShardFn),
    (words, caller): (Args<'_>, &Caller),
    guests: &mut Guests,
    is_ours: impl Fn(&[u8]) -> bool,
) -> (Message, Vec<Change>) {
    for (_, guests) in guests.iter_mut() {
        shard.admit(guests);
    }
    let mut cx = shard.cx(caller.db, caller.author);
    cx.touch = caller.touch;
    let mut reply = ReplyBuffer::new();
    let mut writer = ReplyWriter::new(&mut reply, caller.protocol);
    let error = writer.attempt(|writer| run(&mut cx, words, writer));
    let changes = changes_elsewhere(shard, is_ours);
    for (_, guests) in guests.iter_mut() {
        shard.dismiss(guests);
    }
    (Message::Hosted { txn, reply, error }, changes)
}

/// Guests go home with what happened to them.
fn send_home(
    txn: TxnId,
    guests: Guests,
    mut changes: Vec<Change>,
    placement: &Placement,
    out: &mut Messages,
) {
    for (shard, guests) in guests {
        let is_its = |change: &mut Change| match &change.touches {
            Touches::Key { key, .. } => placement.shard_of(key) == shard,
            _ => unreachable!("what goes home touches single keys"),
        };
        let its = changes.extract_if(.., is_its).collect();
        out.push_back((
            Destination::Shard(shard),
            Message::Return { txn, shard, guests, changes: its },
        ));
    }
    assert!(changes.is_empty(), "only lent keys were changed");
}
