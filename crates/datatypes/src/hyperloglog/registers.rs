//! Registers, a byte each: what HyperLogLogs are joined in.

use super::{Corrupted, Encoding, HEADER, dense, encoding, estimate, sparse};

/// Bits of a hash that choose a register.
pub(super) const INDEX_BITS: u32 = 14;

/// How many registers there are.
pub const REGISTERS: usize = 1 << INDEX_BITS;

/// See the head of this file.
#[derive(Clone, Debug)]
pub struct Registers(Box<[u8; REGISTERS]>);

impl Registers {
    /// Those of no elements.
    #[must_use]
    pub fn new() -> Self {
        let registers = vec![0; REGISTERS].into_boxed_slice();
        Self(registers.try_into().expect("it has that length"))
    }

    /// The registers.
    #[must_use]
    pub fn as_array(&self) -> &[u8; REGISTERS] {
        &self.0
    }

    pub(super) fn as_array_mut(&mut self) -> &mut [u8; REGISTERS] {
        &mut self.0
    }

    /// Raises them to those of a valid HyperLogLog.
    ///
    /// # Errors
    /// If its registers contradict themselves; these are good for nothing then.
    pub fn join(&mut self, bytes: &[u8]) -> Result<(), Corrupted> {
        match encoding(bytes) {
            Encoding::Dense => {
                dense::join(&bytes[HEADER..], &mut self.0);
                Ok(())
            }
            Encoding::Sparse => sparse::join(&bytes[HEADER..], &mut self.0),
        }
    }

    /// Raises them to others.
    pub fn join_registers(&mut self, others: &Self) {
        for (register, other) in self.0.iter_mut().zip(others.as_array()) {
            *register = (*register).max(*other);
        }
    }

    /// The estimate.
    #[must_use]
    pub fn count(&self) -> u64 {
        let mut histogram = [0; 64];
        for &register in self.as_array() {
            histogram[usize::from(register)] += 1;
        }
        estimate::estimate(&histogram)
    }
}

impl Default for Registers {
    fn default() -> Self {
        Self::new()
    }
}
