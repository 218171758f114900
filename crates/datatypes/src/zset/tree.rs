//! The order of a large sorted set: a B+-tree of small keys with counts, so that ranks are cheap.
//!
//! ```text
//! inner node   [ score first count node | score first count node | ... ]   up to BRANCHES
//! leaf         [ key key key ... ]                                          up to KEYS
//! ```
//!
//! The tree knows no order of its own: every question brings a predicate that holds for the keys of
//! some prefix, and is about the place where it ends to hold. A branch repeats the first key below
//! it and that key's score, so that inner nodes are searched without touching what keys lead to.
//!
//! **Invariants**
//!
//! - All leaves are equally deep; none is empty, but for the root. An inner root has two branches.
//! - A branch's `first`, `score` and `count` are those of the keys below it. So the tree never asks
//!   for the score of a key that was taken out.
//!
//! **Memory.** A leaf grows by a few places at a time, in the allocator's size classes, so that
//! little lies idle however keys arrive. Keys that arrive in order fill leaves to the brim.

use std::ops::Range;

/// The most keys of a leaf.
const KEYS: usize = 64;
/// The most branches of an inner node.
const BRANCHES: usize = 32;

/// What a tree orders: something small that leads to a score.
pub(super) trait Scored: Copy {
    /// The score.
    fn score(self) -> f64;
}

/// See the head of this file.
pub(super) struct Tree<K> {
    root: Node<K>,
    len: usize,
}

enum Node<K> {
    Leaf(Vec<K>),
    Inner(Vec<Branch<K>>),
}

struct Branch<K> {
    score: f64,
    first: K,
    count: usize,
    node: Node<K>,
}

/// What an insertion tells the node above.
struct Inserted<K> {
    /// The key has become the first one below the node.
    is_first: bool,
    /// What was split off to the right.
    split: Option<Branch<K>>,
}

impl<K: Scored> Tree<K> {
    /// A tree without keys.
    pub(super) const fn new() -> Self {
        Self { root: Node::Leaf(Vec::new()), len: 0 }
    }

    /// How many keys.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many keys there are before the place where `is_before` ends to hold.
    #[inline]
    pub(super) fn rank(&self, is_before: impl Fn(f64, K) -> bool) -> usize {
        let (mut node, mut rank) = (&self.root, 0);
        loop {
            match node {
                Node::Leaf(keys) => {
                    return rank + keys.partition_point(|key| is_before(key.score(), *key));
                }
                Node::Inner(branches) => {
                    let at = branch_at(branches, &is_before);
                    rank += branches[..at].iter().map(|branch| branch.count).sum::<usize>();
                    node = &branches[at].node;
                }
            }
        }
    }

    /// Puts a key where `is_before` ends to hold.
    pub(super) fn insert(&mut self, key: K, is_before: impl Fn(f64, K) -> bool) {
        self.len += 1;
        let Some(right) = self.root.insert(key, &is_before).split else { return };
        let left = std::mem::replace(&mut self.root, Node::Inner(Vec::with_capacity(2)));
        let Node::Inner(branches) = &mut self.root else { return };
        branches.extend([Branch::of(left), right]);
    }

    /// Takes the key of this rank out.
    pub(super) fn remove(&mut self, rank: usize) -> K {
        assert!(rank < self.len, "there is a key of this rank");
        self.len -= 1;
        let key = self.root.remove(rank);
        while let Node::Inner(branches) = &mut self.root
            && let [_] = branches[..]
            && let Some(only) = branches.pop()
        {
            self.root = only.node;
        }
        key
    }

    /// The keys from this rank on that lie in one leaf with it; one at least if there is such a
    /// key.
    #[inline]
    pub(super) fn run_from(&self, rank: usize) -> &[K] {
        let (keys, at) = self.leaf_of(rank);
        keys.get(at..).unwrap_or_default()
    }

    /// The keys up to this rank that lie in one leaf with it; it is the last of them.
    #[inline]
    pub(super) fn run_up_to(&self, rank: usize) -> &[K] {
        let (keys, at) = self.leaf_of(rank);
        keys.get(..=at).unwrap_or_default()
    }

    fn leaf_of(&self, mut rank: usize) -> (&[K], usize) {
        let mut node = &self.root;
        loop {
            match node {
                Node::Leaf(keys) => return (keys, rank),
                Node::Inner(branches) => {
                    let at = branch_of(branches, &mut rank);
                    node = &branches[at].node;
                }
            }
        }
    }

