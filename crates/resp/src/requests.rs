//! Requests that own their words, one behind the other: backlogs, and calls on their way.
//!
//! A request's words lie together in the buffer that it was parsed from, with nothing between them
//! but the lines that announce them. So a request is copied as one stretch, those lines included,
//! and its spans are moved along; only what lies scattered is copied word by word.

use std::ops::Range;

use bytes::Bytes;

use crate::parse::Batch;
use crate::request::{Args, Span, stretch_of};

/// Spans reach this far; whatever lies beyond gets memory of its own.
const REACH: usize = u32::MAX as usize - 1;

/// See the head of this file.
#[derive(Debug, Default)]
pub struct Requests {
    bytes: Vec<u8>,
    batch: Batch,
}

impl Requests {
    /// No requests; allocates nothing.
    pub fn new() -> Requests {
        Requests::default()
    }

    /// Appends a copy of a request; values that are shared memory stay shared. Answers how many
    /// bytes it takes, big values included.
    #[inline]
    pub fn push(&mut self, args: Args<'_>) -> usize {
        let added = match self.room_for(args.spans()) {
            Some(stretch) => self.push_stretch(args.bytes(), args.spans(), stretch),
            None => self.push_scattered(args),
        };
        self.batch.ends.push(self.batch.spans.len() as u32);
        added
    }

    /// Appends copies of the requests `range` of a batch that was parsed from `bytes`.
    pub fn push_all(&mut self, bytes: &[u8], batch: &Batch, range: Range<usize>) -> usize {
        let (from, known) = (batch.first_word(range.start), self.batch.spans.len());
        let ends = &batch.ends[range.clone()];
        let Some(&end) = ends.last() else { return 0 };
        let spans = &batch.spans[from..end as usize];
        let Some(stretch) = self.room_for(spans) else {
            return batch.requests(bytes, range).map(|args| self.push(args)).sum();
        };
        let added = self.push_stretch(bytes, spans, stretch);
        let by = (known as u32).wrapping_sub(from as u32);
        self.batch.ends.extend(ends.iter().map(|end| end.wrapping_add(by)));
        added
    }

    /// Where the words lie, if they follow each other closely and there is room for them.
    #[inline]
    fn room_for(&self, spans: &[Span]) -> Option<Range<usize>> {
        stretch_of(spans).filter(|stretch| self.bytes.len() + stretch.len() < REACH)
    }

    #[inline]
    fn push_stretch(&mut self, bytes: &[u8], spans: &[Span], stretch: Range<usize>) -> usize {
        let by = (self.bytes.len() as u32).wrapping_sub(stretch.start as u32);
        let added = stretch.len();
        self.bytes.extend_from_slice(&bytes[stretch]);
        self.batch.spans.extend(spans.iter().map(|span| span.moved(by)));
        added
    }

    #[cold]
    fn push_scattered(&mut self, args: Args<'_>) -> usize {
        let mut added = 0;
        for (index, word) in args.iter().enumerate() {
            added += word.len();
            let start = self.bytes.len();
            let shared = match args.big(index) {
                Some(big) => Some(big.clone()),
                None => (start + word.len() >= REACH).then(|| Bytes::copy_from_slice(word)),
            };
            let span = if let Some(shared) = shared {
                self.batch.big.push(shared);
                Span::big(self.batch.big.len() as u32 - 1)
            } else {
                self.bytes.extend_from_slice(word);
                Span::new(start as u32, word.len() as u32)
            };
            self.batch.spans.push(span);
        }
        added
    }

    /// How many requests.
    #[inline]
    pub fn len(&self) -> usize {
        self.batch.len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Request number `index`.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    pub fn get(&self, index: usize) -> Args<'_> {
        self.batch.request(&self.bytes, index)
    }

    /// The requests of a range, in order: cheaper than one by one.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = Args<'_>> {
        self.batch.requests(&self.bytes, range)
    }

    /// All of them as they would lie in a read buffer.
    pub fn parts(&self) -> (&[u8], &Batch) {
        (&self.bytes, &self.batch)
    }

    /// Bytes of the buffer that are in use, those between the words included.
    #[inline]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Forgets the requests, and gives back what the buffer has beyond `bytes_max`.
    pub fn clear(&mut self, bytes_max: usize) {
        self.bytes.clear();
        self.bytes.shrink_to(bytes_max);
        self.batch.clear();
    }

    /// The memory held beside the big values, in bytes.
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.batch.spans.capacity() * size_of::<Span>()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::any, proptest};

    use super::*;
    use crate::request::Argv;
    use crate::{BIG_VALUE, ParseLimits, Parser, Step};

    fn parsed(bytes: &[u8]) -> Batch {
        let (mut batch, mut at) = (Batch::new(), 0);
        let mut parser = Parser::new();
        while let Ok(Step::Request) =
            parser.next(bytes, &mut at, &mut batch, &ParseLimits::default())
        {}
        batch
    }

    #[test]
    fn a_parsed_request_is_one_stretch() {
        let bytes = b"*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\nECHO \"a b\" ''\r\n";
        let batch = parsed(bytes);
        assert_eq!(batch.len(), 3);
        let mut requests = Requests::new();
        let added: Vec<usize> =
            (0..3).map(|index| requests.push(batch.request(bytes, index))).collect();
        assert_eq!(added[..2], [4, "GET\r\n$1\r\nk".len()]);
        let at_once = requests.push_all(bytes, &batch, 0..2);
        assert_eq!(at_once, "PING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk".len());
        requests.push_all(bytes, &batch, 2..3);
        for index in 0..3 {
            assert_eq!(requests.get(index), batch.request(bytes, index));
            assert_eq!(requests.get(3 + index), batch.request(bytes, index));
        }
        requests.clear(0);
        assert!(requests.is_empty() && requests.bytes() == 0);
    }

    #[test]
    fn a_big_value_stays_shared() {
        let mut argv = Argv::from_words(&[b"SET", b"k"]);
        argv.push_bytes(Bytes::from(vec![7; BIG_VALUE]));
        let mut requests = Requests::new();
        assert_eq!(requests.push(argv.as_args()), 4 + BIG_VALUE);
        assert_eq!(requests.get(0), argv.as_args());
        let shared = requests.get(0).big(2).map(|it| it.as_ptr());
        assert_eq!(shared, argv.as_args().big(2).map(|it| it.as_ptr()));
    }

    proptest! {
        /// Whatever order and distance the words have, the copies are equal.
        #[test]
        fn a_copy_has_the_same_words(
            bytes in vec(any::<u8>(), 100),
            requests in vec(vec((0u32..90, 0u32..10), 0..6), 0..6),
        ) {
            let mut copies = Requests::new();
            let spans: Vec<Vec<Span>> = requests
                .iter()
                .map(|it| it.iter().map(|&(start, len)| Span::new(start, len)).collect())
                .collect();
            for spans in &spans {
                copies.push(Args::new(&bytes, spans, &[]));
            }
            let mut batch = Batch::new();
            for spans in &spans {
                batch.spans.extend(spans);
                batch.ends.push(batch.spans.len() as u32);
            }
            copies.push_all(&bytes, &batch, 0..batch.len());
            for from in 0..batch.len() {
                copies.push_all(&bytes, &batch, from..from + 1);
            }
            let all = copies.range(0..copies.len());
            for (args, spans) in all.zip(spans.iter().cycle()) {
                assert_eq!(args, Args::new(&bytes, spans, &[]));
            }
            assert_eq!(copies.len(), 3 * spans.len());
        }
    }
}
