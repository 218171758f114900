//! Commands: whatever is declared is named in a compatibility test.
//!
//! Declarations are read as text, so that tidy needs nothing of the house to compile: a command is
//! `Spec::new("NAME", ...)`. A subcommand is the same inside the `.subcommands(&[...])` of another,
//! or as a constant that bears both names: `const OBJECT_FREQ: Spec = Spec::new("FREQ", ...)`.

use super::Finding;
use super::tree::{File, Tree};

/// Where commands are declared.
const DECLARED_IN: &[&str] = &["crates/commands/src/", "crates/session/src/"];
/// Where they must be named.
const TESTED_IN: &str = "tests/compat/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let tests = tree.files.iter().filter(|file| file.path.starts_with(TESTED_IN));
    let tests: Vec<String> = tests.map(|file| words(&file.text)).collect();
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !file.is_test()) {
        if !DECLARED_IN.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        for (line, name) in declarations(file) {
            let named = format!(" {} ", name.to_ascii_lowercase());
            if !tests.iter().any(|text| text.contains(&named)) {
                let message = format!("{name} is named in no file of {TESTED_IN}");
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

/// The text in small letters, its words one blank apart.
fn words(text: &str) -> String {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let words = text.split(|letter| !in_word(letter)).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" ").to_ascii_lowercase())
}

/// The full names of the commands a file declares, and the lines they stand in.
fn declarations(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    // The containers around the current place, with the depth of brackets their lists open at.
    let mut containers: Vec<(usize, String)> = Vec::new();
    let mut latest = String::new();
    let mut depth = 0;
    for (at, byte) in file.code.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if containers.last().is_some_and(|(opened, _)| *opened == depth) {
                    containers.pop();
                }
            }
            b'S' if file.code[at..].starts_with("Spec::new(") => {
                if let Some(word) = literal(&file.text[at + "Spec::new(".len()..]) {
                    let around = containers.last().map(|(_, container)| container.as_str());
                    latest = match around.or(constant_prefix(&file.code[..at], word)) {
                        Some(container) => format!("{container} {word}"),
                        None => word.to_owned(),
                    };
                    let line = 1 + file.text[..at].matches('\n').count();
                    found.push((line, latest.clone()));
                }
            }
            b'.' if file.code[at..].starts_with(".subcommands(") => {
                containers.push((depth, latest.clone()));
            }
            _ => {}
        }
    }
    found
}

/// `OBJECT` if the code ends in `const OBJECT_FREQ: Spec = ` and the word is `FREQ`.
fn constant_prefix<'a>(code: &'a str, word: &str) -> Option<&'a str> {
    let line = code.lines().last()?.trim_end().strip_suffix(": Spec =")?;
    let constant = line.rsplit(' ').next()?;
    constant.strip_suffix(&word.replace('-', "_"))?.strip_suffix('_')
}

/// The string literal at the start of the text.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &str = r#"
        pub static COMMANDS: &[Command] = &[
            Spec::new("GET", Group::String, Exactly(2)).keys(&[one(1)]).run(GET),
            Spec::new("OBJECT", Group::Generic, AtLeast(2)).subcommands(&[
                Spec::new("ENCODING", Group::Generic, Exactly(3)).args(&[key("key")]).run(E),
                Spec::new("FREQ", Group::Generic, Exactly(3)).run(F),
            ]),
            Spec::new("SET", Group::String, AtLeast(3)).run(SET),
        ];
        pub(crate) const CLIENT_NO_EVICT: Spec = Spec::new("NO-EVICT", Group::Connection)"#;

    #[test]
    fn commands_and_subcommands_are_tested() {
        let tree = Tree::of(&[
            ("crates/commands/src/strings/mod.rs", DECLARED),
            ("tests/compat/strings.rs", r#"check(script!["get a", "OBJECT ENCODING k"])"#),
        ]);
        let found: Vec<_> =
            check(&tree).into_iter().map(|found| (found.line, found.message)).collect();
        let expected = [(6, "OBJECT FREQ"), (8, "SET"), (10, "CLIENT NO-EVICT")]
            .map(|(line, name)| (line, format!("{name} is named in no file of tests/compat/")));
        assert_eq!(found, expected);
    }
}
