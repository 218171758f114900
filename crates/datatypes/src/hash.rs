//! Hashes: fields with values, each with an expiry if it was given one.
//!
//! | encoding | which hashes | kept as |
//! |---|---|---|
//! | `listpack` | up to [`HashLimits::entries`] fields, short: [`HashLimits::value`] | [`pack`] |
//! | `listpackex` | the same, once a field was given an expiry | [`pack`] |
//! | `hashtable` | all others | [`hash_table`] |
//!
//! A `listpack` of up to `entry::INLINE_MAX` bytes lies within the entry of its key, without a
//! header; what is longer, and all other hashes, are a [`Hash`] outside. Both are read through a
//! [`HashRef`] and changed through an `entry::HashMut`, so that nobody else knows the difference.
//!
//! A hash is converted when it is given what its encoding does not take, as Redis does it; taking
//! fields out converts nothing.
//!
//! **Invariants**
//!
//! - A table's fields were hashed by one hasher, that of every [`HashRules`] that it is used with.
//! - Fields past their expiry are fields like others here: what the time is, others know.

mod change;
mod expiry;
mod hash_table;
mod iter;
pub(crate) mod pack;
mod pair;
mod random;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use hash_table::HashTable;
pub use iter::Iter;
use pack::Pack;

use crate::listpack::{Element, Listpack};
use crate::set::BytesHasher;
use crate::table::Position;

/// How large the compact encodings may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashLimits {
    /// `hash-max-listpack-entries`: fields.
    pub entries: usize,
    /// `hash-max-listpack-value`: bytes of a field's name, and of its value.
    pub value: usize,
}

impl Default for HashLimits {
    fn default() -> Self {
        Self { entries: 512, value: 64 }
    }
}

/// What a hash is told by those who use it.
#[derive(Clone, Debug)]
pub struct HashRules<H> {
    /// How large the compact encodings may grow.
    pub limits: HashLimits,
    /// How fields are hashed.
    pub hasher: H,
}

/// A field as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name.
    pub name: Element<'a>,
    /// Its value.
    pub value: Element<'a>,
    /// When it expires, in milliseconds of Unix time.
    pub expire_at: Option<i64>,
}

impl Field<'_> {
    /// Whether the field has expired.
    #[inline]
    #[must_use]
    pub fn is_dead(&self, now: i64) -> bool {
        self.expire_at.is_some_and(|at| at <= now)
    }
}

/// A hash that has memory of its own.
#[derive(Clone)]
pub struct Hash(Encoded);

#[derive(Clone)]
enum Encoded {
    /// Names and values in turn.
    Pack(Listpack),
    /// Names, values and moments in turn, by moment.
    PackEx(Listpack),
    Table(Box<HashTable>),
}

/// A hash to be read.
#[derive(Clone, Copy)]
pub struct HashRef<'a>(Seen<'a>);

#[derive(Clone, Copy)]
enum Seen<'a> {
    Pack(Pack<'a>),
    Table(&'a HashTable),
}

impl Hash {
    /// An empty hash.
    #[must_use]
    pub fn new() -> Self {
        Self(Encoded::Pack(Listpack::new()))
    }

    /// An empty hash that is about to be given these names and values in turn.
    #[must_use]
    pub fn for_words<'a>(words: impl Iterator<Item = &'a [u8]>, limits: &HashLimits) -> Self {
        let mut bytes = 0_usize;
        for word in words {
            if word.len() > limits.value {
                return Self(Encoded::Table(Box::default()));
            }
            bytes += word.len() + pack::FRAME_MAX;
        }
        Self(Encoded::Pack(Listpack::with_room(bytes)))
    }

    /// The hash to be read.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> HashRef<'_> {
        HashRef(match &self.0 {
            Encoded::Pack(pack) => Seen::Pack(Pack::plain(pack.entries())),
            Encoded::PackEx(pack) => Seen::Pack(Pack::with_moments(pack.entries())),
            Encoded::Table(table) => Seen::Table(table),
        })
    }

    /// The entries, if they are names and values in turn.
    pub(crate) fn plain_entries(&self) -> Option<&[u8]> {
        match &self.0 {
            Encoded::Pack(pack) => Some(pack.entries()),
            _ => None,
        }
    }

    /// A hash of these entries, which are names and values in turn.
    pub(crate) fn of_entries(entries: &[u8]) -> Self {
        let count = Pack::plain(entries).len() * 2;
        Self(Encoded::Pack(Listpack::from_entries(entries, count)))
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        match &self.0 {
            Encoded::Pack(pack) | Encoded::PackEx(pack) => pack.memory_bytes(),
            Encoded::Table(table) => size_of::<HashTable>() + table.memory_bytes(),
        }
    }

    /// How many steps it takes to free the hash, in units of a small allocation.
    #[must_use]
    pub fn free_effort(&self) -> usize {
        match &self.0 {
            Encoded::Pack(_) | Encoded::PackEx(_) => 1,
            Encoded::Table(table) => 1 + table.len(),
        }
    }

    /// Frees about `steps` fields; whether any are left. What is left is a hash like any other.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        match &mut self.0 {
            Encoded::Pack(_) | Encoded::PackEx(_) => false,
            Encoded::Table(table) => table.free_slice(steps),
        }
    }
}

