//! The words of a request: borrowed from the read buffer ([`Args`]) or owned ([`Argv`]).
//!
//! A word is a [`Span`]: a place in one byte buffer, or an index into a list of [`Bytes`] for the
//! values that were read into memory of their own.
//!
//! ```text
//! bytes  *3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n        big  [ 20000 bytes ]
//!                   ^^^         ^                               ^
//! spans           (8, 3)     (17, 1)                         big(0)
//! ```

use std::fmt;
use std::ops::{Index, Range};

use bytes::Bytes;

use crate::BIG_VALUE;

/// `len` of a span that is an index into the big values.
const BIG: u32 = u32::MAX;

/// LIMIT: bytes between two words that are copied along.
const GAP_MAX: u32 = 32;

/// Where one word lies: 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u32,
    len: u32,
}

const _: () = assert!(size_of::<Span>() == 8);

impl Span {
    /// The `len` bytes from `start` on.
    #[inline]
    pub fn new(start: u32, len: u32) -> Span {
        debug_assert!(len != BIG, "this length marks a big value");
        Span { start, len }
    }

    /// The big value number `index`.
    #[inline]
    pub fn big(index: u32) -> Span {
        Span { start: index, len: BIG }
    }

    /// Whether [`Span::start`] is an index into the big values.
    #[inline]
    pub fn is_big(self) -> bool {
        self.len == BIG
    }

    /// The first byte, or the index of the big value.
    #[inline]
    pub fn start(self) -> u32 {
        self.start
    }

    /// How many bytes; only for words that are not big.
    #[inline]
    pub fn len(self) -> u32 {
        debug_assert!(!self.is_big(), "the length of a big value is known to its Bytes");
        self.len
    }

    /// Whether the word is empty.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The same word after its bytes have moved by so many, modulo 2^32.
    #[inline]
    pub(crate) fn moved(self, by: u32) -> Span {
        Span { start: self.start.wrapping_add(by), len: self.len }
    }

    /// The same word after `by` bytes (or big values) were put before it.
    #[inline]
    pub fn shifted(self, by: u32) -> Span {
        Span { start: self.start + by, len: self.len }
    }
}

/// The words of one request, borrowed; cheap to copy.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    bytes: &'a [u8],
    spans: &'a [Span],
    big: &'a [Bytes],
}

impl<'a> Args<'a> {
    /// Words at `spans` of `bytes` and `big`; every span has to lie inside them.
    #[inline]
    pub fn new(bytes: &'a [u8], spans: &'a [Span], big: &'a [Bytes]) -> Args<'a> {
        Args { bytes, spans, big }
    }

    /// How many words.
    #[inline]
    pub fn len(self) -> usize {
        self.spans.len()
    }

    /// Whether there is no word.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.spans.is_empty()
    }

    /// Word `index`, if there are so many.
    #[inline]
    pub fn get(self, index: usize) -> Option<&'a [u8]> {
        self.spans.get(index).map(|&span| self.word(span))
    }

    /// Word `index`.
    ///
    /// # Panics
    /// If there are not so many words: callers have checked the arity.
    #[inline]
    pub fn at(self, index: usize) -> &'a [u8] {
        self.word(self.spans[index])
    }

    /// All words in order.
    #[inline]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator + Clone {
        self.spans.iter().map(move |&span| self.word(span))
    }

    /// The words from number `from` on; none if there are fewer.
    #[inline]
    pub fn tail(self, from: usize) -> Args<'a> {
        Args { spans: self.spans.get(from..).unwrap_or_default(), ..self }
    }

    /// The words in `range`.
    ///
    /// # Panics
    /// If the range does not lie inside the words.
    #[inline]
    pub fn slice(self, range: Range<usize>) -> Args<'a> {
        Args { spans: &self.spans[range], ..self }
    }

    /// Word `index` as shared memory, if it is a value of [`BIG_VALUE`] bytes or more that was read
    /// into memory of its own: keeping it costs no copy.
    #[inline]
    pub fn big(self, index: usize) -> Option<&'a Bytes> {
        let span = *self.spans.get(index)?;
        if !span.is_big() {
            return None;
        }
        let word = &self.big[span.start as usize];
        // A short word may share the memory of others (see `parse`), so keeping it would keep
        // those.
        (word.len() >= BIG_VALUE).then_some(word)
    }

    /// The bytes of all words together.
    pub fn total_bytes(self) -> usize {
        self.iter().map(<[u8]>::len).sum()
    }

    /// The buffer that the spans point into.
    #[inline]
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// The words' places.
    #[inline]
    pub fn spans(self) -> &'a [Span] {
        self.spans
    }

    /// The big values; also those of other requests of the same batch.
    #[inline]
    pub fn big_values(self) -> &'a [Bytes] {
        self.big
    }

    #[inline]
    fn word(self, span: Span) -> &'a [u8] {
        if span.is_big() {
            return &self.big[span.start as usize];
        }
        let start = span.start as usize;
        &self.bytes[start..start + span.len as usize]
    }
}

