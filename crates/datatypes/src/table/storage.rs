//! Where the buckets of a table live, and which of them a hash belongs to.
//!
//! **Addressing** is linear hashing. Of `n` buckets, let `half` be the largest power of two below
//! `n` and `split = n - half`. Buckets `0 .. split` have been split in this round: they and their
//! twins `half .. n` are told apart by one hash bit more than the buckets `split .. half`.
//!
//! ```text
//!          0        split          half        n
//!          +----------+-------------+----------+
//!          | split    | not yet     | twins    |      the next to split is bucket `split`,
//!          +----------+-------------+----------+      its twin becomes bucket `n`
//! bits:      L + 1         L           L + 1
//! ```
//!
//! **Memory.** The first chunk is a growing array, so that a small table is small. All further
//! chunks have one size and never move; they come and go one at a time. Directory segment `k`
//! names the chunks `2^k .. 2^(k+1)`, so the directory grows without being copied.

use super::bucket::{Bucket, CHUNK, Chunk, empty_chunk, empty_directory};

/// LIMIT: far beyond any memory, and it keeps addresses within the bits of a position.
const BUCKETS_MAX: usize = 1 << 40;

type Segment<H> = Box<[Option<Box<Chunk<H>>>]>;

pub(super) struct Storage<H> {
    /// Buckets below `CHUNK`.
    first: Vec<Bucket<H>>,
    /// The directory of the others.
    segments: Vec<Segment<H>>,
    count: usize,
    /// One less than the smallest power of two that is not below `count`.
    mask: usize,
}

impl<H> Storage<H> {
    pub(super) const fn new() -> Self {
        Self { first: Vec::new(), segments: Vec::new(), count: 0, mask: 0 }
    }

    /// Buckets there are, overflow buckets not counted.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The bucket in which the entries of this hash live. There must be buckets.
    #[inline]
    pub(super) fn address(&self, hash: u64) -> usize {
        let index = hash as usize & self.mask;
        if index < self.count { index } else { index & (self.mask >> 1) }
    }

    /// How many low bits of the hash all entries of a bucket have in common.
    pub(super) fn bits(&self, index: usize) -> u32 {
        debug_assert!(index < self.count);
        let half = self.mask.div_ceil(2);
        let is_whole = (self.count - half..half).contains(&index);
        (self.mask + 1).ilog2() - u32::from(is_whole)
    }

    /// The bucket that a table one bucket larger (`twin` is its last) has split in two.
    #[inline]
    pub(super) fn origin(twin: usize) -> usize {
        twin ^ Self::twin_bit(twin)
    }

    /// The hash bit that tells the entries of a bucket from those of its twin.
    #[inline]
    pub(super) fn twin_bit(twin: usize) -> usize {
        1 << twin.ilog2()
    }

    #[inline]
    pub(super) fn bucket(&self, index: usize) -> &Bucket<H> {
        if index < CHUNK {
            return &self.first[index];
        }
        let (segment, at) = locate(index / CHUNK);
        let chunk = self.segments[segment][at].as_ref().expect("buckets below count have memory");
        &chunk[index % CHUNK]
    }

    #[inline]
    pub(super) fn bucket_mut(&mut self, index: usize) -> &mut Bucket<H> {
        if index < CHUNK {
            return &mut self.first[index];
        }
        let (segment, at) = locate(index / CHUNK);
        let chunk = self.segments[segment][at].as_mut().expect("buckets below count have memory");
        &mut chunk[index % CHUNK]
    }

    /// Adds an empty bucket at the end. At most one chunk is allocated.
    pub(super) fn push(&mut self) -> &mut Bucket<H> {
        let index = self.count;
        assert!(index < BUCKETS_MAX);
        if index < CHUNK {
            if index == self.first.capacity() {
                self.first.reserve_exact(first_growth(index));
            }
            self.first.push(Bucket::new());
        } else if index.is_multiple_of(CHUNK) {
            let (segment, at) = locate(index / CHUNK);
            if at == 0 {
                self.segments.push(empty_directory(1 << segment));
            }
            self.segments[segment][at] = Some(empty_chunk());
        }
        self.set_count(index + 1);
        self.bucket_mut(index)
    }

    /// Removes the last bucket, which must be empty, and with it at most one chunk.
    pub(super) fn pop(&mut self) {
        assert!(self.count > 0);
        let index = self.count - 1;
        debug_assert!(self.bucket(index).meta().is_empty());
        if index < CHUNK {
            self.first.pop();
            if index == 0 {
                (self.first, self.segments) = (Vec::new(), Vec::new());
            } else if index <= self.first.capacity() / 4 {
                self.first.shrink_to(index + first_growth(index));
            }
        } else if index.is_multiple_of(CHUNK) {
            let (segment, at) = locate(index / CHUNK);
            self.segments[segment][at] = None;
            if at == 0 {
                self.segments.pop();
            }
        }
        self.set_count(index);
    }

    /// Bytes allocated for buckets and the directory.
    pub(super) fn memory_bytes(&self) -> usize {
        let chunks = self.count.saturating_sub(CHUNK).div_ceil(CHUNK);
        let pointers: usize = self.segments.iter().map(|segment| segment.len()).sum();
        self.first.capacity() * size_of::<Bucket<H>>()
            + chunks * size_of::<Chunk<H>>()
            + pointers * size_of::<Option<Box<Chunk<H>>>>()
            + self.segments.capacity() * size_of::<Segment<H>>()
    }

    fn set_count(&mut self, count: usize) {
        self.count = count;
        self.mask = count.next_power_of_two() - 1;
    }
}

/// Segment and place in it of a chunk other than the first.
#[inline]
fn locate(chunk: usize) -> (usize, usize) {
    let segment = chunk.ilog2();
    (segment as usize, chunk ^ (1 << segment))
}

/// By how many buckets the first chunk grows: a quarter, so that little of it lies idle.
fn first_growth(buckets: usize) -> usize {
    (buckets / 4).clamp(1, CHUNK - buckets)
}
