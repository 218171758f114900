//! The invariants of a table: what must hold between the parts of every declaration.
//!
//! Flags and ACL categories are both declared in full; here they are held against each other, so
//! that neither can be forgotten. The tests of every crate that declares commands ask for
//! [`violations`] and expect none.

mod args;
mod keys;

use crate::command::Command;
use crate::spec::{DEPRECATED, Spec};
use crate::table::{CommandId, CommandTable};
use crate::{acl_category as acl, flags};

/// Commands with keys that are neither writing nor reading by themselves: what they run decides.
const NEITHER_WRITE_NOR_READONLY: [&str; 4] = ["eval", "evalsha", "fcall", "watch"];

/// A sentence for every invariant that a declaration in this table breaks.
#[must_use]
pub fn violations<R>(table: &CommandTable<R>) -> Vec<String> {
    let mut found = Vec::new();
    for id in table.all() {
        let mut report = |text: &str| found.push(format!("{}: {text}", table.full_name(id)));
        names(table, id, &mut report);
        shape(table.get(id), table.container(id).is_some(), &mut report);
        let spec = &table.get(id).spec;
        texts(spec, &mut report);
        flags_and_categories(spec, &mut report);
        keys::check(spec, &mut report);
        args::check(spec, &mut report);
        let is_exempt = NEITHER_WRITE_NOR_READONLY.contains(&table.full_name(id));
        let is_one = spec.has(flags::WRITE) != spec.has(flags::READONLY);
        if spec.has_keys() && !is_exempt && !is_one {
            report("has keys and is not exactly one of WRITE and READONLY");
        }
    }
    found
}

/// Takes one sentence about the command under examination.
type Report<'a> = dyn FnMut(&str) + 'a;

fn names<R>(table: &CommandTable<R>, id: CommandId, report: &mut Report<'_>) {
    let name = table.get(id).spec.name;
    if table.by_full_name(table.full_name(id).as_bytes()) != Some(id) {
        report("is declared twice, or its name cannot be found");
    }
    let is_legal =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_legal) {
        report("has a name that is not in upper case");
    }
}

fn shape<R>(command: &Command<R>, is_subcommand: bool, report: &mut Report<'_>) {
    if command.run.is_none() && command.subcommands.is_empty() {
        report("has neither subcommands nor anything that runs it");
    }
    if command.spec.arity.least() < 1 + usize::from(is_subcommand) {
        report("takes fewer words than its name has");
    }
    if !command.subcommands.is_empty() && !command.spec.keys.is_empty() {
        report("is a container and has keys itself");
    }
}

fn texts(spec: &Spec, report: &mut Report<'_>) {
    if !spec.summary.ends_with('.') || !spec.summary.starts_with(|c: char| c.is_ascii_uppercase()) {
        report("has no summary that is a sentence");
    }
    let versions = spec.history.iter().map(|(version, _)| *version);
    let mut versions = versions.chain(spec.deprecated_since).chain([spec.since]);
    if !versions.all(is_version) {
        report("names a version that is none");
    }
    if spec.history.iter().any(|(_, text)| !text.ends_with('.')) {
        report("has a history that is not in sentences");
    }
    let is_deprecated = spec.doc_flags & DEPRECATED != 0;
    if is_deprecated != spec.deprecated_since.is_some() {
        report("is deprecated and does not say since when, or the reverse");
    }
}

fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.by_ref().take(3).filter(|part| is_number(part)).count() == 3 && parts.next().is_none()
}

fn flags_and_categories(spec: &Spec, report: &mut Report<'_>) {
    let is_in = |category| spec.acl & category != 0;
    if spec.has(flags::WRITE | flags::READONLY) {
        report("writes and is readonly");
    }
    if is_in(acl::FAST) == is_in(acl::SLOW) {
        report("is not in exactly one of @fast and @slow");
    }
    let pairs = [
        (flags::FAST, acl::FAST, "FAST and @fast disagree"),
        (flags::WRITE, acl::WRITE, "WRITE and @write disagree"),
        (flags::PUBSUB, acl::PUBSUB, "PUBSUB and @pubsub disagree"),
        (flags::BLOCKING, acl::BLOCKING, "BLOCKING and @blocking disagree"),
    ];
    for (flag, category, text) in pairs {
        if spec.has(flag) != is_in(category) {
            report(text);
        }
    }
    let is_read = spec.has(flags::READONLY) && !is_in(acl::SCRIPTING);
    if is_read != is_in(acl::READ) {
        report("READONLY and @read disagree");
    }
    if spec.has(flags::ADMIN) && !(is_in(acl::ADMIN) && is_in(acl::DANGEROUS)) {
        report("is ADMIN and not in @admin and @dangerous");
    }
}

#[cfg(test)]
mod tests;
