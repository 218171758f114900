//! Where the first bit of a kind is: blocks without one are passed over whole.

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// Bytes of a word.
const WORD: usize = size_of::<u64>();

/// The first bit that is `bit`.
#[must_use]
pub fn find(bytes: &[u8], bit: bool) -> Option<u64> {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let is_passed = |block: &&[u8; BLOCK]| {
        let (words, _) = block.as_chunks::<WORD>();
        let words = words.iter().map(|word| u64::from_ne_bytes(*word));
        // No early end: a block is one comparison.
        if bit { words.fold(0, |all, word| all | word) == 0 } else { are_ones(words) }
    };
    let passed = BLOCK * blocks.iter().take_while(is_passed).count();
    let (words, rest) = bytes[passed..].as_chunks::<WORD>();
    let flip = if bit { 0 } else { u64::MAX };
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_be_bytes(*word) ^ flip;
        if word != 0 {
            return Some(8 * (passed + at * WORD) as u64 + u64::from(word.leading_zeros()));
        }
    }
    let at = rest.iter().position(|byte| byte ^ flip as u8 != 0)?;
    let before = 8 * (bytes.len() - rest.len() + at) as u64;
    Some(before + u64::from((rest[at] ^ flip as u8).leading_zeros()))
}

fn are_ones(words: impl Iterator<Item = u64>) -> bool {
    words.fold(u64::MAX, |all, word| all & word) == u64::MAX
}
