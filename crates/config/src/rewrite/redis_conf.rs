//! Rewriting a file in the language of `redis.conf`.

use super::{assemble, split_lines};
use crate::parameter::{Line, Parameter};
use crate::sources::words;
use crate::table::{PARAMETERS, lookup};
use crate::values::Config;

pub(super) fn rewrite(old: &[u8], config: &Config) -> Vec<u8> {
    let default = Config::default();
    let mut lines = split_lines(old);
    let mut appended = Vec::new();
    for parameter in PARAMETERS.iter().filter(|parameter| parameter.alias_of.is_none()) {
        let mut places = places_of(parameter, &lines);
        let wanted = parameter.lines(config, &default);
        let is_only_line = wanted.len() == 1;
        for line in wanted {
            let text = render(parameter, &line.words);
            match places.iter().position(|place| is_only_line || place.is_for(&line)) {
                Some(found) => lines[places.remove(found).index] = text,
                None if !line.is_default => appended.push(text),
                None => {}
            }
        }
        for place in places {
            lines[place.index].clear();
        }
    }
    assemble(&lines, &appended)
}

/// A line of the old text that sets a parameter.
struct Place {
    index: usize,
    first_word: Vec<u8>,
}

impl Place {
    /// True for the same class of clients; `slave` was a class once.
    fn is_for(&self, line: &Line) -> bool {
        let is_old_name = self.first_word.eq_ignore_ascii_case(b"slave");
        let class = if is_old_name { b"replica" } else { self.first_word.as_slice() };
        line.words.first().is_some_and(|wanted| wanted.eq_ignore_ascii_case(class))
    }
}

fn places_of(parameter: &Parameter, lines: &[Vec<u8>]) -> Vec<Place> {
    let place = |(index, line): (usize, &Vec<u8>)| {
        let line = line.trim_ascii();
        let words = if line.starts_with(b"#") { None } else { words::split(line) }?;
        let is_here = lookup(words.first()?)?.primary_name() == parameter.name;
        is_here.then(|| Place { index, first_word: words.into_iter().nth(1).unwrap_or_default() })
    };
    lines.iter().enumerate().filter_map(place).collect()
}

fn render(parameter: &Parameter, words: &[Vec<u8>]) -> Vec<u8> {
    let mut line = parameter.name.to_owned();
    for word in words {
        line.push(' ');
        match str::from_utf8(word) {
            Ok(word) if !parameter.is_free_text() && is_plain(word) => line.push_str(word),
            _ => line.push_str(&words::quote(word)),
        }
    }
    line.into_bytes()
}

/// True if a word needs no quotes.
fn is_plain(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'\\".contains(&byte))
}
