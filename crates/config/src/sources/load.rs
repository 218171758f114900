//! Applies all sources in order: defaults, file, standard input, command line.
//!
//! A setting that is wrong ends the load at once. A setting that is not supported yet is judged by
//! its last value, after everything was read: `shoal redis.conf --appendonly no` starts, whatever
//! the file says.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::command_line::Sources;
use super::{Directive, Files, LoadError, Place, include, redis_conf, yaml};
use crate::not_yet::{self, Verdict};
use crate::parameter::Kind;
use crate::table::lookup;
use crate::values::Config;

/// LIMIT: a file that includes itself must end somewhere.
const INCLUDES_MAX: usize = 256;

const BAD_DIRECTIVE: &str = "Bad directive or wrong number of arguments";

/// The language of a configuration file, told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    RedisConf,
    Yaml,
}

impl Language {
    pub fn of(path: &Path) -> Language {
        match path.extension() {
            Some(extension)
                if extension.eq_ignore_ascii_case("yaml")
                    || extension.eq_ignore_ascii_case("yml") =>
            {
                Language::Yaml
            }
            _ => Language::RedisConf,
        }
    }
}

/// A configuration to start with.
#[derive(Debug)]
pub struct Loaded {
    pub config: Config,
    /// The file that CONFIG REWRITE rewrites, as it was named.
    pub file: Option<PathBuf>,
    /// Settings without effect, to be logged.
    pub warnings: Vec<String>,
}

/// Reads and applies everything that the command line names.
pub fn load(sources: &Sources, files: &dyn Files) -> Result<Loaded, LoadError> {
    let mut loader =
        Loader { files, config: Config::default(), asked: Vec::new(), included_count: 0 };
    if let Some(path) = &sources.file {
        loader.load_file(path)?;
    }
    if sources.has_stdin {
        let text =
            files.read_stdin().map_err(|error| LoadError::Unreadable { path: None, error })?;
        let directives = redis_conf::parse(&text, |line| Place::Stdin { line })?;
        loader.apply_all(&directives)?;
    }
    loader.apply_all(&sources.options)?;
    let warnings = warnings(&loader.asked)?;
    Ok(Loaded { config: loader.config, file: sources.file.clone(), warnings })
}

struct Loader<'a> {
    files: &'a dyn Files,
    config: Config,
    /// The last directive of each name that asks for what is not supported yet.
    asked: Vec<(Directive, Verdict)>,
    included_count: usize,
}

impl Loader<'_> {
    fn load_file(&mut self, path: &Path) -> Result<(), LoadError> {
        let text = self
            .files
            .read(path)
            .map_err(|error| LoadError::Unreadable { path: Some(path.to_owned()), error })?;
        let place = |line| Place::File { path: path.to_owned(), line };
        let directives = match Language::of(path) {
            Language::RedisConf => redis_conf::parse(&text, place)?,
            Language::Yaml => yaml::parse(&text, place)?,
        };
        self.apply_all(&directives)
    }

    fn apply_all(&mut self, directives: &[Directive]) -> Result<(), LoadError> {
        directives.iter().try_for_each(|directive| self.apply(directive))
    }

    fn apply(&mut self, directive: &Directive) -> Result<(), LoadError> {
        if directive.name.eq_ignore_ascii_case(b"include") {
            return self.include(directive);
        }
        let Some(parameter) = lookup(&directive.name) else {
            let verdict = not_yet::judge(&directive.name, &directive.words)
                .ok_or_else(|| wrong(directive, BAD_DIRECTIVE))?;
            self.ask(directive, verdict);
            return Ok(());
        };
        match parameter.set_words(&mut self.config, &directive.words) {
            Ok(()) => self.ask(directive, Verdict::Nothing),
            Err(_) if matches!(parameter.kind, Kind::Fixed { .. }) => {
                self.ask(directive, Verdict::Safety);
            }
            Err(reason) => return Err(wrong(directive, &reason)),
        }
        Ok(())
    }

    /// Remembers what is asked under this name now, in place of what was asked before.
    fn ask(&mut self, directive: &Directive, verdict: Verdict) {
        self.asked.retain(|(earlier, _)| !earlier.name.eq_ignore_ascii_case(&directive.name));
        if verdict != Verdict::Nothing {
            self.asked.push((directive.clone(), verdict));
        }
    }

    /// REDIS: a relative path is taken from the directory that an earlier `dir` has changed into.
    fn include(&mut self, directive: &Directive) -> Result<(), LoadError> {
        let takes_many = matches!(&directive.place, Place::File { path, .. }
            if Language::of(path) == Language::Yaml);
        if directive.words.is_empty() || (directive.words.len() > 1 && !takes_many) {
            return Err(wrong(directive, BAD_DIRECTIVE));
        }
        for word in &directive.words {
            let directory = self.config.dir.clone().unwrap_or_default();
            let pattern = directory.join(OsStr::from_bytes(word));
            for path in include::expand(&pattern, self.files) {
                self.included_count += 1;
                if self.included_count > INCLUDES_MAX {
                    return Err(wrong(directive, "too many included files"));
                }
                match self.load_file(&path) {
                    Err(LoadError::Unreadable { path: Some(missing), error })
                        if missing == path
                            && error.kind() == ErrorKind::NotFound
                            && include::has_wildcard(&pattern) => {}
                    result => result?,
                }
            }
        }
        Ok(())
    }
}

fn wrong(directive: &Directive, reason: &str) -> LoadError {
    LoadError::Wrong {
        place: directive.place.clone(),
        text: directive.text.clone(),
        reason: reason.to_owned(),
    }
}

/// What to log about settings without effect, or the first that must not be without effect.
fn warnings(asked: &[(Directive, Verdict)]) -> Result<Vec<String>, LoadError> {
    let mut warnings = Vec::new();
    for (directive, verdict) in asked {
        let text = &directive.text;
        if *verdict == Verdict::Safety {
            let reason = format!("directive '{text}' is not supported yet (see docs/COMPAT.md)");
            return Err(wrong(directive, &reason));
        }
        let place = &directive.place;
        warnings
            .push(format!("{place}: directive '{text}' has no effect yet (see docs/COMPAT.md)"));
    }
    Ok(warnings)
}

#[cfg(test)]
mod tests;
