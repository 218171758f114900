//! Sorted sets: members with scores, in the order of the scores and, if those are equal, of bytes.
//!
//! | encoding | which sorted sets |
//! |---|---|
//! | `listpack` | up to [`ZsetLimits::entries`], short: [`ZsetLimits::value`] |
//! | `skiplist` | all others: a table and a tree with ranks, by the name that Redis' clients know |
//!
//! A sorted set is converted when a member is added that its encoding does not take, as Redis 7.0
//! does; taking members out converts nothing. A *rank* is a member's place in ascending order, and
//! parts of a sorted set are named by ranges of ranks.
//!
//! **Invariants**
//!
//! - No score is NaN. Scores that are equal as numbers are equal (0 and -0).
//! - A large one's members were hashed by one hasher, that of every [`ZsetRules`] that it meets.

mod pack;
mod pair;
mod range;
mod sorted;
#[cfg(test)]
mod tests;
mod tree;

use std::ops::Range;

use stdx::prng::Prng;

use crate::listpack::{Element, Listpack};
use crate::set::BytesHasher;
use crate::table::Position;
use pack::{Pack, Pairs};
pub use range::{LexEnd, LexRange, ScoreRange};
use sorted::Sorted;
use tree::Scored as _;

/// How large the compact encoding may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZsetLimits {
    /// `zset-max-listpack-entries`.
    pub entries: usize,
    /// `zset-max-listpack-value`, bytes.
    pub value: usize,
}

impl Default for ZsetLimits {
    fn default() -> Self {
        Self { entries: 128, value: 64 }
    }
}

/// What a sorted set is told by those who use it.
#[derive(Clone, Debug)]
pub struct ZsetRules<H> {
    /// How large the compact encoding may grow.
    pub limits: ZsetLimits,
    /// How members are hashed.
    pub hasher: H,
}

/// See the head of this file.
#[derive(Clone)]
pub struct Zset(Encoded);

#[derive(Clone)]
enum Encoded {
    Pack(Pack),
    Sorted(Box<Sorted>),
}

impl Zset {
    /// An empty sorted set, a listpack.
    #[must_use]
    pub fn new() -> Self {
        Self(Encoded::Pack(Pack::default()))
    }

    /// An empty sorted set that is about to get this member first.
    #[must_use]
    pub fn for_member(first: &[u8], limits: &ZsetLimits) -> Self {
        let is_small = limits.entries > 0 && first.len() <= limits.value;
        if is_small { Self::new() } else { Self::new_large() }
    }

    /// An empty sorted set that will not be a listpack, however few members it gets.
    #[must_use]
    pub fn new_large() -> Self {
        Self(Encoded::Sorted(Box::default()))
    }

    /// The sorted set that is kept in this listpack; `None` if there can be none. It is not kept so
    /// any longer if it has too many members, while they may be as long as they are.
    pub fn from_listpack<H: BytesHasher>(listpack: Listpack, rules: &ZsetRules<H>) -> Option<Self> {
        let mut zset = Self(Encoded::Pack(Pack::from_listpack(listpack)?));
        if zset.len() > rules.limits.entries {
            zset.0 = Encoded::Sorted(zset.to_sorted(&rules.hasher));
        }
        Some(zset)
    }

    /// How many members.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Encoded::Pack(pack) => pack.len(),
            Encoded::Sorted(sorted) => sorted.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A member's score.
    #[inline]
    pub fn score<H: BytesHasher>(&self, member: &[u8], rules: &ZsetRules<H>) -> Option<f64> {
        match &self.0 {
            Encoded::Pack(pack) => pack.score(member),
            Encoded::Sorted(sorted) => sorted.score(member, &rules.hasher),
        }
    }

    /// Gives a member the score that `decide` makes of the one it has, `None` if it is not there;
    /// if that is `None`, nothing happens.
    pub fn upsert<H: BytesHasher>(
        &mut self,
        member: &[u8],
        rules: &ZsetRules<H>,
        decide: impl FnOnce(Option<f64>) -> Option<f64>,
    ) {
        let pack = match &mut self.0 {
            Encoded::Sorted(sorted) => return sorted.upsert(member, &rules.hasher, decide),
            Encoded::Pack(pack) => pack,
        };
        let old = pack.score(member);
        let Some(new) = decide(old) else { return };
        debug_assert!(!new.is_nan());
        let is_room = pack.len() < rules.limits.entries
            && member.len() <= rules.limits.value
            && pack.has_room_for(member.len());
        if old.is_some() {
            pack.set_score(new, member);
        } else if is_room {
            pack.insert(new, member);
        } else {
            let mut sorted = self.to_sorted(&rules.hasher);
            sorted.upsert(member, &rules.hasher, |_| Some(new));
            self.0 = Encoded::Sorted(sorted);
        }
    }

    /// Sets a member's score, whether it is there or not.
    pub fn insert<H: BytesHasher>(&mut self, member: &[u8], score: f64, rules: &ZsetRules<H>) {
        self.upsert(member, rules, |old| (old != Some(score)).then_some(score));
    }

    /// Takes a member out; false if it was not there.
    pub fn remove<H: BytesHasher>(&mut self, member: &[u8], rules: &ZsetRules<H>) -> bool {
        match &mut self.0 {
            Encoded::Pack(pack) => pack.remove(member),
            Encoded::Sorted(sorted) => sorted.remove(member, &rules.hasher),
        }
    }

