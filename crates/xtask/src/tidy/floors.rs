//! Floors: a crate uses only crates of lower floors, and only the server touches the tower.
//!
//! **Invariants**
//! - Every crate of the workspace has a place in this table and lives in `crates/NAME`.
//! - A crate on a floor uses crates of lower floors, none of its own.
//! - The tower uses nothing but the ground, and its other rooms the seam (`runtime`).
//! - Only `shoal` and `testkit` use the tower; only tests and chores use `testkit`.

use super::tree::Tree;
use super::{Finding, metadata::Dependency};

/// Where a crate lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the house, on this floor.
    Floor(u8),
    /// The seam: the first room of the tower.
    Seam,
    /// A runtime behind the seam.
    Tower,
    /// Tests and chores, outside of the product.
    Beside,
}

use Place::{Beside, Floor, Seam, Tower};

/// The plan of the house; a crate that is not born yet has its place already.
pub(super) const PLAN: &[(&str, Place)] = &[
    ("stdx", Floor(0)),
    ("resp", Floor(1)),
    ("datatypes", Floor(1)),
    ("command", Floor(1)),
    ("config", Floor(1)),
    ("keyspace", Floor(2)),
    ("rdb", Floor(2)),
    ("acl", Floor(2)),
    ("commands", Floor(3)),
    ("log", Floor(3)),
    ("txn", Floor(4)),
    ("script", Floor(4)),
    ("replication", Floor(4)),
    ("cluster", Floor(4)),
    ("session", Floor(5)),
    ("shoal", Floor(6)),
    ("runtime", Seam),
    ("runtime_epoll", Tower),
    ("runtime_glommio", Tower),
    ("runtime_sim", Tower),
    ("testkit", Beside),
    ("xtask", Beside),
];

/// The place of a crate of the workspace.
pub(super) fn place(name: &str) -> Option<Place> {
    PLAN.iter().find(|(planned, _)| *planned == name).map(|(_, place)| *place)
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let Some(here) = place(&package.name) else {
            let message = format!("`{}` has no place in the plan of the house", package.name);
            findings.push(Finding::new(&package.manifest, 0, message));
            continue;
        };
        let expected = match here {
            Floor(6) => "Cargo.toml".to_owned(),
            _ => format!("crates/{}/Cargo.toml", package.name),
        };
        if package.manifest != expected {
            findings.push(Finding::new(
                &package.manifest,
                0,
                format!("it belongs into {expected}"),
            ));
        }
        for used in &package.dependencies {
            if let Some(there) = place(&used.name)
                && !may_use(here, there, used)
            {
                let message = format!(
                    "`{}` ({here:?}) may not use `{}` ({there:?})",
                    package.name, used.name
                );
                findings.push(Finding::new(&package.manifest, 0, message));
            }
        }
    }
    findings
}

fn may_use(here: Place, there: Place, used: &Dependency) -> bool {
    match (here, there) {
        (Beside, _) => true,
        (_, Beside) => used.dev && used.name == "testkit",
        (Floor(above), Floor(below)) => below < above,
        (Floor(6), _) => true,
        (Floor(_), Seam | Tower) => false,
        (Seam, there) => there == Floor(0),
        (Tower, there) => there == Floor(0) || there == Seam,
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::package;
    use super::*;

    #[track_caller]
    fn check_one(name: &str, uses: &[&str], expected: &[&str]) {
        let mut package = package(name, uses);
        if name == "shoal" {
            package.manifest = "Cargo.toml".into();
        }
        let tree = Tree { packages: vec![package], ..Tree::default() };
        let messages: Vec<_> = check(&tree).into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, expected);
    }

    #[test]
    fn downstairs_only() {
        check_one("keyspace", &["stdx", "datatypes", "bytes", "dev:testkit"], &[]);
        check_one("shoal", &["session", "runtime_glommio", "dev:testkit"], &[]);
        check_one("runtime_epoll", &["runtime", "stdx"], &[]);
        check_one("xtask", &["testkit"], &[]);
        let own = "`rdb` (Floor(2)) may not use `keyspace` (Floor(2))";
        check_one("rdb", &["keyspace"], &[own]);
        let up = "`resp` (Floor(1)) may not use `session` (Floor(5))";
        check_one("resp", &["dev:session"], &[up]);
        let tower = "`txn` (Floor(4)) may not use `runtime` (Seam)";
        check_one("txn", &["runtime"], &[tower]);
        let house = "`runtime_sim` (Tower) may not use `resp` (Floor(1))";
        check_one("runtime_sim", &["resp"], &[house]);
        let sibling = "`runtime_glommio` (Tower) may not use `runtime_epoll` (Tower)";
        check_one("runtime_glommio", &["runtime_epoll"], &[sibling]);
        let tests = "`shoal` (Floor(6)) may not use `testkit` (Beside)";
        check_one("shoal", &["testkit"], &[tests]);
    }

    #[test]
    fn every_crate_has_a_place() {
        check_one("extra", &[], &["`extra` has no place in the plan of the house"]);
    }
}
