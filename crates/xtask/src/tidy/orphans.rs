//! Orphans: a Rust file that no other file declares as its module is never compiled.

use super::Finding;
use super::tree::{File, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let sources = tree.rust().filter(|file| file.path.contains("/src/"));
    let orphans = sources.filter(|file| !is_root(file) && !is_declared(file, tree));
    let message = "no file says `mod` of it, so it is never compiled";
    orphans.map(|file| Finding::new(&file.path, 0, message)).collect()
}

fn is_root(file: &File) -> bool {
    file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs")
}

/// Whether one of the files that can declare this one does.
fn is_declared(file: &File, tree: &Tree) -> bool {
    let path = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
    let Some((folder, module)) = path.rsplit_once('/') else { return false };
    let declaration = format!("mod {module};");
    let parents = ["/lib.rs", "/main.rs", "/mod.rs", ".rs"].map(|end| format!("{folder}{end}"));
    tree.files.iter().any(|other| {
        parents.contains(&other.path)
            && other.code.lines().any(|line| line.trim_end().ends_with(&declaration))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_declared() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "mod b;\npub(crate) mod c;\n// mod lost;\n"),
            ("crates/a/src/b.rs", "mod deep;\n"),
            ("crates/a/src/b/deep.rs", ""),
            ("crates/a/src/c/mod.rs", "mod inner;\n"),
            ("crates/a/src/c/inner.rs", ""),
            ("crates/a/src/lost.rs", ""),
        ]);
        let paths: Vec<_> = check(&tree).into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["crates/a/src/lost.rs"]);
    }
}
