//! Rewriting a file in YAML.
//!
//! The text is cut into blocks: the line with a key at its beginning and the lines that belong to
//! its value. A block that already says the right value stays as it was written, comment behind it
//! included. The result is read back: an unusual layout gives an error, never a wrong file.

use std::ops::Range;

use super::{RewriteError, assemble, split_lines};
use crate::parameter::{Kind, Parameter};
use crate::sources::yaml::{key_of_line, parse, reads_back};
use crate::sources::{Directive, Place};
use crate::table::{PARAMETERS, lookup};
use crate::values::Config;

pub(super) fn rewrite(old: &[u8], config: &Config) -> Result<Vec<u8>, RewriteError> {
    let default = Config::default();
    let directives = directives_of(old)?;
    let mut lines = split_lines(old);
    let mut appended = Vec::new();
    for parameter in primary_names() {
        let written = directives.iter().find(|directive| is_for(directive, parameter));
        if written.is_some_and(|directive| says(directive, parameter, config)) {
            continue;
        }
        let is_default = parameter.get(config) == parameter.get(&default);
        let text = render(parameter, config, &default)?;
        match block_of(parameter, &lines) {
            Some(block) => {
                lines.splice(block, text);
            }
            None if !is_default => appended.extend(text),
            None => {}
        }
    }
    let new = assemble(&lines, &appended);
    if says_all(&new, config, &default) { Ok(new) } else { Err(RewriteError::Layout) }
}

fn directives_of(text: &[u8]) -> Result<Vec<Directive>, RewriteError> {
    parse(text, |_| Place::CommandLine).map_err(|_| RewriteError::Layout)
}

fn is_for(directive: &Directive, parameter: &Parameter) -> bool {
    lookup(&directive.name).is_some_and(|found| found.primary_name() == parameter.name)
}

/// The parameters that are no older names of others.
fn primary_names() -> impl Iterator<Item = &'static Parameter> {
    PARAMETERS.iter().filter(|parameter| parameter.alias_of.is_none())
}

/// True if the directive alone gives the parameter the value it has in `config`.
fn says(directive: &Directive, parameter: &Parameter, config: &Config) -> bool {
    let mut probe = Config::default();
    let is_legal = parameter.set_words(&mut probe, &directive.words).is_ok();
    is_legal && parameter.get(&probe) == parameter.get(config)
}

/// True if the text has every parameter that differs from its default, and no other value anywhere.
fn says_all(text: &[u8], config: &Config, default: &Config) -> bool {
    let Ok(directives) = directives_of(text) else { return false };
    primary_names().all(|parameter| {
        let mut written = directives.iter().filter(|directive| is_for(directive, parameter));
        match (written.next(), written.next()) {
            (Some(directive), None) => says(directive, parameter, config),
            (None, None) => parameter.get(config) == parameter.get(default),
            (_, Some(_)) => false,
        }
    })
}

/// The lines of a parameter: its key and what continues its value. Comments and blank lines behind
/// the value belong to what follows.
fn block_of(parameter: &Parameter, lines: &[Vec<u8>]) -> Option<Range<usize>> {
    let is_here = |line: &Vec<u8>| {
        let key = str::from_utf8(line).ok().and_then(key_of_line);
        key.and_then(|key| lookup(key.as_bytes()))
            .is_some_and(|found| found.primary_name() == parameter.name)
    };
    let start = lines.iter().position(is_here)?;
    let mut end = start + 1;
    for (index, line) in lines.iter().enumerate().skip(start + 1) {
        let text = line.trim_ascii_start();
        if text.is_empty() || text.starts_with(b"#") {
            continue;
        }
        let is_item = line.starts_with(b"- ") || line.starts_with(b"]");
        if !is_item && text.len() == line.len() {
            break;
        }
        end = index + 1;
    }
    Some(start..end)
}

/// The parameter's line, or none if its value is none.
fn render(
    parameter: &Parameter,
    config: &Config,
    default: &Config,
) -> Result<Option<Vec<u8>>, RewriteError> {
    let lines = parameter.lines(config, default);
    let items: Vec<Vec<u8>> = match lines.as_slice() {
        [] => return Ok(None),
        [line] => line.words.clone(),
        lines => lines.iter().map(|line| line.words.join(&b' ')).collect(),
    };
    let scalar = |item: &Vec<u8>| {
        let text = str::from_utf8(item)
            .map_err(|_| RewriteError::NotText { parameter: parameter.name })?;
        let is_plain = !parameter.is_free_text() && is_plain(text);
        Ok(if is_plain { text.to_owned() } else { quote(text) })
    };
    let scalars = items.iter().map(scalar).collect::<Result<Vec<String>, _>>()?.join(", ");
    let name = parameter.name;
    Ok(Some(match parameter.kind {
        Kind::Words(_) if items == [b""] => format!("{name}: []").into_bytes(),
        Kind::Words(_) => format!("{name}: [{scalars}]").into_bytes(),
        _ => format!("{name}: {scalars}").into_bytes(),
    }))
}

/// True if the text needs no quotes, on its own or in a list.
fn is_plain(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-._ ".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(is_word)
        && reads_back(text)
}

/// The text in double quotes, everything but printable ASCII escaped.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            ' '..='~' => quoted.push(letter),
            _ => quoted.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    quoted.push('"');
    quoted
}
