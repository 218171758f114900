//! COMMAND LIST: the names, all of them or those that pass a filter.

use super::Node;
use crate::acl_category;
use crate::table::{CommandId, CommandTable};

/// Which names COMMAND LIST shall answer.
#[derive(Clone, Copy, Debug)]
pub enum Filter<'a> {
    /// All.
    All,
    /// Those of this module; there are none.
    Module(&'a [u8]),
    /// Those in this ACL category; none if there is no such category.
    AclCategory(&'a [u8]),
    /// Those whose full name matches this glob pattern, in any case of letters.
    Pattern(&'a [u8]),
}

/// COMMAND LIST: the full names that pass the filter, subcommands included.
#[must_use]
pub fn list<R>(table: &CommandTable<R>, filter: Filter<'_>) -> Node {
    let passes = |id: &CommandId| match filter {
        Filter::All => true,
        Filter::Module(_) => false,
        Filter::AclCategory(name) => {
            acl_category::by_name(name).is_some_and(|bit| table.get(*id).spec.acl & bit != 0)
        }
        Filter::Pattern(pattern) => {
            stdx::glob::matches(pattern, table.full_name(*id).as_bytes(), true)
        }
    };
    let names = table
        .all()
        .filter(|&id| !table.is_hidden(id))
        .filter(passes)
        .map(|id| Node::owned(table.full_name(id)));
    Node::Array(names.collect())
}
