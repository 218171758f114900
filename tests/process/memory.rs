//! Memory of the process: what is used is what it occupies, and a small machine is enough.

use testkit::{Client, Reply};

use crate::{RUNTIMES, launch};

const MIB: u64 = 1 << 20;

fn info(client: &mut Client, field: &str) -> u64 {
    let text = client.line("INFO everything").text();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{field}:")));
    line.unwrap_or_else(|| panic!("no {field} in {text}")).parse().expect("a number")
}

/// A number that looks like chance, the same in every run.
fn mix(number: u64) -> u64 {
    let mut hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// Sets keys of a few thousand to values of all sizes up to 2 KiB, over and over.
fn churn(client: &mut Client, requests: u64) {
    let longest = "v".repeat(2_048);
    let lines = (0..requests).map(|request| {
        let (key, size) = (mix(request) % 60_000, 1 + mix(!request) % 2_047);
        format!("SET key:{key} {}", &longest[..size as usize])
    });
    let mut lines = lines.peekable();
    while lines.peek().is_some() {
        let batch: Vec<String> = lines.by_ref().take(500).collect();
        for reply in client.pipeline(&batch) {
            assert_eq!(reply, Reply::ok());
        }
    }
}

/// 40 MiB of data, and all of the process in 64.
#[test]
fn a_small_machine_is_enough() {
    for runtime in RUNTIMES {
        let server = launch(runtime)
            .args(["--maxmemory", "40mb", "--maxmemory-policy", "allkeys-lru"])
            .start();
        let mut client = server.client();
        let (used_before, occupied_before) =
            (info(&mut client, "used_memory"), info(&mut client, "used_memory_rss"));
        churn(&mut client, 150_000);
        let (used, occupied) =
            (info(&mut client, "used_memory"), info(&mut client, "used_memory_rss"));
        assert!(used > 30 * MIB && used < 42 * MIB, "{runtime}: {used} bytes are used");
        assert!(info(&mut client, "evicted_keys") > 1_000, "{runtime}");
        // The executable's own pages are no matter of the data. What is aimed at is 1.15
        // (docs/PERFORMANCE.md): this bound says only that holes do not pile up.
        let ratio = (occupied - occupied_before) as f64 / (used - used_before) as f64;
        assert!(ratio <= 1.6, "{runtime}: RSS has grown by {ratio:.3} of what is used");
        assert!(occupied < 64 * MIB, "{runtime}: {occupied} bytes are occupied");
    }
}
