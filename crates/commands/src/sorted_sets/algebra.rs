//! ZUNION, ZINTER, ZDIFF and ZINTERCARD: what is asked, and how it is worked out.
//!
//! Sets are as good as sorted sets, with all scores 1. Scores are joined in the order of the
//! inputs' sizes, the smallest first, as Redis does it: sums of floating point numbers depend on
//! that.

use datatypes::listpack::Element;
use datatypes::{Entry, Object, Set, SetRules, ValueRef, Zset, ZsetRules};
use keyspace::{KeyHasher, ShardCx};
use resp::{Args, ReplyError, ReplyWriter};
use smallvec::SmallVec;
use stdx::HashMap;

use super::lookup::{announce, answer_pair};
use super::words::number;
use crate::Outcome;
use crate::args::{Cursor, integer};
use crate::errors::{LIMIT_NEGATIVE, SYNTAX, WEIGHT_NOT_A_FLOAT, WRONGTYPE, no_input_key};

/// A member on its way into a result.
pub(super) type Member = SmallVec<[u8; 24]>;

/// A result: scores and members in order.
pub(super) type Made = Vec<(f64, Member)>;

/// Which of the operations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Union,
    Inter,
    Diff,
    /// An intersection that is only counted.
    Card,
}

/// What becomes of the scores of a member that several inputs have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aggregate {
    Sum,
    Min,
    Max,
}

/// A command of the family: its operation, its name, and where the number of its keys stands.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) operation: Operation,
    pub(super) name: &'static str,
    pub(super) numkeys_at: usize,
}

impl Form {
    const fn of(operation: Operation, name: &'static str) -> Self {
        Self { operation, name, numkeys_at: 1 }
    }

    /// Whether there is a target in front of the number of keys.
    fn stores(&self) -> bool {
        self.numkeys_at > 1
    }

    /// The keys.
    pub(super) fn keys<'a>(&self, args: Args<'a>) -> Result<Args<'a>, ReplyError> {
        let count = integer(args.at(self.numkeys_at))?;
        let count = usize::try_from(count).ok().filter(|&count| count > 0);
        let count = count.ok_or_else(|| no_input_key(self.name))?;
        let from = self.numkeys_at + 1;
        let to = from.checked_add(count).filter(|&to| to <= args.len()).ok_or(SYNTAX)?;
        Ok(args.slice(from..to))
    }

    /// What stands behind so many keys.
    pub(super) fn options(&self, args: Args<'_>, keys: usize) -> Result<Options, ReplyError> {
        let takes_weights = matches!(self.operation, Operation::Union | Operation::Inter);
        let is_card = self.operation == Operation::Card;
        let from = self.numkeys_at + 1 + keys;
        let mut options = Options {
            weights: SmallVec::from_elem(1.0, keys),
            aggregate: Aggregate::Sum,
            with_scores: false,
            limit: usize::MAX,
        };
        let mut words = Cursor::new(args, from);
        let mut read = from;
        while !words.is_at_end() {
            let left = args.len() - read;
            if takes_weights && left > keys && words.keyword("WEIGHTS") {
                for weight in &mut options.weights {
                    *weight = number(words.word()?).ok_or(WEIGHT_NOT_A_FLOAT)?;
                }
                read += 1 + keys;
            } else if takes_weights && left >= 2 && words.keyword("AGGREGATE") {
                options.aggregate = aggregate(&mut words)?;
                read += 2;
            } else if !self.stores() && !is_card && words.keyword("WITHSCORES") {
                options.with_scores = true;
                read += 1;
            } else if is_card && left >= 2 && words.keyword("LIMIT") {
                let limit = integer(words.word()?).ok();
                let limit = limit.and_then(|limit| usize::try_from(limit).ok());
                options.limit = match limit.ok_or(LIMIT_NEGATIVE)? {
                    // No limit is asked for by 0.
                    0 => usize::MAX,
                    limit => limit,
                };
                read += 2;
            } else {
                return Err(SYNTAX);
            }
        }
        Ok(options)
    }
}

fn aggregate(words: &mut Cursor<'_>) -> Result<Aggregate, ReplyError> {
    if words.keyword("SUM") {
        Ok(Aggregate::Sum)
    } else if words.keyword("MIN") {
        Ok(Aggregate::Min)
    } else if words.keyword("MAX") {
        Ok(Aggregate::Max)
    } else {
        Err(SYNTAX)
    }
}