    /// Takes the members of these ranks out.
    pub fn remove_range<H: BytesHasher>(&mut self, ranks: Range<usize>, rules: &ZsetRules<H>) {
        debug_assert!(ranks.end <= self.len());
        match &mut self.0 {
            Encoded::Pack(pack) => pack.remove_range(ranks),
            Encoded::Sorted(sorted) => sorted.remove_range(ranks, &rules.hasher),
        }
    }

    /// A member's rank and score.
    pub fn rank<H: BytesHasher>(
        &self,
        member: &[u8],
        rules: &ZsetRules<H>,
    ) -> Option<(usize, f64)> {
        match &self.0 {
            Encoded::Pack(pack) => pack.rank(member),
            Encoded::Sorted(sorted) => sorted.rank(member, &rules.hasher),
        }
    }

    /// Members and scores in ascending order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        self.range(0..self.len(), false)
    }

    /// Members and scores of these ranks, from the last to the first if `is_reversed`.
    #[must_use]
    pub fn range(&self, ranks: Range<usize>, is_reversed: bool) -> Iter<'_> {
        let ranks = ranks.start..ranks.end.min(self.len());
        let left = ranks.len();
        let walk = match &self.0 {
            Encoded::Pack(pack) if left > 0 => {
                let from = if is_reversed { ranks.end - 1 } else { ranks.start };
                Walk::Pack(pack.pairs_from(from, is_reversed))
            }
            Encoded::Pack(pack) => Walk::Pack(pack.pairs()),
            Encoded::Sorted(sorted) => Walk::Sorted(sorted.walk(ranks, is_reversed)),
        };
        Iter { walk, left }
    }

    /// A member by chance, with its score.
    pub fn random(&self, prng: &mut Prng) -> Option<(Element<'_>, f64)> {
        let len = self.len();
        if len == 0 {
            return None;
        }
        let rank = prng.below(len as u64) as usize;
        self.range(rank..rank + 1, false).next()
    }

    /// Calls `visit` with some members and their scores and answers where the walk goes on, `None`
    /// at its end. Every member that stays during a whole walk is met, however the set changes
    /// meanwhile, as long as it stays large; a listpack is met whole at once.
    pub fn scan(&self, at: Position, mut visit: impl FnMut(Element<'_>, f64)) -> Option<Position> {
        match &self.0 {
            Encoded::Sorted(sorted) => {
                sorted.scan(at, |member, score| visit(Element::Bytes(member), score))
            }
            Encoded::Pack(pack) => {
                pack.pairs().for_each(|(member, score)| visit(member, score));
                None
            }
        }
    }

    /// The name that OBJECT ENCODING answers.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        match &self.0 {
            Encoded::Pack(_) => "listpack",
            Encoded::Sorted(_) => "skiplist",
        }
    }

    /// The listpack that a small sorted set is.
    #[must_use]
    pub fn as_listpack(&self) -> Option<&Listpack> {
        match &self.0 {
            Encoded::Pack(pack) => Some(pack.listpack()),
            Encoded::Sorted(_) => None,
        }
    }

    /// Makes a large sorted set a listpack, if it may be one.
    pub fn make_small(&mut self, limits: &ZsetLimits) {
        if self.as_listpack().is_some() || self.len() > limits.entries {
            return;
        }
        let mut pack = Pack::default();
        for (element, score) in &*self {
            let mut text = itoa::Buffer::new();
            let member = element.as_bytes(&mut text);
            if member.len() > limits.value || !pack.has_room_for(member.len()) {
                return;
            }
            pack.insert(score, member);
        }
        pack.shrink_to_fit();
        self.0 = Encoded::Pack(pack);
    }

    fn to_sorted<H: BytesHasher>(&self, hasher: &H) -> Box<Sorted> {
        let mut sorted = Box::<Sorted>::default();
        for (element, score) in self {
            let mut text = itoa::Buffer::new();
            sorted.upsert(element.as_bytes(&mut text), hasher, |_| Some(score));
        }
        sorted
    }

    /// Gives memory back that was taken for members to come.
    pub fn shrink_to_fit(&mut self) {
        if let Encoded::Pack(pack) = &mut self.0 {
            pack.shrink_to_fit();
        }
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        match &self.0 {
            Encoded::Pack(pack) => pack.listpack().memory_bytes(),
            Encoded::Sorted(sorted) => sorted.memory_bytes(),
        }
    }

    /// How many steps it takes to free the set, in units of a small allocation.
    #[must_use]
    pub fn free_effort(&self) -> usize {
        match &self.0 {
            Encoded::Pack(_) => 1,
            Encoded::Sorted(sorted) => 1 + sorted.len(),
        }
    }

    /// Frees about `steps` members; whether any are left, which are good for nothing else.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        match &mut self.0 {
            Encoded::Pack(_) => false,
            Encoded::Sorted(sorted) => sorted.free_slice(steps),
        }
    }
}

impl Default for Zset {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Zset {
    fn eq(&self, other: &Self) -> bool {
        let pairs = |set: &Self| -> Vec<(Vec<u8>, f64)> {
            set.iter().map(|(member, score)| (member.to_vec(), score)).collect()
        };
        self.len() == other.len() && pairs(self) == pairs(other)
    }
}

impl Eq for Zset {}

impl std::fmt::Debug for Zset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Members and scores of a sorted set.
pub struct Iter<'a> {
    walk: Walk<'a>,
    left: usize,
}

enum Walk<'a> {
    Pack(Pairs<'a>),
    Sorted(sorted::Walk<'a>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (Element<'a>, f64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        match &mut self.walk {
            Walk::Pack(pairs) => pairs.next(),
            Walk::Sorted(links) => {
                let link = links.next()?;
                Some((Element::Bytes(link.member()), link.score()))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Zset {
    type Item = (Element<'a>, f64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
