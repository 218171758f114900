//! The packages of the workspace, as `cargo metadata` tells them.

use serde_json::Value;

use crate::shell;

/// A package and what it asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its manifest, from the root of the checkout.
    pub(super) manifest: String,
    /// What it depends on.
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency as it is declared.
#[derive(Clone, Debug, Default)]
pub(super) struct Dependency {
    /// The name under which code uses it.
    pub(super) name: String,
    /// Whether only tests and benches use it.
    pub(super) dev: bool,
}

/// Asks cargo.
pub(super) fn packages() -> Result<Vec<Package>, String> {
    let mut cargo = shell::cargo();
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(shell::root());
    parse(&shell::read(&mut cargo)?).ok_or_else(|| "cargo metadata cannot be read".into())
}

fn parse(json: &str) -> Option<Vec<Package>> {
    let metadata: Value = serde_json::from_str(json).ok()?;
    let root = metadata["workspace_root"].as_str()?;
    metadata["packages"].as_array()?.iter().map(|package| parse_package(package, root)).collect()
}

fn parse_package(package: &Value, root: &str) -> Option<Package> {
    let manifest = package["manifest_path"].as_str()?.strip_prefix(root)?;
    let dependencies = package["dependencies"].as_array()?.iter().map(|dependency| {
        let name = dependency["rename"].as_str().or(dependency["name"].as_str())?;
        Some(Dependency { name: name.into(), dev: dependency["kind"] == "dev" })
    });
    Some(Package {
        name: package["name"].as_str()?.into(),
        manifest: manifest.trim_start_matches('/').into(),
        dependencies: dependencies.collect::<Option<_>>()?,
    })
}

#[cfg(test)]
pub(super) fn package(name: &str, uses: &[&str]) -> Package {
    let dependency = |name: &&str| match name.strip_prefix("dev:") {
        Some(name) => Dependency { name: name.into(), dev: true },
        None => Dependency { name: (*name).into(), dev: false },
    };
    Package {
        name: name.into(),
        manifest: format!("crates/{name}/Cargo.toml"),
        dependencies: uses.iter().map(dependency).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_and_kinds_are_read() {
        let json = r#"{"workspace_root": "/w", "packages": [{"name": "a",
            "manifest_path": "/w/crates/a/Cargo.toml", "dependencies": [
            {"name": "glommio-ng", "rename": "glommio", "kind": null},
            {"name": "proptest", "rename": null, "kind": "dev"}]}]}"#;
        let packages = parse(json).unwrap();
        assert_eq!(packages[0].manifest, "crates/a/Cargo.toml");
        let uses: Vec<_> =
            packages[0].dependencies.iter().map(|used| (used.name.as_str(), used.dev)).collect();
        assert_eq!(uses, [("glommio", false), ("proptest", true)]);
    }
}
