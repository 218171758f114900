//! Any string with a HyperLogLog's header: what it is refused for stays, and both forms agree.
//!
//! Inputs are tried as sparse registers and, filled up, as dense ones.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz hyperloglog`.

#![no_main]

use datatypes::hyperloglog::{self, Registers};
use libfuzzer_sys::fuzz_target;

const DENSE_BYTES: usize = 12_304;

fn judge(bytes: &[u8]) {
    if !hyperloglog::is_valid(bytes) {
        return;
    }
    let mut registers = Registers::new();
    let is_good = registers.join(bytes).is_ok();
    assert_eq!(hyperloglog::count(bytes).is_ok(), is_good);
    let mut dense = bytes.to_vec();
    assert_eq!(hyperloglog::make_dense(&mut dense).is_ok(), is_good);
    if is_good {
        assert_eq!(hyperloglog::count(bytes), Ok(registers.count()));
        assert_eq!(hyperloglog::count(&dense), Ok(registers.count()));
    }
    for bytes_max in [0, bytes.len(), 3000] {
        let mut changed = bytes.to_vec();
        for element in bytes.chunks(5) {
            let before = changed.clone();
            if hyperloglog::add(&mut changed, element, bytes_max).is_err() {
                assert_eq!(changed, before);
            }
            assert!(hyperloglog::is_valid(&changed));
        }
        if is_good {
            let mut union = Registers::new();
            union.join(&changed).expect("adding corrupts nothing");
            let mut merged = bytes.to_vec();
            hyperloglog::merge(&mut merged, &union, bytes_max).expect("it is good");
            assert_eq!(hyperloglog::count(&merged), hyperloglog::count(&changed));
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let mut bytes = b"HYLL\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(input);
    // The zero that a run without its second byte lacks: such a run may lose registers.
    bytes.push(0);
    judge(&bytes);
    bytes[4] = 0;
    bytes.resize(DENSE_BYTES, 0);
    judge(&bytes);
});
