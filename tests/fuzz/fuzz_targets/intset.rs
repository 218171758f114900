//! Bytes that are accepted as an intset are one: sorted, and still one after every change.
//!
//! Inputs are tried as they are, and with a header that fits, which chance alone seldom finds.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz intset`.

#![no_main]

use std::collections::BTreeSet;

use datatypes::set::IntSet;
use libfuzzer_sys::fuzz_target;

fn judge(bytes: &[u8]) {
    let is_set = IntSet::validate(bytes);
    let set = IntSet::from_bytes(bytes.to_vec());
    assert_eq!(set.is_some(), is_set);
    let Some(mut set) = set else { return };
    let mut model: BTreeSet<i64> = set.iter().collect();
    assert_eq!((set.len(), set.min()), (model.len(), model.first().copied()));
    for number in [0, -1, i64::from(i32::MAX), i64::MIN] {
        assert_eq!(set.remove(number), model.remove(&number));
        assert_eq!(set.insert(number), model.insert(number));
    }
    assert!(set.iter().eq(model.iter().copied()));
    assert!(IntSet::validate(set.as_bytes()));
}

fuzz_target!(|input: &[u8]| {
    judge(input);
    for width in [2, 4, 8] {
        let count = input.len() / width;
        let header = [(width as u32).to_le_bytes(), (count as u32).to_le_bytes()].concat();
        judge(&[&header, &input[..count * width]].concat());
    }
});
