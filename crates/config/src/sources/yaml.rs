//! The YAML language: one flat map, parameter to value.
//!
//! ```yaml
//! port: 6379
//! bind: [127.0.0.1, "::1"]
//! protected-mode: yes            # true and false are understood too
//! client-output-buffer-limit: [normal 0 0 0, pubsub 32mb 8mb 60]
//! ```
//!
//! A list becomes the words of a redis.conf line; an item may itself hold several words. Line
//! numbers are found by looking for the key at the start of a line, as the parser does not tell.

use serde_yaml::{Mapping, Value};

use super::{Directive, LoadError, Place};

/// The directives of a text, in order. `place` says where a line stands.
pub(crate) fn parse(
    text: &[u8],
    place: impl Fn(usize) -> Place,
) -> Result<Vec<Directive>, LoadError> {
    let wrong = |line: usize, text: &str, reason: &str| LoadError::Wrong {
        place: place(line),
        text: text.to_owned(),
        reason: reason.to_owned(),
    };
    let text = str::from_utf8(text).map_err(|_| wrong(1, "", "YAML must be UTF-8"))?;
    let root: Value = serde_yaml::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |location| location.line());
        wrong(line, line_text(text, line), &error.to_string())
    })?;
    let map = match root {
        Value::Null => Mapping::new(),
        Value::Mapping(map) => map,
        _ => return Err(wrong(1, line_text(text, 1), "expected a map of parameters to values")),
    };
    let mut directives = Vec::with_capacity(map.len());
    for (key, value) in &map {
        let Value::String(name) = key else {
            let key = serde_yaml::to_string(key).unwrap_or_default();
            return Err(wrong(1, key.trim_end(), "the name of a parameter must be text"));
        };
        let line = line_of(text, name);
        let words = words_of(value).ok_or_else(|| {
            wrong(line, line_text(text, line), "expected a word or a list of words")
        })?;
        directives.push(Directive {
            name: name.clone().into_bytes(),
            words,
            place: place(line),
            text: line_text(text, line).to_owned(),
        });
    }
    Ok(directives)
}

/// The key of a line that begins with one, without its quotes.
pub(crate) fn key_of_line(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && !key.starts_with([' ', '\t', '#', '-', '[', '{']);
    let is_value = value.is_empty() || value.starts_with([' ', '\t', '\r']);
    (is_key && is_value).then(|| key.trim_end().trim_matches(['"', '\'']))
}

/// True if YAML gives a text back as it was written: not `true`, `1e3` or `a ` without quotes.
pub(crate) fn reads_back(text: &str) -> bool {
    serde_yaml::from_str(text).ok().and_then(|value| word_of(&value)).as_deref() == Some(text)
}

fn line_of(text: &str, name: &str) -> usize {
    let is_here = |line: &str| key_of_line(line) == Some(name);
    text.lines().position(is_here).map_or(1, |index| index + 1)
}

fn line_text(text: &str, line: usize) -> &str {
    text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim()
}

fn words_of(value: &Value) -> Option<Vec<Vec<u8>>> {
    let Value::Sequence(items) = value else {
        return Some(vec![word_of(value)?.into_bytes()]);
    };
    let mut words = Vec::new();
    for item in items {
        let item = word_of(item)?;
        words.extend(item.split(' ').map(|word| word.as_bytes().to_vec()));
    }
    Some(words)
}

fn word_of(value: &Value) -> Option<String> {
    match value {
        Value::Bool(is_on) => Some(if *is_on { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}
