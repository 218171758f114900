//! The parser as its callers use it: reads of any size, one rule of what to keep.

use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use super::*;
use crate::BIG_VALUE;
use crate::request::Argv;

const LIMITS: ParseLimits =
    ParseLimits { proto_max_bulk_len: 512 * 1024 * 1024, authenticated: true };

/// How the caller reads on when a big value is under way.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    /// Always into its own buffer.
    Plain,
    /// Straight into the big value, while there is one.
    Straight,
}

/// Sends `bytes` in reads of the given sizes (the last one takes the rest) and collects requests.
fn parse_in_reads(
    mut bytes: &[u8],
    sizes: &[usize],
    reading: Reading,
    limits: &ParseLimits,
) -> (Vec<Argv>, Option<ProtocolError>) {
    let mut parser = Parser::new();
    let mut buffer = Vec::new();
    let mut requests = Vec::new();
    let mut sizes = sizes.iter().copied();
    while !bytes.is_empty() {
        let size = sizes.next().unwrap_or(bytes.len()).clamp(1, bytes.len());
        let mut read = bytes.split_off(..size).expect("the size was clamped");
        if reading == Reading::Straight
            && let Some(value) = parser.big_read()
        {
            let missing = value.capacity() - value.len();
            let straight = read.split_off(..missing.min(read.len())).expect("clamped");
            value.extend_from_slice(straight);
        }
        buffer.extend_from_slice(read);
        let mut at = 0;
        let mut batch = Batch::new();
        let outcome = loop {
            match parser.next(&buffer, &mut at, &mut batch, limits) {
                Ok(Step::Request) => {}
                Ok(Step::NeedMore) => break None,
                Err(error) => break Some(error),
            }
        };
        for index in 0..batch.len() {
            requests.push(Argv::from_args(batch.request(&buffer, index)));
        }
        if outcome.is_some() {
            return (requests, outcome);
        }
        buffer.drain(..at);
    }
    (requests, None)
}

fn parse(bytes: &[u8]) -> (Vec<Argv>, Option<ProtocolError>) {
    parse_in_reads(bytes, &[], Reading::Plain, &LIMITS)
}

fn encoded(requests: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for words in requests {
        bytes.extend(format!("*{}\r\n", words.len()).bytes());
        for word in words {
            bytes.extend(format!("${}\r\n", word.len()).bytes());
            bytes.extend(word);
            bytes.extend(b"\r\n");
        }
    }
    bytes
}

fn argvs(requests: &[Vec<Vec<u8>>]) -> Vec<Argv> {
    let mut argvs = vec![Argv::new(); requests.len()];
    for (argv, words) in argvs.iter_mut().zip(requests) {
        words.iter().for_each(|word| argv.push(word));
    }
    argvs
}

fn argv(words: &[&[u8]]) -> Argv {
    Argv::from_words(words)
}

#[test]
fn a_pipeline_is_cut_into_requests() {
    let bytes =
        b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\nPING\r\n*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPI";
    let (requests, error) = parse(bytes);
    assert_eq!(requests, [argv(&[b"SET", b"k", b""]), argv(&[b"PING"]), argv(&[b"PING"])]);
    assert_eq!(error, None);
}

#[test]
fn requests_without_words_are_passed_over() {
    let (requests, error) = parse(b"*0\r\n\r\n*-1\r\n\n*-10\r\n  \r\n*1\r\n$4\r\nPING\r\n*0\r\n");
    assert_eq!((requests, error), (vec![argv(&[b"PING"])], None));
}

#[test]
fn a_request_without_words_may_come_in_pieces() {
    let bytes = b"*0\r\n\r\n*1\r\n$4\r\nPING\r\n";
    let outcome = parse_in_reads(bytes, &[1; 20], Reading::Plain, &LIMITS);
    assert_eq!(outcome, (vec![argv(&[b"PING"])], None));
}

#[test]
fn quoted_words_of_several_requests_are_told_apart() {
    let (requests, error) = parse(b"ECHO \"a b\"\r\nECHO 'c' \"d\"\r\nECHO e\r\n");
    let expected = [argv(&[b"ECHO", b"a b"]), argv(&[b"ECHO", b"c", b"d"]), argv(&[b"ECHO", b"e"])];
    assert_eq!((requests.as_slice(), error), (expected.as_slice(), None));
}

