//! DEBUG PROTOCOL: an example of every type of reply, for tests of clients.

use commands::Outcome;
use resp::{Args, Protocol, ReplyError, ReplyWriter};

use crate::SessionCx;
use crate::commands::words::is;

const UNKNOWN: ReplyError = ReplyError::new(
    "ERR Wrong protocol type name. Please use one of the following: \
     string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false",
);
const RESP3_ONLY: ReplyError = ReplyError::new("ERR RESP2 is not supported by this command");

type Example = fn(&mut ReplyWriter<'_>) -> Outcome;

const EXAMPLES: [(&str, Example); 13] = [
    ("string", |writer| {
        writer.bulk(b"Hello World");
        Ok(())
    }),
    ("integer", |writer| {
        writer.integer(12_345);
        Ok(())
    }),
    ("double", |writer| {
        // Not writer.double(): Redis prints this very number with three decimals.
        match writer.protocol() {
            Protocol::Resp2 => writer.bulk(b"3.141"),
            Protocol::Resp3 => writer.raw(b",3.141\r\n"),
        }
        Ok(())
    }),
    ("null", |writer| {
        writer.null();
        Ok(())
    }),
    ("array", |writer| {
        writer.array(3);
        (0..3).for_each(|number| writer.integer(number));
        Ok(())
    }),
    ("set", |writer| {
        writer.set(3);
        (0..3).for_each(|number| writer.integer(number));
        Ok(())
    }),
    ("map", |writer| {
        writer.map(3);
        for number in 0..3 {
            writer.integer(number);
            writer.boolean(number == 1);
        }
        Ok(())
    }),
    ("attrib", attribute),
    ("push", push),
    ("verbatim", |writer| {
        writer.verbatim(b"txt", b"This is a verbatim\nstring");
        Ok(())
    }),
    ("true", |writer| {
        writer.boolean(true);
        Ok(())
    }),
    ("false", |writer| {
        writer.boolean(false);
        Ok(())
    }),
    ("bignum", |writer| {
        writer.big_number(b"1234567999999999999999999999999999999");
        Ok(())
    }),
];

pub(super) fn example(
    _: &mut SessionCx<'_>,
    args: Args<'_>,
    writer: &mut ReplyWriter<'_>,
) -> Outcome {
    let asked = EXAMPLES.iter().find(|(name, _)| is(args.at(2), name));
    let (_, write) = asked.ok_or(UNKNOWN)?;
    write(writer)
}

/// An attribute, which only RESP3 has, and the reply that it belongs to.
fn attribute(writer: &mut ReplyWriter<'_>) -> Outcome {
    if writer.protocol() == Protocol::Resp3 {
        writer.raw(b"|1\r\n");
        writer.bulk(b"key-popularity");
        writer.array(2);
        writer.bulk(b"key:123");
        writer.integer(90);
    }
    writer.bulk(b"Some real reply following the attribute");
    Ok(())
}

/// A message out of turn, and the reply.
fn push(writer: &mut ReplyWriter<'_>) -> Outcome {
    if writer.protocol() == Protocol::Resp2 {
        return Err(RESP3_ONLY);
    }
    writer.push(2);
    writer.bulk(b"server-cpu-usage");
    writer.integer(42);
    writer.bulk(b"Some real reply following the push reply");
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::commands::harness::Bench;

    /// What Redis 7.0 answers, in RESP2 and RESP3.
    const REPLIES: [(&str, &str, &str); 13] = [
        ("string", "$11\r\nHello World\r\n", "$11\r\nHello World\r\n"),
        ("integer", ":12345\r\n", ":12345\r\n"),
        ("double", "$5\r\n3.141\r\n", ",3.141\r\n"),
        ("null", "$-1\r\n", "_\r\n"),
        ("array", "*3\r\n:0\r\n:1\r\n:2\r\n", "*3\r\n:0\r\n:1\r\n:2\r\n"),
        ("set", "*3\r\n:0\r\n:1\r\n:2\r\n", "~3\r\n:0\r\n:1\r\n:2\r\n"),
        (
            "map",
            "*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n",
            "%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n",
        ),
        (
            "attrib",
            "$39\r\nSome real reply following the attribute\r\n",
            "|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n\
             $39\r\nSome real reply following the attribute\r\n",
        ),
        (
            "push",
            "-ERR RESP2 is not supported by this command\r\n",
            ">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n\
             $40\r\nSome real reply following the push reply\r\n",
        ),
        (
            "verbatim",
            "$25\r\nThis is a verbatim\nstring\r\n",
            "=29\r\ntxt:This is a verbatim\nstring\r\n",
        ),
        ("true", ":1\r\n", "#t\r\n"),
        ("false", ":0\r\n", "#f\r\n"),
        (
            "bignum",
            "$37\r\n1234567999999999999999999999999999999\r\n",
            "(1234567999999999999999999999999999999\r\n",
        ),
    ];

    #[test]
    fn every_type_is_shown_in_both_protocols() {
        let mut bench = Bench::new();
        for (kind, resp2, _) in REPLIES {
            assert_eq!(bench.ask(&format!("DEBUG PROTOCOL {kind}")), resp2, "{kind}");
        }
        bench.ask("HELLO 3");
        for (kind, _, resp3) in REPLIES {
            let kind = kind.to_uppercase();
            assert_eq!(bench.ask(&format!("DEBUG PROTOCOL {kind}")), resp3, "{kind}");
        }
        assert!(bench.ask("DEBUG PROTOCOL foo").starts_with("-ERR Wrong protocol type name."));
    }
}
