//! COMMAND GETKEYS and GETKEYSANDFLAGS: the keys of a request that somebody might send.

use std::borrow::Cow;

use super::Node;
use crate::flags::NO_MANDATORY_KEYS;
use crate::key_spec::{FoundKeys, Words, flag_names};
use crate::table::CommandTable;

/// Why the keys of a request cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysRefused {
    /// There is no such command.
    UnknownCommand,
    /// The command never has keys.
    NoKeys,
    /// The command does not take so many words.
    WrongArity,
    /// The words do not fit the command.
    BadWords,
}

impl KeysRefused {
    /// What Redis says of it, without the `ERR` in front.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::UnknownCommand => "Invalid command specified",
            Self::NoKeys => "The command has no key arguments",
            Self::WrongArity => "Invalid number of arguments specified for command",
            Self::BadWords => "Invalid arguments specified for command",
        }
    }
}

/// COMMAND GETKEYS: the keys in this request.
///
/// # Errors
/// The request would not run, or its command has no keys.
pub fn keys_of_request<R>(
    table: &CommandTable<R>,
    request: &dyn Words,
) -> Result<Node, KeysRefused> {
    let found = found_keys(table, request)?;
    Ok(Node::Array(found.iter().map(|key| key_node(request, key.index)).collect()))
}

/// COMMAND GETKEYSANDFLAGS: the keys in this request, each with what happens to it.
///
/// # Errors
/// The request would not run, or its command has no keys.
pub fn keys_with_flags_of_request<R>(
    table: &CommandTable<R>,
    request: &dyn Words,
) -> Result<Node, KeysRefused> {
    let found = found_keys(table, request)?;
    let pairs = found.iter().map(|key| {
        let flags = Node::statuses(flag_names(key.flags));
        Node::Array(vec![key_node(request, key.index), flags])
    });
    Ok(Node::Array(pairs.collect()))
}

fn found_keys<R>(table: &CommandTable<R>, request: &dyn Words) -> Result<FoundKeys, KeysRefused> {
    let id = table.resolve(request).map_err(|_| KeysRefused::UnknownCommand)?;
    let spec = &table.get(id).spec;
    if !spec.has_keys() || table.is_hidden(id) {
        return Err(KeysRefused::NoKeys);
    }
    if !spec.arity.accepts(request.count()) {
        return Err(KeysRefused::WrongArity);
    }
    match spec.find_keys(request) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ if spec.has(NO_MANDATORY_KEYS) => Ok(FoundKeys::new()),
        _ => Err(KeysRefused::BadWords),
    }
}

fn key_node(request: &dyn Words, index: u32) -> Node {
    Node::Bulk(Cow::Owned(request.word(index as usize).to_vec()))
}
