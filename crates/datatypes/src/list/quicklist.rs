//! A large list: nodes of a limited size, edited where they are.
//!
//! Which node an element joins follows Redis' rules, because OBJECT ENCODING tells when a list is
//! down to one small node.
//!
//! **Invariants**
//!
//! - The limit is the one at the time when the list became large; CONFIG SET does not change it.
//! - Only the nodes at both ends have memory to spare: an end that is left behind is trimmed.

use super::limit::NodeLimit;
use super::node::{Node, NodeWalk};
use super::nodes::{NodeAt, Nodes};
use super::{End, Item, Word};
use crate::listpack::{Listpack, Needle};

/// LIMIT: LSET by longer and longer elements makes a node grow up to so many times its limit.
const OVERSIZE: usize = 4;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct Quicklist {
    pub(super) nodes: Nodes,
    pub(super) limit: NodeLimit,
}

impl Quicklist {
    /// The list of these elements.
    pub(super) fn new(elements: Listpack, limit: NodeLimit) -> Self {
        let mut nodes = Nodes::default();
        if !elements.is_empty() {
            nodes.push_back(Node::Packed(elements));
        }
        Self { nodes, limit }
    }

    /// The only node's elements, if they are few; the list is empty then.
    pub(super) fn take_small(&mut self, limit: NodeLimit) -> Option<Listpack> {
        self.take_if(|bytes, count| limit.is_small(bytes, count))
    }

    /// The only node's elements, if a list of them may do without nodes; the list is empty then.
    pub(super) fn take_only(&mut self, limit: NodeLimit) -> Option<Listpack> {
        self.take_if(|bytes, count| limit.is_enough(bytes, count))
    }

    fn take_if(&mut self, is_few: impl Fn(usize, usize) -> bool) -> Option<Listpack> {
        let only = self.nodes.first().filter(|_| self.nodes.count() == 1)?;
        let node = self.nodes.get(only);
        if node.is_plain() || !is_few(node.bytes(), node.len()) {
            return None;
        }
        match self.nodes.remove(only).0 {
            Node::Packed(listpack) => Some(listpack),
            Node::Plain(_) => None,
        }
    }

    pub(super) fn push(&mut self, end: End, word: Word<'_>) {
        let at = match end {
            End::Front => self.nodes.first(),
            End::Back => self.nodes.last(),
        };
        if let Some(at) = at.filter(|at| self.may_join(*at, word)) {
            self.join(at, end, word);
            return;
        }
        if let Some(at) = at {
            self.trim(at);
        }
        let node = self.node_of(word);
        match end {
            End::Front => self.nodes.push_front(node),
            End::Back => self.nodes.push_back(node),
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Item<'_>> {
        let (at, index) = self.nodes.locate(index)?;
        self.nodes.get(at).get(index)
    }

    /// The elements from an index on, or from it back to the beginning.
    pub(super) fn walk(&self, from: usize, is_back: bool) -> QuickWalk<'_> {
        let Some((at, index)) = self.nodes.locate(from) else {
            return QuickWalk {
                nodes: &self.nodes,
                at: None,
                node: NodeWalk::Plain(None),
                is_back,
            };
        };
        let node = self.nodes.get(at).walk(index, is_back);
        QuickWalk { nodes: &self.nodes, at: Some(at), node, is_back }
    }

    /// Puts an element in the place of another.
    pub(super) fn set(&mut self, index: usize, word: Word<'_>) -> bool {
        let whole_index = index;
        let Some((at, index)) = self.nodes.locate(index) else { return false };
        let is_large = self.limit.is_large(word.bytes.len());
        match (self.nodes.get(at).is_plain(), is_large) {
            (true, true) => {
                let node = self.node_of(word);
                self.nodes.edit(at, |old| *old = node);
            }
            (true, false) => {
                match self.nodes.next(at).filter(|next| self.may_join(*next, word)) {
                    Some(next) => self.join(next, End::Front, word),
                    None => {
                        self.nodes.insert_after(at, Node::packed(word.bytes));
                    }
                }
                // Making room in a chunk may have moved what is large, so it is looked for again.
                let (at, _) = self.nodes.locate(whole_index).expect("it was found before");
                self.nodes.remove(at);
            }
            (false, false) => {
                self.nodes.edit(at, |node| {
                    if let Some((listpack, place)) = node.place(index) {
                        listpack.replace(place, word.bytes);
                    }
                });
                self.halve_oversize(at);
            }
            (false, true) => {
                let new = self.put_between(at, index, word);
                // The old element is the first of what lies behind the new one.
                let behind = self.nodes.next(new).expect("it was put before a node");
                self.delete_in(behind, 0, 1);
                if index > 0 {
                    self.merge_around(new);
                }
            }
        }
        true
    }

