//! Sparse registers: runs of equal ones, which a small set of elements leaves many of.
//!
//! **Layout** of a run, one byte or two:
//! ```text
//! | 00llllll |             zeros: l + 1 registers
//! | 01llllll | llllllll |  many zeros: l + 1 registers
//! | 1rrrrrll |             rank r + 1, in l + 1 registers
//! ```
//! The lengths of all runs add up to the number of registers. Neighbours may be alike: Redis joins
//! some of them as it goes, and which ones is a part of the form.
//!
//! REDIS: a string may end within a run of two bytes; the second one counts as 0, because there is
//! a zero behind every string of Redis'.

use smallvec::SmallVec;

use super::estimate::Histogram;
use super::registers::REGISTERS;
use super::{Corrupted, HEADER};

/// The largest rank of a run.
const RANK_MAX: u8 = 32;

/// The most registers of a run of one rank.
const RANKS_MAX: usize = 4;

/// The most registers of a run of zeros in one byte.
const ZEROS_MAX: usize = 64;

/// How many runs are looked at for neighbours to be joined.
const JOIN_RUNS: usize = 5;

/// Registers next to each other that are equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Run {
    /// Zeros in one byte.
    Zeros { length: usize },
    /// Zeros in two bytes.
    ManyZeros { length: usize },
    /// Others.
    Ranks { rank: u8, length: usize },
}

impl Run {
    /// How many registers.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Self::Zeros { length } | Self::ManyZeros { length } | Self::Ranks { length, .. } => {
                length
            }
        }
    }

    /// The rank of each of them.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Zeros { .. } | Self::ManyZeros { .. } => 0,
            Self::Ranks { rank, .. } => rank,
        }
    }

    /// The run at a place that is inside.
    #[inline]
    fn at(bytes: &[u8], at: usize) -> Self {
        let byte = bytes[at];
        let low = usize::from(byte & 0x3f);
        match byte >> 6 {
            0 => Self::Zeros { length: low + 1 },
            1 => {
                let second = bytes.get(at + 1).copied().unwrap_or(0);
                Self::ManyZeros { length: (low << 8 | usize::from(second)) + 1 }
            }
            _ => Self::Ranks { rank: (byte >> 2 & 0x1f) + 1, length: usize::from(byte & 3) + 1 },
        }
    }

    /// How many bytes it takes.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::ManyZeros { .. } => 2,
            Self::Zeros { .. } | Self::Ranks { .. } => 1,
        }
    }
}

/// The runs of a valid HyperLogLog that is sparse.
pub fn runs(bytes: &[u8]) -> impl Iterator<Item = Run> {
    runs_of(&bytes[HEADER..])
}

fn runs_of(registers: &[u8]) -> impl Iterator<Item = Run> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let run = (at < registers.len()).then(|| Run::at(registers, at))?;
        at += run.bytes();
        Some(run)
    })
}

/// Writes the registers of no elements.
pub(super) fn push_empty(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&many_zeros(REGISTERS));
}

/// What came of raising a register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Raised {
    /// It is as large already.
    No,
    /// It is larger now.
    Yes,
    /// That cannot be said in sparse form, or not in so few bytes.
    NoRoom,
}

/// Sets a register to a rank if that is larger. The bytes are the whole string.
pub(super) fn raise(
    bytes: &mut Vec<u8>,
    (index, rank): (usize, u8),
    bytes_max: usize,
) -> Result<Raised, Corrupted> {
    if rank > RANK_MAX {
        return Ok(Raised::NoRoom);
    }
    let found = Found::seek(bytes, index).ok_or(Corrupted)?;
    if found.run.rank() >= rank {
        return Ok(Raised::No);
    }
    let new = found.with(index, rank);
    let length = bytes.len() + new.len() - found.run.bytes();
    if length > bytes.len() && length > bytes_max {
        return Ok(Raised::NoRoom);
    }
    let end = (found.at + found.run.bytes()).min(bytes.len());
    bytes.splice(found.at..end, new);
    bytes.truncate(length);
    join_neighbours(bytes, found.before.unwrap_or(HEADER));
    Ok(Raised::Yes)
}

/// The run in which a register is.
struct Found {
    /// Where it stands.
    at: usize,
    /// Where the run before it stands.
    before: Option<usize>,
    /// Its first register.
    first: usize,
    run: Run,
}

impl Found {
    fn seek(bytes: &[u8], index: usize) -> Option<Self> {
        let (mut at, mut before, mut first) = (HEADER, None, 0);
        while at < bytes.len() {
            let run = Run::at(bytes, at);
            if index < first + run.length() {
                return Some(Self { at, before, first, run });
            }
            before = Some(at);
            at += run.bytes();
            first += run.length();
        }
        None
    }

    /// The bytes of the run with one of its registers raised: up to three runs.
    fn with(&self, index: usize, rank: u8) -> SmallVec<[u8; 5]> {
        let mut new = SmallVec::new();
        let (before, behind) = (index - self.first, self.first + self.run.length() - 1 - index);
        push_run(&mut new, self.run.rank(), before);
        new.push(ranks(rank, 1));
        push_run(&mut new, self.run.rank(), behind);
        new
    }
}

/// Writes a piece of a run, unless it is empty.
fn push_run(new: &mut SmallVec<[u8; 5]>, rank: u8, length: usize) {
    match (rank, length) {
        (_, 0) => {}
        (0, 1..=ZEROS_MAX) => new.push(length as u8 - 1),
        (0, _) => new.extend(many_zeros(length)),
        _ => new.push(ranks(rank, length)),
    }
}

fn many_zeros(length: usize) -> [u8; 2] {
    (0x4000 | (length as u16 - 1)).to_be_bytes()
}

fn ranks(rank: u8, length: usize) -> u8 {
    0x80 | (rank - 1) << 2 | (length as u8 - 1)
}

/// Joins runs of one rank among the next few.
fn join_neighbours(bytes: &mut Vec<u8>, mut at: usize) {
    for _ in 0..JOIN_RUNS {
        if at >= bytes.len() {
            return;
        }
        let run = Run::at(bytes, at);
        let joined = match (run, bytes.get(at + 1).map(|_| Run::at(bytes, at + 1))) {
            (Run::Ranks { rank, length }, Some(Run::Ranks { rank: next, length: more })) => {
                (rank == next && length + more <= RANKS_MAX).then(|| ranks(rank, length + more))
            }
            _ => None,
        };
        match joined {
            Some(joined) => {
                bytes[at + 1] = joined;
                bytes.remove(at);
            }
            None => at += run.bytes(),
        }
    }
}

/// Raises registers to these.
pub(super) fn join(sparse: &[u8], registers: &mut [u8; REGISTERS]) -> Result<(), Corrupted> {
    let mut first = 0;
    for run in runs_of(sparse) {
        let covered = registers.get_mut(first..first + run.length()).ok_or(Corrupted)?;
        if run.rank() > 0 {
            covered.iter_mut().for_each(|register| *register = (*register).max(run.rank()));
        }
        first += run.length();
    }
    if first == REGISTERS { Ok(()) } else { Err(Corrupted) }
}

/// How many registers have each rank.
pub(super) fn histogram(sparse: &[u8]) -> Result<Histogram, Corrupted> {
    let (mut histogram, mut sum) = ([0; 64], 0);
    for run in runs_of(sparse) {
        histogram[usize::from(run.rank())] += run.length() as u32;
        sum += run.length();
        if sum > REGISTERS {
            break;
        }
    }
    if sum == REGISTERS { Ok(histogram) } else { Err(Corrupted) }
}
