//! Scripts: command lines as tests write them, for one or more connections.
//!
//! A line is a command, quoted as for `redis-cli`. In front of it may stand:
//!
//! | line | meaning |
//! |---|---|
//! | `GET a` | send on the first connection and read the reply |
//! | `@b GET a` | the same on the connection named `b`, opened at its first use |
//! | `@b> BLPOP q 0` | send only |
//! | `@b<` | read one reply, or see the connection closed |
//! | `INFO clients ?= blocked_clients:1` | ask again until a line of the reply is this |
//!
//! `> GET a` and `<` do so on the first connection.

use crate::client::request;
use crate::normalise::Normaliser;
use crate::words;

/// One step of a script.
#[derive(Clone, Debug)]
pub struct Step {
    /// The line as the author wrote it, for messages.
    pub text: String,
    /// The name of the connection; empty for the first one.
    pub connection: String,
    /// What is sent, if anything.
    pub sends: Option<Payload>,
    /// Whether a reply is read.
    pub reads: bool,
    /// It is sent again until a line of the reply is this; the reply itself is not compared.
    pub until: Option<String>,
    /// How the replies of two servers are compared; byte by byte without it.
    pub normaliser: Option<&'static Normaliser>,
}

/// What a step sends.
#[derive(Clone, Debug)]
pub enum Payload {
    /// A request of these words.
    Words(Vec<Vec<u8>>),
    /// These bytes as they are.
    Raw(Vec<u8>),
}

impl Step {
    /// A step from a line.
    ///
    /// # Panics
    /// If its quotes do not close.
    #[must_use]
    #[track_caller]
    pub fn line(text: &str) -> Self {
        let (connection, rest) = match text.strip_prefix('@') {
            Some(named) => named.split_at(named.find([' ', '<', '>']).unwrap_or(named.len())),
            None => ("", text),
        };
        let (rest, until) = match rest.split_once(" ?= ") {
            Some((rest, until)) => (rest, Some(until.to_owned())),
            None => (rest, None),
        };
        let (sends, reads) = match rest.trim_start().as_bytes().first() {
            Some(b'>') => (Some(parse(rest.trim_start().trim_start_matches('>'))), false),
            Some(b'<') => (None, true),
            _ => (Some(parse(rest)), true),
        };
        let connection = connection.into();
        Self { text: text.into(), connection, sends, reads, until, normaliser: None }
    }

    /// A step of these words, on the first connection.
    #[must_use]
    pub fn words<W: AsRef<[u8]>>(words: &[W]) -> Self {
        let words: Vec<_> = words.iter().map(|word| word.as_ref().to_vec()).collect();
        let text = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        Self::sending(text, Payload::Words(words))
    }

    /// A step that sends raw bytes on the first connection and reads one reply.
    #[must_use]
    pub fn raw(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().to_vec();
        Self::sending(format!("raw {}", bytes.escape_ascii()), Payload::Raw(bytes))
    }

    fn sending(text: String, payload: Payload) -> Self {
        let (connection, normaliser) = (String::new(), None);
        Self { text, connection, sends: Some(payload), reads: true, until: None, normaliser }
    }

    /// The bytes that it sends.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match &self.sends {
            Some(Payload::Words(words)) => request(words),
            Some(Payload::Raw(bytes)) => bytes.clone(),
            None => Vec::new(),
        }
    }

    /// The same step, its replies compared in another way.
    #[must_use]
    pub fn by(mut self, normaliser: &'static Normaliser) -> Self {
        self.normaliser = Some(normaliser);
        self
    }
}

impl From<&str> for Step {
    #[track_caller]
    fn from(line: &str) -> Self {
        Self::line(line)
    }
}

impl From<String> for Step {
    #[track_caller]
    fn from(line: String) -> Self {
        Self::line(&line)
    }
}

#[track_caller]
fn parse(line: &str) -> Payload {
    match words::split(line) {
        Some(words) => Payload::Words(words),
        None => panic!("unbalanced quotes: {line}"),
    }
}

fn quoted(word: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"\"'\\".contains(byte);
    if !word.is_empty() && word.iter().all(plain) {
        return String::from_utf8_lossy(word).into_owned();
    }
    format!("\"{}\"", word.escape_ascii())
}

/// A script from lines, each with an optional normaliser.
///
/// ```
/// use testkit::{normalise, script};
/// let steps = script!["SADD s 1 2 3", "SMEMBERS s" => normalise::UNORDERED, format!("GET {}", 1)];
/// assert_eq!(steps.len(), 3);
/// ```
#[macro_export]
macro_rules! script {
    ($($line:expr $(=> $normaliser:expr)?),* $(,)?) => {
        ::std::vec::Vec::from([$($crate::script::Step::from($line)$(.by(&$normaliser))?),*])
    };
}

#[cfg(test)]
mod tests {
    use super::{Payload, Step};

    #[track_caller]
    fn check(line: &str, connection: &str, sends: Option<&str>, reads: bool) {
        let step = Step::line(line);
        let words = step.sends.map(|payload| match payload {
            Payload::Words(words) => words.concat(),
            Payload::Raw(bytes) => bytes,
        });
        assert_eq!(step.connection, connection, "{line}");
        assert_eq!(words.as_deref(), sends.map(str::as_bytes), "{line}");
        assert_eq!(step.reads, reads, "{line}");
    }

    #[test]
    fn lines_name_connections_and_directions() {
        check("GET a", "", Some("GETa"), true);
        check("@b GET a", "b", Some("GETa"), true);
        check("@b> BLPOP q 0", "b", Some("BLPOPq0"), false);
        check("> GET a", "", Some("GETa"), false);
        check("@b<", "b", None, true);
        check("<", "", None, true);
    }

    #[test]
    fn a_line_may_be_asked_until_its_answer_is_as_expected() {
        check("INFO clients ?= blocked_clients:1", "", Some("INFOclients"), true);
        let step = Step::line("@b INFO clients ?= blocked_clients:1");
        assert_eq!(step.until.as_deref(), Some("blocked_clients:1"));
    }

    #[test]
    fn words_are_shown_as_they_can_be_typed() {
        let step = Step::words(&[b"SET".as_slice(), b"a b", b"\0"]);
        assert_eq!(step.text, r#"SET "a b" "\x00""#);
    }
}
