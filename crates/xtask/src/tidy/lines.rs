//! Lines: 100 columns, no tabs, nothing behind the end, ASCII but for drawings in comments.

use super::Finding;
use super::tree::{File, Tree, has_extension};

const COLUMNS: usize = 100;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    // Prose wraps as it likes, and TOML has no way to break a line.
    let is_free = |file: &&File| ["md", "toml"].iter().any(|end| has_extension(&file.path, end));
    tree.files.iter().filter(|file| !is_free(file)).flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        if let Some(message) = complaint(line) {
            findings.push(Finding::new(&file.path, number + 1, message));
        }
    }
    if !file.text.ends_with('\n') || file.text.ends_with("\n\n") {
        let last = file.text.lines().count();
        findings.push(Finding::new(&file.path, last, "a file ends in one line end"));
    }
    findings
}

fn complaint(line: &str) -> Option<String> {
    let columns = line.chars().count();
    if columns > COLUMNS {
        return Some(format!("{columns} columns, {COLUMNS} at most"));
    }
    if line.contains('\t') || line.ends_with([' ', '\r']) {
        return Some("tabs and blanks at the end of a line are invisible: none of them".into());
    }
    let comment = line.trim_start().starts_with(['#', '/']);
    let allowed = |letter: char| letter.is_ascii() || (comment && draws(letter));
    let foreign = line.chars().find(|&letter| !allowed(letter));
    foreign.map(|letter| format!("{letter:?} is not ASCII; drawings in comments may hold lines"))
}

/// Whether a character is a line, an arrow or a block of a drawing.
fn draws(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_complaint() {
        for good in ["let a = 1;", "// \u{2500}\u{2192} drawn", &"x".repeat(COLUMNS)] {
            assert_eq!(complaint(good), None, "{good}");
        }
        let long = "x".repeat(COLUMNS + 1);
        for bad in [long.as_str(), "\tx", "x ", "let s = \"\u{2192}\";", "// caf\u{e9}"] {
            assert!(complaint(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn files_end_once() {
        let tree = Tree::of(&[("a.rs", "a\n"), ("b.rs", "b"), ("c.rs", "c\n\n"), ("d.md", "d")]);
        let paths: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["b.rs", "c.rs"]);
    }
}
