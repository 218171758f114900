//! Values of every type: one file for each, and what leads there.

mod hash;
mod list;
mod set;
mod zset;

use bytes::Bytes;
use datatypes::list::NodeLimit;
use datatypes::set::BytesHasher;
use datatypes::{HashRules, Object, SetRules, ValueRef, ZsetRules};

use crate::lzf::Compressor;
use crate::{Error, Kind, Reader, push_length, string};

/// A value that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string, whatever encoding it is going to have.
    String(Bytes),
    /// Any other value.
    Object(Object),
}

/// How values are kept here: what decides the encoding of those that are read.
#[derive(Clone, Debug)]
pub struct Rules<H> {
    /// How large lists and their nodes get.
    pub list: NodeLimit,
    /// How sets are kept.
    pub set: SetRules<H>,
    /// How sorted sets are kept.
    pub zset: ZsetRules<H>,
    /// How hashes are kept.
    pub hash: HashRules<H>,
}

/// Writes values; to be kept for many of them.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    lzf: Option<Compressor>,
}

impl Encoder {
    /// One that packs strings, or leaves them as they are.
    #[must_use]
    pub fn new(packs: bool) -> Self {
        Self { lzf: packs.then(Compressor::new) }
    }

    /// The kind of what is written for a value.
    #[must_use]
    pub fn kind(value: ValueRef<'_>) -> Kind {
        match value {
            ValueRef::Object(Object::List(_)) => Kind::ListQuicklist2,
            ValueRef::Object(Object::Set(set)) => set::kind(set),
            ValueRef::Object(Object::Zset(zset)) => zset::kind(zset),
            ValueRef::Hash(hash) => hash::kind(hash),
            ValueRef::Object(Object::Hash(hash)) => hash::kind(hash.as_ref()),
            ValueRef::Int(_) | ValueRef::Bytes(_) | ValueRef::Object(Object::String(_)) => {
                Kind::String
            }
        }
    }

    /// Writes a value without its kind.
    pub fn push(&mut self, value: ValueRef<'_>, out: &mut Vec<u8>) {
        match value {
            ValueRef::Int(int) => string::push_int(out, int),
            ValueRef::Bytes(bytes) => self.push_string(bytes, out),
            ValueRef::Object(Object::String(string)) => self.push_string(string.as_bytes(), out),
            ValueRef::Object(Object::List(list)) => list::push(self, list, out),
            ValueRef::Object(Object::Set(set)) => set::push(self, set, out),
            ValueRef::Object(Object::Zset(zset)) => zset::push(self, zset, out),
            ValueRef::Hash(hash) => hash::push(self, hash, out),
            ValueRef::Object(Object::Hash(hash)) => hash::push(self, hash.as_ref(), out),
        }
    }

    /// Writes a string.
    pub fn push_string(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        string::push(out, bytes, self.lzf.as_mut());
    }

    fn push_count(out: &mut Vec<u8>, count: usize) {
        push_length(out, count as u64);
    }
}

/// Reads a value item by item: an element, a member, a node at a time.
///
/// What it has read it keeps, so the bytes may come in pieces: an item that is not all there
/// ([`Error::Short`]) is read again from its beginning when there is more.
pub struct ValueDecoder<'r, H> {
    rules: &'r Rules<H>,
    form: Form,
}

/// What has been read of a value.
enum Form {
    /// Nothing, and one string is all there is.
    String,
    SetIntset,
    SetListpack,
    ListZiplist,
    ZsetZiplist,
    ZsetListpack,
    HashPacked(hash::Packed),
    List(list::Filling),
    Set(set::Filling),
    Zset(zset::Filling),
    Hash(hash::Filling),
}

