//! The command line, as redis-server has it.
//!
//! ```text
//! shoal [FILE] [--NAME VALUE ...]... [-]
//! ```
//!
//! A name takes all words up to the next name. REDIS: the word right behind a name is a value even
//! if it begins with `--`, except behind `--save`; and `--port 7000` may be one word.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use super::{Directive, LoadError, Place, words};

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum CommandLine {
    Help,
    Version,
    Serve(Sources),
}

/// Where the configuration is to be read from, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    pub(crate) file: Option<PathBuf>,
    pub(crate) has_stdin: bool,
    pub(crate) options: Vec<Directive>,
}

impl CommandLine {
    /// `args` without the program's own name.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<CommandLine, LoadError> {
        let args: Vec<OsString> = args.into_iter().collect();
        let mut rest = args.as_slice();
        let mut sources = Sources::default();
        match rest.first().map(|first| first.as_bytes()) {
            Some(b"-h" | b"--help") => return Ok(CommandLine::Help),
            Some(b"-v" | b"--version") => return Ok(CommandLine::Version),
            Some(b"-") => {
                sources.has_stdin = true;
                rest = &rest[1..];
            }
            Some(first) if !first.starts_with(b"-") => {
                sources.file = Some(PathBuf::from(rest[0].clone()));
                rest = &rest[1..];
            }
            _ => {}
        }
        if let Some((last, before)) = rest.split_last()
            && last == "-"
        {
            sources.has_stdin = true;
            rest = before;
        }
        sources.options = parse_options(rest)?;
        Ok(CommandLine::Serve(sources))
    }
}

fn parse_options(args: &[OsString]) -> Result<Vec<Directive>, LoadError> {
    let mut options: Vec<Directive> = Vec::new();
    let mut wants_value = false;
    for (index, arg) in args.iter().enumerate() {
        match arg.as_bytes().strip_prefix(b"--") {
            Some(name) if !wants_value => {
                let option = begin_option(name)?;
                let is_save = option.name.eq_ignore_ascii_case(b"save");
                let next_is_value =
                    args.get(index + 1).is_some_and(|next| !next.as_bytes().starts_with(b"--"));
                wants_value = option.words.is_empty() && (!is_save || next_is_value);
                options.push(option);
            }
            _ => {
                wants_value = false;
                if options.is_empty() {
                    options.push(begin_option(b"")?);
                }
                let option = options.last_mut().expect("one was just pushed");
                option.text.push(' ');
                option.text.push_str(&words::quote(arg.as_bytes()));
                option.words.push(arg.clone().into_vec());
            }
        }
    }
    Ok(options)
}

/// An option from the word with its name, which may hold values too.
fn begin_option(arg: &[u8]) -> Result<Directive, LoadError> {
    let text = String::from_utf8_lossy(arg).into_owned();
    let Some(mut words) = words::split(arg) else {
        let reason = "Unbalanced quotes in configuration line".to_owned();
        return Err(LoadError::Wrong { place: Place::CommandLine, text, reason });
    };
    let name = if words.is_empty() { Vec::new() } else { words.remove(0) };
    Ok(Directive { name, words, place: Place::CommandLine, text })
}

#[cfg(test)]
mod tests {
    use super::{CommandLine, Sources};
    use proptest::prelude::*;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    fn sources(args: &[&str]) -> Sources {
        match CommandLine::parse(args.iter().map(OsString::from)) {
            Ok(CommandLine::Serve(sources)) => sources,
            other => panic!("{args:?} gives {other:?}"),
        }
    }

    fn options(args: &[&str]) -> Vec<String> {
        let sources = sources(args);
        sources.options.iter().map(|option| option.text.trim().to_owned()).collect()
    }

    #[test]
    fn a_first_word_without_dash_is_the_file() {
        assert_eq!(sources(&["a.conf"]).file, Some("a.conf".into()));
        assert_eq!(sources(&["--port", "1"]).file, None);
        assert_eq!(sources(&["a.conf", "--port", "1"]).options.len(), 1);
    }

    #[test]
    fn a_dash_first_or_last_is_stdin() {
        assert!(sources(&["-"]).has_stdin);
        assert!(sources(&["a.conf", "--port", "1", "-"]).has_stdin);
        assert!(!sources(&["--port", "-", "1"]).has_stdin);
    }

    #[test]
    fn a_name_takes_words_until_the_next_name() {
        let args = ["--bind", "1.1.1.1", "::1", "--port", "7000"];
        assert_eq!(options(&args), [r#"bind "1.1.1.1" "::1""#, r#"port "7000""#]);
        assert_eq!(options(&["--port 7000", "--hz", "5"]), ["port 7000", r#"hz "5""#]);
    }

    #[test]
    fn the_word_behind_a_name_is_its_value() {
        assert_eq!(options(&["--port", "--hz", "5"]), [r#"port "--hz" "5""#]);
        assert_eq!(options(&["--save", "--hz", "5"]), ["save", r#"hz "5""#]);
        assert_eq!(options(&["--save", "", "--hz", "5"]), [r#"save """#, r#"hz "5""#]);
        assert_eq!(options(&["--", "x", "--y", "1"]), [r#""x""#, r#"y "1""#]);
    }

    #[test]
    fn help_and_version_come_first_or_not_at_all() {
        let parse = |arg: &str| CommandLine::parse([OsString::from(arg)]).unwrap();
        assert_eq!(parse("-v"), CommandLine::Version);
        assert_eq!(parse("--version"), CommandLine::Version);
        assert_eq!(parse("-h"), CommandLine::Help);
        assert_eq!(parse("--help"), CommandLine::Help);
        assert_eq!(options(&["--port", "1", "-v"]), [r#"port "1" "-v""#]);
    }

    proptest! {
        #[test]
        fn any_words_are_answered(args: Vec<Vec<u8>>) {
            let _ = CommandLine::parse(args.into_iter().map(OsString::from_vec));
        }
    }
}
