//! Sets: sorted integers, a listpack, or a table of members, whichever their members ask for.
//!
//! | encoding | which sets |
//! |---|---|
//! | `intset` | integers only, up to [`SetLimits::intset_entries`] |
//! | `listpack` | up to [`SetLimits::listpack_entries`], short: [`SetLimits::listpack_value`] |
//! | `hashtable` | all others |
//!
//! A set is converted when a member is added that its encoding does not take, as Redis 7.2 does;
//! taking members out converts nothing.
//!
//! **Invariants**
//!
//! - A table's members were hashed by one hasher, that of every [`SetRules`] that it is used with.
//! - A member that is the text of an integer is never held twice, as text and as number.

mod algebra;
mod convert;
mod hash_set;
pub mod intset;
mod member;
mod random;
#[cfg(test)]
mod tests;

pub use algebra::{difference, intersection, union};
use hash_set::HashSet;
pub use intset::IntSet;
use stdx::number::parse_i64;

use crate::listpack::{self, Element, Listpack};
use crate::table::Position;

/// How large the compact encodings may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLimits {
    /// `set-max-intset-entries`.
    pub intset_entries: usize,
    /// `set-max-listpack-entries`.
    pub listpack_entries: usize,
    /// `set-max-listpack-value`, bytes.
    pub listpack_value: usize,
}

impl Default for SetLimits {
    fn default() -> Self {
        Self { intset_entries: 512, listpack_entries: 128, listpack_value: 64 }
    }
}

/// Hashes the members of large sets.
pub trait BytesHasher {
    /// The hash of these bytes, always the same.
    fn hash_bytes(&self, bytes: &[u8]) -> u64;
}

/// What a set is told by those who use it.
#[derive(Clone, Debug)]
pub struct SetRules<H> {
    /// How large the compact encodings may grow.
    pub limits: SetLimits,
    /// How members are hashed.
    pub hasher: H,
}

/// See the head of this file.
#[derive(Clone)]
pub struct Set(Encoded);

#[derive(Clone)]
enum Encoded {
    Ints(IntSet),
    Pack(Listpack),
    Table(Box<HashSet>),
}

impl Set {
    /// An empty set for integers.
    #[must_use]
    pub fn new() -> Self {
        Self(Encoded::Ints(IntSet::new()))
    }

    /// An empty set that is about to get `count` members, this one first.
    #[must_use]
    pub fn for_members(first: &[u8], count: usize, limits: &SetLimits) -> Self {
        Self(if count <= limits.intset_entries && parse_i64(first).is_some() {
            Encoded::Ints(IntSet::new())
        } else if count <= limits.listpack_entries {
            Encoded::Pack(Listpack::new())
        } else {
            Encoded::Table(Box::default())
        })
    }

    /// An empty set for members that are no integers.
    #[must_use]
    pub fn new_listpack() -> Self {
        Self(Encoded::Pack(Listpack::new()))
    }

    /// How many members.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Encoded::Ints(ints) => ints.len(),
            Encoded::Pack(pack) => pack.len(),
            Encoded::Table(table) => table.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether these bytes are a member.
    #[inline]
    pub fn contains<H: BytesHasher>(&self, member: &[u8], rules: &SetRules<H>) -> bool {
        match &self.0 {
            Encoded::Ints(ints) => parse_i64(member).is_some_and(|int| ints.contains(int)),
            Encoded::Pack(pack) => pack.find(pack.first(), member, 0).is_some(),
            Encoded::Table(table) => table.contains(member, &rules.hasher),
        }
    }

    /// Whether this is a member.
    #[inline]
    pub fn contains_element<H: BytesHasher>(
        &self,
        element: Element<'_>,
        rules: &SetRules<H>,
    ) -> bool {
        match (&self.0, element) {
            (Encoded::Ints(ints), Element::Int(int)) => ints.contains(int),
            (_, element) => self.contains(element.as_bytes(&mut itoa::Buffer::new()), rules),
        }
    }

    /// Adds a member; false if it was there.
    pub fn insert<H: BytesHasher>(&mut self, member: &[u8], rules: &SetRules<H>) -> bool {
        match &mut self.0 {
            Encoded::Ints(_) => match parse_i64(member) {
                Some(int) => self.insert_int(int, rules),
                None => {
                    self.leave_ints(member, rules);
                    self.insert(member, rules)
                }
            },
            Encoded::Pack(pack) => {
                if pack.find(pack.first(), member, 0).is_some() {
                    return false;
                }
                if convert::takes(pack, member, &rules.limits) {
                    pack.push_back(member);
                    return true;
                }
                self.make_table(rules);
                self.insert(member, rules)
            }
            Encoded::Table(table) => table.insert(member, &rules.hasher),
        }
    }

    /// Adds a member; false if it was there.
    pub fn insert_element<H: BytesHasher>(
        &mut self,
        element: Element<'_>,
        rules: &SetRules<H>,
    ) -> bool {
        match (&self.0, element) {
            (Encoded::Ints(_), Element::Int(int)) => self.insert_int(int, rules),
            (_, element) => self.insert(element.as_bytes(&mut itoa::Buffer::new()), rules),
        }
    }

