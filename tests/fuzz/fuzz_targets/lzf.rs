//! What LZF packs comes back, whatever was packed before it.
//!
//! Bytes that nobody packed are refused, or have the length that was asked for.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz lzf`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rdb::lzf::{Compressor, RATIO_MAX, decompress};

fuzz_target!(|input: &[u8]| {
    let mut compressor = Compressor::new();
    // Long inputs take another table than short ones.
    let long = input.repeat(1 + 4096 / input.len().max(1));
    for text in [input, &long, input] {
        let Some(packed) = compressor.compress(text, text.len() + text.len() / 32 + 5) else {
            continue;
        };
        assert!(text.len() <= packed.len() * RATIO_MAX);
        assert_eq!(decompress(packed, text.len()).as_deref(), Some(text));
        assert_eq!(decompress(packed, text.len() + 1), None);
    }
    for length in [0, input.len(), 2 * input.len(), RATIO_MAX * input.len(), usize::MAX] {
        let unpacked = decompress(input, length);
        assert!(unpacked.is_none_or(|bytes| bytes.len() == length));
    }
});
