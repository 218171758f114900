//! The value of an entry: which encoding it gets, and how it is read and changed.
//!
//! A text that is a canonical integer is kept as a number, a string of up to [`INLINE_MAX`] bytes
//! inside the entry, a longer one outside. A string that is edited (APPEND, SETRANGE) moves
//! outside too, whatever its length, so that editing it again costs no more than the edit.

use bytes::Bytes;
use stdx::number::parse_i64;

use super::{Entry, Stored, StoredRef};
use crate::hash::HashRef;
use crate::list::List;
use crate::object::Object;
use crate::string::StringObject;

/// The longest string, and the longest listpack of a hash, that is kept inside its entry.
pub const INLINE_MAX: usize = 1024;

/// From this size on a string is kept in the memory it came in.
const KEPT_BYTES_MIN: usize = 16 * 1024;

/// The longest string that OBJECT ENCODING calls `embstr`.
const EMBSTR_MAX: usize = 44;

/// A value as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRef<'a> {
    /// A string that is the text of this number.
    Int(i64),
    /// A string.
    Bytes(&'a [u8]),
    /// A hash.
    Hash(HashRef<'a>),
    /// Anything else, a string outside of the entry included.
    Object(&'a Object),
}

impl<'a> ValueRef<'a> {
    /// The bytes if the value is a string; `text` is where those of a number are written.
    #[inline]
    pub fn as_string(self, text: &'a mut itoa::Buffer) -> Option<&'a [u8]> {
        match self {
            Self::Int(int) => Some(text.format(int).as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
            Self::Object(Object::String(string)) => Some(string.as_bytes()),
            Self::Hash(_) | Self::Object(_) => None,
        }
    }

    /// The name that TYPE answers.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Int(_) | Self::Bytes(_) => "string",
            Self::Hash(_) => "hash",
            Self::Object(object) => object.type_name(),
        }
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(self) -> &'static str {
        match self {
            Self::Int(_) => "int",
            Self::Bytes(bytes) if bytes.len() <= EMBSTR_MAX => "embstr",
            Self::Bytes(_) => "raw",
            Self::Hash(hash) => hash.encoding(),
            Self::Object(object) => object.encoding(),
        }
    }
}

impl Entry {
    /// An entry with a string.
    pub fn new_string(key: &[u8], value: &[u8], expire_at: Option<i64>, lru: u32) -> Self {
        let value = match parse_i64(value) {
            Some(int) => Stored::Int(int),
            None if value.len() <= INLINE_MAX => Stored::Inline(value),
            None => boxed(StringObject::from(value.to_vec())),
        };
        Self::build(key, expire_at, lru, value)
    }

    /// An entry with a string that is not kept as a number even if it is the text of one.
    ///
    /// REDIS: `INCRBYFLOAT k 1`, `OBJECT ENCODING k` answers `embstr`.
    pub fn new_text(key: &[u8], value: &[u8], expire_at: Option<i64>, lru: u32) -> Self {
        let value = match value.len() {
            ..=INLINE_MAX => Stored::Inline(value),
            _ => boxed(StringObject::from(value.to_vec())),
        };
        Self::build(key, expire_at, lru, value)
    }

    /// An entry with a string that is kept in its own memory if it is large.
    pub fn new_bytes(key: &[u8], value: Bytes, expire_at: Option<i64>, lru: u32) -> Self {
        if value.len() < KEPT_BYTES_MIN {
            return Self::new_string(key, &value, expire_at, lru);
        }
        Self::build(key, expire_at, lru, boxed(StringObject::from(value)))
    }

    /// An entry with a number.
    pub fn new_int(key: &[u8], value: i64, expire_at: Option<i64>, lru: u32) -> Self {
        Self::build(key, expire_at, lru, Stored::Int(value))
    }

    /// An entry with an object; a small hash goes inside.
    pub fn new_object(key: &[u8], value: Object, expire_at: Option<i64>, lru: u32) -> Self {
        if let Object::Hash(hash) = &value
            && let Some(entries) = hash.plain_entries()
            && entries.len() <= INLINE_MAX
        {
            return Self::build(key, expire_at, lru, Stored::Pack(entries));
        }
        Self::build(key, expire_at, lru, Stored::Object(Box::new(value)))
    }

    /// Whether the value is neither a number nor a string: it may take long to free.
    #[inline]
    pub fn is_collection(&self) -> bool {
        match self.stored() {
            StoredRef::Int(_) | StoredRef::Inline(_) => false,
            StoredRef::Pack(_) => true,
            StoredRef::Object(object) => !matches!(object, Object::String(_)),
        }
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> ValueRef<'_> {
        match self.stored() {
            StoredRef::Int(int) => ValueRef::Int(int),
            StoredRef::Inline(bytes) => ValueRef::Bytes(bytes),
            StoredRef::Pack(entries) => ValueRef::Hash(HashRef::of_pack(entries)),
            StoredRef::Object(Object::Hash(hash)) => ValueRef::Hash(hash.as_ref()),
            StoredRef::Object(object) => ValueRef::Object(object),
        }
    }

    /// Replaces the value by a string; expiry and LRU stay.
    #[inline]
    pub fn set_string(&mut self, value: &[u8]) {
        if let Some(int) = parse_i64(value) {
            self.set_stored(Stored::Int(int));
        } else if value.len() <= INLINE_MAX {
            self.set_stored(Stored::Inline(value));
        } else if let Some(Object::String(string)) = self.object_mut() {
            string.overwrite(value);
        } else {
            self.set_stored(boxed(StringObject::from(value.to_vec())));
        }
    }

    /// Replaces the value by a string that is kept in its own memory if it is large.
    pub fn set_bytes(&mut self, value: Bytes) {
        if value.len() < KEPT_BYTES_MIN {
            self.set_string(&value);
        } else {
            self.set_stored(boxed(StringObject::from(value)));
        }
    }

    /// Replaces the value by a number.
    #[inline]
    pub fn set_int(&mut self, value: i64) {
        match self.stored() {
            // A number over a number needs no measuring (INCR).
            StoredRef::Int(_) => self.write_value(Stored::Int(value)),
            _ => self.set_stored(Stored::Int(value)),
        }
    }

    /// Replaces the value by an object.
    pub fn set_object(&mut self, value: Object) {
        self.set_stored(Stored::Object(Box::new(value)));
    }

    /// The value as a buffer to edit, moved out of the entry for that; `None` if it is no string.
    ///
    /// REDIS: `SET k v`, `APPEND k ""`, `OBJECT ENCODING k` answers `raw`: what was opened for
    /// editing stays so, and COPY and RENAME keep it.
    pub fn string_mut(&mut self) -> Option<&mut Vec<u8>> {
        let outside = match self.stored() {
            StoredRef::Int(int) => Some(itoa::Buffer::new().format(int).as_bytes().to_vec()),
            StoredRef::Inline(bytes) => Some(bytes.to_vec()),
            StoredRef::Pack(_) | StoredRef::Object(_) => None,
        };
        if let Some(bytes) = outside {
            self.set_stored(boxed(StringObject::from(bytes)));
        }
        match self.object_mut()? {
            Object::String(string) => Some(string.edit()),
            _ => None,
        }
    }

    /// The bytes of a large string, shared with a reply; `None` for all other values.
    pub fn share_bytes(&mut self) -> Option<Bytes> {
        match self.object_mut()? {
            Object::String(string) if string.len() >= KEPT_BYTES_MIN => Some(string.share()),
            _ => None,
        }
    }

    /// The list, to be changed; `None` for all other values.
    #[inline]
    pub fn list_mut(&mut self) -> Option<&mut List> {
        match self.object_mut()? {
            Object::List(list) => Some(list),
            _ => None,
        }
    }

    /// Frees about so many steps' worth of the value; whether something is left.
    pub fn free_slice(&mut self, steps: usize) -> bool {
        self.object_mut().is_some_and(|object| object.free_slice(steps))
    }

    /// The name that TYPE answers.
    pub fn type_name(&self) -> &'static str {
        self.value().type_name()
    }

    /// The name that OBJECT ENCODING answers.
    pub fn encoding(&self) -> &'static str {
        self.value().encoding()
    }

    /// How many steps it takes to free the value, in units of a small allocation.
    pub fn free_effort(&self) -> usize {
        match self.stored() {
            StoredRef::Int(_) | StoredRef::Inline(_) | StoredRef::Pack(_) => 1,
            StoredRef::Object(object) => object.free_effort(),
        }
    }
}

fn boxed(string: StringObject) -> Stored<'static> {
    Stored::Object(Box::new(Object::String(string)))
}
