//! DUMP and RESTORE: payloads byte for byte, and values that travel from server to server.

mod options;
mod payloads;
mod refused;
mod travel;

use testkit::script::Step;

/// The payload of an encoded value, with the footer of a version.
fn sealed(value: &[u8], version: u16) -> Vec<u8> {
    let mut payload = [value, &version.to_le_bytes()].concat();
    let sum = rdb::checksum::of(&payload);
    payload.extend(sum.to_le_bytes());
    payload
}

/// `RESTORE key 0` of an encoded value.
fn restore(key: &str, value: &[u8]) -> Step {
    Step::words(&[b"RESTORE", key.as_bytes(), b"0", &sealed(value, 10), b"REPLACE"])
}

/// The value `hello`.
const HELLO: &[u8] = b"\0\x05hello";

/// A string as an encoded value has it, not packed.
fn string(bytes: &[u8]) -> Vec<u8> {
    let mut string = Vec::new();
    rdb::string::push(&mut string, bytes, None);
    string
}

/// Elements that are strings, as a listpack that has been checked by nobody.
fn listpack(elements: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend((elements.len() as u16).to_le_bytes());
    for element in elements {
        assert!(element.len() < 64, "longer ones take more bits");
        bytes.push(0x80 | element.len() as u8);
        bytes.extend_from_slice(element);
        bytes.push(1 + element.len() as u8);
    }
    bytes.push(0xff);
    let total = bytes.len() as u32;
    bytes[..4].copy_from_slice(&total.to_le_bytes());
    bytes
}

/// Elements that are short strings, as a ziplist.
fn ziplist(elements: &[&[u8]]) -> Vec<u8> {
    let (mut entries, mut before, mut last) = (Vec::new(), 0, 10);
    for element in elements {
        assert!(element.len() < 64, "longer ones take more bits");
        last = 10 + entries.len();
        entries.extend([before, element.len() as u8]);
        entries.extend_from_slice(element);
        before = 2 + element.len() as u8;
    }
    let mut bytes = (11 + entries.len() as u32).to_le_bytes().to_vec();
    bytes.extend((last as u32).to_le_bytes());
    bytes.extend((elements.len() as u16).to_le_bytes());
    bytes.extend(entries);
    bytes.push(0xff);
    bytes
}

/// Integers of two bytes as an intset that has been checked by nobody.
fn intset(integers: &[i16]) -> Vec<u8> {
    let mut bytes = [2, integers.len() as u32].map(u32::to_le_bytes).concat();
    bytes.extend(integers.iter().flat_map(|integer| integer.to_le_bytes()));
    bytes
}
