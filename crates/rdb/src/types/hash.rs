//! Hashes.
//!
//! ```text
//! Hash             count | name | value ...          (strings)
//! HashZiplist      ziplist of names and values       (a string)
//! HashListpack     listpack of names and values      (a string)
//! HashMetadata     earliest | count | time | name | value ...
//! HashListpackEx   earliest | listpack of names, values and moments
//! HashValkey       count | name | value | moment ... (strings; -1 for never, eight bytes)
//! ```
//!
//! `earliest` is the moment at which the first field expires, in milliseconds of Unix time, eight
//! bytes, the lower ones first. A `time` is a length: 0 for never, or else by how much later than
//! that the field expires, plus one.
//!
//! What has no field that expires is written in a form that Redis 7.0 knows.

use datatypes::hash::{Field, HashRef};
use datatypes::listpack::Element;
use datatypes::set::BytesHasher;
use datatypes::{Hash, HashRules, Listpack};

use super::{Encoder, count_of_items};
use crate::{Error, Kind, Reader, push_length, string, ziplist};

const TWICE: Error = Error::Corrupt("a field that is there twice");
const NO_MOMENT: Error = Error::Corrupt("a time that is none");

pub(super) fn kind(hash: HashRef<'_>) -> Kind {
    match (hash.encoding() == "hashtable", hash.has_volatile()) {
        (false, false) => Kind::HashListpack,
        (false, true) => Kind::HashListpackEx,
        (true, false) => Kind::Hash,
        (true, true) => Kind::HashMetadata,
    }
}

pub(super) fn push(encoder: &mut Encoder, hash: HashRef<'_>, out: &mut Vec<u8>) {
    // The bound that a table keeps may lie before the earliest moment.
    let earliest = hash.iter().filter_map(|field| field.expire_at).min();
    let is_volatile = hash.has_volatile();
    if is_volatile {
        out.extend_from_slice(&earliest.unwrap_or(0).to_le_bytes());
    }
    match hash.to_listpack() {
        Some(bytes) if is_volatile || hash.encoding() == "listpack" => {
            encoder.push_string(&bytes, out);
        }
        Some(_) => encoder.push_string(without_moments(hash).bytes(), out),
        None => {
            Encoder::push_count(out, hash.len());
            for field in hash {
                if is_volatile {
                    let later = |at: i64| at.abs_diff(earliest.unwrap_or(0)) + 1;
                    push_length(out, field.expire_at.map_or(0, later));
                }
                push_text(encoder, field.name, out);
                push_text(encoder, field.value, out);
            }
        }
    }
}

fn push_text(encoder: &mut Encoder, text: Element<'_>, out: &mut Vec<u8>) {
    match text {
        Element::Int(int) => string::push_int(out, int),
        Element::Bytes(bytes) => encoder.push_string(bytes, out),
    }
}

/// Names and values of a hash none of whose fields expires any more.
fn without_moments(hash: HashRef<'_>) -> Listpack {
    let mut pack = Listpack::new();
    for Field { name, value, .. } in hash {
        pack.push_back(name.as_bytes(&mut itoa::Buffer::new()));
        pack.push_back(value.as_bytes(&mut itoa::Buffer::new()));
    }
    pack
}

/// What the one string of a small hash is.
pub(super) enum Packed {
    Ziplist,
    Listpack,
    ListpackEx,
}

impl Packed {
    pub(super) fn read<H: BytesHasher>(
        &self,
        source: &mut Reader<'_>,
        rules: &HashRules<H>,
    ) -> Result<Hash, Error> {
        if matches!(self, Self::ListpackEx) {
            // The earliest moment is that of the first field, which says it as well.
            let _: [u8; 8] = source.array()?;
        }
        let bytes = string::read(source)?.into_vec();
        let pack = match self {
            Self::Ziplist => ziplist::to_listpack(&bytes),
            Self::Listpack | Self::ListpackEx => Listpack::from_valid_bytes(bytes),
        };
        let pack = pack.ok_or(Error::Corrupt("a hash that is no listpack"))?;
        let has_moments = matches!(self, Self::ListpackEx);
        let hash = Hash::from_listpack(pack, has_moments, rules);
        hash.ok_or(Error::Corrupt("fields that are not in order"))
    }
}

/// How the moments of fields are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Moments {
    /// Not at all.
    None,
    /// Before a field, by how much later than the earliest one.
    Later,
    /// Behind a field.
    Behind,
}

/// A hash that is being read field by field.
pub(super) struct Filling {
    moments: Moments,
    /// The earliest moment, once it was read.
    earliest: Option<i64>,
    /// Fields to come, once their count was read.
    left: Option<u64>,
    hash: Hash,
}

impl Filling {
    pub(super) fn new(moments: Moments) -> Self {
        Self { moments, earliest: None, left: None, hash: Hash::new() }
    }

    pub(super) fn step<H: BytesHasher>(
        &mut self,
        source: &mut Reader<'_>,
        rules: &HashRules<H>,
    ) -> Result<Option<Hash>, Error> {
        if self.moments == Moments::Later && self.earliest.is_none() {
            self.earliest = Some(i64::from_le_bytes(source.array()?));
            return Ok(None);
        }
        let Some(left) = self.left else {
            let count = count_of_items(source)?;
            self.left = Some(count);
            self.hash.expect_fields(usize::try_from(count).unwrap_or(usize::MAX), rules);
            return Ok(None);
        };
        self.read_field(source, rules)?;
        self.left = Some(left - 1);
        if left > 1 {
            return Ok(None);
        }
        let mut hash = std::mem::take(&mut self.hash);
        hash.shrink_to_fit();
        Ok(Some(hash))
    }

    fn read_field<H: BytesHasher>(
        &mut self,
        source: &mut Reader<'_>,
        rules: &HashRules<H>,
    ) -> Result<(), Error> {
        let later = match self.moments {
            Moments::Later => self.moment(source.count()?)?,
            Moments::None | Moments::Behind => None,
        };
        let (name, value) = (string::read(source)?, string::read(source)?);
        let expire_at = match self.moments {
            Moments::Behind => match i64::from_le_bytes(source.array()?) {
                -1 => None,
                at => Some(at).filter(|at| *at > 0).ok_or(NO_MOMENT)?.into(),
            },
            Moments::None | Moments::Later => later,
        };
        let (mut one, mut other) = (itoa::Buffer::new(), itoa::Buffer::new());
        let (name, value) = (name.as_bytes(&mut one), value.as_bytes(&mut other));
        if !self.hash.set(name, value, false, rules) {
            return Err(TWICE);
        }
        if expire_at.is_some() {
            self.hash.set_expire(name, expire_at, rules);
        }
        Ok(())
    }

    /// The moment that a time means, if it is one.
    fn moment(&self, time: u64) -> Result<Option<i64>, Error> {
        let Some(later) = time.checked_sub(1) else { return Ok(None) };
        let at = i64::try_from(later).ok().and_then(|later| later.checked_add(self.earliest?));
        at.filter(|at| *at > 0).map(Some).ok_or(NO_MOMENT)
    }
}
