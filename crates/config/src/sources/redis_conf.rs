//! The language of `redis.conf`: one directive a line, `#` comments, words as `words.rs` cuts them.

use super::{Directive, LoadError, Place, words};

/// The directives of a text, in order. `place` says where a line stands.
pub(crate) fn parse(
    text: &[u8],
    place: impl Fn(usize) -> Place,
) -> Result<Vec<Directive>, LoadError> {
    let mut directives = Vec::new();
    for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        let text = String::from_utf8_lossy(line).into_owned();
        let Some(mut words) = words::split(line) else {
            let reason = "Unbalanced quotes in configuration line".to_owned();
            return Err(LoadError::Wrong { place: place(index + 1), text, reason });
        };
        if !words.is_empty() {
            let name = words.remove(0);
            directives.push(Directive { name, words, place: place(index + 1), text });
        }
    }
    Ok(directives)
}
