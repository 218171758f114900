//! Words by reference and owned.

use super::*;

fn mixed() -> Argv {
    let mut argv = Argv::from_words(&[b"SET", b""]);
    argv.push_bytes(Bytes::from(vec![b'x'; BIG_VALUE]));
    argv.push_bytes(Bytes::from_static(b"short"));
    argv
}

#[test]
fn words_come_back_in_order() {
    let argv = mixed();
    let args = argv.as_args();
    let lengths: Vec<usize> = args.iter().map(<[u8]>::len).collect();
    assert_eq!(lengths, [3, 0, BIG_VALUE, 5]);
    assert_eq!(args.at(0), b"SET");
    assert_eq!(&args[3], b"short");
    assert_eq!(args.get(4), None);
    assert_eq!(args.total_bytes(), 3 + BIG_VALUE + 5);
}

#[test]
fn only_big_values_are_shared() {
    let argv = mixed();
    let args = argv.as_args();
    assert_eq!(args.big(0), None);
    assert_eq!(args.big(2).map(Bytes::len), Some(BIG_VALUE));
    assert_eq!(args.big(3), None);
    let copy = Argv::from_args(args);
    assert_eq!(copy, argv);
    let pointer = |argv: &Argv| argv.as_args().big(2).map(|value| value.as_ptr());
    assert_eq!(pointer(&copy), pointer(&argv));
}

#[test]
fn a_short_word_in_shared_memory_is_not_handed_out_as_shared() {
    let big = [Bytes::from_static(b"short")];
    let spans = [Span::big(0)];
    let args = Args::new(b"", &spans, &big);
    assert_eq!(args.at(0), b"short");
    assert_eq!(args.big(0), None);
}

#[test]
fn tails_and_slices_are_the_same_words() {
    let argv = Argv::from_words(&[b"MSET", b"a", b"1", b"b", b"2"]);
    let args = argv.as_args();
    assert_eq!(args.tail(3), Argv::from_words(&[b"b", b"2"]).as_args());
    assert!(args.tail(5).is_empty());
    assert!(args.tail(6).is_empty());
    assert_eq!(args.slice(1..3), Argv::from_words(&[b"a", b"1"]).as_args());
}

#[test]
fn equality_is_of_words_wherever_they_lie() {
    let owned = Argv::from_words(&[b"a", b"bc"]);
    let spans = [Span::new(2, 1), Span::big(0)];
    let big = [Bytes::from_static(b"bc")];
    assert_eq!(owned.as_args(), Args::new(b"xxa", &spans, &big));
    assert_ne!(owned, Argv::from_words(&[b"ab", b"c"]));
    assert_ne!(owned, Argv::from_words(&[b"a"]));
}

#[test]
fn words_print_escaped() {
    assert_eq!(format!("{:?}", Argv::from_words(&[b"a\r\n", b"\xff\""])), r#"["a\r\n", "\xff\""]"#);
}

#[test]
fn clearing_forgets_all_words() {
    let mut argv = mixed();
    argv.clear();
    assert!(argv.is_empty());
    argv.push(b"k");
    assert_eq!(argv, Argv::from_words(&[b"k"]));
}
