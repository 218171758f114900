//! What several sets have together, in common, or apart.
//!
//! Nothing is copied: members are handed to a visitor as they are met, each one once.
//! Looking for a member in a listpack is a walk over it. Where many are looked for, the listpack's
//! members are first entered into an index that lives as long as the question.

use std::ops::ControlFlow;

use super::{BytesHasher, Encoded, Set, SetRules};
use crate::listpack::{Element, Listpack};

/// Comparisons with the elements of a listpack that cost as much as entering it into an index.
const INDEX_FROM: usize = 512;

/// A member in the one form that equal members have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Int(i64),
    Bytes(&'a [u8]),
}

impl<'a> Key<'a> {
    #[inline]
    fn of(element: Element<'a>) -> Self {
        let normal = match element {
            Element::Int(_) => element,
            Element::Bytes(bytes) => Element::of(bytes),
        };
        match normal {
            Element::Int(int) => Self::Int(int),
            Element::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

type Index<'a> = stdx::HashSet<Key<'a>>;

/// An index of so many elements.
fn index<'a>(elements: impl Iterator<Item = Element<'a>>, count: usize) -> Index<'a> {
    let mut index = Index::with_capacity_and_hasher(count, Default::default());
    index.extend(elements.map(Key::of));
    index
}

/// Whether two elements of a listpack are equal.
pub(super) fn has_twins(pack: &Listpack) -> bool {
    let count = pack.len();
    index(pack.iter(), count).len() < count
}

/// A set in which many members are looked for.
enum Lookup<'a> {
    Set(&'a Set),
    Index(Index<'a>),
}

impl<'a> Lookup<'a> {
    fn new(set: &'a Set, looks: usize) -> Self {
        match &set.0 {
            Encoded::Pack(pack) if looks.saturating_mul(pack.len()) >= INDEX_FROM => {
                Self::Index(index(set.iter(), set.len()))
            }
            _ => Self::Set(set),
        }
    }

    #[inline]
    fn contains<H: BytesHasher>(&self, element: Element<'_>, rules: &SetRules<H>) -> bool {
        match self {
            Self::Set(set) => set.contains_element(element, rules),
            Self::Index(index) => index.contains(&Key::of(element)),
        }
    }
}

/// Calls `visit` with every member of any of the sets; in the order of the sets, unless one of them
/// is a table.
pub fn union<'a, H: BytesHasher>(
    sets: &[&'a Set],
    rules: &SetRules<H>,
    mut visit: impl FnMut(Element<'a>),
) {
    if sets.is_empty() {
        return;
    }
    // A table is its own index: the largest one, if there is one.
    let tables = (0..sets.len()).filter(|&at| matches!(sets[at].0, Encoded::Table(_)));
    let first = tables.max_by_key(|&at| sets[at].len()).unwrap_or(0);
    let base = sets[first];
    base.iter().for_each(&mut visit);
    let others = || sets.iter().enumerate().filter(|(at, _)| *at != first).map(|(_, set)| *set);
    let looks = others().map(Set::len).sum();
    if looks == 0 {
        return;
    }
    let in_base = Lookup::new(base, looks);
    // Two sets: what is not in the first is in the second once.
    let mut seen: Option<Index<'_>> = (sets.len() > 2).then(Index::default);
    for element in others().flat_map(Set::iter) {
        let is_new = !in_base.contains(element, rules)
            && seen.as_mut().is_none_or(|seen| seen.insert(Key::of(element)));
        if is_new {
            visit(element);
        }
    }
}

/// Calls `visit` with the members that all sets have, until it breaks off.
pub fn intersection<'a, H: BytesHasher>(
    sets: &[&'a Set],
    rules: &SetRules<H>,
    mut visit: impl FnMut(Element<'a>) -> ControlFlow<()>,
) {
    let mut ascending: Vec<&Set> = sets.to_vec();
    ascending.sort_by_key(|set| set.len());
    let Some((smallest, others)) = ascending.split_first() else { return };
    let others: Vec<Lookup<'_>> =
        others.iter().map(|set| Lookup::new(set, smallest.len())).collect();
    for element in *smallest {
        if others.iter().all(|set| set.contains(element, rules)) && visit(element).is_break() {
            return;
        }
    }
}

/// Calls `visit` with the members of the first set that none of the others has.
pub fn difference<'a, H: BytesHasher>(
    first: &'a Set,
    others: &[&Set],
    rules: &SetRules<H>,
    mut visit: impl FnMut(Element<'a>),
) {
    if others.iter().any(|other| std::ptr::eq(*other, first)) {
        return;
    }
    let in_others: usize = others.iter().map(|set| set.len()).sum();
    if others.len() > 1 && in_others < first.len() * (others.len() - 1) {
        // Many small sets: one look at all of them together instead of one at each.
        let index = index(others.iter().flat_map(|set| set.iter()), in_others);
        first.iter().filter(|element| !index.contains(&Key::of(*element))).for_each(visit);
        return;
    }
    let mut descending: Vec<&Set> = others.to_vec();
    descending.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let lookups: Vec<Lookup<'_>> =
        descending.iter().map(|set| Lookup::new(set, first.len())).collect();
    for element in first {
        if !lookups.iter().any(|set| set.contains(element, rules)) {
            visit(element);
        }
    }
}
