//! What is said to a client when its bytes are no protocol, and the form of every error reply.

use std::borrow::Cow;
use std::fmt;

/// Why the bytes of a client cannot be understood. The connection is closed after saying so,
/// because where the next request would begin is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolError {
    /// The number after `*` is no canonical integer, or beyond the limit.
    InvalidMultibulkLength,
    /// A client that has not authenticated announced more words than it may.
    UnauthenticatedMultibulkLength,
    /// This byte stood where the `$` of a word has to stand.
    ExpectedDollar(u8),
    /// The number after `$` is no canonical integer, negative, or beyond `proto-max-bulk-len`.
    InvalidBulkLength,
    /// A client that has not authenticated announced a longer word than it may.
    UnauthenticatedBulkLength,
    /// The line after `*` has no end in sight.
    TooBigMultibulkCount,
    /// The line after `$` has no end in sight.
    TooBigBulkCount,
    /// An inline request has no end in sight.
    TooBigInline,
    /// A quote in an inline request is not closed, or something sticks to its closing.
    UnbalancedQuotes,
}

impl ProtocolError {
    /// The error reply, `ERR Protocol error: ...`.
    pub fn reply(self) -> ReplyError {
        if let ProtocolError::ExpectedDollar(byte) = self {
            // The byte is shown as it came, text or not.
            let shown = [b"ERR Protocol error: expected '$', got '".as_slice(), &[byte], b"'"];
            return ReplyError::from(shown.concat());
        }
        ReplyError::from(format!("ERR {self}"))
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            ProtocolError::InvalidMultibulkLength => "invalid multibulk length",
            ProtocolError::UnauthenticatedMultibulkLength => "unauthenticated multibulk length",
            ProtocolError::ExpectedDollar(byte) => {
                let got = byte.escape_ascii();
                return write!(formatter, "Protocol error: expected '$', got '{got}'");
            }
            ProtocolError::InvalidBulkLength => "invalid bulk length",
            ProtocolError::UnauthenticatedBulkLength => "unauthenticated bulk length",
            ProtocolError::TooBigMultibulkCount => "too big mbulk count string",
            ProtocolError::TooBigBulkCount => "too big bulk count string",
            ProtocolError::TooBigInline => "too big inline request",
            ProtocolError::UnbalancedQuotes => "unbalanced quotes in request",
        };
        write!(formatter, "Protocol error: {text}")
    }
}

impl std::error::Error for ProtocolError {}

/// An error reply: its line without the `-` and without the line end. The first word is its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyError(Cow<'static, [u8]>);

impl ReplyError {
    /// An error with a fixed text, such as `ERR syntax error`.
    pub const fn new(line: &'static str) -> ReplyError {
        ReplyError(Cow::Borrowed(line.as_bytes()))
    }

    /// The line as it was given; line ends in it are replaced when it is written.
    #[inline]
    pub fn line(&self) -> &[u8] {
        &self.0
    }

    /// The first word: `ERR`, `WRONGTYPE`, ...
    pub fn code(&self) -> &[u8] {
        self.0.split(|&byte| byte == b' ').next().unwrap_or_default()
    }
}

impl From<String> for ReplyError {
    fn from(line: String) -> ReplyError {
        ReplyError(Cow::Owned(line.into_bytes()))
    }
}

impl From<Vec<u8>> for ReplyError {
    fn from(line: Vec<u8>) -> ReplyError {
        ReplyError(Cow::Owned(line))
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl std::error::Error for ReplyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_the_first_word() {
        assert_eq!(ReplyError::new("WRONGTYPE Operation against").code(), b"WRONGTYPE");
        assert_eq!(ReplyError::new("OOM").code(), b"OOM");
        assert_eq!(ReplyError::new("").code(), b"");
    }

    #[test]
    fn protocol_errors_carry_the_general_code() {
        let reply = ProtocolError::ExpectedDollar(b'x').reply();
        assert_eq!(reply.line(), b"ERR Protocol error: expected '$', got 'x'");
        let reply = ProtocolError::ExpectedDollar(0xff).reply();
        assert_eq!(reply.line(), b"ERR Protocol error: expected '$', got '\xff'");
        let reply = ProtocolError::UnbalancedQuotes.reply();
        assert_eq!(reply.line(), b"ERR Protocol error: unbalanced quotes in request");
    }
}