    /// Puts an element before the one at an index, or behind it.
    pub(super) fn insert(&mut self, index: usize, is_after: bool, word: Word<'_>) {
        let Some((at, index)) = self.nodes.locate(index) else { return };
        let index = index + usize::from(is_after);
        if self.may_join(at, word) {
            self.nodes.edit(at, |node| insert_into(node, index, word.bytes));
            return;
        }
        let (is_first, is_last) = (index == 0, index == self.nodes.get(at).len());
        let neighbour = match (is_first, is_last) {
            (true, _) => self.nodes.previous(at).map(|at| (at, End::Back)),
            (_, true) => self.nodes.next(at).map(|at| (at, End::Front)),
            _ => None,
        };
        match neighbour.filter(|(at, _)| self.may_join(*at, word)) {
            Some((at, end)) => self.join(at, end, word),
            None if is_first => {
                let node = self.node_of(word);
                self.nodes.insert_before(at, node);
            }
            None if is_last => {
                let node = self.node_of(word);
                self.nodes.insert_after(at, node);
            }
            None if self.limit.is_large(word.bytes.len()) => {
                self.put_between(at, index, word);
            }
            None => {
                // The new element joins the part that its neighbour is not in.
                let behind = self.split(at, index);
                if is_after {
                    self.join(behind, End::Front, word);
                    let front = self.nodes.previous(behind).expect("it was split off one");
                    self.merge_around(front);
                } else {
                    let front = self.nodes.previous(behind).expect("it was split off one");
                    self.join(front, End::Back, word);
                    self.merge_around(behind);
                }
            }
        }
    }

    /// Takes out so many elements from an index on.
    pub(super) fn delete_range(&mut self, start: usize, mut count: usize) {
        let Some((mut at, mut index)) = self.nodes.locate(start) else { return };
        while count > 0 {
            let here = (self.nodes.get(at).len() - index).min(count);
            count -= here;
            match self.delete_in(at, index, here) {
                Some(next) => (at, index) = (next, 0),
                None => return,
            }
        }
    }

    /// Takes out up to `most` elements with these bytes, from one end; how many those were.
    pub(super) fn delete_equal(
        &mut self,
        needle: &Needle<'_>,
        most: usize,
        is_back: bool,
    ) -> usize {
        let mut deleted = 0;
        let mut at = if is_back { self.nodes.last() } else { self.nodes.first() };
        while let Some(here) = at.filter(|_| deleted < most) {
            deleted +=
                self.nodes.edit(here, |node| node.delete_equal(needle, most - deleted, is_back));
            let before = self.nodes.previous(here);
            let is_empty = self.nodes.get(here).len() == 0;
            let after = if is_empty { self.nodes.remove(here).1 } else { self.nodes.next(here) };
            at = if is_back { before } else { after };
        }
        deleted
    }

    /// Takes elements of one node out; the place of the node behind it.
    fn delete_in(&mut self, at: NodeAt, index: usize, count: usize) -> Option<NodeAt> {
        if count == self.nodes.get(at).len() {
            return self.nodes.remove(at).1;
        }
        self.nodes.edit(at, |node| match node {
            Node::Packed(listpack) => listpack.delete_range(index as i64, count),
            Node::Plain(_) => 0,
        });
        self.nodes.next(at)
    }

    fn may_join(&self, at: NodeAt, word: Word<'_>) -> bool {
        let node = self.nodes.get(at);
        let element_bytes = word.bytes.len();
        !node.is_plain()
            && !self.limit.is_large(element_bytes)
            && self.limit.allows(element_bytes, node.bytes(), node.len())
    }

