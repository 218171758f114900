//! Writes replies into a [`ReplyBuffer`], in the protocol that the client asked for.
//!
//! | reply | RESP2 | RESP3 |
//! |---|---|---|
//! | null, null array | `$-1`, `*-1` | `_` |
//! | map of n, set, push | array of 2n, array | `%n`, `~n`, `>n` |
//! | boolean | `:1`, `:0` | `#t`, `#f` |
//! | double, big number, verbatim text | bulk string | `,`, `(`, `=` |

use bytes::Bytes;
use stdx::number;

use crate::BIG_VALUE;
use crate::error::ReplyError;
use crate::reply_buffer::{Mark, ReplyBuffer};

/// The protocol version of one client, chosen by `HELLO`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    /// The version every client begins with.
    Resp2,
    /// The version with types for maps, sets, doubles and pushes.
    Resp3,
}

/// Appends replies to a buffer.
pub struct ReplyWriter<'a> {
    buffer: &'a mut ReplyBuffer,
    protocol: Protocol,
}

impl<'a> ReplyWriter<'a> {
    /// A writer behind what `buffer` already holds.
    #[inline]
    pub fn new(buffer: &'a mut ReplyBuffer, protocol: Protocol) -> ReplyWriter<'a> {
        ReplyWriter { buffer, protocol }
    }

    /// The protocol in which replies are written.
    #[inline]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Changes the protocol for what follows (`HELLO`).
    pub fn set_protocol(&mut self, protocol: Protocol) {
        self.protocol = protocol;
    }

    /// Writes what `write` writes, or its error in the place of all that. Answers the error.
    #[inline]
    pub fn attempt(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), ReplyError>,
    ) -> Option<ReplyError> {
        let mark = self.mark();
        let error = write(self).err()?;
        self.truncate_to(mark);
        self.error(&error);
        Some(error)
    }

    /// The buffer behind the writer, for replies that were encoded elsewhere.
    pub fn buffer(&mut self) -> &mut ReplyBuffer {
        self.buffer
    }

    /// `+OK`.
    #[inline]
    pub fn ok(&mut self) {
        self.raw(b"+OK\r\n");
    }

    /// A status line; `text` has no line end in it.
    #[inline]
    pub fn simple(&mut self, text: &str) {
        self.line(b'+', text.as_bytes());
    }

    /// An error; line ends at its edges are cut off, those inside become spaces, as Redis does.
    pub fn error(&mut self, error: &ReplyError) {
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let line = error.line();
        let start = line.iter().position(|byte| !is_line_end(byte)).unwrap_or(line.len());
        let end = line.iter().rposition(|byte| !is_line_end(byte)).map_or(start, |last| last + 1);
        let tail = self.buffer.tail();
        tail.push(b'-');
        let flatten = |byte: &u8| if is_line_end(byte) { b' ' } else { *byte };
        tail.extend(line[start..end].iter().map(flatten));
        tail.extend_from_slice(b"\r\n");
    }

    /// An integer.
    #[inline]
    pub fn integer(&mut self, number: i64) {
        self.header(b':', number);
    }

    /// A string.
    #[inline(always)]
    pub fn bulk(&mut self, value: &[u8]) {
        let tail = self.buffer.tail();
        tail.reserve(value.len() + 24);
        if value.len() < 100 {
            // Eight bytes are one store; those too many are cut off again.
            let (tens, ones) = (value.len() as u8 / 10, value.len() as u8 % 10);
            let short = [b'$', b'0' + ones, b'\r', b'\n', 0, 0, 0, 0];
            let long = [b'$', b'0' + tens, b'0' + ones, b'\r', b'\n', 0, 0, 0];
            let (header, bytes) = if value.len() < 10 { (short, 4) } else { (long, 5) };
            let end = tail.len() + bytes;
            tail.extend_from_slice(&header);
            tail.truncate(end);
        } else {
            self.header(b'$', value.len() as i64);
        }
        let tail = self.buffer.tail();
        tail.extend_from_slice(value);
        tail.extend_from_slice(b"\r\n");
    }

    /// A string in shared memory: from [`BIG_VALUE`] on it is sent from where it is.
    #[inline]
    pub fn bulk_shared(&mut self, value: &Bytes) {
        if value.len() < BIG_VALUE {
            self.bulk(value);
            return;
        }
        self.header(b'$', value.len() as i64);
        self.buffer.push_big(value.clone());
        self.raw(b"\r\n");
    }

    /// A string that is the text of `number`.
    #[inline]
    pub fn bulk_integer(&mut self, number: i64) {
        self.header(b'$', number::i64_len(number) as i64);
        let tail = self.buffer.tail();
        number::push_i64(tail, number);
        tail.extend_from_slice(b"\r\n");
    }

    /// Nothing, where a string could have been.
    #[inline]
    pub fn null(&mut self) {
        match self.protocol {
            Protocol::Resp2 => self.raw(b"$-1\r\n"),
            Protocol::Resp3 => self.raw(b"_\r\n"),
        }
    }

    /// Nothing, where an array could have been.
    #[inline]
    pub fn null_array(&mut self) {
        match self.protocol {
            Protocol::Resp2 => self.raw(b"*-1\r\n"),
            Protocol::Resp3 => self.raw(b"_\r\n"),
        }
    }

    /// Announces an array; its `count` elements follow.
    #[inline]
    pub fn array(&mut self, count: usize) {
        self.header(b'*', count as i64);
    }

    /// Announces a map; the keys and values of its `pairs` follow in turn.
    #[inline]
    pub fn map(&mut self, pairs: usize) {
        match self.protocol {
            Protocol::Resp2 => self.header(b'*', pairs as i64 * 2),
            Protocol::Resp3 => self.header(b'%', pairs as i64),
        }
    }

