//! Redis' glob patterns, with their quirks: `KEYS`, `SCAN MATCH`, `PSUBSCRIBE`, `CONFIG GET`.
//!
//! - `?` is any byte, `*` any bytes, `\x` the byte x; a lone `\` at the end is itself.
//! - `[a-c]` is one of a range, in either order; `[^...]` one of all others; `\` escapes inside.
//! - A class that is not closed ends with the pattern.
//!
//! A failed `*` is tried again from one byte further on, but only the last one: what an earlier `*`
//! could do by taking more, the last one has tried already. So the work is bounded by the product
//! of both lengths, and no pattern makes the server hang.

/// Whether the whole of `text` matches `pattern`; `nocase` for ASCII letters.
pub fn matches(pattern: &[u8], text: &[u8], nocase: bool) -> bool {
    let mut pattern_at = 0;
    let mut text_at = 0;
    // Where to go on after the last `*`, and the first byte of the text that it has not taken yet.
    let mut retry = None;
    while text_at < text.len() {
        if pattern.get(pattern_at) == Some(&b'*') {
            pattern_at += stars(&pattern[pattern_at..]);
            if pattern_at == pattern.len() {
                return true;
            }
            retry = Some((pattern_at, text_at));
            continue;
        }
        if let Some(len) = element(&pattern[pattern_at..], text[text_at], nocase) {
            pattern_at += len;
            text_at += 1;
            continue;
        }
        let Some((after_star, taken)) = retry else { return false };
        retry = Some((after_star, taken + 1));
        (pattern_at, text_at) = (after_star, taken + 1);
    }
    // REDIS: an empty text matches the empty pattern only: `KEYS **` leaves out the empty key.
    let rest = &pattern[pattern_at..];
    rest.is_empty() || (!text.is_empty() && stars(rest) == rest.len())
}

/// How many `*` stand at the front.
fn stars(pattern: &[u8]) -> usize {
    pattern.iter().take_while(|&&byte| byte == b'*').count()
}

/// The length of the pattern's first element if it matches `byte`.
fn element(pattern: &[u8], byte: u8, nocase: bool) -> Option<usize> {
    let (is_match, len) = match pattern {
        [] => return None,
        [b'?', ..] => (true, 1),
        [b'[', b'^', class @ ..] => {
            let (is_member, len) = class_has(class, byte, nocase);
            (!is_member, len + 2)
        }
        [b'[', class @ ..] => {
            let (is_member, len) = class_has(class, byte, nocase);
            (is_member, len + 1)
        }
        [b'\\', escaped, ..] => (is_same(*escaped, byte, nocase), 2),
        [plain, ..] => (is_same(*plain, byte, nocase), 1),
    };
    is_match.then_some(len)
}

/// Whether the class whose inside begins here has `byte`, and its length with the closing bracket.
fn class_has(class: &[u8], byte: u8, nocase: bool) -> (bool, usize) {
    let mut rest = class;
    let mut is_member = false;
    loop {
        let len = match rest {
            [] => return (is_member, class.len()),
            [b'\\', escaped, ..] => {
                // REDIS: an escaped byte in a class keeps its case, `nocase` or not.
                is_member |= *escaped == byte;
                2
            }
            [b']', ..] => return (is_member, class.len() - rest.len() + 1),
            [first, b'-', last, ..] => {
                is_member |= range_has(*first, *last, byte, nocase);
                3
            }
            [plain, ..] => {
                is_member |= is_same(*plain, byte, nocase);
                1
            }
        };
        rest = &rest[len..];
    }
}

/// REDIS: bytes are compared as C's signed `char`, so those from 0x80 on come before `\0`; and the
/// ends of a range are put in order before their case is folded, so `[Z-a]` has nothing in it then.
fn range_has(first: u8, last: u8, byte: u8, nocase: bool) -> bool {
    let folded = |byte: u8| {
        if nocase { byte.to_ascii_lowercase().cast_signed() } else { byte.cast_signed() }
    };
    let swap = first.cast_signed() > last.cast_signed();
    let (low, high) = if swap { (last, first) } else { (first, last) };
    (folded(low)..=folded(high)).contains(&folded(byte))
}

fn is_same(pattern: u8, byte: u8, nocase: bool) -> bool {
    pattern == byte || (nocase && pattern.eq_ignore_ascii_case(&byte))
}

#[cfg(test)]
mod tests;
