//! Strings combined bit by bit: AND, OR, XOR and NOT.
//!
//! The result is as long as the longest string; shorter ones count as filled up with zeros. It is
//! made block by block, each of which stays in the nearest cache while one string after the other
//! goes into it.

/// Bytes of the result that are made together.
const BLOCK: usize = 8 * 1024;

/// How strings are combined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// Ones where all strings have ones.
    And,
    /// Ones where any string has one.
    Or,
    /// Ones where an odd number of strings have ones.
    Xor,
    /// Ones where the first string, the only one, has zeros.
    Not,
}

/// Combines strings, of which there is at least one.
#[must_use]
pub fn combine(operation: Operation, strings: &[&[u8]]) -> Vec<u8> {
    let longest = strings.iter().map(|string| string.len()).max().unwrap_or(0);
    let (first, others) = strings.split_first().expect("there is at least one string");
    let mut made = vec![0; longest];
    for (at, block) in made.chunks_mut(BLOCK).enumerate() {
        let from = at * BLOCK;
        let part_of = |string: &&'_ [u8]| -> usize { string.len().saturating_sub(from) };
        let length = part_of(first).min(block.len());
        block[..length].copy_from_slice(&first[from.min(first.len())..][..length]);
        if operation == Operation::Not {
            block.iter_mut().for_each(|byte| *byte = !*byte);
        }
        for other in others {
            let length = part_of(other).min(block.len());
            join(operation, block, &other[from.min(other.len())..][..length]);
        }
    }
    made
}

/// Joins a string, which may be shorter, into the block.
fn join(operation: Operation, block: &mut [u8], string: &[u8]) {
    let (joined, rest) = block.split_at_mut(string.len());
    let pairs = joined.iter_mut().zip(string);
    match operation {
        Operation::And => {
            pairs.for_each(|(byte, other)| *byte &= other);
            rest.fill(0);
        }
        Operation::Or => pairs.for_each(|(byte, other)| *byte |= other),
        Operation::Xor => pairs.for_each(|(byte, other)| *byte ^= other),
        Operation::Not => unreachable!("NOT is of one string"),
    }
}
