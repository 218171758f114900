//! Doors: a package enters the house through one crate, and `async` stays in one room.

use super::Finding;
use super::source::identifiers;
use super::tree::Tree;

/// Packages from outside and the crates that may use them.
const DOORS: &[(&str, &[&str])] = &[
    ("glommio", &["runtime_glommio"]),
    ("memmap2", &["log"]),
    ("rustix", &["runtime", "runtime_epoll", "runtime_glommio", "runtime_sim", "xtask"]),
    ("clap", &["config"]),
    ("mimalloc", &["shoal"]),
    ("serde_yaml", &["config"]),
    ("serde_json", &["xtask"]),
];

/// The crate in which functions may be asynchronous.
const ASYNC_ROOM: &str = "runtime_glommio";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = packages(tree);
    for file in tree.rust().filter(|file| file.crate_name() != ASYNC_ROOM) {
        for (number, line) in file.code.lines().enumerate() {
            if identifiers(line).any(|word| word == "async" || word == "await") {
                let message = format!("`async` belongs into {ASYNC_ROOM}: be called, do not wait");
                findings.push(Finding::new(&file.path, number + 1, message));
            }
        }
    }
    findings
}

fn packages(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        for used in &package.dependencies {
            let door = DOORS.iter().find(|(name, _)| *name == used.name);
            if let Some((name, rooms)) = door
                && !rooms.contains(&package.name.as_str())
            {
                let message = format!("`{name}` is for {} only", rooms.join(", "));
                findings.push(Finding::new(&package.manifest, 0, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::metadata::package;
    use super::*;

    #[test]
    fn a_package_has_one_door() {
        let packages = vec![package("log", &["memmap2"]), package("rdb", &["memmap2"])];
        let findings = check(&Tree { packages, ..Tree::default() });
        let expected = Finding::new("crates/rdb/Cargo.toml", 0, "`memmap2` is for log only");
        assert_eq!(findings, [expected]);
    }

    #[test]
    fn async_has_one_room() {
        let text = "//! async.\nasync fn turn() {}\nlet asynchronous = \"async\";\n";
        let tree = Tree::of(&[
            ("crates/runtime_glommio/src/lib.rs", text),
            ("crates/txn/src/lib.rs", text),
        ]);
        let places: Vec<_> =
            check(&tree).into_iter().map(|found| (found.path, found.line)).collect();
        assert_eq!(places, [("crates/txn/src/lib.rs".to_owned(), 2)]);
    }
}