    /// Frees about so many leaves from the end; whether there are keys left.
    pub(super) fn free_slice(&mut self, leaves: usize) -> bool {
        for _ in 0..leaves {
            if self.len == 0 {
                break;
            }
            self.len -= self.root.pop_leaf();
        }
        self.len > 0
    }

    /// Bytes allocated.
    pub(super) fn memory_bytes(&self) -> usize {
        self.root.memory_bytes()
    }
}

/// The branch in which `is_before` ends to hold, or at whose end.
#[inline]
fn branch_at<K: Scored>(branches: &[Branch<K>], is_before: &impl Fn(f64, K) -> bool) -> usize {
    branches[1..].partition_point(|branch| is_before(branch.score, branch.first))
}

/// The branch with the key of this rank, or the last one; the rank is counted from there on then.
#[inline]
fn branch_of<K>(branches: &[Branch<K>], rank: &mut usize) -> usize {
    let last = branches.len() - 1;
    for (at, branch) in branches[..last].iter().enumerate() {
        if *rank < branch.count {
            return at;
        }
        *rank -= branch.count;
    }
    last
}

impl<K: Scored> Branch<K> {
    fn of(node: Node<K>) -> Self {
        let first = node.first();
        Self { score: first.score(), first, count: node.count(), node }
    }

    /// Looks at the first key again.
    fn refresh(&mut self) {
        self.first = self.node.first();
        self.score = self.first.score();
    }
}

impl<K: Scored> Node<K> {
    /// The first key; there is one below all nodes that have a branch.
    fn first(&self) -> K {
        match self {
            Self::Leaf(keys) => keys[0],
            Self::Inner(branches) => branches[0].first,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Leaf(keys) => keys.len(),
            Self::Inner(branches) => branches.iter().map(|branch| branch.count).sum(),
        }
    }

    /// Keys of a leaf, branches of an inner node.
    fn places(&self) -> usize {
        match self {
            Self::Leaf(keys) => keys.len(),
            Self::Inner(branches) => branches.len(),
        }
    }

    fn insert(&mut self, key: K, is_before: &impl Fn(f64, K) -> bool) -> Inserted<K> {
        let branches = match self {
            Self::Leaf(keys) => {
                let at = keys.partition_point(|key| is_before(key.score(), *key));
                return Inserted { is_first: at == 0, split: insert_in_leaf(keys, at, key) };
            }
            Self::Inner(branches) => branches,
        };
        let at = branch_at(branches, is_before);
        let branch = &mut branches[at];
        let below = branch.node.insert(key, is_before);
        branch.count += 1;
        if below.is_first {
            branch.refresh();
        }
        let is_first = below.is_first && at == 0;
        let Some(right) = below.split else { return Inserted { is_first, split: None } };
        branch.count -= right.count;
        if branches.len() == branches.capacity() {
            branches.reserve_exact(BRANCHES / 4 + 1);
        }
        branches.insert(at + 1, right);
        let is_last = at + 2 == branches.len();
        let split = (branches.len() > BRANCHES).then(|| {
            // Where nodes come in order, those that are left behind are full.
            let keep = if is_last { BRANCHES } else { BRANCHES / 2 };
            let right = branches.split_off(keep);
            branches.shrink_to_fit();
            Branch::of(Self::Inner(right))
        });
        Inserted { is_first, split }
    }

    fn remove(&mut self, mut rank: usize) -> K {
        let branches = match self {
            Self::Leaf(keys) => {
                let key = keys.remove(rank);
                give_back(keys);
                return key;
            }
            Self::Inner(branches) => branches,
        };
        let at = branch_of(branches, &mut rank);
        let branch = &mut branches[at];
        let key = branch.node.remove(rank);
        branch.count -= 1;
        if branch.count == 0 {
            branches.remove(at);
        } else {
            if rank == 0 {
                branch.refresh();
            }
            mend(branches, at);
        }
        key
    }

    /// Frees the last leaf; how many keys it had. What was above it alone goes too.
    fn pop_leaf(&mut self) -> usize {
        match self {
            Self::Leaf(keys) => std::mem::take(keys).len(),
            Self::Inner(branches) => {
                let Some(last) = branches.last_mut() else { return 0 };
                let freed = last.node.pop_leaf();
                last.count -= freed;
                if last.count == 0 {
                    branches.pop();
                }
                if branches.is_empty() {
                    *self = Self::Leaf(Vec::new());
                }
                freed
            }
        }
    }