impl Default for Hash {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> HashRef<'a> {
    /// The hash whose entries these are, names and values in turn.
    #[inline]
    pub(crate) fn of_pack(entries: &'a [u8]) -> Self {
        Self(Seen::Pack(Pack::plain(entries)))
    }

    /// How many fields, expired ones included.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        match self.0 {
            Seen::Pack(pack) => pack.len(),
            Seen::Table(table) => table.len(),
        }
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        match self.0 {
            Seen::Pack(pack) => pack.is_empty(),
            Seen::Table(table) => table.len() == 0,
        }
    }

    /// The field of this name, expired or not.
    #[inline]
    pub fn get<H: BytesHasher>(self, name: &[u8], rules: &HashRules<H>) -> Option<Field<'a>> {
        match self.0 {
            Seen::Pack(pack) => pack.get(name),
            Seen::Table(table) => Some(table.get(name, &rules.hasher)?.field()),
        }
    }

    /// The fields, in the order in which a compact encoding has them, or in none.
    #[must_use]
    pub fn iter(self) -> Iter<'a> {
        match self.0 {
            Seen::Pack(pack) => Iter::of_pack(pack),
            Seen::Table(table) => Iter::of_table(table.iter()),
        }
    }

    /// Calls `visit` with some fields and answers where the walk goes on, `None` at its end. Every
    /// field that stays during a whole walk is met, however the hash grows and shrinks meanwhile,
    /// as long as it stays a table; other hashes are met whole at once.
    pub fn scan(self, at: Position, mut visit: impl FnMut(Field<'_>)) -> Option<Position> {
        match self.0 {
            Seen::Table(table) => table.scan(at, visit),
            Seen::Pack(_) => {
                self.iter().for_each(&mut visit);
                None
            }
        }
    }

    /// The name that OBJECT ENCODING answers.
    #[must_use]
    pub fn encoding(self) -> &'static str {
        match self.0 {
            Seen::Pack(pack) if pack.has_moments() => "listpackex",
            Seen::Pack(_) => "listpack",
            Seen::Table(_) => "hashtable",
        }
    }

    /// A compact encoding as a listpack with header and end, as an RDB file has it: names and
    /// values in turn, under `listpackex` a moment (0 for never) behind each of them. `None` for a
    /// table.
    #[must_use]
    pub fn to_listpack(self) -> Option<Cow<'a, [u8]>> {
        let Seen::Pack(pack) = self.0 else { return None };
        let count = pack.len() * pack.stride();
        Some(Cow::Owned(Listpack::from_entries(pack.entries(), count).into_bytes()))
    }
}

impl<'a> IntoIterator for HashRef<'a> {
    type Item = Field<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl PartialEq for HashRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        let fields = |hash: &Self| {
            let field = |it: Field<'_>| (it.name.to_vec(), it.value.to_vec(), it.expire_at);
            let mut fields: Vec<_> = hash.iter().map(field).collect();
            fields.sort_unstable();
            fields
        };
        self.len() == other.len() && fields(self) == fields(other)
    }
}

impl Eq for HashRef<'_> {}

impl std::fmt::Debug for HashRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Hash {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref()
    }
}

impl Eq for Hash {}

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_ref().fmt(f)
    }
}
