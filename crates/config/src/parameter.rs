//! What one declared parameter is: its name, what text is legal, how it reads and writes `Config`.
//!
//! Texts come in two forms. CONFIG SET gives one value, in which the words of a list are separated
//! by single spaces; a configuration file or the command line gives words already cut and unquoted.
//!
//! **Invariant:** whatever `get` prints is accepted by `set` and changes nothing.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use stdx::number::parse_i64;

use crate::memory_size;
use crate::values::Config;

/// Why a value is refused, in Redis' words.
pub type Reason = Cow<'static, str>;

/// One line of a configuration file, without the parameter's name.
pub(crate) struct Line {
    pub(crate) words: Vec<Vec<u8>>,
    pub(crate) is_default: bool,
}

/// Whether CONFIG SET may change a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    Mutable,
    /// Only at start.
    Immutable,
    /// Only where `enable-protected-configs` permits it.
    Protected,
}

/// One declared parameter.
pub struct Parameter {
    pub name: &'static str,
    /// One line for the help text.
    pub summary: &'static str,
    pub mutability: Mutability,
    /// True if the value must not appear in SLOWLOG, MONITOR or the log.
    pub is_secret: bool,
    /// The parameter of which this is just an older name. CONFIG REWRITE writes the newer one.
    pub(crate) alias_of: Option<&'static str>,
    pub(crate) kind: Kind,
}

/// What a legal value looks like, and where it lives.
pub(crate) enum Kind {
    Boolean {
        get: fn(&Config) -> bool,
        set: fn(&mut Config, bool),
    },
    Integer(Integer),
    /// One of `names`, by its place in the list.
    Choice {
        names: &'static [&'static str],
        get: fn(&Config) -> usize,
        set: fn(&mut Config, usize),
    },
    /// Any bytes; the empty text is none.
    Text {
        get: fn(&Config) -> Option<&[u8]>,
        set: fn(&mut Config, Option<Vec<u8>>),
    },
    /// A path; the empty text is none.
    Path {
        get: fn(&Config) -> Option<&Path>,
        set: fn(&mut Config, Option<PathBuf>),
    },
    /// Several words.
    Words(Words),
    /// Clients ask for it, but only one value is possible yet; any other is refused as `reason`.
    Fixed {
        value: &'static str,
        reason: &'static str,
    },
}

pub(crate) struct Integer {
    pub(crate) get: fn(&Config) -> i64,
    pub(crate) set: fn(&mut Config, i64),
    pub(crate) range: RangeInclusive<i64>,
    pub(crate) notation: Notation,
}

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    Decimal,
    Octal,
    /// Read with units (`memory_size.rs`), reported in bytes.
    Memory,
}

pub(crate) struct Words {
    pub(crate) get: fn(&Config) -> String,
    pub(crate) set: fn(&mut Config, &[&[u8]]) -> Result<(), Reason>,
    /// The value as lines of a file; the second argument is the default to compare with.
    pub(crate) lines: fn(&Config, &Config) -> Vec<Line>,
}

const WRONG_WORD_COUNT: Reason = Cow::Borrowed("wrong number of arguments");
const NOT_BOOLEAN: Reason = Cow::Borrowed("argument must be 'yes' or 'no'");
const NOT_INTEGER: Reason = Cow::Borrowed("argument couldn't be parsed into an integer");
const NOT_OCTAL: Reason = Cow::Borrowed("argument couldn't be parsed as an octal number");
const NOT_MEMORY: Reason = Cow::Borrowed("argument must be a memory value");

impl Parameter {
    pub(crate) const fn new(name: &'static str, kind: Kind, summary: &'static str) -> Parameter {
        let mutability = Mutability::Mutable;
        Parameter { name, summary, mutability, is_secret: false, alias_of: None, kind }
    }

    pub(crate) const fn immutable(self) -> Parameter {
        Parameter { mutability: Mutability::Immutable, ..self }
    }

    pub(crate) const fn protected(self) -> Parameter {
        Parameter { mutability: Mutability::Protected, ..self }
    }

    pub(crate) const fn secret(self) -> Parameter {
        Parameter { is_secret: true, ..self }
    }

    pub(crate) const fn alias_of(self, name: &'static str) -> Parameter {
        Parameter { alias_of: Some(name), ..self }
    }

