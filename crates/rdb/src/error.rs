//! What can be wrong with encoded bytes.

use std::fmt;

/// See the head of this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The bytes end too early: at least so many more are needed, if there are any.
    Short {
        /// How many.
        missing: u64,
    },
    /// The bytes contradict the format; how.
    Corrupt(&'static str),
    /// A value of a type, or an encoding of it, that does not exist here.
    Unsupported(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { missing } => write!(f, "{missing} bytes are missing"),
            Self::Corrupt(how) => f.write_str(how),
            Self::Unsupported(what) => write!(f, "{what} cannot be read"),
        }
    }
}

impl std::error::Error for Error {}
