//! Hashes in entries: small ones inside, as the bare entries of a listpack, others outside.
//!
//! A hash moves outside when it outgrows [`INLINE_MAX`] or its encoding, and stays there until it
//! is copied.

use super::value::INLINE_MAX;
use super::{Entry, StoredRef};
use crate::hash::pack;
use crate::hash::{Hash, HashRef, HashRules};
use crate::listpack::Room;
use crate::object::Object;
use crate::set::BytesHasher;

/// A hash to be changed, wherever it is.
pub struct HashMut<'a> {
    entry: &'a mut Entry,
}

impl Entry {
    /// An entry with a hash.
    pub fn new_hash(key: &[u8], hash: Hash, expire_at: Option<i64>, lru: u32) -> Self {
        Self::new_object(key, Object::Hash(hash), expire_at, lru)
    }

    /// The hash, to be changed; `None` for all other values.
    #[inline]
    pub fn hash_mut(&mut self) -> Option<HashMut<'_>> {
        match self.stored() {
            StoredRef::Pack(_) | StoredRef::Object(Object::Hash(_)) => {
                Some(HashMut { entry: self })
            }
            _ => None,
        }
    }

    /// The hash; `None` for all other values.
    #[inline]
    pub fn hash(&self) -> Option<HashRef<'_>> {
        match self.stored() {
            StoredRef::Pack(entries) => Some(HashRef::of_pack(entries)),
            StoredRef::Object(Object::Hash(hash)) => Some(hash.as_ref()),
            _ => None,
        }
    }

    /// Whether the value is a hash with fields that expire.
    #[inline]
    pub fn has_volatile_fields(&self) -> bool {
        match self.stored() {
            StoredRef::Object(Object::Hash(hash)) => hash.as_ref().has_volatile(),
            _ => false,
        }
    }

    /// Whether the entry or a part of it may vanish by itself.
    #[inline]
    pub fn may_expire(&self) -> bool {
        self.is_volatile() || self.has_volatile_fields()
    }
}

impl HashMut<'_> {
    /// The hash to be read.
    #[inline]
    pub fn as_ref(&self) -> HashRef<'_> {
        self.entry.hash().expect("the entry has a hash")
    }

    /// Sets a field, which keeps its expiry (`keep`) or loses it; whether it is new.
    pub fn set<H: BytesHasher>(
        &mut self,
        name: &[u8],
        value: &[u8],
        keep: bool,
        rules: &HashRules<H>,
    ) -> bool {
        if let Some(mut room) = self.inside() {
            let limits = (rules.limits.entries, INLINE_MAX);
            if rules.limits.take(name, value)
                && let Ok(is_new) = pack::set(&mut room, (name, value), limits)
            {
                return is_new;
            }
        }
        self.outside().set(name, value, keep, rules)
    }

    /// Takes a field out; false if it was not there.
    pub fn remove<H: BytesHasher>(&mut self, name: &[u8], rules: &HashRules<H>) -> bool {
        match self.inside() {
            Some(mut room) => pack::remove(&mut room, name),
            None => self.outside().remove(name, rules),
        }
    }

    /// Makes the hash take all of these names and values: a table, if one of them is too long for
    /// the other encodings.
    pub fn expect<'b, H: BytesHasher>(
        &mut self,
        mut words: impl Iterator<Item = &'b [u8]>,
        rules: &HashRules<H>,
    ) {
        if let Some(long) = words.find(|word| word.len() > rules.limits.value) {
            self.outside().expect([long].into_iter(), rules);
        }
    }

    /// Gives a field another expiry, or none; whether it is there.
    pub fn set_expire<H: BytesHasher>(
        &mut self,
        name: &[u8],
        expire_at: Option<i64>,
        rules: &HashRules<H>,
    ) -> bool {
        if expire_at.is_none() && self.inside().is_some() {
            return self.as_ref().get(name, rules).is_some();
        }
        self.outside().set_expire(name, expire_at, rules)
    }

    /// Gives a compact encoding room for moments.
    pub fn expect_expiry(&mut self) {
        self.outside().make_ex();
    }

    /// Takes some of the fields out that have expired; see [`Hash::take_dead`].
    pub fn take_dead<H: BytesHasher>(
        &mut self,
        now: i64,
        rules: &HashRules<H>,
        give: impl FnMut(&[u8]),
    ) {
        if self.inside().is_none() {
            self.outside().take_dead(now, rules, give);
        }
    }

    /// The room inside the entry, if that is where the hash is.
    #[inline]
    fn inside(&mut self) -> Option<Inside<'_>> {
        match self.entry.stored() {
            StoredRef::Pack(_) => Some(Inside(self.entry)),
            _ => None,
        }
    }

    /// The hash outside of the entry; it moves there if it is not.
    fn outside(&mut self) -> &mut Hash {
        if let StoredRef::Pack(entries) = self.entry.stored() {
            let hash = Hash::of_entries(entries);
            self.entry.set_object(Object::Hash(hash));
        }
        match self.entry.object_mut() {
            Some(Object::Hash(hash)) => hash,
            _ => unreachable!("the entry has a hash, which is outside now"),
        }
    }
}

/// The place inside an entry where a small hash is.
struct Inside<'a>(&'a mut Entry);

impl Room for Inside<'_> {
    #[inline]
    fn entries(&self) -> &[u8] {
        match self.0.stored() {
            StoredRef::Pack(entries) => entries,
            _ => unreachable!("made of a pack only"),
        }
    }

    fn stretch(&mut self, start: usize, end: usize, bytes: usize) -> &mut [u8] {
        self.0.stretch_pack(start, end, bytes)
    }

    fn count_more(&mut self, _: isize) {}
}
