//! Words: one word per thing. The glossary says which; this rule knows its forbidden twins.

use super::Finding;
use super::source::identifiers;
use super::tree::{File, Tree};

/// Parts of file names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["util", "utils", "helper", "helpers", "manager", "common", "impl", "misc"];

/// Words that the glossary has another word for.
const TWINS: &[(&str, &str)] = &[
    ("leader", "primary"),
    ("master", "primary"),
    ("follower", "replica"),
    ("slave", "replica"),
    ("lsn", "offset"),
    ("saga", "transaction"),
    ("journal", "log"),
    ("wal", "log"),
    ("response", "reply"),
    ("responses", "replies"),
    ("params", "argv"),
    ("worker", "core"),
    ("workers", "cores"),
    ("manager", "a word for what it does"),
    ("helper", "a word for what it does"),
    ("utils", "a word for what it does"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let mut stems = file.path.split(['/', '_', '.', '-']);
        if let Some(stem) = stems.find(|stem| EMPTY_NAMES.contains(stem)) {
            let message = format!("`{stem}` says nothing: name the file after its subject");
            findings.push(Finding::new(&file.path, 0, message));
        }
        if file.is_rust() {
            findings.extend(twins(file));
            findings.extend(promises(file));
        }
    }
    findings
}

/// Identifiers that are or contain a word the glossary forbids. Those in capitals are constants,
/// which may bear a name of the protocol's.
fn twins(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.code.lines().enumerate() {
        let names = identifiers(line).filter(|name| name.contains(char::is_lowercase));
        for part in names.flat_map(parts) {
            if let Some((twin, word)) = TWINS.iter().find(|(twin, _)| *twin == part) {
                let message = format!("`{twin}`: the house says {word} (docs/GLOSSARY.md)");
                findings.push(Finding::new(&file.path, number + 1, message));
            }
        }
    }
    findings
}

/// The words of an identifier, `CamelCase` or `snake_case`, in small letters.
fn parts(identifier: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_small = false;
    for letter in identifier.chars() {
        if letter == '_' || (letter.is_uppercase() && after_small) {
            parts.push(String::new());
        }
        if letter != '_' {
            parts.last_mut().expect("one part at least").extend(letter.to_lowercase());
        }
        after_small = letter.is_lowercase() || letter.is_ascii_digit();
    }
    parts
}

/// Promises to finish later, allowed only where they name their issue.
fn promises(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Spelled apart, so that this file does not find itself.
    let (later, broken) = (concat!("TO", "DO"), concat!("FIX", "ME"));
    for (number, line) in file.text.lines().enumerate() {
        let message = if line.contains(broken) {
            format!("{broken} never merges")
        } else if line.contains(later) && !line.contains(&format!("{later}(#")) {
            format!("a {later} names its issue: {later}(#12)")
        } else {
            continue;
        };
        findings.push(Finding::new(&file.path, number + 1, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(path: &str, text: &str, expected: &[&str]) {
        let found = check(&Tree::of(&[(path, text)]));
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (finding, part) in found.iter().zip(expected) {
            assert!(finding.message.contains(part), "{finding:?}");
        }
    }

    #[test]
    fn names_of_files() {
        check_one("crates/a/src/slot.rs", "", &[]);
        check_one("crates/a/src/string_utils.rs", "", &["`utils` says nothing"]);
        check_one("tests/common/mod.rs", "", &["`common` says nothing"]);
    }

    #[test]
    fn twins_in_identifiers() {
        check_one("a.rs", "// the leader\nlet primary = \"slave\";", &[]);
        check_one("a.rs", "struct WalWriter;", &["the house says log"]);
        check_one("a.rs", "let slave_count = 1;", &["the house says replica"]);
        check_one("a.rs", "let wall = walk(RESPONSE_POLICY);", &[]);
    }

    #[test]
    fn promises_name_their_issue() {
        check_one("a.rs", concat!("// TO", "DO(#3): later"), &[]);
        check_one("a.rs", concat!("// TO", "DO: later"), &["names its issue"]);
        check_one("a.rs", concat!("// FIX", "ME"), &["never merges"]);
    }
}
