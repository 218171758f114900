//! Building the server that a task runs.

use std::path::PathBuf;

use crate::shell;

/// Builds `shoal` in this profile and tells where it is.
pub(crate) fn shoal(profile: &str) -> Result<PathBuf, String> {
    let mut cargo = shell::cargo();
    cargo.args(["build", "--bin", "shoal", "--profile", profile]).current_dir(shell::root());
    shell::run(&mut cargo)?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| shell::root().join("target"), PathBuf::from);
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target.join(folder).join("shoal"))
}
