//! Bytes that are accepted as a listpack read the same from both sides and can be changed.
//!
//! Inputs are tried as they are, and with a header that fits, which chance alone seldom finds.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz listpack`.

#![no_main]

use datatypes::listpack::{Element, Listpack, Needle, validate};
use libfuzzer_sys::fuzz_target;

fn judge(bytes: &[u8]) {
    let count = validate(bytes);
    let listpack = Listpack::from_valid_bytes(bytes.to_vec());
    assert_eq!(listpack.is_some(), count.is_some());
    let (Some(mut listpack), Some(count)) = (listpack, count) else { return };
    let elements: Vec<Vec<u8>> = listpack.iter().map(Element::to_vec).collect();
    let mut backwards: Vec<Vec<u8>> = listpack.iter().rev().map(Element::to_vec).collect();
    backwards.reverse();
    assert_eq!(elements, backwards);
    assert_eq!((elements.len(), listpack.len()), (count, count));
    if let Some(last) = elements.last() {
        assert!(listpack.find(listpack.first(), last, 0).is_some());
        let at = listpack.seek(-1).expect("there is an element");
        listpack.replace(at, b"12345");
        listpack.insert_before(at, last);
        let middle = listpack.seek((count / 2) as i64).expect("it lies inside");
        let mut back = listpack.split_off(middle);
        listpack.append(&back);
        back.delete_range(0, 1);
        assert_eq!(validate(back.bytes()), Some(count - count / 2));
        assert!(listpack.delete_equal(&Needle::new(b"12345"), usize::MAX, true) >= 1);
    }
    assert_eq!(validate(listpack.bytes()), Some(listpack.len()));
}

fuzz_target!(|input: &[u8]| {
    judge(input);
    let total = input.len() as u32 + 7;
    let mut framed = total.to_le_bytes().to_vec();
    framed.extend([0xFF, 0xFF]);
    framed.extend_from_slice(input);
    framed.push(0xFF);
    judge(&framed);
});