/// Each as the reference server answers it on a raw socket.
#[test]
fn errors_equal_the_reference() {
    use ProtocolError::*;
    for (bytes, error) in [
        (&b"*x\r\n"[..], InvalidMultibulkLength),
        (b"*\r\n", InvalidMultibulkLength),
        (b"* 1\r\n", InvalidMultibulkLength),
        (b"*01\r\n", InvalidMultibulkLength),
        (b"*+1\r\n", InvalidMultibulkLength),
        (b"*2147483648\r\n", InvalidMultibulkLength),
        (b"*9999999999999999999\r\n", InvalidMultibulkLength),
        (b"*1\r\nx\r\n", ExpectedDollar(b'x')),
        (b"*1\r\n\r\n", ExpectedDollar(b'\r')),
        (b"*1\r\n\n\r\n", ExpectedDollar(b'\n')),
        (b"*1\r\n$-1\r\n", InvalidBulkLength),
        (b"*1\r\n$x\r\n", InvalidBulkLength),
        (b"*1\r\n$04\r\nPING\r\n", InvalidBulkLength),
        (b"*1\r\n$004\r\nPING\r\n", InvalidBulkLength),
        (b"*1\r\n$4 \r\n", InvalidBulkLength),
        (b"*1\r\n$536870913\r\n", InvalidBulkLength),
        (b"PING \"\r\n", UnbalancedQuotes),
        (&[b'a'; 70_000], TooBigInline),
        (&[&b"*"[..], &[b'1'; 70_000]].concat(), TooBigMultibulkCount),
        (&[&b"*1\r\n$"[..], &[b'1'; 70_000]].concat(), TooBigBulkCount),
    ] {
        let shown = bytes[..bytes.len().min(40)].escape_ascii();
        assert_eq!(parse(bytes), (vec![], Some(error)), "{shown}");
        let bytewise = parse_in_reads(bytes, &vec![1; bytes.len()], Reading::Plain, &LIMITS);
        assert_eq!(bytewise, (vec![], Some(error)), "{shown}, byte by byte");
    }
}

#[test]
fn what_came_before_an_error_is_answered() {
    let (requests, error) = parse(b"*1\r\n$4\r\nPING\r\n*1\r\nfoo\r\n");
    assert_eq!(requests, [argv(&[b"PING"])]);
    assert_eq!(error, Some(ProtocolError::ExpectedDollar(b'f')));
}

#[test]
fn line_ends_are_taken_on_trust() {
    let (requests, error) = parse(b"*1\rX$4\rXPINGxx*1\r\n$4\r\nPINGxx");
    assert_eq!((requests, error), (vec![argv(&[b"PING"]), argv(&[b"PING"])], None));
}

#[test]
fn strangers_may_send_little() {
    let stranger = ParseLimits { authenticated: false, ..LIMITS };
    for (bytes, error) in [
        (&b"*11\r\n"[..], Some(ProtocolError::UnauthenticatedMultibulkLength)),
        (b"*10\r\n", None),
        (b"*1\r\n$16385\r\n", Some(ProtocolError::UnauthenticatedBulkLength)),
        (b"*1\r\n$16384\r\n", None),
        (b"*2147483648\r\n", Some(ProtocolError::InvalidMultibulkLength)),
    ] {
        assert_eq!(parse_in_reads(bytes, &[], Reading::Plain, &stranger), (vec![], error));
    }
    for (words, error) in [
        (vec![b"PING".to_vec(); 10], None),
        (vec![b"PING".to_vec(); 11], Some(ProtocolError::UnauthenticatedMultibulkLength)),
        (vec![vec![b'x'; 16_385]], Some(ProtocolError::UnauthenticatedBulkLength)),
    ] {
        let bytes = encoded(&[words]);
        assert_eq!(parse_in_reads(&bytes, &[], Reading::Plain, &stranger).1, error);
    }
}

#[test]
fn the_longest_word_is_the_limit() {
    let limits = ParseLimits { proto_max_bulk_len: 1000, ..LIMITS };
    let of = |len: usize| encoded(&[vec![vec![b'x'; len]]]);
    let parse = |bytes: &[u8]| parse_in_reads(bytes, &[], Reading::Plain, &limits);
    assert_eq!(parse(&of(1000)).0.len(), 1);
    assert_eq!(parse(&of(1001)), (vec![], Some(ProtocolError::InvalidBulkLength)));
}

#[test]
fn a_big_value_is_read_into_memory_of_its_own() {
    let mut parser = Parser::new();
    let mut batch = Batch::new();
    let mut at = 0;
    let first = b"*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\nxxx";
    assert_eq!(parser.next(first, &mut at, &mut batch, &LIMITS), Ok(Step::NeedMore));
    assert_eq!(at, first.len(), "the caller keeps nothing");
    assert_eq!(parser.pending_bytes(), 7);
    let value = parser.big_read().expect("a big value is under way");
    assert_eq!((value.len(), value.capacity()), (3, 20_000));
    value.resize(20_000, b'x');
    let memory = value.as_ptr();
    assert!(parser.big_read().is_none(), "it is full");
    let mut at = 0;
    assert_eq!(parser.next(b"\r", &mut at, &mut batch, &LIMITS), Ok(Step::NeedMore));
    assert_eq!(at, 0, "half a line end is kept");
    let rest = b"\r\n$2\r\nNX\r\n*1\r\n$4\r\nPING\r\n";
    assert_eq!(parser.next(rest, &mut at, &mut batch, &LIMITS), Ok(Step::Request));
    assert_eq!(parser.next(rest, &mut at, &mut batch, &LIMITS), Ok(Step::Request));
    assert!(!parser.is_partial());
    let request = batch.request(rest, 0);
    assert_eq!(request, argv(&[b"SET", b"k", &[b'x'; 20_000], b"NX"]).as_args());
    assert_eq!(request.big(2).map(|value| value.as_ptr()), Some(memory), "it was not copied");
    assert_eq!(batch.request(rest, 1), argv(&[b"PING"]).as_args());
}

