//! Tidy: the laws of the house that a program can check.
//!
//! Each rule is a function from the tree of files to findings, in a file of its own, with a test
//! that shows it failing. There is no allow-list: what a rule says holds everywhere.

mod commands;
mod docs;
mod doors;
mod floors;
mod heads;
mod lines;
mod metadata;
mod orphans;
mod sizes;
mod source;
mod tree;
mod unsafe_code;
mod words;

use tree::Tree;

use crate::shell;

/// One place where a law is broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// The file, from the root of the checkout.
    path: String,
    /// The line, counted from 1; 0 if it is about the whole file.
    line: usize,
    /// What is wrong and what to do about it.
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, message: message.into() }
    }
}

/// A rule: its name and its check.
type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

const RULES: &[Rule] = &[
    ("floors", floors::check),
    ("doors", doors::check),
    ("unsafe", unsafe_code::check),
    ("heads", heads::check),
    ("lines", lines::check),
    ("sizes", sizes::check),
    ("words", words::check),
    ("orphans", orphans::check),
    ("docs", docs::check),
    ("commands", commands::check),
];

/// Checks the whole checkout.
pub(crate) fn run() -> Result<(), String> {
    let tree = Tree::read(&shell::root())?;
    let mut count = 0;
    for (rule, check) in RULES {
        let mut findings = check(&tree);
        findings.sort();
        count += findings.len();
        for Finding { path, line, message } in findings {
            println!("{path}:{line}: {message} [{rule}]");
        }
    }
    match count {
        0 => {
            println!("tidy: {} files, {} rules, nothing to say", tree.files.len(), RULES.len());
            Ok(())
        }
        _ => Err(format!("{count} findings")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        if let Err(message) = run() {
            panic!("{message}: `cargo xtask tidy` lists them");
        }
    }
}