    /// Adds an element to a packed node.
    fn join(&mut self, at: NodeAt, end: End, word: Word<'_>) {
        self.nodes.edit(at, |node| match (node, end) {
            (Node::Packed(listpack), End::Front) => listpack.push_front(word.bytes),
            (Node::Packed(listpack), End::Back) => listpack.push_back(word.bytes),
            (Node::Plain(_), _) => unreachable!("a large element has its node for itself"),
        });
    }

    fn node_of(&self, word: Word<'_>) -> Node {
        if self.limit.is_large(word.bytes.len()) {
            Node::plain(word)
        } else {
            Node::packed(word.bytes)
        }
    }

    /// Splits a packed node before an index inside; the place of the second half.
    fn split(&mut self, at: NodeAt, index: usize) -> NodeAt {
        let behind = self.nodes.edit(at, |node| {
            let (listpack, place) = node.place(index).expect("only packed nodes have an inside");
            listpack.split_off(place)
        });
        self.nodes.insert_after(at, Node::Packed(behind))
    }

    /// Makes an element a node of its own, before the element at an index of a packed node; the
    /// place of the new node.
    fn put_between(&mut self, at: NodeAt, index: usize, word: Word<'_>) -> NodeAt {
        let node = self.node_of(word);
        let behind = if index == 0 { at } else { self.split(at, index) };
        self.nodes.insert_before(behind, node)
    }

    fn halve_oversize(&mut self, at: NodeAt) {
        let node = self.nodes.get(at);
        if node.bytes() > OVERSIZE * self.limit.bytes() && node.len() > 1 {
            self.split(at, node.len() / 2);
        }
    }

    /// Merges nodes near a place where two fit into one: the two before it, the two behind it, and
    /// then it with its neighbours.
    fn merge_around(&mut self, mut at: NodeAt) {
        // A merge takes the second of two nodes away, so places in front of it stay what they are.
        if let Some(next) = self.nodes.next(at) {
            self.merge_with_next(next);
        }
        if let Some(mut before) = self.nodes.previous(at) {
            if let Some(first) = self.nodes.previous(before)
                && self.merge_with_next(first)
            {
                before = first;
                at = self.nodes.next(first).expect("the place itself is still behind");
            }
            if self.merge_with_next(before) {
                at = before;
            }
        }
        self.merge_with_next(at);
    }

    /// Makes one node of this one and the next if the limit allows it; whether it did.
    fn merge_with_next(&mut self, first: NodeAt) -> bool {
        let Some(second) = self.nodes.next(first) else { return false };
        let (one, two) = (self.nodes.get(first), self.nodes.get(second));
        let is_any_plain = one.is_plain() || two.is_plain();
        let bytes = one.bytes() + two.bytes() - Listpack::new().bytes().len();
        if is_any_plain || self.limit.is_exceeded(bytes, one.len() + two.len()) {
            return false;
        }
        let (taken, _) = self.nodes.remove(second);
        self.nodes.edit(first, |node| {
            if let (Node::Packed(listpack), Node::Packed(taken)) = (node, &taken) {
                listpack.append(taken);
            }
        });
        true
    }

    /// Gives back what a node has taken in advance.
    fn trim(&mut self, at: NodeAt) {
        self.nodes.edit(at, |node| {
            if let Node::Packed(listpack) = node {
                listpack.shrink_to_fit();
            }
        });
    }
}

fn insert_into(node: &mut Node, index: usize, element: &[u8]) {
    let Node::Packed(listpack) = node else { unreachable!("nothing joins a large element") };
    match listpack.seek(index as i64) {
        Some(at) => listpack.insert_before(at, element),
        None => listpack.push_back(element),
    };
}

/// Elements of a large list, in one direction.
#[derive(Clone, Debug)]
pub(super) struct QuickWalk<'a> {
    nodes: &'a Nodes,
    at: Option<NodeAt>,
    node: NodeWalk<'a>,
    is_back: bool,
}

impl<'a> QuickWalk<'a> {
    #[inline]
    pub(super) fn step(&mut self) -> Option<Item<'a>> {
        loop {
            if let Some(item) = self.node.step(self.is_back) {
                return Some(item);
            }
            let at = self.at?;
            self.at = if self.is_back { self.nodes.previous(at) } else { self.nodes.next(at) };
            let node = self.nodes.get(self.at?);
            self.node = node.walk(if self.is_back { node.len() - 1 } else { 0 }, self.is_back);
        }
    }
}
