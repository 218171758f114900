//! The table of all commands: from the words of a request to a declaration, in a few nanoseconds.
//!
//! **Layout.** Every command and every subcommand has a [`CommandId`], so that statistics and
//! permissions can be kept in plain arrays. Commands come first, in the order of declaration, then
//! the subcommands, those of one container side by side:
//!
//! ```text
//!  0      1        2     ...  n     n+1         n+2         ...
//!  GET    CONFIG   SET        ECHO  config|get  config|set
//!         children = n+1..n+3 ----->^^^^^^^^^^^^^^^^^^^^^^
//! ```
//!
//! **Invariants**
//! - A container's subcommands contain none themselves.
//! - Of two declarations with one name the first is found; [`crate::check`] reports the second.

mod names;

use std::ops::Range;

use crate::command::Command;
use crate::key_spec::Words;
use crate::spec::PRIVATE_SUBCOMMANDS;
use names::Names;

/// The place of a command in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(u16);

impl CommandId {
    fn from_index(index: usize) -> Self {
        Self(u16::try_from(index).expect("there are fewer than 65536 commands"))
    }

    /// The place as an index into an array of [`CommandTable::len`] cells.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why no command was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// There is no command of that name.
    Command,
    /// There is this container, but it has no such subcommand.
    Subcommand(CommandId),
}

#[derive(Debug)]
struct Entry<R: 'static> {
    command: &'static Command<R>,
    full_name: Box<str>,
    parent: Option<CommandId>,
    children: Range<u16>,
}

/// All commands of a server.
#[derive(Debug)]
pub struct CommandTable<R: 'static> {
    entries: Vec<Entry<R>>,
    top_level: u16,
    names: Names,
}

impl<R> CommandTable<R> {
    /// The table of these families' commands.
    #[must_use]
    pub fn new(families: &[&'static [Command<R>]]) -> Self {
        let mut entries: Vec<Entry<R>> = families
            .iter()
            .copied()
            .flatten()
            .map(|command| Entry {
                command,
                full_name: command.spec.name.to_ascii_lowercase().into(),
                parent: None,
                children: 0..0,
            })
            .collect();
        let top_level = CommandId::from_index(entries.len());
        for container in 0..entries.len() {
            let first = CommandId::from_index(entries.len());
            for command in entries[container].command.subcommands {
                assert!(command.subcommands.is_empty(), "a subcommand contains no others");
                let name = command.spec.name.to_ascii_lowercase();
                entries.push(Entry {
                    command,
                    full_name: format!("{}|{name}", entries[container].full_name).into(),
                    parent: Some(CommandId::from_index(container)),
                    children: 0..0,
                });
            }
            entries[container].children = first.0..CommandId::from_index(entries.len()).0;
        }
        let names = Names::new(entries.iter().enumerate().map(|(index, entry)| names::Named {
            container: entry.parent,
            name: entry.command.spec.name,
            id: CommandId::from_index(index),
        }));
        Self { entries, top_level: top_level.0, names }
    }

    /// The command of this name, in any case of letters; containers are found as themselves.
    #[inline]
    #[must_use]
    pub fn lookup(&self, name: &[u8]) -> Option<CommandId> {
        self.names.find(None, name)
    }

    /// A container's subcommand of this name, in any case of letters.
    #[inline]
    #[must_use]
    pub fn subcommand(&self, container: CommandId, name: &[u8]) -> Option<CommandId> {
        self.names.find(Some(container), name)
    }

    /// The command that these words call: the second word chooses among a container's subcommands.
    ///
    /// # Errors
    /// There is no such command or subcommand. A container without a second word is found as
    /// itself, and its arity or what runs it decides.
    ///
    /// # Panics
    /// There are no words at all.
    #[inline]
    pub fn resolve(&self, words: &(impl Words + ?Sized)) -> Result<CommandId, Unknown> {
        let id = self.lookup(words.word(0)).ok_or(Unknown::Command)?;
        if self.get(id).subcommands.is_empty() || words.count() < 2 {
            return Ok(id);
        }
        self.subcommand(id, words.word(1)).ok_or(Unknown::Subcommand(id))
    }

    /// The command of this full name, such as `get` or `config|get`, in any case of letters.
    #[must_use]
    pub fn by_full_name(&self, full_name: &[u8]) -> Option<CommandId> {
        match full_name.iter().position(|&byte| byte == b'|') {
            None => self.lookup(full_name),
            Some(bar) => {
                let container = self.lookup(&full_name[..bar])?;
                self.subcommand(container, &full_name[bar + 1..])
            }
        }
    }

    /// The command in this place.
    #[inline]
    #[must_use]
    pub fn get(&self, id: CommandId) -> &'static Command<R> {
        self.entries[id.index()].command
    }

    /// The name in lower case, a subcommand's with its container's: `config|get`.
    #[must_use]
    pub fn full_name(&self, id: CommandId) -> &str {
        &self.entries[id.index()].full_name
    }

    /// The container of a subcommand.
    #[must_use]
    pub fn container(&self, id: CommandId) -> Option<CommandId> {
        self.entries[id.index()].parent
    }

    /// Whether COMMAND does not show this command: its container keeps it to itself.
    #[must_use]
    pub fn is_hidden(&self, id: CommandId) -> bool {
        let container = self.container(id).map(|container| &self.get(container).spec);
        container.is_some_and(|spec| spec.doc_flags & PRIVATE_SUBCOMMANDS != 0)
    }

    /// The subcommands of a container.
    pub fn subcommands(&self, id: CommandId) -> impl Iterator<Item = CommandId> + use<R> {
        self.entries[id.index()].children.clone().map(CommandId)
    }

    /// The commands, without subcommands.
    pub fn commands(&self) -> impl Iterator<Item = CommandId> + use<R> {
        (0..self.top_level).map(CommandId)
    }

    /// The commands and the subcommands.
    pub fn all(&self) -> impl Iterator<Item = CommandId> + use<R> {
        (0..self.entries.len()).map(CommandId::from_index)
    }

    /// How many commands and subcommands there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no commands at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests;
