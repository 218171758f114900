//! How many bits are set: the sum of a carry-save adder over blocks of sixteen vectors.
//!
//! Without an instruction for it, counting the bits of one word takes a dozen steps. The adder
//! joins sixteen words into one that is worth sixteen, by five steps each, so that only one in
//! sixteen is counted (Harley and Seal; Hacker's Delight, section 5-1). Words come four at a time,
//! which vector registers take at once.

/// Words that are added side by side.
const LANES: usize = 4;

/// Vectors in a block.
const VECTORS: usize = 16;

/// Bytes of a vector.
const VECTOR_BYTES: usize = LANES * size_of::<u64>();

type Vector = [u64; LANES];

/// How many bits are set.
#[must_use]
pub fn count(bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<{ VECTORS * VECTOR_BYTES }>();
    let mut adder = Adder::default();
    let mut sum = 0;
    for block in blocks {
        sum += 16 * ones(adder.add(block));
    }
    sum += 8 * ones(adder.eights) + 4 * ones(adder.fours) + 2 * ones(adder.twos) + ones(adder.ones);
    let (words, rest) = rest.as_chunks::<{ size_of::<u64>() }>();
    let words = words.iter().map(|word| u64::from(u64::from_ne_bytes(*word).count_ones()));
    sum + words.sum::<u64>() + rest.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>()
}

/// What is carried from block to block, by how much each of its bits is worth.
#[derive(Default)]
struct Adder {
    ones: Vector,
    twos: Vector,
    fours: Vector,
    eights: Vector,
}

impl Adder {
    /// Adds a block; answers bits that are worth sixteen each.
    #[inline]
    fn add(&mut self, block: &[u8; VECTORS * VECTOR_BYTES]) -> Vector {
        let vector = |at: usize| -> Vector {
            let bytes = &block[at * VECTOR_BYTES..][..VECTOR_BYTES];
            let (words, _) = bytes.as_chunks::<{ size_of::<u64>() }>();
            std::array::from_fn(|lane| u64::from_ne_bytes(words[lane]))
        };
        let mut twos = |at: usize| add(&mut self.ones, vector(at), vector(at + 1));
        let pairs: [Vector; 8] = std::array::from_fn(|at| twos(2 * at));
        let mut fours = |at: usize| add(&mut self.twos, pairs[at], pairs[at + 1]);
        let quads: [Vector; 4] = std::array::from_fn(|at| fours(2 * at));
        let eights: [Vector; 2] =
            std::array::from_fn(|at| add(&mut self.fours, quads[2 * at], quads[2 * at + 1]));
        add(&mut self.eights, eights[0], eights[1])
    }
}

/// Adds two bits to `sum`, in every place at once; answers the carries.
#[inline]
fn add(sum: &mut Vector, a: Vector, b: Vector) -> Vector {
    let mut carries = [0; LANES];
    for lane in 0..LANES {
        let half = a[lane] ^ b[lane];
        carries[lane] = a[lane] & b[lane] | half & sum[lane];
        sum[lane] ^= half;
    }
    carries
}

fn ones(vector: Vector) -> u64 {
    vector.iter().map(|word| u64::from(word.count_ones())).sum()
}
