//! What is declared of a command, and the builder in which it is declared.

use crate::arg::Arg;
use crate::arity::Arity;
use crate::command::Command;
use crate::group::Group;
use crate::key_spec::{
    BadKeys, Finder, FoundKeys, KeySpec, SimpleKeys, Words, find_keys, simple_keys,
};

/// The command should no longer be used; COMMAND DOCS says since when and what replaces it.
pub const DEPRECATED: u8 = 1 << 0;
/// The command is for the server's own use.
pub const SYSCMD: u8 = 1 << 1;
/// The container's subcommands are its own affair, as those of Redis' DEBUG: COMMAND shows none of
/// them, and one that is unknown is refused like one that has the wrong number of words. Not
/// printed.
pub const PRIVATE_SUBCOMMANDS: u8 = 1 << 2;

/// Everything that is declared of a command.
///
/// It is built as a constant, beginning with [`Spec::new`]; every other part has a method that
/// bears its name and a default that means "none".
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The name in upper case; a subcommand's name without its container's.
    pub name: &'static str,
    /// How many words it takes.
    pub arity: Arity,
    /// What it is: bits of [`crate::flags`].
    pub flags: u64,
    /// Its ACL categories: bits of [`crate::acl_category`].
    pub acl: u32,
    /// The page of the manual.
    pub group: Group,
    /// The version of Redis that brought it.
    pub since: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What it costs.
    pub complexity: &'static str,
    /// What clients and proxies may know besides: words of [`crate::tips`].
    pub tips: &'static [&'static str],
    /// Where its keys stand.
    pub keys: &'static [KeySpec],
    /// Finds the keys where the key specs are not the whole truth.
    pub special_keys: Option<Finder>,
    /// The words it takes.
    pub args: &'static [Arg],
    /// What changed in which version.
    pub history: &'static [(&'static str, &'static str)],
    /// [`DEPRECATED`], [`SYSCMD`] and [`PRIVATE_SUBCOMMANDS`].
    pub doc_flags: u8,
    /// The version of Redis that advised against it.
    pub deprecated_since: Option<&'static str>,
    /// What to use in its place.
    pub replaced_by: Option<&'static str>,
    simple_keys: Option<SimpleKeys>,
}

impl Spec {
    /// A command of this name, or a subcommand of this second word.
    #[must_use]
    pub const fn new(name: &'static str, group: Group, arity: Arity) -> Self {
        Self {
            name,
            arity,
            flags: 0,
            acl: 0,
            group,
            since: "",
            summary: "",
            complexity: "",
            tips: &[],
            keys: &[],
            special_keys: None,
            args: &[],
            history: &[],
            doc_flags: 0,
            deprecated_since: None,
            replaced_by: None,
            simple_keys: None,
        }
    }

    /// The version of Redis that brought it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }

    /// What it does, in a sentence that ends in a full stop.
    #[must_use]
    pub const fn summary(mut self, sentence: &'static str) -> Self {
        self.summary = sentence;
        self
    }

    /// What it costs.
    #[must_use]
    pub const fn complexity(mut self, sentence: &'static str) -> Self {
        self.complexity = sentence;
        self
    }

    /// What it is: bits of [`crate::flags`].
    #[must_use]
    pub const fn flags(mut self, flags: u64) -> Self {
        self.flags = flags;
        self
    }

    /// Its ACL categories, all of them: bits of [`crate::acl_category`].
    #[must_use]
    pub const fn acl(mut self, categories: u32) -> Self {
        self.acl = categories;
        self
    }

    /// What clients and proxies may know besides: words of [`crate::tips`].
    #[must_use]
    pub const fn tips(mut self, tips: &'static [&'static str]) -> Self {
        self.tips = tips;
        self
    }

    /// Where its keys stand.
    #[must_use]
    pub const fn keys(mut self, keys: &'static [KeySpec]) -> Self {
        self.keys = keys;
        self.simple_keys = simple_keys(keys);
        self
    }

    /// This function finds the keys where the key specs are not the whole truth.
    #[must_use]
    pub const fn special_keys(mut self, finder: Finder) -> Self {
        self.special_keys = Some(finder);
        self
    }

    /// The words it takes.
    #[must_use]
    pub const fn args(mut self, args: &'static [Arg]) -> Self {
        self.args = args;
        self
    }

    /// What changed in which version: `("7.0.0", "Takes several ...")`.
    #[must_use]
    pub const fn history(mut self, changes: &'static [(&'static str, &'static str)]) -> Self {
        self.history = changes;
        self
    }

    /// This version of Redis advised against it; sets [`DEPRECATED`] too.
    #[must_use]
    pub const fn deprecated(mut self, version: &'static str) -> Self {
        self.doc_flags |= DEPRECATED;
        self.deprecated_since = Some(version);
        self
    }

    /// What to use in its place.
    #[must_use]
    pub const fn replaced_by(mut self, text: &'static str) -> Self {
        self.replaced_by = Some(text);
        self
    }

    /// Adds [`DEPRECATED`], [`SYSCMD`] or [`PRIVATE_SUBCOMMANDS`].
    #[must_use]
    pub const fn doc_flags(mut self, flags: u8) -> Self {
        self.doc_flags |= flags;
        self
    }

    /// The declaration joined with what runs it.
    #[must_use]
    pub const fn run<R: Copy>(self, run: R) -> Command<R> {
        Command { spec: self, run: Some(run), subcommands: &[] }
    }

    /// The declaration of a container: its subcommands run, it does not.
    #[must_use]
    pub const fn subcommands<R: Copy>(self, subcommands: &'static [Command<R>]) -> Command<R> {
        Command { spec: self, run: None, subcommands }
    }

    /// Whether it has all of these flags.
    #[inline]
    #[must_use]
    pub const fn has(&self, flags: u64) -> bool {
        self.flags & flags == flags
    }

    /// The keys as one range of words, where they are one; computed when it was declared.
    #[inline]
    #[must_use]
    pub const fn simple_keys(&self) -> Option<SimpleKeys> {
        self.simple_keys
    }

    /// Whether it can have keys at all (shard channels, which are only routed like keys, are none).
    #[must_use]
    pub fn has_keys(&self) -> bool {
        self.keys.iter().any(|spec| spec.flags & crate::key_spec::NOT_KEY == 0)
    }

    /// The keys among the words of a request that the arity has accepted.
    ///
    /// # Errors
    /// The words contradict the key specs; the command itself will refuse them.
    pub fn find_keys(&self, words: &dyn Words) -> Result<FoundKeys, BadKeys> {
        find_keys(self.keys, self.special_keys, words)
    }
}
