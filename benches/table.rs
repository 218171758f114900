//! The table against the standard one: finding, missing, growing, at sizes in and out of cache.
//!
//! Both hold the same entries (16-byte keys and values) under the same hash function, and every
//! lookup that hits reads the value. Run by `cargo test` instead of `cargo bench`, everything is
//! tiny and only shown to work.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use datatypes::{Entry, Table, ValueRef};
use keyspace::KeyHasher;

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Lookups of one iteration: as many as a deep pipeline has commands.
const BATCH: u64 = 64;
const VALUE: &[u8; 16] = b"xxxxxxxxxxxxxxxx";

type Key = [u8; 16];
type Std = stdx::HashMap<Box<Key>, Box<[u8; 16]>>;

/// The table with its hash function, as a keyspace has it.
struct Ours {
    table: Table<Entry>,
    hasher: KeyHasher,
}

fn key(number: u64) -> Key {
    let mut key = *b"key:000000000000";
    let digits = number.to_string();
    key[16 - digits.len()..].copy_from_slice(digits.as_bytes());
    key
}

impl Ours {
    fn new() -> Self {
        Self { table: Table::new(), hasher: KeyHasher::with_seed(1) }
    }

    fn with(entries: u64) -> Self {
        let mut ours = Self::new();
        (0..entries).for_each(|number| ours.insert(&key(number)));
        ours
    }

    fn hash(&self, key: &[u8]) -> u64 {
        self.hasher.hash(key)
    }

    fn insert(&mut self, key: &Key) {
        let hash = self.hash(key);
        let entry = Entry::new_string(key, VALUE, None, 0);
        let hasher = &self.hasher;
        self.table.insert_new(hash, entry, false, |entry| hasher.hash(entry.key()));
    }

    fn get(&self, key: &Key, hash: u64) -> Option<u8> {
        let entry = self.table.find(hash, |entry| entry.key() == key)?;
        match entry.value() {
            ValueRef::Bytes(bytes) => bytes.first().copied(),
            ValueRef::Int(_) | ValueRef::Hash(_) | ValueRef::Object(_) => None,
        }
    }

    /// Gets a whole batch, each memory access of all of them before the next.
    fn get_batch(&self, keys: &[Key]) -> usize {
        let hashes: Vec<u64> = keys.iter().map(|key| self.hash(key)).collect();
        hashes.iter().for_each(|&hash| self.table.prefetch(hash));
        hashes.iter().for_each(|&hash| self.table.prefetch_candidates(hash));
        keys.iter().zip(&hashes).filter_map(|(key, &hash)| self.get(key, hash)).count()
    }
}

fn std_with(entries: u64) -> Std {
    (0..entries).map(|number| (Box::new(key(number)), Box::new(*VALUE))).collect()
}

/// Keys to look for, spread over `0 .. entries` and moved by `offset`.
fn batches(entries: u64, offset: u64) -> impl FnMut() -> Vec<Key> {
    let mut state = 0_u64;
    move || {
        (0..BATCH)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                key((state >> 20) % entries + offset)
            })
            .collect()
    }
}

fn lookups(group: &mut BenchmarkGroup<'_, WallTime>, entries: u64) {
    let ours = Ours::with(entries);
    let std = std_with(entries);
    for (name, offset) in [("hit", 0), ("miss", entries)] {
        group.bench_function(format!("{name}/ours/{entries}"), |bencher| {
            bencher.iter_batched(
                batches(entries, offset),
                |keys| {
                    keys.iter().filter_map(|key| black_box(ours.get(key, ours.hash(key)))).count()
                },
                BatchSize::SmallInput,
            );
        });
        group.bench_function(format!("{name}/ours, prefetched/{entries}"), |bencher| {
            bencher.iter_batched(
                batches(entries, offset),
                |keys| ours.get_batch(&keys),
                BatchSize::SmallInput,
            );
        });
        group.bench_function(format!("{name}/std/{entries}"), |bencher| {
            bencher.iter_batched(
                batches(entries, offset),
                |keys| {
                    keys.iter()
                        .filter_map(|key| black_box(std.get(key).map(|value| value[0])))
                        .count()
                },
                BatchSize::SmallInput,
            );
        });
    }
}

fn growth(group: &mut BenchmarkGroup<'_, WallTime>, entries: u64) {
    group.throughput(Throughput::Elements(entries));
    group.bench_function(format!("grow/ours/{entries}"), |bencher| {
        bencher.iter_with_large_drop(|| Ours::with(entries));
    });
    group.bench_function(format!("grow/std/{entries}"), |bencher| {
        bencher.iter_with_large_drop(|| std_with(entries));
    });
}

fn table(criterion: &mut Criterion) {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let (small, large) = if is_measured { (100_000, 5_000_000) } else { (100, 1_000) };
    let mut group = criterion.benchmark_group("table");
    group.sample_size(10);
    for entries in [small, large] {
        group.throughput(Throughput::Elements(BATCH));
        lookups(&mut group, entries);
        growth(&mut group, entries);
    }
    group.finish();
}

criterion_group!(benches, table);
criterion_main!(benches);
