//! Where a command's keys stand among its words, and what it does with them.
//!
//! A key spec has two halves, as in Redis: where to begin, and which words from there on are keys.
//! Position 0 is the command's name; a subcommand's name stands at 1, so its keys begin at 2.
//!
//! ```text
//!  SUNION a b c          range(.., 1, LAST, 1)     begin at 1, every word to the last
//!  MSET k v k v          range(.., 1, LAST, 2)     begin at 1, every second word
//!  GET a                 one(.., 1)                the word at 1
//!  ZUNION 2 a b WEIGHTS  counted(.., 1)            the number at 1 counts the keys behind it
//!  XREAD STREAMS a b 1 2 after(.., "STREAMS", 1)   behind the word STREAMS, looked for from 1 on
//! ```
//!
//! Flags are plain `u16` bits, see [`crate::flags`] for the reason. Exactly one of [`RO`], [`RW`],
//! [`OW`] and [`RM`] says what happens to the key, the next four say what happens to its value.

mod find;
mod special;
mod words;

pub use find::{BadKeys, FoundKey, FoundKeys, SimpleKeys};
pub use special::{
    Finder, bitfield_keys, migrate_keys, pfmerge_keys, set_keys, sort_keys, sort_ro_keys,
};
pub use words::{FromFn, Words, words_from_fn};

pub(crate) use find::{find_keys, legacy_range, simple_keys};

/// The key is read and not changed.
pub const RO: u16 = 1 << 0;
/// The key's value may be read and changed.
pub const RW: u16 = 1 << 1;
/// The key's value is replaced, whatever it was.
pub const OW: u16 = 1 << 2;
/// The key is removed.
pub const RM: u16 = 1 << 3;
/// The value, or what it tells, comes back to the client (a type or a length alone does not).
pub const ACCESS: u16 = 1 << 4;
/// The value is changed.
pub const UPDATE: u16 = 1 << 5;
/// Something is added to the value, and nothing that was in it is lost.
pub const INSERT: u16 = 1 << 6;
/// Something in the value, or all of it, is deleted.
pub const DELETE: u16 = 1 << 7;
/// The word is no key, it is only routed like one (a shard channel).
pub const NOT_KEY: u16 = 1 << 8;
/// This spec may miss keys.
pub const INCOMPLETE: u16 = 1 << 9;
/// Other words of the request can change what happens to the key (`SET k v GET`).
pub const VARIABLE_FLAGS: u16 = 1 << 10;

/// As the end of a [`range`]: the request's last word.
pub const LAST: i16 = -1;

/// The flags with their names, in Redis' order.
const NAMES: [(u16, &str); 11] = [
    (RO, "RO"),
    (RW, "RW"),
    (OW, "OW"),
    (RM, "RM"),
    (ACCESS, "access"),
    (UPDATE, "update"),
    (INSERT, "insert"),
    (DELETE, "delete"),
    (NOT_KEY, "not_key"),
    (INCOMPLETE, "incomplete"),
    (VARIABLE_FLAGS, "variable_flags"),
];

/// The names of these flags as COMMAND prints them.
pub fn flag_names(flags: u16) -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().filter(move |(bit, _)| flags & bit != 0).map(|(_, name)| name)
}

/// Where the search for keys begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// At this position.
    Index(u16),
    /// Behind this word, which is looked for from a position on: forward, or backward where the
    /// position is negative (counted from the end).
    Keyword { word: &'static str, from: i16 },
    /// Nobody can tell.
    Unknown,
}

/// Which words are keys, counted from where the search began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find {
    /// Every `step`-th word up to `last`: so many words further on, or, negative, from the end.
    /// A `limit` of 2 or more ends the range after that fraction of the words.
    Range { last: i16, step: u16, limit: u16 },
    /// A number at `count_at` says how many keys begin at `first`.
    Counted { count_at: u16, first: u16, step: u16 },
    /// Nobody can tell.
    Unknown,
}

/// Where some of a command's keys stand and what the command does with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySpec {
    /// What happens to these keys.
    pub flags: u16,
    /// Where the search begins.
    pub begin: Begin,
    /// Which words are keys from there on.
    pub find: Find,
    /// What a reader of COMMAND INFO should know besides.
    pub notes: Option<&'static str>,
}

impl KeySpec {
    const fn new(flags: u16, begin: Begin, find: Find) -> Self {
        Self { flags, begin, find, notes: None }
    }

    /// What a reader of COMMAND INFO should know besides.
    #[must_use]
    pub const fn notes(mut self, notes: &'static str) -> Self {
        self.notes = Some(notes);
        self
    }

    /// The keys are a range with this end and step (instead of the one word behind a keyword).
    #[must_use]
    pub const fn to(mut self, last: i16, step: u16) -> Self {
        self.find = Find::Range { last, step, limit: 0 };
        self
    }

    /// Only one word in `limit` of those up to the end belongs to the range.
    #[must_use]
    pub const fn limit(mut self, limit: u16) -> Self {
        if let Find::Range { last, step, .. } = self.find {
            self.find = Find::Range { last, step, limit };
        }
        self
    }
}

/// The one key at this position.
#[must_use]
pub const fn one(flags: u16, at: u16) -> KeySpec {
    range(flags, at, 0, 1)
}

/// Every `step`-th word from `first` to `last`, which is counted from `first`, or from the end of
/// the request where it is negative ([`LAST`]).
#[must_use]
pub const fn range(flags: u16, first: u16, last: i16, step: u16) -> KeySpec {
    KeySpec::new(flags, Begin::Index(first), Find::Range { last, step, limit: 0 })
}

/// The number at this position counts the keys that follow it.
#[must_use]
pub const fn counted(flags: u16, count_at: u16) -> KeySpec {
    let find = Find::Counted { count_at: 0, first: 1, step: 1 };
    KeySpec::new(flags, Begin::Index(count_at), find)
}

/// The one key behind this word, which is looked for from a position on (negative: from the end,
/// backward). [`KeySpec::to`] makes it a range.
#[must_use]
pub const fn after(flags: u16, word: &'static str, from: i16) -> KeySpec {
    let find = Find::Range { last: 0, step: 1, limit: 0 };
    KeySpec::new(flags, Begin::Keyword { word, from }, find)
}

/// Keys whose places cannot be told by a rule.
#[must_use]
pub const fn unknown(flags: u16) -> KeySpec {
    KeySpec::new(flags, Begin::Unknown, Find::Unknown)
}
