//! Rust source as the rules read it: code apart from comments and literals.

/// The text with comments, strings and characters blanked, line for line and byte for byte.
pub(super) fn code(text: &str) -> String {
    let mut blanker =
        Blanker { text: text.as_bytes(), at: 0, code: Vec::with_capacity(text.len()) };
    while blanker.at < text.len() {
        blanker.step();
    }
    String::from_utf8(blanker.code).expect("only whole characters were blanked")
}

/// How many lines stand before the test module at the end of a file.
pub(super) fn lines_without_tests(code: &str) -> usize {
    let mut attribute = None;
    for (number, line) in code.lines().enumerate() {
        if line.starts_with("#[cfg(test)]") {
            attribute = Some(number);
        } else if line.starts_with("mod ") && line.ends_with('{') && attribute.is_some() {
            return attribute.unwrap_or(number);
        } else if !line.starts_with("#[") {
            attribute = None;
        }
    }
    code.lines().count()
}

/// The identifiers of a line of code.
pub(super) fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_'))
}

/// Walks over source text and copies what is code.
struct Blanker<'a> {
    text: &'a [u8],
    at: usize,
    code: Vec<u8>,
}

impl Blanker<'_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        if rest.starts_with(b"//") {
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            self.blank(length);
        } else if rest.starts_with(b"/*") {
            self.blank(block_comment(rest));
        } else if let Some(length) = raw_string(rest).filter(|_| !self.inside_a_word()) {
            self.blank(length);
        } else if rest[0] == b'"' {
            self.blank(quoted(rest, b'"'));
        } else if rest[0] == b'\'' && is_character(rest) {
            self.blank(quoted(rest, b'\''));
        } else {
            self.code.push(rest[0]);
            self.at += 1;
        }
    }

    fn blank(&mut self, length: usize) {
        let gone = &self.text[self.at..self.at + length];
        self.code.extend(gone.iter().map(|&byte| if byte == b'\n' { b'\n' } else { b' ' }));
        self.at += length;
    }

    fn inside_a_word(&self) -> bool {
        self.code.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a raw string that begins here: `r"..."`, `br#"..."#`.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let after = rest.strip_prefix(b"b").or(rest.strip_prefix(b"c")).unwrap_or(rest);
    let after = after.strip_prefix(b"r")?;
    let fences = after.iter().take_while(|&&byte| byte == b'#').count();
    let inside = after[fences..].strip_prefix(b"\"")?;
    let close: Vec<u8> = [b"\"".as_slice(), &b"#".repeat(fences)].concat();
    let end = inside.windows(close.len()).position(|window| window == close)?;
    Some(rest.len() - inside.len() + end + close.len())
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Whether an apostrophe begins a character and not a lifetime.
fn is_character(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'\\') => true,
        Some(byte) if byte.is_ascii() => rest.get(2) == Some(&b'\''),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked() {
        let text = "let a = \"async \\\" x\"; // unsafe\nlet b = 'u'; fn f<'a>(x: &'a str) {}\n\
            /* a /* b */ c */ let r = r#\"un\"safe\"#; let c = '\\''; let d = b\"x\";";
        let expected = ["let a =", "let b =", "let r ="];
        let code = code(text);
        assert_eq!(code.len(), text.len());
        for (line, start) in code.lines().zip(expected) {
            assert!(line.trim_start().starts_with(start), "{line}");
        }
        assert!(!code.contains("unsafe") && !code.contains("async") && code.contains("fn f<'a>"));
        assert!(code.contains("let d = b"), "{code}");
    }

    #[test]
    fn the_test_module_is_not_counted() {
        assert_eq!(lines_without_tests("a\nb\n#[cfg(test)]\nmod tests {\n}\n"), 2);
        assert_eq!(lines_without_tests("a\n#[cfg(test)]\nmod tests;\nb\n"), 4);
    }
}
