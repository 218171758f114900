//! RESP2 and RESP3: bytes to requests and replies, incremental, no sockets.
//!
//! ```text
//! bytes from a client --parse/inline--> Batch of requests --> Args (borrowed words) --> a handler
//! bytes to a client   <--writev-------- ReplyBuffer       <-- ReplyWriter           <-- its reply
//! ```
//!
//! Invariants:
//! - Whatever the bytes, and however they are cut into reads, the same requests come out; nothing a
//!   client sends makes this crate panic.
//! - Values of [`BIG_VALUE`] bytes and more travel as [`bytes::Bytes`], by reference, both ways.
//!
//! **Not here:** sockets (the tower), what a command means (`commands`), the order of replies
//! (`session`).

mod error;
mod inline;
mod parse;
mod reply;
mod reply_buffer;
mod request;
mod requests;
mod writer;

pub use error::{ProtocolError, ReplyError};
pub use parse::{Batch, ParseLimits, Parser, Step};
pub use reply::{DecodeError, Reply, decode};
pub use reply_buffer::{Mark, ReplyBuffer};
pub use request::{Args, Argv, Span};
pub use requests::Requests;
pub use writer::{Protocol, ReplyWriter};

/// Values of this many bytes and more are read into memory of their own, moved, and never copied.
pub const BIG_VALUE: usize = 16 * 1024;
