//! COMMAND DOCS: the half of a declaration that is read by people.

use super::{Fields, Node, shown, shown_subcommands};
use crate::arg::Arg;
use crate::spec::{DEPRECATED, SYSCMD};
use crate::table::{CommandId, CommandTable};

/// COMMAND DOCS without names: all commands.
#[must_use]
pub fn docs_of_all<R>(table: &CommandTable<R>) -> Node {
    named_docs(table, table.commands())
}

/// COMMAND DOCS with full names; a name that is unknown is left out.
pub fn docs_of_named<'a, R>(
    table: &CommandTable<R>,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Node {
    named_docs(table, names.into_iter().filter_map(|name| shown(table, name)))
}

fn named_docs<R>(table: &CommandTable<R>, ids: impl Iterator<Item = CommandId>) -> Node {
    Node::Map(ids.map(|id| (Node::owned(table.full_name(id)), docs(table, id))).collect())
}

fn docs<R>(table: &CommandTable<R>, id: CommandId) -> Node {
    let spec = &table.get(id).spec;
    let mut fields = Fields::default();
    fields.put_text("summary", spec.summary);
    fields.put_text("since", spec.since);
    fields.put_text("group", spec.group.name());
    fields.put_some("complexity", Some(spec.complexity).filter(|text| !text.is_empty()));
    if doc_flag_names(spec.doc_flags).next().is_some() {
        fields.put("doc_flags", Node::statuses(doc_flag_names(spec.doc_flags)));
    }
    fields.put_some("deprecated_since", spec.deprecated_since);
    fields.put_some("replaced_by", spec.replaced_by);
    if !spec.history.is_empty() {
        let change = |(version, text): &(&'static str, &'static str)| {
            Node::Array(vec![Node::text(version), Node::text(text)])
        };
        fields.put("history", Node::Set(spec.history.iter().map(change).collect()));
    }
    if !spec.args.is_empty() {
        fields.put("arguments", arguments(spec.args));
    }
    if shown_subcommands(table, id).next().is_some() {
        fields.put("subcommands", named_docs(table, shown_subcommands(table, id)));
    }
    fields.into_map()
}

fn doc_flag_names(flags: u8) -> impl Iterator<Item = &'static str> {
    let all = [(DEPRECATED, "deprecated"), (SYSCMD, "syscmd")];
    all.into_iter().filter(move |(bit, _)| flags & bit != 0).map(|(_, name)| name)
}

fn arguments(args: &'static [Arg]) -> Node {
    Node::Array(args.iter().map(argument).collect())
}

fn argument(arg: &'static Arg) -> Node {
    let mut fields = Fields::default();
    fields.put_text("name", arg.name);
    fields.put_text("type", arg.kind.name());
    fields.put_some("display_text", arg.display_text);
    if let Some(index) = arg.key_spec_index {
        fields.put("key_spec_index", Node::Int(i64::from(index)));
    }
    fields.put_some("token", arg.token);
    fields.put_some("since", arg.since);
    fields.put_some("deprecated_since", arg.deprecated_since);
    let flags = [
        (arg.is_optional, "optional"),
        (arg.is_multiple, "multiple"),
        (arg.is_token_repeated, "multiple_token"),
    ];
    if flags.iter().any(|(is_set, _)| *is_set) {
        let names = flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name);
        fields.put("flags", Node::statuses(names));
    }
    if !arg.children().is_empty() {
        fields.put("arguments", arguments(arg.children()));
    }
    fields.into_map()
}
