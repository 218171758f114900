//! Sizes: files and folders that a reader can hold in mind. Functions are clippy's to measure.

use std::collections::BTreeMap;

use super::Finding;
use super::source::lines_without_tests;
use super::tree::Tree;

/// Lines of a Rust file, its test module not counted.
const FILE_LINES: usize = 600;
/// Lines of a file that is tests only.
const TEST_FILE_LINES: usize = 1500;
/// Files in a folder.
const FOLDER_FILES: usize = 20;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &tree.files {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        *folders.entry(folder).or_default() += 1;
        if !file.is_rust() {
            continue;
        }
        let (lines, most) = match file.is_test() {
            true => (file.text.lines().count(), TEST_FILE_LINES),
            false => (lines_without_tests(&file.code), FILE_LINES),
        };
        if lines > most {
            let message = format!("{lines} lines, {most} at most: what is the second subject?");
            findings.push(Finding::new(&file.path, 0, message));
        }
    }
    for (folder, count) in folders.into_iter().filter(|(_, count)| *count > FOLDER_FILES) {
        let message = format!("{count} files in one folder, {FOLDER_FILES} at most");
        findings.push(Finding::new(folder, 0, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_and_full_folders() {
        let long = "x\n".repeat(FILE_LINES + 1);
        let tests = format!("x\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let tree = Tree::of(&[
            ("crates/a/src/long.rs", long.as_str()),
            ("crates/a/src/tested.rs", tests.as_str()),
            ("crates/a/src/long/tests.rs", long.as_str()),
        ]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "crates/a/src/long.rs");

        let names: Vec<String> = (0..=FOLDER_FILES).map(|n| format!("a/{n}.rs")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        assert_eq!(check(&Tree::of(&files))[0].message, "21 files in one folder, 20 at most");
    }
}
