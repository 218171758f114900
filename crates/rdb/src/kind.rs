//! The byte that says of which type a value is and how it is encoded.

use crate::{Error, VALKEY_VERSION};

/// The kinds of values that are read; those with a comment are not written any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    String,
    /// A count and as many strings. Before Redis 3.2.
    List,
    /// A count and as many strings.
    Set,
    /// One string, a ziplist. Before Redis 3.2.
    ListZiplist,
    /// One string, an intset.
    SetIntset,
    /// A count and as many strings, each a ziplist. Before Redis 7.0.
    ListQuicklist,
    /// A count and as many nodes: a number that says how, and a string.
    ListQuicklist2,
    /// One string, a listpack. Since Redis 7.2, so it is not written here.
    SetListpack,
    /// A count and as many pairs of a string and a text. Before Redis 4.0.
    Zset,
    /// A count and as many pairs of a string and a number.
    Zset2,
    /// One string, a ziplist. Before Redis 7.0.
    ZsetZiplist,
    /// One string, a listpack.
    ZsetListpack,
    /// A count and as many pairs of strings.
    Hash,
    /// One string, a ziplist. Before Redis 7.0.
    HashZiplist,
    /// One string, a listpack.
    HashListpack,
    /// The earliest moment, a count, and as many times with pairs of strings. Since Redis 7.4.
    HashMetadata,
    /// The earliest moment and one string, a listpack with moments. Since Redis 7.4.
    HashListpackEx,
    /// A count and as many pairs of strings with moments. Of Valkey 9, so it is not written here.
    HashValkey,
}

impl Kind {
    /// The kind of this byte where a version is known: Valkey has given some bytes another sense.
    ///
    /// # Errors
    /// If values of this kind do not exist here.
    pub fn of(byte: u8, version: u16) -> Result<Self, Error> {
        match (byte, version) {
            (22, VALKEY_VERSION) => Ok(Self::HashValkey),
            _ => Self::from_byte(byte),
        }
    }

    /// The kind of this byte.
    ///
    /// # Errors
    /// If values of this kind do not exist here.
    pub fn from_byte(byte: u8) -> Result<Self, Error> {
        Ok(match byte {
            0 => Self::String,
            1 => Self::List,
            2 => Self::Set,
            10 => Self::ListZiplist,
            11 => Self::SetIntset,
            14 => Self::ListQuicklist,
            18 => Self::ListQuicklist2,
            20 => Self::SetListpack,
            4 => Self::Hash,
            13 => Self::HashZiplist,
            16 => Self::HashListpack,
            24 => Self::HashMetadata,
            25 => Self::HashListpackEx,
            3 => Self::Zset,
            5 => Self::Zset2,
            12 => Self::ZsetZiplist,
            17 => Self::ZsetListpack,
            9 => return Err(Error::Unsupported("a hash of Redis 2.4")),
            22 | 23 => return Err(Error::Unsupported("a hash of a preview of Redis 7.4")),
            6 | 7 => return Err(Error::Unsupported("a value of a module")),
            15 | 19 | 21 => return Err(Error::Unsupported("a stream")),
            _ => return Err(Error::Unsupported("a value of an unknown type")),
        })
    }

    /// Its byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::String => 0,
            Self::List => 1,
            Self::Set => 2,
            Self::ListZiplist => 10,
            Self::SetIntset => 11,
            Self::ListQuicklist => 14,
            Self::ListQuicklist2 => 18,
            Self::SetListpack => 20,
            Self::Zset => 3,
            Self::Zset2 => 5,
            Self::ZsetZiplist => 12,
            Self::ZsetListpack => 17,
            Self::Hash => 4,
            Self::HashZiplist => 13,
            Self::HashListpack => 16,
            Self::HashMetadata => 24,
            Self::HashListpackEx => 25,
            Self::HashValkey => 22,
        }
    }

    /// The version from which on values of this kind may be in a payload.
    #[must_use]
    pub const fn version(self) -> u16 {
        match self {
            Self::HashMetadata | Self::HashListpackEx => crate::VERSION_WITH_FIELD_EXPIRY,
            _ => crate::VERSION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn bytes_and_kinds_belong_together() {
        let known: Vec<u8> = (0..=u8::MAX)
            .filter(|&byte| Kind::from_byte(byte).is_ok_and(|kind| kind.byte() == byte))
            .collect();
        assert_eq!(known, [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 16, 17, 18, 20, 24, 25]);
    }
}
