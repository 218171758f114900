//! A small sorted set: a listpack of members and scores in turn, in ascending order.
//!
//! Bytes are those of Redis' listpacks of sorted sets: a score that is a whole number of up to 62
//! bits is kept as that integer (so -0 becomes 0), any other as the text that Redis prints.

use std::ops::Range;

use stdx::number::{parse_f64, push_f64};

use crate::listpack::{self, At, Element, Listpack, Needle};

/// LIMIT: the largest number that Redis takes for a whole one in a listpack, and its negative.
const WHOLE_MAX: f64 = (1_u64 << 62) as f64;

/// See the head of this file.
#[derive(Clone, Default)]
pub(super) struct Pack(Listpack);

/// The score that an element of a listpack is.
#[inline]
fn score_of(element: Element<'_>) -> f64 {
    match element {
        Element::Int(int) => int as f64,
        Element::Bytes(bytes) => parse_f64(bytes).unwrap_or(0.0),
    }
}

/// A score as it is kept.
fn with_score<T>(score: f64, then: impl FnOnce(&[u8]) -> T) -> T {
    if score.abs() <= WHOLE_MAX && score.trunc() == score {
        return then(itoa::Buffer::new().format(score as i64).as_bytes());
    }
    let mut text = Vec::with_capacity(24);
    push_f64(&mut text, score);
    then(&text)
}

impl Pack {
    /// The sorted set whose listpack this is, if it can be one: pairs, in order, each member once.
    pub(super) fn from_listpack(pack: Listpack) -> Option<Self> {
        if !pack.len().is_multiple_of(2) {
            return None;
        }
        let pack = Self(pack);
        let mut last: Option<(f64, Vec<u8>)> = None;
        let mut seen = stdx::HashSet::default();
        let mut elements = pack.0.iter();
        while let (Some(member), Some(score)) = (elements.next(), elements.next()) {
            let score = match score {
                Element::Int(int) => int as f64,
                Element::Bytes(bytes) => parse_f64(bytes)?,
            };
            let next = (score, member.to_vec());
            if last.is_some_and(|last| last >= next) || !seen.insert(next.1.clone()) {
                return None;
            }
            last = Some(next);
        }
        Some(pack)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len() / 2
    }

    pub(super) fn listpack(&self) -> &Listpack {
        &self.0
    }

    /// Whether a member of this length can be added at all.
    pub(super) fn has_room_for(&self, member_bytes: usize) -> bool {
        self.0.has_room_for(member_bytes)
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    fn find(&self, member: &[u8]) -> Option<At> {
        self.0.find(self.0.first(), member, 1)
    }

    /// The score of the member at a place.
    fn score_at(&self, member_at: At) -> f64 {
        let at = self.0.next(member_at).expect("behind every member stands its score");
        score_of(self.0.get(at))
    }

    pub(super) fn score(&self, member: &[u8]) -> Option<f64> {
        self.find(member).map(|at| self.score_at(at))
    }

    /// Adds a member that is not there.
    pub(super) fn insert(&mut self, score: f64, member: &[u8]) {
        match self.place_of(score, member) {
            Some(next) => {
                let at = self.0.insert_before(next, member);
                with_score(score, |text| self.0.insert_after(at, text));
            }
            None => {
                self.0.push_back(member);
                with_score(score, |text| self.0.push_back(text));
            }
        }
    }

    /// Where the first member is that comes behind this one.
    fn place_of(&self, score: f64, member: &[u8]) -> Option<At> {
        let mut at = self.0.first()?;
        loop {
            let score_at = self.0.next(at).expect("behind every member stands its score");
            let other = score_of(self.0.get(score_at));
            if other > score
                || (other == score && self.0.get(at).as_bytes(&mut itoa::Buffer::new()) > member)
            {
                return Some(at);
            }
            at = self.0.next(score_at)?;
        }
    }

    /// Gives a member that is there another score.
    pub(super) fn set_score(&mut self, score: f64, member: &[u8]) {
        let is_removed = self.remove(member);
        debug_assert!(is_removed, "it is there");
        self.insert(score, member);
    }

    pub(super) fn remove(&mut self, member: &[u8]) -> bool {
        let Some(at) = self.find(member) else { return false };
        if let Some(score) = self.0.delete(at) {
            self.0.delete(score);
        }
        true
    }

    pub(super) fn remove_range(&mut self, ranks: Range<usize>) {
        if !ranks.is_empty() {
            self.0.delete_range(2 * ranks.start as i64, 2 * ranks.len());
        }
    }

    pub(super) fn rank(&self, member: &[u8]) -> Option<(usize, f64)> {
        let needle = Needle::new(member);
        let is_it = |(_, (element, _)): &(usize, (Element<'_>, f64))| needle.is(*element);
        self.pairs().enumerate().find(is_it).map(|(rank, (_, score))| (rank, score))
    }

    /// Members and scores in ascending order.
    pub(super) fn pairs(&self) -> Pairs<'_> {
        Pairs { elements: self.0.iter(), is_reversed: false }
    }

    /// Members and scores in descending order.
    pub(super) fn pairs_reversed(&self) -> Pairs<'_> {
        Pairs { elements: self.0.iter(), is_reversed: true }
    }

    /// Members and scores from this rank on, up or down.
    pub(super) fn pairs_from(&self, rank: usize, is_reversed: bool) -> Pairs<'_> {
        let index = 2 * rank as i64 + i64::from(is_reversed);
        let elements = match self.0.seek(index) {
            Some(at) if is_reversed => self.0.iter_up_to(at),
            Some(at) => self.0.iter_from(at),
            None => self.0.iter(),
        };
        Pairs { elements, is_reversed }
    }
}

/// Members and scores, up or down.
pub(super) struct Pairs<'a> {
    elements: listpack::Iter<'a>,
    is_reversed: bool,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Element<'a>, f64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_reversed {
            let score = self.elements.next_back()?;
            return Some((self.elements.next_back()?, score_of(score)));
        }
        let member = self.elements.next()?;
        Some((member, score_of(self.elements.next()?)))
    }
}
