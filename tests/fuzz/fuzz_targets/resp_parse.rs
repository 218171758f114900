//! Any bytes, cut into reads at any places, give the same requests and the same error.
//!
//! The first bytes of an input are the sizes of the reads; after the first 0 the stream begins.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz resp_parse`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use resp::{Argv, Batch, ParseLimits, Parser, ProtocolError, Step};

/// What a client gets to see of a stream.
type Outcome = (Vec<Argv>, Option<ProtocolError>);

/// Parses the stream, which comes in reads of these sizes, the last of which takes the rest.
///
/// `straight`: big values are read into their own memory, not through the buffer.
fn parse_in_reads(
    mut stream: &[u8],
    sizes: &[u8],
    straight: bool,
    limits: &ParseLimits,
) -> Outcome {
    let mut parser = Parser::new();
    let mut buffer = Vec::new();
    let mut requests = Vec::new();
    let mut sizes = sizes.iter().map(|&size| usize::from(size));
    while !stream.is_empty() {
        let size = sizes.next().unwrap_or(stream.len()).min(stream.len());
        let (mut read, rest) = stream.split_at(size);
        stream = rest;
        if straight && let Some(memory) = parser.big_read() {
            let missing = memory.capacity() - memory.len();
            let (big, after) = read.split_at(missing.min(read.len()));
            memory.extend_from_slice(big);
            read = after;
        }
        buffer.extend_from_slice(read);
        let mut at = 0;
        let mut batch = Batch::new();
        let error = loop {
            match parser.next(&buffer, &mut at, &mut batch, limits) {
                Ok(Step::Request) => {}
                Ok(Step::NeedMore) => break None,
                Err(error) => break Some(error),
            }
        };
        requests.extend((0..batch.len()).map(|i| Argv::from_args(batch.request(&buffer, i))));
        if error.is_some() {
            return (requests, error);
        }
        buffer.drain(..at);
    }
    (requests, None)
}

fuzz_target!(|input: &[u8]| {
    let sizes_len = input.iter().position(|&size| size == 0).unwrap_or(0);
    let (sizes, stream) = input.split_at(sizes_len);
    // Small limits keep one announcement from taking all the memory that the fuzzer may use.
    for authenticated in [true, false] {
        let limits = ParseLimits { proto_max_bulk_len: 1024 * 1024, authenticated };
        let whole = parse_in_reads(stream, &[], false, &limits);
        for straight in [true, false] {
            assert_eq!(parse_in_reads(stream, sizes, straight, &limits), whole);
        }
    }
});