/// What is asked for behind the keys.
pub(super) struct Options {
    /// For each key, by what its scores are multiplied.
    weights: SmallVec<[f64; 8]>,
    aggregate: Aggregate,
    pub(super) with_scores: bool,
    /// The count at which ZINTERCARD ends.
    limit: usize,
}

impl Aggregate {
    #[inline]
    fn join(self, score: f64, other: f64) -> f64 {
        match self {
            // REDIS: infinity and its negative make 0.
            Self::Sum if (score + other).is_nan() => 0.0,
            Self::Sum => score + other,
            Self::Min if other < score => other,
            Self::Max if other > score => other,
            Self::Min | Self::Max => score,
        }
    }
}

/// REDIS: infinity times nothing is 0.
#[inline]
fn weighted(score: f64, weight: f64) -> f64 {
    let product = score * weight;
    if product.is_nan() { 0.0 } else { product }
}

/// What one of the keys holds.
pub(super) enum Input<'a> {
    /// Nothing.
    None,
    Set(&'a Set),
    Zset(&'a Zset),
    /// Members and scores that another shard has sent.
    Sent(HashMap<&'a [u8], f64>),
}

/// How members are looked for in them.
pub(super) struct Rules {
    set: SetRules<KeyHasher>,
    zset: ZsetRules<KeyHasher>,
}

impl Rules {
    pub(super) fn of(cx: &ShardCx<'_>) -> Self {
        Self { set: cx.shard.set_rules(), zset: cx.shard.zset_rules() }
    }
}

impl<'a> Input<'a> {
    fn of(entry: &'a Entry) -> Result<Self, ReplyError> {
        match entry.value() {
            ValueRef::Object(Object::Set(set)) => Ok(Self::Set(set)),
            ValueRef::Object(Object::Zset(zset)) => Ok(Self::Zset(zset)),
            _ => Err(WRONGTYPE),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Set(set) => set.len(),
            Self::Zset(zset) => zset.len(),
            Self::Sent(pairs) => pairs.len(),
        }
    }

    /// Calls `visit` with each member and its score until that answers false.
    pub(super) fn for_each(&self, mut visit: impl FnMut(&[u8], f64) -> bool) {
        let mut text = itoa::Buffer::new();
        let mut visit = |element: Element<'_>, score| visit(element.as_bytes(&mut text), score);
        match self {
            Self::None => true,
            Self::Set(set) => set.iter().all(|member| visit(member, 1.0)),
            Self::Zset(zset) => zset.iter().all(|(member, score)| visit(member, score)),
            Self::Sent(pairs) => {
                pairs.iter().all(|(member, score)| visit(Element::Bytes(member), *score))
            }
        };
    }

    fn score(&self, member: &[u8], rules: Option<&Rules>) -> Option<f64> {
        match (self, rules) {
            (Self::Set(set), Some(rules)) => set.contains(member, &rules.set).then_some(1.0),
            (Self::Zset(zset), Some(rules)) => zset.score(member, &rules.zset),
            (Self::Sent(pairs), _) => pairs.get(member).copied(),
            _ => None,
        }
    }
}

/// What the keys hold.
///
/// Each key counts as read, in order, up to the first that is of another type.
pub(super) fn read_inputs<'a>(
    cx: &'a mut ShardCx<'_>,
    keys: Args<'_>,
) -> Result<Vec<Input<'a>>, ReplyError> {
    for key in keys.iter() {
        cx.read_with(key, |entry| match entry {
            Some(entry) => Input::of(entry).map(|_| ()),
            None => Ok(()),
        })?;
    }
    // Whatever was expired is gone by now.
    let cx = &*cx;
    keys.iter().map(|key| cx.find_any(key).map_or(Ok(Input::None), Input::of)).collect()
}

