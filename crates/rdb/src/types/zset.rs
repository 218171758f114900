//! Sorted sets.
//!
//! ```text
//! Zset           count | member | score ...   (strings; scores as texts behind their length)
//! Zset2          count | member | score ...   (strings; scores as 8 bytes, the lower ones first)
//! ZsetZiplist    ziplist                      (a string) members and scores in turn
//! ZsetListpack   listpack                     (a string) the same
//! ```
//!
//! A large one is written from its highest score to its lowest, as Redis does it.

use datatypes::set::BytesHasher;
use datatypes::{Listpack, Zset, ZsetRules};
use stdx::number::parse_c_f64;

use super::{Encoder, count_of_items};
use crate::{Error, Kind, Reader, string, ziplist};

/// The lengths of texts that are none.
const NOT_A_NUMBER: u8 = 253;
const INFINITY: u8 = 254;
const NEGATIVE_INFINITY: u8 = 255;

pub(super) fn kind(zset: &Zset) -> Kind {
    if zset.as_listpack().is_some() { Kind::ZsetListpack } else { Kind::Zset2 }
}

pub(super) fn push(encoder: &mut Encoder, zset: &Zset, out: &mut Vec<u8>) {
    if let Some(listpack) = zset.as_listpack() {
        return encoder.push_string(listpack.bytes(), out);
    }
    Encoder::push_count(out, zset.len());
    for (member, score) in zset.range(0..zset.len(), true) {
        encoder.push_string(member.as_bytes(&mut itoa::Buffer::new()), out);
        out.extend_from_slice(&score.to_le_bytes());
    }
}

pub(super) fn read_listpack<H: BytesHasher>(
    source: &mut Reader<'_>,
    rules: &ZsetRules<H>,
) -> Result<Zset, Error> {
    let pack = Listpack::from_valid_bytes(string::read(source)?.into_vec());
    of_listpack(pack.ok_or(Error::Corrupt("a sorted set that is no listpack"))?, rules)
}

pub(super) fn read_ziplist<H: BytesHasher>(
    source: &mut Reader<'_>,
    rules: &ZsetRules<H>,
) -> Result<Zset, Error> {
    let bytes = string::read(source)?;
    let mut text = itoa::Buffer::new();
    let pack = ziplist::to_listpack(bytes.as_bytes(&mut text));
    of_listpack(pack.ok_or(Error::Corrupt("a broken ziplist"))?, rules)
}

fn of_listpack<H: BytesHasher>(pack: Listpack, rules: &ZsetRules<H>) -> Result<Zset, Error> {
    if pack.is_empty() {
        return Err(Error::Corrupt("a sorted set without members"));
    }
    Zset::from_listpack(pack, rules).ok_or(Error::Corrupt("no members with scores in order"))
}

/// How scores are written.
#[derive(Clone, Copy)]
pub(super) enum Scores {
    Texts,
    Numbers,
}

impl Scores {
    fn read(self, source: &mut Reader<'_>) -> Result<f64, Error> {
        let score = match self {
            Self::Numbers => f64::from_le_bytes(source.array()?),
            Self::Texts => match source.byte()? {
                NOT_A_NUMBER => f64::NAN,
                INFINITY => f64::INFINITY,
                NEGATIVE_INFINITY => f64::NEG_INFINITY,
                length => {
                    let text = source.take(length.into())?;
                    parse_c_f64(text).ok_or(Error::Corrupt("a score that is no number"))?
                }
            },
        };
        if score.is_nan() { Err(Error::Corrupt("a score that is no number")) } else { Ok(score) }
    }
}

/// A sorted set that is being read member by member.
pub(super) struct Filling {
    scores: Scores,
    /// Members to come, once their count was read.
    left: Option<u64>,
    zset: Zset,
}

impl Filling {
    pub(super) fn new(scores: Scores) -> Self {
        Self { scores, left: None, zset: Zset::new_large() }
    }

    pub(super) fn step<H: BytesHasher>(
        &mut self,
        source: &mut Reader<'_>,
        rules: &ZsetRules<H>,
    ) -> Result<Option<Zset>, Error> {
        let Some(left) = self.left else {
            self.left = Some(count_of_items(source)?);
            return Ok(None);
        };
        let member = string::read(source)?;
        let score = self.scores.read(source)?;
        let mut is_new = true;
        self.zset.upsert(member.as_bytes(&mut itoa::Buffer::new()), rules, |old| {
            is_new = old.is_none();
            is_new.then_some(score)
        });
        if !is_new {
            return Err(Error::Corrupt("a member that is there twice"));
        }
        self.left = Some(left - 1);
        if left > 1 {
            return Ok(None);
        }
        let mut zset = std::mem::take(&mut self.zset);
        zset.make_small(&rules.limits);
        Ok(Some(zset))
    }
}
