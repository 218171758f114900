//! The protocol itself, byte by byte: inline commands, malformed requests, pieces and pipelines.
//!
//! Each conversation is raw bytes on a connection of its own, followed by a marker that the server
//! echoes if it is still listening. What comes back until the marker or the end is compared.

use testkit::client::{Outcome, request};
use testkit::{Client, Protocol, Reply, Server, matrix};

use crate::{STAGE, each_shoal};

const MARKER: &[u8] = b"end-of-conversation";

/// What a server answered to these bytes, and whether it has closed the connection.
fn converse(server: &Server, protocol: Protocol, bytes: &[u8]) -> (Vec<u8>, bool) {
    converse_until(server, protocol, bytes, &request(&[b"ECHO".as_slice(), MARKER]))
}

/// The same, where something has to be said before the marker.
fn converse_until(
    server: &Server,
    protocol: Protocol,
    bytes: &[u8],
    end: &[u8],
) -> (Vec<u8>, bool) {
    let mut client = server.client_speaking(protocol);
    // A server that has had enough does not take the rest.
    let _ = client.try_raw(bytes);
    let _ = client.try_raw(end);
    let mut heard = Vec::new();
    loop {
        match client.outcome() {
            Outcome::Reply(reply) if reply.windows(MARKER.len()).any(|part| part == MARKER) => {
                return (heard, false);
            }
            Outcome::Reply(reply) => heard.extend(reply),
            Outcome::Closed => return (heard, true),
            Outcome::Silent => panic!("silent after {:?}", bytes.escape_ascii().to_string()),
        }
    }
}

#[track_caller]
fn check(conversations: &[&[u8]]) {
    for protocol in [Protocol::Resp2, Protocol::Resp3] {
        let all = |server: &Server| -> Vec<(Vec<u8>, bool)> {
            conversations.iter().map(|bytes| converse(server, protocol, bytes)).collect()
        };
        let expected = STAGE.on_oracle(all);
        for cell in matrix::cells().iter().filter(|cell| cell.protocols.contains(&protocol)) {
            let actual = STAGE.on_shoal(cell, all);
            for ((bytes, theirs), ours) in conversations.iter().zip(&expected).zip(&actual) {
                let shown = |side: &(Vec<u8>, bool)| {
                    let end = if side.1 { "closed" } else { "open" };
                    format!("{} ({end})", side.0.escape_ascii())
                };
                let sent: String = bytes.escape_ascii().to_string().chars().take(200).collect();
                assert_eq!(shown(ours), shown(theirs), "{cell:?} {protocol:?}: {sent}");
            }
        }
    }
}

#[test]
fn inline_commands() {
    check(&[
        b"\r\n",
        b"\n",
        b"PING\r\n",
        b"PING\n",
        b"ping hello\r\n",
        b"  PING   \r\n",
        b"\tPING\t\r\n",
        b"PING \"a b\"\r\n",
        b"PING 'a b'\r\n",
        b"PING \"a\\x41\\n\\r\\t\\b\\a\\q\"\r\n",
        b"PING 'a\\'b'\r\n",
        b"PING \"\\xzz\"\r\n",
        b"PING \"\"\r\n",
        b"\"\"\r\n",
        b"PING \"a\r\n",
        b"PING 'a\r\n",
        b"PING \"a\"b\r\n",
        b"PING a\"b\r\n",
        b"SET a\"b c\" 1\r\n",
        b"FOO bar\r\n",
        b"PING\r\r\n",
        b"\r\r\n",
        b"$4\r\nPING\r\n",
        b"+PING\r\n",
        b":1\r\n",
        b"PING\r\nPING a\r\nSET k v\nGET k\r\n",
        b"QUIT\r\nPING\r\n",
    ]);
}

#[test]
fn malformed_requests() {
    check(&[
        b"*0\r\n",
        b"*-1\r\n",
        b"*-10\r\n",
        b"*abc\r\n",
        b"*\r\n",
        b"*01\r\n$4\r\nPING\r\n",
        b"*+1\r\n$4\r\nPING\r\n",
        b"* 1\r\n$4\r\nPING\r\n",
        b"*1 \r\n$4\r\nPING\r\n",
        b"*1\rX$4\r\nPING\r\n",
        b"*2147483648\r\n",
        b"*99999999999999999999\r\n",
        b"*-99999999999999999999\r\n",
        b"*1\r\nPING\r\n",
        b"*1\r\n+PING\r\n",
        b"*1\r\n\r\n",
        b"*1\r\n$abc\r\nPING\r\n",
        b"*1\r\n$-1\r\n",
        b"*1\r\n$-2\r\n",
        b"*1\r\n$\r\n",
        b"*1\r\n$04\r\nPING\r\n",
        b"*1\r\n$ 4\r\nPING\r\n",
        b"*1\r\n$536870913\r\n",
        b"*1\r\n$99999999999999999999\r\n",
        b"*1\r\n$4\r\nPINGxx*1\r\n$4\r\nPING\r\n",
        b"*1\r\n$4\nXPING\r\n",
        b"*1\r\n$0\r\n\r\n",
        b"*2\r\n$4\r\nPING\r\n$0\r\n\r\n",
        b"*2\r\n$4\r\nPING\r\n$-1\r\n",
        b"*1\r\n$6\r\nFO\r\nAR\r\n",
        b"PING\r\n*1\r\n$abc\r\nPING\r\nPING\r\n",
        b"*1\r\n$4\r\nPING\r\n*1\r\nfoo\r\n*1\r\n$4\r\nPING\r\n",
        b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n\x00\xff\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
    ]);
}

