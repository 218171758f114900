//! What goes over the wire, in both protocols, and that it reads back as it was meant.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::*;
use crate::reply::{Reply, decode};

fn written(protocol: Protocol, write: impl Fn(&mut ReplyWriter<'_>)) -> String {
    let mut buffer = ReplyBuffer::new();
    write(&mut ReplyWriter::new(&mut buffer, protocol));
    buffer.to_vec().escape_ascii().to_string()
}

fn check(write: impl Fn(&mut ReplyWriter<'_>), resp2: &str, resp3: &str) {
    assert_eq!(written(Protocol::Resp2, &write), resp2);
    assert_eq!(written(Protocol::Resp3, &write), resp3);
}

#[test]
fn replies_that_are_alike_in_both_protocols() {
    for (write, wire) in [
        ((|w| w.ok()) as fn(&mut ReplyWriter<'_>), r"+OK\r\n"),
        (|w| w.simple("PONG"), r"+PONG\r\n"),
        (|w| w.integer(0), r":0\r\n"),
        (|w| w.integer(42), r":42\r\n"),
        (|w| w.integer(-7), r":-7\r\n"),
        (|w| w.integer(i64::MIN), r":-9223372036854775808\r\n"),
        (|w| w.bulk(b""), r"$0\r\n\r\n"),
        (|w| w.bulk(b"a\r\nb"), r"$4\r\na\r\nb\r\n"),
        (|w| w.bulk(&[b'x'; 100]), &format!(r"$100\r\n{}\r\n", "x".repeat(100))),
        (|w| w.bulk_integer(-12345), r"$6\r\n-12345\r\n"),
        (|w| w.array(0), r"*0\r\n"),
        (|w| w.array(1000), r"*1000\r\n"),
        (|w| w.error(&ReplyError::new("ERR x")), r"-ERR x\r\n"),
    ] {
        check(write, wire, wire);
    }
}

#[test]
fn replies_that_differ() {
    for (write, resp2, resp3) in [
        ((|w| w.null()) as fn(&mut ReplyWriter<'_>), r"$-1\r\n", r"_\r\n"),
        (|w| w.null_array(), r"*-1\r\n", r"_\r\n"),
        (|w| w.map(7), r"*14\r\n", r"%7\r\n"),
        (|w| w.set(3), r"*3\r\n", r"~3\r\n"),
        (|w| w.push(3), r"*3\r\n", r">3\r\n"),
        (|w| w.boolean(true), r":1\r\n", r"#t\r\n"),
        (|w| w.boolean(false), r":0\r\n", r"#f\r\n"),
        (|w| w.double(0.1), r"$19\r\n0.10000000000000001\r\n", r",0.10000000000000001\r\n"),
        (|w| w.double(f64::INFINITY), r"$3\r\ninf\r\n", r",inf\r\n"),
        (|w| w.double(3.0), r"$1\r\n3\r\n", r",3\r\n"),
        (|w| w.big_number(b"12345"), r"$5\r\n12345\r\n", r"(12345\r\n"),
        (|w| w.verbatim(b"txt", b"hi"), r"$2\r\nhi\r\n", r"=6\r\ntxt:hi\r\n"),
    ] {
        check(write, resp2, resp3);
    }
}

#[test]
fn line_ends_in_errors_become_spaces() {
    let error = ReplyError::from("\r\nERR a\r\nb\n".to_owned());
    check(|w| w.error(&error), r"-ERR a  b\r\n", r"-ERR a  b\r\n");
    let empty = ReplyError::new("\r\n");
    check(|w| w.error(&empty), r"-\r\n", r"-\r\n");
}

#[test]
fn headers_can_be_put_in_later() {
    let write = |writer: &mut ReplyWriter<'_>| {
        writer.integer(1);
        let outer = writer.mark();
        writer.bulk(b"a");
        let inner = writer.mark();
        writer.bulk_shared(&Bytes::from(vec![b'x'; BIG_VALUE]));
        writer.array_at(inner, 1);
        writer.map_at(outer, 1);
        writer.integer(2);
    };
    let big = "x".repeat(BIG_VALUE);
    let inside = format!(r"$1\r\na\r\n*1\r\n$16384\r\n{big}\r\n");
    check(write, &format!(r":1\r\n*2\r\n{inside}:2\r\n"), &format!(r":1\r\n%1\r\n{inside}:2\r\n"));
    let write = |writer: &mut ReplyWriter<'_>| {
        let mark = writer.mark();
        (0..12).for_each(|member| writer.integer(member % 2));
        writer.set_at(mark, 12);
    };
    let members = r":0\r\n:1\r\n".repeat(6);
    check(write, &format!(r"*12\r\n{members}"), &format!(r"~12\r\n{members}"));
}

#[test]
fn big_values_are_sent_from_where_they_are() {
    let value = Bytes::from(vec![b'x'; BIG_VALUE]);
    let mut buffer = ReplyBuffer::new();
    ReplyWriter::new(&mut buffer, Protocol::Resp2).bulk_shared(&value);
    let pieces: Vec<&[u8]> = buffer.pieces().collect();
    assert_eq!(pieces.len(), 3);
    assert_eq!(pieces[1].as_ptr(), value.as_ptr());
    let small = value.slice(1..);
    let mut buffer = ReplyBuffer::new();
    ReplyWriter::new(&mut buffer, Protocol::Resp2).bulk_shared(&small);
    assert_eq!(buffer.pieces().count(), 1);
}

#[test]
fn a_failed_handler_leaves_only_its_error() {
    let write = |writer: &mut ReplyWriter<'_>| {
        let mark = writer.mark();
        writer.array(2);
        writer.bulk(b"half");
        writer.truncate_to(mark);
        writer.error(&ReplyError::new("ERR no"));
    };
    check(write, r"-ERR no\r\n", r"-ERR no\r\n");
}

/// Writes `reply` with the method that its kind has.
fn write(writer: &mut ReplyWriter<'_>, reply: &Reply) {
    match reply {
        Reply::Simple(text) => writer.simple(&String::from_utf8_lossy(text)),
        Reply::Error(line) => writer.error(&ReplyError::from(line.clone())),
        Reply::Integer(number) => writer.integer(*number),
        Reply::Bulk(text) => writer.bulk(text),
        Reply::NullArray => writer.null_array(),
        Reply::NullBulk | Reply::Null => writer.null(),
        Reply::Boolean(yes) => writer.boolean(*yes),
        Reply::Double(number) => writer.double(*number),
        Reply::BigNumber(digits) => writer.big_number(digits),
        Reply::Verbatim(extension, text) => writer.verbatim(extension, text),
        Reply::Array(replies) | Reply::Set(replies) | Reply::Push(replies) => {
            match reply {
                Reply::Array(_) => writer.array(replies.len()),
                Reply::Set(_) => writer.set(replies.len()),
                _ => writer.push(replies.len()),
            }
            replies.iter().for_each(|reply| write(writer, reply));
        }
        Reply::Map(pairs) => {
            writer.map(pairs.len());
            for (key, value) in pairs {
                write(writer, key);
                write(writer, value);
            }
        }
    }
}

/// What a RESP2 client sees of `reply`.
fn as_resp2(reply: Reply) -> Reply {
    let all = |replies: Vec<Reply>| replies.into_iter().map(as_resp2).collect();
    match reply {
        Reply::Null => Reply::NullBulk,
        Reply::Boolean(yes) => Reply::Integer(i64::from(yes)),
        Reply::Double(number) => Reply::Bulk(number::format_f64(number).into_bytes()),
        Reply::BigNumber(text) | Reply::Verbatim(_, text) => Reply::Bulk(text),
        Reply::Array(replies) | Reply::Set(replies) | Reply::Push(replies) => {
            Reply::Array(all(replies))
        }
        Reply::Map(pairs) => {
            Reply::Array(all(pairs.into_iter().flat_map(|(key, value)| [key, value]).collect()))
        }
        other => other,
    }
}

fn reply() -> impl Strategy<Value = Reply> {
    let text = || proptest::collection::vec(any::<u8>(), 0..20);
    let line = || "[ -~]{0,20}".prop_map(String::into_bytes);
    let leaf = prop_oneof![
        line().prop_map(Reply::Simple),
        line().prop_map(Reply::Error),
        any::<i64>().prop_map(Reply::Integer),
        text().prop_map(Reply::Bulk),
        Just(Reply::Null),
        any::<bool>().prop_map(Reply::Boolean),
        proptest::num::f64::NORMAL.prop_map(Reply::Double),
        "-?[0-9]{1,30}".prop_map(|digits| Reply::BigNumber(digits.into_bytes())),
        text().prop_map(|text| Reply::Verbatim(*b"txt", text)),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let some = || proptest::collection::vec(inner.clone(), 0..6);
        prop_oneof![
            some().prop_map(Reply::Array),
            some().prop_map(Reply::Set),
            some().prop_map(Reply::Push),
            proptest::collection::vec((inner.clone(), inner.clone()), 0..4).prop_map(Reply::Map),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(reply in reply()) {
        for protocol in [Protocol::Resp2, Protocol::Resp3] {
            let mut buffer = ReplyBuffer::new();
            write(&mut ReplyWriter::new(&mut buffer, protocol), &reply);
            let wire = buffer.to_vec();
            let expected = match protocol {
                Protocol::Resp2 => as_resp2(reply.clone()),
                Protocol::Resp3 => reply.clone(),
            };
            assert_eq!(decode(&wire), Ok(Some((expected, wire.len()))));
            for cut in 0..wire.len() {
                assert_eq!(decode(&wire[..cut]), Ok(None), "{cut} of {}", wire.escape_ascii());
            }
        }
    }
}
