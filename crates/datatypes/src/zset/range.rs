//! Ranges of scores and of members, as ZRANGEBYSCORE and ZRANGEBYLEX are asked for them.

use std::ops::Range;

use super::{Encoded, Zset};
use crate::listpack::Element;

/// From one score to another, each included unless it is said not to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreRange {
    /// The lower end.
    pub min: f64,
    /// The upper end.
    pub max: f64,
    /// The lower end itself is out of the range.
    pub is_min_out: bool,
    /// The upper end itself is out of the range.
    pub is_max_out: bool,
}

impl ScoreRange {
    /// Whether no score at all lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.min > self.max || (self.min == self.max && (self.is_min_out || self.is_max_out))
    }

    #[inline]
    fn is_below(&self, score: f64) -> bool {
        if self.is_min_out { score <= self.min } else { score < self.min }
    }

    #[inline]
    fn is_above(&self, score: f64) -> bool {
        if self.is_max_out { score >= self.max } else { score > self.max }
    }
}

/// An end of a [`LexRange`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LexEnd<'a> {
    /// Before all members.
    First,
    /// Behind all members.
    Last,
    /// Members from here on, or up to here.
    With(&'a [u8]),
    /// The same without the member itself.
    Without(&'a [u8]),
}

/// From one member to another, in the order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexRange<'a> {
    /// The lower end.
    pub min: LexEnd<'a>,
    /// The upper end.
    pub max: LexEnd<'a>,
}

impl LexRange<'_> {
    /// Whether no member at all lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        use LexEnd::{First, Last, With, Without};
        match (self.min, self.max) {
            (Last, _) | (_, First) => true,
            (First, _) | (_, Last) => false,
            (With(min), With(max)) => min > max,
            (With(min) | Without(min), With(max) | Without(max)) => min >= max,
        }
    }

    #[inline]
    fn is_below(&self, member: &[u8]) -> bool {
        match self.min {
            LexEnd::First => false,
            LexEnd::Last => true,
            LexEnd::With(min) => member < min,
            LexEnd::Without(min) => member <= min,
        }
    }

    #[inline]
    fn is_above(&self, member: &[u8]) -> bool {
        match self.max {
            LexEnd::First => true,
            LexEnd::Last => false,
            LexEnd::With(max) => member > max,
            LexEnd::Without(max) => member >= max,
        }
    }
}

impl Zset {
    /// The ranks of the members whose scores lie in the range.
    #[must_use]
    pub fn score_range(&self, range: &ScoreRange) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        let (start, end) = match &self.0 {
            Encoded::Pack(pack) => {
                let below = pack.pairs().take_while(|(_, score)| range.is_below(*score)).count();
                let within = pack.pairs().skip(below);
                (below, below + within.take_while(|(_, score)| !range.is_above(*score)).count())
            }
            Encoded::Sorted(sorted) => (
                sorted.count_before(|score, _| range.is_below(score)),
                sorted.count_before(|score, _| !range.is_above(score)),
            ),
        };
        start..end.max(start)
    }

    /// The ranks of the members that lie in the range, if all scores are equal.
    ///
    /// REDIS: if they are not, a small set is walked from the end that is asked for first, and the
    /// walk ends where it leaves the range: `ZADD z 1 b 2 a 3 c`, `ZRANGEBYLEX z [b [c` gives `b`.
    #[must_use]
    pub fn lex_range(&self, range: &LexRange<'_>, is_reversed: bool) -> Range<usize> {
        if range.is_empty() {
            return 0..0;
        }
        let pack = match &self.0 {
            Encoded::Pack(pack) => pack,
            Encoded::Sorted(sorted) => {
                let start = sorted.count_before(|_, member| range.is_below(member));
                let end = sorted.count_before(|_, member| !range.is_above(member));
                return start..end.max(start);
            }
        };
        let is_below =
            |element: Element<'_>| range.is_below(element.as_bytes(&mut itoa::Buffer::new()));
        let is_above =
            |element: Element<'_>| range.is_above(element.as_bytes(&mut itoa::Buffer::new()));
        let len = pack.len();
        let mut ends = (pack.pairs().next(), pack.pairs_reversed().next());
        if ends.0.take().is_none_or(|(first, _)| is_above(first))
            || ends.1.take().is_none_or(|(last, _)| is_below(last))
        {
            return 0..0;
        }
        if is_reversed {
            let above = pack.pairs_reversed().take_while(|(it, _)| is_above(*it)).count();
            let within = pack.pairs_reversed().skip(above);
            let count = within.take_while(|(it, _)| !is_below(*it)).count();
            return len - above - count..len - above;
        }
        let below = pack.pairs().take_while(|(it, _)| is_below(*it)).count();
        below..below + pack.pairs().skip(below).take_while(|(it, _)| !is_above(*it)).count()
    }
}
