//! What COMMAND answers, as plain data: INFO, DOCS, LIST, GETKEYS and their kin.
//!
//! The answers are trees of [`Node`]s, which whoever speaks to the client renders: in RESP2 a map
//! is an array twice as long and a set is an array. The order of flags, categories and fields is
//! that of Redis; commands come in the order of declaration, which Redis leaves open.

mod docs;
mod info;
mod keys;
mod list;

use std::borrow::Cow;

use crate::table::{CommandId, CommandTable};

pub use docs::{docs_of_all, docs_of_named};
pub use info::{info_of_all, info_of_named};
pub use keys::{KeysRefused, keys_of_request, keys_with_flags_of_request};
pub use list::{Filter, list};

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Nothing: the null bulk string in RESP2.
    Null,
    /// A number.
    Int(i64),
    /// A simple string: flags and categories.
    Status(Cow<'static, str>),
    /// A bulk string: everything else that is text.
    Bulk(Cow<'static, [u8]>),
    /// An ordered list.
    Array(Vec<Node>),
    /// An unordered list.
    Set(Vec<Node>),
    /// Fields and their values.
    Map(Vec<(Node, Node)>),
}

impl Node {
    fn text(text: &'static str) -> Self {
        Self::Bulk(Cow::Borrowed(text.as_bytes()))
    }

    fn owned(text: &str) -> Self {
        Self::Bulk(Cow::Owned(text.as_bytes().to_vec()))
    }

    fn statuses(names: impl Iterator<Item = &'static str>) -> Self {
        Self::Set(names.map(|name| Self::Status(Cow::Borrowed(name))).collect())
    }
}

/// The fields of a map, in the order in which they are put in.
#[derive(Default)]
struct Fields(Vec<(Node, Node)>);

impl Fields {
    fn put(&mut self, field: &'static str, value: Node) {
        self.0.push((Node::text(field), value));
    }

    fn put_text(&mut self, field: &'static str, value: &'static str) {
        self.put(field, Node::text(value));
    }

    /// Puts the field in only if there is something to say.
    fn put_some(&mut self, field: &'static str, value: Option<&'static str>) {
        if let Some(value) = value {
            self.put_text(field, value);
        }
    }

    fn into_map(self) -> Node {
        Node::Map(self.0)
    }
}

/// The command of this full name, if COMMAND shows it.
fn shown<R>(table: &CommandTable<R>, full_name: &[u8]) -> Option<CommandId> {
    table.by_full_name(full_name).filter(|&id| !table.is_hidden(id))
}

/// Those of a container's subcommands that COMMAND shows.
fn shown_subcommands<R>(
    table: &CommandTable<R>,
    container: CommandId,
) -> impl Iterator<Item = CommandId> {
    table.subcommands(container).filter(|&id| !table.is_hidden(id))
}

#[cfg(test)]
mod tests;
