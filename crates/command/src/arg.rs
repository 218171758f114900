//! The argument tree: what COMMAND DOCS tells about the words a command takes.
//!
//! A tree is written with small functions, one for each type of argument:
//!
//! ```
//! use command::arg::{Arg, block, integer, key, one_of, token};
//!
//! const ARGS: &[Arg] = &[
//!     key("key"),
//!     one_of("condition", &[token("nx", "NX"), token("xx", "XX")]).optional(),
//!     block("limit", &[integer("offset"), integer("count")]).token("LIMIT").optional(),
//! ];
//! assert_eq!(ARGS.len(), 3);
//! ```

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// Any bytes.
    String,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Double,
    /// A key.
    Key,
    /// A glob pattern.
    Pattern,
    /// A moment in seconds or milliseconds since 1970.
    UnixTime,
    /// A fixed word that stands for itself, such as `NX`.
    PureToken,
    /// One of these arguments.
    OneOf(&'static [Arg]),
    /// All of these arguments, in this order.
    Block(&'static [Arg]),
}

impl ArgKind {
    /// The type's name as COMMAND DOCS prints it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Key => "key",
            Self::Pattern => "pattern",
            Self::UnixTime => "unix-time",
            Self::PureToken => "pure-token",
            Self::OneOf(_) => "oneof",
            Self::Block(_) => "block",
        }
    }
}

/// One argument of a command, or a group of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg {
    /// The name by which the manual speaks of it.
    pub name: &'static str,
    /// What it is.
    pub kind: ArgKind,
    /// The fixed word in front of it, such as the `EX` of `EX seconds`.
    pub token: Option<&'static str>,
    /// Which of the command's key specs finds it, for keys and patterns of keys.
    pub key_spec_index: Option<u8>,
    /// May be left out.
    pub is_optional: bool,
    /// May be given several times.
    pub is_multiple: bool,
    /// Given several times, the token is repeated too (`GET a GET b`).
    pub is_token_repeated: bool,
    /// The version of Redis that brought it, where it is younger than its command.
    pub since: Option<&'static str>,
    /// The version of Redis that advised against it.
    pub deprecated_since: Option<&'static str>,
    /// What to show in place of the name.
    pub display_text: Option<&'static str>,
}

impl Arg {
    const fn new(name: &'static str, kind: ArgKind) -> Self {
        Self {
            name,
            kind,
            token: None,
            key_spec_index: None,
            is_optional: false,
            is_multiple: false,
            is_token_repeated: false,
            since: None,
            deprecated_since: None,
            display_text: None,
        }
    }

    /// It may be left out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// It may be given several times.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.is_multiple = true;
        self
    }

    /// It may be given several times, each time with its token.
    #[must_use]
    pub const fn many_with_token(mut self) -> Self {
        self.is_multiple = true;
        self.is_token_repeated = true;
        self
    }

    /// This fixed word stands in front of it.
    #[must_use]
    pub const fn token(mut self, token: &'static str) -> Self {
        self.token = Some(token);
        self
    }

    /// The key spec of this index finds it.
    #[must_use]
    pub const fn key_spec(mut self, index: u8) -> Self {
        self.key_spec_index = Some(index);
        self
    }

    /// This version of Redis brought it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }

    /// This version of Redis advised against it.
    #[must_use]
    pub const fn deprecated_since(mut self, version: &'static str) -> Self {
        self.deprecated_since = Some(version);
        self
    }

    /// Show this in place of the name.
    #[must_use]
    pub const fn display_text(mut self, text: &'static str) -> Self {
        self.display_text = Some(text);
        self
    }

    /// The arguments of a group; none for a single argument.
    #[must_use]
    pub const fn children(&self) -> &'static [Arg] {
        match self.kind {
            ArgKind::OneOf(args) | ArgKind::Block(args) => args,
            _ => &[],
        }
    }
}

/// Any bytes.
#[must_use]
pub const fn string(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::String)
}

/// A whole number.
#[must_use]
pub const fn integer(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Integer)
}

/// A number with a fraction.
#[must_use]
pub const fn double(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Double)
}

/// A key, found by the command's first key spec unless [`Arg::key_spec`] names another.
#[must_use]
pub const fn key(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Key).key_spec(0)
}

/// A glob pattern.
#[must_use]
pub const fn pattern(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::Pattern)
}

/// A moment in seconds or milliseconds since 1970.
#[must_use]
pub const fn unix_time(name: &'static str) -> Arg {
    Arg::new(name, ArgKind::UnixTime)
}

/// A fixed word that stands for itself.
#[must_use]
pub const fn token(name: &'static str, token: &'static str) -> Arg {
    Arg::new(name, ArgKind::PureToken).token(token)
}

/// One of these arguments.
#[must_use]
pub const fn one_of(name: &'static str, args: &'static [Arg]) -> Arg {
    Arg::new(name, ArgKind::OneOf(args))
}

/// All of these arguments, in this order.
#[must_use]
pub const fn block(name: &'static str, args: &'static [Arg]) -> Arg {
    Arg::new(name, ArgKind::Block(args))
}