/// Works an operation out. Inputs that are kept here are looked into by `rules`.
pub(super) fn work_out(
    operation: Operation,
    inputs: &[Input<'_>],
    options: &Options,
    rules: Option<&Rules>,
) -> Made {
    let mut made = Made::new();
    match operation {
        Operation::Union => made = union(inputs, options),
        Operation::Diff => difference(inputs, rules, |member, score| {
            made.push((score, Member::from_slice(member)));
        }),
        Operation::Inter | Operation::Card => {
            intersection(inputs, options, rules, |member, score| {
                made.push((score, Member::from_slice(member)));
                true
            });
        }
    }
    made.sort_unstable_by(|one, other| one.partial_cmp(other).expect("no score is NaN"));
    made
}

/// How many members all inputs have in common, up to the limit.
pub(super) fn count(inputs: &[Input<'_>], options: &Options, rules: Option<&Rules>) -> usize {
    let mut count = 0;
    intersection(inputs, options, rules, |_, _| {
        count += 1;
        count < options.limit
    });
    count
}

/// The inputs with their weights, the smallest first.
fn ascending<'a, 'b>(inputs: &'a [Input<'b>], options: &Options) -> Vec<(&'a Input<'b>, f64)> {
    let mut ascending: Vec<_> = inputs.iter().zip(options.weights.iter().copied()).collect();
    ascending.sort_by_key(|(input, _)| input.len());
    ascending
}

fn union(inputs: &[Input<'_>], options: &Options) -> Made {
    let mut scores: HashMap<Member, f64> = HashMap::default();
    for (input, weight) in ascending(inputs, options) {
        input.for_each(|member, score| {
            let score = weighted(score, weight);
            match scores.get_mut(member) {
                Some(joined) => *joined = options.aggregate.join(*joined, score),
                None => drop(scores.insert(Member::from_slice(member), score)),
            }
            true
        });
    }
    scores.into_iter().map(|(member, score)| (score, member)).collect()
}

fn intersection(
    inputs: &[Input<'_>],
    options: &Options,
    rules: Option<&Rules>,
    mut visit: impl FnMut(&[u8], f64) -> bool,
) {
    let ascending = ascending(inputs, options);
    let Some(((smallest, weight), others)) = ascending.split_first() else { return };
    smallest.for_each(|member, score| {
        let mut joined = weighted(score, *weight);
        for (input, weight) in others {
            let Some(score) = input.score(member, rules) else { return true };
            // REDIS: unlike the first product, the others may be NaN here; a sum with one is 0,
            // and it is neither less nor more than anything.
            joined = options.aggregate.join(joined, score * weight);
        }
        visit(member, joined)
    });
}

fn difference(inputs: &[Input<'_>], rules: Option<&Rules>, mut visit: impl FnMut(&[u8], f64)) {
    let Some((first, others)) = inputs.split_first() else { return };
    first.for_each(|member, score| {
        if !others.iter().any(|other| other.score(member, rules).is_some()) {
            visit(member, score);
        }
        true
    });
}

/// Answers a result.
pub(super) fn answer_made(made: &Made, with_scores: bool, reply: &mut ReplyWriter<'_>) {
    announce(reply, made.len(), with_scores);
    for (score, member) in made {
        answer_pair(reply, (Element::Bytes(member), *score), with_scores);
    }
}

/// ZUNION and its kin as they are where nothing is stored.
pub(super) const UNION: Form = Form::of(Operation::Union, "zunion");
pub(super) const INTER: Form = Form::of(Operation::Inter, "zinter");
pub(super) const DIFF: Form = Form::of(Operation::Diff, "zdiff");
pub(super) const CARD: Form = Form::of(Operation::Card, "zintercard");

fn whole(form: Form, cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    let keys = form.keys(args)?;
    let rules = Rules::of(cx);
    let inputs = read_inputs(cx, keys)?;
    let options = form.options(args, keys.len())?;
    finish(form, &inputs, (&options, Some(&rules)), reply);
    Ok(())
}

/// Works the reply out.
pub(super) fn finish(
    form: Form,
    inputs: &[Input<'_>],
    (options, rules): (&Options, Option<&Rules>),
    reply: &mut ReplyWriter<'_>,
) {
    if form.operation == Operation::Card {
        reply.integer(count(inputs, options, rules) as i64);
    } else {
        let made = work_out(form.operation, inputs, options, rules);
        answer_made(&made, options.with_scores, reply);
    }
}

/// `ZUNION numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]`
pub(super) fn zunion(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    whole(UNION, cx, args, reply)
}

/// `ZINTER numkeys key [key ...] [WEIGHTS weight ...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]`
pub(super) fn zinter(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    whole(INTER, cx, args, reply)
}

/// `ZDIFF numkeys key [key ...] [WITHSCORES]`
pub(super) fn zdiff(cx: &mut ShardCx<'_>, args: Args<'_>, reply: &mut ReplyWriter<'_>) -> Outcome {
    whole(DIFF, cx, args, reply)
}

/// `ZINTERCARD numkeys key [key ...] [LIMIT limit]`
pub(super) fn zintercard(
    cx: &mut ShardCx<'_>,
    args: Args<'_>,
    reply: &mut ReplyWriter<'_>,
) -> Outcome {
    whole(CARD, cx, args, reply)
}
