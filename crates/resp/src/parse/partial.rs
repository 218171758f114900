//! The state machine: one request, word by word, over any number of reads.
//!
//! Steps, each of which may stop for more bytes and is then taken up where it stopped:
//! 1. the first line: `*count`, or an inline request;
//! 2. per word its line `$len`;
//! 3. the word and two bytes behind it; a big one that is not all there gets memory of its own.
//!
//! Invariants:
//! - `resume` and every span that is no big word are relative to the front of the bytes of the
//!   partial request, which the caller keeps.
//! - While a big value is under way all earlier words are big words: the caller keeps nothing.

use bytes::Bytes;
use memchr::memchr;
use stdx::number;

use crate::BIG_VALUE;
use crate::error::ProtocolError;
use crate::inline;
use crate::parse::{Batch, ParseLimits};
use crate::request::Span;

/// Room made at once for the words of a request; more grows as they come, whatever was announced.
const WORDS_RESERVED_MAX: usize = 1024;

/// The words found so far.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) spans: Vec<Span>,
    pub(crate) big: Vec<Bytes>,
}

impl Words {
    /// Appends a word that lies in memory of its own.
    pub(crate) fn push_big(&mut self, word: Bytes) {
        self.spans.push(Span::big(self.big.len() as u32));
        self.big.push(word);
    }
}

/// A request that has begun and not ended.
#[derive(Debug, Default)]
pub(super) struct Partial {
    words: Words,
    expect: Expect,
    /// Words still to come, the one under way included.
    words_left: u32,
    /// Where the line or word under way begins.
    resume: usize,
    /// Up to where its line end was looked for.
    scanned: usize,
    /// Spans before this index are big words for certain.
    moved: usize,
    /// The bytes of finished words that the parser holds itself.
    moved_bytes: usize,
}

/// What comes next.
#[derive(Debug, Default)]
enum Expect {
    #[default]
    FirstLine,
    Length,
    Word(usize),
    /// A big value of this length, so far.
    Big(Vec<u8>, usize),
}

/// How far a call came; the numbers count bytes from the front of the partial request.
pub(super) enum Progress {
    /// The request ends here.
    Request(usize),
    /// A request without words ends here.
    Empty(usize),
    /// More bytes are needed, and these many need not be kept.
    NeedMore(usize),
}

/// Leaves the function with `NeedMore` if there is nothing yet.
macro_rules! or_need_more {
    ($found:expr) => {
        match $found {
            Some(found) => found,
            None => return Ok(Progress::NeedMore(0)),
        }
    };
}

impl Partial {
    /// Goes on with `bytes`, which begin where the partial request begins.
    pub(super) fn advance(
        &mut self,
        bytes: &[u8],
        limits: &ParseLimits,
    ) -> Result<Progress, ProtocolError> {
        if matches!(self.expect, Expect::FirstLine) {
            if bytes.first() != Some(&b'*') {
                return self.inline(bytes);
            }
            let count = or_need_more!(self.count(bytes, limits)?);
            if count == 0 {
                return Ok(Progress::Empty(self.resume));
            }
            self.words_left = count;
            self.words.spans.reserve_exact(WORDS_RESERVED_MAX.min(count as usize));
            self.expect = Expect::Length;
        }
        while self.words_left > 0 {
            match &mut self.expect {
                Expect::FirstLine | Expect::Length => {
                    let len = or_need_more!(self.length(bytes, limits)?);
                    self.expect = Expect::Word(len);
                }
                Expect::Word(len) => {
                    let len = *len;
                    if bytes.len() - self.resume < len && len >= BIG_VALUE {
                        self.open_big(bytes, len)?;
                        return Ok(Progress::NeedMore(bytes.len()));
                    }
                    if bytes.len() - self.resume < len + 2 {
                        return Ok(Progress::NeedMore(0));
                    }
                    self.words.spans.push(Span::new(self.resume as u32, len as u32));
                    self.end_word(self.resume + len);
                }
                Expect::Big(value, len) => {
                    let taken = fill(value, *len, bytes);
                    if bytes.len() < taken + 2 || value.len() < *len {
                        return Ok(Progress::NeedMore(taken));
                    }
                    self.moved_bytes += value.len();
                    self.words.push_big(Bytes::from(std::mem::take(value)));
                    self.moved = self.words.spans.len();
                    self.end_word(taken);
                }
            }
        }
        Ok(Progress::Request(self.resume))
    }

    /// Hands the words over to `batch`; `base` is where the partial request began.
    pub(super) fn finish(&mut self, base: u32, batch: &mut Batch) {
        let known_big = batch.big.len() as u32;
        let shifted = |span: &Span| span.shifted(if span.is_big() { known_big } else { base });
        batch.spans.extend(self.words.spans.iter().map(shifted));
        batch.big.append(&mut self.words.big);
        batch.ends.push(batch.spans.len() as u32);
    }

    /// The memory of the big value under way, if it is not full.
    pub(super) fn big_read(&mut self) -> Option<&mut Vec<u8>> {
        match &mut self.expect {
            Expect::Big(value, len) if value.len() < *len => Some(value),
            _ => None,
        }
    }

    /// The bytes that the parser holds and the caller does not.
    pub(super) fn held_bytes(&self) -> usize {
        match &self.expect {
            Expect::Big(value, _) => self.moved_bytes + value.len(),
            _ => self.moved_bytes,
        }
    }

