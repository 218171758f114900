//! Heads: every Rust file begins by saying, in a sentence, what it is for.

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let headless = tree.rust().filter(|file| {
        let first = file.text.lines().next().unwrap_or_default();
        !(first.starts_with("//! ") && first.ends_with('.'))
    });
    let message = "the first line is `//! ` and a sentence with its full stop";
    headless.map(|file| Finding::new(&file.path, 1, message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_comes_first() {
        let tree = Tree::of(&[
            ("a.rs", "//! A sentence.\n"),
            ("b.rs", "//! No full stop\n"),
            ("c.rs", "use std::io;\n"),
            ("d.rs", ""),
        ]);
        let paths: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["b.rs", "c.rs", "d.rs"]);
    }
}
