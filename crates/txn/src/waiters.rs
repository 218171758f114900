//! Who waits on a shard until a key has something, in which order, and what is held for whom.
//!
//! **Invariants**
//! - The shard knows of a key ([`Shard::await_key`]) as long as somebody waits for it.
//! - A waiter keeps its rank as long as it waits, and when it has run in vain as well: on each of
//!   its keys it stands behind those who have come before it.
//! - A key that is held is held for one waiter, until that one has been served or has left.
//!
//! **Not here:** serving (`queue/serve.rs`); the decision whether somebody still waits
//! (`coordinator/blocking.rs`).

use std::collections::BTreeMap;

use keyspace::{DbIndex, LentKey, Shard, Wait};
use stdx::HashMap;

use crate::{Claim, Patience, Program, ShardId, TxnId};

/// A command that waits on a shard.
pub struct Waiter {
    /// Its transaction.
    pub txn: TxnId,
    /// The number by which it was scheduled when it found nothing; 0 if it needed none.
    pub asked: u64,
    /// The command, as one step.
    pub program: Box<Program>,
    /// What it asked for.
    pub wait: Wait,
    /// Those of its keys that are here.
    pub keys: Vec<Box<[u8]>>,
    /// All its keys are here: the shard decides whether it is served.
    pub is_alone: bool,
}

impl Waiter {
    /// A waiter whose keys are all on one shard.
    #[must_use]
    pub fn alone(txn: TxnId, program: Box<Program>, wait: Wait) -> Self {
        let keys = keys_of(&program, &wait, |_| true);
        Self { txn, asked: 0, program, wait, keys, is_alone: true }
    }

    /// The database that its keys are in.
    pub(crate) fn db(&self) -> DbIndex {
        self.program.steps[0].db
    }
}

/// The keys that a command waits for, as far as they are among those that are asked for.
pub(crate) fn keys_of(
    program: &Program,
    wait: &Wait,
    is_asked: impl Fn(&[u8]) -> bool,
) -> Vec<Box<[u8]>> {
    let words = program.args(&program.steps[0]).slice(wait.keys.clone());
    words.iter().filter(|key| is_asked(key)).map(Box::from).collect()
}

/// A key that nobody else may touch until its first waiter has been served, or has left.
pub(crate) struct Hold {
    pub(crate) key: LentKey,
    pub(crate) txn: TxnId,
    /// What is claimed meanwhile, if the queue does not claim it.
    pub(crate) claim: Option<Claim>,
    /// The number under which the waiter runs again, if it does.
    pub(crate) number: Option<u64>,
}

/// By rank.
type Line = BTreeMap<u64, TxnId>;

/// The waiters of one shard.
#[derive(Default)]
pub(crate) struct Waiters {
    all: HashMap<TxnId, (u64, Waiter)>,
    /// By database.
    lines: Vec<HashMap<Box<[u8]>, Line>>,
    holds: Vec<Hold>,
    next_rank: u64,
    /// Keys that the shard shall forget as soon as it is here.
    forgotten: Vec<LentKey>,
    /// A command that has left before it was known here that it waits.
    departed: Option<TxnId>,
}

impl Waiters {
    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Takes a waiter in; it stands where its patience says.
    pub(crate) fn add(&mut self, shard: &mut Shard, mut waiter: Waiter) {
        self.next_rank += 1;
        let rank = match waiter.program.patience {
            Patience::Since(rank) => rank,
            _ => self.next_rank,
        };
        waiter.program.patience = Patience::Since(rank);
        let db = waiter.db();
        if self.lines.len() <= db.index() {
            self.lines.resize_with(db.index() + 1, HashMap::default);
        }
        let lines = &mut self.lines[db.index()];
        for key in &waiter.keys {
            lines.entry(key.clone()).or_default().insert(rank, waiter.txn);
            shard.await_key(db, key);
        }
        let old = self.all.insert(waiter.txn, (rank, waiter));
        assert!(old.is_none(), "a command waits once on a shard");
    }

    /// One waiter.
    pub(crate) fn get(&self, txn: TxnId) -> Option<&Waiter> {
        self.all.get(&txn).map(|(_, waiter)| waiter)
    }

    /// A waiter waits no more. The shard may be away.
    pub(crate) fn remove(&mut self, shard: Option<&mut Shard>, txn: TxnId) -> Option<Waiter> {
        let (rank, waiter) = self.all.remove(&txn)?;
        let db = waiter.db();
        let lines = &mut self.lines[db.index()];
        for key in &waiter.keys {
            // A key that is named twice is gone by now.
            let Some(line) = lines.get_mut(key) else { continue };
            line.remove(&rank);
            if line.is_empty() {
                lines.remove(key);
                self.forgotten.push(LentKey { db, key: key.clone() });
            }
        }
        if let Some(shard) = shard {
            self.forget_on(shard);
        }
        Some(waiter)
    }

    /// Tells the shard which keys nobody waits for any more.
    pub(crate) fn forget_on(&mut self, shard: &mut Shard) {
        for LentKey { db, key } in self.forgotten.drain(..) {
            // Somebody else may have come meanwhile.
            if !self.lines[db.index()].contains_key(&key) {
                shard.forget_key(db, &key);
            }
        }
    }

    /// The first who can do something with what a key has, and for whom nothing is held.
    pub(crate) fn first_for(
        &self,
        db: DbIndex,
        key: &[u8],
        can_use: impl Fn(&Wait) -> bool,
    ) -> Option<TxnId> {
        let line = self.lines.get(db.index())?.get(key)?;
        let can = |txn: &&TxnId| {
            let waiter = self.get(**txn).expect("who stands in a line waits");
            can_use(&waiter.wait) && !self.holds.iter().any(|hold| hold.txn == **txn)
        };
        line.values().find(can).copied()
    }

    /// Holds a key.
    pub(crate) fn hold(&mut self, hold: Hold) {
        assert!(!self.is_held(hold.key.db, &hold.key.key), "a key is held once");
        self.holds.push(hold);
    }

    /// Whether a key is held.
    pub(crate) fn is_held(&self, db: DbIndex, key: &[u8]) -> bool {
        self.holds.iter().any(|hold| hold.key.db == db && *hold.key.key == *key)
    }

    /// Holds the key for its waiter no longer.
    pub(crate) fn release(&mut self, txn: TxnId) -> Option<Hold> {
        let place = self.holds.iter().position(|hold| hold.txn == txn)?;
        Some(self.holds.swap_remove(place))
    }

    /// A command that is not known to wait has left.
    pub(crate) fn depart(&mut self, txn: TxnId) {
        self.departed = Some(txn);
    }

    /// Whether a command has left before it was known to wait; asked once.
    pub(crate) fn has_departed(&mut self, txn: TxnId) -> bool {
        self.departed.take_if(|departed| *departed == txn).is_some()
    }
}

/// A waiter on its way to a lender of its keys.
pub(crate) fn waiter_at(
    shard: ShardId,
    template: &Waiter,
    shard_of: impl Fn(&[u8]) -> ShardId,
) -> Option<Box<Waiter>> {
    let keys = keys_of(&template.program, &template.wait, |key| shard_of(key) == shard);
    (!keys.is_empty()).then(|| {
        // Ranks are those of one shard.
        let program = Box::new(template.program.as_ref().clone().patient());
        Box::new(Waiter {
            txn: template.txn,
            asked: template.asked,
            program,
            wait: template.wait.clone(),
            keys,
            is_alone: false,
        })
    })
}