    /// Adds a member that is known not to be there.
    pub fn insert_new<H: BytesHasher>(&mut self, element: Element<'_>, rules: &SetRules<H>) {
        if let Encoded::Pack(pack) = &mut self.0 {
            let mut text = itoa::Buffer::new();
            let member = element.as_bytes(&mut text);
            debug_assert!(pack.find(pack.first(), member, 0).is_none(), "it is new");
            if convert::takes(pack, member, &rules.limits) {
                pack.push_back(member);
                return;
            }
            self.make_table(rules);
        }
        let is_new = self.insert_element(element, rules);
        debug_assert!(is_new || matches!(self.0, Encoded::Pack(_)), "it is new");
    }

    /// Gives memory back that was taken for members to come.
    pub fn shrink_to_fit(&mut self) {
        match &mut self.0 {
            Encoded::Ints(ints) => ints.shrink_to_fit(),
            Encoded::Pack(pack) => pack.shrink_to_fit(),
            Encoded::Table(_) => {}
        }
    }

    fn insert_int<H: BytesHasher>(&mut self, int: i64, rules: &SetRules<H>) -> bool {
        let Encoded::Ints(ints) = &mut self.0 else { unreachable!("asked of integers only") };
        let is_new = ints.insert(int);
        if is_new && ints.len() > rules.limits.intset_entries.min(IntSet::LEN_MAX) {
            self.make_table(rules);
        }
        is_new
    }

    /// Takes a member out; false if it was not there.
    pub fn remove<H: BytesHasher>(&mut self, member: &[u8], rules: &SetRules<H>) -> bool {
        match &mut self.0 {
            Encoded::Ints(ints) => parse_i64(member).is_some_and(|int| ints.remove(int)),
            Encoded::Pack(pack) => {
                let Some(at) = pack.find(pack.first(), member, 0) else { return false };
                pack.delete(at);
                true
            }
            Encoded::Table(table) => table.remove(member, &rules.hasher),
        }
    }

    /// The members in no order that means anything.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter(match &self.0 {
            Encoded::Ints(ints) => Walk::Ints { ints, next: 0 },
            Encoded::Pack(pack) => Walk::Pack(pack.iter()),
            Encoded::Table(table) => Walk::Table(table.iter()),
        })
    }

    /// Calls `visit` with some members and answers where the walk goes on, `None` at its end. Every
    /// member that stays during a whole walk is met, however the set grows and shrinks meanwhile,
    /// as long as it stays a table; other sets are met whole at once.
    pub fn scan(&self, at: Position, mut visit: impl FnMut(Element<'_>)) -> Option<Position> {
        match &self.0 {
            Encoded::Table(table) => {
                table.scan(at, |member| visit(Element::Bytes(member.as_bytes())))
            }
            _ => {
                self.iter().for_each(visit);
                None
            }
        }
    }

    /// The name that OBJECT ENCODING answers.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        match &self.0 {
            Encoded::Ints(_) => "intset",
            Encoded::Pack(_) => "listpack",
            Encoded::Table(_) => "hashtable",
        }
    }

    /// The integers of an `intset`; `None` for other encodings.
    #[must_use]
    pub fn as_ints(&self) -> Option<&IntSet> {
        match &self.0 {
            Encoded::Ints(ints) => Some(ints),
            Encoded::Pack(_) | Encoded::Table(_) => None,
        }
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        match &self.0 {
            Encoded::Ints(ints) => ints.memory_bytes(),
            Encoded::Pack(pack) => pack.memory_bytes(),
            Encoded::Table(table) => size_of::<HashSet>() + table.memory_bytes(),
        }
    }

    /// How many steps it takes to free the set, in units of a small allocation.
    #[must_use]
    pub fn free_effort(&self) -> usize {
        match &self.0 {
            Encoded::Ints(_) | Encoded::Pack(_) => 1,
            Encoded::Table(table) => 1 + table.len(),
        }
    }

    /// Frees about `steps` members; whether any are left. What is left is a set like any other.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        match &mut self.0 {
            Encoded::Ints(_) | Encoded::Pack(_) => false,
            Encoded::Table(table) => table.free_slice(steps),
        }
    }
}

impl Default for Set {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Set {
    fn eq(&self, other: &Self) -> bool {
        let members = |set: &Self| {
            let mut members: Vec<Vec<u8>> = set.iter().map(Element::to_vec).collect();
            members.sort_unstable();
            members
        };
        self.len() == other.len() && members(self) == members(other)
    }
}

impl Eq for Set {}

impl std::fmt::Debug for Set {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The members of a set.
pub struct Iter<'a>(Walk<'a>);

enum Walk<'a> {
    Ints { ints: &'a IntSet, next: usize },
    Pack(listpack::Iter<'a>),
    Table(hash_set::Iter<'a>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = Element<'a>;

    #[inline]
    fn next(&mut self) -> Option<Element<'a>> {
        match &mut self.0 {
            Walk::Ints { ints, next } => {
                let int = ints.get(*next)?;
                *next += 1;
                Some(Element::Int(int))
            }
            Walk::Pack(pack) => pack.next(),
            Walk::Table(table) => Some(Element::Bytes(table.next()?.as_bytes())),
        }
    }
}

impl<'a> IntoIterator for &'a Set {
    type Item = Element<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
