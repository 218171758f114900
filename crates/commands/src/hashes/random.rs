//! Fields by chance: HRANDFIELD.

use datatypes::HashRef;
use datatypes::hash::Field;
use keyspace::ShardCx;
use resp::{Args, Protocol, ReplyError, ReplyWriter};
use stdx::prng::Prng;

use super::lookup::{answer, read_hash};
use crate::Outcome;
use crate::args::integer;
use crate::errors::{COUNT_WITHOUT_NEGATIVE, OUT_OF_RANGE, SYNTAX};

/// `HRANDFIELD key [count [WITHVALUES]]`
pub(super) fn hrandfield(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    let key = args.at(1);
    let wanted = args.get(2).map(|count| Wanted::parse(count, args)).transpose()?;
    bury(cx, key);
    let now = cx.now().0;
    let mut prng = Prng::new(cx.random());
    read_hash(cx, key, |hash| {
        let Some(wanted) = wanted else {
            return match hash.and_then(|hash| random(hash, now, &mut prng)) {
                Some(field) => answer(reply, field.name),
                None => reply.null(),
            };
        };
        match hash {
            Some(hash) if wanted.differ => different(hash, now, (&wanted, &mut prng), reply),
            Some(hash) if hash.live_len(now) > 0 => {
                wanted.head(wanted.count, reply);
                for _ in 0..wanted.count {
                    let field = random(hash, now, &mut prng).expect("there is a live one");
                    wanted.answer(field, reply);
                }
            }
            _ => reply.array(0),
        }
    })
}

/// What is asked for.
struct Wanted {
    count: usize,
    /// Whether no field may come twice.
    differ: bool,
    with_values: bool,
}

impl Wanted {
    fn parse(count: &[u8], args: Args<'_>) -> Result<Self, ReplyError> {
        let number = match integer(count)? {
            i64::MIN => return Err(COUNT_WITHOUT_NEGATIVE),
            number => number,
        };
        let with_values = match args.get(3) {
            None => false,
            Some(word) if args.len() == 4 && word.eq_ignore_ascii_case(b"WITHVALUES") => true,
            Some(_) => return Err(SYNTAX),
        };
        // REDIS: `HRANDFIELD h 4611686018427387904 WITHVALUES` asks for too much, and without
        // WITHVALUES it does not.
        if with_values && !(-i64::MAX / 2..=i64::MAX / 2).contains(&number) {
            return Err(OUT_OF_RANGE);
        }
        let count = usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX);
        Ok(Self { count, differ: number >= 0, with_values })
    }

    /// Begins an answer of so many fields: a flat list, and in RESP3 a list of pairs.
    fn head(&self, count: usize, reply: &mut ReplyWriter<'_>) {
        let is_flat = self.with_values && !is_resp3(reply);
        reply.array(if is_flat { count * 2 } else { count });
    }

    fn answer(&self, field: Field<'_>, reply: &mut ReplyWriter<'_>) {
        if self.with_values && is_resp3(reply) {
            reply.array(2);
        }
        answer(reply, field.name);
        if self.with_values {
            answer(reply, field.value);
        }
    }
}

fn is_resp3(reply: &ReplyWriter<'_>) -> bool {
    reply.protocol() == Protocol::Resp3
}

/// Lets expired fields vanish, so that few are left to be drawn in vain.
fn bury(cx: &mut ShardCx<'_>, key: &[u8]) {
    let now = cx.now().0;
    let next_expiry = cx.peek(key).and_then(|entry| entry.hash()?.next_expiry());
    if next_expiry.is_some_and(|at| at <= now) {
        cx.take_dead_fields(key);
    }
}

/// A live field by chance.
fn random<'a>(hash: HashRef<'a>, now: i64, prng: &mut Prng) -> Option<Field<'a>> {
    // LIMIT: where so many draws meet the dead, the first live one has to do.
    const ATTEMPTS: usize = 64;
    for _ in 0..ATTEMPTS {
        let field = hash.random(prng)?;
        if !field.is_dead(now) {
            return Some(field);
        }
    }
    hash.live(now).next()
}

/// Answers live fields that differ.
fn different(
    hash: HashRef<'_>,
    now: i64,
    (wanted, prng): (&Wanted, &mut Prng),
    reply: &mut ReplyWriter<'_>,
) {
    let live = hash.live_len(now);
    let count = wanted.count.min(live);
    wanted.head(count, reply);
    if live == hash.len() {
        return hash.sample(count, prng, |field| wanted.answer(field, reply));
    }
    let mut left = count;
    for (index, field) in hash.live(now).enumerate() {
        let to_come = (live - index) as u64;
        if prng.below(to_come) < left as u64 {
            left -= 1;
            wanted.answer(field, reply);
        }
    }
}
