//! ZRANDMEMBER: members by chance.

use datatypes::Zset;
use keyspace::ShardCx;
use resp::{Args, ReplyError, ReplyWriter};
use stdx::HashSet;
use stdx::prng::Prng;

use super::lookup::{announce, answer, answer_pair, read_zset};
use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{COUNT_WITHOUT_NEGATIVE, OUT_OF_RANGE};

/// A sample larger than the sorted set divided by this is drawn in one walk over it; a smaller one
/// member by member, where few are drawn twice.
const WALK_FROM: usize = 3;

/// `ZRANDMEMBER key [count [WITHSCORES]]`
pub(super) fn zrandmember(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let mut prng = Prng::new(cx.random());
    let Some(count) = args.get(2) else {
        return read_zset(cx, key, |zset| match zset.and_then(|zset| zset.random(&mut prng)) {
            Some((member, _)) => answer(reply, member),
            None => reply.null(),
        });
    };
    let count = count_of(count)?;
    let mut words = Cursor::new(args, 3);
    let with_scores = words.keyword("WITHSCORES");
    words.finish()?;
    if with_scores && !(-i64::MAX / 2..=i64::MAX / 2).contains(&count) {
        return Err(OUT_OF_RANGE);
    }
    read_zset(cx, key, |zset| match zset {
        Some(zset) => sample(zset, (count, with_scores), &mut prng, reply),
        None => reply.array(0),
    })
}

/// A count of different members, or, negative, of any members.
fn count_of(word: &[u8]) -> Result<i64, ReplyError> {
    match integer(word)? {
        i64::MIN => Err(COUNT_WITHOUT_NEGATIVE),
        count => Ok(count),
    }
}

fn sample(
    zset: &Zset,
    (count, with_scores): (i64, bool),
    prng: &mut Prng,
    reply: &mut ReplyWriter<'_>,
) {
    let many = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count < 0 {
        announce(reply, many, with_scores);
        for _ in 0..many {
            if let Some(pair) = zset.random(prng) {
                answer_pair(reply, pair, with_scores);
            }
        }
        return;
    }
    let len = zset.len();
    let count = many.min(len);
    announce(reply, count, with_scores);
    if count == len {
        // REDIS: whoever asks for all gets them from the last to the first.
        zset.range(0..len, true).for_each(|pair| answer_pair(reply, pair, with_scores));
    } else if count < len / WALK_FROM {
        let mut drawn = HashSet::default();
        while drawn.len() < count {
            let rank = prng.below(len as u64) as usize;
            if drawn.insert(rank) {
                zset.range(rank..rank + 1, false)
                    .for_each(|pair| answer_pair(reply, pair, with_scores));
            }
        }
    } else {
        // Each member is taken with the chance that makes every sample equally likely: those still
        // wanted among those still to come.
        let mut wanted = count;
        for (rank, pair) in zset.iter().enumerate() {
            if prng.below((len - rank) as u64) < wanted as u64 {
                wanted -= 1;
                answer_pair(reply, pair, with_scores);
            }
        }
    }
}