    /// An inline request: a line of words.
    fn inline(&mut self, bytes: &[u8]) -> Result<Progress, ProtocolError> {
        let found = memchr(b'\n', &bytes[self.scanned..]).map(|index| self.scanned + index);
        self.scanned = bytes.len();
        if found.unwrap_or(bytes.len()) > ParseLimits::LINE_MAX {
            return Err(ProtocolError::TooBigInline);
        }
        let end = or_need_more!(found);
        let line = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
        inline::split(line, &mut self.words)?;
        if self.words.spans.is_empty() {
            return Ok(Progress::Empty(end + 1));
        }
        Ok(Progress::Request(end + 1))
    }

    /// The number in the first line; 0 also for the negative ones.
    fn count(&mut self, bytes: &[u8], limits: &ParseLimits) -> Result<Option<u32>, ProtocolError> {
        let Some(line) = self.line(bytes, ProtocolError::TooBigMultibulkCount)? else {
            return Ok(None);
        };
        let count = number::parse_i64(&line[1..])
            .filter(|&count| count <= ParseLimits::WORDS_MAX)
            .ok_or(ProtocolError::InvalidMultibulkLength)?;
        if count > ParseLimits::UNAUTHENTICATED_WORDS_MAX && !limits.authenticated {
            return Err(ProtocolError::UnauthenticatedMultibulkLength);
        }
        Ok(Some(count.max(0) as u32))
    }

    /// The number in the line of a word.
    fn length(
        &mut self,
        bytes: &[u8],
        limits: &ParseLimits,
    ) -> Result<Option<usize>, ProtocolError> {
        let Some(line) = self.line(bytes, ProtocolError::TooBigBulkCount)? else {
            return Ok(None);
        };
        // REDIS: an empty line is judged by the `\r` that ends it.
        let kind = line.first().copied().unwrap_or(b'\r');
        if kind != b'$' {
            return Err(ProtocolError::ExpectedDollar(kind));
        }
        let len = number::parse_i64(&line[1..])
            .filter(|&len| len >= 0 && len as u64 <= limits.proto_max_bulk_len)
            .ok_or(ProtocolError::InvalidBulkLength)?;
        if len > ParseLimits::UNAUTHENTICATED_BULK_MAX && !limits.authenticated {
            return Err(ProtocolError::UnauthenticatedBulkLength);
        }
        Ok(Some(len as usize))
    }

    /// The line at `resume`, and on behind it.
    ///
    /// REDIS: a line ends with `\r` and any one byte; that the byte is `\n` is taken on trust. (But
    /// a NUL in a line is an error here; Redis does not see the end of such a line, and waits.)
    fn line<'a>(
        &mut self,
        bytes: &'a [u8],
        too_long: ProtocolError,
    ) -> Result<Option<&'a [u8]>, ProtocolError> {
        let start = self.resume;
        let from = self.scanned.max(start);
        let end = memchr(b'\r', &bytes[from..]).map_or(bytes.len(), |index| from + index);
        self.scanned = end;
        if end - start > ParseLimits::LINE_MAX {
            return Err(too_long);
        }
        if end + 2 > bytes.len() {
            return Ok(None);
        }
        self.resume = end + 2;
        Ok(Some(&bytes[start..end]))
    }

    /// A word ended at `end`; two bytes of line end follow it.
    ///
    /// REDIS: that they are `\r\n` is taken on trust.
    fn end_word(&mut self, end: usize) {
        self.resume = end + 2;
        self.words_left -= 1;
        self.expect = Expect::Length;
    }

    /// Opens memory for a value of `len` bytes, of which only the first are in `bytes`, and moves
    /// the earlier words too, so that the caller keeps nothing.
    fn open_big(&mut self, bytes: &[u8], len: usize) -> Result<(), ProtocolError> {
        let mut value = Vec::new();
        // A client may announce more than the machine has: that is its error, not our end.
        value.try_reserve_exact(len).map_err(|_| ProtocolError::InvalidBulkLength)?;
        value.extend_from_slice(&bytes[self.resume..]);
        self.move_words(bytes);
        self.expect = Expect::Big(value, len);
        self.resume = 0;
        self.scanned = 0;
        Ok(())
    }

    /// Makes big words of those in `bytes`. The short ones share one piece of memory.
    fn move_words(&mut self, bytes: &[u8]) {
        let word = |span: &Span| {
            let start = span.start() as usize;
            &bytes[start..start + span.len() as usize]
        };
        let is_short = |span: &&Span| (span.len() as usize) < BIG_VALUE;
        let fresh = &mut self.words.spans[self.moved..];
        let mut short =
            Vec::with_capacity(fresh.iter().filter(is_short).map(|s| s.len() as usize).sum());
        fresh.iter().filter(is_short).for_each(|span| short.extend_from_slice(word(span)));
        let short = Bytes::from(short);
        let mut taken = 0;
        for span in fresh {
            let shared = if is_short(&&*span) {
                let start = taken;
                taken += span.len() as usize;
                short.slice(start..taken)
            } else {
                Bytes::copy_from_slice(word(span))
            };
            self.moved_bytes += shared.len();
            *span = Span::big(self.words.big.len() as u32);
            self.words.big.push(shared);
        }
        self.moved = self.words.spans.len();
    }
}

/// Moves from the front of `bytes` what is missing of `value`, and says how much that was.
fn fill(value: &mut Vec<u8>, len: usize, bytes: &[u8]) -> usize {
    assert!(value.len() <= len, "the caller reads no further than the capacity of a big value");
    let taken = bytes.len().min(len - value.len());
    value.extend_from_slice(&bytes[..taken]);
    taken
}