impl<'r, H: BytesHasher> ValueDecoder<'r, H> {
    /// Begins with a value of this kind.
    #[must_use]
    pub fn new(kind: Kind, rules: &'r Rules<H>) -> Self {
        let form = match kind {
            Kind::String => Form::String,
            Kind::SetIntset => Form::SetIntset,
            Kind::SetListpack => Form::SetListpack,
            Kind::ListZiplist => Form::ListZiplist,
            Kind::List => Form::List(list::Filling::new(list::Items::Elements, rules.list)),
            Kind::ListQuicklist => {
                Form::List(list::Filling::new(list::Items::Ziplists, rules.list))
            }
            Kind::ListQuicklist2 => Form::List(list::Filling::new(list::Items::Nodes, rules.list)),
            Kind::Set => Form::Set(set::Filling::new()),
            Kind::Zset => Form::Zset(zset::Filling::new(zset::Scores::Texts)),
            Kind::Zset2 => Form::Zset(zset::Filling::new(zset::Scores::Numbers)),
            Kind::ZsetZiplist => Form::ZsetZiplist,
            Kind::ZsetListpack => Form::ZsetListpack,
            Kind::Hash => Form::Hash(hash::Filling::new(hash::Moments::None)),
            Kind::HashMetadata => Form::Hash(hash::Filling::new(hash::Moments::Later)),
            Kind::HashValkey => Form::Hash(hash::Filling::new(hash::Moments::Behind)),
            Kind::HashZiplist => Form::HashPacked(hash::Packed::Ziplist),
            Kind::HashListpack => Form::HashPacked(hash::Packed::Listpack),
            Kind::HashListpackEx => Form::HashPacked(hash::Packed::ListpackEx),
        };
        Self { rules, form }
    }

    /// Reads one item; the value, once all items are read.
    ///
    /// # Errors
    /// If the bytes are no such value; if they are too few, nothing was read of them and the
    /// decoder can go on with more.
    pub fn step(&mut self, source: &mut Reader<'_>) -> Result<Option<Value>, Error> {
        let begun = source.position();
        let step = self.try_step(source);
        if let Err(Error::Short { .. }) = step {
            source.rewind(begun);
        }
        step
    }

    fn try_step(&mut self, source: &mut Reader<'_>) -> Result<Option<Value>, Error> {
        let (list, set, hash) = (self.rules.list, &self.rules.set, &self.rules.hash);
        let zset = &self.rules.zset;
        let object = match &mut self.form {
            Form::String => return Ok(Some(Value::String(string::read(source)?.into_bytes()))),
            Form::SetIntset => Some(Object::Set(set::read_intset(source, set)?)),
            Form::SetListpack => Some(Object::Set(set::read_listpack(source, set)?)),
            Form::ListZiplist => Some(Object::List(list::read_ziplist(source, list)?)),
            Form::List(filling) => filling.step(source, list)?.map(Object::List),
            Form::Set(filling) => filling.step(source, set)?.map(Object::Set),
            Form::ZsetZiplist => Some(Object::Zset(zset::read_ziplist(source, zset)?)),
            Form::ZsetListpack => Some(Object::Zset(zset::read_listpack(source, zset)?)),
            Form::Zset(filling) => filling.step(source, zset)?.map(Object::Zset),
            Form::HashPacked(packed) => Some(Object::Hash(packed.read(source, hash)?)),
            Form::Hash(filling) => filling.step(source, hash)?.map(Object::Hash),
        };
        Ok(object.map(Value::Object))
    }
}

/// Reads a value behind its kind, all of it.
///
/// # Errors
/// If the bytes are none, or do not hold all of it.
pub fn decode<H: BytesHasher>(source: &mut Reader<'_>, rules: &Rules<H>) -> Result<Value, Error> {
    let kind = Kind::from_byte(source.byte()?)?;
    decode_kind(kind, source, rules)
}

/// Reads a value of a known kind, all of it.
///
/// # Errors
/// If the bytes are none, or do not hold all of it.
pub fn decode_kind<H: BytesHasher>(
    kind: Kind,
    source: &mut Reader<'_>,
    rules: &Rules<H>,
) -> Result<Value, Error> {
    let mut decoder = ValueDecoder::new(kind, rules);
    loop {
        if let Some(value) = decoder.step(source)? {
            return Ok(value);
        }
    }
}

/// How many items a collection has, which cannot be none.
fn count_of_items(source: &mut Reader<'_>) -> Result<u64, Error> {
    match source.count()? {
        0 => Err(Error::Corrupt("a collection without elements")),
        count => Ok(count),
    }
}

#[cfg(test)]
pub(crate) mod tests;
