//! COMMAND and COMMAND INFO: the technical half of a declaration.

use std::borrow::Cow;

use super::{Fields, Node, shown, shown_subcommands};
use crate::key_spec::{Begin, Find, KeySpec, flag_names, legacy_range};
use crate::table::{CommandId, CommandTable};
use crate::{acl_category, flags};

/// COMMAND, and COMMAND INFO without names: all commands.
#[must_use]
pub fn info_of_all<R>(table: &CommandTable<R>) -> Node {
    Node::Array(table.commands().map(|id| info(table, id)).collect())
}

/// COMMAND INFO with full names; a name that is unknown is answered by null.
pub fn info_of_named<'a, R>(
    table: &CommandTable<R>,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Node {
    let one = |name| shown(table, name).map_or(Node::Null, |id| info(table, id));
    Node::Array(names.into_iter().map(one).collect())
}

fn info<R>(table: &CommandTable<R>, id: CommandId) -> Node {
    let spec = &table.get(id).spec;
    let (first, last, step) = legacy_range(spec.keys);
    let categories = acl_category::names(spec.acl)
        .map(|name| Node::Status(Cow::Owned(format!("@{name}"))))
        .collect();
    Node::Array(vec![
        Node::owned(table.full_name(id)),
        Node::Int(spec.arity.shown()),
        Node::statuses(flags::names(spec.flags)),
        Node::Int(i64::from(first)),
        Node::Int(i64::from(last)),
        Node::Int(i64::from(step)),
        Node::Set(categories),
        Node::Set(spec.tips.iter().copied().map(Node::text).collect()),
        Node::Set(spec.keys.iter().map(key_spec).collect()),
        subcommands(table, id),
    ])
}

/// REDIS: an array where there are any, and an empty set where there is none.
fn subcommands<R>(table: &CommandTable<R>, id: CommandId) -> Node {
    let all: Vec<Node> = shown_subcommands(table, id).map(|id| info(table, id)).collect();
    if all.is_empty() { Node::Set(all) } else { Node::Array(all) }
}

fn key_spec(spec: &KeySpec) -> Node {
    let mut fields = Fields::default();
    fields.put_some("notes", spec.notes);
    fields.put("flags", Node::statuses(flag_names(spec.flags)));
    fields.put("begin_search", begin_search(spec.begin));
    fields.put("find_keys", find_keys(spec.find));
    fields.into_map()
}

fn begin_search(begin: Begin) -> Node {
    let mut spec = Fields::default();
    match begin {
        Begin::Index(index) => {
            spec.put("index", Node::Int(i64::from(index)));
            typed("index", spec)
        }
        Begin::Keyword { word, from } => {
            spec.put_text("keyword", word);
            spec.put("startfrom", Node::Int(i64::from(from)));
            typed("keyword", spec)
        }
        Begin::Unknown => typed("unknown", spec),
    }
}

fn find_keys(find: Find) -> Node {
    let mut spec = Fields::default();
    match find {
        Find::Range { last, step, limit } => {
            spec.put("lastkey", Node::Int(i64::from(last)));
            spec.put("keystep", Node::Int(i64::from(step)));
            spec.put("limit", Node::Int(i64::from(limit)));
            typed("range", spec)
        }
        Find::Counted { count_at, first, step } => {
            spec.put("keynumidx", Node::Int(i64::from(count_at)));
            spec.put("firstkey", Node::Int(i64::from(first)));
            spec.put("keystep", Node::Int(i64::from(step)));
            typed("keynum", spec)
        }
        Find::Unknown => typed("unknown", spec),
    }
}

fn typed(kind: &'static str, spec: Fields) -> Node {
    let mut fields = Fields::default();
    fields.put_text("type", kind);
    fields.put("spec", spec.into_map());
    fields.into_map()
}
