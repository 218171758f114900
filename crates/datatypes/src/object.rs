//! A value that lives outside of its entry: too large to be inline, or being edited in place.

use crate::hash::Hash;
use crate::list::List;
use crate::set::Set;
use crate::string::StringObject;
use crate::zset::Zset;

/// Values by type, each with its encodings inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// A string that is large or was edited.
    String(StringObject),
    /// A list.
    List(List),
    /// A set.
    Set(Set),
    /// A sorted set.
    Zset(Zset),
    /// A hash that is too large to be kept inside its entry, or has fields that expire.
    Hash(Hash),
}

impl Object {
    /// The name that TYPE answers.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::String(_) => "string",
            Self::List(_) => "list",
            Self::Set(_) => "set",
            Self::Zset(_) => "zset",
            Self::Hash(_) => "hash",
        }
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        match self {
            Self::String(_) => "raw",
            Self::List(list) => list.encoding(),
            Self::Set(set) => set.encoding(),
            Self::Zset(zset) => zset.encoding(),
            Self::Hash(hash) => hash.as_ref().encoding(),
        }
    }

    /// Bytes that the value has allocated, the object itself included.
    pub fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::String(string) => string.memory_bytes(),
                Self::List(list) => list.memory_bytes(),
                Self::Set(set) => set.memory_bytes(),
                Self::Zset(zset) => zset.memory_bytes(),
                Self::Hash(hash) => hash.memory_bytes(),
            }
    }

    /// How many steps it takes to free the value, in units of a small allocation.
    pub fn free_effort(&self) -> usize {
        match self {
            Self::String(string) => string.free_effort(),
            Self::List(list) => list.free_effort(),
            Self::Set(set) => set.free_effort(),
            Self::Zset(zset) => zset.free_effort(),
            Self::Hash(hash) => hash.free_effort(),
        }
    }

    /// Frees about so many steps' worth of the value; whether something is left, which is all that
    /// the value is good for from now on. What is freed in one step is left to dropping it.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        match self {
            Self::String(_) => false,
            Self::List(list) => list.free_slice(steps),
            Self::Set(set) => set.free_slice(steps),
            Self::Zset(zset) => zset.free_slice(steps),
            Self::Hash(hash) => hash.free_slice(steps),
        }
    }
}
