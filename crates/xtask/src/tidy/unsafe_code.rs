//! Unsafe code: only in the files on this list, and each of them says what makes it sound.
//!
//! The compiler checks the blocks (`undocumented_unsafe_blocks`); this rule checks the rooms.

use super::Finding;
use super::source::identifiers;
use super::tree::Tree;

/// The files that may hold `unsafe`.
const FILES: &[&str] = &[
    "crates/datatypes/src/entry.rs",
    "crates/datatypes/src/hash/pair.rs",
    "crates/datatypes/src/set/member.rs",
    "crates/datatypes/src/table/bucket.rs",
    "crates/datatypes/src/zset/pair.rs",
    "crates/datatypes/src/zset/sorted.rs",
    "crates/server/src/memory.rs",
    "crates/stdx/src/prefetch.rs",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let mut lines = file.code.lines().enumerate();
        let first = lines.find(|(_, line)| identifiers(line).any(|word| word == "unsafe"));
        let listed = FILES.contains(&file.path.as_str());
        match first {
            Some((number, _)) if !listed => {
                let message = "`unsafe` is not for this file: the list is in tidy/unsafe_code.rs";
                findings.push(Finding::new(&file.path, number + 1, message));
            }
            Some(_) if !file.text.contains("//! # Safety") => {
                let message = "a file with `unsafe` has a head `//! # Safety`";
                findings.push(Finding::new(&file.path, 1, message));
            }
            None if listed => {
                let message = "no `unsafe` here any more: take it off the list";
                findings.push(Finding::new(&file.path, 0, message));
            }
            _ => {}
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(path: &str, text: &str, expected: Option<&str>) {
        let findings = check(&Tree::of(&[(path, text)]));
        let message = findings.first().map(|finding| finding.message.as_str());
        assert_eq!(message.is_some(), expected.is_some(), "{message:?}");
        assert!(message.unwrap_or_default().contains(expected.unwrap_or_default()), "{message:?}");
    }

    #[test]
    fn rooms_and_heads() {
        let listed = "crates/stdx/src/prefetch.rs";
        check_one(listed, "//! A.\n//! # Safety\nunsafe {}", None);
        check_one(listed, "//! A.\nunsafe {}", Some("has a head"));
        check_one(listed, "//! A.\n", Some("take it off the list"));
        check_one("crates/txn/src/lib.rs", "//! A.\nunsafe {}", Some("not for this file"));
        check_one("crates/txn/src/lib.rs", "//! unsafe\n#![deny(unsafe_code)]", None);
    }
}
