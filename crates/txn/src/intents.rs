//! Intents: counters of who means to use which keys of a shard, and how.
//!
//! A key is known by its hash alone. Two keys with one hash, and one name in two databases, wait
//! for each other now and then, which costs a little time; in return MOVE and COPY ... DB need no
//! care, and a counter needs no copy of its key.
//!
//! **Invariant:** every claim that was added is removed once, so an idle shard has no counters.

use smallvec::SmallVec;

mod counters;

use counters::Counters;

/// Whether others may use the same keys at the same time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// For reading: others may read.
    Shared,
    /// For writing: nobody else may do anything.
    Exclusive,
}

/// What one command means to use on one shard.
#[derive(Clone, Debug)]
pub struct Claim {
    mode: Mode,
    is_whole: bool,
    hashes: SmallVec<[u64; 6]>,
}

impl Claim {
    /// Keys, by their hashes. A key may be named twice.
    #[must_use]
    pub fn keys(mode: Mode, hashes: SmallVec<[u64; 6]>) -> Self {
        Self { mode, is_whole: false, hashes }
    }

    /// The whole shard, absent keys too.
    #[must_use]
    pub fn whole(mode: Mode) -> Self {
        Self { mode, is_whole: true, hashes: SmallVec::new() }
    }

    /// How.
    #[inline]
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// One key more.
    #[inline]
    pub fn add_key(&mut self, hash: u64) {
        self.hashes.push(hash);
    }

    /// All keys of another claim, too.
    pub fn add_keys(&mut self, other: &Self) {
        self.hashes.extend_from_slice(&other.hashes);
    }

    /// Whether a key with this hash is among those that are named.
    #[inline]
    #[must_use]
    pub fn names(&self, hash: u64) -> bool {
        self.hashes.contains(&hash)
    }

    /// No key is named any more.
    pub fn clear(&mut self) {
        self.hashes.clear();
    }
}

/// How many mean to use something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Count {
    shared: u32,
    exclusive: u32,
}

impl Count {
    fn of(&mut self, mode: Mode) -> &mut u32 {
        match mode {
            Mode::Shared => &mut self.shared,
            Mode::Exclusive => &mut self.exclusive,
        }
    }

    fn is_zero(self) -> bool {
        self.shared == 0 && self.exclusive == 0
    }

    /// Whether somebody who wants this must wait.
    fn bars(self, mode: Mode) -> bool {
        self.exclusive > 0 || mode == Mode::Exclusive && self.shared > 0
    }
}

/// The counters of one shard.
#[derive(Debug, Default)]
pub(crate) struct Intents {
    keys: Counters,
    /// All counters of `keys` together.
    any_key: Count,
    whole: Count,
}

impl Intents {
    /// Whether somebody else means to use what this claim needs.
    pub(crate) fn meet(&self, claim: &Claim) -> bool {
        if self.whole.bars(claim.mode) {
            return true;
        }
        if claim.is_whole {
            return self.any_key.bars(claim.mode);
        }
        claim.hashes.iter().any(|&hash| self.keys.get(hash).bars(claim.mode))
    }

    /// Whether somebody else means to read what this claim needs.
    pub(crate) fn have_readers(&self, claim: &Claim) -> bool {
        let reads = |&hash: &u64| self.keys.get(hash).shared > 0;
        self.whole.shared > 0
            || claim.is_whole && self.any_key.shared > 0
            || claim.hashes.iter().any(reads)
    }

    pub(crate) fn add(&mut self, claim: &Claim) {
        if claim.is_whole {
            *self.whole.of(claim.mode) += 1;
        }
        for &hash in &claim.hashes {
            self.keys.add(hash, claim.mode);
        }
        *self.any_key.of(claim.mode) += claim.hashes.len() as u32;
    }

    /// # Panics
    /// If the claim was not added.
    pub(crate) fn remove(&mut self, claim: &Claim) {
        let one_less = |count: &mut u32, by: u32| {
            *count = count.checked_sub(by).expect("what is removed was added");
        };
        if claim.is_whole {
            one_less(self.whole.of(claim.mode), 1);
        }
        for &hash in &claim.hashes {
            self.keys.take(hash, claim.mode);
        }
        one_less(self.any_key.of(claim.mode), claim.hashes.len() as u32);
    }

    /// Keys that somebody means to use, the whole shard counted as one.
    pub(crate) fn len(&self) -> usize {
        self.keys.len() + usize::from(!self.whole.is_zero())
    }
}