    /// Announces a set; its `count` members follow.
    #[inline]
    pub fn set(&mut self, count: usize) {
        self.aggregate(b'~', count);
    }

    /// Announces a message that answers no request; its `count` elements follow.
    #[inline]
    pub fn push(&mut self, count: usize) {
        self.aggregate(b'>', count);
    }

    /// Yes or no.
    pub fn boolean(&mut self, yes: bool) {
        match (self.protocol, yes) {
            (Protocol::Resp2, _) => self.integer(i64::from(yes)),
            (Protocol::Resp3, true) => self.raw(b"#t\r\n"),
            (Protocol::Resp3, false) => self.raw(b"#f\r\n"),
        }
    }

    /// A floating point number, with 17 significant digits.
    pub fn double(&mut self, number: f64) {
        let text = number::format_f64(number);
        match self.protocol {
            Protocol::Resp2 => self.bulk(text.as_bytes()),
            Protocol::Resp3 => self.line(b',', text.as_bytes()),
        }
    }

    /// A floating point number without exponent, with up to 17 decimals: coordinates.
    pub fn human_double(&mut self, number: f64) {
        let text = number::format_f64_human(number);
        match self.protocol {
            Protocol::Resp2 => self.bulk(text.as_bytes()),
            Protocol::Resp3 => self.line(b',', text.as_bytes()),
        }
    }

    /// An integer of any size, given as its text.
    pub fn big_number(&mut self, digits: &[u8]) {
        match self.protocol {
            Protocol::Resp2 => self.bulk(digits),
            Protocol::Resp3 => self.line(b'(', digits),
        }
    }

    /// A text for people; `extension` says of which kind, `txt` or `mkd`.
    pub fn verbatim(&mut self, extension: &[u8; 3], text: &[u8]) {
        match self.protocol {
            Protocol::Resp2 => self.bulk(text),
            Protocol::Resp3 => {
                self.header(b'=', text.len() as i64 + 4);
                let tail = self.buffer.tail();
                tail.extend_from_slice(extension);
                tail.push(b':');
                tail.extend_from_slice(text);
                tail.extend_from_slice(b"\r\n");
            }
        }
    }

    /// The place where the next reply begins: for undoing it, or for a header that is known later.
    #[inline]
    pub fn mark(&self) -> Mark {
        self.buffer.mark()
    }

    /// Undoes what was written after `mark`, when a handler fails halfway.
    pub fn truncate_to(&mut self, mark: Mark) {
        self.buffer.truncate_to(mark);
    }

    /// Announces an array at `mark`, of the `count` elements that were written since.
    ///
    /// Of nested ones the inner has to be announced before the outer.
    pub fn array_at(&mut self, mark: Mark, count: usize) {
        self.header_at(mark, b'*', count);
    }

    /// Announces a map at `mark`, of the `pairs` that were written since.
    pub fn map_at(&mut self, mark: Mark, pairs: usize) {
        match self.protocol {
            Protocol::Resp2 => self.header_at(mark, b'*', pairs * 2),
            Protocol::Resp3 => self.header_at(mark, b'%', pairs),
        }
    }

    /// Announces a set at `mark`, of the `count` members that were written since.
    pub fn set_at(&mut self, mark: Mark, count: usize) {
        match self.protocol {
            Protocol::Resp2 => self.header_at(mark, b'*', count),
            Protocol::Resp3 => self.header_at(mark, b'~', count),
        }
    }

    /// Bytes that are encoded already.
    #[inline]
    pub fn raw(&mut self, encoded: &[u8]) {
        self.buffer.tail().extend_from_slice(encoded);
    }

    #[inline]
    fn aggregate(&mut self, resp3: u8, count: usize) {
        let kind = if self.protocol == Protocol::Resp2 { b'*' } else { resp3 };
        self.header(kind, count as i64);
    }

    #[inline]
    fn header(&mut self, kind: u8, number: i64) {
        let tail = self.buffer.tail();
        match number {
            0..10 => tail.extend_from_slice(&[kind, b'0' + number as u8, b'\r', b'\n']),
            10..100 => {
                let [tens, ones] = [(number / 10) as u8, (number % 10) as u8];
                tail.extend_from_slice(&[kind, b'0' + tens, b'0' + ones, b'\r', b'\n']);
            }
            _ => long_header(tail, kind, number),
        }
    }

    fn header_at(&mut self, mark: Mark, kind: u8, count: usize) {
        let mut header = Vec::with_capacity(24);
        long_header(&mut header, kind, count as i64);
        self.buffer.insert(mark, &header);
    }

    #[inline]
    fn line(&mut self, kind: u8, text: &[u8]) {
        let tail = self.buffer.tail();
        tail.reserve(text.len() + 3);
        tail.push(kind);
        tail.extend_from_slice(text);
        tail.extend_from_slice(b"\r\n");
    }
}

/// Any number: the line is written from its end, then copied in one go.
fn long_header(tail: &mut Vec<u8>, kind: u8, number: i64) {
    const LINE_MAX: usize = number::DIGITS_MAX + 4;
    const LINE_END: usize = LINE_MAX - 2;
    let mut line = [0; LINE_MAX];
    line[LINE_END..].copy_from_slice(b"\r\n");
    let mut start = number::write_digits(&mut line[..LINE_END], number.unsigned_abs());
    if number < 0 {
        start -= 1;
        line[start] = b'-';
    }
    start -= 1;
    line[start] = kind;
    tail.extend_from_slice(&line[start..]);
}

#[cfg(test)]
mod tests;
