//! The incremental parser: bytes in, requests out, however the bytes were cut.
//!
//! **Two paths.** A request that lies whole in the buffer and is written as every client library
//! writes it is cut by [`whole`] in a few instructions a word, without any state. Everything else
//! (incomplete, inline, empty, oddly written, wrong) goes to the state machine [`partial`], which
//! is the definition: the fast path answers the same or not at all.
//!
//! **What the caller keeps.** One rule: *keep `bytes[*at..]`*. After [`Step::NeedMore`] the caller
//! moves those bytes to the front of its buffer, reads more behind them, and calls again with
//! `*at == 0`. Nothing that was scanned is scanned again.
//!
//! ```text
//! buffer   [ request | request | *3 $3 SET $1 k $1 ]
//!                              ^ *at: the partial request is kept, its words are remembered
//!                                as places relative to here
//! ```
//!
//! **Big values.** When a word of [`BIG_VALUE`](crate::BIG_VALUE) bytes or more is announced and is
//! not all there, the parser opens memory of exactly its length, moves into it what is there, moves
//! the request's earlier words into memory of their own too, and so has consumed the whole buffer:
//!
//! ```text
//! buffer   [ *3 $3 SET $1 k $20000 xxxxxxxx ]  ->  [ ]    *at == bytes.len(), nothing to keep
//!                  |       |       |
//!                  v       v       v
//! parser      [ SET k ]  shared   [ xxxxxxxx............ ]  big_read(): the spare capacity is what
//!             by big words                                  is missing
//! ```
//!
//! The caller may read straight into [`Parser::big_read`] until it is full (best by `readv` with
//! its own buffer behind, where the line end and what follows then arrive), or read into its buffer
//! as always: the next call moves the bytes over. Either way the next call continues, and the words
//! of such a request are big words and places relative to the new `*at`.
//!
//! After an error the connection is lost: its parser must not be used again.

use std::ops::Range;

use bytes::Bytes;

use crate::error::ProtocolError;
use crate::request::{Args, Span};

use partial::{Partial, Progress};

pub(crate) use partial::Words;

mod partial;
mod whole;

/// A buffer is looked at this far; spans reach no further.
const BUFFER_MAX: usize = u32::MAX as usize - 1;

/// Capacity that an emptied batch keeps, in words.
const KEPT_WORDS: usize = 16 * 1024;

/// The requests found in one buffer: request i is the words `spans[ends[i - 1]..ends[i]]`.
#[derive(Debug, Default)]
pub struct Batch {
    /// The words of all requests, relative to the bytes that were given to the parser.
    pub spans: Vec<Span>,
    /// Where the words of each request end.
    pub ends: Vec<u32>,
    /// The words that were read into memory of their own.
    pub big: Vec<Bytes>,
}

impl Batch {
    /// No requests; allocates nothing.
    pub fn new() -> Batch {
        Batch::default()
    }

    /// How many requests.
    #[inline]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no request.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets the requests; keeps memory for the next ones, but not that of a monstrous one.
    #[inline]
    pub fn clear(&mut self) {
        self.spans.clear();
        self.ends.clear();
        self.big.clear();
        if self.spans.capacity() > KEPT_WORDS {
            self.spans.shrink_to(KEPT_WORDS);
            self.big.shrink_to(0);
        }
    }

    /// Request number `index`; `bytes` are those that were given to the parser.
    ///
    /// # Panics
    /// If there are not so many requests.
    #[inline]
    pub fn request<'a>(&'a self, bytes: &'a [u8], index: usize) -> Args<'a> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let spans = &self.spans[start as usize..self.ends[index] as usize];
        Args::new(bytes, spans, &self.big)
    }

    /// The requests of a range, in order: cheaper than one by one.
    ///
    /// # Panics
    /// If there are not so many requests.
    #[inline]
    pub fn requests<'a>(
        &'a self,
        bytes: &'a [u8],
        range: Range<usize>,
    ) -> impl Iterator<Item = Args<'a>> {
        let mut start = self.first_word(range.start);
        self.ends[range].iter().map(move |&end| {
            let spans = &self.spans[start..end as usize];
            start = end as usize;
            Args::new(bytes, spans, &self.big)
        })
    }

    /// Where the words of a request begin.
    #[inline]
    pub(crate) fn first_word(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] as usize }
    }
}

/// What a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseLimits {
    /// The longest word, in bytes.
    pub proto_max_bulk_len: u64,
    /// Whether the client may send more than [`ParseLimits::UNAUTHENTICATED_WORDS_MAX`] words and
    /// longer ones than [`ParseLimits::UNAUTHENTICATED_BULK_MAX`].
    ///
    /// A pipeline may begin with `AUTH`: until a client is authenticated its requests have to be
    /// parsed one at a time, each after the one before it was executed.
    pub authenticated: bool,
}

