//! A command of any shape, run by whoever has all shards in reach.
//!
//! It is what the coordinator does, in one call instead of messages: parts and a fold, or a loan to
//! a home shard.

use command::Spec;
use commands::{FoldFn, Outcome, Part, PartFn, Partial, Run, Walk};
use keyspace::{Guest, Shard, Touches};
use resp::{Args, ReplyError, ReplyWriter};

use crate::errand::run_part;
use crate::loan::changes_elsewhere;
use crate::{Caller, Hop, Job, Placement, Route, ShardId, execute, part_spans, route, stops};

/// A command, and where its shards are.
pub struct HouseJob<'a> {
    /// Its declaration.
    pub spec: &'static Spec,
    /// How it runs.
    pub run: Run,
    /// In whose name.
    pub caller: Caller,
    /// Its words.
    pub args: Args<'a>,
    /// The shard at which a walk by chance begins.
    pub first: ShardId,
    /// Where keys live.
    pub placement: &'a Placement,
}

/// Runs a command on all shards; every one of them must be there. Answers the error that the reply
/// is, if it is one.
///
/// # Panics
/// If a shard is missing.
pub fn run_in_house(
    shards: &mut [Option<Shard>],
    job: &HouseJob<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Option<ReplyError> {
    let count = job.placement.shards() as u16;
    match job.run {
        Run::EveryShard { part, fold } => {
            let all = (0..count).map(|shard| (ShardId(shard), None)).collect();
            writer.attempt(|writer| parts(shards, job, all, (part, fold), writer))
        }
        Run::OneShard { walk: Walk::Random, part, fold } => {
            writer.attempt(|writer| walk(shards, job, (part, fold), writer))
        }
        Run::OneShard { walk: Walk::Cursor, .. } => {
            let cursor = job.args.get(1);
            let at = cursor.and_then(|text| commands::generic::decode_cursor(text, count));
            alone(shards, job, at.map_or(ShardId(0), |(shard, _)| ShardId(shard)), writer)
        }
        _ => match route(job.spec, job.args, job.placement) {
            Route::One(shard) => alone(shards, job, shard, writer),
            Route::Many(hops) => many(shards, job, hops, writer),
        },
    }
}

fn at(shards: &mut [Option<Shard>], shard: ShardId) -> &mut Shard {
    shards[shard.index()].as_mut().expect("the house has all shards")
}

/// One shard has all keys.
fn alone(
    shards: &mut [Option<Shard>],
    job: &HouseJob<'_>,
    shard: ShardId,
    writer: &mut ReplyWriter<'_>,
) -> Option<ReplyError> {
    let place = (shard, job.placement.shards() as u16);
    let HouseJob { run, caller, args, .. } = *job;
    execute(at(shards, shard), &Job { run, place, caller, args, hint: None }, writer)
}

fn many(
    shards: &mut [Option<Shard>],
    job: &HouseJob<'_>,
    hops: Vec<Hop>,
    writer: &mut ReplyWriter<'_>,
) -> Option<ReplyError> {
    match job.run {
        Run::Gather { check, part, fold }
        | Run::GatherWhole { check, part, fold, .. }
        | Run::Scatter { check, part, fold } => writer.attempt(|writer| {
            check(job.args)?;
            let stops = hops.into_iter().map(|hop| (hop.shard, Some(hop))).collect();
            parts(shards, job, stops, (part, fold), writer)
        }),
        Run::Together { db_of, .. } => {
            let stops = stops(&hops, job.args, job.caller.db, db_of);
            let home = stops[0].shard;
            let lend = |stop: crate::Stop| at(shards, stop.shard).lend(stop.keys);
            let mut guests: Vec<Guest> = stops.into_iter().skip(1).flat_map(lend).collect();
            at(shards, home).admit(&mut guests);
            let first = at(shards, home).changes.listed();
            let error = alone(shards, job, home, writer);
            go_home(shards, job.placement, (home, first), guests);
            error
        }
        _ => unreachable!("{} has its keys on one shard", job.spec.name),
    }
}

/// The guests of a home shard go home, with what happened to them: its changes from number `first`
/// on.
fn go_home(
    shards: &mut [Option<Shard>],
    placement: &Placement,
    (home, first): (ShardId, usize),
    mut guests: Vec<Guest>,
) {
    let host = at(shards, home);
    let changes = changes_elsewhere(host, first, |key| placement.shard_of(key) == home);
    host.dismiss(&mut guests);
    for guest in guests {
        at(shards, placement.shard_of(&guest.lent.key)).admit(&mut [guest]);
    }
    for change in changes {
        let Touches::Key { key, .. } = &change.touches else {
            unreachable!("what comes back touches single keys")
        };
        at(shards, placement.shard_of(key)).changes.push(change);
    }
}

/// Every one of these shards answers, for the keys of its hop or without keys.
fn parts(
    shards: &mut [Option<Shard>],
    job: &HouseJob<'_>,
    mut of: Vec<(ShardId, Option<Hop>)>,
    (part, fold): (PartFn, FoldFn),
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    of.sort_by_key(|(shard, _)| *shard);
    let answer = |(shard, hop): (ShardId, Option<Hop>)| match hop {
        None => Part::whole(run_part(at(shards, shard), part, &job.caller, job.args)),
        Some(hop) => {
            let spans = part_spans(job.spec, job.args, &hop);
            let words = Args::new(job.args.bytes(), &spans, job.args.big_values());
            let partial = run_part(at(shards, shard), part, &job.caller, words);
            Part { positions: hop.positions, partial }
        }
    };
    let parts: Vec<Part> = of.into_iter().map(answer).collect();
    fold(job.args, &parts, writer)
}

/// One shard after another, until one has something.
fn walk(
    shards: &mut [Option<Shard>],
    job: &HouseJob<'_>,
    (part, fold): (PartFn, FoldFn),
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let count = job.placement.shards() as u16;
    let mut partial = Partial::Keys(Vec::new());
    for step in 0..count {
        let shard = ShardId((job.first.0 + step) % count);
        partial = run_part(at(shards, shard), part, &job.caller, job.args);
        if !matches!(&partial, Partial::Keys(keys) if keys.is_empty()) {
            break;
        }
    }
    fold(job.args, &[Part::whole(partial)], writer)
}
