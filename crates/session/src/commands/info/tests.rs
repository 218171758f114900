//! Tests of INFO on a bench.

use super::human;
use crate::commands::harness::{Bench, NOW_MS};
use crate::{CpuFacts, FixedFacts, MachineFacts, MemoryFacts};

const DEFAULT: &str = "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats \
    Cluster Keyspace";
const ALL: &str = "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats \
    Errorstats Latencystats Cluster Keyspace";

fn sections(reply: &str) -> String {
    let titles: Vec<&str> = reply.lines().filter_map(|line| line.strip_prefix("# ")).collect();
    titles.join(" ")
}

/// The value of a field.
fn field<'a>(reply: &'a str, name: &str) -> &'a str {
    let line = reply.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("{name} is missing in {reply}"))
}

#[test]
fn sections_are_chosen_by_name_and_come_in_order() {
    let mut bench = Bench::new();
    for (words, expected) in [
        ("", DEFAULT),
        (" default", DEFAULT),
        (" DEFAULT keyspace", DEFAULT),
        (" all", ALL),
        (" everything server", ALL),
        (" keyspace server Server", "Server Keyspace"),
        (" nosuch cluster", "Cluster"),
        (" nosuch", ""),
    ] {
        assert_eq!(sections(&bench.ask(&format!("INFO{words}"))), expected, "{words}");
    }
    let reply = bench.ask("INFO cluster modules");
    assert_eq!(reply, "$43\r\n# Modules\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n\r\n");
    bench.ask("HELLO 3");
    assert_eq!(bench.ask("INFO keyspace"), "=16\r\ntxt:# Keyspace\r\n\r\n");
}

#[test]
fn facts_of_the_process_are_told() {
    let facts = FixedFacts {
        memory: MemoryFacts {
            used: 3 << 20,
            used_peak: 4 << 20,
            used_at_start: 1 << 20,
            held: 4 << 20,
            resident: 6 << 20,
        },
        cpu: CpuFacts { user_us: 1_500_000, system_us: 42, ..CpuFacts::default() },
        machine: MachineFacts {
            os: "Linux 6.1 x86_64".to_owned(),
            memory: 1 << 30,
            allocator: "mimalloc".to_owned(),
        },
    };
    let mut bench = Bench::with_facts(facts);
    let reply = bench.ask("INFO");
    for (name, value) in [
        ("redis_version", "7.4.0"),
        ("shoal_version", env!("CARGO_PKG_VERSION")),
        ("os", "Linux 6.1 x86_64"),
        ("uptime_in_seconds", "90"),
        ("tcp_port", "6379"),
        ("listener0", "name=tcp,bind=*,bind=-::*,port=6379"),
        ("shoal_cores", "2"),
        ("connected_clients", "1"),
        ("used_memory", "3145728"),
        ("used_memory_human", "3.00M"),
        ("used_memory_peak_perc", "75.00%"),
        ("allocator_frag_ratio", "1.33"),
        ("allocator_rss_bytes", "2097152"),
        ("maxmemory_human", "0B"),
        ("mem_fragmentation_ratio", "2.00"),
        ("maxmemory_policy", "noeviction"),
        ("total_system_memory_human", "1.00G"),
        ("used_cpu_user", "1.500000"),
        ("used_cpu_sys", "0.000042"),
        ("role", "master"),
    ] {
        assert_eq!(field(&reply, name), value, "{name}");
    }
}

#[test]
fn cores_are_added_up() {
    let mut bench = Bench::new();
    bench.add_client(1);
    let runs = [(10, 25_000), (30, 3_075_000)];
    for (core, (calls, nanoseconds)) in bench.cores.iter_mut().zip(runs) {
        core.front.stats.connections_received = 4;
        core.front.stats.error("WRONGTYPE");
        let id = core.front.table.lookup(b"get").unwrap();
        core.front.stats.ran(id, calls, nanoseconds, true);
    }
    bench.set("a", "1", None);
    bench.set("b", "1", Some(NOW_MS + 100_000));
    let reply = bench.ask("INFO all");
    assert_eq!(field(&reply, "connected_clients"), "2");
    assert_eq!(field(&reply, "total_connections_received"), "8");
    assert_eq!(field(&reply, "errorstat_WRONGTYPE"), "count=2");
    assert_eq!(field(&reply, "db0"), "keys=2,expires=1,avg_ttl=0");
    assert_eq!(
        field(&reply, "cmdstat_get"),
        "calls=40,usec=3100,usec_per_call=77.50,rejected_calls=0,failed_calls=0"
    );
    let percentiles = "p50=102.911,p99=102.911,p99.9=102.911";
    assert_eq!(field(&reply, "latency_percentiles_usec_get"), percentiles);
}

#[test]
fn rates_are_added_up() {
    let mut bench = Bench::new();
    for core in &mut bench.cores {
        let stats = &mut core.front.stats;
        for sample in 0..=16 {
            stats.commands_processed = sample * 10;
            stats.input_bytes = sample * 1024;
            stats.sample(sample * 100_000_000);
        }
    }
    let reply = bench.ask("INFO stats");
    assert_eq!(field(&reply, "instantaneous_ops_per_sec"), "200");
    assert_eq!(field(&reply, "instantaneous_input_kbps"), "20.00");
}

#[test]
fn bytes_are_written_for_people() {
    for (bytes, text) in [
        (0, "0B"),
        (1023, "1023B"),
        (1024, "1.00K"),
        (1_560_768, "1.49M"),
        (25_276_510_208, "23.54G"),
        (u64::MAX, "16384.00P"),
    ] {
        assert_eq!(human(bytes), text);
    }
}
