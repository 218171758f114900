//! The buffer against a flat vector of bytes.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::*;

/// `ab` BIG `cd` BIG BIG `e`
fn mixed() -> ReplyBuffer {
    let mut buffer = ReplyBuffer::new();
    buffer.tail().extend_from_slice(b"ab");
    buffer.push_big(Bytes::from_static(b"XXX"));
    buffer.tail().extend_from_slice(b"cd");
    buffer.push_big(Bytes::from_static(b"YY"));
    buffer.push_big(Bytes::from_static(b"Z"));
    buffer.tail().extend_from_slice(b"e");
    buffer
}

#[test]
fn pieces_come_in_order_and_none_is_empty() {
    let buffer = mixed();
    let pieces: Vec<&[u8]> = buffer.pieces().collect();
    assert_eq!(pieces, [&b"ab"[..], b"XXX", b"cd", b"YY", b"Z", b"e"]);
    assert_eq!(buffer.len(), 11);
    assert_eq!(buffer.bytes(), None);
    assert_eq!(ReplyBuffer::new().pieces().count(), 0);
}

#[test]
fn every_partial_write_leaves_the_rest() {
    for first in 0..=11 {
        for second in 0..=11 - first {
            let mut buffer = mixed();
            buffer.consume(first);
            buffer.consume(second);
            let sent = first + second;
            assert_eq!(buffer.to_vec(), b"abXXXcdYYZe"[sent..], "{first} {second}");
            assert_eq!(buffer.len(), 11 - sent);
            assert_eq!(buffer.is_empty(), sent == 11);
        }
    }
}

#[test]
fn a_half_written_reply_is_undone() {
    let mut buffer = mixed();
    let mark = buffer.mark();
    buffer.tail().extend_from_slice(b"half");
    buffer.push_big(Bytes::from_static(b"WWWW"));
    buffer.tail().extend_from_slice(b"more");
    buffer.truncate_to(mark);
    assert_eq!(buffer.to_vec(), b"abXXXcdYYZe");
    assert_eq!(buffer.len(), 11);
}

#[test]
fn a_header_goes_before_what_follows_its_mark() {
    let mut buffer = ReplyBuffer::new();
    buffer.push_big(Bytes::from_static(b"XXX"));
    let mark = buffer.mark();
    buffer.push_big(Bytes::from_static(b"YY"));
    buffer.tail().extend_from_slice(b"end");
    buffer.insert(mark, b"*2");
    assert_eq!(buffer.to_vec(), b"XXX*2YYend");
}

#[test]
fn memory_is_given_back_only_when_all_is_sent() {
    let mut buffer = mixed();
    buffer.tail().reserve(100_000);
    buffer.shrink(1024);
    assert!(buffer.memory() > 100_000);
    buffer.consume(11);
    buffer.shrink(1024);
    assert!(buffer.memory() <= 1024);
}

#[test]
fn a_buffer_that_never_drains_does_not_keep_what_was_sent() {
    let mut buffer = ReplyBuffer::new();
    for round in 0..1000u32 {
        buffer.tail().extend_from_slice(&[round as u8; 1024]);
        buffer.push_big(Bytes::from_static(b"XY"));
        if round > 0 {
            buffer.consume(1026);
        }
    }
    assert_eq!(buffer.to_vec(), [&[999u32 as u8; 1024][..], b"XY"].concat());
    assert!(buffer.memory() < 4 * CUT_SENT, "{}", buffer.memory());
}

#[derive(Clone, Debug)]
enum Step {
    Plain(Vec<u8>),
    Big(Vec<u8>),
    Append(Vec<u8>, Vec<u8>),
    Consume(usize),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let some = || proptest::collection::vec(any::<u8>(), 1..20);
    prop_oneof![
        4 => some().prop_map(Step::Plain),
        4 => some().prop_map(Step::Big),
        2 => (some(), some()).prop_map(|(plain, big)| Step::Append(plain, big)),
        4 => (0..40usize).prop_map(Step::Consume),
        1 => Just(Step::Clear),
    ]
}

proptest! {
    #[test]
    fn equals_a_flat_vector(steps in proptest::collection::vec(step(), 0..40)) {
        let mut buffer = ReplyBuffer::new();
        let mut flat: Vec<u8> = Vec::new();
        for step in steps {
            match step {
                Step::Plain(plain) => {
                    flat.extend(&plain);
                    buffer.tail().extend(plain);
                }
                Step::Big(big) => {
                    flat.extend(&big);
                    buffer.push_big(Bytes::from(big));
                }
                Step::Append(plain, big) => {
                    let mut other = ReplyBuffer::new();
                    other.tail().extend(b"sent");
                    other.tail().extend(&plain);
                    other.push_big(Bytes::from(big.clone()));
                    other.consume(4);
                    flat.extend(plain);
                    flat.extend(big);
                    buffer.append(&mut other);
                    assert!(other.is_empty());
                }
                Step::Consume(count) => {
                    let count = count.min(flat.len());
                    flat.drain(..count);
                    buffer.consume(count);
                }
                Step::Clear => {
                    flat.clear();
                    buffer.clear();
                }
            }
            assert_eq!(buffer.to_vec(), flat);
            assert_eq!(buffer.len(), flat.len());
            assert_eq!(buffer.is_empty(), flat.is_empty());
        }
    }
}