#[test]
fn a_monstrous_announcement_is_refused() {
    let limits = ParseLimits { proto_max_bulk_len: u64::MAX, ..LIMITS };
    let outcome = parse_in_reads(b"*1\r\n$9000000000000000000\r\n", &[], Reading::Plain, &limits);
    assert_eq!(outcome, (vec![], Some(ProtocolError::InvalidBulkLength)));
}

/// Rescanning would make this quadratic: minutes instead of a moment.
#[test]
fn a_million_words_in_small_reads() {
    let request = vec![vec![b"x".to_vec(); 1_000_000]];
    let bytes = encoded(&request);
    let sizes = vec![512; bytes.len() / 512];
    let mut parser = Parser::new();
    let mut batch = Batch::new();
    let mut len = 0;
    for size in sizes {
        len += size;
        let step = parser.next(&bytes[..len], &mut 0, &mut batch, &LIMITS);
        assert_eq!(step, Ok(Step::NeedMore));
    }
    assert_eq!(parser.next(&bytes, &mut 0, &mut batch, &LIMITS), Ok(Step::Request));
    assert_eq!(batch.request(&bytes, 0).len(), 1_000_000);
    batch.clear();
    assert!(batch.spans.capacity() <= 1_000_000 / 10);
}

fn word() -> impl Strategy<Value = Vec<u8>> {
    let filled = |len: usize, byte: u8| vec![byte; len];
    prop_oneof![
        20 => proptest::collection::vec(any::<u8>(), 0..20),
        2 => (90..1100usize, any::<u8>()).prop_map(move |(len, byte)| filled(len, byte)),
        1 => (BIG_VALUE - 3..BIG_VALUE + 2000, any::<u8>())
            .prop_map(move |(len, byte)| filled(len, byte)),
    ]
}

fn pipeline() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    proptest::collection::vec(proptest::collection::vec(word(), 1..8), 0..6)
}

fn read_sizes() -> impl Strategy<Value = Vec<usize>> {
    let size = prop_oneof![3 => 1..5usize, 3 => 1..100usize, 1 => 1..20_000usize];
    proptest::collection::vec(size, 0..60)
}

/// Bytes that are almost a pipeline, so that every branch is near.
fn almost() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => r"\*[0-9]{1,2}\r\n",
        6 => r"\$[0-9]{1,2}\r\n",
        4 => r"\$3\r\nabc\r\n",
        2 => r"PING\r\n",
        1 => r"\*[-0-9 x]{0,3}\r?\n?",
        1 => r"\$[-0-9 x]{0,6}\r?\n?",
        1 => "[ab\"' \\\\]{0,6}\r\n",
        1 => r"\$20000\r\n",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_split_gives_the_same_requests(requests in pipeline(), sizes in read_sizes()) {
        let bytes = encoded(&requests);
        for reading in [Reading::Plain, Reading::Straight] {
            let (found, error) = parse_in_reads(&bytes, &sizes, reading, &LIMITS);
            assert_eq!((found, error), (argvs(&requests), None));
        }
    }

    #[test]
    fn almost_a_pipeline_is_judged_alike_however_it_is_split(
        bytes in almost(),
        sizes in read_sizes(),
    ) {
        let whole = parse(&bytes);
        for reading in [Reading::Plain, Reading::Straight] {
            assert_eq!(parse_in_reads(&bytes, &sizes, reading, &LIMITS), whole);
        }
    }

    #[test]
    fn the_fast_path_equals_the_definition(bytes in almost()) {
        let mut fast = Batch::new();
        let Some(end) = whole::request(&bytes, 0, &mut fast, &LIMITS) else {
            assert!(fast.is_empty() && fast.spans.is_empty());
            return Ok(());
        };
        let mut defined = Batch::new();
        let mut at = 0;
        let step = Parser::new().next_partial(&bytes, &mut at, &mut defined, &LIMITS);
        assert_eq!((step, at), (Ok(Step::Request), end));
        assert_eq!((fast.spans, fast.ends), (defined.spans, defined.ends));
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        sizes in read_sizes(),
    ) {
        let whole = parse(&bytes);
        assert_eq!(parse_in_reads(&bytes, &sizes, Reading::Plain, &LIMITS), whole);
    }
}
