//! A large sorted set: a table that finds members and a tree that keeps their order.
//!
//! A member and its score are one allocation.
//!
//! # Safety
//!
//! The tree holds links to pairs that the table owns. **Invariant:** every link in the tree is of a
//! pair in the table. A pair enters the table before its link enters the tree; its link leaves the
//! tree before the pair leaves the table. Links are handed out only for as long as the whole is
//! borrowed. When a large set is freed in slices, the tree goes first.
#![expect(unsafe_code, reason = "the tree's links are to pairs that the table owns")]

use std::cmp::Ordering;
use std::ops::Range;

use super::pair::{Link, Pair};
use super::tree::{self, Scored, Tree};
use crate::set::BytesHasher;
use crate::table::{Position, Probe, Table};

/// See the head of this file.
#[derive(Default)]
pub(super) struct Sorted {
    // Links go before what they lead to.
    tree: Tree<Link>,
    table: Table<Pair>,
    /// Bytes that the pairs have allocated.
    bytes: usize,
}

/// Pairs of some ranks one after another.
pub(super) type Walk<'a> = tree::Walk<'a, Link>;

/// Whether a pair comes before this score and member.
#[inline]
fn before(score: f64, member: &[u8]) -> impl Fn(f64, Link) -> bool {
    move |other, link| other < score || (other == score && link.member() < member)
}

impl Sorted {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.tree.len()
    }

    #[inline]
    pub(super) fn score(&self, member: &[u8], hasher: &impl BytesHasher) -> Option<f64> {
        let hash = hasher.hash_bytes(member);
        Some(self.table.find(hash, |pair| pair.member() == member)?.score())
    }

    /// Gives a member the score that `decide` makes of the one it has, if any.
    pub(super) fn upsert(
        &mut self,
        member: &[u8],
        hasher: &impl BytesHasher,
        decide: impl FnOnce(Option<f64>) -> Option<f64>,
    ) {
        let hash = hasher.hash_bytes(member);
        match self.table.probe(hash, |pair| pair.member() == member) {
            Probe::Found(mut found) => {
                let pair = found.get_mut();
                let old = pair.score();
                let Some(new) = decide(Some(old)) else { return };
                let rank = self.tree.rank(before(old, member));
                let link = self.tree.remove(rank);
                pair.set_score(new);
                self.tree.insert(link, before(new, member));
            }
            Probe::Vacant(vacant) => {
                let Some(score) = decide(None) else { return };
                let pair = Pair::new(score, member);
                self.bytes += pair.memory_bytes();
                let hash_of = |other: &Pair| hasher.hash_bytes(other.member());
                let pair = vacant.insert(pair, false, hash_of);
                // SAFETY: the pair is in the table, and leaves it after its link has left the tree.
                let link = unsafe { pair.link() };
                self.tree.insert(link, before(score, member));
            }
        }
    }

    pub(super) fn remove(&mut self, member: &[u8], hasher: &impl BytesHasher) -> bool {
        let Some(score) = self.score(member, hasher) else { return false };
        self.remove_at(self.tree.rank(before(score, member)), hasher);
        true
    }

    /// Takes the pair of this rank out.
    fn remove_at(&mut self, rank: usize, hasher: &impl BytesHasher) {
        let link = self.tree.remove(rank);
        let hash = hasher.hash_bytes(link.member());
        // Where it is tells it from all others, and comparing that costs no look at its bytes.
        let is_it = |pair: &Pair| pair.member().as_ptr() == link.member().as_ptr();
        let pair = self.table.remove(hash, is_it);
        let pair = pair.expect("links in the tree are of pairs in the table");
        self.bytes -= pair.memory_bytes();
    }

    /// Takes the pairs of these ranks out.
    pub(super) fn remove_range(&mut self, ranks: Range<usize>, hasher: &impl BytesHasher) {
        for _ in ranks.clone() {
            self.remove_at(ranks.start, hasher);
        }
    }

    /// The rank of a member, and its score.
    pub(super) fn rank(&self, member: &[u8], hasher: &impl BytesHasher) -> Option<(usize, f64)> {
        let score = self.score(member, hasher)?;
        Some((self.tree.rank(before(score, member)), score))
    }

    /// How many pairs come before the place where `is_before` ends to hold.
    pub(super) fn count_before(&self, is_before: impl Fn(f64, &[u8]) -> bool) -> usize {
        self.tree.rank(|score, link| is_before(score, link.member()))
    }

    /// The pairs of these ranks, from the last to the first if `is_reversed`.
    pub(super) fn walk(&self, ranks: Range<usize>, is_reversed: bool) -> Walk<'_> {
        self.tree.walk(ranks, is_reversed)
    }

    pub(super) fn scan(&self, at: Position, mut visit: impl FnMut(&[u8], f64)) -> Option<Position> {
        self.table.scan(at, |pair, _| visit(pair.member(), pair.score()))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        size_of::<Self>() + self.table.memory_bytes() + self.tree.memory_bytes() + self.bytes
    }

    /// Frees about so many pairs; whether any are left. What is left is good for nothing else.
    pub(super) fn free_slice(&mut self, steps: usize) -> bool {
        if self.tree.len() > 0 {
            self.tree.free_slice(steps);
            return true;
        }
        let bytes = &mut self.bytes;
        // The tree is empty, so no link is left.
        self.table.take_slice(steps, |pair| *bytes -= pair.memory_bytes())
    }
}

impl Default for Tree<Link> {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Sorted {
    /// Copies pair by pair without hashing, and sorts the copies anew.
    fn clone(&self) -> Self {
        let mut copy = Self { tree: Tree::new(), table: self.table.clone(), bytes: self.bytes };
        // SAFETY: the pairs are in the copy's table, which the copy's tree will belong to.
        let links = copy.table.iter().map(|pair| unsafe { pair.link() });
        let mut links: Vec<(f64, Link)> = links.map(|link| (link.score(), link)).collect();
        links.sort_unstable_by(|(score, link), (other_score, other)| {
            let scores = score.partial_cmp(other_score).unwrap_or(Ordering::Equal);
            scores.then_with(|| link.member().cmp(other.member()))
        });
        for (_, link) in links {
            copy.tree.insert(link, |_, _| true);
        }
        copy
    }
}
