//! Invariants of argument trees.

use super::Report;
use crate::arg::{Arg, ArgKind};
use crate::key_spec::NOT_KEY;
use crate::spec::Spec;

pub(super) fn check(spec: &Spec, report: &mut Report<'_>) {
    // Channels are routed by a key spec, but no argument of type key belongs to it.
    let mut used: Vec<bool> = spec.keys.iter().map(|keys| keys.flags & NOT_KEY != 0).collect();
    for arg in spec.args {
        visit(arg, &mut used, report);
    }
    if !spec.args.is_empty() && used.contains(&false) {
        report("has a key spec that none of its arguments belongs to");
    }
    let needed = spec.args.iter().filter(|arg| !arg.is_optional).count();
    if needed > 0 && spec.arity.accepts(1) {
        report("takes no argument but declares one that is not optional");
    }
}

fn visit(arg: &Arg, used: &mut [bool], report: &mut Report<'_>) {
    let mut complain = |text: &str| report(&format!("argument {}: {text}", arg.name));
    if arg.name.is_empty() || arg.name.bytes().any(|byte| byte.is_ascii_whitespace()) {
        complain("has no name, or a blank in it");
    }
    let is_group = matches!(arg.kind, ArgKind::OneOf(_) | ArgKind::Block(_));
    if is_group == arg.children().is_empty() {
        complain("is a group of nothing");
    }
    if arg.kind == ArgKind::PureToken && arg.token.is_none_or(str::is_empty) {
        complain("is a token without a word");
    }
    if arg.is_token_repeated && !(arg.is_multiple && arg.token.is_some()) {
        complain("repeats a token that it does not have");
    }
    if arg.kind == ArgKind::Key && arg.key_spec_index.is_none() {
        complain("is a key that no key spec finds");
    }
    if let Some(index) = arg.key_spec_index {
        match used.get_mut(usize::from(index)) {
            Some(used) => *used = true,
            None => complain("names a key spec that does not exist"),
        }
    }
    for child in arg.children() {
        visit(child, used, report);
    }
}
