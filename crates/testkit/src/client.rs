//! A blocking client: one connection, one command after another.

use std::io::{self, ErrorKind, Read, Write};

use crate::address::Stream;
use crate::{Address, Reply, words};

/// The two protocols a connection can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The one a connection starts with.
    Resp2,
    /// After `HELLO 3`.
    Resp3,
}

/// What a server did when a reply was asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It sent these bytes, one whole reply.
    Reply(Vec<u8>),
    /// It closed the connection.
    Closed,
    /// It neither answered nor closed for as long as a test waits.
    Silent,
}

/// A connection to a server under test.
///
/// ```no_run
/// # let server = testkit::Launch::oracle().start();
/// let mut client = server.client();
/// assert_eq!(client.cmd(&["SET", "key", "value"]), testkit::Reply::ok());
/// assert_eq!(client.line(r#"SETRANGE key 1 "\xff""#).int(), 5);
/// ```
#[derive(Debug)]
pub struct Client {
    address: Address,
    stream: Stream,
    /// Bytes received and not yet handed out as a reply.
    pending: Vec<u8>,
}

impl Client {
    /// Connects.
    #[must_use]
    #[track_caller]
    pub fn connect(address: &Address) -> Self {
        Self::try_connect(address).unwrap_or_else(|error| panic!("{address}: {error}"))
    }

    /// Connects, or tells why that is impossible.
    pub fn try_connect(address: &Address) -> io::Result<Self> {
        Ok(Self { address: address.clone(), stream: address.open()?, pending: Vec::new() })
    }

    /// Connects and switches to the protocol.
    #[must_use]
    #[track_caller]
    pub fn speaking(address: &Address, protocol: Protocol) -> Self {
        let mut client = Self::connect(address);
        if protocol == Protocol::Resp3 {
            client.hello3();
        }
        client
    }

    /// Switches to RESP3 and returns what the server says of itself.
    #[track_caller]
    pub fn hello3(&mut self) -> Reply {
        let reply = self.cmd(&["HELLO", "3"]);
        assert!(matches!(reply, Reply::Map(_)), "HELLO 3 was answered by {reply:?}");
        reply
    }

    /// Sends one command and waits for its reply.
    #[track_caller]
    pub fn cmd<W: AsRef<[u8]>>(&mut self, words: &[W]) -> Reply {
        self.send(words);
        self.read_reply()
    }

    /// Sends one command written as for `redis-cli` and waits for its reply.
    #[track_caller]
    pub fn line(&mut self, line: &str) -> Reply {
        let words = words::split(line).unwrap_or_else(|| panic!("unbalanced quotes: {line}"));
        self.cmd(&words)
    }

    /// Sends the commands (written as for `redis-cli`) at once, then reads a reply for each.
    #[track_caller]
    pub fn pipeline<L: AsRef<str>>(&mut self, lines: &[L]) -> Vec<Reply> {
        let mut bytes = Vec::new();
        for line in lines {
            let line = line.as_ref();
            let words = words::split(line).unwrap_or_else(|| panic!("unbalanced quotes: {line}"));
            bytes.extend(request(&words));
        }
        self.raw(&bytes);
        lines.iter().map(|_| self.read_reply()).collect()
    }

    /// Sends one command and does not wait.
    #[track_caller]
    pub fn send<W: AsRef<[u8]>>(&mut self, words: &[W]) {
        self.raw(&request(words));
    }

    /// Sends these bytes as they are.
    #[track_caller]
    pub fn raw(&mut self, bytes: &[u8]) {
        if let Err(error) = self.stream.write_all(bytes) {
            panic!("{}: cannot send {} bytes: {error}", self.address, bytes.len());
        }
    }

    /// Sends these bytes, unless the server has closed the connection before it took them all.
    pub fn try_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Waits for one reply.
    #[track_caller]
    pub fn read_reply(&mut self) -> Reply {
        let bytes = self.read_reply_raw();
        Reply::decode(&bytes).expect("the bytes of one whole reply").0
    }

    /// Waits for one reply and returns its bytes.
    #[track_caller]
    pub fn read_reply_raw(&mut self) -> Vec<u8> {
        match self.outcome() {
            Outcome::Reply(bytes) => bytes,
            Outcome::Closed => panic!("{}: closed instead of answering", self.address),
            Outcome::Silent => panic!(
                "{}: no reply; so far {:?}",
                self.address,
                self.pending.escape_ascii().to_string()
            ),
        }
    }

    /// Waits until the server answers, closes the connection or has been silent for too long.
    #[track_caller]
    pub fn outcome(&mut self) -> Outcome {
        loop {
            if let Some((_, length)) = Reply::decode(&self.pending) {
                return Outcome::Reply(self.pending.drain(..length).collect());
            }
            match self.receive() {
                Ok(true) => {}
                Ok(false) => return Outcome::Closed,
                Err(_) => return Outcome::Silent,
            }
        }
    }

    /// Waits until the server closes the connection and returns what it said before.
    ///
    /// # Panics
    /// If it leaves the connection open.
    #[track_caller]
    pub fn read_until_closed(&mut self) -> Vec<u8> {
        loop {
            match self.receive() {
                Ok(true) => {}
                Ok(false) => return std::mem::take(&mut self.pending),
                Err(error) => panic!("{}: stays open ({error})", self.address),
            }
        }
    }

    /// Waits for more bytes; false when the server has closed.
    fn receive(&mut self) -> io::Result<bool> {
        let mut chunk = [0; 64 * 1024];
        match self.stream.read(&mut chunk) {
            Ok(count) => {
                self.pending.extend_from_slice(&chunk[..count]);
                Ok(count > 0)
            }
            // A server that closes with requests unread resets the connection.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The words as one request.
#[must_use]
pub fn request<W: AsRef<[u8]>>(words: &[W]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        let word = word.as_ref();
        bytes.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
        bytes.extend_from_slice(word);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}
