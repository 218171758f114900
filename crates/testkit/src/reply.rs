//! One reply as the tests see it, read by a decoder of the tests' own.
//!
//! The product's decoder is not used on purpose: a mistake shared by both ends of a conversation
//! would cancel out. This one is slow, complete and strict.

use std::fmt;

#[cfg(test)]
mod tests;

/// A reply in RESP2 or RESP3.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// `+text`.
    Simple(String),
    /// `-text`, and the bulk form `!`.
    Error(String),
    /// `:number`.
    Int(i64),
    /// `$bytes`.
    Bulk(Vec<u8>),
    /// `$-1` or `_`.
    Nil,
    /// `*-1`.
    NilArray,
    /// `*elements`.
    Array(Vec<Reply>),
    /// `%pairs`, in the order in which they came.
    Map(Vec<(Reply, Reply)>),
    /// `~members`, in the order in which they came.
    Set(Vec<Reply>),
    /// `>elements`, something the server says unasked.
    Push(Vec<Reply>),
    /// `,number`, its text untouched.
    Double(String),
    /// `#t` or `#f`.
    Bool(bool),
    /// `(number`.
    BigNumber(String),
    /// `=fmt:text`.
    Verbatim(String, Vec<u8>),
    /// `|pairs` and the reply they describe.
    Attribute(Vec<(Reply, Reply)>, Box<Reply>),
}

impl Reply {
    /// The reply `+OK`.
    #[must_use]
    pub fn ok() -> Self {
        Self::Simple("OK".into())
    }

    /// A bulk string.
    #[must_use]
    pub fn bulk(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bulk(bytes.as_ref().to_vec())
    }

    /// The error text, or the empty string if this is no error.
    #[must_use]
    pub fn error(&self) -> &str {
        match self {
            Self::Error(text) => text,
            _ => "",
        }
    }

    /// The number of an integer reply.
    #[must_use]
    #[track_caller]
    pub fn int(&self) -> i64 {
        match self {
            Self::Int(number) => *number,
            other => panic!("an integer was expected, not {other:?}"),
        }
    }

    /// The text of a bulk, simple or verbatim string; bytes that are no UTF-8 are replaced.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> String {
        match self {
            Self::Simple(text) => text.clone(),
            Self::Bulk(bytes) | Self::Verbatim(_, bytes) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            other => panic!("a string was expected, not {other:?}"),
        }
    }

    /// The elements of an array, set or push.
    #[must_use]
    #[track_caller]
    pub fn elements(&self) -> &[Reply] {
        match self {
            Self::Array(elements) | Self::Set(elements) | Self::Push(elements) => elements,
            other => panic!("an array was expected, not {other:?}"),
        }
    }

    /// Reads the first whole reply in `bytes` and tells how long it is; `None` if more must come.
    ///
    /// # Panics
    /// If the bytes are no RESP.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut rest = Rest { bytes, at: 0 };
        let reply = rest.reply()?;
        Some((reply, rest.at))
    }
}

/// The bytes not yet decoded.
struct Rest<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Rest<'a> {
    fn reply(&mut self) -> Option<Reply> {
        let line = self.line()?;
        let (&kind, text) = line.split_first().expect("a reply's first line is not empty");
        let owned = || String::from_utf8_lossy(text).into_owned();
        Some(match kind {
            b'+' => Reply::Simple(owned()),
            b'-' => Reply::Error(owned()),
            b':' => Reply::Int(number(text)),
            b',' => Reply::Double(owned()),
            b'(' => Reply::BigNumber(owned()),
            b'#' => Reply::Bool(text == b"t"),
            b'_' => Reply::Nil,
            b'$' if text == b"-1" => Reply::Nil,
            b'*' if text == b"-1" => Reply::NilArray,
            b'$' => Reply::Bulk(self.blob(text)?.to_vec()),
            b'!' => Reply::Error(String::from_utf8_lossy(self.blob(text)?).into_owned()),
            b'=' => {
                let (format, text) = self.blob(text)?.split_at(4);
                Reply::Verbatim(String::from_utf8_lossy(&format[..3]).into_owned(), text.to_vec())
            }
            b'*' => Reply::Array(self.many(text)?),
            b'~' => Reply::Set(self.many(text)?),
            b'>' => Reply::Push(self.many(text)?),
            b'%' => Reply::Map(self.pairs(text)?),
            b'|' => Reply::Attribute(self.pairs(text)?, Box::new(self.reply()?)),
            _ => panic!("not the start of a reply: {:?}", line.escape_ascii().to_string()),
        })
    }

    fn line(&mut self) -> Option<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        self.at += end + 2;
        Some(&rest[..end])
    }

    fn blob(&mut self, length: &[u8]) -> Option<&'a [u8]> {
        let length = count(length);
        let blob = self.bytes[self.at..].get(..length + 2)?;
        assert!(blob.ends_with(b"\r\n"), "a bulk string of {length} bytes ends elsewhere");
        self.at += length + 2;
        Some(&blob[..length])
    }

    fn many(&mut self, length: &[u8]) -> Option<Vec<Reply>> {
        (0..count(length)).map(|_| self.reply()).collect()
    }

    fn pairs(&mut self, length: &[u8]) -> Option<Vec<(Reply, Reply)>> {
        (0..count(length)).map(|_| Some((self.reply()?, self.reply()?))).collect()
    }
}

fn number(text: &[u8]) -> i64 {
    let text = std::str::from_utf8(text).expect("a number is ASCII");
    text.parse().unwrap_or_else(|_| panic!("not a number: {text:?}"))
}

fn count(text: &[u8]) -> usize {
    usize::try_from(number(text)).expect("a length is not negative")
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simple(text) => write!(f, "{text}"),
            Self::Error(text) => write!(f, "(error) {text}"),
            Self::Int(number) => write!(f, "(integer) {number}"),
            Self::Bulk(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
            Self::Nil => write!(f, "(nil)"),
            Self::NilArray => write!(f, "(nil array)"),
            Self::Array(elements) => f.debug_list().entries(elements).finish(),
            Self::Set(members) => f.debug_set().entries(members).finish(),
            Self::Push(elements) => write!(f, "push {elements:?}"),
            Self::Map(pairs) => f.debug_map().entries(pairs.iter().map(|(k, v)| (k, v))).finish(),
            Self::Double(text) => write!(f, "(double) {text}"),
            Self::Bool(value) => write!(f, "({value})"),
            Self::BigNumber(text) => write!(f, "(big number) {text}"),
            Self::Verbatim(format, text) => write!(f, "{format}:\"{}\"", text.escape_ascii()),
            Self::Attribute(pairs, reply) => write!(f, "attribute {pairs:?} of {reply:?}"),
        }
    }
}
