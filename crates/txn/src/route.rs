//! From a declaration and the words of a request to the shards that must take part.

use command::Spec;
use command::flags::{MAY_REPLICATE, READONLY, WRITE};
use command::key_spec::words_from_fn;
use commands::DbOfKeyFn;
use keyspace::{DbIndex, LentKey};
use resp::{Args, Argv};
use smallvec::SmallVec;

use crate::{Claim, Mode, Placement, ShardId, Stop};

/// The keys of a request that live on one shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The shard.
    pub shard: ShardId,
    /// Places of the keys among the request's words, in order.
    pub positions: SmallVec<[u32; 8]>,
}

/// Where a request with keys must go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// All keys live here, or there are none (then any shard will do).
    One(ShardId),
    /// They live on several shards.
    Many,
}

/// Decides whether one shard has all keys.
///
/// Words that contradict the declaration go to any shard: the command itself refuses them.
#[inline]
#[must_use]
pub fn route(spec: &Spec, args: Args<'_>, placement: &Placement) -> Route {
    if placement.shards() == 1 {
        return Route::One(ShardId(0));
    }
    match spec.simple_keys() {
        Some(keys) if i32::from(keys.last) == i32::from(keys.first) => {
            let key = args.get(usize::from(keys.first));
            Route::One(key.map_or(ShardId(0), |key| placement.shard_of(key)))
        }
        _ => route_many(spec, args, placement),
    }
}

fn route_many(spec: &Spec, args: Args<'_>, placement: &Placement) -> Route {
    let words = words_from_fn(args.len(), |index| args.at(index));
    let Ok(keys) = spec.find_keys(&words) else { return Route::One(ShardId(0)) };
    let mut shards = keys.iter().map(|key| placement.shard_of(args.at(key.index as usize)));
    let Some(first) = shards.next() else { return Route::One(ShardId(0)) };
    if shards.all(|shard| shard == first) { Route::One(first) } else { Route::Many }
}

/// How a command uses its keys, by its declaration.
///
/// One that may replicate is readonly to clients, and writes nevertheless: PFCOUNT keeps what it
/// has counted.
#[must_use]
pub fn mode_of(spec: &Spec) -> Mode {
    let only_looks = match spec.has_keys() {
        true => spec.has(READONLY) && !spec.has(MAY_REPLICATE),
        false => !spec.has(WRITE),
    };
    if only_looks { Mode::Shared } else { Mode::Exclusive }
}

/// What a request whose keys are all on one shard means to use there. Without keys (SCAN) that is
/// the whole shard.
#[must_use]
pub fn claim(spec: &Spec, args: Args<'_>, hash: impl Fn(&[u8]) -> u64) -> Claim {
    let mode = mode_of(spec);
    if !spec.has_keys() {
        return Claim::whole(mode);
    }
    let words = words_from_fn(args.len(), |index| args.at(index));
    // Words that contradict the declaration are refused by the command itself.
    let keys = spec.find_keys(&words).unwrap_or_default();
    Claim::keys(mode, keys.iter().map(|key| hash(args.at(key.index as usize))).collect())
}

/// The hops of a request whose keys live on several shards, in order of each shard's first key.
#[must_use]
pub fn hops(spec: &Spec, args: Args<'_>, placement: &Placement) -> Vec<Hop> {
    let words = words_from_fn(args.len(), |index| args.at(index));
    let keys = spec.find_keys(&words).unwrap_or_default();
    let mut hops: Vec<Hop> = Vec::new();
    for key in keys {
        let shard = placement.shard_of(args.at(key.index as usize));
        match hops.iter_mut().find(|hop| hop.shard == shard) {
            Some(hop) => hop.positions.push(key.index),
            None => hops.push(Hop { shard, positions: SmallVec::from_slice(&[key.index]) }),
        }
    }
    hops
}

/// The words that a hop's part is given: the command's name, and each key with the words that
/// belong to it.
#[must_use]
pub fn part_words(spec: &Spec, args: Args<'_>, hop: &Hop) -> Argv {
    let simple = spec.simple_keys();
    let step = simple.map_or(1, |keys| usize::from(keys.step).max(1));
    // A subcommand's name is two words.
    let name_words = simple.map_or(1, |keys| usize::from(keys.first));
    let mut words = Argv::new();
    for index in 0..name_words {
        push_word(&mut words, args, index);
    }
    for &position in &hop.positions {
        for index in position as usize..(position as usize + step).min(args.len()) {
            push_word(&mut words, args, index);
        }
    }
    words
}

fn push_word(words: &mut Argv, args: Args<'_>, index: usize) {
    match args.big(index) {
        Some(big) => words.push_bytes(big.clone()),
        None => words.push(args.at(index)),
    }
}

/// The stops of a command that runs where its first key is, with every key in the database in which
/// the command will look for it.
#[must_use]
pub fn stops(hops: &[Hop], args: Args<'_>, db: DbIndex, db_of: DbOfKeyFn) -> Vec<Stop> {
    let stop = |hop: &Hop| {
        let mut keys: Vec<LentKey> = Vec::with_capacity(hop.positions.len());
        for &position in &hop.positions {
            let position = position as usize;
            let key = LentKey { db: db_of(args, position, db), key: args.at(position).into() };
            // A key that is named twice is lent once.
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Stop { keys, ..Stop::at(hop.shard) }
    };
    hops.iter().map(stop).collect()
}

/// What a program means to use at one of its stops.
#[must_use]
pub fn claim_of_stop(stop: &Stop, hash: impl Fn(&[u8]) -> u64) -> Claim {
    let watched = stop.watched.iter().map(|sighting| &*sighting.key);
    let keys = stop.keys.iter().map(|lent| &*lent.key);
    Claim::keys(Mode::Exclusive, keys.chain(watched).map(hash).collect())
}
