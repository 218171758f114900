//! Bytes are decoded to the same value, whole or in pieces, or refused; and a value comes back.
//!
//! Inputs: the bytes of a value, from its kind on. Pieces are as long as the last byte says.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz rdb_value`.

#![no_main]

use datatypes::list::NodeLimit;
use datatypes::{Entry, HashLimits, HashRules, SetLimits, SetRules, ZsetLimits, ZsetRules};
use keyspace::KeyHasher;
use libfuzzer_sys::fuzz_target;
use rdb::{Encoder, Error, Kind, Reader, Rules, Value, ValueDecoder, decode};

fn decode_in_pieces(
    bytes: &[u8],
    piece: usize,
    rules: &Rules<KeyHasher>,
) -> Result<Value, Error> {
    let mut source = Reader::new(bytes);
    let mut decoder = ValueDecoder::new(Kind::from_byte(source.byte()?)?, rules);
    let (mut from, mut to) = (1, 1);
    loop {
        let mut source = Reader::new(&bytes[from..to]);
        let step = decoder.step(&mut source);
        from += source.position();
        match step {
            Ok(Some(value)) => return Ok(value),
            Err(Error::Short { missing }) if to < bytes.len() => {
                assert!(missing > 0);
                to = bytes.len().min(to + piece);
            }
            Err(error) => return Err(error),
            Ok(None) => {}
        }
    }
}

/// The entry of a key with this value, as RESTORE makes it.
fn entry(value: &Value) -> Entry {
    match value.clone() {
        Value::String(bytes) => Entry::new_bytes(b"k", bytes, None, 0),
        Value::Object(object) => Entry::new_object(b"k", object, None, 0),
    }
}

fuzz_target!(|input: &[u8]| {
    let set = SetRules { limits: SetLimits::default(), hasher: KeyHasher::with_seed(1) };
    let hash = HashRules { limits: HashLimits::default(), hasher: KeyHasher::with_seed(1) };
    let zset = ZsetRules { limits: ZsetLimits::default(), hasher: KeyHasher::with_seed(1) };
    let rules = Rules { list: NodeLimit::new(8), set, zset, hash };
    let whole = decode(&mut Reader::new(input), &rules);
    let piece = input.last().map_or(1, |byte| usize::from(*byte) + 1);
    assert_eq!(whole, decode_in_pieces(input, piece, &rules));
    let Ok(value) = whole else { return };
    let entry = entry(&value);
    for packs in [false, true] {
        let mut bytes = vec![Encoder::kind(entry.value()).byte()];
        Encoder::new(packs).push(entry.value(), &mut bytes);
        assert_eq!(decode(&mut Reader::new(&bytes), &rules), Ok(value.clone()));
    }
});
