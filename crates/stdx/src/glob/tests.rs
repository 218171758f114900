//! The glob against a naive recursive model, and the quirks by example.

use proptest::prelude::proptest;

use super::*;

/// The definition: `*` tries every length.
fn naive(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], _) => text.is_empty(),
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|taken| naive(rest, &text[taken..])),
        (_, []) => false,
        (_, [byte, rest @ ..]) => {
            element(pattern, *byte, false).is_some_and(|len| naive(&pattern[len..], rest))
        }
    }
}

fn check(pattern: &str, matching: &[&str], others: &[&str]) {
    for text in matching {
        assert!(matches(pattern.as_bytes(), text.as_bytes(), false), "{pattern} {text}");
    }
    for text in others {
        assert!(!matches(pattern.as_bytes(), text.as_bytes(), false), "{pattern} {text}");
    }
}

#[test]
fn stars_and_question_marks() {
    check("h?llo", &["hello", "hallo"], &["hllo", "heello"]);
    check("h*llo", &["hllo", "heeeello"], &["hell", "xhllo"]);
    check("a*b*c", &["abc", "aXbXbXc"], &["ab", "acb"]);
    check("a**", &["a", "ab"], &["", "b"]);
    check("*?", &["a", "abc"], &[""]);
}

#[test]
fn classes() {
    check("[abc]x", &["ax", "cx"], &["dx", "x"]);
    check("[^a]", &["b", "]"], &["a", ""]);
    check("[a-c]", &["a", "b", "c"], &["d", "-"]);
    check("[c-a]", &["a", "b", "c"], &["d"]);
    check(r"[\]]", &["]"], &["\\"]);
    check(r"[a\-c]", &["a", "-", "c"], &["b"]);
    check("[]", &[], &["]", ""]);
    check("[^]", &["x"], &[""]);
}

#[test]
fn classes_without_an_end_take_the_rest_of_the_pattern() {
    check("[ab", &["a", "b"], &["[ab", "c"]);
    check("[^", &["a"], &[""]);
    check("[", &[], &["["]);
    check("[a-", &["a", "-"], &["b"]);
    check("[a-]", &["a", "]", "^"], &["-", "b"]);
}

#[test]
fn escapes() {
    check(r"\*", &["*"], &["a"]);
    check(r"a\", &["a\\"], &["a"]);
    check(r"\\", &["\\"], &["\\\\"]);
}

#[test]
fn the_empty_text_matches_the_empty_pattern_only() {
    check("", &[""], &["a"]);
    check("*", &["a"], &[""]);
    check("**", &["a"], &[""]);
}

#[test]
fn letters_of_either_case() {
    for (pattern, text, matched) in [
        ("HeLLo", "hEllO", true),
        ("[A-C]", "b", true),
        ("[Z-a]", "z", false),
        (r"[\A]", "a", false),
        (r"\A", "a", true),
        ("[xY]", "y", true),
    ] {
        assert_eq!(matches(pattern.as_bytes(), text.as_bytes(), true), matched, "{pattern} {text}");
    }
}

#[test]
fn bytes_beyond_ascii_come_before_nul_in_ranges() {
    assert!(matches(b"[\x80-\x20]", b"\xff", false));
    assert!(matches(b"[\x80-\x20]", b"\x10", false));
    assert!(!matches(b"[\x80-\x20]", b"\x7f", false));
}

/// Exponential work would never end here.
#[test]
fn many_stars_end_soon() {
    let pattern = "a*".repeat(2000) + "b";
    assert!(!matches(pattern.as_bytes(), "a".repeat(20_000).as_bytes(), false));
}

proptest! {
    #[test]
    fn agrees_with_the_definition(pattern in r"[ab*?\[\]^\\-]{0,10}", text in r"[ab\]^-]{1,8}") {
        let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
        assert_eq!(matches(pattern, text, false), naive(pattern, text));
    }
}
