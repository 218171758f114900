//! Which files an `include` means: one path, or all that match its wildcards, in order of name.

use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use stdx::glob;

use super::Files;

/// True if the path is a pattern; then files that do not exist are simply not meant.
pub(crate) fn has_wildcard(path: &Path) -> bool {
    path.as_os_str().as_bytes().iter().any(|byte| b"*?[".contains(byte))
}

/// The paths that are meant, component by component. A name that begins with a dot matches only a
/// pattern that does so too.
pub(crate) fn expand(pattern: &Path, files: &dyn Files) -> Vec<PathBuf> {
    let mut paths = vec![PathBuf::new()];
    for component in pattern.components() {
        match component {
            Component::Normal(name) if has_wildcard(Path::new(name)) => {
                paths = paths
                    .iter()
                    .flat_map(|directory| matching(directory, name.as_bytes(), files))
                    .collect();
            }
            other => paths.iter_mut().for_each(|path| path.push(other)),
        }
    }
    paths
}

/// What cannot be listed holds nothing that matches.
fn matching(directory: &Path, pattern: &[u8], files: &dyn Files) -> Vec<PathBuf> {
    let here = Path::new(".");
    let place = if directory.as_os_str().is_empty() { here } else { directory };
    let mut names = files.list(place).unwrap_or_default();
    names.retain(|name| {
        let name = name.as_bytes();
        let is_meant = pattern.starts_with(b".") || !name.starts_with(b".");
        is_meant && glob::matches(pattern, name, false)
    });
    names.sort_unstable();
    names.iter().map(|name| directory.join(name)).collect()
}
