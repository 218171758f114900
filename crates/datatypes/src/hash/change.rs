//! Setting fields of a hash and taking them out, and from one encoding to another.

use super::pack::{self, Full};
use super::pair::Pair;
use super::{BytesHasher, Encoded, Hash, HashLimits, HashRules, HashTable};
use crate::listpack::{BYTES_MAX, Element, Listpack};

impl HashLimits {
    /// Whether a compact encoding takes such a field at all.
    #[inline]
    pub(crate) fn take(&self, name: &[u8], value: &[u8]) -> bool {
        name.len().max(value.len()) <= self.value
    }
}

impl Hash {
    /// The hash of these elements, with or without moments; `None` if they are no fields, if one of
    /// them is there twice, or if they are not in the order of their moments.
    ///
    /// REDIS: how long they are does not matter: `RESTORE` keeps what somebody else has packed.
    #[must_use]
    pub fn from_listpack<H: BytesHasher>(
        pack: Listpack,
        has_moments: bool,
        rules: &HashRules<H>,
    ) -> Option<Self> {
        let count = pack.len();
        if has_moments && !is_in_order(&pack) {
            return None;
        }
        let mut hash = Self(if has_moments { Encoded::PackEx(pack) } else { Encoded::Pack(pack) });
        let stride = if has_moments { 3 } else { 2 };
        let mut names: Vec<Vec<u8>> = if count > 0 && count.is_multiple_of(stride) {
            hash.as_ref().iter().map(|field| field.name.to_vec()).collect()
        } else {
            return None;
        };
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        hash.expect_fields(names.len(), rules);
        Some(hash)
    }

    /// Makes the hash take so many fields in all.
    pub fn expect_fields<H: BytesHasher>(&mut self, count: usize, rules: &HashRules<H>) {
        if count > rules.limits.entries {
            self.make_table(rules);
        }
    }

    /// Sets a field, which keeps its expiry (`keep`) or loses it; whether it is new.
    pub fn set<H: BytesHasher>(
        &mut self,
        name: &[u8],
        value: &[u8],
        keep: bool,
        rules: &HashRules<H>,
    ) -> bool {
        let limits = (rules.limits.entries, BYTES_MAX);
        let done = match &mut self.0 {
            Encoded::Table(table) => return table.set((name, value, keep), &rules.hasher),
            _ if !rules.limits.take(name, value) => Err(Full),
            Encoded::Pack(pack) => pack::set(pack, (name, value), limits),
            Encoded::PackEx(pack) => pack::set_with_moments(pack, (name, value, keep), limits),
        };
        done.unwrap_or_else(|Full| self.make_table(rules).set((name, value, keep), &rules.hasher))
    }

    /// Makes the hash take all of these names and values: a table, if one of them is too long for
    /// the other encodings.
    pub fn expect<'a, H: BytesHasher>(
        &mut self,
        mut words: impl Iterator<Item = &'a [u8]>,
        rules: &HashRules<H>,
    ) {
        if words.any(|word| word.len() > rules.limits.value) {
            self.make_table(rules);
        }
    }

    /// Takes a field out; false if it was not there.
    pub fn remove<H: BytesHasher>(&mut self, name: &[u8], rules: &HashRules<H>) -> bool {
        match &mut self.0 {
            Encoded::Pack(pack) => pack::remove(pack, name),
            Encoded::PackEx(pack) => pack::remove_with_moments(pack, name),
            Encoded::Table(table) => table.remove(name, &rules.hasher),
        }
    }

    /// Makes the hash a table, if it is none.
    pub(super) fn make_table<H: BytesHasher>(&mut self, rules: &HashRules<H>) -> &mut HashTable {
        if !matches!(self.0, Encoded::Table(_)) {
            let mut table = Box::<HashTable>::default();
            let (mut name, mut value) = (itoa::Buffer::new(), itoa::Buffer::new());
            for field in self.as_ref() {
                let (name, value) =
                    (field.name.as_bytes(&mut name), field.value.as_bytes(&mut value));
                table.insert_new(Pair::new(name, value, field.expire_at), &rules.hasher);
            }
            self.0 = Encoded::Table(table);
        }
        match &mut self.0 {
            Encoded::Table(table) => table,
            _ => unreachable!("it was just made a table"),
        }
    }

    /// Gives the fields of a compact encoding room for moments.
    pub(crate) fn make_ex(&mut self) {
        let Encoded::Pack(pack) = &self.0 else { return };
        let mut with_moments = Listpack::with_room(pack.entries().len() / 2 * 3);
        let mut elements = pack.iter();
        while let (Some(name), Some(value)) = (elements.next(), elements.next()) {
            with_moments.push_element(name);
            with_moments.push_element(value);
            with_moments.push_back(b"0");
        }
        self.0 = Encoded::PackEx(with_moments);
    }

    /// Gives memory back that was taken for fields to come.
    pub fn shrink_to_fit(&mut self) {
        match &mut self.0 {
            Encoded::Pack(pack) | Encoded::PackEx(pack) => pack.shrink_to_fit(),
            Encoded::Table(_) => {}
        }
    }
}

/// Whether every third element is a moment, and they ascend; the zeros of those that never come
/// stand at the end.
fn is_in_order(pack: &Listpack) -> bool {
    let mut last = 0;
    pack.iter().skip(2).step_by(3).all(|element| match element {
        Element::Int(0) => {
            last = i64::MAX;
            true
        }
        Element::Int(at) => std::mem::replace(&mut last, at) <= at && at > 0,
        Element::Bytes(_) => false,
    })
}
