//! RDB files: the frame around keys and values, as a reader and a writer without I/O.
//!
//! ```text
//! "REDIS" and four digits, or "VALKEY" and three     the version
//! 0xFA string string                                 a fact about the file, by name
//! 0xFE length                                        the keys that follow are in this database
//! 0xFB length length                                 it has so many keys, so many of them expire
//! 0xF4 length length length                          the same of a slot; nobody needs it here
//! 0xF5 string                                        the source of a library of functions
//! [0xFC +8 | 0xFD +4]                                when it expires: milliseconds, seconds
//! [0xF8 length | 0xF9 +1]                            seconds without use, or how often it is used
//! kind string value                                  a key
//! 0xFF +8                                            the end, and the checksum (0: there is none)
//! ```
//!
//! Numbers that are no lengths have their lower bytes first. A file of a version below 5 has no
//! checksum.
//!
//! **Not here:** what a module has to say of itself (0xF7): its file is refused.

mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use reader::{FileReader, Item};
pub use writer::FileWriter;

const FACT: u8 = 0xfa;
const DATABASE: u8 = 0xfe;
const SIZES: u8 = 0xfb;
const SLOT: u8 = 0xf4;
const FUNCTIONS: u8 = 0xf5;
const MODULE: u8 = 0xf7;
const EXPIRE_MS: u8 = 0xfc;
const EXPIRE_SECONDS: u8 = 0xfd;
const IDLE: u8 = 0xf8;
const FREQUENCY: u8 = 0xf9;
const END: u8 = 0xff;

const MAGIC: &[u8; 5] = b"REDIS";
const VALKEY_MAGIC: &[u8; 6] = b"VALKEY";
/// Bytes of either name and its digits.
const HEADER: usize = 9;
/// The first version with a checksum.
const CHECKED_SINCE: u16 = 5;

/// What a file says of a key beside its name and its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// When it expires, in milliseconds of Unix time.
    pub expire_at: Option<i64>,
    /// Seconds since it was used last.
    pub idle_seconds: Option<u64>,
    /// How often it is used, on the scale of OBJECT FREQ.
    pub frequency: Option<u8>,
}
