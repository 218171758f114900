//! The files of the checkout that tidy looks at, read once.

use std::fs;
use std::path::Path;

use super::metadata::{self, Package};
use super::source;

/// A text file.
#[derive(Debug)]
pub(super) struct File {
    /// Its path from the root of the checkout.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
    /// For Rust, the text with comments and the insides of literals blanked; empty for others.
    pub(super) code: String,
}

impl File {
    /// Whether it is Rust.
    pub(super) fn is_rust(&self) -> bool {
        has_extension(&self.path, "rs")
    }

    /// Whether all of it is tests.
    pub(super) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
    }

    /// The crate it belongs to: the folder under `crates/`, or the root package.
    pub(super) fn crate_name(&self) -> &str {
        match self.path.strip_prefix("crates/") {
            Some(rest) => rest.split('/').next().unwrap_or_default(),
            None => "shoal",
        }
    }
}

/// Whether a path ends in this extension.
pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Everything the rules look at.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The text files.
    pub(super) files: Vec<File>,
    /// The packages of the workspace.
    pub(super) packages: Vec<Package>,
}

const EXTENSIONS: [&str; 6] = ["rs", "md", "toml", "yaml", "sh", "cfg"];
const EXTENSIONLESS: [&str; 2] = ["Dockerfile", "run"];

impl Tree {
    /// Reads the checkout.
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let mut tree = Self { files: Vec::new(), packages: metadata::packages()? };
        tree.add_folder(root, "").map_err(|error| format!("{}: {error}", root.display()))?;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(tree)
    }

    fn add_folder(&mut self, folder: &Path, path: &str) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // Build products, and what belongs to tools.
            if name == "target" || (name.starts_with('.') && name != ".ci") {
                continue;
            }
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            if entry.file_type()?.is_dir() {
                self.add_folder(&entry.path(), &path)?;
            } else if is_text(&name) {
                // Generated fixtures may hold any bytes; what is no text is not ours to judge.
                if let Ok(text) = fs::read_to_string(entry.path()) {
                    self.add_file(&path, text);
                }
            }
        }
        Ok(())
    }

    fn add_file(&mut self, path: &str, text: String) {
        let rust = has_extension(path, "rs");
        let code = if rust { source::code(&text) } else { String::new() };
        self.files.push(File { path: path.into(), text, code });
    }

    /// The Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// A small tree for the tests of a rule.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.add_file(path, (*text).to_owned());
        }
        tree
    }
}

fn is_text(name: &str) -> bool {
    EXTENSIONLESS.contains(&name)
        || EXTENSIONS.iter().any(|extension| has_extension(name, extension))
}
