//! Quoting, each case as the reference server answers `PING <word>`.

use super::*;
use crate::request::{Args, Argv};

fn words(line: &[u8]) -> Result<Argv, ProtocolError> {
    let mut words = Words::default();
    split(line, &mut words)?;
    Ok(Argv::from_args(Args::new(line, &words.spans, &words.big)))
}

#[test]
fn lines_are_split_like_the_reference() {
    for (line, expected) in [
        (&b"SET k v"[..], &[&b"SET"[..], b"k", b"v"][..]),
        (b"  PING  ", &[b"PING"]),
        (b"", &[]),
        (b" \t ", &[]),
        (b"PING \"a\\x41\\n\\q\\\\\"", &[b"PING", b"aA\nq\\"]),
        (b"PING 'a\\'b\\n'", &[b"PING", b"a'b\\n"]),
        (b"PING a\"b c\"", &[b"PING", b"ab c"]),
        (b"PING \"\" ''", &[b"PING", b"", b""]),
        (b"PING \"a\\x4\"", &[b"PING", b"ax4"]),
        (b"PING \"\\r\\t\\b\\a\\x0fF\"", &[b"PING", b"\r\t\x08\x07\x0fF"]),
        (b"PING ab\x0bcd", &[b"PING", b"ab\x0bcd"]),
        (b"\x0b\x0cPING", &[b"PING"]),
        (b"PING \"a\"\x0b'b'", &[b"PING", b"a", b"b"]),
        (b"PI\rNG", &[b"PI", b"NG"]),
        (b"PING a\\", &[b"PING", b"a\\"]),
    ] {
        assert_eq!(words(line), Ok(Argv::from_words(expected)), "{}", line.escape_ascii());
    }
}

#[test]
fn unbalanced_quotes_are_refused() {
    for line in [
        &b"PING \""[..],
        b"PING '",
        b"\"a\"b",
        b"'a'b",
        b"\"a\\\"",
        b"'a\\",
        b"\"\\",
        b"a\"\"\"\"",
        b"'",
    ] {
        let refused = words(line);
        assert_eq!(refused, Err(ProtocolError::UnbalancedQuotes), "{}", line.escape_ascii());
    }
}

#[test]
fn words_without_quotes_stay_where_they_are() {
    let mut found = Words::default();
    split(b"GET key", &mut found).expect("there are no quotes");
    assert_eq!(found.spans, [Span::new(0, 3), Span::new(4, 3)]);
    assert!(found.big.is_empty());
}
