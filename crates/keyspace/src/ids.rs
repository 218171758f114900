//! Newtypes of the keyspace: numbers that must not be mixed up.

/// Milliseconds since 1970, as a command or a clock gives them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct UnixMillis(pub i64);

/// Number of a database (SELECT), `0..databases`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
pub struct DbIndex(pub u16);

impl DbIndex {
    /// The place of the database in a shard's list.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The client id of whoever caused a change; [`Author::SERVER`] for expiry and the like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Author(pub u64);

impl Author {
    /// The server itself. Client ids start at 1.
    pub const SERVER: Self = Self(0);
}