/// Redis looks for the end of the line as if the NUL were the end of the input, and waits for ever.
#[test]
fn a_line_may_hold_a_nul() {
    each_shoal(|server| {
        let (heard, is_closed) = converse(server, Protocol::Resp2, b"ECHO a\x00b\r\n");
        assert_eq!((heard.as_slice(), is_closed), (b"$3\r\na\x00b\r\n".as_slice(), false));
    });
}

/// A web page that makes a browser send requests here must not get commands through.
#[test]
fn what_browsers_say() {
    check(&[
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\n\r\nSET hacked 1\r\n",
        b"post\r\n",
        b"host: a\r\nSET hacked 1\r\n",
        b"PING\r\nHost: a\r\nPING\r\n",
        b"*2\r\n$4\r\nPOST\r\n$1\r\na\r\n*1\r\n$4\r\nPING\r\n",
        b"GET hacked\r\n",
        b"postit\r\nhost\r\n",
    ]);
}

/// Lines without an end: more than 64 KiB of them is too much.
#[test]
fn endless_lines() {
    let inline = vec![b'x'; 200_000];
    let count = [b"*".as_slice(), &vec![b'1'; 200_000]].concat();
    let length = [b"*1\r\n$".as_slice(), &vec![b'1'; 200_000]].concat();
    let long = [b"PING ".as_slice(), &vec![b'y'; 60_000], b"\r\n"].concat();
    let expected: [(&[u8], &[u8]); 3] = [
        (&inline, b"-ERR Protocol error: too big inline request\r\n"),
        (&count, b"-ERR Protocol error: too big mbulk count string\r\n"),
        (&length, b"-ERR Protocol error: too big bulk count string\r\n"),
    ];
    crate::each_server(|server| {
        for (bytes, error) in expected {
            let mut client = server.client();
            let _ = client.try_raw(bytes);
            let heard = client.read_until_closed();
            // Bytes that the server has not read may cost its last words.
            assert!(heard == error || heard.is_empty(), "{}", heard.escape_ascii());
        }
        let (heard, is_closed) = converse(server, Protocol::Resp2, &long);
        assert_eq!((heard.len(), is_closed), (60_000 + 10, false));
    });
}

#[test]
fn whoever_has_not_authenticated_may_ask_little_at_once() {
    let set_password = |server: &Server, password: &str| {
        let mut client = server.client();
        client.cmd(&["AUTH", "secret"]);
        assert_eq!(client.cmd(&["CONFIG", "SET", "requirepass", password]), Reply::ok());
    };
    let all = |server: &Server| -> Vec<(Vec<u8>, bool)> {
        set_password(server, "secret");
        let long =
            [b"*2\r\n$4\r\nAUTH\r\n$16384\r\n".as_slice(), &[b'x'; 16_384], b"\r\n"].concat();
        let conversations: [&[u8]; 8] = [
            b"*11\r\n",
            b"*10\r\n$4\r\nPING\r\n$1\r\na\r\n$1\r\na\r\n\
              $1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n",
            b"*2\r\n$4\r\nAUTH\r\n$16385\r\n",
            &long,
            b"PING\r\n",
            b"FOO\r\n",
            b"GET a b c\r\n",
            b"*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n*11\r\n\
              $4\r\nMGET\r\n$1\r\na\r\n$1\r\na\r\n\
              $1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n\
              $1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n",
        ];
        let mut end = request(&["AUTH", "secret"]);
        end.extend(request(&[b"ECHO".as_slice(), MARKER]));
        let heard = conversations
            .iter()
            .map(|bytes| converse_until(server, Protocol::Resp2, bytes, &end))
            .collect();
        set_password(server, "");
        heard
    };
    let expected = STAGE.on_oracle(all);
    each_shoal(|server| assert_eq!(all(server), expected));
}

