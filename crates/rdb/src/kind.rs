//! The byte that says of which type a value is and how it is encoded.

use crate::Error;

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
}

impl Kind {
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
            3 | 5 | 12 | 17 => return Err(Error::Unsupported("a sorted set")),
            4 | 9 | 13 | 16 => return Err(Error::Unsupported("a hash")),
            22..=25 => return Err(Error::Unsupported("a hash with expiring fields")),
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
        assert_eq!(known, [0, 1, 2, 10, 11, 14, 18, 20]);
    }
}
