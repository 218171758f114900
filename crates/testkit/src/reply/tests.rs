//! The tests' decoder, tested.

use super::Reply;

const ONE_OF_EACH: &str = concat!(
    "*16\r\n+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\r\n\r\n$-1\r\n*-1\r\n*0\r\n%1\r\n+k\r\n:1\r\n",
    "~1\r\n:2\r\n>1\r\n+m\r\n,1.5\r\n#t\r\n(123\r\n=7\r\ntxt:abc\r\n",
    "|1\r\n+a\r\n+b\r\n:9\r\n!3\r\nBAD\r\n"
);

#[test]
fn every_kind_is_read() {
    let (reply, used) = Reply::decode(ONE_OF_EACH.as_bytes()).unwrap();
    assert_eq!(used, ONE_OF_EACH.len());
    let simple = |text: &str| Reply::Simple(text.into());
    let expected = [
        Reply::ok(),
        Reply::Error("ERR no".into()),
        Reply::Int(-7),
        Reply::bulk("a\r\n"),
        Reply::Nil,
        Reply::NilArray,
        Reply::Array(vec![]),
        Reply::Map(vec![(simple("k"), Reply::Int(1))]),
        Reply::Set(vec![Reply::Int(2)]),
        Reply::Push(vec![simple("m")]),
        Reply::Double("1.5".into()),
        Reply::Bool(true),
        Reply::BigNumber("123".into()),
        Reply::Verbatim("txt".into(), b"abc".to_vec()),
        Reply::Attribute(vec![(simple("a"), simple("b"))], Box::new(Reply::Int(9))),
        Reply::Error("BAD".into()),
    ];
    assert_eq!(reply.elements(), expected);
}

#[test]
fn a_reply_cut_anywhere_is_not_yet_there() {
    for cut in 0..ONE_OF_EACH.len() {
        assert_eq!(Reply::decode(&ONE_OF_EACH.as_bytes()[..cut]), None, "cut at {cut}");
    }
}

#[test]
fn what_follows_is_left() {
    assert_eq!(Reply::decode(b":1\r\n:2\r\n"), Some((Reply::Int(1), 4)));
}

#[test]
#[should_panic(expected = "not the start of a reply")]
fn nonsense_is_refused() {
    let _ = Reply::decode(b"hello\r\n");
}