/// A pipeline with everything in it: keys of all shards, several keys at once, errors, inline.
fn mixed_pipeline() -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let lines: [&[&str]; 12] = [
        &["SET", "a", "1"],
        &["MSET", "b", "2", "c", "3", "d", "4"],
        &["GET", "a"],
        &["MGET", "a", "b", "c", "d", "none"],
        &["FOO", "bar"],
        &["INCR", "a"],
        &["INCR", "a", "b"],
        &["PING"],
        &["DBSIZE"],
        &["RENAME", "a", "e"],
        &["ECHO", ""],
        &["DEL", "b", "c", "d", "e"],
    ];
    for words in lines {
        bytes.extend(request(words));
    }
    bytes.extend(b"PING \"in line\"\r\nGET e\n");
    (bytes, lines.len() + 2)
}

#[test]
fn a_pipeline_cut_anywhere_is_answered_alike() {
    let (bytes, count) = mixed_pipeline();
    each_shoal(|server| {
        let mut client = server.client();
        let mut answers = |cut: usize| {
            client.raw(&bytes[..cut]);
            // The answer shows that the first piece was read alone.
            let mut other = server.client();
            assert_eq!(other.cmd(&["PING"]), Reply::Simple("PONG".into()));
            client.raw(&bytes[cut..]);
            (0..count).map(|_| client.read_reply()).collect::<Vec<Reply>>()
        };
        let whole = answers(bytes.len());
        for cut in 0..bytes.len() {
            assert_eq!(answers(cut), whole, "cut at {cut}");
        }
    });
}

#[test]
fn a_pipeline_byte_by_byte() {
    let (bytes, count) = mixed_pipeline();
    each_shoal(|server| {
        let mut client = server.client();
        client.raw(&bytes);
        let whole: Vec<Reply> = (0..count).map(|_| client.read_reply()).collect();
        for byte in &bytes {
            client.raw(std::slice::from_ref(byte));
        }
        let slow: Vec<Reply> = (0..count).map(|_| client.read_reply()).collect();
        assert_eq!(slow, whole);
    });
}

#[test]
fn ten_thousand_commands_at_once() {
    const COUNT: usize = 10_000;
    each_shoal(|server| {
        let mut client = server.client();
        let mut reader = server.client();
        let mut bytes = Vec::new();
        for n in 0..COUNT {
            let key = format!("key:{}", n % 100);
            match n % 4 {
                0 => bytes.extend(request(&["INCR", &key])),
                1 => bytes.extend(request(&["SET", &format!("s:{}", n % 97), &n.to_string()])),
                2 => bytes.extend(request(&["MGET", &key, "none"])),
                _ => bytes.extend(request(&["ECHO", &n.to_string()])),
            }
        }
        client.raw(&bytes);
        for n in 0..COUNT {
            let reply = client.read_reply();
            match n % 4 {
                0 => assert_eq!(reply.int(), (n / 100 + 1) as i64, "at {n}"),
                1 => assert_eq!(reply, Reply::ok(), "at {n}"),
                2 => assert_eq!(reply.elements().len(), 2, "at {n}"),
                _ => assert_eq!(reply.text(), n.to_string()),
            }
        }
        assert_eq!(reader.cmd(&["GET", "key:0"]).text(), "100");
    });
}

#[test]
fn big_values_in_pieces() {
    const BYTES: usize = 5_000_003;
    let value: Vec<u8> = (0..BYTES).map(|n| (n * 7 % 251) as u8).collect();
    each_shoal(|server| {
        for piece in [1_000_003, 65_536, 16_385] {
            let mut client = server.client();
            for (n, key) in ["a", "b", "c"].iter().enumerate() {
                let bytes = request(&[b"SET".as_slice(), key.as_bytes(), &value[n..]]);
                bytes.chunks(piece).for_each(|chunk| client.raw(chunk));
                assert_eq!(client.read_reply(), Reply::ok());
            }
            client.raw(&[request(&["GET", "a"]), request(&["MGET", "b", "c"])].concat());
            assert_eq!(client.read_reply(), Reply::bulk(&value));
            let both = [Reply::bulk(&value[1..]), Reply::bulk(&value[2..])];
            assert_eq!(client.read_reply().elements(), both);
            assert_eq!(client.cmd(&["STRLEN", "c"]).int(), (BYTES - 2) as i64);
        }
    });
}

/// Whoever holds half a request in its hand keeps nobody else waiting.
#[test]
fn half_a_request_holds_up_nobody() {
    each_shoal(|server| {
        let mut holders: Vec<Client> = (0..20).map(|_| server.client()).collect();
        for holder in &mut holders {
            holder.raw(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\nonly a part");
        }
        let mut client = server.client();
        for n in 0..100 {
            assert_eq!(client.line(&format!("SET k{n} {n}")), Reply::ok());
        }
        for holder in &mut holders {
            holder.raw(&[b'x'; 89]);
            holder.raw(b"\r\n");
            assert_eq!(holder.read_reply(), Reply::ok());
        }
        assert_eq!(client.line("STRLEN k").int(), 100);
    });
}
