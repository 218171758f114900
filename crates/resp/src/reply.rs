//! Replies as values, for those who read them: tests, benches, the client of `testkit`.

use std::fmt;

use stdx::number;

/// How deep replies may nest; deeper ones are refused before the stack ends.
const DEPTH_MAX: usize = 128;

/// A decoded reply of either protocol.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// `+text`
    Simple(Vec<u8>),
    /// `-text`
    Error(Vec<u8>),
    /// `:number`
    Integer(i64),
    /// `$length text`
    Bulk(Vec<u8>),
    /// `$-1`, RESP2's null.
    NullBulk,
    /// `*-1`, RESP2's null where an array could be.
    NullArray,
    /// `_`, RESP3's null.
    Null,
    /// `*count elements`
    Array(Vec<Reply>),
    /// `%pairs keys and values in turn`
    Map(Vec<(Reply, Reply)>),
    /// `~count members`
    Set(Vec<Reply>),
    /// `>count elements`
    Push(Vec<Reply>),
    /// `#t`, `#f`
    Boolean(bool),
    /// `,number`
    Double(f64),
    /// `(digits`
    BigNumber(Vec<u8>),
    /// `=length extension:text`
    Verbatim([u8; 3], Vec<u8>),
}

/// The bytes are no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError;

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the bytes are no RESP reply")
    }
}

impl std::error::Error for DecodeError {}

/// Reads one reply from the front of `bytes` and says how many bytes it took; `None` if its end is
/// not there yet.
pub fn decode(bytes: &[u8]) -> Result<Option<(Reply, usize)>, DecodeError> {
    let mut reader = Reader { bytes, at: 0 };
    match reader.reply(0) {
        Ok(reply) => Ok(Some((reply, reader.at))),
        Err(Stop::Incomplete) => Ok(None),
        Err(Stop::Invalid) => Err(DecodeError),
    }
}

enum Stop {
    Incomplete,
    Invalid,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn reply(&mut self, depth: usize) -> Result<Reply, Stop> {
        if depth > DEPTH_MAX {
            return Err(Stop::Invalid);
        }
        let (&kind, text) = self.line()?.split_first().ok_or(Stop::Invalid)?;
        Ok(match kind {
            b'+' => Reply::Simple(text.to_vec()),
            b'-' => Reply::Error(text.to_vec()),
            b':' => Reply::Integer(number::parse_i64(text).ok_or(Stop::Invalid)?),
            b'(' => Reply::BigNumber(text.to_vec()),
            b'_' if text.is_empty() => Reply::Null,
            b'#' if text == b"t" => Reply::Boolean(true),
            b'#' if text == b"f" => Reply::Boolean(false),
            b',' => Reply::Double(double(text)?),
            b'$' if text == b"-1" => Reply::NullBulk,
            b'*' if text == b"-1" => Reply::NullArray,
            b'$' => Reply::Bulk(self.body(count(text)?)?.to_vec()),
            b'=' => verbatim(self.body(count(text)?)?)?,
            b'*' => Reply::Array(self.replies(count(text)?, depth)?),
            b'~' => Reply::Set(self.replies(count(text)?, depth)?),
            b'>' => Reply::Push(self.replies(count(text)?, depth)?),
            b'%' => Reply::Map(self.pairs(count(text)?, depth)?),
            _ => return Err(Stop::Invalid),
        })
    }

    /// The bytes up to the next line end.
    fn line(&mut self) -> Result<&'a [u8], Stop> {
        let rest = &self.bytes[self.at..];
        let end = memchr::memmem::find(rest, b"\r\n").ok_or(Stop::Incomplete)?;
        self.at += end + 2;
        Ok(&rest[..end])
    }

    /// `len` bytes with a line end behind them.
    fn body(&mut self, len: usize) -> Result<&'a [u8], Stop> {
        let rest = &self.bytes[self.at..];
        let (body, end) = rest.split_at_checked(len).ok_or(Stop::Incomplete)?;
        match end {
            [b'\r', b'\n', ..] => {}
            [] | [b'\r'] => return Err(Stop::Incomplete),
            _ => return Err(Stop::Invalid),
        }
        self.at += len + 2;
        Ok(body)
    }

    fn replies(&mut self, count: usize, depth: usize) -> Result<Vec<Reply>, Stop> {
        (0..count).map(|_| self.reply(depth + 1)).collect()
    }

    fn pairs(&mut self, count: usize, depth: usize) -> Result<Vec<(Reply, Reply)>, Stop> {
        (0..count).map(|_| Ok((self.reply(depth + 1)?, self.reply(depth + 1)?))).collect()
    }
}

fn count(text: &[u8]) -> Result<usize, Stop> {
    let count = number::parse_u64(text).ok_or(Stop::Invalid)?;
    usize::try_from(count).ok().filter(|&count| count < 1 << 40).ok_or(Stop::Invalid)
}

fn double(text: &[u8]) -> Result<f64, Stop> {
    let text = std::str::from_utf8(text).map_err(|_| Stop::Invalid)?;
    text.parse().map_err(|_| Stop::Invalid)
}

fn verbatim(body: &[u8]) -> Result<Reply, Stop> {
    match body {
        [first, second, third, b':', text @ ..] => {
            Ok(Reply::Verbatim([*first, *second, *third], text.to_vec()))
        }
        _ => Err(Stop::Invalid),
    }
}

impl Reply {
    /// The text of a string of any kind (simple, bulk, verbatim); `None` for all else.
    pub fn text(&self) -> Option<&[u8]> {
        match self {
            Reply::Simple(text) | Reply::Bulk(text) | Reply::Verbatim(_, text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        matches!(self, Reply::Error(_))
    }
}

/// One line for diagnostics, leaves written as redis-cli writes them.
impl fmt::Display for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Simple(text) => write!(formatter, "{}", text.escape_ascii()),
            Reply::Error(text) => write!(formatter, "(error) {}", text.escape_ascii()),
            Reply::Integer(number) => write!(formatter, "(integer) {number}"),
            Reply::Bulk(text) | Reply::Verbatim(_, text) => {
                write!(formatter, "\"{}\"", text.escape_ascii())
            }
            Reply::NullBulk | Reply::NullArray | Reply::Null => formatter.write_str("(nil)"),
            Reply::Boolean(yes) => write!(formatter, "({yes})"),
            Reply::Double(number) => write!(formatter, "(double) {number}"),
            Reply::BigNumber(digits) => write!(formatter, "(big) {}", digits.escape_ascii()),
            Reply::Array(replies) => list(formatter, "array", replies),
            Reply::Set(replies) => list(formatter, "set", replies),
            Reply::Push(replies) => list(formatter, "push", replies),
            Reply::Map(pairs) => {
                formatter.write_str("map {")?;
                for (index, (key, value)) in pairs.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(formatter, "{comma}{key} => {value}")?;
                }
                formatter.write_str("}")
            }
        }
    }
}

fn list(formatter: &mut fmt::Formatter<'_>, kind: &str, replies: &[Reply]) -> fmt::Result {
    write!(formatter, "{kind} [")?;
    for (index, reply) in replies.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(formatter, "{comma}{reply}")?;
    }
    formatter.write_str("]")
}

#[cfg(test)]
mod tests;
