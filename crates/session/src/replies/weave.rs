//! Replies of a pipeline that was dealt to several cores: blocks of them, woven into one.
//!
//! ```text
//!   runs     | 2 there | 1 here, 7 bytes | 3 there |        in request order
//!   staged             | 7 bytes ........|                  what was made here
//!   block    | r1 | r2 |                 | r3 | r4 | r5 |   one answer of that core
//! ```

use resp::ReplyBuffer;
use smallvec::SmallVec;

/// Where replies are made: a core, or here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Strand(u16);

impl Strand {
    /// On the client's own core.
    pub const HERE: Self = Self(u16::MAX);

    /// On this core, which is another one.
    #[inline]
    #[must_use]
    pub fn of_core(core: usize) -> Self {
        Self(core as u16)
    }

    /// The other core.
    #[inline]
    #[must_use]
    pub fn core(self) -> Option<usize> {
        (self != Self::HERE).then_some(usize::from(self.0))
    }
}

/// Replies to requests that follow each other and are made in one place.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Where they are made.
    pub strand: Strand,
    /// How many.
    pub replies: u32,
    /// Their bytes, if they were made here.
    pub bytes: usize,
}

/// Replies in one piece: the front of a buffer.
pub struct Block<'a> {
    /// The buffer.
    pub reply: &'a mut ReplyBuffer,
    /// What was at the front of the buffer when the ends were counted.
    pub start: usize,
    /// Where each reply ends.
    pub ends: &'a [usize],
}

impl Block<'_> {
    /// All bytes.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ends.last().map_or(0, |end| end - self.start)
    }
}

/// A block that waits for others.
pub(super) struct Arrived {
    strand: Strand,
    reply: ReplyBuffer,
    ends: Vec<usize>,
}

impl Arrived {
    /// Takes a block out of its buffer.
    pub(super) fn take(strand: Strand, block: &mut Block<'_>) -> Self {
        let mut reply = ReplyBuffer::new();
        block.reply.move_front(block.bytes(), &mut reply);
        let ends = block.ends.iter().map(|end| end - block.start).collect();
        Self { strand, reply, ends }
    }
}

/// A block while it is used up.
struct Source<'a> {
    strand: Strand,
    reply: &'a mut ReplyBuffer,
    done: usize,
    ends: &'a [usize],
}

/// The bytes of the next replies of a block, of which so many are done.
#[inline]
fn next_bytes(ends: &mut &[usize], done: &mut usize, replies: u32) -> usize {
    let (these, rest) = ends.split_at(replies as usize);
    let end = these.last().map_or(*done, |end| *end);
    *ends = rest;
    end - std::mem::replace(done, end)
}

/// See the head of this file.
pub(super) struct Weave {
    runs: Vec<Run>,
    /// Blocks that have not come.
    expected: usize,
    arrived: SmallVec<[Arrived; 1]>,
}

impl Weave {
    pub(super) fn new(runs: &[Run]) -> Self {
        let is_away = |run: &Run| run.strand != Strand::HERE;
        let mut seen: SmallVec<[Strand; 8]> = SmallVec::new();
        for run in runs.iter().filter(|run| is_away(run)) {
            if !seen.contains(&run.strand) {
                seen.push(run.strand);
            }
        }
        assert!(!seen.is_empty(), "something of it is made elsewhere");
        Self { runs: runs.to_vec(), expected: seen.len(), arrived: SmallVec::new() }
    }

    /// Replies that are under way.
    pub(super) fn awaited(&self) -> usize {
        let has_come = |strand| self.arrived.iter().any(|arrived| arrived.strand == strand);
        let runs = self.runs.iter();
        let away = runs.filter(|run| run.strand != Strand::HERE && !has_come(run.strand));
        away.map(|run| run.replies as usize).sum()
    }

    /// One of its blocks has come.
    pub(super) fn expect_one(&mut self) {
        self.expected = self.expected.checked_sub(1).expect("a block comes once");
    }

    /// Whether all blocks have come.
    pub(super) fn is_whole(&self) -> bool {
        self.expected == 0
    }

    /// Keeps a block until the others have come.
    pub(super) fn keep(&mut self, arrived: Arrived) {
        self.arrived.push(arrived);
    }

    /// Writes all replies in order: what was made here is at the front of `staged`.
    pub(super) fn finish(
        &mut self,
        last: Option<(Strand, &mut Block<'_>)>,
        staged: &mut ReplyBuffer,
        out: &mut ReplyBuffer,
    ) {
        let last = last.map(|(strand, block)| Source {
            strand,
            done: block.start,
            ends: block.ends,
            reply: &mut *block.reply,
        });
        match last {
            Some(mut last) if self.arrived.is_empty() => self.weave_two(&mut last, staged, out),
            last => self.weave_all(last, staged, out),
        }
    }

    /// The most common case: here and one other core.
    fn weave_two(&self, there: &mut Source<'_>, staged: &mut ReplyBuffer, out: &mut ReplyBuffer) {
        let Source { reply, done, ends, .. } = there;
        let mut next = |replies| next_bytes(ends, done, replies);
        let (Some(mut here), Some(mut away)) = (staged.bytes(), reply.bytes()) else {
            for run in &self.runs {
                if run.strand == Strand::HERE {
                    staged.move_front(run.bytes, out);
                } else {
                    reply.move_front(next(run.replies), out);
                }
            }
            return;
        };
        let (all_here, all_away) = (here.len(), away.len());
        for run in &self.runs {
            let (source, bytes) = if run.strand == Strand::HERE {
                (&mut here, run.bytes)
            } else {
                (&mut away, next(run.replies))
            };
            let (these, rest) = source.split_at(bytes);
            *source = rest;
            out.push_encoded(these);
        }
        let (used_here, used_away) = (all_here - here.len(), all_away - away.len());
        staged.consume(used_here);
        reply.consume(used_away);
    }

    #[cold]
    fn weave_all(
        &mut self,
        last: Option<Source<'_>>,
        staged: &mut ReplyBuffer,
        out: &mut ReplyBuffer,
    ) {
        let arrived = self.arrived.iter_mut().map(|it| {
            let Arrived { strand, reply, ends } = it;
            Source { strand: *strand, reply, done: 0, ends }
        });
        let mut sources: SmallVec<[Source<'_>; 8]> = arrived.chain(last).collect();
        for run in &self.runs {
            if run.strand == Strand::HERE {
                staged.move_front(run.bytes, out);
                continue;
            }
            let source = sources.iter_mut().find(|source| source.strand == run.strand);
            let source = source.expect("every block has come");
            let bytes = next_bytes(&mut source.ends, &mut source.done, run.replies);
            source.reply.move_front(bytes, out);
        }
    }
}