impl Index<usize> for Args<'_> {
    type Output = [u8];

    #[inline]
    fn index(&self, index: usize) -> &[u8] {
        self.at(index)
    }
}

impl PartialEq for Args<'_> {
    fn eq(&self, other: &Args<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Args<'_> {}

impl fmt::Debug for Args<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter().map(Escaped)).finish()
    }
}

/// Prints a word as a Rust byte string without its `b`.
struct Escaped<'a>(&'a [u8]);

impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}

/// Where the words lie, if they follow each other closely.
#[inline]
pub(crate) fn stretch_of(spans: &[Span]) -> Option<Range<usize>> {
    let first = spans.first().filter(|span| !span.is_big())?;
    let mut end = first.start() + first.len();
    for span in &spans[1..] {
        // A span before the end is so far behind it that the difference wraps.
        if span.is_big() || span.start().wrapping_sub(end) > GAP_MAX {
            return None;
        }
        end = span.start() + span.len();
    }
    Some(first.start() as usize..end as usize)
}

/// Words that own their bytes: queued commands, envelopes, changes, tests.
#[derive(Clone, Default)]
pub struct Argv {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    big: Vec<Bytes>,
}

impl Argv {
    /// No words; allocates nothing.
    pub fn new() -> Argv {
        Argv::default()
    }

    /// No words, with room for `words` of together `bytes` bytes.
    pub fn with_capacity(words: usize, bytes: usize) -> Argv {
        Argv { bytes: Vec::with_capacity(bytes), spans: Vec::with_capacity(words), big: Vec::new() }
    }

    /// A copy of `args`; values that are shared memory stay shared.
    pub fn from_args(args: Args<'_>) -> Argv {
        let mut argv = Argv::new();
        argv.extend_from_args(args);
        argv
    }

    /// A copy of `words`.
    pub fn from_words(words: &[&[u8]]) -> Argv {
        let mut argv = Argv::with_capacity(words.len(), words.iter().map(|word| word.len()).sum());
        for word in words {
            argv.push(word);
        }
        argv
    }

    /// Appends a copy of `word`.
    #[inline]
    pub fn push(&mut self, word: &[u8]) {
        let end = self.bytes.len() + word.len();
        if end >= BIG as usize {
            // Spans reach 4 GiB; whatever lies beyond gets memory of its own.
            self.push_bytes(Bytes::copy_from_slice(word));
            return;
        }
        self.spans.push(Span::new(self.bytes.len() as u32, word.len() as u32));
        self.bytes.extend_from_slice(word);
    }

    /// Appends a word that is shared, not copied; short words are copied, which is cheaper.
    pub fn push_bytes(&mut self, word: Bytes) {
        if word.len() < BIG_VALUE && self.bytes.len() < BIG as usize - BIG_VALUE {
            self.push(&word);
            return;
        }
        self.spans.push(Span::big(self.big.len() as u32));
        self.big.push(word);
    }

    /// Appends all words of `args`; values that are shared memory stay shared.
    ///
    /// Words that follow each other closely are copied with what is between them, in one go.
    pub fn extend_from_args(&mut self, args: Args<'_>) {
        if self.extend_at_once(args) {
            return;
        }
        for index in 0..args.len() {
            match args.big(index) {
                Some(shared) => self.push_bytes(shared.clone()),
                None => self.push(args.at(index)),
            }
        }
    }

    /// Appends words that lie close together and in order, as the parser leaves them, with what is
    /// between them: one copy. False if they do not.
    #[inline]
    fn extend_at_once(&mut self, args: Args<'_>) -> bool {
        let start = self.bytes.len();
        let stretch = stretch_of(args.spans).filter(|it| start + it.len() < BIG as usize);
        let Some(stretch) = stretch else { return args.is_empty() };
        let by = (start as u32).wrapping_sub(stretch.start as u32);
        self.bytes.extend_from_slice(&args.bytes[stretch]);
        self.spans.extend(args.spans.iter().map(|span| span.moved(by)));
        true
    }

    /// The words, borrowed.
    #[inline]
    pub fn as_args(&self) -> Args<'_> {
        Args { bytes: &self.bytes, spans: &self.spans, big: &self.big }
    }

    /// How many words.
    #[inline]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no word.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Forgets the words and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
        self.big.clear();
    }

    /// The memory held beside the big values, in bytes.
    pub fn memory(&self) -> usize {
        self.bytes.capacity()
            + self.spans.capacity() * size_of::<Span>()
            + self.big.capacity() * size_of::<Bytes>()
    }
}

impl PartialEq for Argv {
    fn eq(&self, other: &Argv) -> bool {
        self.as_args() == other.as_args()
    }
}

impl Eq for Argv {}

impl fmt::Debug for Argv {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_args().fmt(formatter)
    }
}

#[cfg(test)]
mod tests;
