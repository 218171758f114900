//! HyperLogLogs: strings that estimate how many different elements were added to them.
//!
//! An element's hash chooses one of 16384 registers, which keeps the longest run of zeros (plus
//! one) that any of its elements' hashes had. The form is Redis', byte by byte, so that such a
//! string can go from one server to the other.
//!
//! **Layout**
//! ```text
//! 0      4      5        8                16
//! +------+------+--------+----------------+---------------+
//! | HYLL | enc. | unused | cached count   | registers ... |
//! +------+------+--------+----------------+---------------+
//! ```
//! The encoding is 0 for dense registers ([`dense`]) and 1 for sparse ones ([`sparse`]). The count
//! is little-endian; its highest bit says that it is not known.
//!
//! **Invariants:** the strings are users', who may write anything into them. Nothing here panics
//! whatever they hold: what is no HyperLogLog is told by [`is_valid`], and registers that
//! contradict themselves are [`Corrupted`].

mod dense;
mod estimate;
mod hash;
mod registers;
mod self_test;
mod sparse;

pub use registers::{REGISTERS, Registers};
pub use self_test::self_test;
pub use sparse::{Run, runs};

/// Bytes of the header.
const HEADER: usize = 16;

/// Where the encoding stands.
const ENCODING_AT: usize = 4;

/// Where the cached count stands.
const COUNT_AT: usize = 8;

/// The bit of the count that says that it is not known.
const UNKNOWN: u64 = 1 << 63;

const MAGIC: &[u8] = b"HYLL";

/// How registers are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Six bits each.
    Dense,
    /// Runs of equal ones.
    Sparse,
}

impl Encoding {
    /// The name that PFDEBUG ENCODING answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Sparse => "sparse",
        }
    }
}

/// The registers contradict themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Corrupted;

/// A HyperLogLog without elements.
#[must_use]
pub fn new() -> Vec<u8> {
    let mut bytes = vec![0; HEADER];
    bytes[..MAGIC.len()].copy_from_slice(MAGIC);
    bytes[ENCODING_AT] = 1;
    sparse::push_empty(&mut bytes);
    bytes
}

/// Whether a string has the header of a HyperLogLog, and the right length for its encoding.
#[must_use]
pub fn is_valid(bytes: &[u8]) -> bool {
    bytes.len() >= HEADER
        && bytes.starts_with(MAGIC)
        && match bytes[ENCODING_AT] {
            0 => bytes.len() == HEADER + dense::BYTES,
            1 => true,
            _ => false,
        }
}

/// How a valid string keeps its registers.
#[must_use]
pub fn encoding(bytes: &[u8]) -> Encoding {
    if bytes[ENCODING_AT] == 0 { Encoding::Dense } else { Encoding::Sparse }
}

/// The estimate that a valid string keeps, if it is known.
#[must_use]
pub fn cached_count(bytes: &[u8]) -> Option<u64> {
    let count = u64::from_le_bytes(bytes[COUNT_AT..HEADER].try_into().expect("it is eight bytes"));
    (count & UNKNOWN == 0).then_some(count)
}

/// Keeps an estimate in a valid string.
pub fn set_cached_count(bytes: &mut [u8], count: u64) {
    bytes[COUNT_AT..HEADER].copy_from_slice(&count.to_le_bytes());
}

/// Lets a valid string forget its estimate.
pub fn forget_count(bytes: &mut [u8]) {
    bytes[HEADER - 1] |= (UNKNOWN >> 56) as u8;
}

/// The estimate of a valid string's registers.
///
/// # Errors
/// If they contradict themselves.
pub fn count(bytes: &[u8]) -> Result<u64, Corrupted> {
    let registers = &bytes[HEADER..];
    let histogram = match encoding(bytes) {
        Encoding::Dense => dense::histogram(registers),
        Encoding::Sparse => sparse::histogram(registers)?,
    };
    Ok(estimate::estimate(&histogram))
}

/// Adds an element to a valid string; whether a register has grown, and so perhaps the estimate.
///
/// A string whose sparse registers would grow beyond `sparse_bytes_max` becomes dense.
///
/// # Errors
/// If the registers contradict themselves.
pub fn add(
    bytes: &mut Vec<u8>,
    element: &[u8],
    sparse_bytes_max: usize,
) -> Result<bool, Corrupted> {
    let (index, rank) = hash::place_of(element);
    raise(bytes, index, rank, sparse_bytes_max)
}

/// Sets a register of a valid string to a rank if that is larger; whether it is.
fn raise(
    bytes: &mut Vec<u8>,
    index: usize,
    rank: u8,
    sparse_bytes_max: usize,
) -> Result<bool, Corrupted> {
    if encoding(bytes) == Encoding::Dense {
        return Ok(dense::raise(&mut bytes[HEADER..], index, rank));
    }
    match sparse::raise(bytes, (index, rank), sparse_bytes_max)? {
        sparse::Raised::No => Ok(false),
        sparse::Raised::Yes => {
            forget_count(bytes);
            Ok(true)
        }
        sparse::Raised::NoRoom => {
            make_dense(bytes)?;
            Ok(dense::raise(&mut bytes[HEADER..], index, rank))
        }
    }
}

/// Makes the registers of a valid string dense; the cached estimate stays.
///
/// # Errors
/// If they contradict themselves.
pub fn make_dense(bytes: &mut Vec<u8>) -> Result<(), Corrupted> {
    if encoding(bytes) == Encoding::Sparse {
        let mut registers = Registers::new();
        registers.join(bytes)?;
        bytes[ENCODING_AT] = 0;
        bytes.truncate(HEADER);
        bytes.reserve_exact(dense::BYTES);
        dense::push(bytes, registers.as_array());
    }
    Ok(())
}

/// Raises the registers of a valid string to those of a union of which it is part, and forgets the
/// estimate.
///
/// REDIS: PFMERGE raises one register after the other, and what the sparse form looks like in the
/// end, or whether it is left, depends on that order.
///
/// # Errors
/// If they contradict themselves.
pub fn merge(
    bytes: &mut Vec<u8>,
    union: &Registers,
    sparse_bytes_max: usize,
) -> Result<(), Corrupted> {
    let mut old = Registers::new();
    old.join(bytes)?;
    let pairs = union.as_array().iter().zip(old.as_array());
    for (index, (&rank, &old)) in pairs.enumerate() {
        if encoding(bytes) == Encoding::Dense {
            break;
        }
        if rank > old {
            raise(bytes, index, rank, sparse_bytes_max)?;
        }
    }
    if encoding(bytes) == Encoding::Dense {
        bytes.truncate(HEADER);
        dense::push(bytes, union.as_array());
    }
    forget_count(bytes);
    Ok(())
}

#[cfg(test)]
mod tests;
