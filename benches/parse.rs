//! What it costs to cut bytes into requests, and to write the commonest replies.
//!
//! The pipelines are those of `redis-benchmark`: 16-byte keys and values. In `cargo test --benches`
//! everything runs once.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use resp::{BIG_VALUE, Batch, ParseLimits, Parser, Protocol, ReplyBuffer, ReplyWriter, Step};

/// Requests in a pipeline.
const PIPELINE: usize = 16;

const SET: &[u8] = b"*3\r\n$3\r\nSET\r\n$16\r\nkey:000000001234\r\n$16\r\nvalue00000001234\r\n";
const GET: &[u8] = b"*2\r\n$3\r\nGET\r\n$16\r\nkey:000000001234\r\n";
const INLINE: &[u8] = b"PING\r\n";

/// Parses `bytes` as they come out of one read.
fn parse_all(parser: &mut Parser, bytes: &[u8], batch: &mut Batch) {
    let limits = ParseLimits::default();
    let mut at = 0;
    batch.clear();
    while at < bytes.len() {
        let step = parser.next(bytes, &mut at, batch, &limits);
        if step != Ok(Step::Request) {
            break;
        }
    }
}

fn pipelines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Elements(PIPELINE as u64));
    for (name, request) in [("set", SET), ("get", GET), ("inline", INLINE)] {
        let bytes = request.repeat(PIPELINE);
        let mut parser = Parser::new();
        let mut batch = Batch::new();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                parse_all(&mut parser, black_box(&bytes), &mut batch);
                black_box(batch.len())
            });
        });
    }
    // Each read ends inside a request, as it does under load.
    let bytes = SET.repeat(PIPELINE);
    let (first, second) = bytes.split_at(bytes.len() / 2 + 10);
    let kept = first.len() / SET.len() * SET.len();
    let second = [&first[kept..], second].concat();
    let mut batch = Batch::new();
    group.bench_function("set in two reads", |bencher| {
        bencher.iter(|| {
            let mut parser = Parser::new();
            parse_all(&mut parser, black_box(first), &mut batch);
            parse_all(&mut parser, black_box(&second), &mut batch);
            black_box(batch.len())
        });
    });
    group.finish();
}

fn big_values(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse big value");
    let len = 8 * BIG_VALUE;
    let header = format!("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${len}\r\n").into_bytes();
    let value = vec![b'x'; len];
    group.throughput(Throughput::Bytes(len as u64));
    group.bench_function("read straight into place", |bencher| {
        bencher.iter(|| {
            let mut parser = Parser::new();
            let mut batch = Batch::new();
            parse_all(&mut parser, black_box(&header), &mut batch);
            if let Some(memory) = parser.big_read() {
                memory.extend_from_slice(black_box(&value));
            }
            parse_all(&mut parser, b"\r\n", &mut batch);
            black_box(batch.len())
        });
    });
    group.finish();
}

fn replies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::Elements(PIPELINE as u64));
    let mut buffer = ReplyBuffer::new();
    let mut bench = |name: &str, write: &dyn Fn(&mut ReplyWriter<'_>)| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                buffer.clear();
                for _ in 0..PIPELINE {
                    write(&mut ReplyWriter::new(black_box(&mut buffer), Protocol::Resp2));
                }
                black_box(buffer.len())
            });
        });
    };
    bench("ok", &|writer| writer.ok());
    bench("bulk", &|writer| writer.bulk(black_box(b"value00000001234")));
    bench("integer", &|writer| writer.integer(black_box(123_456)));
    bench("double", &|writer| writer.double(black_box(0.1)));
    group.finish();
}

criterion_group!(benches, pipelines, big_values, replies);
criterion_main!(benches);
