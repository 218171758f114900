//! The RDB codec: values as the bytes that Redis and Valkey read and write.
//!
//! - [`Encoder`] and [`ValueDecoder`]: one value, to bytes and back; the decoder goes item by item,
//!   so that a large value needs neither to be whole in memory nor to be read in one turn.
//! - [`dump`]: a value with the footer that DUMP gives it.
//! - [`file`]: RDB files, as they come in pieces.
//! - [`string`], [`Reader`], [`lzf`], [`ziplist`], [`checksum`]: what both are made of.
//!
//! The format is drawn in `docs/formats/rdb.md`.
//!
//! **Invariants**
//! - Bytes from outside never panic, and never take more memory than they themselves are long,
//!   times what LZF can pack ([`lzf::RATIO_MAX`]), plus a constant.
//! - What is decoded keeps all rules of `datatypes`, whoever has encoded it.
//!
//! **Not here:** files, sockets and the clock; which key a value belongs to.

pub mod checksum;
pub mod dump;
mod error;
pub mod file;
mod kind;
pub mod lzf;
mod reader;
pub mod string;
mod types;
pub mod ziplist;

pub use error::Error;
pub use kind::Kind;
pub use reader::{Length, Reader, push_length};
pub use types::{Encoder, Rules, Value, ValueDecoder, decode, decode_kind};

/// The version of what is written: that of Redis 7.0, which all later ones read, too.
pub const VERSION: u16 = 10;

/// The version of what holds fields that expire, which Redis reads since 7.4.
pub const VERSION_WITH_FIELD_EXPIRY: u16 = 12;

/// The version that Redis 8.0 writes, the highest of Redis that can be read.
const REDIS_VERSION_MAX: u16 = 12;
/// The version that Valkey writes since 9.0; what lies between it leaves to Redis.
const VALKEY_VERSION: u16 = 80;

/// Whether values of this version can be read.
#[must_use]
pub const fn is_readable(version: u16) -> bool {
    version <= REDIS_VERSION_MAX || version == VALKEY_VERSION
}
