//! Any words to the whole server: a reply or a closed connection, never a panic.
//!
//! The cores are simulated ones.
//!
//! An input is cut at 0xff into requests and at 0xfe into words. The first byte of a request names
//! a command of the table (so that most requests get past the lookup), the last one of the table
//! being followed by "as it is written". The seed of the schedule is the length of the input.
//!
//! Run: `RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz command_lines`.

#![no_main]

use std::sync::Arc;
use std::time::Duration;

use command::CommandId;
use config::Config;
use keyspace::KeyHasher;
use libfuzzer_sys::fuzz_target;
use runtime_sim::Sim;
use runtime_sim::clock::BEGIN_UNIX_MS;
use server::{CallLimits, Core, Corridor, Parts};
use session::{House, table};
use txn::{Numbers, Placement};

/// LIMIT: nothing that a few requests ask for takes so many steps, unless it never ends.
const STEPS_MAX: u64 = 1_000_000;

/// Commands that end the server or stop its clock, rightly.
const LEFT_OUT: &[&str] = &["shutdown", "client|pause"];

fn house(seed: u64) -> Sim {
    let (cores, shards) = (1 + seed as usize % 3, 1 + seed as usize % 7);
    let placement = Placement::contiguous(shards, cores);
    // Small values keep one word from taking all the memory that the fuzzer may use.
    let config = Config { databases: 4, proto_max_bulk_len: 1 << 20, ..Config::default() };
    let parts = Parts {
        house: Arc::new(House::new("0".repeat(40), BEGIN_UNIX_MS, cores, shards)),
        config,
        placement,
        hasher: KeyHasher::with_seed(seed),
        numbers: Numbers::default(),
        seed,
        call_limits: CallLimits::default(),
    };
    Sim::new::<Corridor>(seed, cores, 4, |end| Box::new(Core::new(&parts, end)) as _)
}

/// The words of a request.
fn words(request: &[u8], commands: &[CommandId]) -> Vec<Vec<u8>> {
    let Some((&first, rest)) = request.split_first() else { return Vec::new() };
    let mut words = Vec::new();
    if let Some(id) = commands.get(usize::from(first)) {
        words.extend(table().full_name(*id).split('|').map(|word| word.as_bytes().to_vec()));
    }
    words.extend(rest.split(|byte| *byte == 0xfe).map(<[u8]>::to_vec));
    words
}

fn is_left_out(words: &[Vec<u8>]) -> bool {
    let name = words.iter().take(2).map(|word| String::from_utf8_lossy(word).to_lowercase());
    let name = name.collect::<Vec<_>>().join("|");
    LEFT_OUT.iter().any(|left_out| name.starts_with(left_out))
}

fn encode(words: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n", word.len()).into_bytes());
        bytes.extend(word);
        bytes.extend(b"\r\n");
    }
    bytes
}

fuzz_target!(|input: &[u8]| {
    let commands: Vec<CommandId> = table().all().collect();
    let mut sim = house(input.len() as u64);
    let mut client = sim.connect(0).expect("the house listens");
    for request in input.split(|byte| *byte == 0xff).take(64) {
        let words = words(request, &commands);
        if is_left_out(&words) {
            continue;
        }
        if sim.is_closed(client) {
            client = sim.connect(0).expect("the house listens");
        }
        sim.send(client, &encode(&words));
        sim.run_for(Duration::from_millis(1));
    }
    // Whatever was said, whoever comes now is answered.
    let last = sim.connect(0).expect("the house listens");
    sim.send(last, b"*1\r\n$4\r\nPING\r\n");
    let mut heard = Vec::new();
    let answered = sim.run_until(
        |sim| {
            heard.extend(sim.received(last));
            heard.ends_with(b"\r\n") || sim.is_closed(last)
        },
        STEPS_MAX,
    );
    assert!(answered.is_ok(), "no answer to PING");
});