    fn memory_bytes(&self) -> usize {
        match self {
            Self::Leaf(keys) => keys.capacity() * size_of::<K>(),
            Self::Inner(branches) => {
                let own = branches.capacity() * size_of::<Branch<K>>();
                own + branches.iter().map(|branch| branch.node.memory_bytes()).sum::<usize>()
            }
        }
    }
}

/// Puts a key into a leaf. A full one is split in two; where keys come in order, ascending or
/// descending, the new one gets a leaf of its own and the old one stays full.
fn insert_in_leaf<K: Scored>(keys: &mut Vec<K>, at: usize, key: K) -> Option<Branch<K>> {
    if keys.len() < KEYS {
        insert_in(keys, at, key);
        return None;
    }
    let mut right = match at {
        0 => std::mem::take(keys),
        KEYS => Vec::new(),
        _ => keys.split_off(KEYS / 2),
    };
    if at > 0 && at < KEYS {
        keys.shrink_to_fit();
    }
    if at <= keys.len() && at < KEYS {
        insert_in(keys, at, key);
    } else {
        let at = at - keys.len();
        insert_in(&mut right, at, key);
    }
    Some(Branch::of(Node::Leaf(right)))
}

fn insert_in<K>(keys: &mut Vec<K>, at: usize, key: K) {
    if keys.len() == keys.capacity() {
        // The steps of the allocator's size classes: 32, 64, 128, 160 ... 256, 320 ... 512 bytes.
        keys.reserve_exact(match keys.len() {
            len @ 1..16 => len,
            0 | 16..32 => 4,
            _ => 8,
        });
    }
    keys.insert(at, key);
}

/// Returns memory of which much is not used any more.
fn give_back<K>(keys: &mut Vec<K>) {
    if keys.capacity() > keys.len() + KEYS / 4 {
        keys.shrink_to(keys.len() + KEYS / 16);
    }
}

/// Joins a node that has become small with a neighbour, if they are not too large together.
fn mend<K: Scored>(branches: &mut Vec<Branch<K>>, at: usize) {
    let most = |node: &Node<K>| if matches!(node, Node::Leaf(_)) { KEYS } else { BRANCHES };
    let places = branches[at].node.places();
    let most = most(&branches[at].node);
    if places >= most / 4 {
        return;
    }
    let is_room = |left: usize| {
        let right = branches.get(left + 1)?;
        (branches[left].node.places() + right.node.places() <= most / 4 * 3).then_some(left)
    };
    let Some(left) = at.checked_sub(1).and_then(is_room).or_else(|| is_room(at)) else { return };
    let right = branches.remove(left + 1);
    let target = &mut branches[left];
    target.count += right.count;
    match (&mut target.node, right.node) {
        (Node::Leaf(keys), Node::Leaf(more)) => keys.extend(more),
        (Node::Inner(below), Node::Inner(more)) => below.extend(more),
        _ => unreachable!("all leaves are equally deep"),
    }
}

/// Keys of some ranks one after another, in either direction.
pub(super) struct Walk<'a, K> {
    tree: &'a Tree<K>,
    left: Range<usize>,
    run: &'a [K],
    is_reversed: bool,
}

impl<K: Scored> Tree<K> {
    /// The keys of these ranks, from the last to the first if `is_reversed`.
    pub(super) fn walk(&self, ranks: Range<usize>, is_reversed: bool) -> Walk<'_, K> {
        let left = ranks.start..ranks.end.min(self.len);
        Walk { tree: self, left, run: &[], is_reversed }
    }
}

