//! Where values come from: later sources win over earlier ones.
//!
//! There are the command line, a configuration file in one of two languages, and standard input.
//!
//! Every source is cut into [`Directive`]s, and `load.rs` applies them in order.
//!
//! **Not here:** opening files. The server hands in a [`Files`].

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) mod command_line;
pub(crate) mod help;
pub(crate) mod include;
pub(crate) mod load;
pub(crate) mod redis_conf;
pub(crate) mod words;
pub(crate) mod yaml;

/// What loading needs of the file system.
pub trait Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    fn read_stdin(&self) -> io::Result<Vec<u8>>;
    /// Names in a directory, for wildcards in `include`.
    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>>;
}

/// Where a directive stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Lines count from 1.
    File {
        path: PathBuf,
        line: usize,
    },
    Stdin {
        line: usize,
    },
    CommandLine,
}

/// One setting as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directive {
    pub(crate) name: Vec<u8>,
    pub(crate) words: Vec<Vec<u8>>,
    pub(crate) place: Place,
    /// The text to show in an error.
    pub(crate) text: String,
}

/// Why the server cannot start with this configuration. Displayed as Redis displays it.
#[derive(Debug)]
pub enum LoadError {
    /// A file, or standard input if there is no path, cannot be read.
    Unreadable { path: Option<PathBuf>, error: io::Error },
    /// A setting is wrong.
    Wrong { place: Place, text: String, reason: String },
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File { path, line } => {
                write!(out, "Reading the configuration file '{}', at line {line}", path.display())
            }
            Place::Stdin { line } => {
                write!(out, "Reading the configuration from stdin, at line {line}")
            }
            Place::CommandLine => write!(out, "Reading the command line"),
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Unreadable { path: Some(path), error } => {
                write!(
                    out,
                    "Fatal error, can't open config file '{}': {}",
                    path.display(),
                    plain(error)
                )
            }
            LoadError::Unreadable { path: None, error } => {
                write!(
                    out,
                    "Fatal error, can't read the configuration from stdin: {}",
                    plain(error)
                )
            }
            LoadError::Wrong { place, text, reason } => {
                let version = env!("CARGO_PKG_VERSION");
                writeln!(out, "\n*** FATAL CONFIG FILE ERROR (Shoal {version}) ***")?;
                write!(out, "{place}\n>>> '{text}'\n{reason}")
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// The text of an error as the C library has it, without the number behind it.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
