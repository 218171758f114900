//! From a declaration and the words of a request to the shards that must take part.

use command::Spec;
use command::flags::{MAY_REPLICATE, READONLY, WRITE};
use command::key_spec::words_from_fn;
use commands::DbOfKeyFn;
use keyspace::{DbIndex, LentKey};
use resp::{Args, Span};
use smallvec::{SmallVec, smallvec};

use crate::{Claim, Mode, Placement, ShardId, Stop};

/// The keys of a request that live on one shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The shard.
    pub shard: ShardId,
    /// Places of the keys among the request's words, in order.
    pub positions: SmallVec<[u32; 8]>,
}

/// The words of a part, among those of the request.
pub type Spans = SmallVec<[Span; 16]>;

/// Where a request with keys must go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// All keys live here, or there are none (then any shard will do).
    One(ShardId),
    /// They live on several shards, in order of each shard's first key.
    Many(Vec<Hop>),
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
    let keys = keys_of(spec, args, placement);
    let Some(&(_, first)) = keys.first() else { return Route::One(ShardId(0)) };
    if keys.iter().all(|&(_, shard)| shard == first) {
        return Route::One(first);
    }
    Route::Many(hops_of(&keys))
}

/// The keys of a request: their places, and their shards.
fn keys_of(spec: &Spec, args: Args<'_>, placement: &Placement) -> SmallVec<[(u32, ShardId); 16]> {
    let mut keys = SmallVec::new();
    let mut push = |index: usize| keys.push((index as u32, placement.shard_of(args.at(index))));
    if let Some(simple) = spec.simple_keys() {
        simple.indices(args.len()).for_each(push);
        return keys;
    }
    let words = words_from_fn(args.len(), |index| args.at(index));
    let found = spec.find_keys(&words).unwrap_or_default();
    found.iter().for_each(|key| push(key.index as usize));
    keys
}

fn hops_of(keys: &[(u32, ShardId)]) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    for &(position, shard) in keys {
        match hops.iter_mut().find(|hop| hop.shard == shard) {
            Some(hop) => hop.positions.push(position),
            None => hops.push(Hop { shard, positions: smallvec![position] }),
        }
    }
    hops
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
    hops_of(&keys_of(spec, args, placement))
}

/// The words that a hop's part is given: the command's name, and each key with the words that
/// belong to it.
#[must_use]
pub fn part_spans(spec: &Spec, args: Args<'_>, hop: &Hop) -> Spans {
    let simple = spec.simple_keys();
    let step = simple.map_or(1, |keys| usize::from(keys.step).max(1));
    // A subcommand's name is two words.
    let name_words = simple.map_or(1, |keys| usize::from(keys.first));
    let words = args.spans();
    let mut spans = Spans::with_capacity(name_words + step * hop.positions.len());
    spans.extend_from_slice(&words[..name_words]);
    for &position in &hop.positions {
        let position = position as usize;
        spans.extend_from_slice(&words[position..(position + step).min(words.len())]);
    }
    spans
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
