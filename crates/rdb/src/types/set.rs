//! Sets.
//!
//! ```text
//! Set           count | member ...   (strings)
//! SetIntset     intset               (a string)
//! SetListpack   listpack             (a string)
//! ```
//!
//! A set that is a listpack is written member by member, because Redis 7.0 knows no such sets.

use datatypes::listpack::Element;
use datatypes::set::{BytesHasher, IntSet};
use datatypes::{Listpack, Set, SetRules};

use super::{Encoder, count_of_items};
use crate::{Error, Kind, Reader, string};

pub(super) fn kind(set: &Set) -> Kind {
    if set.as_ints().is_some() { Kind::SetIntset } else { Kind::Set }
}

pub(super) fn push(encoder: &mut Encoder, set: &Set, out: &mut Vec<u8>) {
    if let Some(ints) = set.as_ints() {
        return encoder.push_string(ints.as_bytes(), out);
    }
    Encoder::push_count(out, set.len());
    for member in set {
        match member {
            Element::Int(int) => string::push_int(out, int),
            Element::Bytes(bytes) => encoder.push_string(bytes, out),
        }
    }
}

pub(super) fn read_intset<H: BytesHasher>(
    source: &mut Reader<'_>,
    rules: &SetRules<H>,
) -> Result<Set, Error> {
    let ints = IntSet::from_bytes(string::read(source)?.into_vec());
    Ok(Set::from_ints(ints.ok_or(Error::Corrupt("a broken intset"))?, rules))
}

pub(super) fn read_listpack<H: BytesHasher>(
    source: &mut Reader<'_>,
    rules: &SetRules<H>,
) -> Result<Set, Error> {
    let pack = Listpack::from_valid_bytes(string::read(source)?.into_vec());
    let pack = pack.ok_or(Error::Corrupt("a set that is no listpack"))?;
    if pack.is_empty() {
        return Err(Error::Corrupt("a set without members"));
    }
    Set::from_listpack(pack, rules).ok_or(Error::Corrupt("a member that is there twice"))
}

/// A set that is being read member by member.
pub(super) struct Filling {
    /// Members to come, once their count was read.
    left: Option<u64>,
    set: Set,
}

impl Filling {
    pub(super) fn new() -> Self {
        Self { left: None, set: Set::new() }
    }

    pub(super) fn step<H: BytesHasher>(
        &mut self,
        source: &mut Reader<'_>,
        rules: &SetRules<H>,
    ) -> Result<Option<Set>, Error> {
        let Some(left) = self.left else {
            let count = count_of_items(source)?;
            self.left = Some(count);
            self.set.expect(usize::try_from(count).unwrap_or(usize::MAX), rules);
            return Ok(None);
        };
        let member = string::read(source)?;
        if !self.set.insert(member.as_bytes(&mut itoa::Buffer::new()), rules) {
            return Err(Error::Corrupt("a member that is there twice"));
        }
        self.left = Some(left - 1);
        if left > 1 {
            return Ok(None);
        }
        let mut set = std::mem::take(&mut self.set);
        set.shrink_to_fit();
        Ok(Some(set))
    }
}