impl<K: Scored> Iterator for Walk<'_, K> {
    type Item = K;

    #[inline]
    fn next(&mut self) -> Option<K> {
        if self.left.is_empty() {
            return None;
        }
        if self.is_reversed {
            if self.run.is_empty() {
                self.run = self.tree.run_up_to(self.left.end - 1);
            }
            self.left.end -= 1;
            let (last, rest) = self.run.split_last()?;
            self.run = rest;
            return Some(*last);
        }
        if self.run.is_empty() {
            self.run = self.tree.run_from(self.left.start);
        }
        self.left.start += 1;
        let (first, rest) = self.run.split_first()?;
        self.run = rest;
        Some(*first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BRANCHES, KEYS, Node, Scored, Tree};

    /// A score and what tells equal ones apart.
    type Key = (f64, u32);

    impl Scored for Key {
        fn score(self) -> f64 {
            self.0
        }
    }

    fn before(wanted: Key) -> impl Fn(f64, Key) -> bool {
        move |score, key| {
            assert_eq!(score.to_bits(), key.0.to_bits(), "a branch repeats its first key");
            key < wanted
        }
    }

    /// Looks at every node; the keys in order.
    fn check(tree: &Tree<Key>) -> Vec<Key> {
        fn look(node: &Node<Key>, is_root: bool, keys: &mut Vec<Key>) -> usize {
            match node {
                Node::Leaf(leaf) => {
                    assert!(is_root || !leaf.is_empty());
                    assert!(leaf.len() <= KEYS && leaf.capacity() <= KEYS + KEYS / 4);
                    keys.extend(leaf);
                    0
                }
                Node::Inner(branches) => {
                    assert!(branches.len() <= BRANCHES && branches.len() > usize::from(is_root));
                    let mut depths = branches.iter().map(|branch| {
                        let from = keys.len();
                        let depth = look(&branch.node, false, keys);
                        assert_eq!((branch.count, branch.first), (keys.len() - from, keys[from]));
                        assert_eq!(branch.score.to_bits(), branch.first.0.to_bits());
                        depth
                    });
                    let depth = depths.next().expect("there is a branch");
                    assert!(depths.all(|other| other == depth));
                    depth + 1
                }
            }
        }
        let mut keys = Vec::new();
        look(&tree.root, true, &mut keys);
        assert_eq!(keys.len(), tree.len());
        assert!(keys.is_sorted());
        keys
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// So many keys from here on, in steps of this.
        Insert(u32, i32, usize),
        RemoveRange(usize, usize),
        Free(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            8 => (0..6000_u32, -7..7_i32, 0..900_usize).prop_map(|(a, b, c)| Step::Insert(a, b, c)),
            4 => (0..4000_usize, 0..800_usize).prop_map(|(a, b)| Step::RemoveRange(a, b)),
            1 => (0..3_usize).prop_map(Step::Free),
        ];
        proptest::collection::vec(step, 0..14)
    }

    /// Many keys have equal scores.
    fn key(number: i64) -> Key {
        ((number / 5) as f64, number as u32)
    }

    fn play(tree: &mut Tree<Key>, model: &mut Vec<Key>, step: &Step) {
        match *step {
            Step::Insert(from, by, count) => {
                for number in 0..count as i64 {
                    let key = key((i64::from(from) + number * i64::from(by)).max(0));
                    if let Err(at) =
                        model.binary_search_by(|other| other.partial_cmp(&key).expect("numbers"))
                    {
                        model.insert(at, key);
                        assert_eq!(tree.rank(before(key)), at);
                        tree.insert(key, before(key));
                    }
                }
            }
            Step::RemoveRange(from, count) => {
                for _ in 0..count {
                    if from < model.len() {
                        assert_eq!(tree.remove(from), model.remove(from));
                    }
                }
            }
            Step::Free(leaves) => {
                assert_eq!(tree.free_slice(leaves), tree.len() > 0);
                model.truncate(tree.len());
                // What is left may be an inner root with one branch, and is good for freeing only.
                while tree.free_slice(1) {}
                model.clear();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn behaves_as_a_sorted_list(steps in steps(), at in 0..5000_usize, count in 0..200_usize) {
            let (mut tree, mut model) = (Tree::new(), Vec::new());
            for step in &steps {
                play(&mut tree, &mut model, step);
                prop_assert_eq!(&check(&tree), &model);
            }
            let range = at..at + count;
            let expected = || model.iter().copied().skip(at).take(count);
            prop_assert!(tree.walk(range.clone(), false).eq(expected()));
            let mut reversed: Vec<Key> = expected().collect();
            reversed.reverse();
            prop_assert!(tree.walk(range, true).eq(reversed));
        }
    }

    /// What the tree takes, as a multiple of its keys' own bytes, in whatever order they arrive.
    #[test]
    fn little_memory_lies_idle() {
        type Order<'a> = (&'a str, &'a dyn Fn(u64) -> i64, f64);
        const COUNT: u64 = 100_000;
        let scatter = |number: u64| (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 34) as i64;
        let orders: [Order<'_>; 3] = [
            ("ascending", &|number| number as i64, 1.1),
            ("descending", &|number| (COUNT - number) as i64, 1.35),
            ("by chance", &scatter, 1.2),
        ];
        for (name, order, most) in orders {
            let mut tree = Tree::new();
            for number in 0..COUNT {
                let key = key(order(number));
                tree.insert(key, before(key));
            }
            check(&tree);
            let share = tree.memory_bytes() as f64 / (tree.len() * size_of::<Key>()) as f64;
            assert!(share < most, "{name}: {share}");
        }
    }
}
