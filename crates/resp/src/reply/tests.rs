//! Decoding what the writer never writes, and what is no reply.

use proptest::prelude::{any, proptest};

use super::*;

fn decoded(bytes: &[u8]) -> Reply {
    let (reply, len) = decode(bytes).expect("it is a reply").expect("it is whole");
    assert_eq!(len, bytes.len());
    reply
}

#[test]
fn nulls_of_both_protocols_are_told_apart() {
    assert_eq!(decoded(b"$-1\r\n"), Reply::NullBulk);
    assert_eq!(decoded(b"*-1\r\n"), Reply::NullArray);
    assert_eq!(decoded(b"_\r\n"), Reply::Null);
}

#[test]
fn the_rest_of_the_bytes_is_left() {
    assert_eq!(decode(b":1\r\n:2\r\n"), Ok(Some((Reply::Integer(1), 4))));
    assert_eq!(decode(b""), Ok(None));
}

#[test]
fn what_is_no_reply_is_refused() {
    for bytes in [
        &b"\r\n"[..],
        b"x\r\n",
        b":\r\n",
        b":1x\r\n",
        b"$-2\r\n",
        b"$x\r\n",
        b"$1\r\nabc",
        b"*-2\r\n",
        b"_x\r\n",
        b"#x\r\n",
        b",x\r\n",
        b"=2\r\nab\r\n",
        b"$99999999999999\r\n",
        b"*1\r\n$x\r\n",
    ] {
        assert_eq!(decode(bytes), Err(DecodeError), "{}", bytes.escape_ascii());
    }
}

#[test]
fn doubles_without_an_end_are_read() {
    assert_eq!(decoded(b",inf\r\n"), Reply::Double(f64::INFINITY));
    assert_eq!(decoded(b",-inf\r\n"), Reply::Double(f64::NEG_INFINITY));
    assert!(matches!(decoded(b",nan\r\n"), Reply::Double(number) if number.is_nan()));
}

#[test]
fn nesting_without_end_is_refused() {
    assert_eq!(decode(&b"*1\r\n".repeat(100_000)), Err(DecodeError));
}

#[test]
fn replies_print_in_one_line() {
    let reply = decoded(b"*4\r\n$2\r\na\n\r\n:1\r\n%1\r\n+k\r\n_\r\n-ERR x\r\n");
    let shown = "array [\"a\\n\", (integer) 1, map {k => (nil)}, (error) ERR x]";
    assert_eq!(reply.to_string(), shown);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn nothing_like_replies_makes_it_panic(text in r"([-+:$*_#,(=~>%][-0-9]{0,3}\r\n){0,20}") {
        let _ = decode(text.as_bytes());
    }
}