    /// The name that CONFIG REWRITE writes.
    pub(crate) fn primary_name(&self) -> &'static str {
        self.alias_of.unwrap_or(self.name)
    }

    /// The value as CONFIG GET reports it.
    pub fn get(&self, config: &Config) -> Vec<u8> {
        match &self.kind {
            Kind::Boolean { get, .. } => yes_no(get(config)).into(),
            Kind::Integer(integer) => integer.text(config).into_bytes(),
            Kind::Choice { names, get, .. } => names[get(config)].into(),
            Kind::Text { get, .. } => get(config).unwrap_or_default().to_vec(),
            Kind::Path { get, .. } => path_bytes(get(config)).to_vec(),
            Kind::Words(words) => (words.get)(config).into_bytes(),
            Kind::Fixed { value, .. } => (*value).into(),
        }
    }

    /// Sets the value from one text, as CONFIG SET gives it. On an error nothing has changed.
    pub fn set(&self, config: &mut Config, text: &[u8]) -> Result<(), Reason> {
        match &self.kind {
            Kind::Boolean { set, .. } => set(config, parse_yes_no(text)?),
            Kind::Integer(integer) => (integer.set)(config, integer.parse(text)?),
            Kind::Choice { names, set, .. } => set(config, parse_choice(names, text)?),
            Kind::Text { set, .. } => set(config, (!text.is_empty()).then(|| text.to_vec())),
            Kind::Path { set, .. } => {
                set(config, (!text.is_empty()).then(|| OsStr::from_bytes(text).into()));
            }
            Kind::Words(words) => (words.set)(config, &split_at_spaces(text))?,
            Kind::Fixed { value, .. } if text.eq_ignore_ascii_case(value.as_bytes()) => {}
            Kind::Fixed { reason, .. } => return Err(Cow::Borrowed(reason)),
        }
        Ok(())
    }

    /// Sets the value from the words of a line. A list may also be given as one quoted text.
    pub(crate) fn set_words(&self, config: &mut Config, words: &[Vec<u8>]) -> Result<(), Reason> {
        match (&self.kind, words) {
            (_, [text]) => self.set(config, text),
            (Kind::Words(_) | Kind::Fixed { .. }, []) => self.set(config, b""),
            (Kind::Words(list), _) => {
                let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
                (list.set)(config, &words)
            }
            (Kind::Fixed { .. }, _) => self.set(config, &words.join(&b' ')),
            _ => Err(WRONG_WORD_COUNT),
        }
    }

    /// The value as CONFIG REWRITE writes it; no lines if it is none.
    pub(crate) fn lines(&self, config: &Config, default: &Config) -> Vec<Line> {
        let word = match &self.kind {
            Kind::Words(words) => return (words.lines)(config, default),
            Kind::Text { get, .. } if get(config).is_none() => return Vec::new(),
            Kind::Path { get, .. } if get(config).is_none() => return Vec::new(),
            Kind::Integer(integer) if integer.notation == Notation::Memory => {
                memory_size::format((integer.get)(config).unsigned_abs()).into_bytes()
            }
            _ => self.get(config),
        };
        vec![Line { words: vec![word], is_default: self.get(config) == self.get(default) }]
    }

    /// True for values that are always quoted in a file, because they are free text.
    pub(crate) fn is_free_text(&self) -> bool {
        matches!(self.kind, Kind::Text { .. } | Kind::Path { .. })
    }
}

impl Integer {
    fn text(&self, config: &Config) -> String {
        let number = (self.get)(config);
        match self.notation {
            Notation::Octal => format!("{number:o}"),
            Notation::Decimal | Notation::Memory => number.to_string(),
        }
    }

    fn parse(&self, text: &[u8]) -> Result<i64, Reason> {
        let number = match self.notation {
            Notation::Decimal => parse_i64(text).ok_or(NOT_INTEGER)?,
            Notation::Octal => parse_octal(text).ok_or(NOT_OCTAL)?,
            // Too big for the range is as good as too big for the type.
            Notation::Memory => {
                let bytes = memory_size::parse(text).ok_or(NOT_MEMORY)?;
                i64::try_from(bytes).map_err(|_| self.out_of_range())?
            }
        };
        if self.range.contains(&number) { Ok(number) } else { Err(self.out_of_range()) }
    }

    fn out_of_range(&self) -> Reason {
        let (low, high) = (*self.range.start(), *self.range.end());
        Cow::Owned(match self.notation {
            Notation::Octal => format!("argument must be between {low:o} and {high:o} inclusive"),
            Notation::Decimal | Notation::Memory => {
                format!("argument must be between {low} and {high} inclusive")
            }
        })
    }
}

pub(crate) fn path_bytes(path: Option<&Path>) -> &[u8] {
    path.map_or(b"", |path| path.as_os_str().as_bytes())
}

fn parse_octal(text: &[u8]) -> Option<i64> {
    i64::from_str_radix(str::from_utf8(text).ok()?, 8).ok()
}

fn yes_no(is_on: bool) -> &'static str {
    if is_on { "yes" } else { "no" }
}

fn parse_yes_no(text: &[u8]) -> Result<bool, Reason> {
    let is_yes = text.eq_ignore_ascii_case(b"yes");
    if is_yes || text.eq_ignore_ascii_case(b"no") { Ok(is_yes) } else { Err(NOT_BOOLEAN) }
}

fn parse_choice(names: &[&str], text: &[u8]) -> Result<usize, Reason> {
    names.iter().position(|name| text.eq_ignore_ascii_case(name.as_bytes())).ok_or_else(|| {
        let names = names.join(", ");
        Cow::Owned(format!("argument(s) must be one of the following: {names}"))
    })
}

/// REDIS: two spaces in a row hold an empty word between them, which no list accepts.
fn split_at_spaces(text: &[u8]) -> Vec<&[u8]> {
    if text.is_empty() { Vec::new() } else { text.split(|byte| *byte == b' ').collect() }
}