impl ParseLimits {
    /// LIMIT: the longest line; a client that sends more without an end is not speaking RESP.
    pub const LINE_MAX: usize = 64 * 1024;
    /// LIMIT: the most words of one request, as in Redis.
    pub const WORDS_MAX: i64 = i32::MAX as i64;
    /// LIMIT: the most words before authentication, so that a stranger costs little memory.
    pub const UNAUTHENTICATED_WORDS_MAX: i64 = 10;
    /// LIMIT: the longest word before authentication.
    pub const UNAUTHENTICATED_BULK_MAX: i64 = 16 * 1024;
}

impl Default for ParseLimits {
    fn default() -> ParseLimits {
        ParseLimits { proto_max_bulk_len: 512 * 1024 * 1024, authenticated: true }
    }
}

/// What a call of [`Parser::next`] came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// One more request is in the batch.
    Request,
    /// No whole request is left in the bytes.
    NeedMore,
}

/// The parser of one connection: 8 bytes while no request is incomplete.
#[derive(Debug, Default)]
pub struct Parser {
    partial: Option<Box<Partial>>,
}

const _: () = assert!(size_of::<Parser>() == 8);

impl Parser {
    /// A parser at the beginning of a request.
    pub fn new() -> Parser {
        Parser::default()
    }

    /// Parses the next request from `bytes[*at..]`, appends it to `batch` and moves `*at` past it.
    ///
    /// On [`Step::NeedMore`] the caller keeps `bytes[*at..]` (see the module's head). Requests
    /// without words (`*0`, `*-1`, an empty line) are passed over, as Redis does.
    #[inline]
    pub fn next(
        &mut self,
        bytes: &[u8],
        at: &mut usize,
        batch: &mut Batch,
        limits: &ParseLimits,
    ) -> Result<Step, ProtocolError> {
        if self.partial.is_none()
            && let Some(end) = whole::request(bytes, *at, batch, limits)
        {
            *at = end;
            return Ok(Step::Request);
        }
        self.next_partial(bytes, at, batch, limits)
    }

    /// The memory for a big value that is under way; its spare capacity is what is missing of it.
    ///
    /// The caller appends up to the capacity, never beyond, and then calls [`Parser::next`].
    pub fn big_read(&mut self) -> Option<&mut Vec<u8>> {
        self.partial.as_mut()?.big_read()
    }

    /// Whether a request has begun and not ended.
    #[inline]
    pub fn is_partial(&self) -> bool {
        self.partial.is_some()
    }

    /// How many bytes of a partial request the parser holds itself, beside those that the caller
    /// keeps: what `client-query-buffer-limit` and `CLIENT LIST` have to add.
    pub fn pending_bytes(&self) -> usize {
        self.partial.as_ref().map_or(0, |partial| partial.held_bytes())
    }

    /// The definition: continues the partial request, or begins one with the state machine.
    #[cold]
    fn next_partial(
        &mut self,
        bytes: &[u8],
        at: &mut usize,
        batch: &mut Batch,
        limits: &ParseLimits,
    ) -> Result<Step, ProtocolError> {
        let visible = &bytes[..bytes.len().min(BUFFER_MAX)];
        let mut boxed = self.partial.take();
        while *at < visible.len() {
            let mut fresh = Partial::default();
            let partial = boxed.as_deref_mut().unwrap_or(&mut fresh);
            match partial.advance(&visible[*at..], limits)? {
                Progress::Request(end) => {
                    partial.finish(*at as u32, batch);
                    *at += end;
                    return Ok(Step::Request);
                }
                Progress::Empty(end) => {
                    *at += end;
                    boxed = None;
                    if let Some(end) = whole::request(bytes, *at, batch, limits) {
                        *at = end;
                        return Ok(Step::Request);
                    }
                }
                Progress::NeedMore(consumed) => {
                    *at += consumed;
                    self.partial = Some(boxed.unwrap_or_else(|| Box::new(fresh)));
                    return refuse_monster(bytes, *at);
                }
            }
        }
        self.partial = boxed;
        Ok(Step::NeedMore)
    }
}

/// A request whose words outgrow what spans can reach will never end.
fn refuse_monster(bytes: &[u8], at: usize) -> Result<Step, ProtocolError> {
    if bytes.len() - at >= BUFFER_MAX {
        return Err(ProtocolError::InvalidMultibulkLength);
    }
    Ok(Step::NeedMore)
}

#[cfg(test)]
mod tests;
