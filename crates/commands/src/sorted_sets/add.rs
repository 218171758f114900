//! ZADD and ZINCRBY.

use datatypes::{Zset, ZsetRules};
use keyspace::{Event, KeyHasher, ShardCx, Touches};
use resp::{Args, ReplyError, ReplyWriter};
use smallvec::SmallVec;

use super::lookup::{insert_zset, write_zset};
use super::words::score;
use crate::Outcome;
use crate::args::Cursor;
use crate::errors::{GT_LT_NX, INCR_OF_ONE, SCORE_NOT_A_NUMBER, SYNTAX, XX_AND_NX};

type Rules = ZsetRules<KeyHasher>;

/// What is asked for beside members and scores.
#[derive(Clone, Copy, Default)]
struct Options {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
    counts_changed: bool,
    increments: bool,
}

impl Options {
    /// Reads the options of ZADD; where members and scores begin.
    fn parse(args: Args<'_>) -> Result<(Self, usize), ReplyError> {
        let mut options = Self::default();
        let mut from = 2;
        let mut words = Cursor::new(args, from);
        loop {
            if words.keyword("NX") {
                options.nx = true;
            } else if words.keyword("XX") {
                options.xx = true;
            } else if words.keyword("CH") {
                options.counts_changed = true;
            } else if words.keyword("INCR") {
                options.increments = true;
            } else if words.keyword("GT") {
                options.gt = true;
            } else if words.keyword("LT") {
                options.lt = true;
            } else {
                break;
            }
            from += 1;
        }
        let left = args.len() - from;
        if left == 0 || !left.is_multiple_of(2) {
            return Err(SYNTAX);
        }
        if options.nx && options.xx {
            return Err(XX_AND_NX);
        }
        if (options.nx && (options.gt || options.lt)) || (options.gt && options.lt) {
            return Err(GT_LT_NX);
        }
        if options.increments && left > 2 {
            return Err(INCR_OF_ONE);
        }
        Ok((options, from))
    }
}

/// What has become of the members.
#[derive(Default)]
struct Tally {
    added: usize,
    updated: usize,
    /// The last member's score; none if the options were against it.
    score: Option<f64>,
    is_nan: bool,
}

/// Adds one member, or gives it another score, as the options want it.
fn put(
    zset: &mut Zset,
    (score, member): (f64, &[u8]),
    (options, rules): (Options, &Rules),
    tally: &mut Tally,
) {
    tally.score = None;
    zset.upsert(member, rules, |old| {
        let Some(old) = old else {
            tally.score = Some(score).filter(|_| !options.xx);
            tally.added += usize::from(!options.xx);
            return tally.score;
        };
        if options.nx {
            return None;
        }
        let new = if options.increments { old + score } else { score };
        tally.is_nan = new.is_nan();
        if tally.is_nan || (options.lt && new >= old) || (options.gt && new <= old) {
            return None;
        }
        tally.score = Some(new);
        let is_changed = new != old;
        tally.updated += usize::from(is_changed);
        is_changed.then_some(new)
    });
}

/// `ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]`
pub(crate) fn zadd(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let (options, from) = Options::parse(args)?;
    add(cx, args, reply, (options, from))
}

/// `ZINCRBY key increment member`
pub(super) fn zincrby(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    add(cx, args, reply, (Options { increments: true, ..Options::default() }, 2))
}

fn add(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
    (options, from): (Options, usize),
) -> Outcome {
    let key = args.at(1);
    let mut scores = SmallVec::<[f64; 8]>::new();
    for at in (from..args.len()).step_by(2) {
        scores.push(score(args.at(at))?);
    }
    let pairs = scores.iter().enumerate().map(|(nth, score)| (*score, args.at(from + 2 * nth + 1)));
    let rules = cx.shard.zset_rules();
    let mut tally = Tally::default();
    match write_zset(cx, key)? {
        Some(zset) => pairs.for_each(|pair| put(zset, pair, (options, &rules), &mut tally)),
        None if options.xx => {}
        None => {
            let mut zset = Zset::for_member(args.at(from + 1), &rules.limits);
            pairs.for_each(|pair| put(&mut zset, pair, (options, &rules), &mut tally));
            zset.shrink_to_fit();
            insert_zset(cx, key, zset);
        }
    }
    if tally.is_nan {
        return Err(SCORE_NOT_A_NUMBER);
    }
    let changed = tally.added + tally.updated;
    if changed > 0 {
        let event = Event::sorted_set(if options.increments { "zincr" } else { "zadd" });
        let db = cx.db;
        let touches = || Touches::Key { db, key: key.into() };
        cx.changed_many(changed as u64, touches, &[event], |words| words.extend_from_args(args));
    }
    match tally.score {
        Some(score) if options.increments => reply.double(score),
        None if options.increments => reply.null(),
        _ => reply.integer(if options.counts_changed { changed } else { tally.added } as i64),
    }
    Ok(())
}
