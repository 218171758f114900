//! How an entry lies in memory: its header, and the places and sizes that follow from it.
//!
//! **Layout** (eight-byte aligned, size rounded up to eight):
//!
//! ```text
//!  0      1        4           6            8
//! +------+--------+-----------+------------+
//! | tag  | lru    | key bytes | val. bytes |
//! +------+--------+-----------+------------+
//! | expiry, Unix time in ms                |  only if the tag says so
//! +--------------------+-------------------+
//! | key bytes, long    |                      only if the key bytes above say so
//! +--------------------+
//! | key ...            | value ...         |
//! +--------------------+-------------------+
//! ```
//!
//! The value is an integer or an owning pointer to an [`Object`] (eight bytes each, unaligned), or
//! the bytes of a short string, or the entries of a small hash's listpack. `lru` is what the
//! eviction policy keeps: 24 bits whose meaning is the keyspace's.
//!
//! The key never moves within its entry: whatever lies in front of it changes only with a new
//! allocation.

use crate::object::Object;

pub(super) const ALIGN: usize = 8;
pub(super) const HEADER: usize = size_of::<Header>();
const EXPIRY: usize = size_of::<i64>();
/// Bytes of an integer and of an object's pointer.
const WORD: usize = 8;
/// The key length that says that the real one follows.
const LONG_KEY: u16 = u16::MAX;
/// Bytes of that length.
pub(super) const LONG_KEY_BYTES: usize = size_of::<u32>();

/// The bits of the tag that name the kind of value, one of the next four.
pub(super) const KIND: u8 = 0b11;
pub(super) const INT: u8 = 0;
pub(super) const INLINE: u8 = 1;
pub(super) const OBJECT: u8 = 2;
pub(super) const PACK: u8 = 3;
/// The bit of the tag that says that there is an expiry.
pub(super) const VOLATILE: u8 = 0b100;

/// The first eight bytes.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub(super) struct Header {
    pub(super) tag: u8,
    pub(super) lru: [u8; 3],
    pub(super) key_bytes: u16,
    pub(super) value_bytes: u16,
}

/// A value on its way into an entry.
pub(super) enum Stored<'a> {
    Int(i64),
    Inline(&'a [u8]),
    Pack(&'a [u8]),
    Object(Box<Object>),
}

impl Header {
    /// The header of an entry with this key.
    pub(super) fn new(key: &[u8], is_volatile: bool, lru: u32, value: &Stored<'_>) -> Self {
        Self {
            tag: value.kind() | if is_volatile { VOLATILE } else { 0 },
            lru: lru_bytes(lru),
            key_bytes: u16::try_from(key.len()).unwrap_or(LONG_KEY),
            value_bytes: value.bytes(),
        }
    }

    #[inline]
    pub(super) fn is_volatile(self) -> bool {
        self.tag & VOLATILE != 0
    }

    #[inline]
    pub(super) fn has_long_key(self) -> bool {
        self.key_bytes == LONG_KEY
    }

    /// Bytes in front of the key.
    #[inline]
    pub(super) fn key_offset(self) -> usize {
        // The tag's bit is 4: twice that is the size of an expiry.
        const { assert!(VOLATILE as usize * 2 == EXPIRY) };
        let long_key = usize::from(self.has_long_key()) * LONG_KEY_BYTES;
        HEADER + usize::from(self.tag & VOLATILE) * 2 + long_key
    }

    /// Bytes of the allocation, with a key of that length.
    #[inline]
    pub(super) fn size(self, key_bytes: usize) -> usize {
        rounded(self.key_offset() + key_bytes + usize::from(self.value_bytes))
    }
}

#[inline]
fn rounded(bytes: usize) -> usize {
    bytes.next_multiple_of(ALIGN)
}

impl Stored<'_> {
    #[inline]
    pub(super) fn kind(&self) -> u8 {
        match self {
            Self::Int(_) => INT,
            Self::Inline(_) => INLINE,
            Self::Pack(_) => PACK,
            Self::Object(_) => OBJECT,
        }
    }

    /// Bytes that it takes within the entry.
    #[inline]
    pub(super) fn bytes(&self) -> u16 {
        match self {
            Self::Int(_) | Self::Object(_) => WORD as u16,
            Self::Inline(bytes) | Self::Pack(bytes) => {
                u16::try_from(bytes.len()).expect("only values up to INLINE_MAX are inline")
            }
        }
    }
}

/// The lower 24 bits.
#[inline]
pub(super) fn lru_bytes(lru: u32) -> [u8; 3] {
    let [low, middle, high, _] = lru.to_le_bytes();
    [low, middle, high]
}
